// Announcing: from what somebody says of a new change to the fact, and to whom it is told. Pure.
import { type Actor, isInSlack, type Stated } from '../../core/fact.js';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import type { Environments, Neighbourhood } from '../catalog/index.js';
import { type Component, componentName } from '../incident/index.js';
import { changeAnnounced } from './facts.js';
import { changeStream } from './store.js';
import type { Conflict, Report } from './words.js';

/** The longest title: it stands in lists and in messages of incidents. */
export const titleLimit = 200;
/** More than so many are not told one by one. */
const peopleMax = 20;
const channelsMax = 10;

/** A new change, whoever tells of it. */
export interface Announcing
  extends Omit<Report, 'targets' | 'owner' | 'by' | 'at' | 'body' | 'rollback' | 'rollbackOf' | 'change'> {
  readonly id: string;
  readonly number: number;
  /** As `placesOf` gives them. */
  readonly components: readonly Component[];
  readonly owner: { readonly id: string | null; readonly name: string };
  readonly cover: { readonly id: string; readonly name: string } | null;
  readonly unchanged: boolean;
  readonly rollbackOfId: string | null;
  readonly conflicts: readonly Conflict[];
}

/** Components with their environments by the names that are used here, each once. */
export function placesOf(components: readonly Component[], environments: Environments): Component[] {
  const named = components.map((each) => ({
    ...each,
    environment: each.environment === '' ? '' : environments.nameOf(each.environment),
  }));
  return [...new Map(named.map((each) => [componentName(each), each])).values()];
}

/** Whether one of them is in production, or may be. */
export function isProduction(components: readonly Component[], environments: Environments): boolean {
  if (components.length === 0) return true;
  return components.some(({ environment }) => {
    const tier = environment === '' ? null : environments.tierOf(environment);
    return tier === null || tier === 'production';
  });
}

/** States that a change was announced. */
export function announced(
  it: Announcing,
  around: { readonly environments: Environments; readonly neighbourhood: Neighbourhood },
  actor: Actor,
): Stated {
  const { id, components, conflicts, ...said } = it;
  const services = [...new Set(components.map((each) => each.service))];
  return changeAnnounced(
    {
      ...said,
      title: shorten(oneLine(it.title), titleLimit),
      components: [...components],
      conflicts: [...conflicts],
      production: isProduction(components, around.environments),
      by: { id: actor.id, name: actor.name },
      audience: audienceOf(services, around.neighbourhood, [it.owner.id, actor.id]),
      unknownServices: services.filter((name) => !around.neighbourhood.services.has(name)),
    },
    { stream: changeStream(id) },
  );
}

/** The owners of these services and of what depends on them, without those who know, and the channels they read. */
export function audienceOf(
  services: readonly string[],
  { services: known, dependents }: Neighbourhood,
  who: readonly (string | null)[],
) {
  const concerned = [...services, ...dependents].flatMap((name) => known.get(name) ?? []);
  const people = concerned
    .flatMap((each) => each.owners)
    .flatMap(({ id, name }) => (id !== null && isInSlack(id) && !who.includes(id) ? [{ id, name }] : []));
  const channels = concerned.flatMap((each) => each.channel ?? []);
  return {
    people: [...new Map(people.map((each) => [each.id, each])).values()].slice(0, peopleMax),
    channels: [...new Set(channels)].slice(0, channelsMax),
  };
}
