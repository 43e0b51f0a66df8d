// What happens to a message that is on a timeline: it was taken, edited, taken back, and counts again.
import { z } from 'zod';
import { defineFact, entryKinds } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';

/** A file of a message, by reference: what it holds stays in Slack, for those who may see it there. */
const fileSchema = z.object({ id: z.string(), name: z.string(), permalink: z.string().nullable() });

const place = { channelId: z.string(), ts: z.string() };

const words = {
  kind: z.enum(entryKinds),
  text: z.string(),
  author: personSchema,
  files: z.array(fileSchema),
  permalink: z.string().nullable(),
  /** Slack's mark of the latest edit: another one means that the words may have changed. */
  edited: z.string().nullable(),
  /** Of the text as Slack had it. */
  digest: z.string().optional(),
};

/** A message is on the timeline, at the time at which it was written and as its author's. */
export const messageTaken = defineFact(
  'MessageTaken',
  z.object({
    ...place,
    ...words,
    threadTs: z.string().nullable(),
    /** Of the incident, for the confirmation. */
    number: z.number().int(),
    /** Who wants it there and how, such as `reaction:U1`. */
    by: z.array(z.string()),
    /** `here` in the incident's place, `elsewhere` from another channel, `declared`: the incident was declared from it. */
    from: z.enum(['here', 'elsewhere', 'declared']),
  }),
  (it) => ({ kind: it.kind, text: it.text, author: it.author }),
  (it) => ({ ...it, text: '', files: [], digest: '' }),
);

/** Its author said it otherwise in Slack; the words from before stay on record. */
export const messageEdited = defineFact(
  'MessageEdited',
  z.object({ ...place, ...words, entryId: z.string(), seq: z.number().int() }),
  (it) => ({ kind: it.kind, text: it.text, author: it.author, corrects: it.entryId }),
  (it) => ({ ...it, text: '', files: [], digest: '' }),
);

/** Its author said it otherwise in Slack after somebody had corrected the entry by hand: the correction stays. */
export const messageEditedSince = defineFact(
  'MessageEditedSince',
  z.object({
    ...place,
    ...words,
    /** The correction that stays, and who made it. */
    entryId: z.string(),
    seq: z.number().int(),
    corrector: personSchema,
  }),
  (it) => ({
    kind: 'note',
    text: `The message was edited in Slack after the correction #${it.seq}, which stays: ${it.text}`,
    author: it.author,
  }),
  (it) => ({ ...it, text: '', files: [], digest: '' }),
);

/** A message that another timeline has already is said here too, once; what happens to it in Slack is followed there. */
export const messageNoted = defineFact(
  'MessageNoted',
  z.object({ ...place, ...words }),
  (it) => ({ kind: it.kind, text: it.text, author: it.author }),
  (it) => ({ ...it, text: '', files: [], digest: '' }),
);

/** Nobody wants it there any more, or it is gone in Slack. It stays on record. */
export const messageWithdrawn = defineFact(
  'MessageWithdrawn',
  z.object({
    ...place,
    seq: z.number().int(),
    /** The entry and its corrections. */
    entryIds: z.array(z.string()),
    /** `undone`: taken back by command, which the marks that are still there in Slack do not undo. */
    reason: z.enum(['unmarked', 'deleted', 'undone']),
  }),
  (it) => ({
    kind: 'system',
    text: it.reason === 'deleted' ? `#${it.seq} was deleted in Slack` : `#${it.seq} was taken back`,
  }),
);

export const messageRestored = defineFact(
  'MessageRestored',
  z.object({ ...place, seq: z.number().int(), entryIds: z.array(z.string()), by: z.array(z.string()) }),
  (it) => ({ kind: 'system', text: `#${it.seq} counts again` }),
);

/** Others want it there too, or no longer; bookkeeping. */
export const messageMarked = defineFact(
  'MessageMarked',
  z.object({ ...place, by: z.array(z.string()) }),
  () => null,
);
