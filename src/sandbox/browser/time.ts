// Times as Slack's client shows them: in the zone of the person who looks, by Slack's tokens.
import { DateTime } from 'luxon';

type Draw = (at: DateTime, now: DateTime) => string;

/** Slack's client has a setting for this; the page counts to 24, as it does everywhere. */
const SHORT_TIME = 'HH:mm';
const LONG_TIME = 'HH:mm:ss';

/** "February 18th, 2014": luxon has no token for the ordinal. */
function longDay(at: DateTime): string {
  return `${at.toFormat('LLLL')} ${ordinal(at.day)}, ${at.year}`;
}

function ordinal(day: number): string {
  const teens = day % 100 >= 11 && day % 100 <= 13;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

/** "Today" instead of the date, counted in days of the calendar there, not in spans of 24 hours. */
function pretty(draw: Draw): Draw {
  return (at, now) => {
    const days = Math.round(at.startOf('day').diff(now.startOf('day'), 'days').days);
    if (days === 0) return 'Today';
    if (days === -1) return 'Yesterday';
    return days === 1 ? 'Tomorrow' : draw(at, now);
  };
}

const drawDate: Draw = (at) => longDay(at);
const drawShort: Draw = (at) => at.toFormat('LLL d, yyyy');
const drawLong: Draw = (at) => `${at.toFormat('cccc')}, ${longDay(at)}`;

const TOKENS: Readonly<Record<string, Draw>> = {
  date_num: (at) => at.toFormat('yyyy-MM-dd'),
  date_slash: (at) => at.toFormat('MM/dd/yyyy'),
  date: drawDate,
  date_short: drawShort,
  date_long: drawLong,
  date_long_full: drawLong,
  date_pretty: pretty(drawDate),
  date_short_pretty: pretty(drawShort),
  date_long_pretty: pretty(drawLong),
  day_divider_pretty: pretty(drawLong),
  time: (at) => at.toFormat(SHORT_TIME),
  time_secs: (at) => at.toFormat(LONG_TIME),
  ago: (at, now) => agoWords(now.toMillis() - at.toMillis()),
};

/** The tokens that read otherwise as time goes by. */
export function isMoving(format: string): boolean {
  return /\{(?:ago|\w+_pretty)\}/.test(format);
}

/** An instant by a format of Slack's; the fallback where Slack would show it: no token, or one it does not know. */
export function formatDate(
  seconds: number,
  format: string,
  fallback: string,
  zone: string,
  nowMs: number = Date.now(),
): string {
  const at = inZone(seconds * 1000, zone);
  const tokens = [...format.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const known = tokens.length > 0 && tokens.every((token) => Object.hasOwn(TOKENS, token));
  if (!at.isValid || !known) return fallback || format;
  const now = inZone(nowMs, zone);
  return format.replace(/\{(\w+)\}/g, (all, token: string) => TOKENS[token]?.(at, now) ?? all);
}

/** The whole instant with its zone, for those who want to be sure. */
export function fullTime(seconds: number, zone: string): string {
  const at = inZone(seconds * 1000, zone);
  if (!at.isValid) return '';
  return `${drawLong(at, at)} at ${at.toFormat(LONG_TIME)} ${zoneLetters(at)} (${at.zoneName})`;
}

const letterFormats = new Map<string, Intl.DateTimeFormat>();

// "CET". luxon makes a new formatter for each ZZZZ, and that was most of what a message with a date cost to draw.
function zoneLetters(at: DateTime): string {
  const timeZone = at.zoneName ?? 'UTC';
  let format = letterFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' });
    letterFormats.set(timeZone, format);
  }
  return format.formatToParts(at.toMillis()).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

function inZone(ms: number, zone: string): DateTime {
  const there = DateTime.fromMillis(ms, { zone, locale: 'en-US' });
  return there.isValid ? there : DateTime.fromMillis(ms, { zone: 'UTC', locale: 'en-US' });
}

const STEPS: readonly (readonly [unit: string, ms: number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "3 minutes ago", "in 2 hours". */
export function agoWords(passedMs: number): string {
  const size = Math.abs(passedMs);
  const step = STEPS.find(([, ms]) => size >= ms);
  if (!step) return passedMs >= 0 ? 'just now' : 'in a moment';
  const count = Math.floor(size / step[1]);
  const words = `${count} ${step[0]}${count === 1 ? '' : 's'}`;
  return passedMs >= 0 ? `${words} ago` : `in ${words}`;
}

/** What a `datetime-local` field shows for an instant, in a zone; empty for none. */
export function wallOf(seconds: number | null | undefined, zone: string): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '';
  return inZone(seconds * 1000, zone).toFormat("yyyy-MM-dd'T'HH:mm");
}

/** The instant a wall clock in a zone means; null for what is no time. A time the clocks skip moves forward. */
export function secondsOf(wall: string, zone: string): number | null {
  const at = DateTime.fromISO(wall, { zone });
  return wall !== '' && at.isValid ? Math.floor(at.toSeconds()) : null;
}
