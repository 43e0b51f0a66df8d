// What checklists ask of the database, and how their rows follow from facts.
import { z } from 'zod';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { beginsAt, type Incident, idOf } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import {
  type ChecklistEntry,
  isOver,
  progress,
  type Run,
  type RunStep,
  runStepSchema,
  type StepOwner,
  stepSchema,
} from './words.js';

type Row = Prisma.ChecklistRunGetPayload<object>;

/** The checklists of the catalogue, by name. */
export async function definedChecklists(
  tx: Tx,
  workspaceId: string,
): Promise<(ChecklistEntry & { readonly origin: string })[]> {
  const rows = await tx.checklist.findMany({ where: { workspaceId } });
  return rows
    .map(({ name, title, steps, origin }) => ({
      ...{ name, title, origin },
      steps: z.array(stepSchema).parse(steps),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The checklists that were begun in an incident, in that order. */
export async function runsOf(tx: Tx, incidentId: string): Promise<Run[]> {
  const rows = await tx.checklistRun.findMany({
    where: { incidentId },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(runOf);
}

/** The messages that tell people one by one of the steps of these checklists. */
export async function slotsOf(tx: Tx, workspaceId: string, runs: readonly Pick<Run, 'id'>[]): Promise<Slots> {
  if (runs.length === 0) return new Map();
  const told = runs.map(({ id }) => ({ slot: { startsWith: `checklist/${id}/` } }));
  const rows = await tx.posted.findMany({
    where: { workspaceId, OR: told },
    select: { slot: true },
    orderBy: { slot: 'asc' },
  });
  return new Map(
    runs.map(({ id }) => [id, rows.flatMap(({ slot }) => (slot.split('/')[1] === id ? [slot] : []))]),
  );
}
export type Slots = ReadonlyMap<string, readonly string[]>;

/** With the names of people of whom only Slack's id was written. */
export async function withNames(
  tx: Tx,
  workspaceId: string,
  defined: readonly ChecklistEntry[],
): Promise<ChecklistEntry[]> {
  const ids = defined.flatMap(({ steps }) =>
    steps.flatMap(({ owner }) => (owner && !('role' in owner) && owner.id !== null ? [owner.id] : [])),
  );
  const people = await tx.person.findMany({ where: { workspaceId, id: { in: ids } } });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const named = (owner: StepOwner | null) =>
    owner && !('role' in owner) && owner.name === owner.id
      ? { ...owner, name: names.get(owner.id ?? '') ?? owner.name }
      : owner;
  return defined.map((each) => ({
    ...each,
    steps: each.steps.map((step) => ({ ...step, owner: named(step.owner) })),
  }));
}

/** The steps that are left of those that were begun, each as something that is still to be done. */
export async function stepsLeft(tx: Tx, incidentId: string) {
  const runs = (await runsOf(tx, incidentId)).filter((run) => run.endedAt === null);
  return runs.flatMap(({ name, steps }) =>
    steps.flatMap((step, at) => (isOver(step) ? [] : [{ name, number: at + 1, step }])),
  );
}

/** `rollback 1 of 4 done`, of those that are under way; null: none is. */
export async function openText(tx: Tx, incidentId: string): Promise<string | null> {
  const open = (await runsOf(tx, incidentId)).filter((run) => run.endedAt === null);
  if (open.length === 0) return null;
  return open.map((run) => `${run.name} ${progress(run)}`).join('; ');
}

/** Who may know of a private incident; null: everybody. */
export async function membersOf(
  tx: Tx,
  incident: Pick<Incident, 'id' | 'private'>,
): Promise<ReadonlySet<string> | null> {
  if (!incident.private) return null;
  const rows = await tx.member.findMany({ where: { incidentId: incident.id }, select: { userId: true } });
  return new Set(rows.map((each) => each.userId));
}

/** A row as it is gone through. */
export function runOf(row: Row): Run {
  const { id, name, title, startedAt, endedAt } = row;
  return {
    ...{ id, name, title, startedAt, endedAt },
    steps: z.array(runStepSchema).parse(row.steps),
    startedBy: { id: row.startedById, name: row.startedByName },
  };
}

/** Empties what follows from one incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.checklistRun.deleteMany({ where: { incidentId } });
}

export const projections: Projection[] = [
  on(facts.checklistDefined, async ({ workspaceId, data }, tx: Tx) => {
    const { name, title, steps, origin } = data;
    const row = { title, steps: json(steps), origin };
    await tx.checklist.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { id: `${workspaceId}/${name}`, workspaceId, name, ...row },
      update: row,
    });
  }),
  on(facts.checklistRemoved, async ({ workspaceId, data: { name } }, tx: Tx) => {
    await tx.checklist.deleteMany({ where: { workspaceId, name } });
  }),
  on(facts.checklistBegun, async (fact, tx: Tx) => {
    const { id, workspaceId, actor, data } = fact;
    const { name, title } = data;
    const steps = data.steps.map((step): RunStep => ({ ...step, done: null, seconded: null, skipped: null }));
    await tx.checklistRun.create({
      data: {
        ...{ id, workspaceId, name, title },
        incidentId: idOf(fact),
        steps: json(steps),
        ...{ startedById: actor.id, startedByName: actor.name },
        startedAt: beginsAt(fact).since,
      },
    });
  }),
  on(facts.checklistStepDone, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({
      ...step,
      done: { ...by(fact), fact: fact.id, note: fact.data.note },
      skipped: null,
    })),
  ),
  on(facts.checklistStepSeconded, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({ ...step, seconded: by(fact) })),
  ),
  on(facts.checklistStepSkipped, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({
      ...step,
      done: null,
      seconded: null,
      skipped: { ...by(fact), fact: fact.id, note: fact.data.reason },
    })),
  ),
  on(facts.checklistStepUnchecked, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({ ...step, done: null, seconded: null, skipped: null })),
  ),
  on(entryRedacted, async (fact, tx: Tx) => {
    const { factIds } = fact.data;
    const rows = await tx.checklistRun.findMany({ where: { incidentId: idOf(fact) } });
    for (const row of rows) {
      const before = runOf(row).steps;
      const steps = before.map((step) => withoutWords(step, factIds));
      if (steps.some((step, at) => step !== before[at]))
        await tx.checklistRun.update({ where: { id: row.id }, data: { steps: json(steps) } });
    }
  }),
];

function withoutWords(step: RunStep, factIds: readonly string[]): RunStep {
  const { done, skipped } = step;
  if (done && factIds.includes(done.fact)) return { ...step, done: { ...done, note: null } };
  if (skipped && factIds.includes(skipped.fact))
    return { ...step, skipped: { ...skipped, note: 'redacted' } };
  return step;
}

function by(fact: Fact) {
  return { id: fact.actor.id, name: fact.actor.name, at: beginsAt(fact).since.toISOString() };
}

// Where the beginning was taken back there is nothing to put. It ends with its last step: where an earlier one is taken
// back, it is open again, whatever was said of its end.
async function putStep(
  tx: Tx,
  fact: Fact<{ run: string; step: number }>,
  change: (step: RunStep) => RunStep,
): Promise<void> {
  const { run: id, step: number } = fact.data;
  const row = await tx.checklistRun.findFirst({ where: { id, incidentId: idOf(fact) } });
  if (!row) return;
  const steps = runOf(row).steps.map((step, at) => (at + 1 === number ? change(step) : step));
  const endedAt = steps.every(isOver) ? (row.endedAt ?? beginsAt(fact).since) : null;
  await tx.checklistRun.update({ where: { id }, data: { steps: json(steps), endedAt } });
}
