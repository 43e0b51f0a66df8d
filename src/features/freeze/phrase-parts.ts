// The parts of a phrase: days of the week, months, times of day, first and last. Pure.
import { monthNames } from '../../core/time/zones.js';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export const weekdayNames: readonly string[] = [
  ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
];
const wordLettersMin = 3;

/** Monday is 0; null for what is no day of the week. */
export function dayOf(word: string): number | null {
  const short = word.trim().toLowerCase().replace(/\.$/, '').replace(/days$/, 'day');
  // “weds”, “tues”, “thurs”: as people shorten them.
  const found = weekdayNames.findIndex(
    (name) =>
      short.length >= wordLettersMin && `${name.toLowerCase()}s`.startsWith(short.replace(/^weds$/, 'wed')),
  );
  return found < 0 ? null : found;
}

/** The days that some words name, from Monday on; null for what names none. */
export function daysOf(words: string): number[] | null {
  const plain = words.trim().toLowerCase();
  if (/^(?:day|daily|night|nightly)$/.test(plain)) return [0, 1, 2, 3, 4, 5, 6];
  if (/^(?:(?:week|work|business|working) ?days?)$/.test(plain)) return [0, 1, 2, 3, 4];
  if (/^weekends?$/.test(plain)) return [5, 6];
  const named = plain.split(/\s*(?:,\s*and\s|,|\sand\s|&|\+|\/)\s*/).map(runOf);
  if (named.some((each) => each === null)) return null;
  const days = new Set(named.flatMap((each) => each ?? []));
  return [...weekdays.keys()].filter((day) => days.has(day));
}

// `mon`, `mon to fri`, `sat-mon`.
function runOf(words: string): number[] | null {
  const [first = '', last, ...more] = words.split(/ to |-/);
  const [from, to] = [dayOf(first), last === undefined ? dayOf(first) : dayOf(last)];
  if (more.length > 0 || from === null || to === null) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
}

const places = new Map<string, number>([
  ...([
    ['first', 1],
    ['1st', 1],
    ['second', 2],
    ['2nd', 2],
    ['third', 3],
    ['3rd', 3],
  ] as const),
  ...([
    ['fourth', 4],
    ['4th', 4],
    ['last', -1],
  ] as const),
]);

/** `last Friday`, `second Tuesday of the month`. */
export function ordinalOf(words: string): { readonly place: number; readonly day: number } | null {
  const found = /^(\w+) ([a-z]+\.?)( of (?:the|every|each) month)?$/i.exec(words.trim());
  const place = places.get(found?.[1]?.toLowerCase() ?? '');
  const day = dayOf(found?.[2] ?? '');
  return place === undefined || day === null ? null : { place, day };
}

/** January is 1; null for what is no month. */
export function monthOf(word: string): number | null {
  const short = word.trim().toLowerCase();
  const found = monthNames.findIndex(
    (name) =>
      short.length >= wordLettersMin &&
      (name.toLowerCase().startsWith(short) || (short === 'sept' && name === 'September')),
  );
  return found < 0 ? null : found + 1;
}

/** `18:00` of `18:00`, `18.00`, `6pm`, `6:30 p.m.`, `noon`; at an end, midnight is 24:00. Null for what is no time. */
export function clockOf(word: string, at: 'start' | 'end' = 'start'): string | null {
  const plain = word.trim().toLowerCase().replaceAll(' ', '');
  if (plain === 'noon') return '12:00';
  if (plain === 'midnight') return at === 'end' ? '24:00' : '00:00';
  const found = /^(\d{1,2})(?:[:.](\d{2}))?([ap]\.?m\.?)?$/.exec(plain);
  if (!found || (found[2] === undefined && found[3] === undefined)) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  const half = found[3]?.[0];
  if (minute > 59 || (half !== undefined && (hour < 1 || hour > 12))) return null;
  if (hour > 23 && !(hour === 24 && minute === 0 && at === 'end')) return null;
  const shown = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return `${String(shown).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
