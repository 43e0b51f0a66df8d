// What is to be said of a freeze at an instant, and when to look again. Pure.
import { dayMs, minuteMs } from '../../core/time/zones.js';
import type { Telling } from './facts.js';
import { type Frozen, windowAfter, windowLast, windowNow } from './phase.js';
import type { Window } from './schedule.js';
import { endingMs, nearMs, reminderMs } from './words.js';

/** From here on its owner is asked once a day: a freeze of two weeks was meant. */
const remindOftenMs = dayMs;
/** So shortly before its end nobody is asked whether it is needed still. */
const remindNoMoreMs = 30 * minuteMs;
/** Of one that is shorter whoever made it remembers when it ends. */
const endingFromMs = 30 * minuteMs;
/** A rule's own times come and go every day; one of its windows that is longer is told of like any freeze. */
const longWindowMs = dayMs;

/** Of which window, by its beginning, something was said last; of reminders, when; of its nearing end, which end. */
export type Told = Readonly<Partial<Record<Telling, Date>>>;

export interface Due {
  readonly what: Telling;
  readonly window: Window;
  /** Nobody was told that it began: it came and went while Andon was down. */
  readonly missed: boolean;
}

/** What is to be said now; null when there is nothing. Of windows that went by unsaid only the last one counts. */
export function whatIsDue(freeze: Frozen, told: Told, now: Date): Due | null {
  if (freeze.liftedAt) return null;
  const current = windowNow(freeze, now);
  if (current) {
    if (!hasBegun(freeze, told, current)) return { what: 'began', window: current, missed: false };
    const ending = endingOf(freeze, told, current);
    if (ending && ending <= now) return { what: 'ending', window: current, missed: false };
    const asked = remindersOf(freeze, told, current).some((at) => at <= now);
    return asked && isWorthAsking(current, now) ? { what: 'reminded', window: current, missed: false } : null;
  }
  const last = windowLast(freeze, now);
  if (last?.until && last.until <= now && !isSame(told.ended, last.from))
    return { what: 'ended', window: last, missed: !hasBegun(freeze, told, last) };
  const next = windowAfter(freeze, now);
  if (next && nearAt(next) <= now && isNearToSay(freeze, told, next))
    return { what: 'near', window: next, missed: false };
  return null;
}

/** When something is to be said next; null: nothing is in sight. */
export function nextLook(freeze: Frozen, told: Told, now: Date): Date | null {
  if (freeze.liftedAt) return null;
  if (whatIsDue(freeze, told, now)) return now;
  const current = windowNow(freeze, now);
  const next = current ? null : windowAfter(freeze, now);
  const ending = current && endingOf(freeze, told, current);
  const times = [
    ...(current ? remindersOf(freeze, told, current).filter((at) => isWorthAsking(current, at)) : []),
    ...(ending ? [ending] : []),
    ...(current?.until ? [current.until] : []),
    ...(next && isNearToSay(freeze, told, next) ? [nearAt(next)] : []),
    ...(next ? [next.from] : []),
  ].filter((at) => at > now);
  return times.reduce<Date | null>((first, at) => (first && first < at ? first : at), null);
}

/** What was said, once this was said too. */
export function toldAfter(told: Told, { what, window }: Due, now: Date): Told {
  return { ...told, [what]: saidOf(what, window, now) };
}

/** By which instant it is known that something was said; of a nearing end its end, so that another end is said anew. */
export function saidOf(what: Telling, window: Window, now: Date): Date {
  if (what === 'ending') return window.until ?? now;
  return what === 'reminded' ? now : window.from;
}

/** What was said, once it was given another end: whoever gives it one so near says so in that moment. */
export function toldOfEnd(until: Date, now: Date): Told {
  return until.getTime() - now.getTime() <= endingMs ? { ending: until } : {};
}

// One that was on when it was made was announced as such.
function hasBegun(freeze: Frozen, told: Told, window: Window): boolean {
  return isSame(told.began, window.from) || window.from <= freeze.madeAt;
}

function nearAt(window: Window): Date {
  return new Date(window.from.getTime() - nearMs);
}

// Made so shortly before, its announcement says it.
function isNearToSay(freeze: Frozen, told: Told, window: Window): boolean {
  return !isSame(told.near, window.from) && freeze.madeAt < nearAt(window);
}

// What it holds goes when it ends, whether or not it is over by then: so shortly before, its owner can still say so.
function endingOf(freeze: Frozen, told: Told, window: Window): Date | null {
  const { from, until } = window;
  if (until === null || isSame(told.ending, until)) return null;
  const isLong = until.getTime() - from.getTime() >= endingFromMs;
  return isLong && !isUsual(freeze, window) ? new Date(until.getTime() - endingMs) : null;
}

// The short windows of a rule end by themselves, and were meant to come.
function isUsual({ schedule }: Frozen, { from, until }: Window): boolean {
  if (schedule?.type !== 'recurring' || until === null) return false;
  return until.getTime() - from.getTime() <= longWindowMs;
}

// The next time to ask whether it is needed still.
function remindersOf(freeze: Frozen, told: Told, window: Window): Date[] {
  if (isUsual(freeze, window)) return [];
  const since = Math.max(window.from.getTime(), told.reminded?.getTime() ?? 0);
  const elapsed = since - window.from.getTime();
  const isOften = elapsed < remindOftenMs && freeze.schedule?.type !== 'recurring';
  const every = isOften ? reminderMs : dayMs;
  return [new Date(window.from.getTime() + (Math.floor(elapsed / every) + 1) * every)];
}

function isWorthAsking(window: Window, at: Date): boolean {
  return window.until === null || window.until.getTime() - at.getTime() >= remindNoMoreMs;
}

function isSame(a: Date | undefined, b: Date): boolean {
  return a?.getTime() === b.getTime();
}
