// When a digest is due: at a time of the wall clock, once on each day that the workspace's zone has. Pure.
import { addDays, type CalendarDate, dateAt, instantsAt, zoneOf } from '../../core/time/index.js';

const minuteMs = 60_000;
/** The longest time that a zone ever left out: a day, when an island changed sides of the date line. */
const gapMinutesMax = 1_440;
/** A day without the date is followed by one that has it. */
const daysLooked = 3;

/** A day of a zone, and the instant of it that is meant. */
export interface Slot {
  readonly date: CalendarDate;
  readonly at: Date;
}

/** The next time after an instant at which clocks in the zone show `08:30`. */
export function slotAfter(now: Date, clock: string, zone: string): Slot {
  const today = dateAt(now.getTime(), zoneOf({ zone }));
  const slots = days(0, daysLooked).flatMap((day) => slotOn(addDays(today, day), clock, zone));
  const found = slots.find((slot) => slot.at > now);
  if (!found) throw new Error(`no ${clock} in ${zone}`);
  return found;
}

/** The latest such time that is not after an instant. */
export function slotBefore(now: Date, clock: string, zone: string): Slot {
  const today = dateAt(now.getTime(), zoneOf({ zone }));
  const slots = days(-daysLooked, 0).flatMap((day) => slotOn(addDays(today, day), clock, zone));
  const found = slots.findLast((slot) => slot.at <= now);
  if (!found) throw new Error(`no ${clock} in ${zone}`);
  return found;
}

/** `2026-03-10`. */
export function dateWords({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

// The first of two where the clocks are put back; the next minute that there is where they are put forward over it.
function slotOn(date: CalendarDate, clock: string, zone: string): Slot[] {
  const where = zoneOf({ zone });
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const meant = instantsAt({ ...date, msOfDay: (hour * 60 + minute) * minuteMs }, where);
  let at = meant.instants[0] ?? 0;
  if (meant.shifted) {
    const offset = where.offset(at);
    for (let i = 0; i < gapMinutesMax && where.offset(at - minuteMs) === offset; i += 1) at -= minuteMs;
    if (dateWords(dateAt(at, where)) !== dateWords(date)) return [];
  }
  return [{ date, at: new Date(at) }];
}

function days(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
