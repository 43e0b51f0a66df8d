// What can happen to a page. Each level is decided once, each attempt and what became of it is on record.
import { z } from 'zod';
import { pagePaths } from '../../core/effect.js';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';
import { levelSchema, targetSchema } from '../oncall/index.js';
import { answerWays, causeSchema, pageKey } from './words.js';

const ofPage = { id: z.string(), number: z.int() };

/** One attempt to reach somebody by one way. */
export const attemptSchema = z.object({
  id: z.string(),
  path: z.enum(pagePaths),
  to: z.object({ id: z.string().nullable(), name: z.string() }),
  address: z.string(),
  /** In a drill nothing leaves its own channel and people: what would have been sent is only said. */
  simulated: z.boolean(),
});
export type Attempt = z.infer<typeof attemptSchema>;

const pathNames = { slack: 'Slack', mail: 'e-mail', webhook: 'the pager' } as const;

export const pageOpened = defineFact(
  'PageOpened',
  z.object({
    ...ofPage,
    target: targetSchema,
    reason: z.string(),
    cause: causeSchema,
    levels: z.array(levelSchema),
    repeatMinutes: z.int(),
    /** Whose escalation it is, for people; null: nobody is known who could be called. */
    of: z.string().nullable(),
    /** Of the incident that it is about. */
    incident: z.object({ number: z.int(), private: z.boolean() }).nullable(),
    drill: z.boolean(),
  }),
  (it) => ({ kind: 'system', text: `${pageKey(it)} calls ${it.target.name}: ${it.reason}` }),
  (it) => ({ ...it, reason: '' }),
);

/** A level's turn came: these are called now. From 0; after the last one the next round begins. */
export const pageLevelReached = defineFact(
  'PageLevelReached',
  z.object({
    ...ofPage,
    level: z.int(),
    round: z.int(),
    attempts: z.array(attemptSchema),
    /** Those of the level of whom nobody can be reached. */
    empty: z.array(z.string()),
    /** Why it came: its time, nobody of the level before could be reached, or somebody asked for it. */
    because: z.enum(['opened', 'time', 'unreached', 'asked']),
    /** When the next one comes, unless somebody answers. */
    nextAt: z.coerce.date(),
    incident: z.object({ number: z.int(), private: z.boolean() }).nullable(),
    drill: z.boolean(),
  }),
  (it) => {
    const called = it.attempts.map(({ to, path }) => `${to.name} by ${pathNames[path]}`);
    const whom =
      called.length > 0 ? called.join(', ') : `nobody: ${it.empty.join(', ') || 'nobody is known'}`;
    const which = `level ${it.level + 1}${it.round > 0 ? `, round ${it.round + 1}` : ''}`;
    return { kind: 'system', text: `${pageKey(it)}, ${which}: ${it.drill ? 'would call' : 'calls'} ${whom}` };
  },
);

const ofAttempt = {
  ...ofPage,
  attemptId: z.string(),
  path: z.enum(pagePaths),
  to: z.object({ id: z.string().nullable(), name: z.string() }),
};

/** The path took it: Slack posted it, the mail server or the pager accepted it. Nobody has read it yet. */
export const pageDelivered = defineFact(
  'PageDelivered',
  z.object({
    ...ofAttempt,
    /** Where it is in Slack, so that it can be edited when it is over. */
    posted: z.object({ channelId: z.string(), ts: z.string() }).nullable(),
  }),
  (it) => ({ kind: 'system', text: `${pageKey(it)} went to ${it.to.name} by ${pathNames[it.path]}` }),
);

export const pageFailed = defineFact(
  'PageFailed',
  z.object({ ...ofAttempt, error: z.string(), needed: z.string().nullable() }),
  (it) => ({
    kind: 'system',
    text: `${pageKey(it)} did not reach ${it.to.name} by ${pathNames[it.path]}: ${it.error}`,
  }),
);

/** Every level was called and nobody answered; it goes on. Said loudly, once a round. */
export const pageUnanswered = defineFact(
  'PageUnanswered',
  z.object({ ...ofPage, round: z.int(), minutes: z.int() }),
  (it) => ({ kind: 'system', text: `Nobody answers ${pageKey(it)} after ${it.minutes} min` }),
);

export const pageAcknowledged = defineFact(
  'PageAcknowledged',
  z.object({ ...ofPage, by: personSchema, way: z.enum(answerWays), minutes: z.int() }),
  (it) => ({ kind: 'system', text: `${it.by.name} has ${pageKey(it)}` }),
);

/** It is not needed any more: the heartbeat is back, or somebody took it back. */
export const pageWithdrawn = defineFact(
  'PageWithdrawn',
  z.object({ ...ofPage, reason: z.string() }),
  (it) => ({ kind: 'system', text: `${pageKey(it)} was withdrawn: ${it.reason}` }),
  (it) => ({ ...it, reason: '' }),
);
