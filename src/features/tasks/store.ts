// What tasks ask of the database, and how their rows follow from facts.
import type { Ask } from '../../core/command.js';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type Incident, idOf, visibleTo } from '../incident/index.js';
import { partOf } from '../roles/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { LeftState } from './left.js';
import type { Task } from './words.js';

/** What a decision about the tasks of an incident knows. */
export interface TaskState {
  readonly incident: Incident;
  /** The one that is meant; null: there is none of this number. */
  readonly task: Task | null;
  /** The number that the next one gets: a number that was taken back is not given again. */
  readonly next: number;
  /** The messages that show the one that is meant. */
  readonly shown: readonly string[];
  /** Who is to own it, as they are known. */
  readonly owner: OwnerKnown | null;
  /** The zone of whoever is reminded of it. */
  readonly zone: string;
}

export interface OwnerKnown {
  readonly name: string | null;
  readonly bot: boolean;
  /** Of a public incident everybody is. */
  readonly member: boolean;
}

interface Meant {
  readonly task?: number | undefined;
  readonly owner?: { readonly id: string } | undefined;
}

/** The open tasks and follow-ups of an incident, those that are due first in front. */
export async function openTasks(tx: Tx, incidentId: string): Promise<Task[]> {
  return tx.task.findMany({ where: { incidentId, state: 'open' }, orderBy: dueFirst });
}

/** Every task and follow-up of an incident that was not dropped, by number. */
export async function tasksOf(tx: Tx, incidentId: string): Promise<Task[]> {
  const where = { incidentId, state: { not: 'dropped' } };
  return tx.task.findMany({ where, orderBy: { number: 'asc' } });
}

/** Somebody's open tasks and follow-ups, of incidents that they may see; with `own`, of no drill that they have no part in. */
export async function tasksOfPerson(tx: Tx, ask: Ask, limit: number, own = false) {
  const rows = await tx.task.findMany({
    where: { workspaceId: ask.workspace.id, ownerId: ask.actor.id, state: 'open' },
    orderBy: dueFirst,
    take: readMax,
  });
  const visible = await tx.incident.findMany({
    where: {
      id: { in: rows.map((each) => each.incidentId) },
      mistaken: false,
      ...(await visibleTo(tx, ask)),
    },
  });
  const incidents = own ? await partOf(tx, visible, ask.actor.id) : visible;
  const found = rows.flatMap((task) => {
    const incident = incidents.find((each) => each.id === task.incidentId);
    return incident ? [{ task, incident }] : [];
  });
  return { shown: found.slice(0, limit), total: found.length };
}

const readMax = 200;
const dueFirst: Prisma.TaskOrderByWithRelationInput[] = [
  { dueAt: { sort: 'asc', nulls: 'last' } },
  { number: 'asc' },
];

/** Loads what is decided upon; the incident is read again, for it may have changed before it was locked. */
export async function loadTasks(tx: Tx, incidentId: string, meant: Meant, ask: Ask): Promise<TaskState> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const task = meant.task
    ? await tx.task.findUnique({ where: { incidentId_number: { incidentId, number: meant.task } } })
    : null;
  const reminded = meant.owner?.id ?? task?.ownerId ?? task?.madeById ?? ask.actor.id;
  return {
    incident,
    task,
    next: (await tx.fact.count({ where: { incidentId, type: facts.taskAdded.type } })) + 1,
    shown: task ? await slotsOf(tx, task) : [],
    owner: meant.owner ? await ownerKnown(tx, incident, meant.owner.id) : null,
    zone: (await zoneOf(tx, ask, reminded)) ?? ask.workspace.zone,
  };
}

/** What is left of tasks where an incident is over. */
export async function loadLeft(tx: Tx, incidentId: string, ask: Ask): Promise<LeftState> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const tasks = (await openTasks(tx, incidentId)).filter(({ kind }) => kind === 'task');
  const left = await Promise.all(tasks.map(async (each) => ({ ...each, shown: await slotsOf(tx, each) })));
  const owners = [...new Set(tasks.map(({ ownerId }) => ownerId ?? ''))];
  const zones = new Map(
    await Promise.all(owners.map(async (id) => [id, await zoneOf(tx, ask, id)] as const)),
  );
  return {
    incident,
    left,
    members: await membersAlone(tx, incident),
    zoneOf: (userId) => zones.get(userId ?? '') ?? ask.workspace.zone,
  };
}

/** Those who may be told of an incident, where that is private; null: everybody. */
export async function membersAlone(tx: Tx, incident: Incident): Promise<ReadonlySet<string> | null> {
  if (!incident.private) return null;
  const rows = await tx.member.findMany({ where: { incidentId: incident.id }, select: { userId: true } });
  return new Set(rows.map(({ userId }) => userId));
}

async function ownerKnown(tx: Tx, incident: Incident, userId: string): Promise<OwnerKnown> {
  const { workspaceId, id: incidentId } = incident;
  const person = await tx.person.findUnique({ where: { workspaceId_id: { workspaceId, id: userId } } });
  const member = !incident.private || (await tx.member.count({ where: { incidentId, userId } })) > 0;
  return { name: person?.name ?? null, bot: person?.isBot ?? false, member };
}

/** The time zone of somebody, where it is known. */
async function zoneOf(tx: Tx, ask: Ask, id: string): Promise<string | null> {
  if (id === ask.actor.id && ask.actor.zone !== null) return ask.actor.zone;
  const person = await tx.person.findUnique({
    where: { workspaceId_id: { workspaceId: ask.workspace.id, id } },
    select: { zone: true },
  });
  return person?.zone ?? null;
}

/** The slots of the messages that show a task: its own, and what somebody had left at the end of its incident. */
async function slotsOf(
  tx: Tx,
  task: { id: string; workspaceId: string; incidentId?: string | null },
): Promise<string[]> {
  const { id, workspaceId, incidentId } = task;
  const begins = [`task/${id}/`, ...(incidentId ? [`tasksOwn/${incidentId}/`] : [])];
  const where = { workspaceId, OR: begins.map((startsWith) => ({ slot: { startsWith } })) };
  const rows = await tx.posted.findMany({ where, select: { slot: true }, orderBy: { slot: 'asc' } });
  return rows.map((each) => each.slot);
}

const taskFacts = [
  ...[facts.taskAdded.type, facts.taskDone.type, facts.taskDropped.type],
  ...[facts.taskAssigned.type, facts.taskDueSet.type, facts.taskKept.type],
];

/** The tasks that facts are about, with the messages that show them; `gone`: there is none any more. */
export async function tasksOfFacts(tx: Tx, factIds: readonly string[]) {
  const where = { id: { in: [...factIds] }, type: { in: taskFacts } };
  const rows = await tx.fact.findMany({ where, orderBy: { position: 'asc' } });
  const found = new Map(
    rows.map(({ id, type, data, workspaceId, incidentId }) => {
      const taskId = type === facts.taskAdded.type ? id : (data as { id: string }).id;
      return [taskId, { id: taskId, workspaceId, incidentId }] as const;
    }),
  );
  const there = await tx.task.findMany({ where: { id: { in: [...found.keys()] } }, select: { id: true } });
  return Promise.all(
    [...found.values()].map(async (each) => ({
      id: each.id,
      shown: await slotsOf(tx, each),
      gone: !there.some(({ id }) => id === each.id),
    })),
  );
}

/** When somebody was reminded of a task last. */
export async function lastReminded(tx: Tx, task: Task): Promise<Date | null> {
  const rows = await tx.fact.findMany({
    where: { incidentId: task.incidentId, type: facts.taskReminded.type },
    orderBy: { seq: 'desc' },
    select: { data: true, recordedAt: true },
  });
  return rows.find((each) => (each.data as { id?: string }).id === task.id)?.recordedAt ?? null;
}

export const projections: Projection[] = [
  on(facts.taskAdded, async (fact, tx: Tx) => {
    const { number, kind, text, owner, due } = fact.data;
    await tx.task.create({
      data: {
        ...{ id: fact.id, workspaceId: fact.workspaceId, incidentId: idOf(fact), number, kind, text },
        ...{ ownerId: owner?.id ?? null, ownerName: owner?.name ?? null, dueAt: due },
        ...{ madeById: fact.actor.id, madeByName: fact.actor.name },
        ...{ madeAt: fact.occurredAt ?? fact.recordedAt, state: 'open' },
      },
    });
  }),
  on(facts.taskDone, (fact, tx: Tx) => end(fact, tx, 'done')),
  on(facts.taskDropped, (fact, tx: Tx) => end(fact, tx, 'dropped')),
  on(facts.taskAssigned, async ({ data: { id, owner } }, tx: Tx) => {
    await tx.task.update({ where: { id }, data: { ownerId: owner.id, ownerName: owner.name } });
  }),
  on(facts.taskDueSet, async ({ data: { id, due } }, tx: Tx) => {
    await tx.task.update({ where: { id }, data: { dueAt: due } });
  }),
  on(facts.taskKept, async ({ data: { id } }, tx: Tx) => {
    await tx.task.update({ where: { id }, data: { kind: 'followup' } });
  }),
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    await tx.task.updateMany({ where: { id: { in: factIds } }, data: { text: 'redacted' } });
  }),
];

/** Empties what was made of an incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.task.deleteMany({ where: { incidentId } });
}

async function end(fact: Fact<{ id: string }>, tx: Tx, state: 'done' | 'dropped'): Promise<void> {
  await tx.task.update({
    where: { id: fact.data.id },
    data: {
      state,
      endedAt: fact.occurredAt ?? fact.recordedAt,
      endedById: fact.actor.id,
      endedByName: fact.actor.name,
    },
  });
}
