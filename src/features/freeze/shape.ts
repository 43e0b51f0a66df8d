// A freeze as programs read it.
import { z } from 'zod';
import type { Ask } from '../../core/command.js';
import { instant } from '../../core/entry.js';
import type { Tx } from '../../db/tx.js';
import { visibleTo } from '../incident/index.js';
import { type Frozen, phaseAt, readFrozen, windowAfter, windowNow } from './phase.js';
import { rulePhrase } from './phrase-words.js';
import { scopeWords } from './places.js';
import type { Freeze } from './store.js';
import { whenWords } from './when-words.js';
import { freezeKey, freezeModes, never } from './words.js';

const person = z.object({ id: z.string(), name: z.string() });
const some = z.array(z.string());
const selector = z.object({ services: some, environments: some, clusters: some, tiers: some });

const recurrence = z.object({
  zone: z.string().meta({ description: 'Whose wall time its times are.', example: 'Europe/Berlin' }),
  every: z.string().meta({
    description: 'As it can be asked for: `every weekday 18:00 to 08:00`.',
    example: 'every weekday 18:00 to 08:00',
  }),
  rule: z.string().meta({ description: 'RFC 5545: the days on which it begins.' }),
  until: z.string().nullable().meta({ description: 'The last of those days; null where there is none.' }),
});

export const freezeShape = z
  .object({
    id: z.string().meta({ description: 'How people name it.', example: 'FRZ-3' }),
    number: z.int(),
    mode: z
      .enum(freezeModes)
      .meta({ description: '`hard`: the gate denies; `soft`: it lets go, and warns.' }),
    phase: z
      .enum(['scheduled', 'active', 'ended'])
      .meta({ description: 'Computed of the schedule and the clock, and kept nowhere.' }),
    reason: z.string(),
    owner: person,
    madeBy: person,
    madeAt: instant,
    scope: z.object({ include: z.array(selector), exclude: z.array(selector) }).meta({
      description:
        'A place is covered where one of `include` fits and none of `exclude` does. Within one, an empty list says nothing, and all others must fit.',
    }),
    scopeText: z.string(),
    whenText: z.string(),
    startsAt: instant.meta({ description: 'The first instant at which it is on.' }),
    endsAt: instant.nullable().meta({ description: 'From then on it is no more; null: no end is in sight.' }),
    recurrence: recurrence.nullable().meta({ description: 'Null where it is on once.' }),
    window: z.object({ from: instant, until: instant.nullable() }).nullable().meta({
      description: 'The time in which it is on now, else that which comes next; null: none in sight.',
    }),
    lifted: z
      .object({ at: instant, by: person, text: z.string().nullable() })
      .nullable()
      .meta({ description: 'Who ended it before its time.' }),
    incident: z.string().nullable().meta({
      description: 'The incident from which the cord was pulled, where this token may know of it.',
    }),
    drill: z.boolean().meta({ description: 'It stops only what says that it is part of a drill.' }),
    damaged: z.boolean().meta({
      description: 'What was kept of it cannot be read: so it covers everything, hard, until it is lifted.',
    }),
  })
  .meta({ id: 'Freeze' });
export type FreezeShape = z.infer<typeof freezeShape>;

/** Freezes as programs read them, in the same order. One query, however many they are. */
export async function freezeShapesOf(
  tx: Tx,
  rows: readonly Freeze[],
  ask: Ask,
  at: Date = ask.now,
): Promise<FreezeShape[]> {
  const ids = [...new Set(rows.flatMap((each) => each.incidentId ?? []))];
  // A private incident does not exist for others, also where the cord was pulled from it.
  const shown =
    ids.length === 0
      ? []
      : await tx.incident.findMany({
          where: { workspaceId: ask.workspace.id, id: { in: ids }, AND: [await visibleTo(tx, ask)] },
          select: { id: true, number: true },
        });
  const incidents = new Map(shown.map((each) => [each.id, each.number]));
  return rows.map((row) => shapeOf(row, incidents.get(row.incidentId ?? '') ?? null, at));
}

function shapeOf(row: Freeze, incident: number | null, at: Date): FreezeShape {
  const frozen = readFrozen(row);
  const { schedule, scope, startsAt, overAt } = frozen;
  const window = windowNow(frozen, at) ?? windowAfter(frozen, at);
  return {
    ...{ id: freezeKey(row), number: row.number, mode: frozen.mode, phase: phaseAt(frozen, at) },
    ...{ reason: row.reason, owner: frozen.owner, drill: row.drill, damaged: frozen.damaged },
    madeBy: { id: row.madeById, name: row.madeByName },
    madeAt: row.madeAt.toISOString(),
    scope,
    scopeText: scopeWords(scope),
    whenText: schedule ? whenWords(schedule, startsAt, overAt, at) : 'until it is lifted',
    startsAt: startsAt.toISOString(),
    endsAt: overAt >= never ? null : overAt.toISOString(),
    recurrence: recurrenceOf(frozen),
    window: window && { from: window.from.toISOString(), until: window.until?.toISOString() ?? null },
    lifted: row.liftedAt && {
      at: row.liftedAt.toISOString(),
      by: { id: row.liftedById ?? '', name: row.liftedByName ?? '' },
      text: row.liftText,
    },
    incident: incident === null ? null : `INC-${incident}`,
  };
}

function recurrenceOf({ schedule }: Frozen): FreezeShape['recurrence'] {
  if (schedule?.type !== 'recurring') return null;
  const { zone, rule, until } = schedule;
  return { zone, rule, every: rulePhrase(schedule), until: until ?? null };
}
