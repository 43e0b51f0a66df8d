// The timeline over HTTP: reading it as it grows, and adding to it.
import { z } from 'zod';
import { type EntryShape, entryOfFact, entryShape } from '../../core/entry.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import { countOf, findIncident, incidentParams, timeText } from '../incident/index.js';
import { notedKinds } from './decide.js';
import { noteTaken } from './facts.js';
import { type Entry, filesOf } from './store.js';

const pageByDefault = 200;
const pageMax = 1_000;
const path = '/incidents/{number}/timeline';

const read = queryRoute({
  path,
  scope: 'incidents:read',
  summary: 'The timeline, in the order of recording',
  description:
    'Words that were taken back are left out; changes of state that were undone are `struck`, and `undone` says by whom. To follow a timeline, ask again with the last `seq` as `after`.',
  params: incidentParams,
  query: z.strictObject({
    after: z.coerce
      .number({ error: 'after is the seq of an entry.' })
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'Only entries with a higher `seq`: `next` of the page before.' }),
    limit: countOf(pageMax, pageByDefault),
  }),
  answer: z.object({
    entries: z.array(entryShape),
    next: z.int().nullable().meta({ description: 'What `after` gets the next page; null on the last one.' }),
  }),
  async read(tx, { number }, query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const rows = await tx.entry.findMany({
      where: { incidentId: found.target.id, withdrawn: false, seq: { gt: query.after } },
      orderBy: { seq: 'asc' },
      take: query.limit + 1,
    });
    const shown = rows.slice(0, query.limit);
    const next = rows.length > query.limit ? (shown.at(-1)?.seq ?? null) : null;
    return { found: { entries: shown.map(entryOfRow), next } };
  },
});

const add = commandRoute({
  path,
  scope: 'incidents:write',
  summary: 'Adds to the timeline',
  params: incidentParams,
  verb: ['incident', 'note'],
  body: z.strictObject({
    text: z.string({ error: 'Say what happened.' }).meta({ example: 'Failing over to eu-2' }),
    time: timeText.optional(),
    kind: z
      .enum(notedKinds, { error: `A kind is one of ${notedKinds.join(', ')}.` })
      .optional()
      .meta({ description: 'note, unless told otherwise.' }),
  }),
  worded: ({ number }, { text, time, kind }) => ({
    incident: number,
    fields: { text, time },
    ...(kind === undefined ? {} : { more: { kind } }),
  }),
  status: 201,
  answer: entryShape,
  made([fact]) {
    const told = fact && noteTaken.tell(fact.data);
    if (!fact || !told) throw new Error('a note without its fact');
    return entryOfFact(fact, told);
  },
});

export const routes: readonly Route[] = [read, add];

/** An entry as it stands. */
export function entryOfRow(entry: Entry): EntryShape {
  return entryShape.parse({
    id: entry.id,
    seq: entry.seq,
    kind: entry.kind,
    text: entry.redacted ? '' : entry.text,
    author: { id: entry.authorId, name: entry.authorName },
    source: entry.source,
    occurredAt: entry.occurredAt?.toISOString() ?? null,
    occurredUntil: entry.occurredUntil?.toISOString() ?? null,
    asWritten: entry.asWritten,
    precision: entry.precision,
    recordedAt: entry.recordedAt.toISOString(),
    recordedBy: { id: entry.recordedById, name: entry.recordedByName },
    corrects: entry.corrects,
    struck: entry.struck || entry.takenBackAt !== null,
    undone: entry.takenBackAt && {
      by: { id: entry.takenBackById, name: entry.takenBackByName },
      at: entry.takenBackAt.toISOString(),
    },
    files: filesOf(entry),
    redacted: entry.redacted,
    hash: entry.hash,
  });
}
