// Wall clocks and instants: which instants a wall time in a zone means.
import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import type { TimeContext } from './types.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

/** Milliseconds since midnight go with a date; 24:00 is allowed and falls on the next day. */
export interface WallTime extends CalendarDate {
  msOfDay: number;
}

/** The instants a wall time means, earliest first: two where clocks went back, and where they went forward one, shifted. */
export interface Meaning {
  instants: number[];
  shifted: boolean;
}

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The zone of this name, or null. For names from settings and tables: luxon keeps each one it has seen. */
export function findZone(name: string): Zone | null {
  if (!knownZones.has(name)) {
    if (canonicalZone(name) === null) return null;
    knownZones.set(name, IANAZone.create(name));
  }
  return knownZones.get(name) ?? null;
}

/**
 * The one spelling of a zone's name, in whatever case or by whatever alias it was written, or null. Names that people
 * type pass through here first, so that no cache grows with them.
 */
export function canonicalZone(name: string): string | null {
  if (name.length > 64 || !/^[A-Za-z][\w+\-/]*$/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

const knownZones = new Map<string, Zone>();

export function fixedZone(minutes: number): Zone {
  return FixedOffsetZone.instance(minutes);
}

/** The sender's zone, the workspace's where that is none, else UTC: a wrong setting must not lose a note. */
export function zoneOf(context: Pick<TimeContext, 'zone' | 'workspaceZone'>): Zone {
  return findZone(context.zone) ?? findZone(context.workspaceZone ?? '') ?? FixedOffsetZone.utcInstance;
}

/** The instants that show this wall time in this zone. A time that the clocks skip is shifted forward by the gap. */
export function instantsAt(wall: WallTime, zone: Zone): Meaning {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day) + wall.msOfDay;
  // No zone changes its clock twice within two days, so the offsets a day either side are all there are.
  const before = zone.offset(asUtc - dayMs);
  const offsets = new Set([before, zone.offset(asUtc + dayMs)]);
  const instants = [...offsets]
    .filter((offset) => zone.offset(asUtc - offset * minuteMs) === offset)
    .map((offset) => asUtc - offset * minuteMs)
    .sort((a, b) => a - b);
  return instants.length > 0
    ? { instants, shifted: false }
    : { instants: [asUtc - before * minuteMs], shifted: true };
}

export function wallAt(instant: number, zone: Zone): DateTime {
  return DateTime.fromMillis(instant, { zone, locale: 'en-GB' });
}

/** The calendar date of an instant in a zone. */
export function dateAt(instant: number, zone: Zone): CalendarDate {
  const { year, month, day } = wallAt(instant, zone);
  return { year, month, day };
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** Whole days from one date to another; negative when it goes back. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((midnightUtc(to) - midnightUtc(from)) / dayMs);
}

export function midnightUtc(date: CalendarDate): number {
  return Date.UTC(date.year, date.month - 1, date.day);
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function isRealDate(date: CalendarDate): boolean {
  return (
    date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month)
  );
}

/** The first instant of a date in a zone. */
export function startOfDay(date: CalendarDate, zone: Zone): number {
  return instantsAt({ ...date, msOfDay: 0 }, zone).instants[0] ?? midnightUtc(date);
}
