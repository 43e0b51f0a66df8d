// What is said on a timeline, and how it is mended: every mending is a fact of its own that points at the old one.
import { z } from 'zod';
import { defineFact, entryKinds } from '../../core/fact.js';

export const noteTaken = defineFact(
  'NoteTaken',
  z.object({ kind: z.enum(entryKinds), text: z.string() }),
  (it) => ({ kind: it.kind, text: it.text }),
  (it) => ({ ...it, text: '' }),
);

/** An entry is ruled out; it stays on record. */
export const entryStruck = defineFact(
  'EntryStruck',
  z.object({
    entryId: z.string(),
    seq: z.number().int(),
    kind: z.string(),
    reason: z.string().nullable(),
  }),
  (it) => ({
    kind: 'decision',
    text: `Ruled out ${it.kind} #${it.seq}${it.reason ? `: ${it.reason}` : ''}`,
  }),
  (it) => ({ ...it, reason: null }),
);

/** An entry said better, with its own time or another one; the old words stay on record. */
export const entryCorrected = defineFact(
  'EntryCorrected',
  z.object({
    entryId: z.string(),
    seq: z.number().int(),
    kind: z.enum(entryKinds),
    text: z.string(),
    /** Whose entry it is, where that is not who corrects it. */
    author: z.object({ id: z.string(), name: z.string() }),
  }),
  (it) => ({ kind: it.kind, text: it.text, author: it.author, corrects: it.entryId }),
  (it) => ({ ...it, text: '' }),
);

/** The words are taken out of the record, wherever they stand; that they were there stays. */
export const entryRedacted = defineFact(
  'EntryRedacted',
  z.object({
    entryId: z.string(),
    seq: z.number().int(),
    /** The entry, what it corrects and what corrects it, and what else was made of its words. */
    factIds: z.array(z.string()),
    /** The requests that stated them: the answers may repeat the words. */
    requestIds: z.array(z.string()),
    /** It named the incident. */
    title: z.boolean(),
    reason: z.string(),
    /** Whoever said so may not see the incident: the words were theirs, and of what repeats them they hear nothing. */
    outsider: z.boolean().default(false),
  }),
  (it) => ({ kind: 'system', text: `#${it.seq} was redacted: ${it.reason}` }),
);

/** The same of words that belong to no incident: those of a report, of a page, of a heartbeat's pauses. */
export const wordsRedacted = defineFact(
  'WordsRedacted',
  z.object({
    of: z.enum(['report', 'page', 'heartbeat']),
    /** How it is named: `REP-3`, `PAGE-2`, `heartbeat:nightly`. */
    key: z.string(),
    /** The id of the page; of others what tells them apart. */
    id: z.string(),
    /** The facts that held the words, the oldest first, and when they were recorded. */
    facts: z.array(z.object({ id: z.string(), at: z.coerce.date() })),
    /** The requests whose answers may repeat them. */
    requestIds: z.array(z.string()),
    reason: z.string().nullable(),
  }),
  (it) => ({ kind: 'system', text: `${it.key} was redacted${it.reason ? `: ${it.reason}` : ''}` }),
);

/** Times that were written in the wrong zone are moved, all at once. */
export const timelineShifted = defineFact(
  'TimelineShifted',
  z.object({
    milliseconds: z.number().int(),
    shown: z.string(),
    entryIds: z.array(z.string()),
    keyTimes: z.array(z.enum(['started', 'detected', 'mitigated', 'resolved', 'acknowledged'])),
  }),
  (it) => ({ kind: 'system', text: `${it.entryIds.length} times were moved by ${it.shown}` }),
);
