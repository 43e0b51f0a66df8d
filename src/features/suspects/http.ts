// The changes around an incident over HTTP.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { noQuery, queryRoute, type Route } from '../../core/route.js';
import type { Tx } from '../../db/tx.js';
import { changeKey, changeKinds, changeStates, componentsOf } from '../change/index.js';
import { componentName, findIncident, incidentParams } from '../incident/index.js';
import { reasonsOf, type Suspect, suspectsOf } from './store.js';
import { answers, componentsSchema } from './words.js';

const suspectShape = z
  .object({
    key: z.string().meta({ example: 'CHG-7' }),
    title: z.string(),
    kind: z.enum(changeKinds),
    state: z.enum(changeStates),
    components: z.array(z.string()),
    owner: z.object({ id: z.string().nullable(), name: z.string() }),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    rank: z.int().nullable().meta({ description: 'From 1; null where it is not among the suspects.' }),
    points: z.int(),
    parts: componentsSchema.meta({ description: 'What the points are made of.' }),
    reasons: z.array(z.string()),
    relation: z.enum(answers).nullable().meta({ description: 'What somebody said of it.' }),
    relationBy: z.object({ id: z.string(), name: z.string() }).nullable(),
    relationAt: instant.nullable(),
  })
  .meta({ id: 'Suspect' });

const read = queryRoute({
  path: '/incidents/{number}/changes',
  scope: 'incidents:read',
  summary: 'The changes around an incident: its suspects, ranked',
  description:
    'None is a cause until a person has confirmed it. What began after the onset is listed apart, as a possible fix.',
  params: incidentParams,
  query: noQuery,
  answer: z.object({
    onset: instant
      .nullable()
      .meta({ description: 'The time that was ranked by; null before the first ranking.' }),
    considered: z.int(),
    causes: z.array(suspectShape),
    suspects: z.array(suspectShape),
    after: z.array(suspectShape),
    others: z
      .array(suspectShape)
      .meta({ description: 'Of which somebody said something, such as unrelated.' }),
  }),
  async read(tx, { number }, _query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const { ranking, causes, ranked, after, others } = await suspectsOf(tx, found.target.id);
    return {
      found: {
        onset: ranking?.onset.toISOString() ?? null,
        considered: ranking?.considered ?? 0,
        causes: await shapes(tx, causes),
        suspects: await shapes(tx, ranked),
        after: await shapes(tx, after),
        others: await shapes(tx, others),
      },
    };
  },
});

export const routes: readonly Route[] = [read];

function shapes(tx: Tx, suspects: readonly Suspect[]) {
  return Promise.all(suspects.map((each) => shapeOfSuspect(tx, each)));
}

async function shapeOfSuspect(tx: Tx, { row, change }: Suspect): Promise<z.infer<typeof suspectShape>> {
  const components = await componentsOf(tx, change.id);
  return suspectShape.parse({
    key: changeKey(change),
    ...{ title: change.title, kind: change.kind, state: change.state },
    components: components.map(componentName),
    owner: { id: change.ownerId, name: change.ownerName },
    startedAt: change.startedAt?.toISOString() ?? null,
    finishedAt: change.finishedAt?.toISOString() ?? null,
    ...{ rank: row.rank, points: row.points, parts: row.components, reasons: reasonsOf(row) },
    relation: row.answer,
    relationBy: row.answeredById === null ? null : { id: row.answeredById, name: row.answeredByName },
    relationAt: row.answeredAt?.toISOString() ?? null,
  });
}
