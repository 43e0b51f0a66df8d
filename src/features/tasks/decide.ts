// The rules of tasks. Pure: everything they know is in their arguments.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { showUnderstood, type WrittenTime } from '../../core/time/index.js';
import {
  about,
  done as answered,
  incidentKey,
  isOpen,
  type OnIncident,
  zoneAssumed,
} from '../incident/index.js';
import * as facts from './facts.js';
import type { TaskState } from './store.js';
import { lastReminder, nextReminder } from './times.js';
import { inUtc, kindName, readTaskKey, type Task, type TaskKind, taskKey } from './words.js';

export interface Owner {
  readonly id: string;
  readonly name: string;
}

export interface AddInput {
  readonly kind: TaskKind;
  readonly text: string;
  readonly owner?: Owner | undefined;
  readonly due?: WrittenTime | undefined;
  readonly remarks: readonly string[];
}

export interface EndInput extends OnIncident {
  readonly task: number;
  readonly text?: string | undefined;
}

/** Adds a task, or a follow-up; a follow-up that names a task is that task, kept for afterwards. */
export function decideAdd(state: TaskState, input: AddInput, ask: Ask): Decision {
  const { incident } = state;
  const key = incidentKey(incident);
  if (input.kind === 'followup' && state.task) return decideKeep(state, state.task.number, ask);
  if (input.kind === 'followup' && /^t\d+$/i.test(input.text))
    return noTask(state, readTaskKey(input.text) ?? 0);
  if (input.kind === 'task' && !isOpen(incident.status))
    return refuse(
      say(
        `${key} is ${incident.status}: what is still to be done is a follow-up. `,
        { code: '/incident followup TEXT' },
        ' keeps it. Nothing was added.',
      ),
    );
  const refused = refusedOwner(state, input.owner) ?? refusedDue(input.due, ask);
  if (refused) return refused;
  const owner = named(state, input.owner);
  const due = input.due?.at ?? null;
  const remindAt = due && nextReminder(input.kind, due, state.zone, ask.now);
  const number = state.next;
  const added = facts.taskAdded(
    { number, kind: input.kind, text: input.text, owner, due, remindAt },
    about(incident),
  );
  const whose = owner ? `, ${owner.id === ask.actor.id ? 'yours' : `${owner.name}’s`}` : '';
  const nobody = owner
    ? ''
    : ` Nobody owns it yet: \`/incident assign ${key} ${taskKey({ number })} @user\`.`;
  const text = `${taskKey({ number })} is a ${kindName(input.kind)} of ${key}${whose}${dueText(input.due, ask)}.${nobody}`;
  return accept([added], answered(text, { remarks: input.remarks }, ask));
}

/** It is done. */
export function decideDone(state: TaskState, input: EndInput, ask: Ask): Decision {
  const task = openTask(state, input.task);
  if ('accepted' in task) return task;
  const data = { ...ofTask(state, task), text: input.text ?? null };
  const early = input.at?.at && input.at.at < task.madeAt;
  const remarks = early ? [`That is before ${taskKey(task)} was written down, ${inUtc(task.madeAt)}.`] : [];
  return accept(
    [facts.taskDone(data, about(state.incident, input.at))],
    answered(
      `${taskKey(task)} of ${incidentKey(state.incident)} is done.`,
      { ...input, remarks: [...input.remarks, ...remarks] },
      ask,
    ),
  );
}

/** It will not be done. */
export function decideDrop(
  state: TaskState,
  input: { readonly task: number; readonly reason: string },
): Decision {
  const task = openTask(state, input.task);
  if ('accepted' in task) return task;
  const data = { ...ofTask(state, task), reason: input.reason };
  return accept(
    [facts.taskDropped(data, about(state.incident))],
    say(`${taskKey(task)} of ${incidentKey(state.incident)} is dropped.`),
  );
}

/** It is somebody's, or somebody else's. */
export function decideAssign(
  state: TaskState,
  input: { readonly task: number; readonly user: Owner },
  ask: Ask,
): Decision {
  const task = openTask(state, input.task);
  if ('accepted' in task) return task;
  if (task.ownerId === input.user.id)
    return refuse(say(`${taskKey(task)} is ${task.ownerName}’s already. Nothing was changed.`), 'user');
  const refused = refusedOwner(state, input.user);
  if (refused) return refused;
  const owner = named(state, input.user) ?? input.user;
  const instead = task.ownerId === null ? null : { id: task.ownerId, name: task.ownerName ?? task.ownerId };
  const data = { ...ofTask(state, task), owner, instead };
  const whose = owner.id === ask.actor.id ? 'yours' : `${owner.name}’s; they are told`;
  return accept(
    [facts.taskAssigned(data, about(state.incident))],
    say(`${taskKey(task)} of ${incidentKey(state.incident)} is ${whose}.`),
  );
}

/** When it is to be done. */
export function decideDue(
  state: TaskState,
  input: {
    readonly task: number;
    readonly time?: WrittenTime | undefined;
    readonly none?: boolean | undefined;
    readonly remarks: readonly string[];
  },
  ask: Ask,
): Decision {
  const task = openTask(state, input.task);
  if ('accepted' in task) return task;
  const due = input.time?.at ?? null;
  // A time that nobody knows is written so too.
  const none = input.none || /^none$/i.test(input.time?.asWritten ?? '');
  if (none && due === null) return decideDueless(state, task, input, ask);
  if (!input.time || due === null)
    return refuse(
      say(
        'Say until when, such as ',
        { code: `/incident due ${taskKey(task)} tomorrow 12:00` },
        ', or none.',
      ),
      'time',
    );
  const refused = refusedDue(input.time, ask);
  if (refused) return refused;
  const remindAt = nextReminder(task.kind as TaskKind, due, state.zone, ask.now);
  const data = { ...ofTask(state, task), due, remindAt };
  const text = `${taskKey(task)} of ${incidentKey(state.incident)} is due${dueText(input.time, ask).replace(/^, due/, '')}.`;
  return accept([facts.taskDueSet(data, about(state.incident))], answered(text, input, ask));
}

function decideDueless(
  state: TaskState,
  task: Task,
  input: { readonly remarks: readonly string[] },
  ask: Ask,
): Decision {
  const key = `${taskKey(task)} of ${incidentKey(state.incident)}`;
  if (task.dueAt === null) return refuse(say(`${key} has no date. Nothing was changed.`), 'time');
  const data = { ...ofTask(state, task), due: null, remindAt: null };
  const text = `${key} has no date now; nobody is reminded of it.`;
  return accept([facts.taskDueSet(data, about(state.incident))], answered(text, input, ask));
}

/** What was not done while the incident lasted is done after it. */
export function decideKeep(state: TaskState, number: number, ask: Ask): Decision {
  const key = incidentKey(state.incident);
  const task = openTask(state, number);
  if ('accepted' in task) return task;
  if (task.kind === 'followup')
    return refuse(say(`${taskKey(task)} of ${key} is a follow-up already. Nothing was changed.`));
  const remindAt = task.dueAt && nextReminder('followup', task.dueAt, state.zone, ask.now);
  return accept(
    [facts.taskKept({ ...ofTask(state, task), remindAt }, about(state.incident))],
    say(`${taskKey(task)} of ${key} is a follow-up now.`),
  );
}

export interface ReminderState extends TaskState {
  /** When somebody was reminded of it last. */
  readonly reminded: Date | null;
  /** Those who may be told, where the incident is private; null: everybody. */
  readonly members: ReadonlySet<string> | null;
}

/** Whether its owner is reminded now; whoever wrote it down, where it is nobody's. */
export function decideRemind(state: ReminderState, ask: Ask): Decision {
  const { incident, task, reminded, members } = state;
  if (task?.state !== 'open' || task.dueAt === null) return nothing();
  const may = (id: string | null) => members === null || members.has(id ?? '');
  const maker = { id: task.madeById, name: task.madeByName };
  const person =
    task.ownerId !== null && (may(task.ownerId) || !may(maker.id))
      ? { id: task.ownerId, name: task.ownerName ?? task.ownerId }
      : maker;
  const kind = task.kind as TaskKind;
  const next = nextReminder(kind, task.dueAt, state.zone, ask.now);
  const last = lastReminder(kind, task.dueAt, state.zone, ask.now);
  // What is over or was merged may have left something to do; of what never was, nothing is.
  if (kind === 'task' && incident.mistaken) return nothing();
  if (!last || (reminded && reminded >= last)) return nothing(next);
  // They may come back before it is due anew.
  if (!isInSlack(person.id) || !may(person.id)) return nothing(next);
  const data = { id: task.id, number: task.number, person, next };
  return accept([facts.taskReminded(data, about(incident))], message());
}

function nothing(again?: Date): Decision {
  const refusal = { message: say('Nothing is due.') };
  return { accepted: false, refusal: again ? { ...refusal, again } : refusal };
}

/** The task that is meant, if it is still to be done. */
function openTask(state: TaskState, number: number): Task | Decision {
  if (!state.task) return noTask(state, number);
  return state.task.state === 'open' ? state.task : ended(state.task);
}

function noTask(state: TaskState, number: number): Decision {
  const key = incidentKey(state.incident);
  return refuse(
    say(`${key} has no T${number}. `, { code: `/incident tasks ${key}` }, ' lists what it has.'),
    'task',
  );
}

function ended(task: Task): Decision {
  const by = task.endedByName ?? 'somebody';
  return refuse(
    say(
      `${taskKey(task)} is ${task.state} already, by ${by}. If it is still to be done, say it anew: `,
      { code: '/incident task TEXT' },
      '.',
    ),
    'task',
  );
}

function refusedOwner(state: TaskState, owner: Owner | undefined): Decision | null {
  if (!owner || !state.owner) return null;
  if (state.owner.bot) return refuse(say('A task is a person’s, not a bot’s. Nothing was changed.'), 'owner');
  if (!state.owner.member)
    return refuse(
      say(
        `${incidentKey(state.incident)} is private, and ${state.owner.name ?? owner.name} is not a member. Invite them to its channel first. Nothing was changed.`,
      ),
      'owner',
    );
  return null;
}

function refusedDue(due: WrittenTime | undefined, ask: Ask): Decision | null {
  if (!due?.at || due.at > ask.now) return null;
  return refuse(say('That time is over. Say one that is still to come. Nothing was changed.'), 'due');
}

// Over HTTP people are named by their ids alone.
function named(state: TaskState, owner: Owner | undefined): Owner | null {
  if (!owner) return null;
  return { id: owner.id, name: owner.name === owner.id ? (state.owner?.name ?? owner.name) : owner.name };
}

function ofTask(state: TaskState, task: Task) {
  return { id: task.id, number: task.number, shown: [...state.shown] };
}

function dueText(due: WrittenTime | undefined, ask: Ask): string {
  if (!due?.at) return '';
  return `, due ${showUnderstood(due, ask.actor.zone ?? ask.workspace.zone)}${zoneAssumed(ask).replace(/\.$/, '')}`;
}
