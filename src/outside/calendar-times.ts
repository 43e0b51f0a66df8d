// The clocks of a calendar: what the one on the wall shows, when an event begins each time, and when it ends. Pure.
import ICAL from 'ical.js';
import type { Zone } from 'luxon';
import { RRuleTemporal } from 'rrule-temporal';
import { shorten } from '../core/message.js';
import { findZone, instantsAt, wallAt } from '../core/time/zones.js';

const datesMax = 10_000;
const iterationsMax = 50_000;
/** A longer event is no shift, and would have to be looked for from far away. */
const longestMs = 400 * 86_400_000;
const dayMs = 86_400_000;
const untilPattern = /UNTIL=(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})(Z?))?/i;

/** A time of a calendar: what the clock on the wall shows, counted as if it were UTC, and in which zone that clock is. */
export interface Wall {
  readonly ms: number;
  readonly toInstant: (ms: number) => number;
  /** The name of its zone, to tell one from another. */
  readonly zone: string;
  readonly isDate: boolean;
}

/** Understands a time of a calendar, in the zone that is meant. */
export type Times = (value: ICAL.Time, property: ICAL.Property) => Wall;

/** Zones: one is taken by its name where it is one that everybody knows; else as the calendar itself describes it. */
export function timesOf(calendar: ICAL.Component, usual: Zone, problems: Set<string>): Times {
  const described = new Map(
    calendar.getAllSubcomponents('vtimezone').map((each) => {
      const zone = new ICAL.Timezone(each);
      return [zone.tzid, zone] as const;
    }),
  );
  return (value, property) => {
    const { year, month, day, hour, minute, second, isDate } = value;
    const ms = Date.UTC(year, month - 1, day, isDate ? 0 : hour, isDate ? 0 : minute, isDate ? 0 : second);
    const common = { ms, isDate };
    if (!isDate && value.zone === ICAL.Timezone.utcTimezone)
      return { ...common, zone: 'UTC', toInstant: (at) => at };
    const tzid = String(property.getFirstParameter('tzid') ?? '');
    if (isDate || tzid === '')
      return { ...common, zone: usual.name, toInstant: (at) => instantIn(at, usual) };
    const known = findZone(tzid);
    if (known) return { ...common, zone: known.name, toInstant: (at) => instantIn(at, known) };
    const own = described.get(tzid);
    if (own) return { ...common, zone: tzid, toInstant: (at) => at - own.utcOffset(timeOf(at)) * 1000 };
    problems.add(`its zone “${shorten(tzid, 60)}” is not known; ${usual.name} was taken`);
    return { ...common, zone: usual.name, toInstant: (at) => instantIn(at, usual) };
  };
}

function instantIn(ms: number, zone: Zone): number {
  const at = new Date(ms);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  // Of a time that comes twice the first is meant, as RFC 5545 says.
  return (
    instantsAt({ ...date, msOfDay: ms - Date.UTC(date.year, date.month - 1, date.day) }, zone).instants[0] ??
    ms
  );
}

function timeOf(ms: number): ICAL.Time {
  const at = new Date(ms);
  return new ICAL.Time(
    {
      ...{ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
      ...{ hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds(), isDate: false },
    },
    ICAL.Timezone.localTimezone,
  );
}

/** When an event begins, and when it ends for each of its beginnings. */
export interface Span {
  readonly start: Wall;
  readonly reachMs: number;
  endOf(startMs: number): number;
}

/**
 * The end follows the clock on the wall: a shift from 20:00 to 08:00 is over at 08:00 also in the night in which the
 * clocks change. RFC 5545 would keep its length, and leave an hour in which nobody, or both, are on call.
 */
export function spanOf(event: ICAL.Component, times: Times): Span {
  const start = wallsOf(event, 'dtstart', times)[0];
  if (!start) throw new Error('it has no beginning');
  const end = wallsOf(event, 'dtend', times)[0];
  const duration = event.getFirstPropertyValue('duration');
  const checked = (span: Span): Span => {
    if (span.reachMs < 0) throw new Error('it ends before it begins');
    if (span.reachMs > longestMs) throw new Error('it lasts longer than 400 days');
    return span;
  };
  if (end && end.zone === start.zone) {
    const wall = end.ms - start.ms;
    return checked({ start, reachMs: wall, endOf: (ms) => end.toInstant(ms + wall) });
  }
  if (end) {
    const exact = end.toInstant(end.ms) - start.toInstant(start.ms);
    return checked({ start, reachMs: exact, endOf: (ms) => start.toInstant(ms) + exact });
  }
  if (duration instanceof ICAL.Duration) {
    // Days go by the wall, hours by what passes.
    const days = (duration.weeks * 7 + duration.days) * dayMs;
    const rest = (duration.hours * 3600 + duration.minutes * 60 + duration.seconds) * 1000;
    const sign = duration.isNegative ? -1 : 1;
    return checked({
      start,
      reachMs: sign * (days + rest),
      endOf: (ms) => start.toInstant(ms + days) + rest,
    });
  }
  const length = start.isDate ? dayMs : 0;
  return { start, reachMs: length, endOf: (ms) => start.toInstant(ms + length) };
}

/** The times that a property of an event has. */
export function wallsOf(event: ICAL.Component, name: string, times: Times): Wall[] {
  return event
    .getAllProperties(name)
    .flatMap((property) => property.getValues().map((value: unknown) => ({ property, value })))
    .flatMap(({ property, value }) => {
      if (value instanceof ICAL.Time) return [times(value, property)];
      return value instanceof ICAL.Period ? [times(value.start, property)] : [];
    });
}

/** A time as the clock of an event's beginning shows it; of a day, its beginning on that day. */
export function onWall(wall: Wall, start: Wall): number {
  if (wall.isDate && !start.isDate) return wall.ms + (start.ms % dayMs);
  return wall.zone === start.zone ? wall.ms : wallOf(wall.toInstant(wall.ms), start);
}

/** Each beginning, as the clock on the wall shows it. Days are added on either side: zones differ by less. */
export function startsOf(
  event: ICAL.Component,
  start: Wall,
  times: Times,
  from: Date,
  until: Date,
  reachMs: number,
): number[] {
  const first = from.getTime() - reachMs - 2 * dayMs;
  const last = until.getTime() + 2 * dayMs;
  const rules = event.getAllProperties('rrule').map((each) => String(each.getFirstValue()));
  const inZone = (wall: Wall) => onWall(wall, start);
  const without = wallsOf(event, 'exdate', times);
  const excluded = new Set(without.map(inZone));
  // An excluded day without a time excludes what begins on it.
  const excludedDays = new Set(without.filter((each) => each.isDate).map((each) => each.ms));
  const starts = [
    ...(rules.length === 0 ? [start.ms] : rules.flatMap((rule) => ruled(rule, start, first, last))),
    ...wallsOf(event, 'rdate', times).map(inZone),
  ];
  return [...new Set(starts)]
    .filter((ms) => !excluded.has(ms) && !excludedDays.has(ms - (ms % dayMs)))
    .sort((a, b) => a - b);
}

// What the clock of a wall shows at an instant, found from both sides of what it may be.
function wallOf(instant: number, { toInstant, zone }: Wall): number {
  const known = findZone(zone);
  if (known) {
    const { year, month, day, hour, minute, second } = wallAt(instant, known);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  return instant + (instant - toInstant(instant));
}

// The rule is counted on the wall, as if it were UTC, and bounded: some rules name no date at all.
function ruled(rule: string, start: Wall, first: number, last: number): number[] {
  const every = /FREQ=([A-Z]+)/i.exec(rule)?.[1]?.toUpperCase() ?? '';
  if (!['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(every))
    throw new Error(`it repeats ${every.toLowerCase() || 'without a rule'}`);
  const until = untilOf(rule, start);
  const onItsWall = until === null ? rule : rule.replace(untilPattern, `UNTIL=${compact(until)}`);
  const read = new RRuleTemporal({
    rruleString: `DTSTART:${compact(start.ms)}\nRRULE:${onItsWall}`,
    maxIterations: iterationsMax,
  });
  return read
    .between(new Date(first), new Date(last), true)
    .slice(0, datesMax)
    .map((each) => each.epochMilliseconds);
}

// The last instant of a rule, as the wall shows it then; of a day, its last second.
function untilOf(rule: string, start: Wall): number | null {
  const said = untilPattern.exec(rule);
  if (!said) return null;
  const [, year, month, day, hour, minute, second, utc] = said;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const at =
    date + Number(hour ?? 23) * 3_600_000 + Number(minute ?? 59) * 60_000 + Number(second ?? 59) * 1000;
  return utc ? wallOf(at, start) : at;
}

/** Whether an event takes place more than once. */
export function repeats(event: ICAL.Component): boolean {
  return event.hasProperty('rrule') || event.hasProperty('rdate');
}

/** Whether the rules of an event say that its last time is over by an instant. */
export function isOverBy(event: ICAL.Component, { start, reachMs }: Span, instant: Date): boolean {
  if (event.hasProperty('rdate')) return false;
  const ends = event.getAllProperties('rrule').map((each) => untilOf(String(each.getFirstValue()), start));
  return ends.every((end) => end !== null && end + reachMs + 2 * dayMs < instant.getTime());
}

function compact(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
