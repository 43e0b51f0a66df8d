// Reading times as people write them: `10:42`, `~11:20`, `12:55 PM PDT on March 30`, `5m ago`.

import { readsLog, showDay } from './calendar.js';
import { type Meridiem, msOfDay, showClock } from './clock.js';
import { type Cursor, openCursor, take, timeCharactersMax } from './cursor.js';
import { yearMax, yearMin } from './date.js';
import { type Doubt, whatPlace, zoneInDoubt } from './doubt.js';
import { readDuration, showDuration } from './duration.js';
import type { Draft } from './moment.js';
import { clockSkewMs, type Lent, type Resolved, resolveMoment } from './resolve.js';
import type { TimeContext, TimeReading, WrittenTime } from './types.js';
import { scanWritten, type Written } from './written.js';
import { dateAt, dayMs, daysBetween, hourMs, minuteMs, zoneOf } from './zones.js';

/** The words taken for the time, whole and verbatim, and the text that follows. */
export interface LeadingTime {
  reading: TimeReading;
  rest: string;
  /** Where a word may be of the time or of the text. Its remark is among those of the reading. */
  doubt: Doubt | null;
}

/** A time at the beginning of a text, and how much of the text it is. */
export interface BegunTime {
  reading: TimeReading;
  length: number;
}

const acrossMidnightMsMax = 12 * hourMs;
/** Undated, a range this long is more likely one whose end was read as of the next day. */
const undatedMsMax = 18 * hourMs;
const jumpDaysMax = 30;
const examples = 'Write it like 10:42, 10:42 UTC, 2026-03-30 12:55 or 5m ago.';
const examplesAhead = 'Write it like 14:30, 14:30 UTC, tomorrow 12:00 or in 30m.';
const wordsShownMax = 40;
/** A time has at most this many words, such as "12:55 PM PDT on March 30 2026". */
const wordsMax = 8;

/**
 * Reads a text that is a time and nothing else, as DESIGN section 5 has it. A bare time is in the sender's zone and the
 * most recent such instant. RFC 3339 and RFC 2822 are read. Pure; never throws; a few milliseconds at most on any input.
 */
export function readTime(text: string, context: TimeContext): TimeReading {
  const trimmed = text.trim();
  const ahead = context.direction === 'future';
  const how = ahead ? examplesAhead : examples;
  if (trimmed.length > timeCharactersMax) return refuse(`That is too long to be a time. ${how}`);
  if (trimmed === '') return refuse(how);
  if (ahead && context.lengths && readDuration(trimmed).ok) {
    const reading = readTime(`in ${trimmed}`, { ...context, lengths: false });
    if (reading.ok) return accept({ ...reading.time, asWritten: trimmed }, reading.remarks);
  }
  const cursor = openCursor(trimmed, false);
  const written = scanWritten(cursor);
  const ended = take(cursor, /\s*[.,;:!]?\s*$/y) !== null;
  if (written && ended) return resolveWritten(written, trimmed, context);
  return refuse(reasonAgainst(trimmed, cursor, written, ahead));
}

/**
 * Reads the longest time that a text begins with, as in `note [TIME] TEXT`, with the separator after it. Null when it
 * begins with ordinary words or numbers; a reading that is not ok when it begins with a time that cannot be.
 */
export function readLeadingTime(text: string, context: TimeContext): LeadingTime | null {
  const cursor = openCursor(text, true);
  const start = take(cursor, /\s*(?:[-*\u2022]\s+)?/y)?.[0].length ?? 0;
  const written = scanWritten(cursor);
  if (!written) return null;
  const asWritten = text.slice(start, cursor.at).trim();
  if (cursor.at >= timeCharactersMax) return null;
  if (!take(cursor, /$|\s*(?:[:;,|](?!\p{N})|\.(?=\s|$)|-{1,3}>?(?=\s|$)|\u2192|=>)\s*|\s+|(?=[)\]])/uy))
    return null;
  const rest = text.slice(cursor.at).trim();
  const doubt = zoneInDoubt(written, text.slice(start), asWritten);
  const reading = resolveWritten(written, asWritten, context);
  if (reading.ok && doubt) reading.remarks.push(doubt.remark);
  return { reading, rest, doubt };
}

/**
 * Reads as many words as make a time, where something said that there is one: `started:12:55 PM PDT on March 30 the
 * proxy died`. What may be text as well stays text, as it does in front of a note.
 */
export function readBegunTime(text: string, context: TimeContext): BegunTime | null {
  const longest = longestTime(text, context);
  if (longest?.length === text.length) return longest;
  const leading = readLeadingTime(text, context);
  // `13:55 PM x` is impossible as a whole; that its beginning would do is no reason to guess.
  const isBetter = leading && (!longest || leading.doubt?.leftInText || !leading.reading.ok);
  return isBetter ? { reading: leading.reading, length: text.length - leading.rest.length } : longest;
}

function longestTime(text: string, context: TimeContext): BegunTime | null {
  const words = [...text.slice(0, timeCharactersMax).matchAll(/\S+/g)].slice(0, wordsMax);
  for (const last of words.reverse()) {
    const length = last.index + last[0].length;
    const reading = readTime(text.slice(0, length), context);
    if (reading.ok) return { reading, length };
  }
  return null;
}

/** The time of words already taken apart. */
function resolveWritten(written: Written, asWritten: string, context: TimeContext): TimeReading {
  if (Number.isNaN(context.now.getTime())) return refuse('The time at which this was sent is not known.');
  const { start } = written;
  if (start.unknown) {
    const fault = start.date?.fault;
    return fault ? refuse(fault) : accept({ at: null, until: null, precision: 'unknown', asWritten }, []);
  }
  const ends = written.end ? resolveEnds(start, written.end, context) : resolveAlone(written, context);
  if (!ends.ok) return refuse(ends.reason);
  if (!isPlausible(ends.at) || !isPlausible(ends.until ?? ends.at)) {
    return refuse(`That is not between ${yearMin} and ${yearMax}. Write a date like 2026-03-30.`);
  }
  const approximate = start.approximate || (written.end?.approximate ?? false);
  const precision = ends.until !== null ? 'range' : approximate ? 'approximate' : 'exact';
  const until = ends.until === null ? null : new Date(ends.until);
  const remarks = [
    ...ends.remarks,
    ...whatPlace(written, ends.at, ends.until),
    ...disagreement(written.also, ends.at, context),
    ...oddities(ends.at, ends.until, context),
  ];
  return accept({ at: new Date(ends.at), until, precision, asWritten }, remarks);
}

type Ends = { ok: true; at: number; until: number | null; remarks: string[] } | { ok: false; reason: string };

function resolveAlone(written: Written, context: TimeContext): Ends {
  const at = resolveMoment(written.start, context);
  if (!at.ok) return at;
  if (written.endUnknown)
    return { ...at, until: null, remarks: [...at.remarks, 'When it ended is not known.'] };
  if (written.length === null) return { ...at, until: null };
  const length = readDuration(written.length);
  return length.ok ? { ...at, until: at.at + length.milliseconds } : length;
}

/** Both ends of a range. What is written at one end only, zone, date or am and pm, holds for both. */
function resolveEnds(first: Draft, second: Draft, context: TimeContext): Ends {
  const start: Draft = { ...first, zone: first.zone ?? second.zone };
  const end: Draft = { ...second, zone: second.zone ?? first.zone };
  if (end.date && !start.date && end.dateLast) {
    start.date = end.date;
    start.dayPart ??= end.dayPart;
    end.date = null;
  }
  const lent = lentMeridiems(start, end);
  if (end.date && !start.date && !start.instant) return resolveBackwards(start, end, lent, context);
  const from = resolveMoment(start, context, lent.start);
  if (!from.ok) return from;
  const to = resolveMoment(
    end,
    end.date ? context : { ...context, after: new Date(from.at), day: undefined },
    end.date || end.instant ? lent.end : { ...lent.end, floor: from.at },
  );
  if (!to.ok) return to;
  return checkOrder(start, end, from, to, context);
}

/** `23:50 to March 30 00:10`: the date is that of the end, and the start is the last such time before it. */
function resolveBackwards(
  start: Draft,
  end: Draft,
  lent: { start: Lent; end: Lent },
  context: TimeContext,
): Ends {
  const to = resolveMoment(end, context, lent.end);
  if (!to.ok) return to;
  const from = resolveMoment(
    start,
    { ...context, now: new Date(to.at), after: undefined, day: undefined, direction: 'past' },
    lent.start,
  );
  if (!from.ok) return from;
  return {
    ok: true,
    at: from.at,
    until: to.at,
    remarks: [...to.remarks, ...from.remarks.filter((remark) => !remark.startsWith('Read as'))],
  };
}

function checkOrder(
  start: Draft,
  end: Draft,
  from: Resolved & { ok: true },
  to: Resolved & { ok: true },
  context: TimeContext,
): Ends {
  const zone = zoneOf(context);
  const length = to.at - from.at;
  const told = new Set(from.remarks.map(subjectOf));
  const remarks = [...from.remarks, ...to.remarks.filter((remark) => !told.has(subjectOf(remark)))];
  const crossesMidnight = !end.date && !end.instant && goesBack(start, end);
  if (length < 0 || (crossesMidnight && length >= acrossMidnightMsMax)) {
    return {
      ok: false,
      reason: `The end of that range lies before its start. If ${shownEnds(end, start)} is meant, write it so; else write the date at both ends.`,
    };
  }
  if (crossesMidnight && daysBetween(dateAt(from.at, zone), dateAt(to.at, zone)) === 1) {
    remarks.push(`The end is on the next day, ${showDay(dateAt(to.at, zone), dateAt(from.at, zone))}.`);
  }
  if (!end.date && !end.instant && length >= undatedMsMax)
    remarks.push(`That lasts ${showDuration(length)}; if it does not, write the date at both ends.`);
  return { ok: true, at: from.at, until: to.at, remarks };
}

/** What a remark is about, so that both ends of a range need not say the same. */
function subjectOf(remark: string): string {
  return remark.split(';')[0] ?? remark;
}

function goesBack(start: Draft, end: Draft): boolean {
  if (!start.clock || !end.clock) return false;
  const lent = lentMeridiems(start, end);
  return msOfDay(end.clock, lent.end.meridiem ?? null) < msOfDay(start.clock, lent.start.meridiem ?? null);
}

function shownEnds(from: Draft, to: Draft): string {
  return [from, to].map((draft) => (draft.clock ? showClock(msOfDay(draft.clock)) : 'that')).join('-');
}

/** `10-11am`, `11-1pm`, `10:42 PM to 11:15`: the end without am or pm takes the other's, or its opposite where that keeps the order. */
function lentMeridiems(start: Draft, end: Draft): { start: Lent; end: Lent } {
  const [a, b] = [start.clock, end.clock];
  if (!a || !b || Boolean(a.meridiem) === Boolean(b.meridiem)) return { start: {}, end: {} };
  const given: Meridiem = a.meridiem ?? b.meridiem ?? 'am';
  const other: Meridiem = given === 'am' ? 'pm' : 'am';
  const inOrder = msOfDay(a, given) <= msOfDay(b, given);
  const lent = { meridiem: inOrder ? given : other };
  return a.meridiem ? { start: {}, end: lent } : { start: lent, end: {} };
}

/** Whether the same time in another zone is the same time. The one written first counts. */
function disagreement(also: Draft | null, at: number, context: TimeContext): string[] {
  if (!also) return [];
  const near = { ...context, now: new Date(at), after: undefined, day: undefined };
  const other = resolveMoment(also, near, { floor: at - acrossMidnightMsMax });
  if (!other.ok) return ['The time in brackets is not one; the first counts.'];
  if (other.at === at) return [];
  return [`The two times differ by ${showDuration(Math.abs(other.at - at))}; the first counts.`];
}

/** What a reader should be told of an instant as such: that it is to come, goes back, or jumps. */
function oddities(at: number, until: number | null, context: TimeContext): string[] {
  const now = context.now.getTime() + clockSkewMs;
  const remarks: string[] = [];
  if (!readsLog(context) && context.direction !== 'future') {
    if (at > now) remarks.push('That is in the future.');
    else if (until !== null && until > now) remarks.push('The end is in the future.');
    else if (now - at > 366 * dayMs) remarks.push('That is more than a year ago.');
  }
  if (context.direction === 'future' && at < context.now.getTime() - minuteMs)
    remarks.push('That is in the past.');
  if (!context.after) return remarks;
  const days = Math.floor((at - context.after.getTime()) / dayMs);
  if (at < context.after.getTime()) remarks.push('That is before the entry before it.');
  else if (days > jumpDaysMax) remarks.push(`That is ${days} days after the entry before it.`);
  return remarks;
}

function isPlausible(at: number): boolean {
  return at >= Date.UTC(yearMin, 0, 1) && at < Date.UTC(yearMax + 1, 0, 1);
}

/** Why a text is no time, and what to write instead. */
function reasonAgainst(text: string, cursor: Cursor, written: Written | null, ahead: boolean): string {
  const how = ahead ? examplesAhead : examples;
  const shown = text.length > wordsShownMax ? `${text.slice(0, wordsShownMax)}…` : text;
  if (/^T\s?[+-]\s?\d/i.test(text))
    return `"${shown}" counts from a start that is not known here. Write the time itself. ${how}`;
  if (/^\d{4}$/.test(text))
    return `${text} may be a year or a time. Write ${text.slice(0, 2)}:${text.slice(2)} for the time.`;
  if (/^\d{1,2}$/.test(text) && Number(text) <= 23)
    return `Say the minutes too: ${text.padStart(2, '0')}:00, or ${Number(text) % 12 || 12}pm.`;
  if (readDuration(text).ok)
    return `"${shown}" is a length of time. Write "${ahead ? `in ${shown}` : `${shown} ago`}", or the time itself.`;
  if (!written) return `"${shown}" is not a time. ${how}`;
  const fault = written.start.clock?.fault ?? written.start.date?.fault;
  if (fault) return fault;
  const rest = cursor.text.slice(cursor.at).trim().slice(0, wordsShownMax);
  const zone = /^\(?[A-Za-z][A-Za-z_/]{1,30}\)?$/.test(rest)
    ? ' If it is a zone, write UTC, an offset such as +01:00, or a name such as Europe/Berlin.'
    : ` ${how}`;
  return `"${shown}" begins with a time, but "${rest}" is not part of one.${zone}`;
}

function accept(time: WrittenTime, remarks: readonly string[]): TimeReading {
  return { ok: true, time, remarks: [...new Set(remarks)] };
}

function refuse(reason: string): TimeReading {
  return { ok: false, reason };
}
