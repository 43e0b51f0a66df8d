// The time that statistics are of: whole days of the workspace's zone where it is long enough, and columns for them.
import {
  addDays,
  type CalendarDate,
  dateAt,
  dayMs,
  startOfDay,
  wallAt,
  zoneOf,
} from '../../core/time/index.js';

/** Longer than this nobody reads day by day, and the picture has a column for each week. */
const dayColumnsMax = 92;
/** The longest time that is counted at once. */
export const periodDaysMax = 366;
export const usualDays = 30;

export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly zone: string;
}

/** One column of the picture. */
export interface Column {
  readonly date: CalendarDate;
  readonly from: Date;
  readonly to: Date;
}

/** What ends now and is this long: `30d` is today and the 29 days before it, less than two days is taken as it is. */
export function periodBefore(now: Date, milliseconds: number, zone: string): Period {
  const days = milliseconds / dayMs;
  if (days < 2 || !Number.isInteger(days))
    return { from: new Date(now.getTime() - milliseconds), to: now, zone };
  const first = addDays(dateAt(now.getTime(), zoneOf({ zone })), 1 - days);
  return { from: new Date(startOfDay(first, zoneOf({ zone }))), to: now, zone };
}

/** The days of a period, or its weeks where there are too many; the first and the last may be parts of one. */
export function columnsOf({ from, to, zone }: Period): { columns: Column[]; each: 'day' | 'week' } {
  const where = zoneOf({ zone });
  const days = Math.ceil((to.getTime() - from.getTime()) / dayMs);
  const each = days > dayColumnsMax ? 'week' : 'day';
  const columns: Column[] = [];
  let date = dateAt(from.getTime(), where);
  let begins = from.getTime();
  while (begins < to.getTime()) {
    const nextDate = addDays(date, each === 'week' ? 7 : 1);
    const ends = Math.min(startOfDay(nextDate, where), to.getTime());
    // A zone that leaves out a whole day has a date without any time.
    if (ends > begins) columns.push({ date, from: new Date(begins), to: new Date(ends) });
    begins = Math.max(begins, ends);
    date = nextDate;
  }
  return { columns, each };
}

/** `10 Feb 2026 – 11 Mar 2026`: the days of the zone that it touches. */
export function showPeriod({ from, to, zone }: Period): string {
  const where = zoneOf({ zone });
  const first = wallAt(from.getTime(), where);
  const last = wallAt(to.getTime() - 1, where);
  const day = 'd LLL yyyy';
  if (first.hasSame(last, 'day')) return first.toFormat(day);
  return `${first.toFormat(first.year === last.year ? 'd LLL' : day)} – ${last.toFormat(day)}`;
}
