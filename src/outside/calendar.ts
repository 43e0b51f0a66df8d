// What a calendar says: its events in some days, as instants. The host's zone plays no part in it.
import ICAL from 'ical.js';
import type { Zone } from 'luxon';
import { RRuleTemporal } from 'rrule-temporal';
import { shorten } from '../core/message.js';
import { oneLine } from '../core/text.js';
import { findZone, instantsAt, wallAt } from '../core/time/zones.js';

/** An event, once for each time that it takes place. */
export interface Occurrence {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly summary: string;
  readonly attendees: readonly Attendee[];
}

export interface Attendee {
  readonly name: string | null;
  readonly mail: string | null;
}

export interface CalendarRead {
  readonly occurrences: readonly Occurrence[];
  /** What could not be understood, in words. */
  readonly problems: readonly string[];
}

/** That is no calendar. */
export class NoCalendar extends Error {}

export const occurrencesMax = 2_000;
const eventsMax = 5_000;
const datesMax = 10_000;
const iterationsMax = 50_000;
const problemsMax = 10;
const summaryMax = 200;
/** A longer event is no shift, and would have to be looked for from far away. */
const longestMs = 400 * 86_400_000;

/** Reads the events of a calendar that touch these days. `zone`: of times that name none. Throws NoCalendar. */
export function readCalendar(text: string, zone: Zone, from: Date, until: Date): CalendarRead {
  const calendars = parsed(text);
  const problems = new Set<string>();
  const occurrences: Occurrence[] = [];
  for (const calendar of calendars) {
    const times = timesOf(calendar, zone, problems);
    const events = calendar.getAllSubcomponents('vevent').slice(0, eventsMax);
    for (const event of eventsIn(events)) {
      try {
        for (const each of occurrencesOf(event, times, from, until)) {
          if (occurrences.length >= occurrencesMax) {
            problems.add(`only the first ${occurrencesMax} events were read`);
            return { occurrences, problems: [...problems].slice(0, problemsMax) };
          }
          occurrences.push(each);
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        problems.add(shorten(oneLine(`“${summaryOf(event.master)}” cannot be read: ${why}`), summaryMax));
      }
    }
  }
  return { occurrences, problems: [...problems].slice(0, problemsMax) };
}

function parsed(text: string): ICAL.Component[] {
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text))
    throw new NoCalendar('it does not begin with BEGIN:VCALENDAR');
  try {
    const read: unknown[] = ICAL.parse(text.replace(/^\uFEFF?\s*/, ''));
    const all = Array.isArray(read[0]) ? (read as unknown[][]) : [read];
    return all.map((each) => new ICAL.Component(each));
  } catch (error) {
    throw new NoCalendar(
      shorten(oneLine(error instanceof Error ? error.message : String(error)), summaryMax),
    );
  }
}

/** An event that repeats, and the single times of it that were changed. */
interface Series {
  readonly master: ICAL.Component;
  readonly changed: readonly ICAL.Component[];
}

// A changed time without its series stands for itself.
function eventsIn(events: readonly ICAL.Component[]): Series[] {
  const series = new Map<string, { master: ICAL.Component | null; changed: ICAL.Component[] }>();
  events.forEach((event, at) => {
    const uid = String(event.getFirstPropertyValue('uid') ?? `none/${at}`);
    const found = series.get(uid) ?? { master: null, changed: [] };
    if (event.hasProperty('recurrence-id')) found.changed.push(event);
    else if (!found.master || sequenceOf(event) >= sequenceOf(found.master)) found.master = event;
    series.set(uid, found);
  });
  return [...series.values()].flatMap(({ master, changed }) =>
    master ? [{ master, changed }] : changed.map((each) => ({ master: each, changed: [] })),
  );
}

function sequenceOf(event: ICAL.Component): number {
  const said = Number(event.getFirstPropertyValue('sequence') ?? 0);
  return Number.isFinite(said) ? said : 0;
}

/** A time of a calendar: what the clock on the wall shows, counted as if it were UTC, and in which zone that clock is. */
interface Wall {
  readonly ms: number;
  readonly toInstant: (ms: number) => number;
  /** The name of its zone, to tell one from another. */
  readonly zone: string;
  readonly isDate: boolean;
}

type Times = (value: ICAL.Time, property: ICAL.Property) => Wall;

// A zone is taken by its name where it is one that everybody knows; else as the calendar itself describes it.
function timesOf(calendar: ICAL.Component, usual: Zone, problems: Set<string>): Times {
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

function* occurrencesOf(
  { master, changed }: Series,
  times: Times,
  from: Date,
  until: Date,
): Generator<Occurrence> {
  const elsewhere = new Set(
    changed.flatMap((each) => wallsOf(each, 'recurrence-id', times).map((wall) => wall.ms)),
  );
  if (!isCancelled(master)) {
    const span = spanOf(master, times);
    for (const ms of startsOf(master, span.start, times, from, until, span.reachMs)) {
      if (elsewhere.has(ms)) continue;
      const found = occurrence(master, span.start.toInstant(ms), span.endOf(ms));
      if (found.endsAt > from && found.startsAt < until) yield found;
    }
  }
  for (const event of changed) {
    if (isCancelled(event)) continue;
    const span = spanOf(event, times);
    const found = occurrence(event, span.start.toInstant(span.start.ms), span.endOf(span.start.ms));
    if (found.endsAt > from && found.startsAt < until) yield found;
  }
}

// Whether it counts as busy (TRANSP) says nothing of being on call: most mark such events as free.
function isCancelled(event: ICAL.Component): boolean {
  return String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED';
}

function occurrence(event: ICAL.Component, startsAt: number, endsAt: number): Occurrence {
  return {
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    summary: summaryOf(event),
    attendees: event.getAllProperties('attendee').flatMap(attendeeOf),
  };
}

function summaryOf(event: ICAL.Component): string {
  return shorten(oneLine(String(event.getFirstPropertyValue('summary') ?? '')), summaryMax);
}

// Rooms are on nobody's call, nor are those who said no.
function attendeeOf(property: ICAL.Property): Attendee[] {
  const said = (name: string) => String(property.getFirstParameter(name) ?? '');
  if (['ROOM', 'RESOURCE', 'GROUP'].includes(said('cutype').toUpperCase())) return [];
  if (said('partstat').toUpperCase() === 'DECLINED') return [];
  if (said('role').toUpperCase() === 'NON-PARTICIPANT') return [];
  const address = String(property.getFirstValue() ?? '').trim();
  const mail = /^mailto:(\S+@\S+)$/i.exec(address)?.[1] ?? null;
  const name = oneLine(said('cn')).replace(/^"|"$/g, '') || null;
  return mail === null && name === null ? [] : [{ mail, name: name === mail ? null : name }];
}

/** When an event begins, and when it ends for each of its beginnings. */
interface Span {
  readonly start: Wall;
  readonly reachMs: number;
  endOf(startMs: number): number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The end follows the clock on the wall: a shift from 20:00 to 08:00 is over at 08:00 also in the night in which the
 * clocks change. RFC 5545 would keep its length, and leave an hour in which nobody, or both, are on call.
 */
function spanOf(event: ICAL.Component, times: Times): Span {
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

function wallsOf(event: ICAL.Component, name: string, times: Times): Wall[] {
  return event
    .getAllProperties(name)
    .flatMap((property) => property.getValues().map((value: unknown) => ({ property, value })))
    .flatMap(({ property, value }) => {
      if (value instanceof ICAL.Time) return [times(value, property)];
      return value instanceof ICAL.Period ? [times(value.start, property)] : [];
    });
}

// Each beginning, as the clock on the wall shows it. Days are added on either side: zones differ by less.
function startsOf(
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
  const inZone = (wall: Wall) =>
    wall.isDate && !start.isDate
      ? wall.ms + (start.ms % dayMs)
      : wall.zone === start.zone
        ? wall.ms
        : wallOf(wall.toInstant(wall.ms), start);
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
  const onWall = rule.replace(
    /UNTIL=(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})(Z?))?/i,
    (_all, ...said) => {
      const [year, month, day, hour, minute, second, utc] = said as (string | undefined)[];
      // A day is its last second; an instant is what the wall shows then.
      const at = Date.UTC(
        Number(year),
        Number(month) - 1,
        Number(day),
        Number(hour ?? 23),
        Number(minute ?? 59),
        Number(second ?? 59),
      );
      return `UNTIL=${compact(utc ? wallOf(at, start) : at)}`;
    },
  );
  const read = new RRuleTemporal({
    rruleString: `DTSTART:${compact(start.ms)}\nRRULE:${onWall}`,
    maxIterations: iterationsMax,
  });
  return read
    .between(new Date(first), new Date(last), true)
    .slice(0, datesMax)
    .map((each) => each.epochMilliseconds);
}

function compact(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
