// When the owner of a task is reminded. Pure.
import { DateTime } from 'luxon';
import type { TaskKind } from './words.js';

const dayMs = 86_400_000;
const morningHour = 9;
const saturday = 6;

/** The latest time up to now at which it was to be brought to mind; null: none was yet. */
export function lastReminder(kind: TaskKind, due: Date, zone: string, now: Date): Date | null {
  const late = now.getTime() - due.getTime();
  if (kind === 'task') return late < 0 ? null : new Date(due.getTime() + Math.floor(late / dayMs) * dayMs);
  const before = new Date(due.getTime() - dayMs);
  if (now < before) return null;
  if (now < due) return before;
  const morning = morningUpTo(now, zone);
  return morning > due ? morning : due;
}

/** The first time after now at which it is to be brought to mind. */
export function nextReminder(kind: TaskKind, due: Date, zone: string, now: Date): Date {
  const last = lastReminder(kind, due, zone, now);
  if (kind === 'task') return last ? new Date(last.getTime() + dayMs) : due;
  if (!last) return new Date(due.getTime() - dayMs);
  return now < due ? due : morningAfter(now, zone);
}

// A follow-up can wait for people to be at work.
function morningUpTo(now: Date, zone: string): Date {
  const at = DateTime.fromJSDate(now, { zone });
  let morning = at.startOf('day').set({ hour: morningHour });
  while (morning > at || morning.weekday >= saturday) morning = morning.minus({ days: 1 });
  return morning.toJSDate();
}

function morningAfter(now: Date, zone: string): Date {
  const at = DateTime.fromJSDate(now, { zone });
  let morning = at.startOf('day').set({ hour: morningHour });
  while (morning <= at || morning.weekday >= saturday) morning = morning.plus({ days: 1 });
  return morning.toJSDate();
}
