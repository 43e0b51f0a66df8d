// What the world is told of an incident's facts.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Message, type Span, say } from '../../core/message.js';
import * as facts from './facts.js';
import { idOf } from './row.js';
import { componentName, isEnd, levelName, statusStep } from './words.js';

/** The slots of an incident's two messages that stay current. */
export const summarySlot = (incidentId: string) => `summary/${incidentId}`;
export const announcementSlot = (incidentId: string) => `announcement/${incidentId}`;

/** Redraws the messages that show the incident's state. Repeats collapse while one is waiting. */
export function refresh(incidentId: string, step = 0): Effect[] {
  return [show(incidentId, 'summary', step, false), show(incidentId, 'announcement', step, false)];
}

/** Sets the topic anew: severity, status, commander. Slack shows each setting in the channel, so only when one changed. */
export function retopic(incidentId: string, step = 0): Effect {
  return onIncident(incidentId, { do: 'setTopic' }, { step, collapse: `topic/${incidentId}` });
}

/** The slot of what is said of a fact. */
export const saidSlot = (factId: string) => `said/${factId}`;

/** Says one line in the incident's place, once for the fact. */
export function tellIncident(fact: Fact, incidentId: string, text: Message, step = 0): Effect {
  return onIncident(
    incidentId,
    { do: 'say', slot: saidSlot(fact.id), destination: { to: 'incident' }, message: text },
    { step, essential: true },
  );
}

/** Puts other words where a fact was said, if it was. */
export function sayInstead(incidentId: string, factId: string, text: Message): Effect {
  return onIncident(
    incidentId,
    { do: 'replace', slot: saidSlot(factId), message: text },
    { essential: true },
  );
}

export const reactions: Reaction[] = [
  on(facts.incidentDeclared, (fact) => {
    const id = idOf(fact);
    return [
      onIncident(id, { do: 'openPlace' }, { first: true, essential: true }),
      show(id, 'summary', 1, true),
      show(id, 'announcement', 1, true),
      ...[fact.data.declarer, ...(fact.data.members ?? [])].flatMap((person) => invite(id, person.id)),
      retopic(id, 2),
      onIncident(id, { do: 'setPurpose' }, { step: 2 }),
      onIncident(id, { do: 'pin', slot: summarySlot(id) }, { step: 2 }),
      onIncident(id, { do: 'bookmark', slot: summarySlot(id), title: 'State of the incident' }, { step: 2 }),
    ];
  }),
  on(facts.severitySet, (fact) => [
    ...changed(fact, `severity ${fact.data.from} → ${fact.data.to}`, fact.data.reason),
    retopic(idOf(fact)),
  ]),
  on(facts.statusSet, (fact) => [
    ...changed(fact, `status ${statusStep(fact.data)}`, fact.data.text),
    retopic(idOf(fact)),
    ...(isEnd(fact.data.from, fact.data.to) ? [draft(fact)] : []),
  ]),
  on(facts.impactSet, (fact) =>
    changed(fact, `${componentName(fact.data.component)}: ${levelName(fact.data.level)}`, null),
  ),
  on(facts.keyTimeSet, (fact) => changed(fact, fact.data.which, fact.occurredAt ? null : 'unknown')),
  on(facts.incidentAcknowledged, (fact) => changed(fact, 'acknowledged', fact.data.by ?? null)),
  on(facts.incidentCalledOff, (fact) => [
    ...changed(fact, 'closed', 'declared by mistake'),
    retopic(idOf(fact)),
  ]),
  on(facts.incidentMerged, (fact) => [
    ...changed(fact, `merged into INC-${fact.data.into.number}`, null),
    retopic(idOf(fact)),
  ]),
  on(facts.incidentSeparated, (fact) =>
    changed(fact, `INC-${fact.data.from.number} is no longer merged into this`, null),
  ),
  on(facts.incidentAbsorbed, (fact) =>
    changed(fact, `INC-${fact.data.from.number} was merged into this`, null),
  ),
];

function invite(incidentId: string, userId: string): Effect[] {
  if (!isInSlack(userId)) return [];
  return [onIncident(incidentId, { do: 'invite', userIds: [userId] }, { step: 2, essential: true })];
}

function changed(fact: Fact, what: string, words: string | null): Effect[] {
  const id = idOf(fact);
  const spans: Span[] = [{ bold: what }];
  if (fact.asWritten !== null && fact.occurredAt) spans.push(' at ', { at: fact.occurredAt });
  if (words) spans.push(`: ${words}`);
  spans.push(` (${fact.actor.name})`);
  return [tellIncident(fact, id, say(...spans)), ...refresh(id)];
}

function draft(fact: Fact): Effect {
  const id = idOf(fact);
  return onIncident(id, { do: 'upload', document: 'md', factId: fact.id }, { step: 1, essential: true });
}

function show(incidentId: string, view: 'summary' | 'announcement', step: number, kickOff: boolean): Effect {
  const summary = view === 'summary';
  return onIncident(
    incidentId,
    {
      do: 'show',
      view,
      slot: summary ? summarySlot(incidentId) : announcementSlot(incidentId),
      destination: { to: summary ? 'incident' : 'announcements' },
    },
    { step, first: kickOff, essential: true, collapse: `${view}/${incidentId}` },
  );
}
