// What the world is told of tasks: the channel in a line, the owner by a message with buttons, and when it is due.
import { type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Span, say, shorten } from '../../core/message.js';
import { idOf, incidentMerged, isEnd, refresh, statusSet, tellIncident } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { taskKey } from './words.js';

/** What the program decides in its turn: whether somebody is reminded, and whether messages repeat what was redacted. */
export const remindCommand = 'tasks.remind';
export const redrawCommand = 'tasks.redraw';
/** What is left when an incident is over: its owners are told, and what is left when it is closed becomes a follow-up. */
export const leftCommand = 'tasks.left';
export const keepCommand = 'tasks.keepLeft';

const echoMax = 500;
/** A close may be taken back for a minute. */
const keepAfterMs = 90_000;

/** Why a message shows a task to somebody. */
export type Why = 'given' | 'reminder';

/** The slot of a message that shows a task to one person. */
const taskSlot = (taskId: string, why: Why, userId: string, factId: string) =>
  `task/${taskId}/${why}/${userId}/${factId}`;

/** The slot of the list of what is left when an incident is over. */
export const leftSlot = (incidentId: string) => `tasksLeft/${incidentId}`;

/** The slot of what one person has left when an incident is over. */
const ownLeftSlot = (incidentId: string, userId: string, factId: string) =>
  `tasksOwn/${incidentId}/${userId}/${factId}`;

export const reactions: Reaction[] = [
  on(facts.taskAdded, (fact) => {
    const { data } = fact;
    const owner: Span[] = data.owner
      ? [' — ', { person: data.owner.id, name: data.owner.name }]
      : [' — nobody’s yet'];
    const due: Span[] = data.due ? [', due ', { at: data.due }] : [];
    const what = data.kind === 'followup' ? ' follow-up: ' : ' to do: ';
    return [
      told(fact, { bold: taskKey(data) }, what, shorten(data.text, echoMax), ...owner, ...due, by(fact)),
      ...toOwner(fact, fact.id, 'given', data.owner),
      ...refresh(idOf(fact), 1),
      ...later(fact, fact.id, data.remindAt),
    ];
  }),
  on(facts.taskDone, (fact) => {
    const { text } = fact.data;
    const words = text ? `: ${shorten(text, echoMax)}` : '';
    return [told(fact, { bold: taskKey(fact.data) }, ` is done${words}`, by(fact)), ...changed(fact)];
  }),
  on(facts.taskDropped, (fact) => {
    const words = `: ${shorten(fact.data.reason, echoMax)}`;
    return [told(fact, { bold: taskKey(fact.data) }, ` is dropped${words}`, by(fact)), ...changed(fact)];
  }),
  on(facts.taskAssigned, (fact) => {
    const { owner, instead, id } = fact.data;
    const was = instead ? `, was ${instead.name}’s` : '';
    const who = { person: owner.id, name: owner.name };
    return [
      told(fact, { bold: taskKey(fact.data) }, ' is for ', who, was, by(fact)),
      ...toOwner(fact, id, 'given', owner),
      ...changed(fact),
    ];
  }),
  on(facts.taskDueSet, (fact) => [
    told(
      fact,
      { bold: taskKey(fact.data) },
      ...(fact.data.due ? [' is due ', { at: fact.data.due }] : [' has no date']),
      by(fact),
    ),
    ...changed(fact),
    ...later(fact, fact.data.id, fact.data.remindAt),
  ]),
  on(facts.taskKept, (fact) => [
    ...toldKept(fact),
    ...changed(fact),
    ...later(fact, fact.data.id, fact.data.remindAt),
  ]),
  on(facts.taskReminded, (fact) => [
    ...toOwner(fact, fact.data.id, 'reminder', fact.data.person),
    // One that was left to itself goes on; another time of its own was set for it where it was moved.
    { ...laterAt(fact, fact.data.id, fact.data.next), key: `task/${fact.data.id}/again` },
  ]),
  on(facts.tasksRedrawn, (fact) => [
    ...fact.data.tasks.flatMap(({ shown, gone }) =>
      shown.flatMap((slot) => (gone ? [takenBack(idOf(fact), slot)] : drawn(idOf(fact), slot))),
    ),
    ...(fact.data.owners ?? []).flatMap(({ id }) => drawn(idOf(fact), ownLeftSlot(idOf(fact), id, fact.id))),
  ]),
  on(entryRedacted, (fact) => [left(idOf(fact)), redraw(fact, fact.data.factIds)]),
  on(changeUndone, (fact) => [
    left(idOf(fact)),
    redraw(
      fact,
      fact.data.undone.map(({ factId }) => factId),
    ),
  ]),
  on(statusSet, (fact) => [
    ...(isEnd(fact.data.from, fact.data.to) ? [left(idOf(fact)), ownLeft(fact)] : []),
    ...(fact.data.to === 'closed' ? [keepLater(fact)] : []),
  ]),
  on(incidentMerged, (fact) => [left(idOf(fact))]),
];

function redraw(fact: Fact, factIds: readonly string[]): Effect {
  const data = { incidentId: idOf(fact), factIds };
  return onIncident(idOf(fact), { do: 'decide', command: redrawCommand, data }, { essential: true });
}

// Once the end is told: their own list comes after the channel's.
function ownLeft(fact: Fact): Effect {
  const data = { incidentId: idOf(fact) };
  return onIncident(idOf(fact), { do: 'decide', command: leftCommand, data }, { step: 1, essential: true });
}

function keepLater(fact: Fact): Later {
  const incidentId = idOf(fact);
  const at = new Date(fact.recordedAt.getTime() + keepAfterMs);
  return { key: `tasksKept/${incidentId}`, at, command: keepCommand, data: { incidentId } };
}

function toldKept(fact: ReturnType<typeof facts.taskKept.read>): Effect[] {
  const { closed } = fact.data;
  if (!closed) return [told(fact, { bold: taskKey(fact.data) }, ' is a follow-up now', by(fact))];
  if (closed.left.length === 0) return [];
  const names = closed.left.map((number) => taskKey({ number })).join(', ');
  const what = closed.left.length === 1 ? 'is a follow-up now' : 'are follow-ups now';
  return [
    told(
      fact,
      'It is closed, so what was left to do, ',
      { bold: names },
      `, ${what}. What need not be done: `,
      { code: `/incident drop ${taskKey({ number: closed.left[0] ?? 0 })} REASON` },
    ),
  ];
}

function takenBack(incidentId: string, slot: string): Effect {
  const words = say('That task was taken back: nothing is to be done.');
  return onIncident(incidentId, { do: 'replace', slot, message: words }, { essential: true });
}

function told(fact: Fact, ...spans: Span[]): Effect {
  return tellIncident(fact, idOf(fact), say(...spans));
}

function by(fact: Fact): string {
  return ` (${fact.actor.name})`;
}

// Whoever gives it to themselves knows.
function toOwner(fact: Fact, taskId: string, why: Why, owner: { readonly id: string } | null): Effect[] {
  if (!owner || !isInSlack(owner.id) || owner.id === fact.actor.id) return [];
  return drawn(idOf(fact), taskSlot(taskId, why, owner.id, fact.id));
}

// Drawn when it is sent: whoever is told late is not told what is done already.
function drawn(incidentId: string, slot: string): Effect[] {
  const [what, first, second, third] = slot.split('/');
  const own = what === 'tasksOwn';
  const userId = own ? second : third;
  if (!first || !second || !userId) return [];
  const about = own ? `${first} ${userId}` : `${first} ${second} ${userId}`;
  const destination = { to: 'person', userId, otherwise: { to: 'incident' } } as const;
  return [
    onIncident(
      incidentId,
      { do: 'show', view: own ? 'tasksOwn' : 'task', slot, destination, about },
      { essential: true, collapse: slot },
    ),
  ];
}

function changed(fact: Fact<{ shown: readonly string[] }>): Effect[] {
  const id = idOf(fact);
  return [...fact.data.shown.flatMap((slot) => drawn(id, slot)), left(id), ...refresh(id, 1)];
}

// Nothing is shown before the incident is over.
function left(incidentId: string): Effect {
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: 'tasksLeft',
      slot: leftSlot(incidentId),
      destination: { to: 'incident' },
    },
    { step: 1, essential: true, collapse: leftSlot(incidentId) },
  );
}

function later(fact: Fact, taskId: string, at: Date | null): Later[] {
  return at === null ? [] : [laterAt(fact, taskId, at)];
}

// Of each fact its own: what is taken back leaves the time that was set before.
function laterAt(fact: Fact, taskId: string, at: Date): Later {
  return {
    key: `task/${taskId}/${fact.id}`,
    at,
    command: remindCommand,
    data: { incidentId: idOf(fact), id: taskId },
  };
}
