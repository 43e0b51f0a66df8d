// From when to when a change is under way, and until when it is watched. Pure.

import type { Plan } from './plan.js';
import type { Change } from './store.js';
import { bakeMinutes, type ChangeKind, isAttended, isUnderWay, usualMinutes } from './words.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** One that has not ended as far as we know lasts at least so much longer, in minutes. */
const stillMinutes = 15;
/** Planned, and so many hours later nobody began it: it is not coming. */
export const unbegunHours = 24;
/** Begun, and so many hours later nobody said how it ended: its pipeline never will. */
export const silentHours = 24;
/** The same of what people attend, in hours: an upgrade may take days. */
export const silentAttendedHours = 7 * 24;
/** The longest watch there is, in minutes. */
export const longestBakeMinutes = Math.max(...Object.values(bakeMinutes));

/** Half open, both of them: what begins when another ends does not meet it. */
export interface Window {
  readonly start: Date;
  /** When it is done. */
  readonly end: Date;
  /** When nobody needs to look at it any more. */
  readonly watchedUntil: Date;
}

/** The time of a plan. */
export function windowOfPlan(plan: Pick<Plan, 'kind' | 'startsAt' | 'endsAt'>): Window {
  const usual = minutesAfter(plan.startsAt, usualMinutes);
  const end = later(plan.startsAt, plan.endsAt ?? usual);
  return { start: plan.startsAt, end, watchedUntil: minutesAfter(end, bakeOf(plan.kind)) };
}

/** The time of a change on record, as it looks at a moment: what is late lasts on, what has begun late ends late. */
export function windowOf(change: Change, now: Date): Window {
  const { startsAt: start, plannedEnd } = change;
  const longer = minutesAfter(now, stillMinutes);
  const watched = (end: Date) => minutesAfter(end, bakeOf(change.kind));
  if (change.state === 'planned') {
    const lasts = later(start, plannedEnd ?? minutesAfter(start, usualMinutes)).getTime() - start.getTime();
    const end = new Date(later(start, now).getTime() + lasts);
    return { start, end, watchedUntil: watched(end) };
  }
  if (change.state === 'started') {
    const end = later(plannedEnd ?? minutesAfter(start, usualMinutes), longer);
    return { start, end, watchedUntil: watched(end) };
  }
  const done = later(start, change.endsAt ?? start);
  // Nobody has said yet that it works: that is not over before somebody does.
  if (change.state === 'validating') {
    const end = later(done, longer);
    return { start, end, watchedUntil: later(end, watched(done)) };
  }
  // What failed or was taken back is not watched: what comes next mends it.
  return { start, end: done, watchedUntil: change.state === 'succeeded' ? watched(done) : done };
}

/** Whether it is still to come or under way, at a moment: silence for long enough is an end too. */
export function isLive(change: Pick<Change, 'state' | 'kind' | 'startsAt'>, now: Date): boolean {
  const silent = isAttended(change.kind) ? silentAttendedHours : silentHours;
  if (change.state === 'planned') return change.startsAt > hoursBefore(now, unbegunHours);
  return isUnderWay(change.state) && change.startsAt > hoursBefore(now, silent);
}

/** How two times meet: they run at once, or one is only still watched while the other runs; null when they do not. */
export function meeting(plan: Window, other: Window): 'at once' | 'watched before' | 'watched after' | null {
  if (plan.start < other.end && other.start < plan.end) return 'at once';
  if (plan.start < other.watchedUntil && other.start < plan.watchedUntil)
    return other.start < plan.start ? 'watched before' : 'watched after';
  return null;
}

/** How long a kind is watched, in minutes. */
function bakeOf(kind: string): number {
  return bakeMinutes[kind as ChangeKind] ?? bakeMinutes.other;
}

export function hoursBefore(at: Date, hours: number): Date {
  return new Date(at.getTime() - hours * hourMs);
}

export function minutesAfter(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * minuteMs);
}

export function later(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()));
}

export function earlier(one: Date, other: Date): Date {
  return new Date(Math.min(one.getTime(), other.getTime()));
}
