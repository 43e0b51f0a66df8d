// What can happen to a page. Each level is decided once, each attempt and what became of it is on record.
import { z } from 'zod';
import { pagePaths } from '../../core/effect.js';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';
import { levelSchema, targetSchema } from '../oncall/index.js';
import { skips } from './ahead.js';
import {
  answerWays,
  calledText,
  causeSchema,
  levelText,
  pageKey,
  pathNames,
  skipText,
  targetText,
} from './words.js';

const ofPage = { id: z.string(), number: z.int() };
const incidentSchema = z.object({ number: z.int(), private: z.boolean() }).nullable();

/** One attempt to reach somebody by one way. */
const attemptSchema = z.object({
  id: z.string(),
  path: z.enum(pagePaths),
  to: z.object({ id: z.string().nullable(), name: z.string() }),
  address: z.string(),
  /** In a drill nothing leaves its own channel and people: what would have been sent is only said. */
  simulated: z.boolean(),
});
export type Attempt = z.infer<typeof attemptSchema>;

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
    incident: incidentSchema,
    drill: z.boolean(),
  }),
  (it) => ({
    kind: 'system',
    text: `${pageKey(it)} calls ${targetText({ targetKind: it.target.kind, targetName: it.target.name })}${it.reason === '' ? '' : `: ${it.reason}`}`,
  }),
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
    /**
     * Why it came: its time, nobody of the level before could be reached, somebody asked for it, its incident is open
     * again, or whoever had it took that back.
     */
    because: z.enum(['opened', 'time', 'unreached', 'asked', 'open', 'undone']),
    /** When the next one comes, unless somebody answers. */
    nextAt: z.coerce.date(),
    incident: incidentSchema,
    drill: z.boolean(),
    /** No level comes after it in its round. */
    last: z.boolean(),
    /** The escalation by which this round goes, where it is not that of the round before. */
    escalation: z.object({ levels: z.array(levelSchema), repeatMinutes: z.int() }).nullable(),
    /** The round before called nobody; this level is the first that calls somebody. */
    found: z.boolean().default(false),
    /** The round before called nobody either, and that is what is said. */
    same: z.boolean().default(false),
    /** Why nobody is called by it although it reaches somebody. */
    skipped: z.enum(skips).nullable().default(null),
    /** Who asked for it. */
    by: personSchema.nullable().default(null),
    /** Who had the page until they did. */
    had: personSchema.nullable().default(null),
  }),
  (it) => {
    if (it.skipped) {
      const text = `${pageKey(it)}, ${levelText(it)}: skipped, ${skipText(it.skipped, it.by)}`;
      return { kind: 'system', text };
    }
    const whom =
      it.attempts.length > 0
        ? calledText(it.attempts)
        : `nobody: ${it.empty.join(', ') || 'nobody is known'}`;
    return {
      kind: 'system',
      text: `${pageKey(it)}, ${levelText(it)}: ${it.drill ? 'would call' : 'calls'} ${whom}${passedText(it)}`,
    };
  },
);

type By = z.infer<typeof personSchema> | null;

function passedText({ by, had }: { readonly by: By; readonly had: By }): string {
  if (!by) return '';
  return had && had.id !== by.id
    ? `; called on by ${by.name}, ${had.name} has it no more`
    : `; passed on by ${by.name}`;
}

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
  z.object({
    ...ofAttempt,
    error: z.string(),
    needed: z.string().nullable(),
    /** The same failed before in this page, and was said then. */
    again: z.boolean(),
  }),
  (it) => ({
    kind: 'system',
    text: `${pageKey(it)} did not reach ${it.to.name} by ${pathNames[it.path]}: ${it.error}`,
  }),
);

/** It is under way for so long that nobody counts on it any more. It may arrive all the same. */
export const pageStuck = defineFact(
  'PageStuck',
  z.object({ ...ofAttempt, minutes: z.int(), again: z.boolean() }),
  (it) => ({
    kind: 'system',
    text: `${pageKey(it)} is still on its way to ${it.to.name} by ${pathNames[it.path]} after ${it.minutes} min`,
  }),
);

/** Every level had its turn and nobody answered; it goes on. Said loudly, at first once a round. */
export const pageUnanswered = defineFact(
  'PageUnanswered',
  z.object({
    ...{ ...ofPage, round: z.int(), minutes: z.int(), drill: z.boolean() },
    /** Whether the round called anybody at all. */
    called: z.boolean().default(true),
    /** Whether that is said aloud; null: as it was before that was on record. */
    said: z.boolean().nullable().default(null),
    /** When it is said again, where that is not after the next round. */
    again: z.coerce.date().nullable().default(null),
  }),
  (it) => ({
    kind: 'system',
    text: it.called
      ? `Nobody answers ${pageKey(it)} after ${it.minutes} min`
      : `${pageKey(it)} has nobody to call after ${it.minutes} min`,
  }),
);

/** The attempts that hear that it is over. */
const heard = z.array(z.object({ id: z.string(), path: z.enum(pagePaths) }));

export const pageAcknowledged = defineFact(
  'PageAcknowledged',
  z.object({
    ...ofPage,
    by: personSchema,
    way: z.enum(answerWays),
    minutes: z.int(),
    attempts: heard,
    /** Who opened it, where Slack can write to them. */
    opener: personSchema.nullable(),
    /** Whether it lets them into the place of its incident: not into a private one that they left. */
    invites: z.boolean(),
    /** What people call the app of a pager in which they said it. */
    through: z.string().nullable().default(null),
  }),
  (it) => ({
    kind: 'system',
    text: `${it.by.name} has ${pageKey(it)}${it.through === null ? '' : `, by ${it.through}`}`,
  }),
);

/** It is not needed any more: the heartbeat is back, or somebody took it back. */
export const pageWithdrawn = defineFact(
  'PageWithdrawn',
  z.object({
    ...{ ...ofPage, reason: z.string(), attempts: heard },
    /** Its incident ended with nobody having it: it rings again when that is open again. */
    ended: z.boolean().default(false),
  }),
  (it) => ({ kind: 'system', text: `${pageKey(it)} was withdrawn: ${it.reason}` }),
  (it) => ({ ...it, reason: '' }),
);

/** Its messages are drawn anew: words of it were redacted, it rings again, or for another incident. */
export const pageRedrawn = defineFact(
  'PageRedrawn',
  z.object({
    ...ofPage,
    attempts: heard,
    /** Who has the redacted words by a way that takes nothing back. */
    sent: z.array(z.string()),
    /** Who redacted them. */
    by: personSchema.nullable(),
    /** The incident that it was opened for, where that was merged; where that was taken back, the other one. */
    from: z.int().nullable(),
    /** That it was merged was taken back. */
    back: z.boolean().default(false),
  }),
  () => null,
);
