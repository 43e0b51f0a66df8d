// What can happen to tasks, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { personSchema } from '../incident/index.js';
import { inUtc, taskKey, taskKinds } from './words.js';

/** The task, and the messages that show it, so that they are drawn anew. */
const ofTask = { id: z.string(), number: z.int(), shown: z.array(z.string()) };
/** When its owner is reminded first; null: never. */
const remindAt = z.coerce.date().nullable();

/** The row of a task has the id of this fact. */
export const taskAdded = defineFact(
  'TaskAdded',
  z.object({
    number: z.int(),
    kind: z.enum(taskKinds),
    text: z.string(),
    owner: personSchema.nullable(),
    due: z.coerce.date().nullable(),
    remindAt,
  }),
  (it) => {
    const more = [it.owner?.name ?? 'nobody’s yet', ...(it.due ? [`due ${inUtc(it.due)}`] : [])].join(', ');
    const what = it.kind === 'followup' ? 'Follow-up' : 'Task';
    return { kind: 'action', text: `${what} ${taskKey(it)} (${more}): ${it.text}` };
  },
  (it) => ({ ...it, text: '' }),
);

export const taskDone = defineFact(
  'TaskDone',
  z.object({ ...ofTask, text: z.string().nullable() }),
  (it) => ({ kind: 'action', text: `${taskKey(it)} is done${it.text ? `: ${it.text}` : ''}` }),
  (it) => ({ ...it, text: null }),
);

export const taskDropped = defineFact(
  'TaskDropped',
  z.object({ ...ofTask, reason: z.string() }),
  (it) => ({ kind: 'action', text: `${taskKey(it)} is dropped${it.reason ? `: ${it.reason}` : ''}` }),
  (it) => ({ ...it, reason: '' }),
);

export const taskAssigned = defineFact(
  'TaskAssigned',
  z.object({ ...ofTask, owner: personSchema, instead: personSchema.nullable() }),
  (it) => ({
    kind: 'action',
    text: `${taskKey(it)} is ${it.owner.name}’s${it.instead ? `, was ${it.instead.name}’s` : ''}`,
  }),
);

export const taskDueSet = defineFact(
  'TaskDueSet',
  z.object({ ...ofTask, due: z.coerce.date().nullable(), remindAt }),
  (it) => ({
    kind: 'action',
    text: it.due ? `${taskKey(it)} is due ${inUtc(it.due)}` : `${taskKey(it)} has no date`,
  }),
);

/** What was not done while the incident lasted is done after it. */
export const taskKept = defineFact(
  'TaskKept',
  z.object({
    ...ofTask,
    remindAt,
    /** The incident was closed, and it became one by itself; `left`: all that did, said with the first of them. */
    closed: z.object({ left: z.array(z.int()) }).optional(),
  }),
  (it) => ({ kind: 'action', text: `${taskKey(it)} is a follow-up now` }),
);

export const taskReminded = defineFact(
  'TaskReminded',
  z.object({ id: z.string(), number: z.int(), person: personSchema, next: z.coerce.date() }),
  () => null,
);

/** Their words were redacted, a change was undone, or the incident is over: messages that show them are drawn, or drawn anew. */
export const tasksRedrawn = defineFact(
  'TasksRedrawn',
  z.object({
    tasks: z.array(
      /** `gone`: adding it was taken back. */
      z.object({ id: z.string(), shown: z.array(z.string()), gone: z.boolean().optional() }),
    ),
    /** Those who own some of what was not done when it ended. */
    owners: z.array(personSchema).optional(),
  }),
  () => null,
);
