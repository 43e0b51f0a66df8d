// Who is told of an update, who is reminded of the next, and when the program looks again.
import { type Destination, type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, say } from '../../core/message.js';
import {
  idOf,
  impactSet,
  incidentCalledOff,
  incidentDeclared,
  incidentMerged,
  isOpen,
  refresh,
  severitySet,
  statusSet,
  tellIncident,
} from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { missedView } from './missed.js';
import { deliverCommand, laneOf, nextSpans, redrawCommand, remindCommand, toOutside } from './words.js';

/** The program looks a moment after a fact, so that what it decided at the very instant of one is not taken for the same. */
const momentMs = 1_000;

export const reactions: Reaction[] = [
  on(incidentDeclared, (fact) => [...(fact.data.drill ? [] : [tell(fact, 'declared', 3)]), look(fact)]),
  // What it is about by now may concern others.
  on(impactSet, (fact) => [tell(fact, 'declared')]),
  on(severitySet, (fact) => [tell(fact, 'declared'), look(fact)]),
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
  on(facts.updateReminded, (fact) => [lookAt(idOf(fact), fact.data.again), ...reminders(fact)]),
  on(facts.updatesSnoozed, (fact) => [look(fact)]),
  on(entryRedacted, (fact) => [
    redraw(fact, { factIds: fact.data.factIds, all: fact.data.title, because: 'redacted' }),
  ]),
  on(changeUndone, (fact) => {
    const factIds = fact.data.undone.map(({ factId }) => factId);
    return [redraw(fact, { factIds, all: false, because: 'undone' }), look(fact)];
  }),
  on(facts.copiesRedrawn, (fact) => {
    const { incidentId, copies, because, by } = fact.data;
    const again = because === 'undone' ? copies : copies.filter(({ way }) => way !== 'mail');
    const letters = because === 'redacted' ? copies.filter(({ way }) => way === 'mail') : [];
    return [
      ...again.map((each) => toOutside(incidentId, each.factId, each.what, each)),
      ...(by && isInSlack(by.id) && letters.length > 0 ? [lettersStay(fact, by.id, letters)] : []),
    ];
  }),
  on(facts.subscriptionMade, (fact) => (fact.data.kind === 'channel' ? [welcome(fact)] : [])),
  on(facts.subscriptionEnded, (fact) => (fact.data.because === 'unreachable' ? ended(fact) : [])),
  on(facts.updateUndelivered, (fact) => [...unreached(fact), ...tellMissed(fact)]),
];

function look(fact: Fact): Later {
  return lookAt(idOf(fact), new Date(fact.recordedAt.getTime() + momentMs));
}

function lookAt(incidentId: string, at: Date | null): Later {
  return { key: `updates/${incidentId}`, at, command: remindCommand, data: { incidentId } };
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
  const show = (slot: string) => ({ do: 'show', view: 'updateReminder', slot, about: fact.id }) as const;
  const toPeople = fact.data.to.map((person) =>
    onIncident(
      id,
      {
        ...show(`reminder/${fact.id}/${person.id}`),
        destination: { to: 'person', userId: person.id, otherwise: { to: 'incident' } },
      },
      { essential: true },
    ),
  );
  if (!fact.data.channel) return toPeople;
  const late = onIncident(
    id,
    { ...show(`reminder/${fact.id}/channel`), destination: { to: 'incident' } },
    { essential: true },
  );
  return [...toPeople, late];
}

const alone = { step: 0, incidentId: null, first: false, essential: true, collapse: null } as const;

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

type Made = Fact<facts.SubscriptionSaid>;

// Where Andon may not post, whoever subscribed hears it at once and not in the first incident.
function welcome(fact: Made): Effect {
  const { id, targetId } = fact.data;
  const text = say(
    `${fact.actor.name} had this channel hear of incidents. Each is told once, with its updates. To end it: `,
    { code: '/incident unsubscribe channel:here' },
  );
  const destination = { to: 'channel', channel: targetId } as const;
  const lane = laneOf({ way: 'channel', id: targetId, subscription: id });
  return { ...alone, lane, kind: { do: 'say', slot: `subscribed/${id}`, destination, message: text } };
}

function toMaker(fact: Fact, userId: string, text: Message): Effect[] {
  if (!isInSlack(userId)) return [];
  const slot = `subscription/${fact.id}`;
  const kind = { do: 'say', slot, destination: { to: 'person', userId }, message: text } as const;
  return [{ ...alone, lane: `person/${userId}`, kind }];
}

function unreached(fact: facts.UpdateUndelivered): Effect[] {
  const { targetName: name, targetId, error, needed, way, madeBy, times } = fact.data;
  // Once, until it gets through again; with the third it ends, and that says so.
  if (times !== 1) return [];
  const whom =
    way === 'channel' ? facts.channelSpan({ id: targetId, name }) : way === 'mail' ? `${name} by mail` : name;
  const text = message(
    line(
      'What you subscribed to did not get through to ',
      whom,
      ` (${error}).`,
      needed ? ` Needed: ${needed}.` : '',
    ),
    line(...(way === 'channel' ? mending(error) : []), 'After three in a row it ends.'),
  );
  return toMaker(fact, madeBy.id, text);
}

// What would help, by what Slack said.
function mending(error: string): Span[] {
  const invite: Span = { code: '/invite @Andon' };
  if (error === 'channel_not_found')
    return [
      'There is no channel of that name that I can see. If it is private, invite me there: ',
      invite,
      '. ',
    ];
  if (error === 'is_archived') return ['That channel is archived: unarchive it, or name another. '];
  if (error === 'not_in_channel') return ['Invite me there: ', invite, '. '];
  return ['Perhaps it helps to invite me there: ', invite, '. '];
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

/** After so many in a row a subscription ends. */
export const unreachableMax = 3;

type Ended = ReturnType<typeof facts.subscriptionEnded.read>;

function ended(fact: Ended): Effect[] {
  const { targetName: name, targetId: id, madeBy, kind } = fact.data;
  const whom = kind === 'channel' ? facts.channelSpan({ id, name }) : name;
  const text = message(
    line(whom, ' hears of incidents no longer: three messages in a row did not get through.'),
    line('When it can be reached again: ', { code: '/incident subscribe' }),
    buttons({ label: 'What I subscribed to', command: '/incident subscriptions' }),
  );
  return toMaker(fact, madeBy.id, text);
}
