// What can happen to a heartbeat. That it beats is no fact: a minute without news is no history.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { showDuration } from '../../core/time/index.js';
import { rhythm } from './words.js';

const shape = {
  name: z.string(),
  everySeconds: z.int(),
  graceSeconds: z.int(),
  service: z.string().nullable(),
  team: z.string().nullable(),
};
const pageSchema = z.object({ id: z.string(), number: z.int() });

export const heartbeatRegistered = defineFact('HeartbeatRegistered', z.object(shape), (it) => ({
  kind: 'system',
  text: `The heartbeat ${it.name} is watched: ${rhythm(it)}`,
}));

/** It is expected at another pace, or is about something else. */
export const heartbeatSet = defineFact('HeartbeatSet', z.object(shape), (it) => ({
  kind: 'system',
  text: `The heartbeat ${it.name} is expected ${rhythm(it)}`,
}));

export const heartbeatMissed = defineFact(
  'HeartbeatMissed',
  z.object({
    ...shape,
    /** Null: it was never heard. */
    lastAt: z.coerce.date().nullable(),
    /** The page that calls somebody for it, opened for it or ringing already. */
    page: pageSchema.nullable(),
    /** The open incident on its service, which everybody may know of. */
    incident: z.int().nullable(),
    /** It comes and goes: no further page is made for it; `begins`: from this time on. */
    flaps: z.boolean().default(false),
    begins: z.boolean().default(false),
  }),
  (it) => ({
    kind: 'system',
    text: `The heartbeat ${it.name} is missing${it.flaps ? '; it comes and goes' : ''}`,
  }),
);

export const heartbeatResumed = defineFact(
  'HeartbeatResumed',
  z.object({
    name: z.string(),
    missingSince: z.coerce.date(),
    /** When it was heard last before that; null: never, or not known. */
    silentSince: z.coerce.date().nullable().default(null),
    page: pageSchema.nullable(),
    /** Nothing else that this page calls for is missing. */
    over: z.boolean(),
    /** The page rang until now, and is withdrawn with it. */
    withdrawn: z.boolean(),
    /** Those who were called. */
    called: z.array(z.string()),
    /** It comes and goes: its page rings on until this, unless it is missed again before. */
    holds: z.coerce.date().nullable().default(null),
    /** It came and went, and has been heard for long without a gap. */
    steady: z.boolean().default(false),
  }),
  (it) => ({
    kind: 'system',
    text: `The heartbeat ${it.name} is heard ${it.steady ? 'without a gap' : 'again'}`,
  }),
);

export const heartbeatPaused = defineFact(
  'HeartbeatPaused',
  z.object({
    name: z.string(),
    until: z.coerce.date(),
    reason: z.string().nullable(),
    /** It was missing, and is no longer called for. */
    page: pageSchema.nullable(),
  }),
  (it) => ({
    kind: 'system',
    text: `The heartbeat ${it.name} is paused${it.reason ? `: ${it.reason}` : ''}`,
  }),
  (it) => ({ ...it, reason: null }),
);

/** Its pause is over, by the clock or because somebody said so. */
export const heartbeatWatched = defineFact(
  'HeartbeatWatched',
  z.object({ name: z.string(), pausedSince: z.coerce.date(), because: z.enum(['time', 'person']) }),
  (it) => ({ kind: 'system', text: `The heartbeat ${it.name} is watched again` }),
);

export const heartbeatForgotten = defineFact(
  'HeartbeatForgotten',
  z.object({ name: z.string(), page: pageSchema.nullable() }),
  (it) => ({ kind: 'system', text: `The heartbeat ${it.name} is no longer watched` }),
);

/** How long somebody was not heard, for people. */
export function silence(from: Date, to: Date): string {
  return showDuration(Math.max(0, to.getTime() - from.getTime()));
}
