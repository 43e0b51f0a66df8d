// Finding the day that was meant, where the words leave it open.
import type { DateChoice, DateWords } from './date.js';
import { meaningOf } from './date.js';
import type { TimeContext } from './types.js';
import { addDays, type CalendarDate, dateAt, daysBetween, isRealDate, monthNames, zoneOf } from './zones.js';

/** The days to look at: one when the words name it, several when the clock has to choose. */
export interface Days {
  dates: CalendarDate[];
  /** Whether the words name one day, whatever the time of day. */
  named: boolean;
  remarks: string[];
}

const logJumpDaysMax = 7;
const yearlessAheadDaysMax = 7;
const recentDaysMax = 5 * 366;
const leapYearsApartMax = 8;
const daysAround = 9;
const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The days that may be meant, seen from `today`, which is the date of now or of the entry before. */
export function daysFor(
  words: DateWords | null,
  today: CalendarDate,
  context: TimeContext,
): Days | { fault: string } {
  if (!words) return { dates: around(today, 3), named: false, remarks: [] };
  if (words.fault) return { fault: words.fault };
  return words.phrase ? daysOfPhrase(words, today, context) : dayOfFigures(words, today, context);
}

/** Whether a log is being read, where a time follows the entry before and not the present. */
export function readsLog(context: TimeContext): boolean {
  return context.after !== undefined || context.day !== undefined;
}

/** `30 March`, with the year where it is not that of `beside`. */
export function showDay(date: CalendarDate, beside: CalendarDate): string {
  const month = monthNames[date.month - 1];
  return date.year === beside.year ? `${date.day} ${month}` : `${date.day} ${month} ${date.year}`;
}

/** The ISO date of a log's first day, or null where it is not one. */
export function dayOf(context: TimeContext): CalendarDate | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(context.day ?? '');
  if (!match) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isRealDate(date) ? date : null;
}

function daysOfPhrase(words: DateWords, today: CalendarDate, context: TimeContext): Days | { fault: string } {
  // 29 February is no date in most years; seen from a leap year it is read, and its year is found below.
  const meaning =
    meaningOf(words.phrase, today) ?? meaningOf(words.phrase, { year: 2024, month: 6, day: 15 });
  if (!meaning) return { fault: `"${words.written}" is not a date. Write it like 2026-03-30.` };
  if (meaning.kind === 'weekday') {
    const dates = around(today, daysAround).filter((date) => weekdayOf(date) === meaning.weekday);
    return { dates, named: false, remarks: [] };
  }
  const date = meaning.kind === 'date' ? meaning.date : yearFor(meaning, today, context);
  if (!date) return { fault: `"${words.written}" is not a date. Write it like 2026-03-30.` };
  const remarks: string[] = [];
  const guessed =
    meaning.kind === 'yearless'
      ? date.year !== dateNow(context).year
      : !/\d{4}/.test(words.written) && !/^(?:yesterday|today|tomorrow)$/i.test(words.phrase);
  if (guessed)
    remarks.push(
      `Read ${words.written} as ${showDay(date, dateNow(context))}${meaning.kind === 'yearless' ? yearInDoubt(date, today, context) : ''}.`,
    );
  if (meaning.weekday !== null && meaning.weekday !== weekdayOf(date) && weekdayNamed(words.written)) {
    remarks.push(
      `${showDay(date, dateNow(context))} is a ${weekdayNames[weekdayOf(date)]}, not a ${weekdayNames[meaning.weekday]}.`,
    );
  }
  return { dates: [date], named: true, remarks };
}

function dayOfFigures(words: DateWords, today: CalendarDate, context: TimeContext): Days | { fault: string } {
  const dated = words.choices.flatMap((choice) => {
    const date = choice.year === null ? yearFor(choice, today, context) : { ...choice, year: choice.year };
    return date ? [{ order: choice.order, date: { year: date.year, month: date.month, day: date.day } }] : [];
  });
  const monthFirst = /^en[-_]US\b/i.test(context.locale ?? 'en-GB');
  const rank = (order: DateChoice['order']) =>
    ['ymd', ...(monthFirst ? ['dmy', 'mdy'] : ['mdy', 'dmy'])].indexOf(order);
  const preferred = [...dated].sort((a, b) => rank(b.order) - rank(a.order));
  // In a log the days around say which order its writer uses, better than any locale.
  const near = readsLog(context)
    ? preferred.find((one) => Math.abs(daysBetween(today, one.date)) <= logJumpDaysMax)
    : undefined;
  // `26-03-10` may be 2010 or 2026: nobody logs what happened ten years ago.
  const recent = preferred.find((one) => Math.abs(daysBetween(one.date, today)) <= recentDaysMax);
  const chosen = near ?? recent ?? preferred[0];
  if (!chosen) return { fault: `${words.written} is not a date. Write it like 2026-03-30.` };
  const open = dated.some((one) => daysBetween(one.date, chosen.date) !== 0);
  const guessedYear = words.choices[0]?.year === null && chosen.date.year !== dateNow(context).year;
  const yearNamed = open && words.choices[0]?.year !== null;
  const beside = yearNamed ? { ...chosen.date, year: 0 } : dateNow(context);
  return {
    dates: [chosen.date],
    named: true,
    remarks:
      open || guessedYear
        ? [
            `Read ${words.written} as ${showDay(chosen.date, beside)}${guessedYear ? yearInDoubt(chosen.date, today, context) : ''}.`,
          ]
        : [],
  };
}

/** The year of a date without one: in a log the nearest, else the most recent, or the next where that is meant. */
function yearFor(
  of: { month: number; day: number },
  today: CalendarDate,
  context: TimeContext,
): CalendarDate | null {
  const dates = Array.from({ length: 2 * leapYearsApartMax + 1 }, (_, at) => ({
    year: today.year + at - leapYearsApartMax,
    month: of.month,
    day: of.day,
  })).filter(isRealDate);
  if (readsLog(context)) {
    return (
      [...dates].sort((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)))[0] ?? null
    );
  }
  if (context.direction === 'future') return dates.find((date) => daysBetween(today, date) >= 0) ?? null;
  return dates.findLast((date) => daysBetween(today, date) <= yearlessAheadDaysMax) ?? null;
}

/** Where the next such day is nearer than the last, the year taken is more likely wrong than elsewhere, and said so. */
function yearInDoubt(date: CalendarDate, today: CalendarDate, context: TimeContext): string {
  const next = { ...date, year: date.year + 1 };
  if (readsLog(context) || context.direction === 'future' || !isRealDate(next)) return '';
  if (daysBetween(today, next) > daysBetween(date, today) || daysBetween(today, next) < 0) return '';
  const iso = [next.year, pad(next.month), pad(next.day)].join('-');
  return `, last year, since ${showDay(next, { ...next, year: 0 })} is still to come. If that is wrong, correct it and write the year too, such as ${iso}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function around(today: CalendarDate, days: number): CalendarDate[] {
  return Array.from({ length: 2 * days + 1 }, (_, at) => addDays(today, at - days));
}

function dateNow(context: TimeContext): CalendarDate {
  return dateAt(context.now.getTime(), zoneOf(context));
}

/** 0 is Sunday, as in chrono-node. */
function weekdayOf(date: CalendarDate): number {
  return new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
}

function weekdayNamed(words: string): boolean {
  return /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(words);
}
