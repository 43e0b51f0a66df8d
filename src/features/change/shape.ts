// A change as programs read it.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import type { Tx } from '../../db/tx.js';
import { type Component, componentName } from '../incident/index.js';
import { violatedBy } from './phrases.js';
import { type Change, conflictsOfRow } from './store.js';
import {
  changeKey,
  changeKinds,
  changeStates,
  conflictSchema,
  ownerSchema,
  reversibilities,
} from './words.js';

const time = instant.nullable();

export const changeShape = z
  .object({
    id: z.string().meta({ description: 'How people name it.', example: 'CHG-7' }),
    number: z.int(),
    source: z.string().meta({ description: 'Who tells of it; `andon` where a person announced it here.' }),
    key: z.string().meta({ description: 'The name that the source has for it. With `source` it is unique.' }),
    sequence: z
      .int()
      .nullable()
      .meta({ description: 'Of the latest word of its source; an older one changes no state.' }),
    kind: z.enum(changeKinds),
    title: z.string(),
    state: z.enum(changeStates),
    stateText: z
      .string()
      .nullable()
      .meta({ description: 'What was said of the state, such as why it failed.' }),
    components: z
      .array(z.string())
      .meta({ description: '`service/environment/cluster`.', example: ['api/prod'] }),
    owner: ownerSchema.meta({
      description: 'The person who answers for it; the id is Slack’s, null where it is not known.',
    }),
    announcedBy: z.object({ id: z.string(), name: z.string() }),
    announcedAt: instant,
    plannedStart: time,
    plannedEnd: time,
    startedAt: time,
    finishedAt: time,
    cover: z
      .object({
        state: z.enum(['none', 'asked', 'given', 'declined']),
        user: z.object({ id: z.string(), name: z.string() }).nullable(),
      })
      .meta({ description: 'Who stands by while it runs, and whether they said yes.' }),
    validation: z
      .object({
        state: z.enum(['none', 'asked', 'good', 'bad']),
        by: z.object({ id: z.string(), name: z.string() }).nullable(),
        at: time,
      })
      .meta({ description: 'Whether people said that everything still works.' }),
    conflicts: z
      .array(conflictSchema)
      .meta({ description: 'Why it collides with something, as was told last.' }),
    artifact: z.string().nullable(),
    previousArtifact: z.string().nullable(),
    url: z.string().nullable(),
    reversible: z.enum(reversibilities),
    unchanged: z.boolean().meta({
      description: 'What runs is what ran before: kept, but in no list of suspects and in no statistics.',
    }),
    production: z
      .boolean()
      .meta({ description: 'In production, or in an environment of which nobody said that it is none.' }),
    unknownServices: z
      .array(z.string())
      .meta({ description: 'Those of its services that the catalogue does not know.' }),
    violates: z
      .array(z.string())
      .meta({ description: 'The freezes in which it began without a verdict that let it, such as FRZ-3.' }),
    afterFreeze: z
      .boolean()
      .meta({ description: 'It was the first to begin somewhere after a freeze there had ended.' }),
    rollbackOf: z.string().nullable().meta({ description: 'The change that it takes back, such as CHG-6.' }),
  })
  .meta({ id: 'Change' });
export type ChangeShape = z.infer<typeof changeShape>;

/** Changes as programs read them, in the same order. Three queries, however many they are. */
export async function changeShapesOf(tx: Tx, changes: readonly Change[]): Promise<ChangeShape[]> {
  const [first] = changes;
  if (!first) return [];
  const targets = await tx.changeTarget.findMany({
    where: { changeId: { in: changes.map((each) => each.id) } },
    orderBy: { id: 'asc' },
  });
  const named = [...new Set(targets.map((each) => each.service))];
  const known = await tx.service.findMany({
    where: { workspaceId: first.workspaceId, name: { in: named } },
    select: { name: true },
  });
  const ids = changes.flatMap((each) => each.rollbackOfId ?? []);
  const takenBack = await tx.change.findMany({
    where: { id: { in: ids } },
    select: { id: true, number: true },
  });
  return changes.map((each) =>
    shapeOf(each, {
      components: targets.filter((target) => target.changeId === each.id),
      known: new Set(known.map((service) => service.name)),
      takenBack: takenBack.find((other) => other.id === each.rollbackOfId) ?? null,
    }),
  );
}

/** A change as programs read it. */
export async function changeShapeOf(tx: Tx, change: Change): Promise<ChangeShape> {
  const [shape] = await changeShapesOf(tx, [change]);
  if (!shape) throw new Error('a change without its shape');
  return shape;
}

function shapeOf(
  row: Change,
  around: {
    components: readonly Component[];
    known: ReadonlySet<string>;
    takenBack: { number: number } | null;
  },
): ChangeShape {
  const person = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id });
  const text = (at: Date | null) => at?.toISOString() ?? null;
  const services = [...new Set(around.components.map((each) => each.service))];
  // What the columns hold was checked by the facts they follow from.
  return changeShape.parse({
    ...{ id: changeKey(row), number: row.number, source: row.source, key: row.key },
    sequence: row.sequence === null ? null : Number(row.sequence),
    ...{ kind: row.kind, title: row.title, state: row.state, stateText: row.stateText },
    components: around.components.map(componentName),
    owner: { id: row.ownerId, name: row.ownerName },
    announcedBy: { id: row.announcedById, name: row.announcedByName },
    announcedAt: row.announcedAt.toISOString(),
    ...{ plannedStart: text(row.plannedStart), plannedEnd: text(row.plannedEnd) },
    ...{ startedAt: text(row.startedAt), finishedAt: text(row.finishedAt) },
    cover: { state: row.cover, user: person(row.coverId, row.coverName) },
    validation: {
      state: row.validation,
      by: person(row.validatedById, row.validatedByName),
      at: text(row.validatedAt),
    },
    conflicts: conflictsOfRow(row),
    ...{ artifact: row.artifact, previousArtifact: row.previousArtifact, url: row.url },
    ...{ reversible: row.reversible, unchanged: row.unchanged, production: row.production },
    unknownServices: services.filter((name) => !around.known.has(name)),
    violates: violatedBy(row),
    afterFreeze: row.afterFreeze,
    rollbackOf: around.takenBack && changeKey(around.takenBack),
  });
}
