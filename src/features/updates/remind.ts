// Who is reminded of the next update, and when: a few times for each promise and holder, and then seldom. Pure.
import type { Promised } from './promise.js';

const minuteMs = 60_000;

/** So long before it is due, or a fifth of the time between two where that is shorter. */
const leadMs = 5 * minuteMs;
const leadPart = 5;
/** So long after it was due it is late. */
const lateAfterMs = 5 * minuteMs;
/** So often it is said at the usual pace that one is late; then at the slow one, as long as it is open. */
const lateMax = 3;
const slowEveryMs = 120 * minuteMs;
/** So long after it was due, what promised it outside says that it is late. */
export const overdueAfterMs = 15 * minuteMs;
/** Where nothing says how often updates come. */
const usualEveryMs = 30 * minuteMs;
const leastEveryMs = 5 * minuteMs;

/** The last reminds nobody: what promised the update says from then on that it is late. */
export type ReminderKind = 'soon' | 'due' | 'late' | 'overdue';

/** A reminder that was given. */
export interface Reminded {
  readonly what: ReminderKind;
  readonly promise: string;
  readonly dueAt: Date;
  readonly at: Date;
  /** Who was, by id; nobody: the incident's channel alone. */
  readonly to: readonly string[];
}

/** Whose business a late update is. */
export interface Turn {
  /** Who sees to it, by id, and since when as the holder of a role; null: whoever is in the channel. */
  readonly lead: { readonly id: string; readonly since: Date | null } | null;
  /** Who hears once that it is late, since they write it; null: nobody else. */
  readonly besides: string | null;
}

export interface Waiting {
  readonly promised: Promised;
  /** Between two updates; null where the severity has none. */
  readonly every: number | null;
  readonly reminded: readonly Reminded[];
  /** Until when reminders wait, and since when. */
  readonly snoozed: { readonly until: Date; readonly since: Date } | null;
}

/** What is to be said now, if anything, and otherwise when to look again. */
export interface ReminderDue {
  readonly what: ReminderKind | null;
  /** How often it was said that it is late, with what is to be said now. */
  readonly times: number;
  /** Of what is late: who hears it now, by id. */
  readonly to: readonly string[];
  readonly again: Date | null;
}

const nothing: ReminderDue = { what: null, times: 0, to: [], again: null };

/** The reminder that is due of a promise at an instant. */
export function reminderDue(waiting: Waiting, turn: Turn, now: Date): ReminderDue {
  const { due } = waiting.promised;
  if (due === null) return nothing;
  const given = givenOf(waiting, due);
  const mark = isOverdue(waiting) ? null : new Date(due.getTime() + overdueAfterMs);
  const times = given.filter(({ what }) => what === 'late').length;
  const late = lateOf(waiting, turn, due, given);
  const first = given.length > 0 ? null : firstAt(waiting, due);
  if (now >= late.at) return { what: 'late', times: times + 1, to: late.to, again: null };
  if (mark && now >= mark) return { ...nothing, what: 'overdue', times };
  if (first && now >= first) return { ...nothing, what: now < due ? 'soon' : 'due' };
  return { ...nothing, again: earliest([late.at, first, mark].filter((each) => each !== null)) };
}

/** Whether it was found, when somebody looked, that the promise was not kept for long. */
export function isOverdue({ promised, reminded }: Pick<Waiting, 'promised' | 'reminded'>): boolean {
  const { due } = promised;
  if (due === null) return false;
  const from = due.getTime() + overdueAfterMs;
  return reminded.some(({ promise, at }) => promise === promised.id && at.getTime() >= from);
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

function firstAt(waiting: Waiting, due: Date): Date {
  return notBefore(new Date(due.getTime() - leadOf(waiting, due)), waiting.snoozed?.until ?? null);
}

// Counted for each who sees to it: whoever takes that over hears it at once, whatever was said to those before.
function lateOf(
  { every, snoozed }: Waiting,
  { lead, besides }: Turn,
  due: Date,
  given: readonly Reminded[],
): { at: Date; to: readonly string[] } {
  const from = due.getTime() + lateAfterMs;
  const lates = given.filter(({ what }) => what === 'late');
  const own = lates.filter(({ to }) => (lead ? to.includes(lead.id) : to.length === 0));
  const last = own.at(-1);
  const pace = Math.max(every ?? usualEveryMs, leastEveryMs, own.length < lateMax ? 0 : slowEveryMs);
  // What somebody put off before them is no rest of theirs.
  const rest = snoozed && lead?.since && snoozed.since < lead.since ? null : (snoozed?.until ?? null);
  const at = notBefore(new Date(last ? last.at.getTime() + pace : from), rest);
  const unheard = besides !== null && !lates.some(({ to }) => to.includes(besides)) ? besides : null;
  const leads = lead ? [lead.id] : [];
  if (unheard === null) return { at, to: leads };
  const once = notBefore(new Date(from), snoozed?.until ?? null);
  if (once >= at) return { at, to: [...leads, unheard] };
  return { at: once, to: [unheard] };
}

function earliest(times: readonly Date[]): Date {
  return new Date(Math.min(...times.map((each) => each.getTime())));
}

function notBefore(at: Date, least: Date | null): Date {
  return least && least > at ? least : at;
}
