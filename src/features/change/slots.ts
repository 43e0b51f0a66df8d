// Free slots: when a plan would collide with no other change. Pure.
import { isItself, nearnessOf } from './near.js';
import { type Plan, type Surroundings, slotDays } from './surroundings.js';
import { type Window, windowOf, windowOfPlan } from './windows.js';
import type { Conflict } from './words.js';

const slotsMax = 3;
/** Slots begin on the quarter of an hour; every zone's clocks show it as one. */
const stepMs = 15 * 60_000;
const dayMs = 86_400_000;

/**
 * From a moment on the first free slots, at most three, of which none begins before the one before it is done. In each
 * the plan would meet no other change: none near it runs or is watched then, and its owner has nothing else to do.
 */
export function freeSlots(plan: Plan, around: Surroundings, from: Date): Date[] {
  const taken = takenBy(plan, around);
  const { start, end, watchedUntil } = windowOfPlan(plan);
  const lasts = Math.max(end.getTime() - start.getTime(), stepMs);
  const watched = watchedUntil.getTime() - start.getTime();
  const last = Math.min(from.getTime() + slotDays * dayMs, around.knownUntil.getTime() - watched);
  const slots: Date[] = [];
  let at = firstFree(from.getTime(), taken);
  while (slots.length < slotsMax && at <= last) {
    slots.push(new Date(at));
    at = firstFree(at + lasts, taken);
  }
  return slots;
}

/** Free slots where another time would help: neither an open incident nor missing cover is mended by one. */
export function slotsFor(
  conflicts: readonly Conflict[],
  plan: Plan,
  around: Surroundings,
  from: Date,
): Date[] {
  const avoidable = conflicts.some(({ kind }) => kind !== 'incident' && kind !== 'cover');
  return avoidable ? freeSlots(plan, around, from) : [];
}

/** A plan that begins between these two, neither of them included, would meet another change. */
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
