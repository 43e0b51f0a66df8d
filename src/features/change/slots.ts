// Free slots: when a plan would collide with no other change. Pure.
import { wallAt, zoneOf } from '../../core/time/index.js';
import { frozenFor } from './frozen.js';
import { isItself, nearnessOf } from './near.js';
import type { Plan } from './plan.js';
import { type Surroundings, slotDays } from './surroundings.js';
import { type Window, windowOf, windowOfPlan } from './windows.js';
import type { Conflict } from './words.js';

/** Slots begin on the quarter of an hour; every zone's clocks show it as one. */
const stepMs = 15 * 60_000;
const dayMs = 86_400_000;
/** When people work: from this hour on, and done by that one, on weekdays. What takes longer than a day only begins so. */
const workFrom = 9;
const workUntil = 17;
const workMs = (workUntil - workFrom) * 3_600_000;
const fridayNumber = 5;

/**
 * From a moment on at most three free slots: the first there is, the next in working hours, and the next in working hours
 * of a later day. In each the plan would meet no other change and no hard freeze: none near it runs or is watched then,
 * and its owner has nothing else to do.
 */
export function freeSlots(plan: Plan, around: Surroundings, from: Date, zone: string): Date[] {
  const { start, end, watchedUntil } = windowOfPlan(plan);
  const lasts = Math.max(end.getTime() - start.getTime(), stepMs);
  const watched = watchedUntil.getTime() - start.getTime();
  const last = Math.min(from.getTime() + slotDays * dayMs, around.knownUntil.getTime() - watched);
  const taken = [...takenBy(plan, around), ...frozenBetween(plan, around, from.getTime(), last, lasts)];
  const search = { taken, last, lasts, zone };
  const first = firstFree(from.getTime(), taken);
  if (first > last) return [];
  const second = nextAtWork(first + lasts, null, search);
  const third = second === null ? null : nextAtWork(second + lasts, dayOf(second, zone), search);
  return [first, second, third].flatMap((at) => (at === null ? [] : [new Date(at)]));
}

interface Search {
  readonly taken: readonly Taken[];
  /** None is later. */
  readonly last: number;
  readonly lasts: number;
  readonly zone: string;
}

// The next free one in working hours, on another day than that one.
function nextAtWork(from: number, not: string | null, { taken, last, lasts, zone }: Search): number | null {
  for (let at = firstFree(from, taken); at <= last; at = firstFree(at + stepMs, taken))
    if (isAtWork(at, lasts, zone) && dayOf(at, zone) !== not) return at;
  return null;
}

function isAtWork(at: number, lasts: number, zone: string): boolean {
  const { weekday, hour, minute } = wallAt(at, zoneOf({ zone }));
  if (weekday > fridayNumber || hour < workFrom || hour >= workUntil) return false;
  const left = ((workUntil - hour) * 60 - minute) * 60_000;
  return lasts > workMs || lasts <= left;
}

function dayOf(at: number, zone: string): string | null {
  return wallAt(at, zoneOf({ zone })).toISODate();
}

/** Free slots where another time would help: it mends no open incident, no missing cover, and no monitor. */
export function slotsFor(
  conflicts: readonly Conflict[],
  plan: Plan,
  around: Surroundings,
  from: Date,
  zone: string,
): Date[] {
  const avoidable = conflicts.some(({ kind }) => !['incident', 'cover', 'monitor'].includes(kind));
  return avoidable ? freeSlots(plan, around, from, zone) : [];
}

/** A plan that begins between these two, neither of them included, would meet another change, or a freeze. */
interface Taken {
  readonly after: number;
  readonly before: number;
}

function takenBy(plan: Plan, around: Surroundings): Taken[] {
  const { start, end, watchedUntil } = windowOfPlan(plan);
  const lasts = end.getTime() - start.getTime();
  const watched = watchedUntil.getTime() - start.getTime();
  const near = around.others
    .filter((each) => !isItself(plan, each.change) && nearnessOf(plan, each, around) !== null)
    .map(({ change }) => windowOf(change, around.now))
    .map((it: Window) => ({ after: it.start.getTime() - watched, before: it.watchedUntil.getTime() }));
  const busy = plan.kind === 'submission' ? [] : around.ofOwner;
  const own = busy
    .filter((each) => !isItself(plan, each) && each.kind !== 'submission')
    .map((each) => windowOf(each, around.now))
    .map((it) => ({ after: it.start.getTime() - lasts, before: it.end.getTime() }));
  return [...near, ...own];
}

// What begins before a freeze goes on in it, but is better through with it by then.
function frozenBetween(plan: Plan, around: Surroundings, from: number, last: number, lasts: number): Taken[] {
  return frozenFor(plan, around, new Date(from), new Date(last + lasts)).map((each) => ({
    after: each.from.getTime() - lasts,
    before: each.until?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
}

// Every step passes the end of one of them for good, so it ends.
function firstFree(from: number, taken: readonly Taken[]): number {
  let at = roundUp(from);
  for (;;) {
    const met = taken.find((each) => each.after < at && at < each.before);
    if (!met) return at;
    at = roundUp(met.before);
  }
}

function roundUp(at: number): number {
  return Math.ceil(at / stepMs) * stepMs;
}
