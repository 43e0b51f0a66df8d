// What checklists ask of the database, and how their rows follow from facts.
import { z } from 'zod';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { beginsAt, idOf } from '../incident/index.js';
import * as facts from './facts.js';
import { type ChecklistEntry, isOver, type Run, type RunStep, runStepSchema, stepSchema } from './words.js';

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
    putStep(tx, fact, (step) => ({ ...step, done: { ...by(fact), fact: fact.id }, skipped: null })),
  ),
  on(facts.checklistStepSeconded, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({ ...step, seconded: by(fact) })),
  ),
  on(facts.checklistStepSkipped, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({ ...step, done: null, seconded: null, skipped: by(fact) })),
  ),
  on(facts.checklistStepUnchecked, (fact, tx: Tx) =>
    putStep(tx, fact, (step) => ({ ...step, done: null, seconded: null, skipped: null })),
  ),
];

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
