// What messages of cover and validation share: where they go, under which slot, and the lines that they offer.
import type { Destination } from '../../core/effect.js';
import type { Fact } from '../../core/fact.js';
import type { Asked, Question } from './due.js';
import type { Support } from './facts.js';

/** Slack allows 255 characters for a button's action. */
const declareLineMax = 200;

/** The line that declares an incident where a change is; of many components as many as a button can hold. */
export function declareLine(key: string, components: readonly string[]): string {
  const begin = `/incident declare something is wrong since ${key}`;
  const named: string[] = [];
  for (const each of components) {
    const longer = `${begin} on:${[...named, each].join(',')}`;
    if (longer.length <= declareLineMax) named.push(each);
  }
  return named.length > 0 ? `${begin} on:${named.join(',')}` : begin;
}

/** One message of a fact: where it goes, and the slot that it has there. */
export interface Place {
  readonly slot: string;
  readonly destination: Destination;
}

const changes: Destination = { to: 'changes' };

/** Where people and support are written to; each once, and in the channel of changes where that is refused. */
export function placesFor(
  fact: Pick<Fact, 'id'>,
  whom: {
    readonly people: readonly { readonly id: string }[];
    readonly support: Support | null;
    readonly channel?: boolean;
  },
): Place[] {
  const { support } = whom;
  const people = [...whom.people, ...(support?.people ?? [])].map((each) => each.id);
  const slot = (where: string) => `attended/${fact.id}/${where}`;
  const nobody = support !== null && support.channel === null && support.people.length === 0;
  return [
    ...[...new Set(people)].map((userId): Place => {
      return { slot: slot(userId), destination: { to: 'person', userId, otherwise: changes } };
    }),
    ...(support?.channel
      ? [
          {
            slot: slot('support'),
            destination: { to: 'channel', channel: support.channel, otherwise: changes } as const,
          },
        ]
      : []),
    ...(whom.channel || nobody ? [{ slot: slot('changes'), destination: changes }] : []),
  ];
}

/** The slots of the messages with which something was asked. */
export function asksOf(fact: Asked | Question): string[] {
  const whom = 'person' in fact.data ? { people: [fact.data.person], support: null } : fact.data;
  return placesFor(fact, whom).map((each) => each.slot);
}
