// Reading a time of day: `10:42`, `9am`, `11.50`, `0942`, `noon`.
import { atBoundary, atBreak, type Cursor, peek, take } from './cursor.js';
import { scanZone } from './read-zone.js';

export type Meridiem = 'am' | 'pm';

export interface Clock {
  /** As written, 0 to 24. With a meridiem, of twelve hours. */
  hour: number;
  minute: number;
  /** Milliseconds past the minute. */
  ms: number;
  meridiem: Meridiem | null;
  style: 'colon' | 'dot' | 'compact' | 'hour' | 'word';
  hasSeconds: boolean;
  approximate: boolean;
  /** Why there is no such time, when there is none. */
  fault: string | null;
  remark: string | null;
}

/** What was read before the time of day, which decides how little may count as one. */
export interface ClockHints {
  /** After a date, `1150` and `9.05` are times. */
  hasDate: boolean;
  /** After `about` or `at`, an hour alone is a time, when nothing else follows. */
  hasLead: boolean;
  /** As the end of a range that began so, `11.50` is a time. */
  dotted: boolean;
}

const hourMax = 23;
const minuteMax = 59;
/** Hours past this in running text are no slip of a clock but a ratio, a port or a score. */
const slipHourMax = 29;

/** The time of day here, or null. One that cannot be is returned with its fault. */
export function scanClock(cursor: Cursor, hints: ClockHints): Clock | null {
  const clock =
    scanColon(cursor) ??
    scanWord(cursor, hints) ??
    scanDotted(cursor, hints) ??
    scanCompact(cursor, hints) ??
    scanHour(cursor, hints);
  if (!clock) return null;
  if (scanIsh(cursor)) clock.approximate = true;
  clock.fault ??= faultOf(clock);
  return clock;
}

/** Milliseconds since midnight. A range may lend a meridiem; a part of the day may too. */
export function msOfDay(clock: Clock, lent: Meridiem | null = null): number {
  const meridiem = clock.meridiem ?? (clock.hour <= 12 ? lent : null);
  const hour = meridiem ? (clock.hour % 12) + (meridiem === 'pm' ? 12 : 0) : clock.hour;
  return (hour * 60 + clock.minute) * 60_000 + clock.ms;
}

/** `13:55`, `1:55 PM`: the wall clock of 24 hours, for sentences. */
export function showClock(ofDay: number): string {
  const minutes = Math.floor(ofDay / 60_000);
  return `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
}

function scanColon(cursor: Cursor): Clock | null {
  const match = take(
    cursor,
    /(\d{1,2})(?::|h(?=\d{2}(?!\d|m)))(\d{2})(?::(\d{2})(?:\.(\d{1,9})|,(\d{3,9}))?)?(?!\d|[:.]\d)/iy,
  );
  if (!match) return null;
  const [, hour = '', minute = '', second, dotFraction, commaFraction] = match;
  if (cursor.leading && Number(hour) > slipHourMax) return back(cursor, match[0]);
  const clock = clockOf('colon', Number(hour), Number(minute));
  clock.hasSeconds = second !== undefined;
  clock.ms = Number(second ?? 0) * 1000 + fractionMs(dotFraction ?? commaFraction);
  if (Number(second ?? 0) > 60) clock.fault = `There is no second ${second}; write 00 to 59.`;
  clock.meridiem = scanMeridiem(cursor);
  if (clock.meridiem === null && !take(cursor, /\s?(?:hours|hrs|h|uhr)(?![\w-])/iy))
    return withTwelve(cursor, clock);
  return clock;
}

/** `12:00 noon` and `12:00 midnight`; behind any other time the word says nothing. */
function withTwelve(cursor: Cursor, clock: Clock): Clock {
  if (clock.hour !== 12 || clock.minute !== 0) return clock;
  const word = take(cursor, /\s(noon|midnight)(?![\w-])/iy)?.[1]?.toLowerCase();
  return word === 'midnight' ? { ...clock, style: 'word', hour: 0 } : clock;
}

function scanWord(cursor: Cursor, hints: ClockHints): Clock | null {
  const match = take(cursor, /(?:12\s)?(noon|midday|midnight)/iy);
  if (!match) return null;
  // "Midnight deploys are bad" is text; "midnight: deploy" and "midnight UTC" are not.
  const setOff =
    hints.hasDate ||
    hints.hasLead ||
    atBreak(cursor) ||
    peek(cursor, /\s(?:UTC|GMT|on\s|[A-Z]{2,4}T)(?!\w)/y);
  if (!atBoundary(cursor) || (cursor.leading && !setOff)) return back(cursor, match[0]);
  const midnight = match[1]?.toLowerCase() === 'midnight';
  return clockOf('word', midnight ? 0 : 12, 0);
}

function scanDotted(cursor: Cursor, hints: ClockHints): Clock | null {
  const start = cursor.at;
  // "30.03. 12:55" is a date and its time.
  const match = take(
    cursor,
    /(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?!\d|\.\d|[%$€£°]|\s?%|\.?,?\s{1,2}\d{1,2}:\d{2})/y,
  );
  if (!match) return null;
  const [, hour = '', minute = '', second] = match;
  const clock = clockOf('dot', Number(hour), Number(minute));
  clock.ms = Number(second ?? 0) * 1000;
  clock.hasSeconds = second !== undefined;
  clock.meridiem = scanMeridiem(cursor);
  if (clock.meridiem === null && take(cursor, /\s?uhr(?![\w-])/iy)) return clock;
  if (clock.meridiem || (isDottedTime(cursor, hints, clock) && (!clock.hasSeconds || hints.hasDate)))
    return clock;
  cursor.at = start;
  return null;
}

/** In running text `10.22` is as likely a version or a price, so something must say that it is a time. */
function isDottedTime(cursor: Cursor, hints: ClockHints, clock: Clock): boolean {
  if (
    peek(cursor, /\s?(?:[kmgt]i?b|ms|secs?|seconds?|percent|million|billion|dollars|euros?|usd|eur)(?!\w)/iy)
  )
    return false;
  if (!cursor.leading || hints.hasDate || hints.dotted) return true;
  const possible = clock.hour <= hourMax && clock.minute <= minuteMax;
  const saysTime =
    hints.hasLead ||
    atBreak(cursor) ||
    peek(cursor, /\s(?:UTC|GMT|[A-Z]{2,4}T|on|today|yesterday)(?!\w)|\s?-\s?\d{1,2}\.\d{2}(?![\d.])/iy);
  return possible && Boolean(saysTime);
}

function scanCompact(cursor: Cursor, hints: ClockHints): Clock | null {
  const match = take(
    cursor,
    /([01]\d|2\d)(\d{2})(?:(\d{2})(?:[.,](\d{1,9}))?)?(?![\d.:/]\d|\d|-\d(?!\d{3}\s?(?:Z|UTC|GMT|[A-Z]{2,4}T)(?!\w)))/y,
  );
  if (!match) return null;
  const [written, hour = '', minute = '', second, fraction] = match;
  // "071530Z DEC 21" is the seventh at 15:30, as pilots and soldiers write it.
  if (second !== undefined && peek(cursor, /Z\s?[A-Z]{3}\s?\d{2}/y)) return back(cursor, written);
  const clock = clockOf('compact', Number(hour), Number(minute));
  clock.ms = Number(second ?? 0) * 1000 + fractionMs(fraction);
  clock.hasSeconds = second !== undefined;
  // "1120-1145Z": the end of the range carries the zone.
  if (peek(cursor, /[Zz](?!\w)|\s?-\s?\d{4}\s?(?:Z|UTC|GMT|[A-Z]{2,4}T)(?!\w)/y)) return clock;
  if (cursor.text[match.index - 1] === 'T') return clock;
  if (take(cursor, /\s?(?:hours|hrs|h)(?![\w-])/iy))
    return hints.hasDate || !cursor.leading || second === undefined ? clock : back(cursor, written);
  const end = cursor.at;
  const zone =
    take(cursor, /\s?(?=[A-Z+])/y) && scanZone(cursor, { hasDate: hints.hasDate, hasSeconds: true });
  cursor.at = end;
  if (zone) return clock;
  if (cursor.leading || second !== undefined) return back(cursor, written);
  if (!hints.hasDate && /^(?:19|20)/.test(written)) return back(cursor, written);
  clock.remark = `Read ${written} as ${hour}:${minute}.`;
  return clock;
}

function scanHour(cursor: Cursor, hints: ClockHints): Clock | null {
  const match = take(cursor, /(\d{1,2})(?!\d|[.:/]\d)/y);
  if (!match) return null;
  const clock = clockOf('hour', Number(match[1]), 0);
  clock.meridiem = scanMeridiem(cursor);
  if (clock.meridiem) return clock;
  if (take(cursor, /\s?o'?clock(?!\w)/iy)) return withHourRemark(clock, match[0]);
  if (peek(cursor, ishPattern)) return withHourRemark(clock, match[0]);
  // "10-11am", "2 to 3pm": the end of the range says what the start is.
  if (peek(cursor, /\s?(?:-|to|and)\s?\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m(?!\w)/iy)) return clock;
  if (!cursor.leading && (hints.hasLead || peek(cursor, /\s?(?:UTC|GMT)(?!\w)/iy)))
    return withHourRemark(clock, match[0]);
  return back(cursor, match[0]);
}

/** An hour of a twelve-hour clock is read as one of twenty-four, and never in silence. */
function withHourRemark(clock: Clock, written: string): Clock {
  if (clock.hour >= 1 && clock.hour <= 11) {
    clock.remark = `Read ${written} as ${pad(clock.hour)}:00; write ${clock.hour}pm for ${clock.hour + 12}:00.`;
  }
  return clock;
}

function scanMeridiem(cursor: Cursor): Meridiem | null {
  const match = take(
    cursor,
    /\s{0,2}([ap])(?:m(?![\p{L}\p{N}_])|\.\s?m(?:\.|(?![\p{L}\p{N}_])))|([ap])(?![\p{L}\p{N}_.])/iuy,
  );
  const letter = (match?.[1] ?? match?.[2])?.toLowerCase();
  return letter === undefined ? null : letter === 'a' ? 'am' : 'pm';
}

const ishPattern = /\s?-?ish(?!\w)/iy;

function scanIsh(cursor: Cursor): boolean {
  return take(cursor, ishPattern) !== null;
}

/** Why there is no such time of day, and what may have been meant; null when there is. */
function faultOf(clock: Clock): string | null {
  const { hour, minute, meridiem } = clock;
  const written = `${clock.style === 'hour' ? hour : `${hour}:${pad(minute)}`}${meridiem ? ` ${meridiem.toUpperCase()}` : ''}`;
  if (minute > minuteMax) return `There is no minute ${minute} in ${written}; minutes go from 00 to 59.`;
  if (meridiem && (hour > 12 || (hour === 0 && meridiem === 'pm'))) {
    if (hour > hourMax) return `There is no hour ${hour} in ${written}; write a time like 10:42 or 1:55 PM.`;
    const twelve = `${hour % 12 || 12}:${pad(minute)} ${meridiem.toUpperCase()}`;
    return `${written} is not a time; it may mean ${pad(hour)}:${pad(minute)} or ${twelve}. Write the one that you mean.`;
  }
  const endOfDay = hour === 24 && minute === 0 && clock.ms === 0;
  if (hour > hourMax && !endOfDay) {
    const next =
      hour <= slipHourMax ? ` For the next day, write its date and ${pad(hour - 24)}:${pad(minute)}.` : '';
    return `There is no hour ${hour} in ${written}; hours go from 00 to 23.${next}`;
  }
  return null;
}

function clockOf(style: Clock['style'], hour: number, minute: number): Clock {
  return {
    hour,
    minute,
    ms: 0,
    meridiem: null,
    style,
    hasSeconds: false,
    approximate: false,
    fault: null,
    remark: null,
  };
}

function fractionMs(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.padEnd(3, '0').slice(0, 3));
}

function back(cursor: Cursor, written: string): null {
  cursor.at -= written.length;
  return null;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
