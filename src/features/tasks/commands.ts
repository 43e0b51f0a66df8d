// The commands of tasks: what people say, and what programs may.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type CommandSpec,
  defineCommand,
  internalVerb,
  refuse,
} from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { message, say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import {
  about,
  findIncident,
  type Incident,
  incidentStream,
  onIncidentInput,
  personSchema,
  writtenTimeSchema,
} from '../incident/index.js';
import * as decide from './decide.js';
import { tasksRedrawn } from './facts.js';
import { decideKeepLeft, decideLeft, type LeftState } from './left.js';
import { lastReminded, loadLeft, loadTasks, membersAlone, type TaskState, tasksOfFacts } from './store.js';
import { readTaskKey, taskKinds, taskTextLimit, taskWord } from './words.js';

interface OfTask {
  readonly incident?: number | undefined;
  readonly task?: number | undefined;
}

const what = textOf({
  missing: 'Say what is to be done, such as “restore the backup of db-2”.',
  limit: taskTextLimit,
});
const words = textOf({ missing: 'Say it in a few words, or leave it out.', limit: taskTextLimit }).optional();
const ownerWord = personSchema.optional();

/** A verb on the tasks of one incident: found, locked, loaded with the task that is meant, decided. */
function taskCommand<V extends OfTask>(
  verb: { words: string[]; usage: string; summary: string; example: string },
  input: z.ZodType<V>,
  meant: (input: V) => { task?: number | undefined; owner?: { id: string } | undefined },
  decideIt: CommandSpec<V, Incident, TaskState>['decide'],
  form?: Form,
) {
  return defineCommand<V, Incident, TaskState>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    ...(form ? { form } : {}),
    locate: findIncident,
    load: (tx: Tx, given: V, target: Incident, ask: Ask) => loadTasks(tx, target.id, meant(given), ask),
    decide: decideIt,
  });
}

function addForm(title: string): Form {
  return {
    title,
    submit: 'Add',
    fields: [
      { kind: 'text', name: 'text', label: 'What is to be done?', long: true, maxLength: taskTextLimit },
      { kind: 'person', name: 'owner', label: 'Who does it?', optional: true },
      {
        kind: 'text',
        name: 'due',
        label: 'Until when?',
        hint: 'As you would write it: 14:30, tomorrow 12:00, 2h. Empty is without a date.',
        optional: true,
      },
    ],
  };
}

const addInput = z.object({
  ...onIncidentInput,
  text: what,
  owner: ownerWord,
  due: writtenTimeSchema.optional(),
});

export const task = taskCommand(
  {
    words: ['task'],
    usage: 'TEXT [owner:@user] [due:WHEN]',
    summary: 'Something is to be done now; its owner is told, and reminded when it is due.',
    example: '/incident task restore the backup of db-2 owner:@bob due:14:30',
  },
  addInput,
  ({ owner }) => ({ owner }),
  (state, input, ask) => decide.decideAdd(state, { ...input, kind: 'task' }, ask),
  addForm('A task'),
);

export const followup = taskCommand(
  {
    words: ['followup', 'follow-up'],
    usage: 'TEXT [owner:@user] [due:WHEN]',
    summary: 'Something is to be done after the incident. With a task, such as T3, that task.',
    example: '/incident followup alert on a full disk owner:@bob due:"next Friday 12:00"',
  },
  addInput,
  ({ text, owner }) => ({ owner, task: keptTask(text) }),
  (state, input, ask) => decide.decideAdd(state, { ...input, kind: 'followup' }, ask),
  addForm('A follow-up'),
);

export const doneCommand = taskCommand(
  {
    words: ['done'],
    usage: 'TASK [TEXT] [at:TIME]',
    summary: 'A task or follow-up is done.',
    example: '/incident done T3 it runs again',
  },
  z.object({ ...onIncidentInput, task: taskWord, text: words }),
  ({ task: number }) => ({ task: number }),
  decide.decideDone,
);

export const drop = taskCommand(
  {
    words: ['drop'],
    usage: 'TASK REASON',
    summary: 'A task or follow-up will not be done, and why.',
    example: '/incident drop T3 the host is gone',
  },
  z.object({
    ...onIncidentInput,
    task: taskWord,
    reason: textOf({ missing: 'Say in a few words why.', limit: taskTextLimit }),
  }),
  ({ task: number }) => ({ task: number }),
  decide.decideDrop,
);

export const assign = taskCommand(
  {
    words: ['assign'],
    usage: 'TASK @user',
    summary: 'Gives a task or follow-up to somebody. “me” is you.',
    example: '/incident assign T3 @bob',
  },
  z.object({
    ...onIncidentInput,
    task: taskWord,
    user: personSchema,
  }),
  ({ task: number, user }) => ({ task: number, owner: user }),
  decide.decideAssign,
);

export const due = taskCommand(
  {
    words: ['due'],
    usage: 'TASK [WHEN] [none]',
    summary: 'When a task or follow-up is due: 14:30, tomorrow 12:00, 2h from now. With none it has no date.',
    example: '/incident due T3 tomorrow 12:00',
  },
  z.object({
    ...onIncidentInput,
    task: taskWord,
    time: writtenTimeSchema.optional(),
    none: z.boolean().optional(),
  }),
  ({ task: number }) => ({ task: number }),
  decide.decideDue,
);

const programInput = addInput.extend({ kind: z.enum(taskKinds) });

/** The same for programs, which say the kind. */
export const addTask = defineCommand<z.infer<typeof programInput>, Incident, TaskState>({
  verb: { ...internalVerb('add task'), usage: 'TEXT [due:WHEN]' },
  input: programInput,
  locate: findIncident,
  load: (tx, { owner }, target, ask) => loadTasks(tx, target.id, { owner }, ask),
  decide: (state, input, ask) => decide.decideAdd(state, input, ask),
});

const patchInput = z.object({
  ...onIncidentInput,
  task: z.int(),
  state: z.enum(['done', 'dropped']).optional(),
  kind: z.literal('followup').optional(),
  text: words,
  user: ownerWord,
  due: writtenTimeSchema.optional(),
});

/** What programs say of a task: one thing at a time. */
export const patchTask = defineCommand<z.infer<typeof patchInput>, Incident, TaskState>({
  verb: { ...internalVerb('change task'), usage: '[due:WHEN]' },
  input: patchInput,
  locate: findIncident,
  load: (tx, { task: number, user }, target, ask) =>
    loadTasks(tx, target.id, { task: number, owner: user }, ask),
  decide(state, input, ask) {
    if (input.state === 'done') return decide.decideDone(state, input, ask);
    if (input.state === 'dropped')
      return input.text
        ? decide.decideDrop(state, { task: input.task, reason: input.text })
        : refuse(say('Say in a few words why.'), 'text');
    if (input.kind) return decide.decideKeep(state, input.task, ask);
    if (input.user) return decide.decideAssign(state, { task: input.task, user: input.user }, ask);
    return decide.decideDue(state, { ...input, time: input.due }, ask);
  },
});

const remindInput = z.object({ incidentId: z.string(), id: z.string() });

/** Whether the owner of a task is reminded now. */
const remind = defineCommand<z.infer<typeof remindInput>, null, decide.ReminderState>({
  verb: internalVerb('remind of task'),
  input: remindInput,
  locate: async (_tx, { incidentId }) => ({ streams: [incidentStream(incidentId)], target: null }),
  async load(tx, { incidentId, id }, _target, ask) {
    const row = await tx.task.findUnique({ where: { id } });
    const state = await loadTasks(tx, incidentId, { task: row?.number }, ask);
    return {
      ...state,
      reminded: row ? await lastReminded(tx, row) : null,
      members: await membersAlone(tx, state.incident),
    };
  },
  decide: (state, _input, ask) => decide.decideRemind(state, ask),
});
export const remindOf = (data: unknown) => remind.given(remindInput.parse(data));

const redrawInput = z.object({ incidentId: z.string(), factIds: z.array(z.string()) });
type Shown = readonly { readonly id: string; readonly shown: string[]; readonly gone: boolean }[];

/** Messages that repeat what was redacted, or show what was undone, are drawn anew. */
const redraw = defineCommand<z.infer<typeof redrawInput>, null, Shown>({
  verb: internalVerb('redraw tasks'),
  input: redrawInput,
  locate: async (_tx, { incidentId }) => ({ streams: [incidentStream(incidentId)], target: null }),
  load: (tx, { factIds }) => tasksOfFacts(tx, factIds),
  decide(tasks, { incidentId }) {
    if (tasks.length === 0) return refuse(say('That was no task.'));
    return accept([tasksRedrawn({ tasks: [...tasks] }, about({ id: incidentId }))], message());
  },
});
export const redrawOf = (data: unknown) => redraw.given(redrawInput.parse(data));

const leftInput = z.object({ incidentId: z.string() });
type LeftInput = z.infer<typeof leftInput>;

function leftCommand(name: string, decideIt: CommandSpec<LeftInput, null, LeftState>['decide']) {
  const command = defineCommand<LeftInput, null, LeftState>({
    verb: internalVerb(name),
    input: leftInput,
    locate: async (_tx, { incidentId }) => ({ streams: [incidentStream(incidentId)], target: null }),
    load: (tx, { incidentId }, _target, ask) => loadLeft(tx, incidentId, ask),
    decide: decideIt,
  });
  return (data: unknown) => command.given(leftInput.parse(data));
}

/** An incident is over: its tasks' owners are told; and once it is closed, what is left becomes follow-ups. */
export const leftOf = leftCommand('tell what is left of tasks', (state) => decideLeft(state));
export const keepLeftOf = leftCommand('keep what is left of tasks', (state, _input, ask) =>
  decideKeepLeft(state, ask),
);

// `followup T3` keeps that task for afterwards.
function keptTask(text: string): number | undefined {
  return /^t/i.test(text) ? (readTaskKey(text) ?? undefined) : undefined;
}
