// The words of heartbeats: their names, how long one may be silent, and when one counts as missing. Pure.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { readDuration, showDuration } from '../../core/time/index.js';
import { nameRule as catalogNameRule, isName } from '../catalog/index.js';

const secondMs = 1_000;
const minuteSeconds = 60;
const hourSeconds = 3_600;
const daySeconds = 24 * hourSeconds;

/** What comes more often than this is noise, and what comes more seldom nobody would miss in time. */
const everySecondsMin = 30;
const everySecondsMax = 31 * daySeconds;
const graceSecondsMax = 7 * daySeconds;
/** Whoever pauses a heartbeat for longer has forgotten it. */
export const pauseSecondsMax = 7 * daySeconds;
export const reasonLimit = 300;

/** What Andon hears from itself through Slack. */
export const slackHeartbeat = 'andon-slack';
/** How long Slack may be silent: the mark goes round this often. */
export const slackEverySeconds = 5 * minuteSeconds;
export const slackGraceSeconds = 10 * minuteSeconds;

export const states = ['alive', 'missing', 'paused'] as const;
export type State = (typeof states)[number];

/** The stream of one heartbeat. */
export const heartbeatStream = (name: string) => `heartbeat/${name}`;

/** A heartbeat as its row has it. */
export interface Heartbeat {
  readonly name: string;
  readonly everySeconds: number;
  readonly graceSeconds: number;
  readonly service: string | null;
  readonly team: string | null;
  readonly state: string;
  /** Since when it is in this state. */
  readonly since: Date;
  readonly pausedUntil: Date | null;
  readonly pageId: string | null;
}

/** How much later than expected a beat may come, where nobody said: half the interval, from a minute to an hour. */
export function usualGrace(everySeconds: number): number {
  return Math.min(hourSeconds, Math.max(minuteSeconds, Math.ceil(everySeconds / 2)));
}

/**
 * From when on it is missing: one interval and the grace after the last beat. Nothing could be heard before it was
 * registered or watched again, so it has the whole of it from then on too; and so it has where Andon did not listen when a
 * beat was near. A restart in the middle of the day leaves the nightly backup as it is: else one a day would hide it for ever.
 */
export function dueAt(it: Heartbeat, lastAt: Date | null, listeningSince: Date | null): Date {
  const heard = Math.max(lastAt?.getTime() ?? 0, it.since.getTime());
  const listening = listeningSince?.getTime() ?? 0;
  // What may be late may be early, too.
  const earlySeconds = Math.max(it.graceSeconds, minuteSeconds);
  const isNear = listening >= heard + (it.everySeconds - earlySeconds) * secondMs;
  const from = isNear ? Math.max(heard, listening) : heard;
  return new Date(from + (it.everySeconds + it.graceSeconds) * secondMs);
}

/** The services and teams that there are. */
export interface Names {
  readonly services: readonly string[];
  readonly teams: readonly string[];
}

/** What is wrong with what a heartbeat is about, in a sentence; null where nothing is. It is watched all the same. */
export function aboutRemark(
  it: { readonly service: string | null; readonly team: string | null },
  known: Names,
): string | null {
  const isIn = (names: readonly string[], name: string) =>
    names.some((each) => each.toLowerCase() === name.toLowerCase());
  if (it.service !== null && !isIn(known.services, it.service))
    return `I know no service “${it.service}”: where it is silent, whoever is on call by default is called.`;
  if (it.team !== null && !isIn(known.teams, it.team))
    return `I know no team “${it.team}”: where it is silent, whoever is on call by default is called.`;
  return null;
}

/** `expected every 5m, 2m 30s late at most`. */
export function rhythm(it: { readonly everySeconds: number; readonly graceSeconds: number }): string {
  const shown = (seconds: number) => showDuration(seconds * secondMs);
  return `every ${shown(it.everySeconds)}, at most ${shown(it.graceSeconds)} late`;
}

/** A length of time in words, in seconds or as ISO 8601, as a program writes it too; in seconds. */
export const secondsWord = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = String(value).trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const read = readDuration(text);
  if (read.ok) return Math.round(read.milliseconds / secondMs);
  context.issues.push({
    ...{ code: 'custom', input: value },
    message: `“${shorten(text, 40)}”: ${read.reason}`,
  });
  return z.NEVER;
});

/** How often it comes. */
export const everyWord = secondsWord.refine(
  (seconds) => seconds >= everySecondsMin && seconds <= everySecondsMax,
  { error: 'A heartbeat comes every 30 seconds at most and every 31 days at least, such as every:5m.' },
);
/** How much later it may come. */
export const graceWord = secondsWord.refine((seconds) => seconds >= 0 && seconds <= graceSecondsMax, {
  error: 'The grace is at most 7 days, such as grace:2m.',
});

const nameRule =
  'A heartbeat’s name is of letters, digits, dots, dashes and underscores, at most 80, such as nightly-backup.';
/** A name, in small letters. */
export const nameWord = z
  .string({ error: nameRule })
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, { error: nameRule });

/** What a heartbeat is about: a service or a team by its name. */
export const aboutWord = z
  .string()
  .trim()
  .min(1, { error: 'Name it, or leave it out.' })
  .refine(isName, { error: `That cannot be a name: ${catalogNameRule}.` });

/** Where the canary is. Without `ts` the channel was looked for and is none: one that is not seen has `#` before it. */
export interface CanaryPlace {
  readonly channelId: string | null;
  readonly ts: string | null;
}

const idPattern = /^#?([CG][A-Z0-9]{8,})$/;

/** The row where Slack shows no such channel. */
export function canaryLost(channel: string): CanaryPlace & { readonly channelId: string } {
  return { channelId: `#${channel.replace(/^#/, '')}`, ts: null };
}

/** Why nothing is sent, in a sentence that says what to do; null where the channel is not what is wrong. */
export function canaryTrouble(place: CanaryPlace | null): string | null {
  if (!place || place.channelId === null || place.ts !== null) return null;
  const id = idPattern.exec(place.channelId)?.[1];
  if (!place.channelId.startsWith('#'))
    return `Andon is not in the channel of ANDON_CANARY_CHANNEL (${id ?? place.channelId}): type there /invite @Andon.`;
  return `There is no channel ${id ?? place.channelId} that I can see: create it and invite Andon, or set ANDON_CANARY_CHANNEL.`;
}
