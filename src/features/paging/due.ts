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

export function isLast(page: Pick<RingingPage, 'level' | 'levels'>): boolean {
  return page.level >= page.levels.length - 1;
}

function isLate(attempt: Tried, now: Date): boolean {
  return now.getTime() - attempt.at.getTime() >= stuckMs;
}
