// The freeze of a case: the cord as somebody pulls it, and when it is lifted.
import { readTime, showDuration } from '../core/time/index.js';
import type { Case } from './case.js';

/** A cord that was pulled, and when the case says that it was let go. */
export interface Cord {
  readonly key: string;
  readonly liftAt: Date;
}

const hourMs = 3_600_000;
/** The cord holds for no longer at once. */
const hoursMax = 24;

/** The line that pulls it, and when it is lifted; null where the case does not say, or that cannot be read. */
export function cordOf(
  { freeze, zone, date }: Pick<Case, 'freeze' | 'zone' | 'date'>,
  command: string,
  now: Date,
): { line: string; liftAt: Date | null; remark: string | null } {
  const said = command.replace(/^freeze\s*/, '').trim();
  const reading =
    freeze?.until === undefined ? null : readTime(freeze.until, { now, zone, day: date, after: now });
  const liftAt = reading?.ok ? reading.time.at : null;
  const words = [
    `/incident freeze ${said === '' ? (freeze?.reason ?? '') : said}`.trim(),
    // Whoever pulls it does not know how long it will take: somewhat longer, and it is lifted when it is over.
    liftAt && !/(?:^|\s)for:/.test(said) ? `for:${hoursFor(liftAt.getTime() - now.getTime())}h` : '',
  ];
  const remark =
    freeze?.until !== undefined && liftAt === null
      ? `freeze.until: “${freeze.until}” is kept as unknown, so the freeze ends by itself.`
      : tooLong(liftAt, now);
  return { line: words.filter((word) => word !== '').join(' '), liftAt, remark };
}

function hoursFor(ms: number): number {
  return Math.max(1, Math.min(hoursMax, Math.floor(ms / hourMs) + 1));
}

function tooLong(liftAt: Date | null, now: Date): string | null {
  const ms = liftAt ? liftAt.getTime() - now.getTime() : 0;
  if (ms <= hoursMax * hourMs) return null;
  return `The freeze of the case lasted ${showDuration(ms)}; the cord holds for ${hoursMax} h at most, and ended then.`;
}
