// What is said on a timeline, and what is ruled out of it.
import { z } from 'zod';
import { defineFact, entryKinds } from '../../core/fact.js';

export const noteTaken = defineFact(
  'NoteTaken',
  z.object({ kind: z.enum(entryKinds), text: z.string() }),
  (it) => ({ kind: it.kind, text: it.text }),
);

/** An entry is ruled out; it stays on record. */
export const entryStruck = defineFact(
  'EntryStruck',
  z.object({ entryId: z.string(), seq: z.number().int(), kind: z.string(), reason: z.string().nullable() }),
  (it) => ({
    kind: 'decision',
    text: `Ruled out ${it.kind} #${it.seq}${it.reason ? `: ${it.reason}` : ''}`,
  }),
);
