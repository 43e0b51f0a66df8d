// What the world is told of roles: the incident who holds one, and the holder what it is for.
import { onIncident } from '../../core/effect.js';
import { isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { idOf, refresh, retopic, tellIncident } from '../incident/index.js';
import { roleAssigned } from './facts.js';

/** The view of what the holder of a role is told. */
export const briefName = 'roleBrief';

export const reactions: Reaction[] = [
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
      ...refresh(id, 1),
      ...(role === 'commander' ? [retopic(id, 1)] : []),
    ];
  }),
];

// The row of the holding has the fact's id.
function brief(incidentId: string, holdingId: string, userId: string) {
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: briefName,
      slot: `role/${holdingId}`,
      destination: { to: 'person', userId, otherwise: { to: 'incident' } },
      about: holdingId,
    },
    { step: 1, essential: true },
  );
}
