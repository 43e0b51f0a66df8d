// Reading a date: in figures here, in words through chrono-node.
import { Chrono, casual } from 'chrono-node/en';
import { atBoundary, type Cursor, peek, take } from './cursor.js';
import { readDuration } from './duration.js';
import {
  addDays,
  type CalendarDate,
  dayMs,
  daysInMonth,
  isRealDate,
  midnightUtc,
  monthNames,
} from './zones.js';

/** One way to read a date in figures; without a year it is to be found. */
export interface DateChoice {
  year: number | null;
  month: number;
  day: number;
  order: 'ymd' | 'dmy' | 'mdy';
}

/** A date as far as its words alone say. */
export interface DateWords {
  written: string;
  choices: DateChoice[];
  /** Words for chrono-node, such as `last Friday`; empty when the date is in figures. */
  phrase: string;
  fault: string | null;
}

/** What a phrase means on a given day. */
export type PhraseMeaning =
  | { kind: 'date'; date: CalendarDate; weekday: number | null }
  | { kind: 'yearless'; month: number; day: number; weekday: number | null }
  | { kind: 'weekday'; weekday: number }
  | null;

interface PhraseReading {
  length: number;
  meaning: PhraseMeaning;
}

export const yearMin = 1970;
export const yearMax = 2100;
/**
 * chrono-node without what is not its part here: times of day, and dates in figures. Two of those left out take 100 ms
 * to compile at their first use, in which a whole note would wait. Should they be renamed, only that comes back.
 */
const leftOut = /(?:TimeUnit|TimeExpression|CasualTime|EndOf|ISOFormat|SlashDate|SlashMonth|Timezone)/;
const dates = new Chrono({
  parsers: casual.parsers.filter((parser) => !leftOut.test(parser.constructor.name)),
  refiners: casual.refiners.filter((refiner) => !leftOut.test(refiner.constructor.name)),
});

const phraseWordsMax = 9;
const centuryMax = 79;

const monthPattern =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const weekdayPattern =
  'mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const weekdayBefore = new RegExp(`(?:${weekdayPattern}),?\\s{1,2}(?=\\d{1,2}[/.-]\\d|\\d{4}[-/.]\\d)`, 'iy');
const weekdayAfter = new RegExp(`\\s?\\((?:${weekdayPattern})\\)`, 'iy');

/** The date here, or null. One that cannot be is returned with its fault. */
export function scanDate(cursor: Cursor): DateWords | null {
  // "Mon 30/03" and "30 March (Monday)": the date says it all.
  const weekday = take(cursor, weekdayBefore);
  const date = scanYearFirst(cursor) ?? scanFigures(cursor) ?? (weekday ? null : scanWords(cursor));
  if (date) take(cursor, weekdayAfter);
  else if (weekday) cursor.at = weekday.index;
  return date;
}

/** Reads words such as `March 30`, `last Friday`, `3 days ago`, seen from a day. Null when they are no date. */
export function meaningOf(phrase: string, today: CalendarDate): PhraseMeaning {
  return readPhrase(phrase, today)?.meaning ?? null;
}

function scanYearFirst(cursor: Cursor): DateWords | null {
  const dashed = take(cursor, /(\d{4,6})([-/.])(\d{1,2})\2(\d{1,2})(?!\d|[-/.]\d)/y);
  const match = dashed ?? take(cursor, /((?:19|20)\d{2})()(\d{2})(\d{2})(?=T\d|\s\d{1,2}[:.]?\d{2})/y);
  if (!match) return null;
  const [written, year = '', , month = '', day = ''] = match;
  take(cursor, /[Tt_](?=\d)/y);
  const choice: DateChoice = { year: Number(year), month: Number(month), day: Number(day), order: 'ymd' };
  return {
    written,
    choices: [choice],
    phrase: '',
    fault: faultOfYear(year) ?? faultOfDay([choice], written),
  };
}

/** `24/07/25`, `30.03.2026`, `03/04`: the order is left open here and settled by what else is known. */
function scanFigures(cursor: Cursor): DateWords | null {
  const match =
    take(cursor, /(\d{1,2})([-/.])(\d{1,2})\2(\d{4,6}|\d{2})(?!\d|[-/.]\d)/y) ??
    take(cursor, /(\d{1,2})(\/)(\d{1,2})(?!\d|[/.:-]\d)/y) ??
    take(cursor, /(\d{1,2})(\.)(\d{1,2})(?:\.(?=,?\s\d{1,2}[:.]\d{2})|(?=,?\s\d{1,2}:\d{2}))/y);
  if (!match) return null;
  const [written, first = '', mark, second = '', last] = match;
  const a = Number(first);
  const b = Number(second);
  const year = last === undefined ? null : last.length === 2 ? fullYear(Number(last)) : Number(last);
  const dayFirst: DateChoice = { year, month: b, day: a, order: 'dmy' };
  const monthFirst: DateChoice = { year, month: a, day: b, order: 'mdy' };
  // With dots nobody puts the month first.
  const choices: DateChoice[] = mark === '.' ? [dayFirst] : [dayFirst, monthFirst];
  if (last?.length === 2) choices.push({ year: fullYear(a), month: b, day: Number(last), order: 'ymd' });
  const real = choices.filter((choice) => isRealDate({ ...choice, year: choice.year ?? 2024 }));
  const fault = faultOfYear(last ?? '2000') ?? (real.length > 0 ? null : faultOfDay(choices, written));
  // `10.42.07` is a time of day with seconds rather than an impossible date.
  if (fault && mark === '.' && last?.length !== 4) {
    cursor.at -= written.length;
    return null;
  }
  take(cursor, /[Tt](?=\d)/y);
  return { written, choices: real, phrase: '', fault };
}

const anchorPattern = new RegExp(
  `^(?:${monthPattern}|${weekdayPattern}|yesterday|today|tomorrow|ago|later|days?)$`,
  'i',
);
const wordPattern = new RegExp(
  `[ ,./-]{0,2}(${monthPattern}|${weekdayPattern}|yesterday|today|tomorrow|ago|later|of|the|last|past|this|next|following|same|days?|weeks?|before|after|one|two|three|four|five|six|seven|an?|\\d{1,2}(?:st|nd|rd|th)|\\d{1,2}(?!\\d|[:.]\\d|h\\d|\\s?[ap]\\.?m(?!\\w)|\\s?o'clock|-?ish)|\\d{4,6}(?![\\d.]|:(?!\\d{2}:)))(?![\\p{L}\\p{N}_']|[:]\\p{L})`,
  'iuy',
);

/** Takes the run of words that can be in a date, and lets chrono-node say how many of them are. */
function scanWords(cursor: Cursor): DateWords | null {
  const start = cursor.at;
  let anchored = false;
  for (let count = 0; count < phraseWordsMax; count += 1) {
    if (count === 0 && peek(cursor, /[ ,./-]/y)) break;
    const word = take(cursor, wordPattern)?.[1];
    if (word === undefined) break;
    anchored ||= anchorPattern.test(word);
  }
  const run = cursor.text.slice(start, cursor.at);
  cursor.at = start;
  if (!anchored) return null;
  const phrase = run.replace(/\./g, ' ');
  const read = readPhrase(phrase, { year: 2024, month: 6, day: 15 });
  if (!read) return scanImpossible(cursor, run);
  cursor.at = start + read.length;
  const year = peek(cursor, /\d+/y);
  if (year) cursor.at += year[0].length;
  if (!atBoundary(cursor) && !peek(cursor, /:\d{2}:|'\d|[-/.]\s/y)) {
    cursor.at = start;
    return null;
  }
  const written = cursor.text.slice(start, cursor.at);
  take(cursor, /:(?=\d{2}:\d{2})/y);
  const fault = faultOfYear(/\d{4,}$/.exec(written)?.[0] ?? '2000');
  return { written, choices: [], phrase: phrase.slice(0, read.length), fault };
}

/** `31 Feb`: chrono-node passes over it, and so would say nothing about it. */
function scanImpossible(cursor: Cursor, run: string): DateWords | null {
  const match = new RegExp(
    `^(?:(?:${weekdayPattern})[ ,]{1,2})?(?:(\\d{1,2})(?:st|nd|rd|th)?[ ./-]{1,2}(?:of )?(${monthPattern})|(${monthPattern})[ ./-]{1,2}(\\d{1,2})(?:st|nd|rd|th)?)(?:[ ,./-]{1,2}(\\d{4}))?(?![\\w])`,
    'i',
  ).exec(run);
  if (!match) return null;
  cursor.at += match[0].length;
  const month =
    monthNames.findIndex((name) =>
      name.toLowerCase().startsWith((match[2] ?? match[3] ?? '').slice(0, 3).toLowerCase()),
    ) + 1;
  const choice: DateChoice = {
    year: match[5] ? Number(match[5]) : null,
    month,
    day: Number(match[1] ?? match[4]),
    order: 'dmy',
  };
  return { written: match[0], choices: [choice], phrase: '', fault: faultOfDay([choice], match[0]) };
}

/**
 * What chrono-node makes of the beginning of a phrase. It is asked for dates only, at noon and with a fixed offset:
 * its reference passes through the host's zone, where noon always exists. Zones and times of day are not its part.
 */
function readPhrase(phrase: string, today: CalendarDate): PhraseReading | null {
  const away = readDaysAway(phrase, today);
  if (away) return away;
  const reference = { instant: new Date(midnightUtc(today) + 12 * 3_600_000), timezone: 0 };
  const found = dates.parse(phrase, reference)[0];
  const skipped = /^the\s/i.exec(phrase)?.[0].length ?? 0;
  if (!found || found.index > skipped || found.end) return null;
  const { start } = found;
  const date = { year: start.get('year') ?? 0, month: start.get('month') ?? 0, day: start.get('day') ?? 0 };
  const length = found.index + found.text.trimEnd().length;
  const weekday = start.isCertain('weekday') ? start.get('weekday') : null;
  if (start.isCertain('day') && start.isCertain('month')) {
    return start.isCertain('year')
      ? { length, meaning: { kind: 'date', date, weekday } }
      : { length, meaning: { kind: 'yearless', month: date.month, day: date.day, weekday } };
  }
  if (weekday === null) return null;
  const moved = /(?:^|\s)(?:last|past|next)\s/i.test(found.text);
  return moved
    ? { length, meaning: { kind: 'date', date, weekday } }
    : { length, meaning: { kind: 'weekday', weekday } };
}

/** `3 days ago`, `a week ago`, `the day before yesterday`, and in logs `the next day`. */
function readDaysAway(phrase: string, today: CalendarDate): PhraseReading | null {
  const match =
    /^(?:the )?(day before yesterday|(?:next|following) day|day after(?! tomorrow)|same day)(?!\w)/i.exec(
      phrase,
    ) ??
    /^()((?:\d{1,3}|an?|one|two|three|four|five|six|seven) (?:days?|weeks?)) (ago|later)(?!\w)/i.exec(phrase);
  if (!match) return null;
  const length = readDuration(match[2] ?? '');
  const named = /^day before/i.test(match[1] ?? '') ? -2 : /^same/i.test(match[1] ?? '') ? 0 : 1;
  const days = length.ok ? (length.milliseconds / dayMs) * (/ago/i.test(match[3] ?? '') ? -1 : 1) : named;
  return { length: match[0].length, meaning: { kind: 'date', date: addDays(today, days), weekday: null } };
}

function fullYear(twoDigits: number): number {
  return twoDigits <= centuryMax ? 2000 + twoDigits : 1900 + twoDigits;
}

function faultOfYear(digits: string): string | null {
  const year = Number(digits);
  if (digits.length === 2 || (year >= yearMin && year <= yearMax)) return null;
  const meant = new Set<string>();
  for (let drop = 0; drop < digits.length && digits.length === 5; drop += 1) {
    const shorter = digits.slice(0, drop) + digits.slice(drop + 1);
    if (/^20[0-3]/.test(shorter)) meant.add(shorter);
  }
  const guess = meant.size > 0 ? ` It may mean ${[...meant].join(' or ')}.` : '';
  return `The year ${digits} cannot be right.${guess} Write a date like 2026-03-30.`;
}

function faultOfDay(choices: readonly DateChoice[], written: string): string | null {
  const choice = choices[0];
  if (!choice || choices.some((one) => isRealDate({ ...one, year: one.year ?? 2024 }))) return null;
  const { month, year } = choice;
  const month13 = month < 1 || month > 12;
  if (month13) return `${written} is not a date: there is no month ${month}. Write it like 2026-03-30.`;
  const days = daysInMonth(year ?? 2024, month);
  const name = monthNames[month - 1];
  const has = month !== 2 ? `${days} days` : year === null ? '28 or 29 days' : `${days} days in ${year}`;
  return `${written} is not a date: ${name} has ${has}. Write it like 2026-03-30.`;
}
