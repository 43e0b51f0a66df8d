// What a calendar says: its events in some days, as instants. The host's zone plays no part in it.
import ICAL from 'ical.js';
import type { Zone } from 'luxon';
import { shorten } from '../core/message.js';
import { oneLine } from '../core/text.js';
import {
  isOverBy,
  onWall,
  repeats,
  type Span,
  spanOf,
  startsOf,
  type Times,
  timesOf,
  wallsOf,
} from './calendar-times.js';

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

/** So many events and so many of their times are read; one that repeats is one event. */
export const occurrencesMax = 2_000;
const problemsMax = 10;
const summaryMax = 200;
const dayMs = 86_400_000;

/** An event that may touch the days that are read, and when it next does. */
interface Near {
  readonly series: Series;
  readonly times: Times;
  readonly at: number;
}

/**
 * Reads the events of a calendar that touch these days; of too many the nearest in time. `zone`: of times that name
 * none. Throws NoCalendar.
 */
export function readCalendar(text: string, zone: Zone, from: Date, until: Date): CalendarRead {
  const problems = new Set<string>();
  const near: Near[] = [];
  for (const calendar of parsed(text)) {
    const times = timesOf(calendar, zone, problems);
    for (const series of eventsIn(calendar.getAllSubcomponents('vevent')))
      attempt(series, problems, () => {
        const at = nearestOf(series, times, from, until);
        if (at !== null) near.push({ series, times, at });
      });
  }
  const tooMany = near.length > occurrencesMax;
  if (tooMany) near.sort((a, b) => a.at - b.at);
  const kept = new Nearest();
  for (const { series, times } of near.slice(0, occurrencesMax))
    attempt(series, problems, () => {
      for (const each of occurrencesOf(series, times, from, until)) kept.add(each);
    });
  const occurrences = kept.all();
  const limit =
    tooMany || kept.leftOut ? [`of more than ${occurrencesMax} events only the nearest are read`] : [];
  return { occurrences, problems: [...limit, ...problems].slice(0, problemsMax) };
}

function attempt({ master, changed }: Series, problems: Set<string>, work: () => void): void {
  try {
    work();
  } catch (error) {
    const event = master ?? changed[0];
    const why = error instanceof Error ? error.message : String(error);
    const words = `“${event ? summaryOf(event) : ''}” cannot be read: ${why}`;
    problems.add(shorten(oneLine(words), summaryMax));
  }
}

/** Times of events, of which only the nearest are kept. */
class Nearest {
  leftOut = false;
  private kept: Occurrence[] = [];

  add(each: Occurrence): void {
    this.kept.push(each);
    // Not at each one: sorting would be most of the work.
    if (this.kept.length > 4 * occurrencesMax) this.cut();
  }

  all(): readonly Occurrence[] {
    if (this.kept.length > occurrencesMax) this.cut();
    return this.kept;
  }

  private cut(): void {
    this.leftOut = true;
    this.kept.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    this.kept.length = occurrencesMax;
  }
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

/** An event that repeats, and the single times of it that were changed; null: those alone are there. */
interface Series {
  readonly master: ICAL.Component | null;
  readonly changed: readonly ICAL.Component[];
}

function eventsIn(events: readonly ICAL.Component[]): Series[] {
  const series = new Map<string, { master: ICAL.Component | null; changed: ICAL.Component[] }>();
  events.forEach((event, at) => {
    const uid = String(event.getFirstPropertyValue('uid') ?? `none/${at}`);
    const found = series.get(uid) ?? { master: null, changed: [] };
    if (event.hasProperty('recurrence-id')) found.changed.push(event);
    else if (!found.master || sequenceOf(event) >= sequenceOf(found.master)) found.master = event;
    series.set(uid, found);
  });
  return [...series.values()];
}

function sequenceOf(event: ICAL.Component): number {
  const said = Number(event.getFirstPropertyValue('sequence') ?? 0);
  return Number.isFinite(said) ? said : 0;
}

/** A time of a series that was changed, and which one it was. */
interface Change {
  readonly event: ICAL.Component;
  /** Null: it was cancelled. */
  readonly span: Span | null;
  /** On the wall of the series. */
  readonly at: number;
  /** All later ones are changed with it. */
  readonly onwards: boolean;
}

// Of several words on one time the latest counts.
function changesOf({ master, changed }: Series, times: Times): Change[] {
  const start = master && wallsOf(master, 'dtstart', times)[0];
  const changes = new Map<number, Change>();
  for (const event of changed) {
    const wall = wallsOf(event, 'recurrence-id', times)[0];
    if (!wall) continue;
    const at = start ? onWall(wall, start) : wall.toInstant(wall.ms);
    const before = changes.get(at);
    if (before && sequenceOf(before.event) > sequenceOf(event)) continue;
    const range = String(event.getFirstProperty('recurrence-id')?.getFirstParameter('range') ?? '');
    const onwards = range.toUpperCase() === 'THISANDFUTURE';
    const span = isCancelled(event) ? null : spanOf(event, times);
    changes.set(at, { event, span, at, onwards });
  }
  return [...changes.values()].sort((a, b) => a.at - b.at);
}

// When a series next touches these days, as far as that is seen without counting it out; null: not at all.
function nearestOf(series: Series, times: Times, from: Date, until: Date): number | null {
  const { master } = series;
  const changes = changesOf(series, times);
  const starts = changes.flatMap(({ event, span }) =>
    span ? single(event, span, from, until).map(startOf) : [],
  );
  if (master && !isCancelled(master)) {
    const span = spanOf(master, times);
    const moved = changes.some((each) => each.onwards);
    if (!repeats(master)) starts.push(...single(master, span, from, until).map(startOf));
    else if (
      moved ||
      (span.start.toInstant(span.start.ms) < until.getTime() && !isOverBy(master, span, from))
    )
      starts.push(Math.max(span.start.toInstant(span.start.ms), from.getTime()));
  }
  return starts.length === 0 ? null : Math.min(...starts);
}

const startOf = ({ startsAt }: Occurrence) => startsAt.getTime();

function* occurrencesOf(series: Series, times: Times, from: Date, until: Date): Generator<Occurrence> {
  const { master } = series;
  const changes = changesOf(series, times);
  if (master && !isCancelled(master)) yield* repeated(master, changes, times, from, until);
  for (const { event, span } of changes) if (span) yield* single(event, span, from, until);
}

// The times of a series that nobody changed, and those that were changed with an earlier one.
function* repeated(
  master: ICAL.Component,
  changes: readonly Change[],
  times: Times,
  from: Date,
  until: Date,
): Generator<Occurrence> {
  const span = spanOf(master, times);
  const changed = new Set(changes.map((each) => each.at));
  const onwards = changes.filter((each) => each.onwards);
  const moved = onwards.flatMap((each) => (each.span ? [{ at: each.at, ...each.span }] : []));
  const movedMs = Math.max(0, ...moved.map(({ start, at }) => Math.abs(start.ms - at) + dayMs));
  const reachMs = Math.max(span.reachMs, ...moved.map((each) => each.reachMs));
  const first = new Date(from.getTime() - movedMs);
  const last = new Date(until.getTime() + movedMs);
  for (const ms of startsOf(master, span.start, times, first, last, reachMs)) {
    if (changed.has(ms)) continue;
    const since = onwards.findLast((each) => each.at < ms);
    if (!since) yield* between(master, span, ms, from, until);
    else if (since.span)
      yield* between(since.event, since.span, since.span.start.ms + (ms - since.at), from, until);
  }
}

function single(event: ICAL.Component, span: Span, from: Date, until: Date): Occurrence[] {
  return between(event, span, span.start.ms, from, until);
}

// An event that begins at a time of the wall, where it touches these days.
function between(event: ICAL.Component, span: Span, ms: number, from: Date, until: Date): Occurrence[] {
  const startsAt = span.start.toInstant(ms);
  const endsAt = span.endOf(ms);
  if (endsAt <= from.getTime() || startsAt >= until.getTime()) return [];
  return [occurrence(event, startsAt, endsAt)];
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
