// A recurring freeze as people say it: `every weekday 18:00 to 08:00`, `Friday 16:00 to Monday 08:00`, `20 Dec to 2 Jan`.
import { type CalendarDate, daysBetween, daysInMonth, monthNames } from '../../core/time/zones.js';
import type { Recurring } from './schedule.js';

/** What was understood, or what to write instead. */
export type PhraseRead =
  | { readonly ok: true; readonly schedule: Recurring }
  | { readonly ok: false; readonly reason: string };

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const howToWrite =
  'Write it like “weekday 18:00 to 08:00”, “Friday 16:00 to Monday 08:00”, “20 Dec to 2 Jan”, or a rule of RFC 5545 with times: “FREQ=WEEKLY;BYDAY=FR 16:00 to 18:00”.';
const phraseCharactersMax = 300;

const clock = String.raw`(\d{1,2}):(\d{2})`;
const dayWord = '[a-z]+';
const daily = new RegExp(
  `^(?:every )?(day|weekday|weekend|${dayWord}s?(?:(?:,| and|, and) ?${dayWord}s?)*) ${clock} (?:to|until|-|–) ${clock}$`,
  'i',
);
const span = new RegExp(`^(?:every )?(${dayWord}) ${clock} (?:to|until|-|–) (${dayWord}) ${clock}$`, 'i');
const yearly = new RegExp(
  `^(?:every year )?(?:from )?(\\d{1,2}) (${dayWord})(?: ${clock})? (?:to|until|-|–) (\\d{1,2}) (${dayWord})(?: ${clock})?$`,
  'i',
);
const ruled = new RegExp(
  `^((?:RRULE:)?FREQ=\\S+) ${clock} (?:to|until|-|–) (?:\\+(\\d{1,2})d )?${clock}$`,
  'i',
);

/** Reads a phrase; its times are wall times of `zone`, and it begins on `today` at the earliest. Never throws. */
export function readPhrase(text: string, zone: string, today: CalendarDate): PhraseRead {
  const words = text
    .slice(0, phraseCharactersMax + 1)
    .trim()
    .replace(/\s+/g, ' ');
  if (words.length > phraseCharactersMax) return { ok: false, reason: `That is too long. ${howToWrite}` };
  const base = { type: 'recurring' as const, zone, from: textOf(today), skip: [] };
  const read = readDaily(words) ?? readSpan(words) ?? readYearly(words) ?? readRule(words);
  if (read === null) return { ok: false, reason: howToWrite };
  if ('reason' in read) return { ok: false, reason: `${read.reason} ${howToWrite}` };
  return { ok: true, schedule: { ...base, ...read } };
}

type Part = Pick<Recurring, 'rule' | 'start' | 'end'> | { readonly reason: string } | null;

function readDaily(words: string): Part {
  const found = daily.exec(words);
  if (!found) return null;
  const days = daysNamed(found[1] ?? '');
  if (days === null) return null;
  const [start, end] = [timeOf(found[2], found[3]), timeOf(found[4], found[5])];
  if (!start || !end) return { reason: 'A time of day is 00:00 to 23:59.' };
  const rule = days.length === 7 ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${days.join(',')}`;
  return { rule, start, end: { days: end > start ? 0 : 1, time: end } };
}

function readSpan(words: string): Part {
  const found = span.exec(words);
  const [from, to] = [dayNumber(found?.[1] ?? ''), dayNumber(found?.[4] ?? '')];
  if (!found || from === null || to === null) return null;
  const [start, end] = [timeOf(found[2], found[3]), timeOf(found[5], found[6])];
  if (!start || !end) return { reason: 'A time of day is 00:00 to 23:59.' };
  const days = (to - from + 7) % 7 || (end > start ? 0 : 7);
  return { rule: `FREQ=WEEKLY;BYDAY=${weekdays[from]}`, start, end: { days, time: end } };
}

// Without times, whole days: the last one is part of it.
function readYearly(words: string): Part {
  const found = yearly.exec(words);
  const [fromMonth, toMonth] = [monthNumber(found?.[2] ?? ''), monthNumber(found?.[6] ?? '')];
  if (!found || fromMonth === null || toMonth === null) return null;
  const [fromDay, toDay] = [Number(found[1]), Number(found[5])];
  // In a year without 29 February, so that the length is that of most years.
  if (
    fromDay < 1 ||
    toDay < 1 ||
    fromDay > daysInMonth(2024, fromMonth) ||
    toDay > daysInMonth(2024, toMonth)
  )
    return { reason: 'There is no such day.' };
  const start = found[3] === undefined ? '00:00' : timeOf(found[3], found[4]);
  const end = found[7] === undefined ? '00:00' : timeOf(found[7], found[8]);
  if (!start || !end) return { reason: 'A time of day is 00:00 to 23:59.' };
  const wraps = toMonth < fromMonth || (toMonth === fromMonth && toDay < fromDay);
  const length = daysBetween(
    { year: 2025, month: fromMonth, day: fromDay },
    { year: wraps ? 2026 : 2025, month: toMonth, day: toDay },
  );
  const days = found[7] === undefined ? length + 1 : length;
  return { rule: `FREQ=YEARLY;BYMONTH=${fromMonth};BYMONTHDAY=${fromDay}`, start, end: { days, time: end } };
}

function readRule(words: string): Part {
  const found = ruled.exec(words);
  if (!found) return null;
  const [start, end] = [timeOf(found[2], found[3]), timeOf(found[5], found[6])];
  if (!start || !end) return { reason: 'A time of day is 00:00 to 23:59.' };
  const days = found[4] === undefined ? (end > start ? 0 : 1) : Number(found[4]);
  return { rule: (found[1] ?? '').replace(/^RRULE:/i, '').toUpperCase(), start, end: { days, time: end } };
}

function daysNamed(words: string): string[] | null {
  const one = words.toLowerCase();
  if (one === 'day') return [...weekdays];
  if (one === 'weekday' || one === 'weekdays') return weekdays.slice(0, 5);
  if (one === 'weekend' || one === 'weekends') return weekdays.slice(5);
  const numbers = one.split(/,? and |, ?/).map(dayNumber);
  if (numbers.some((each) => each === null)) return null;
  return weekdays.filter((_, i) => numbers.includes(i));
}

function dayNumber(word: string): number | null {
  const plain = word.toLowerCase().replace(/s$/, '');
  const found = weekdayNames.findIndex((name) => plain.length >= 2 && name.startsWith(plain));
  return found < 0 ? null : found;
}

function monthNumber(word: string): number | null {
  const plain = word.toLowerCase();
  const found = monthNames.findIndex((name) => plain.length >= 3 && name.toLowerCase().startsWith(plain));
  return found < 0 ? null : found + 1;
}

function timeOf(hours: string | undefined, minutes: string | undefined): string | null {
  const [h, m] = [Number(hours), Number(minutes)];
  return h <= 23 && m <= 59 ? `${String(h).padStart(2, '0')}:${minutes}` : null;
}

function textOf({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
