// Who is told of an update, who is reminded of the next, and when the program looks again.
import { type Destination, type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, type Message, message, say } from '../../core/message.js';
import { settingsSet } from '../catalog/index.js';
import {
  idOf,
  impactSet,
  incidentCalledOff,
  incidentDeclared,
  incidentMerged,
  isOpen,
  refresh,
  severities,
  severitySet,
  statusSet,
  tellIncident,
} from '../incident/index.js';
import { roleAssigned } from '../roles/index.js';
import { entryRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { subscriptionReactions } from './heard.js';
import { missedView } from './missed.js';
import { overdueAfterMs } from './remind.js';
import {
  alone,
  cadenceCommand,
  deliverCommand,
  nextSpans,
  raisedSeverityView,
  raisedSlot,
  redrawCommand,
  remindCommand,
  toOutside,
} from './words.js';

/** The program looks a moment after a fact, so that what it decided at the very instant of one is not taken for the same. */
const momentMs = 1_000;
/** Whose business the next update is. */
const writingRoles: readonly string[] = ['commander', 'communications'];

export const reactions: Reaction[] = [
  on(incidentDeclared, (fact) => [...(fact.data.drill ? [] : [tell(fact, 'declared', 3)]), look(fact)]),
  // What it is about by now may concern others.
  on(impactSet, (fact) => [tell(fact, 'declared')]),
  on(severitySet, (fact) => [
    tell(fact, 'declared'),
    look(fact),
    ...(isRaised(fact) ? [raised(fact, fact.id)] : []),
  ]),
  on(statusSet, (fact) => {
    const { from, to, stays } = fact.data;
    if (stays || isOpen(from) === isOpen(to)) return [];
    return [tell(fact, isOpen(to) ? 'reopened' : 'resolved'), look(fact)];
  }),
  // The promise ends; whoever waits for more hears where it comes from.
  on(incidentMerged, (fact) => [tell(fact, 'merged'), look(fact)]),
  // There is no such incident: whoever heard of it hears that.
  on(incidentCalledOff, (fact) => [redraw(fact, { factIds: [], all: true, because: 'undone' })]),
  on(facts.updateGiven, (fact) => {
    const id = idOf(fact);
    return [
      tellIncident(fact, id, inChannel(fact)),
      ...refresh(id),
      ...(fact.data.earlier ? [] : [tell(fact, 'update', 1, fact.data.number)]),
      look(fact),
    ];
  }),
  on(facts.updateDelivered, (fact) => {
    const { what, factId, to } = fact.data;
    return to.map((each) => toOutside(idOf(fact), factId, what, each));
  }),
  on(facts.updateReminded, (fact) => [
    lookAt(idOf(fact), fact.data.again),
    ...reminders(fact),
    ...(isLong(fact) ? refresh(idOf(fact)) : []),
  ]),
  // Whoever takes over a late one hears it at once.
  on(roleAssigned, (fact) => (writingRoles.includes(fact.data.role) ? [look(fact)] : [])),
  on(facts.updatesSnoozed, (fact) => [tellIncident(fact, idOf(fact), snoozed(fact)), look(fact)]),
  on(entryRedacted, (fact) => [
    redraw(fact, { factIds: fact.data.factIds, all: fact.data.title, because: 'redacted' }),
  ]),
  on(changeUndone, (fact) => {
    const factIds = fact.data.undone.map(({ factId }) => factId);
    const graver = factIds.map((id) => raised(fact, id));
    return [redraw(fact, { factIds, all: false, because: 'undone' }), look(fact), ...graver];
  }),
  on(facts.copiesRedrawn, (fact) => {
    const { incidentId, copies, because, by } = fact.data;
    const messages = copies.filter(({ way }) => way !== 'mail');
    const letters = copies.filter(({ way }) => way === 'mail');
    // One letter says what is so now, however many told of it.
    const anew = because === 'undone' ? [...new Map(letters.map((each) => [each.id, each])).values()] : [];
    const stay = because === 'redacted' ? letters : [];
    return [
      ...[...messages, ...anew].map((each) => toOutside(incidentId, each.factId, each.what, each)),
      ...(by && isInSlack(by.id) && stay.length > 0 ? [lettersStay(fact, by.id, stay)] : []),
    ];
  }),
  on(facts.updateUndelivered, tellMissed),
  on(settingsSet, (fact) => (fact.data.cadence ? [lookAtAll(fact)] : [])),
  on(facts.updatesDueAnew, (fact) =>
    fact.data.incidentIds.flatMap((id) => [lookAt(id, momentAfter(fact)), ...refresh(id)]),
  ),
  ...subscriptionReactions,
];

function look(fact: Fact): Later {
  return lookAt(idOf(fact), momentAfter(fact));
}

function momentAfter(fact: Fact): Date {
  return new Date(fact.recordedAt.getTime() + momentMs);
}

// How often they come bears on every open incident.
function lookAtAll(fact: Fact): Later {
  return { key: cadenceCommand, at: momentAfter(fact), command: cadenceCommand, data: null };
}

function lookAt(incidentId: string, at: Date | null): Later {
  return { key: `updates/${incidentId}`, at, command: remindCommand, data: { incidentId } };
}

// A SEV1 that was a SEV3 is new to those who read only what is announced; an edit is read by nobody.
function isRaised({ data: { from, to } }: ReturnType<typeof severitySet.read>): boolean {
  return (to === 'SEV1' || to === 'SEV2') && severities.indexOf(to) < severities.indexOf(from);
}

// Where it was said, an undoing says what is so after all.
function raised(fact: Fact, about: string): Effect {
  const slot = raisedSlot(about);
  const destination = { to: 'announcements' } as const;
  const kind = { do: 'show', view: raisedSeverityView, slot, destination, about } as const;
  return onIncident(idOf(fact), kind, { step: 1, essential: true });
}

// Behind what is said in the incident's own place, and behind its announcement.
function tell(fact: Fact, what: facts.Telling, step = 1, number: number | null = null): Effect {
  const incidentId = idOf(fact);
  const data = { incidentId, what, factId: fact.id, number };
  return onIncident(incidentId, { do: 'decide', command: deliverCommand, data }, { step, essential: true });
}

function redraw(
  fact: Fact,
  what: { factIds: string[]; all: boolean; because: 'redacted' | 'undone' },
): Effect {
  const incidentId = idOf(fact);
  const by = { id: fact.actor.id, name: fact.actor.name };
  const data = { incidentId, ...what, by };
  return onIncident(incidentId, { do: 'decide', command: redrawCommand, data }, { step: 1, essential: true });
}

function inChannel(fact: facts.UpdateGiven): Message {
  const { number, text, nextAt } = fact.data;
  return message(
    line({ bold: `Update ${number} for those outside` }, `: ${text} (${fact.actor.name})`),
    line(...nextSpans(nextAt)),
  );
}

// Drawn when it is sent: whoever reads it late is not reminded of what was given meanwhile.
function reminders(fact: facts.UpdateReminded): Effect[] {
  const id = idOf(fact);
  const inChannel = `reminder/${fact.id}/channel`;
  const inIncident: Destination = { to: 'incident' };
  // Whom Slack refuses is named below what the channel reads anyway.
  const otherwise: Destination = fact.data.channel
    ? { to: 'under', slot: inChannel, otherwise: inIncident }
    : inIncident;
  const show = (slot: string) => ({ do: 'show', view: 'updateReminder', slot, about: fact.id }) as const;
  const toPeople = fact.data.to.map((person) =>
    onIncident(
      id,
      {
        ...show(`reminder/${fact.id}/${person.id}`),
        destination: { to: 'person', userId: person.id, otherwise },
      },
      { essential: true, step: fact.data.channel ? 1 : 0 },
    ),
  );
  if (!fact.data.channel) return toPeople;
  const late = onIncident(id, { ...show(inChannel), destination: inIncident }, { essential: true });
  return [late, ...toPeople];
}

// The announcement and the summary promise what did not come no longer.
function isLong(fact: facts.UpdateReminded): boolean {
  return fact.recordedAt.getTime() >= fact.data.dueAt.getTime() + overdueAfterMs;
}

function snoozed(fact: ReturnType<typeof facts.updatesSnoozed.read>): Message {
  return say(`${fact.actor.name}: no reminder of the update before `, { at: fact.data.until }, '.');
}

function lettersStay(
  fact: facts.CopiesRedrawn,
  userId: string,
  letters: readonly { name: string }[],
): Effect {
  const names = [...new Set(letters.map(({ name }) => name))].join(', ');
  const text = say(
    'What you redacted was sent by mail too. Letters cannot be taken back; these have one: ',
    `${names}. Ask them to delete it.`,
  );
  const slot = `update/${fact.id}/letters`;
  return {
    ...alone,
    lane: `person/${userId}`,
    kind: { do: 'say', slot, destination: { to: 'person', userId }, message: text },
  };
}

// One message for each telling, to whoever writes to those outside; edited as more are found not to be reached.
function tellMissed(fact: facts.UpdateUndelivered): Effect[] {
  const { telling } = fact.data;
  if (!telling || !fact.incidentId) return [];
  const { factId, tell: to } = telling;
  const inIncident = { to: 'incident' } as const;
  const slot = `update/${factId}/missed`;
  const destination: Destination = to ? { to: 'person', userId: to.id, otherwise: inIncident } : inIncident;
  const kind = { do: 'show', view: missedView, slot, destination, about: factId } as const;
  return [onIncident(fact.incidentId, kind, { essential: true, collapse: slot })];
}
