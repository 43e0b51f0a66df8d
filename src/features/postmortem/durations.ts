// Durations and times of an incident as people read them: nothing clamped, nothing guessed, no clock and no zone of the host.
import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { isoDuration, showDuration } from '../../core/time/index.js';
import type { KeyTimeName } from '../incident/index.js';
import type { IncidentRecord, Precision } from './record.js';

const durationNames = ['detect', 'acknowledge', 'mitigate', 'resolve'] as const;
export type DurationName = (typeof durationNames)[number];
/** The key times of an incident; a whole record will do. */
export type Moments = Pick<IncidentRecord, `${KeyTimeName}At`>;

/** One duration. `explanations` say why it is unknown or negative and what to do; commands in them stand in backticks. */
export interface Duration {
  name: DurationName;
  from: KeyTimeName;
  to: KeyTimeName;
  seconds: number | null;
  iso: string | null;
  human: string | null;
  explanations: string[];
}

const ends: Record<DurationName, { from: KeyTimeName; to: KeyTimeName }> = {
  detect: { from: 'started', to: 'detected' },
  acknowledge: { from: 'detected', to: 'acknowledged' },
  mitigate: { from: 'started', to: 'mitigated' },
  resolve: { from: 'started', to: 'resolved' },
};

/** The command that makes a key time known, in backticks. */
export const howToSay: Record<KeyTimeName, string> = {
  started: '`/incident started TIME`',
  detected: '`/incident detected TIME`',
  declared: '`/incident declare`',
  acknowledged: '`/incident ack at:TIME`',
  mitigated: '`/incident mitigated TIME`',
  resolved: '`/incident resolve at:TIME`',
};

/** The four durations, in the order in which they are read. */
export function measureDurations(moments: Moments): Duration[] {
  return durationNames.map((name) => measureDuration(name, moments));
}

/** The durations as the incident's JSON carries them. */
export function durationsOf(moments: Moments): IncidentRecord['durations'] {
  return {
    detect: measureDuration('detect', moments).iso,
    acknowledge: measureDuration('acknowledge', moments).iso,
    mitigate: measureDuration('mitigate', moments).iso,
    resolve: measureDuration('resolve', moments).iso,
  };
}

/** One duration, or the reason why there is none. */
export function measureDuration(name: DurationName, moments: Moments): Duration {
  const { from, to } = ends[name];
  const start = moments[`${from}At`];
  const end = moments[`${to}At`];
  if (start === null || end === null) {
    const missing = [start === null ? from : null, end === null ? to : null].filter((each) => each !== null);
    const explanations = missing.map((each) => `${each} is unknown: say it with ${howToSay[each]}`);
    return { name, from, to, seconds: null, iso: null, human: null, explanations };
  }
  const ms = millis(end) - millis(start);
  const seconds = Math.trunc(ms / 1000);
  const explanations = seconds < 0 ? [explainNegative(from, to, ms)] : [];
  return { name, from, to, seconds, iso: isoDuration(ms), human: showDuration(ms), explanations };
}

function explainNegative(from: KeyTimeName, to: KeyTimeName, ms: number): string {
  const begun = from === 'started' ? 'it started' : `it was ${from}`;
  const innocent = to === 'detected' ? 'a warning came before the impact' : 'it was done ahead of the impact';
  const howToMend = `${howToSay[from]}, ${howToSay[to]}`;
  return `${to} ${showDuration(-ms)} before ${begun}: either ${innocent}, or one of the two times is wrong (${howToMend})`;
}

/** A clock face: what one zone's wall shows at an instant. */
export interface Face {
  date(at: number): string;
  time(at: number): string;
  longDate(at: number): string;
  offset(at: number): string;
}

/** The workspace's wall clock with UTC beside it; `utc` is null where the two are the same. */
export interface WallClock {
  zone: string;
  local: Face;
  utc: Face | null;
}

const namesOfUtc = /^(etc\/)?(utc|uct|universal|zulu|gmt)$/i;

/** The clock of a named zone. What is no zone's name reads as UTC: the host's own zone (`local`) must never leak in. */
export function wallClock(zone: string | undefined): WallClock {
  const isUtc = zone === undefined || namesOfUtc.test(zone) || !IANAZone.isValidZone(zone);
  const utc = face(FixedOffsetZone.utcInstance);
  return isUtc ? { zone: 'UTC', local: utc, utc: null } : { zone, local: face(IANAZone.create(zone)), utc };
}

// A day of 10,000 entries asks thousands of times, so the frequent answers go by the offset alone.
function face(zone: Zone): Face {
  const wall = (at: number) => new Date(at + zone.offset(at) * 60_000).toISOString();
  return {
    date: (at) => wall(at).slice(0, 10),
    time: (at) => wall(at).slice(11, 16),
    longDate: (at) =>
      DateTime.fromMillis(at, { zone, locale: 'en-GB', numberingSystem: 'latn' }).toFormat(
        'cccc d LLLL yyyy',
      ),
    offset: (at) => (zone.offset(at) === 0 ? 'UTC' : `UTC${zone.formatOffset(at, 'narrow')}`),
  };
}

/** `10:42`, `~11:20`, `10:42–10:56`, `2026-03-29 23:50–2026-03-30 00:20`; a date that the reader has before them is left out. */
export function showOnFace(
  on: Face,
  at: number,
  until: number | null,
  precision: Precision,
  dateKnown = '',
): string {
  const date = on.date(at);
  const start = `${date === dateKnown ? '' : `${date} `}${on.time(at)}`;
  const about = precision === 'approximate' ? '~' : '';
  if (until === null) return about + start;
  const lastDate = on.date(until);
  return `${about}${start}–${lastDate === date ? '' : `${lastDate} `}${on.time(until)}`;
}

/** An instant with its date, and UTC beside it: `2022-05-18 12:22 (10:22 UTC)`; `unknown` where there is none. */
export function showInstant(clock: WallClock, at: string | null | undefined): string {
  if (at === null || at === undefined) return 'unknown';
  const ms = millis(at);
  const local = showOnFace(clock.local, ms, null, 'exact');
  if (!clock.utc) return `${local} UTC`;
  return `${local} (${showOnFace(clock.utc, ms, null, 'exact', clock.local.date(ms))} UTC)`;
}

/** An RFC 3339 instant as a number to reckon with. */
export function millis(at: string): number {
  return Date.parse(at);
}

/** The same for an instant that may be missing. */
export function millisOr(at: string | null, otherwise = 0): number {
  return at === null ? otherwise : millis(at);
}
