// What the world is told of freezes: one message that stays current, a line where that is not enough, and the topic.
import type { Destination, Effect, Later } from '../../core/effect.js';
import { onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { nextLook } from './due.js';
import { freezeSlot, lookLater, onFreezes, retopicChanges, showCord, showFreeze } from './effects.js';
import * as facts from './facts.js';
import { windowNow } from './phase.js';

/** What every fact of a freeze says of it. */
interface OfFreeze {
  readonly id: string;
  readonly number: number;
  readonly drill: boolean;
  readonly owner: { readonly id: string };
  readonly incident: facts.Cord | null;
}
type FreezeFact = Fact<OfFreeze>;

const changes: Destination = { to: 'changes' };

export const reactions: Reaction[] = [
  on(facts.freezeSet, (fact) => {
    const { data, recordedAt } = fact;
    const freeze = { ...data, madeAt: recordedAt, liftedAt: null, incidentId: null, damaged: false };
    const isOn = windowNow(freeze, recordedAt) !== null;
    return [
      ...current(fact),
      ...(isOn ? topic(fact) : []),
      ...toOwner(fact),
      lookLater(data.id, nextLook(freeze, {}, recordedAt)),
    ];
  }),
  on(facts.freezeLifted, (fact) => [
    ...current(fact),
    ...inChannel(fact),
    ...inIncident(fact),
    ...topic(fact),
    ...toOwner(fact),
    lookLater(fact.data.id, null),
  ]),
  on(facts.freezeExtended, (fact) => [
    ...current(fact),
    ...inThread(fact),
    ...inIncident(fact),
    ...topic(fact),
    ...toOwner(fact),
    lookLater(fact.data.id, fact.data.next),
  ]),
  on(facts.freezeTold, (fact) => [
    ...tellings[fact.data.what](fact),
    lookLater(fact.data.id, fact.data.next),
  ]),
];

type ToldFact = Fact<ReturnType<typeof facts.freezeTold.read>['data']>;

const tellings: Readonly<Record<facts.Telling, (fact: ToldFact) => readonly (Effect | Later)[]>> = {
  // Of one that recurs the channel has the line that it began, and that it ended.
  near: (fact) => [...current(fact), ...(fact.data.recurring ? inThread(fact) : inChannel(fact))],
  began: (fact) => [...current(fact), ...inChannel(fact), ...topic(fact)],
  reminded: (fact) => [...inThread(fact), ...inIncident(fact), ...toOwner(fact)],
  ending: (fact) => [...inThread(fact), ...inIncident(fact), ...toOwner(fact)],
  ended: (fact) => [...current(fact), ...inChannel(fact), ...inIncident(fact), ...topic(fact)],
};

// A drill is nobody else's: it is shown in its own channel alone.
function current({ data, recordedAt }: FreezeFact): Effect[] {
  return [
    ...(data.drill ? [] : [showFreeze(data, recordedAt)]),
    ...(data.incident ? [showCord(data, data.incident.id, recordedAt)] : []),
  ];
}

function inChannel(fact: FreezeFact): Effect[] {
  return fact.data.drill ? [] : [onFreezes(said(fact, 'channel', changes), { step: 1, essential: true })];
}

function inThread(fact: FreezeFact): Effect[] {
  const destination: Destination = { to: 'under', slot: freezeSlot(fact.data), otherwise: changes };
  return fact.data.drill ? [] : [onFreezes(said(fact, 'thread', destination), { step: 1, essential: true })];
}

function inIncident(fact: FreezeFact): Effect[] {
  const { incident } = fact.data;
  if (!incident) return [];
  return [onIncident(incident.id, said(fact, 'incident', { to: 'incident' }), { step: 1, essential: true })];
}

// Who did it knows.
function toOwner(fact: FreezeFact): Effect[] {
  const { drill, owner } = fact.data;
  if (drill || owner.id === fact.actor.id || !isInSlack(owner.id)) return [];
  const destination: Destination = { to: 'person', userId: owner.id, otherwise: changes };
  return [onFreezes(said(fact, 'owner', destination), { step: 1, essential: true })];
}

function topic(fact: FreezeFact): Effect[] {
  return fact.data.drill ? [] : [retopicChanges()];
}

function said(fact: FreezeFact, where: string, destination: Destination) {
  return {
    do: 'show',
    view: 'freezeSaid',
    slot: `${freezeSlot(fact.data)}/${fact.id}/${where}`,
    destination,
    about: `${fact.id} ${where}`,
  } as const;
}
