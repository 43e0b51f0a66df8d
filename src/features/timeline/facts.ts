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
  }),
  (it) => ({ kind: 'system', text: `#${it.seq} was redacted: ${it.reason}` }),
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
