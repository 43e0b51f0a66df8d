// Which freezes are on at an instant, where, and until when. Pure: of the rows and the instant, and of nothing else.
import { clockSkewMs } from '../../core/time/resolve.js';
import { dayMs } from '../../core/time/zones.js';
import type { Frozen } from './reading.js';
import { horizonDays, nextWindow, type Schedule, type Window, windowAt, windowBefore } from './schedule.js';
import { covers, type Target } from './scope.js';
import { never } from './words.js';

export type Phase = 'scheduled' | 'active' | 'ended';

/** The window of a freeze in which an instant lies; null when it is not on then. `until` is null where no end is in sight. */
export function windowNow(freeze: Frozen, at: Date): Window | null {
  if (at < freeze.startsAt || at >= freeze.overAt) return null;
  return within(freeze, () => freeze.schedule && windowAt(freeze.schedule, at), at);
}

/** Its next window that begins after an instant; null when none does, or none is in sight. */
export function windowAfter(freeze: Frozen, at: Date): Window | null {
  if (at >= freeze.overAt) return null;
  // Before its time its schedule counts for nothing: a window may be under way when it begins.
  if (at < freeze.startsAt) {
    const first = windowNow(freeze, freeze.startsAt);
    if (first) return first;
  }
  const since = at < freeze.startsAt ? freeze.startsAt : at;
  if (windowNow(freeze, since)?.until === null) return null;
  const next = within(freeze, () => freeze.schedule && nextWindow(freeze.schedule, since), since);
  return next && next.from > at && next.from < freeze.overAt ? next : null;
}

/** Its windows that touch `[from, until)`, in order. */
export function windowsIn(freeze: Frozen, from: Date, until: Date): Window[] {
  const found: Window[] = [];
  let each = windowNow(freeze, from) ?? windowAfter(freeze, from);
  while (each && each.from < until) {
    found.push(each);
    each = each.until && each.until < until ? windowAfter(freeze, each.until) : null;
  }
  return found;
}

/** Its last window that began before an instant and was cut off by its lift or end; null when there was none. */
export function windowLast(freeze: Frozen, before: Date): Window | null {
  const end = before < freeze.overAt ? before : freeze.overAt;
  if (end <= freeze.startsAt) return null;
  const last = within(freeze, () => freeze.schedule && windowBefore(freeze.schedule, end), end);
  return last && (last.until === null || last.until > freeze.startsAt) ? last : null;
}

// Cut to the time from when it was to begin until it is over; where its schedule cannot be followed, all of that time.
function within(freeze: Frozen, read: () => Window | null, at: Date): Window | null {
  const { startsAt, overAt } = freeze;
  const end = overAt.getUTCFullYear() >= never.getUTCFullYear() ? null : overAt;
  const whole = { from: startsAt, until: end };
  if (freeze.schedule === null) return whole;
  let window: Window | null;
  try {
    window = read();
  } catch {
    // A zone that this host does not know, for instance: frozen, hard, rather than not.
    return whole;
  }
  if (window === null) return null;
  const from = window.from < startsAt && at >= startsAt ? startsAt : window.from;
  return { from, until: end && (window.until === null || window.until > end) ? end : window.until };
}

/** Where a freeze stands at an instant. */
export function phaseAt(freeze: Frozen, at: Date): Phase {
  if (at >= freeze.overAt) return 'ended';
  return windowNow(freeze, at) ? 'active' : 'scheduled';
}

/**
 * The instant for which to judge. What a replica recorded with a clock that is ahead of ours has happened: it is judged
 * as of then, or a freeze would be open for as long as the clocks differ.
 */
export function asOf(freezes: readonly Frozen[], now: Date): Date {
  const recorded = freezes
    .flatMap((each) => [each.madeAt.getTime(), each.liftedAt?.getTime() ?? 0])
    .filter((at) => at <= now.getTime() + clockSkewMs);
  return new Date(Math.max(now.getTime(), ...recorded));
}

/** Those that are on at an instant and cover a place, the hard ones first. */
export function freezesOver(freezes: readonly Frozen[], target: Target, at: Date): Frozen[] {
  return inOrder(freezes.filter((each) => windowNow(each, at) !== null && covers(each.scope, target)));
}

/** The one that decides: a hard one before all soft ones; null of none. */
export function strongest(freezes: readonly Frozen[]): Frozen | null {
  return inOrder(freezes)[0] ?? null;
}

function inOrder(freezes: readonly Frozen[]): Frozen[] {
  const rank = ({ mode }: Frozen) => (mode === 'hard' ? 0 : 1);
  return [...freezes].sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

/** The first instant, from this one on, at which no hard freeze covers a place; null where no end is in sight. */
export function freeAt(freezes: readonly Frozen[], target: Target, at: Date): Date | null {
  const hard = hardOver(freezes, target);
  const horizon = at.getTime() + horizonDays * dayMs;
  let free = at;
  while (free.getTime() < horizon) {
    const windows = hard.flatMap((each) => windowNow(each, free) ?? []);
    if (windows.length === 0) return free;
    // All that are on now are walked over at once: none of them shortens another.
    for (const { until } of windows) {
      if (until === null) return null;
      if (until > free) free = until;
    }
  }
  return null;
}

/**
 * When a place thawed: the end of the last hard window that covered it and lay, in part, in `[since, at)`. A lift is an
 * end. Null when none did, or when it is frozen still. `freezes` must hold those that were not over by `since`.
 */
export function thawedAt(freezes: readonly Frozen[], target: Target, since: Date, at: Date): Date | null {
  const hard = hardOver(freezes, target);
  if (hard.some((each) => windowNow(each, at) !== null)) return null;
  const ends = hard.flatMap((each) => windowLast(each, at)?.until ?? []).filter((end) => end > since);
  return ends.reduce<Date | null>((last, end) => (last && last > end ? last : end), null);
}

/** The next instant at which the freezes over a place may be others: one begins or ends. Null: none in sight. */
export function nextTransition(freezes: readonly Frozen[], target: Target, at: Date): Date | null {
  const next = freezes
    .filter((each) => covers(each.scope, target))
    .flatMap((each) => {
      const now = windowNow(each, at);
      return (now ? now.until : windowAfter(each, at)?.from) ?? [];
    });
  return next.reduce<Date | null>((first, each) => (first && first < each ? first : each), null);
}

function hardOver(freezes: readonly Frozen[], target: Target): Frozen[] {
  return freezes.filter((each) => each.mode === 'hard' && covers(each.scope, target));
}

export { type FreezeRow, type Frozen, readFrozen } from './reading.js';
export type { Schedule, Window };
