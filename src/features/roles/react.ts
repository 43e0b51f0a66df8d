// What the world is told of roles: the incident who holds one, and the holder what it is for.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { idOf, refresh, retopic, tellIncident } from '../incident/index.js';
import { changeUndone } from '../undo/index.js';
import { roleAssigned } from './facts.js';
import { briefName, briefSlot, lostName, lostSlot, takenBackName } from './told.js';

export const reactions: Reaction[] = [
  on(changeUndone, (fact) => fact.data.undone.flatMap(({ factId }) => takenBack(fact, factId))),
  on(roleAssigned, (fact) => {
    const id = idOf(fact);
    const { person, role, instead } = fact.data;
    return [
      onIncident(id, { do: 'invite', userIds: [person.id] }, { essential: true }),
      tellIncident(
        fact,
        id,
        say(
          { person: person.id, name: person.name },
          ' is ',
          { bold: role },
          ...(fact.asWritten !== null && fact.occurredAt ? [' from ', { at: fact.occurredAt }] : []),
          `${instead ? `, was ${instead.name}` : ''} (${fact.actor.name})`,
        ),
        1,
      ),
      ...(isInSlack(person.id) ? [brief(id, fact.id, person.id)] : []),
      ...(loses(fact) ? [toPerson(id, lostName, lostSlot(fact.id), fact.id, instead?.id ?? '')] : []),
      ...refresh(id, 1),
      ...(role === 'commander' ? [retopic(id, 1)] : []),
    ];
  }),
];

// The row of the holding has the fact's id.
function brief(incidentId: string, holdingId: string, userId: string) {
  return toPerson(incidentId, briefName, briefSlot(holdingId), holdingId, userId);
}

function toPerson(incidentId: string, view: string, slot: string, about: string, userId: string) {
  const destination = { to: 'person', userId, otherwise: { to: 'incident' } } as const;
  return onIncident(incidentId, { do: 'show', view, slot, destination, about }, { step: 1, essential: true });
}

// Who said it themselves, or handed it over, knows.
function loses({ data: { instead, handedOver }, actor }: ReturnType<typeof roleAssigned.read>): boolean {
  return instead !== null && isInSlack(instead.id) && instead.id !== actor.id && !handedOver;
}

// Under what they were told of it, if they were: an edit alone would not call anybody back.
function takenBack(undoing: Fact, factId: string): Effect[] {
  return [briefSlot(factId), lostSlot(factId)].map((slot) =>
    onIncident(
      idOf(undoing),
      {
        do: 'show',
        view: takenBackName,
        slot: `${slot}/undone`,
        destination: { to: 'under', slot, otherwise: { to: 'incident' } },
        about: slot,
      },
      { step: 1, essential: true },
    ),
  );
}
