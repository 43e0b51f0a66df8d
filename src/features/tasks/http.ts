// Tasks over HTTP: the list of an incident, adding to it, and what became of one.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import { findIncident, incidentParams, timeText } from '../incident/index.js';
import { addTask, patchTask } from './commands.js';
import { taskAdded } from './facts.js';
import { type Task, taskKey, taskKinds } from './words.js';

const path = '/incidents/{number}/tasks';
const person = z.object({ id: z.string(), name: z.string() }).nullable();

const taskShape = z
  .object({
    number: z.int().meta({ description: 'Counted from 1 within the incident, follow-ups too.' }),
    key: z.string(),
    kind: z.enum(taskKinds).meta({ description: 'A follow-up is done after the incident.' }),
    text: z.string(),
    owner: person,
    dueAt: instant.nullable(),
    state: z.enum(['open', 'done', 'dropped']),
    madeAt: instant,
    madeBy: person,
    endedAt: instant.nullable(),
    endedBy: person,
  })
  .meta({ id: 'Task' });

const owner = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,20}$/, { error: 'owner is the id of a Slack user, such as U012AB3CD.' })
  .meta({ description: 'The Slack id of whoever does it.', example: 'U012AB3CD' });
const due = timeText.meta({ description: 'Until when, still to come.', example: '2026-03-11T12:00:00Z' });

const read = queryRoute({
  path,
  scope: 'incidents:read',
  summary: 'The tasks and follow-ups of an incident',
  params: incidentParams,
  query: z.strictObject({
    state: z
      .enum(['open', 'all'], { error: 'state is open or all.' })
      .default('open')
      .meta({ description: 'open, unless told otherwise.' }),
  }),
  answer: z.object({ tasks: z.array(taskShape) }),
  async read(tx, { number }, query, ask) {
    const found = await findIncident(tx, { incident: number }, ask);
    if ('refused' in found) return found;
    const rows = await tx.task.findMany({
      where: { incidentId: found.target.id, ...(query.state === 'open' ? { state: 'open' } : {}) },
      orderBy: { number: 'asc' },
    });
    return { found: { tasks: rows.map(shapeOf) } };
  },
});

const add = commandRoute({
  path,
  scope: 'incidents:write',
  summary: 'Adds a task, or a follow-up',
  params: incidentParams,
  verb: addTask,
  body: z.strictObject({
    text: z.string({ error: 'Say what is to be done.' }).meta({ example: 'Restore the backup of db-2' }),
    kind: z
      .enum(taskKinds, { error: 'kind is task or followup.' })
      .optional()
      .meta({ description: 'task, unless told otherwise; of an incident that is over, followup.' }),
    owner: owner.optional(),
    due: due.optional(),
  }),
  worded: ({ number }, it) => ({
    incident: number,
    fields: { text: it.text, due: it.due },
    more: {
      kind: it.kind ?? 'task',
      ...(it.owner === undefined ? {} : { owner: { id: it.owner, name: it.owner } }),
    },
  }),
  status: 201,
  answer: taskShape,
  made: (facts) => addedShape(facts),
  location: (facts, { number }) => `/incidents/${number}/tasks/${addedShape(facts).number}`,
});

const change = commandRoute({
  path: '/incidents/{number}/tasks/{task}',
  method: 'patch',
  scope: 'incidents:write',
  summary: 'Says what became of a task, whose it is, or when it is due',
  description: 'What is not named stays. What is done or dropped stays so.',
  params: incidentParams.extend({
    task: z
      .string()
      .regex(/^[Tt]?\d{1,6}$/)
      .transform((word) => Number(word.replace(/\D+/, '')))
      .meta({ description: 'The task’s number: 3 or T3.', example: '3' }),
  }),
  verb: patchTask,
  body: z
    .strictObject({
      state: z.enum(['done', 'dropped'], { error: 'state is done or dropped.' }).optional(),
      text: z.string().optional().meta({ description: 'With a state: what was done, or why it is dropped.' }),
      kind: z
        .literal('followup', { error: 'A task may become a followup.' })
        .optional()
        .meta({ description: 'It is done after the incident.' }),
      owner: owner.optional(),
      due: due.optional(),
    })
    .refine((it) => [it.state, it.kind, it.owner, it.due].filter((each) => each !== undefined).length === 1, {
      error: 'Say one of state, kind, owner and due at a time.',
    }),
  named: { time: 'due', user: 'owner' },
  worded: ({ number, task }, it) => ({
    incident: number,
    fields: { due: it.due },
    more: {
      task,
      ...(it.state === undefined ? {} : { state: it.state }),
      ...(it.kind === undefined ? {} : { kind: it.kind }),
      ...(it.text === undefined ? {} : { text: it.text }),
      ...(it.owner === undefined ? {} : { user: { id: it.owner, name: it.owner } }),
    },
  }),
  status: 200,
  answer: taskShape,
  async made(_facts, { number, task }, tx, ask) {
    const incident = await tx.incident.findUniqueOrThrow({
      where: { workspaceId_number: { workspaceId: ask.workspace.id, number } },
    });
    const where = { incidentId_number: { incidentId: incident.id, number: task } };
    return shapeOf(await tx.task.findUniqueOrThrow({ where }));
  },
});

export const routes: readonly Route[] = [read, add, change];

function shapeOf(task: Task): z.infer<typeof taskShape> {
  return taskShape.parse({
    ...{ number: task.number, key: taskKey(task), kind: task.kind, text: task.text, state: task.state },
    owner: task.ownerId === null ? null : { id: task.ownerId, name: task.ownerName ?? task.ownerId },
    dueAt: task.dueAt?.toISOString() ?? null,
    madeAt: task.madeAt.toISOString(),
    madeBy: { id: task.madeById, name: task.madeByName },
    endedAt: task.endedAt?.toISOString() ?? null,
    endedBy:
      task.endedById === null ? null : { id: task.endedById, name: task.endedByName ?? task.endedById },
  });
}

// As it was added, from the fact alone.
function addedShape(facts: readonly Fact[]): z.infer<typeof taskShape> {
  const found = facts.find((each) => each.type === taskAdded.type);
  if (!found) throw new Error('a task without its fact');
  const { data, actor, recordedAt } = taskAdded.read(found);
  return taskShape.parse({
    ...{ number: data.number, key: taskKey(data), kind: data.kind, text: data.text, owner: data.owner },
    ...{ dueAt: data.due?.toISOString() ?? null, state: 'open', madeAt: recordedAt.toISOString() },
    ...{ madeBy: { id: actor.id, name: actor.name }, endedAt: null, endedBy: null },
  });
}
