// What verifying an incident comes to.

export interface Whole {
  readonly whole: true;
  readonly facts: number;
  readonly redacted: number;
  readonly lastHash: string;
}

export interface Broken {
  readonly whole: false;
  /** The first entry that does not fit; null where what does not fit is no entry. */
  readonly seq: number | null;
  readonly reason: string;
  readonly mend: Mend;
}
export type Verdict = Whole | Broken;

/**
 * `restore`: the record was changed by hand. `rebuild`: the record holds, and what is shown does not follow from it.
 * `version`: the record holds, and this program cannot read it.
 */
export type Mend = 'restore' | 'rebuild' | 'version';

/** Says that something does not fit. */
export function broken(seq: number | null, reason: string, mend: Mend = 'restore'): Broken {
  return { whole: false, seq, reason, mend };
}
