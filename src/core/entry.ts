// A timeline entry as programs read it: the shape that the API, exports and the record share.
import { z } from 'zod';
import { entryKinds, type Fact, type Told } from './fact.js';

export const precisions = ['exact', 'approximate', 'range', 'unknown'] as const;

/** An RFC 3339 instant. Without an offset it would mean something else on every host, so one is demanded. */
export const instant = z.iso.datetime({ offset: true });

/** A file of a message: what it holds stays in Slack. */
const fileShape = z.object({ name: z.string(), permalink: z.string().nullable() });

export const entryShape = z
  .object({
    id: z.string(),
    seq: z.int().meta({ description: 'Counted from 1 within the incident, in the order of recording.' }),
    kind: z.enum(entryKinds),
    text: z.string(),
    author: z.object({ id: z.string(), name: z.string() }).nullable(),
    source: z.string(),
    occurredAt: instant.nullable().meta({ description: 'When it happened; null when nobody knows.' }),
    occurredUntil: instant.nullable().meta({ description: 'The end, where the time is a range.' }),
    asWritten: z.string().nullable().meta({ description: 'The time as somebody wrote it.' }),
    precision: z.enum(precisions),
    recordedAt: instant.meta({ description: 'When Andon was told.' }),
    recordedBy: z.object({ id: z.string(), name: z.string() }).optional().meta({
      description: 'Who told us: of a correction who made it, where the author is whose words they were.',
    }),
    corrects: z.string().nullable().meta({ description: 'The id of the entry that this one corrects.' }),
    struck: z.boolean().meta({ description: 'Ruled out or undone; it stays on record.' }),
    undone: z
      .object({ by: z.object({ id: z.string(), name: z.string() }), at: instant })
      .nullish()
      .meta({ description: 'Who took it back, and when.' }),
    files: z
      .array(fileShape)
      .optional()
      .meta({ description: 'Files of the message, by reference: who may see them in Slack can open them.' }),
    redacted: z.boolean().meta({ description: 'Its words were taken out of the record.' }),
    hash: z.string().nullable().meta({ description: 'Its link in the incident’s chain.' }),
  })
  .meta({ id: 'TimelineEntry' });
export type EntryShape = z.infer<typeof entryShape>;

/** The entry that a fact made, as it was when it was recorded. */
export function entryOfFact(fact: Fact, told: Told): EntryShape {
  return {
    id: fact.id,
    seq: fact.seq ?? 0,
    kind: told.kind,
    text: fact.redacted ? '' : told.text,
    author: { id: fact.actor.id, name: fact.actor.name },
    source: fact.source,
    occurredAt: fact.occurredAt?.toISOString() ?? null,
    occurredUntil: fact.occurredUntil?.toISOString() ?? null,
    asWritten: fact.asWritten,
    precision: fact.precision as EntryShape['precision'],
    recordedAt: fact.recordedAt.toISOString(),
    recordedBy: { id: fact.actor.id, name: fact.actor.name },
    corrects: null,
    struck: false,
    undone: null,
    redacted: fact.redacted,
    hash: fact.hash,
  };
}
