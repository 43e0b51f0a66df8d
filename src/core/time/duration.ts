// Lengths of time: read as people write them, shown short, and in ISO 8601.
import { dayMs, hourMs, minuteMs } from './zones.js';

export type DurationReading = { ok: true; milliseconds: number } | { ok: false; reason: string };

export interface DurationOptions {
  /** Whether `-2h` is allowed, as for shifting a timeline back. */
  negative?: boolean;
}

const durationCharactersMax = 80;
const durationDaysMax = 3660;

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: minuteMs,
  min: minuteMs,
  minute: minuteMs,
  h: hourMs,
  hr: hourMs,
  hour: hourMs,
  d: dayMs,
  day: dayMs,
  w: 7 * dayMs,
  wk: 7 * dayMs,
  week: 7 * dayMs,
};

const numberWords: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  'a couple of': 2,
  'half a': 0.5,
  'half an': 0.5,
  half: 0.5,
};

const howToWrite = 'Write a length of time like 30m, 2h, 1h30m or 1 day.';
const durationPart =
  /\s*(?:and\s+|,\s*)?(\d{1,9}(?:[.,]\d{1,3})?|a couple of|half an|half a|half|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty)\s*(ms|seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)\.?(?![a-z])/iy;

/**
 * Reads `30m`, `1h30m`, `90 min`, `half an hour`, `1 hour and 31 minutes` and ISO 8601 (`PT1H31M`), `from now` behind it or not. A day is 24 hours.
 * A sign is refused unless allowed; months and years are, since they have no fixed length. Never throws.
 */
export function readDuration(text: string, options: DurationOptions = {}): DurationReading {
  const trimmed = text
    .slice(0, durationCharactersMax + 1)
    .replace(/\u2212/g, '-')
    .trim()
    .replace(/\sfrom\snow$/i, '');
  if (trimmed.length > durationCharactersMax)
    return { ok: false, reason: `That is too long to be a length of time. ${howToWrite}` };
  const sign = /^[+-]/.exec(trimmed)?.[0] ?? '';
  if (sign === '-' && !options.negative)
    return { ok: false, reason: `A length of time cannot be negative here. ${howToWrite}` };
  const words = trimmed.slice(sign.length).trim();
  const milliseconds = readIso(words) ?? readParts(words);
  if (milliseconds === null) return { ok: false, reason: reasonAgainst(words) };
  if (milliseconds > durationDaysMax * dayMs)
    return { ok: false, reason: 'That is longer than ten years. Write a shorter length of time.' };
  return { ok: true, milliseconds: sign === '-' && milliseconds !== 0 ? -milliseconds : milliseconds };
}

/** `1h 31m`, `-5m`, `45s`, `2d 3h`: days, hours and minutes, and seconds below one hour. Parts of a second are dropped. */
export function showDuration(milliseconds: number): string {
  const { sign, days, hours, minutes, seconds } = partsOf(milliseconds);
  const shown = [
    days > 0 ? `${days}d` : '',
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 && days === 0 && hours === 0 ? `${seconds}s` : '',
  ].filter(Boolean);
  return shown.length > 0 ? sign + shown.join(' ') : '0s';
}

/** ISO 8601, in hours so that no reader has to know how long a day is: `PT1H31M`, `-PT5M`, `PT51H`, `PT0S`. */
export function isoDuration(milliseconds: number): string {
  const { sign, days, hours, minutes, seconds } = partsOf(milliseconds);
  const allHours = days * 24 + hours;
  const shown = `${allHours > 0 ? `${allHours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  return shown === '' ? 'PT0S' : `${sign}PT${shown}`;
}

function partsOf(milliseconds: number) {
  const whole = Number.isFinite(milliseconds) ? Math.trunc(milliseconds / 1000) : 0;
  const all = Math.abs(whole);
  return {
    sign: whole < 0 ? '-' : '',
    days: Math.floor(all / 86_400),
    hours: Math.floor(all / 3600) % 24,
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
  };
}

/** ISO 8601 without months and years, or null. */
function readIso(words: string): number | null {
  const match =
    /^P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/i.exec(
      words,
    );
  if (!match) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * dayMs +
    (hours ?? 0) * hourMs +
    (minutes ?? 0) * minuteMs +
    Math.round((seconds ?? 0) * 1000)
  );
}

function readParts(words: string): number | null {
  let total = 0;
  let at = 0;
  while (at < words.length) {
    durationPart.lastIndex = at;
    const match = durationPart.exec(words);
    if (!match) return at > 0 ? withBareMinutes(words, at, total) : null;
    const [written, amount = '', unit = ''] = match;
    const count = numberWords[amount.toLowerCase()] ?? Number(amount.replace(',', '.'));
    const size = unitsMs[unit.toLowerCase()] ?? unitsMs[unit.toLowerCase().replace(/s$/, '')] ?? 0;
    at += written.length;
    const half = /^\s+and a half(?![a-z])/i.exec(words.slice(at))?.[0] ?? '';
    at += half.length;
    total += Math.round((count + (half ? 0.5 : 0)) * size);
  }
  return at > 0 ? total : null;
}

/** `1h30`: minutes need no unit after hours. */
function withBareMinutes(words: string, at: number, total: number): number | null {
  const minutes = /^h\s?([0-5]\d)$/i.exec(words.slice(at - 1))?.[1];
  return minutes === undefined ? null : total + Number(minutes) * minuteMs;
}

function reasonAgainst(words: string): string {
  if (words === '') return howToWrite;
  if (/^\d{1,9}$/.test(words)) return `${words} needs a unit: ${words}m for minutes or ${words}h for hours.`;
  if (/^\d{1,3}:\d{2}$/.test(words)) return `${words} may be a time of day. ${howToWrite}`;
  if (/\d\s*(?:mo|months?|y|years?)$/i.test(words))
    return `Months and years have no fixed length. ${howToWrite}`;
  return `"${words}" is not a length of time. ${howToWrite}`;
}
