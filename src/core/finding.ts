// Findings of `andon doctor`: one line each, with how to mend what is wrong.

export interface Finding {
  /** What was looked at, in one word. */
  readonly check: string;
  /** `FAIL`: incidents do not work, or nobody hears of them. `warn`: they work, and something is missing. */
  readonly outcome: 'ok' | 'warn' | 'FAIL';
  readonly said: string;
  /** What to do about it; null when nothing need be done. */
  readonly mend: string | null;
}

export function ok(check: string, said: string): Finding {
  return { check, outcome: 'ok', said, mend: null };
}

export function warn(check: string, said: string, mend: string): Finding {
  return { check, outcome: 'warn', said, mend };
}

export function fail(check: string, said: string, mend: string): Finding {
  return { check, outcome: 'FAIL', said, mend };
}
