// From words to an instant: applying zone, day and context to one moment.

import { type Days, dayOf, daysFor, readsLog, showDay } from './calendar.js';
import { type Clock, type Meridiem, msOfDay, showClock } from './clock.js';
import type { Draft } from './moment.js';
import { labelRemark, type Place, placeOf, showOffset } from './place.js';
import type { TimeContext } from './types.js';
import {
  addDays,
  type CalendarDate,
  dateAt,
  dayMs,
  daysBetween,
  hourMs,
  instantsAt,
  minuteMs,
  startOfDay,
  wallAt,
  zoneOf,
} from './zones.js';

export type Resolved = { ok: true; at: number; remarks: string[] } | { ok: false; reason: string };

/** What a range lends to one of its ends. */
export interface Lent {
  meridiem?: Meridiem;
  /** The earliest instant it may be: the end of a range is the first such one from its start on. */
  floor?: number;
}

interface Candidate {
  at: number;
  date: CalendarDate;
  /** Which of two equal wall times this is, where the clocks went back. */
  twin: 'first' | 'second' | null;
  shifted: boolean;
}

/** In a log, a time this much earlier than the entry before is out of order; one still earlier is of the next day. */
const outOfOrderMs = 6 * hourMs;
const nightEndsMs = 6 * hourMs;

/** The instant of one moment, with what is worth remarking, or why there is none. */
export function resolveMoment(draft: Draft, context: TimeContext, lent: Lent = {}): Resolved {
  if (draft.instant) return resolveInstant(draft.instant, draft.remark, context);
  const { clock } = draft;
  if (clock?.fault) return { ok: false, reason: clock.fault };
  if (draft.date?.fault) return { ok: false, reason: draft.date.fault };
  if (!clock)
    return {
      ok: false,
      reason: `Say the time of day too, like "${dayMeant(draft, context)} ${draft.dayPart === 'morning' ? '9:30' : draft.dayPart ? '8:30' : '14:00'}".`,
    };
  const place = placeOf(draft.zone, context);
  const today = todayIn(place, context);
  const days = daysFor(draft.date, today, context);
  if ('fault' in days) return { ok: false, reason: days.fault };
  const { ofDay, dayShift } = timeOfDay(clock, draft, lent);
  const candidates = days.dates
    .flatMap((date) => candidatesOn(addDays(date, dayShift), ofDay, place))
    .sort((a, b) => a.at - b.at);
  const chosen = choose(candidates, days, context, lent);
  if (!chosen)
    return {
      ok: false,
      reason: 'That time cannot be placed on a day. Write its date too, like 2026-03-30 10:42.',
    };
  const remarks = [
    draft.remark,
    place.remark,
    ...days.remarks,
    dayRemark(draft, chosen, days, context, lent),
    midnightRemark(clock, draft, chosen),
    clockRemark(chosen, ofDay, place),
    labelRemark(place, chosen.at, context),
  ];
  return { ok: true, at: chosen.at, remarks: remarks.filter((remark) => remark !== null) };
}

function resolveInstant(
  instant: NonNullable<Draft['instant']>,
  remark: string | null,
  context: TimeContext,
): Resolved {
  const at = 'at' in instant ? instant.at : context.now.getTime() + instant.sinceNow;
  return { ok: true, at, remarks: remark === null ? [] : [remark] };
}

/** The day as it was written, where it can be meant. */
function dayMeant(draft: Draft, context: TimeContext): string {
  const written = draft.date?.written ?? 'today';
  return context.direction === 'future' && /yesterday|\blast\b|\bago\b/i.test(written) ? 'tomorrow' : written;
}

/** The day from which words like `yesterday` are seen. */
function todayIn(place: Place, context: TimeContext): CalendarDate {
  if (context.after) return dateAt(context.after.getTime(), place.zone);
  return dayOf(context) ?? dateAt(context.now.getTime(), place.zone);
}

/** `morning` and `evening` decide between am and pm; the small hours of a night belong to the day after. */
function timeOfDay(clock: Clock, draft: Draft, lent: Lent): { ofDay: number; dayShift: number } {
  if (draft.dayPart === 'night') {
    const small = clock.hour % 12 < 6;
    const ofDay = msOfDay(clock, small ? 'am' : 'pm');
    return { ofDay, dayShift: draft.date && ofDay < nightEndsMs ? 1 : 0 };
  }
  const meridiem =
    draft.dayPart === null ? (lent.meridiem ?? null) : draft.dayPart === 'morning' ? 'am' : 'pm';
  return { ofDay: msOfDay(clock, meridiem), dayShift: 0 };
}

/** The instants of one wall time on one day. Letters pick between two equal wall times. */
function candidatesOn(date: CalendarDate, ofDay: number, place: Place): Candidate[] {
  const meaning = instantsAt({ ...date, msOfDay: ofDay }, place.zone);
  const wanted = place.wanted?.offset;
  const exact = wanted === undefined ? [] : meaning.instants.filter((at) => place.zone.offset(at) === wanted);
  if (exact.length > 0) return exact.map((at) => ({ at, date, twin: null, shifted: false }));
  return meaning.instants.map((at, index) => ({
    at,
    date,
    twin: meaning.instants.length < 2 ? null : index === 0 ? 'first' : 'second',
    shifted: meaning.shifted,
  }));
}

function choose(
  candidates: readonly Candidate[],
  days: Days,
  context: TimeContext,
  lent: Lent,
): Candidate | null {
  const now = context.now.getTime();
  const first = candidates[0] ?? null;
  const last = candidates.at(-1) ?? null;
  const from = (floor: number) => candidates.find((one) => one.at >= floor);
  if (lent.floor !== undefined) return from(lent.floor) ?? last;
  if (readsLog(context))
    return from(days.named ? (context.after?.getTime() ?? 0) : logFloor(context)) ?? last;
  if (context.direction === 'future') return from(now) ?? last;
  return candidates.findLast((one) => one.at <= now) ?? first;
}

/** Where the next bare time of a log may begin: on its day, and not far before the entry that came last. */
function logFloor(context: TimeContext): number {
  const zone = zoneOf(context);
  const day = dayOf(context);
  const after = context.after?.getTime();
  return Math.max(
    day ? startOfDay(day, zone) : Number.NEGATIVE_INFINITY,
    after === undefined
      ? Number.NEGATIVE_INFINITY
      : Math.max(after - outOfOrderMs, startOfDay(dateAt(after, zone), zone)),
  );
}

/** Names the day, where the words did not and it is not the one at hand. */
function dayRemark(
  draft: Draft,
  chosen: Candidate,
  days: Days,
  context: TimeContext,
  lent: Lent,
): string | null {
  if (days.named || lent.floor !== undefined) return null;
  const zone = zoneOf(context);
  const now = dateAt(context.now.getTime(), zone);
  const date = dateAt(chosen.at, zone);
  if (draft.date) return `Read ${draft.date.written} as ${showDay(chosen.date, now)}.`;
  const day = context.after ? dateAt(context.after.getTime(), zone) : (dayOf(context) ?? now);
  const away = daysBetween(day, date);
  if (away === 0) return null;
  const names = readsLog(context) ? ['the day before', 'the next day'] : ['yesterday', 'tomorrow'];
  const name = away === -1 ? `${names[0]}, ` : away === 1 ? `${names[1]}, ` : '';
  return `Read as ${name}${showDay(date, now)}.`;
}

function midnightRemark(clock: Clock, draft: Draft, chosen: Candidate): string | null {
  if (clock.style !== 'word' || clock.hour !== 0 || !draft.date) return null;
  return `Read midnight as 00:00, where ${showDay(chosen.date, chosen.date)} begins.`;
}

/** What the clock change did to this time. */
function clockRemark(chosen: Candidate, ofDay: number, place: Place): string | null {
  const day = showDay(chosen.date, { ...chosen.date, year: 0 });
  const wall = wallAt(chosen.at, place.zone);
  if (chosen.shifted) {
    return `${showClock(ofDay)} does not exist on ${day} in ${place.zone.name}, where the clocks went forward; read as ${wall.toFormat('HH:mm')}.`;
  }
  if (!chosen.twin) return null;
  const offset = showOffset(place.zone.offset(chosen.at));
  const twin = place.zone.offset(chosen.twin === 'first' ? chosen.at + dayMs : chosen.at - dayMs);
  const other = chosen.twin === 'first' ? 'second' : 'first';
  return `${showClock(ofDay)} came twice on ${day}; read as the ${chosen.twin} (${offset}). Write ${showOffset(twin)} for the ${other}.`;
}

/** A little ahead is a clock that runs fast, not the future. */
export const clockSkewMs = minuteMs;
