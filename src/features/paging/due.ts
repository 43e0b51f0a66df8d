// What is due of a page at an instant: its next level, and what is stuck on its way. Pure.
import type { Page, PageAttempt } from './words.js';

/** Longer than any path takes that works. */
export const stuckMs = 2 * 60_000;
/** A page that calls nobody looks this often whether somebody can be called: shifts begin, and people become known. */
export const seekMs = 60_000;

export type RingingPage = Pick<Page, 'state' | 'level' | 'round' | 'nextAt'> & {
  /** How many levels it has; none: nobody is known. */
  readonly levels: readonly unknown[];
};
export type Tried = Pick<PageAttempt, 'id' | 'state' | 'at'>;

/** What is known of a page's present round. */
export interface Round {
  /** None of its levels called anybody. */
  readonly calledNobody: boolean;
  /** Some level of the round that would begin now reaches somebody. */
  readonly somebody: boolean;
}

export interface NextLevel {
  readonly level: number;
  readonly round: number;
  readonly because: 'time' | 'unreached';
  /** A round is over and nobody has answered. */
  readonly unanswered: boolean;
}

export interface Due {
  readonly next: NextLevel | null;
  /** Attempts of the present level that are under way for too long, and were not said to be. */
  readonly stuck: readonly string[];
  /** When to look again, where nothing more is due; null: never again. */
  readonly again: Date | null;
}

/** So many rounds that nobody answers are said one after the other; then more and more seldom. */
const eachSaid = 4;
/** Never more seldom than this, unless a round takes longer. */
const silentMaxMs = 2 * 3_600_000;

/** What is said aloud of a round that nobody answered. */
export interface Word {
  readonly said: boolean;
  /** When it is said again, where that is not after the next round. */
  readonly again: Date | null;
}

/**
 * Whether a round that nobody answered is said aloud. `roundMs`: how long one takes; `promised`: when the word before said
 * that it would be said again. The first ones are; then the silence is as long as all before, and at most two hours.
 */
export function wordOf(round: number, roundMs: number, promised: Date | null, now: Date): Word {
  if (round < eachSaid - 1) return { said: true, again: null };
  // Rounds end when they end: the one that is nearest to what was promised.
  if (round >= eachSaid && promised && promised.getTime() - now.getTime() > roundMs / 2)
    return { said: false, again: promised };
  const silentMs = Math.min((round + 1) * roundMs, silentMaxMs);
  const rounds = Math.max(1, Math.floor(silentMs / roundMs));
  return { said: true, again: new Date(now.getTime() + rounds * roundMs) };
}

const nothing: Due = { next: null, stuck: [], again: null };

/**
 * What is due. `attempts` are those of the present level. A level whose every attempt failed or is stuck, or that has
 * none, gives way at once; only the last one waits for its time, so that a page that reaches nobody does not spin. Where
 * the whole round called nobody, it looks again and again, and begins anew as soon as there is somebody to call.
 */
export function whatIsDue(
  page: RingingPage,
  attempts: readonly Tried[],
  now: Date,
  { calledNobody, somebody }: Round = { calledNobody: false, somebody: false },
): Due {
  if (page.state !== 'ringing' || page.nextAt === null) return nothing;
  const late = attempts.filter((each) => each.state === 'sent' && isLate(each, now));
  const stuck = late.map((each) => each.id);
  const alive = attempts.filter((each) => each.state === 'sent' && !isLate(each, now));
  const reached = attempts.some((each) => each.state === 'delivered' || each.state === 'simulated');
  const last = isLast(page);
  const unreached = last ? calledNobody && somebody : !reached && alive.length === 0;
  const because = now >= page.nextAt ? 'time' : unreached ? 'unreached' : null;
  const unanswered = last && because === 'time';
  if (because) return { next: { ...levelAfter(page), because, unanswered }, stuck, again: null };
  const times = [page.nextAt.getTime(), ...alive.map((each) => each.at.getTime() + stuckMs)];
  if (calledNobody) times.push(now.getTime() + seekMs);
  return { next: null, stuck, again: new Date(Math.min(...times)) };
}

/** Whether a round called nobody. `all`: the attempts of all rounds. */
export function callsNobody(
  { round }: { readonly round: number },
  all: readonly { readonly round: number }[],
): boolean {
  return all.every((each) => each.round !== round);
}

/** The level after the present one; after the last one the first of the next round. */
export function levelAfter(page: Pick<RingingPage, 'level' | 'round' | 'levels'>) {
  return isLast(page) ? { level: 0, round: page.round + 1 } : { level: page.level + 1, round: page.round };
}

/** Whether nobody is left to be called behind those it calls now. */
export function isLast(page: Pick<RingingPage, 'level' | 'levels'>): boolean {
  return page.level >= page.levels.length - 1;
}

function isLate(attempt: Tried, now: Date): boolean {
  return now.getTime() - attempt.at.getTime() >= stuckMs;
}
