// The entries of a case as lines of a log: when each was, and what its words say besides.
import type { WrittenTime } from '../core/time/index.js';
import type { CaseEntry } from './case.js';

/** An entry with its time as it was read; null where it could not be. */
export interface Line {
  readonly entry: CaseEntry;
  readonly reading: WrittenTime | null;
}

const ruledOut = /[;,.]?\s*(?:but )?(?:was |were )?ruled out(?:,? (?:since|because|as)\b)?[:,]?\s*/i;

/** ` at:…` where the entry happened before now, so that a command is dated back; else nothing. */
export function backDated({ reading }: Line, now: Date): string {
  const at = reading?.until ?? reading?.at;
  return at && at < now ? ` at:${at.toISOString().replace('.000Z', 'Z')}` : '';
}

/** The words after "ruled out", where a hypothesis says of itself that it was. */
export function reasonIn(text: string): string | undefined {
  const found = ruledOut.exec(text);
  if (
    !found ||
    /\b(?:not|never|cannot be|can't be|could not be)\s*$/i.test(
      text.slice(0, found.index + (found[0].length - found[0].trimStart().length)),
    )
  )
    return undefined;
  return text.slice(found.index + found[0].length).trim();
}

/** Whether both are the same time, or neither is known. */
export function sameTime(one: WrittenTime, other: WrittenTime | null): boolean {
  return one.at?.getTime() === other?.at?.getTime() && one.until?.getTime() === other?.until?.getTime();
}
