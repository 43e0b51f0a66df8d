// Who is reminded of the next update, and when: a few times for each promise, and then no more. Pure.
import type { Promised } from './promise.js';

const minuteMs = 60_000;

/** So long before it is due, or a fifth of the time between two where that is shorter. */
const leadMs = 5 * minuteMs;
const leadPart = 5;
/** So long after it was due it is late. */
const lateAfterMs = 5 * minuteMs;
/** So often it is said that one is late; afterwards App Home says it. */
const lateMax = 3;
/** Where nothing says how often updates come. */
const usualEveryMs = 30 * minuteMs;
const leastEveryMs = 5 * minuteMs;

export type ReminderKind = 'soon' | 'due' | 'late';

/** A reminder that was given. */
export interface Reminded {
  readonly what: ReminderKind;
  readonly promise: string;
  readonly dueAt: Date;
  readonly at: Date;
}

export interface Waiting {
  readonly promised: Promised;
  /** Between two updates; null where the severity has none. */
  readonly every: number | null;
  readonly reminded: readonly Reminded[];
  /** Until when reminders wait. */
  readonly snoozed: Date | null;
}

/** What is to be said now, if anything, and otherwise when to look again. */
export interface ReminderDue {
  readonly what: ReminderKind | null;
  /** How often it was said that it is late, with what is to be said now. */
  readonly times: number;
  readonly again: Date | null;
}

const nothing: ReminderDue = { what: null, times: 0, again: null };

/** The reminder that is due of a promise at an instant. */
export function reminderDue(waiting: Waiting, now: Date): ReminderDue {
  const { due } = waiting.promised;
  if (due === null) return nothing;
  const given = givenOf(waiting, due);
  const lates = given.filter(({ what }) => what === 'late');
  const late = lateAt(waiting, due, lates);
  if (given.length === 0) {
    const first = notBefore(new Date(due.getTime() - leadOf(waiting, due)), waiting.snoozed);
    if (now < first) return { ...nothing, again: first };
    if (late === null || now < late) return { what: now < due ? 'soon' : 'due', times: 0, again: null };
  }
  if (late === null) return nothing;
  return now < late ? { ...nothing, again: late } : { what: 'late', times: lates.length + 1, again: null };
}

/** How long before it is due it counts as due soon. */
export function leadOf({ promised, every }: Pick<Waiting, 'promised' | 'every'>, due: Date): number {
  const whole = Math.max(due.getTime() - promised.since.getTime(), 0);
  return Math.min(leadMs, Math.min(every ?? whole, whole) / leadPart);
}

// What was said of a time is said of an earlier one as well.
function givenOf({ promised, reminded }: Waiting, due: Date): readonly Reminded[] {
  return reminded.filter((each) => each.promise === promised.id && each.dueAt >= due);
}

function lateAt({ every, snoozed }: Waiting, due: Date, lates: readonly Reminded[]): Date | null {
  const last = lates.at(-1);
  if (lates.length >= lateMax) return null;
  const wait = Math.max(every ?? usualEveryMs, leastEveryMs);
  const at = last ? last.at.getTime() + wait : due.getTime() + lateAfterMs;
  return notBefore(new Date(at), snoozed);
}

function notBefore(at: Date, least: Date | null): Date {
  return least && least > at ? least : at;
}
