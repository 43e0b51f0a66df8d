// How tasks are shown: to their owner, in lists, and where an incident is over and some are left.
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, isOpen } from '../incident/index.js';
import { leftSlot } from './react.js';
import { membersAlone, openTasks } from './store.js';
import { kindName, type Task, taskKey } from './words.js';

const textMax = 300;
const leftMax = 8;

/** One task to one person: `about` is the task, why it is shown, and to whom. */
export async function taskView(tx: Tx, about: string): Promise<Message | null> {
  const [id = '', why, userId] = about.split(' ');
  const task = await tx.task.findUnique({ where: { id } });
  if (!task) return null;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: task.incidentId } });
  const name: Span[] = [{ bold: taskKey(task) }, ' of ', { bold: incidentKey(incident) }];
  const members = await membersAlone(tx, incident);
  // Whoever is no member any more reads nothing of it.
  if (members && !members.has(userId ?? ''))
    return message(line(...name, ', which is private: you are not in its channel any more.'));
  const text = shorten(task.text, textMax);
  if (task.state !== 'open')
    return message(line(...name, ` is ${task.state}, by ${task.endedByName}: `, { strike: text }));
  const away = task.ownerId !== null && members !== null && !members.has(task.ownerId);
  // Nobody else can look after it, so whoever wrote it down is reminded.
  const maker = why === 'reminder' && (away || task.ownerId === null) && task.madeById === userId;
  if (task.ownerId !== userId && !maker) {
    const now = task.ownerId ? `${task.ownerName}’s` : 'nobody’s';
    return message(line(...name, ` is ${now} now: `, { strike: text }));
  }
  const first: Span[] =
    why === 'reminder'
      ? ['Not forgotten: ', ...name, ' is still to be done']
      : ['For you, ', ...name, ` — a ${kindName(task.kind)} of “${shorten(incident.title, 80)}”`];
  return message(
    line(...first, ...dueSpans(task), '.'),
    line(text),
    maker &&
      away &&
      line(`${task.ownerName}, whose it is, is not in the channel any more. `, {
        code: `/incident assign ${incidentKey(incident)} ${taskKey(task)} @user`,
      }),
    buttons(doneButton(incident, task), {
      label: `Tasks of ${incidentKey(incident)}`,
      command: `/incident tasks ${incidentKey(incident)}`,
    }),
  );
}

/** What is left when an incident is over: listed once, and each is done, or is done afterwards. */
export async function leftView(tx: Tx, incidentId: string): Promise<Message | null> {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident || incident.mistaken || isOpen(incident.status)) return null;
  const all = await openTasks(tx, incidentId);
  const tasks = all.filter((each) => each.kind === 'task');
  const key = incidentKey(incident);
  if (tasks.length === 0) {
    const { workspaceId } = incident;
    const where = { workspaceId_slot: { workspaceId, slot: leftSlot(incidentId) } };
    const listed = await tx.posted.findUnique({ where });
    return listed && message(line(`No task of ${key} is left open.`));
  }
  const rest = tasks.length - leftMax;
  return message(
    line({ bold: `${key} is over, and not all was done.` }, ' What becomes of these?'),
    ...tasks.slice(0, leftMax).flatMap((task) => twoWays(incident, task)),
    rest > 0 && line(`And ${rest} more: `, { code: `/incident tasks ${key}` }),
    line('What need not be done: ', { code: `/incident drop ${key} ${taskKey(tasks[0] as Task)} REASON` }),
  );
}

/** The same to one person, of what is theirs: `about` is the incident and who they are. */
export async function ownLeftView(tx: Tx, about: string): Promise<Message | null> {
  const [incidentId = '', userId = ''] = about.split(' ');
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident || incident.mistaken) return null;
  const members = await membersAlone(tx, incident);
  if (members && !members.has(userId)) return null;
  const own = (await openTasks(tx, incidentId)).filter((each) => each.ownerId === userId);
  const tasks = own.filter((each) => each.kind === 'task');
  const key = incidentKey(incident);
  if (tasks.length === 0)
    return message(
      line(
        own.length > 0 ? `Your tasks of ${key} are follow-ups now.` : `No task of yours is left of ${key}.`,
      ),
    );
  const rest = tasks.length - leftMax;
  const over = isOpen(incident.status) ? 'is open again' : `is ${incident.status}`;
  return message(
    line(
      {
        bold: `${key} ${over}, and ${tasks.length === 1 ? 'a task of yours is' : 'tasks of yours are'} not done.`,
      },
      ' Say that one is done, or make it a follow-up; when it is closed it becomes one.',
    ),
    ...tasks.slice(0, leftMax).flatMap((task) => twoWays(incident, task)),
    rest > 0 && line(`And ${rest} more: `, { code: '/incident tasks mine' }),
  );
}

function twoWays(incident: Incident, task: Task): Part[] {
  const [key, name] = [incidentKey(incident), taskKey(task)];
  return [
    line(...taskSpans(task)),
    buttons(
      { label: `${name} becomes a follow-up`, command: `/incident followup ${key} ${name}` },
      doneButton(incident, task),
    ),
  ];
}

/** How much is still to be done, in a line; null: nothing. */
export async function toDoLine(tx: Tx, incident: Incident): Promise<Part | null> {
  const open = await openTasks(tx, incident.id);
  if (open.length === 0 || incident.mistaken) return null;
  const after = open.filter((each) => each.kind === 'followup').length;
  const counts = [
    ...(open.length > after ? [countText(open.length - after, 'task')] : []),
    ...(after > 0 ? [countText(after, 'follow-up')] : []),
  ];
  return line(`To be done: ${counts.join(' and ')}. `, { code: `/incident tasks ${incidentKey(incident)}` });
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The tasks of an incident in lines. */
export function tasksPart(tasks: readonly Task[], limit: number): Part {
  return list(tasks.slice(0, limit).map(taskSpans));
}

/** A task in one line. */
export function taskSpans(task: Task): Span[] {
  const text = shorten(task.text, textMax);
  return [
    { bold: taskKey(task) },
    ' ',
    task.state === 'open' ? text : { strike: text },
    ' · ',
    task.ownerId ? { person: task.ownerId, name: task.ownerName ?? task.ownerId } : 'nobody’s yet',
    ...(task.state === 'open' ? dueSpans(task) : [` · ${task.state}`]),
  ];
}

/** What says that it is done. */
export function doneButton(incident: Pick<Incident, 'number'>, task: Task) {
  const [key, name] = [incidentKey(incident), taskKey(task)];
  return { label: `${name} of ${key} is done`, command: `/incident done ${key} ${name}` };
}

function dueSpans(task: Task): Span[] {
  return task.dueAt ? [', due ', { at: task.dueAt }] : [];
}
