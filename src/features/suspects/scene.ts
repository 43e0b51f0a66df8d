// What a ranking looks at: where and when the incident is, and the changes near it.
import { fewNames } from '../../core/text.js';
import type { Neighbourhood } from '../catalog/index.js';
import type { Change, Component } from '../change/index.js';
import type { Answer, Onset } from './words.js';

/** The incident as a ranking sees it. */
export interface Scene {
  readonly onset: Onset;
  readonly title: string;
  /** What is or was affected, with environments by the names that are used here. */
  readonly components: readonly Component[];
  readonly neighbourhood: Neighbourhood;
  /** What people said of changes on this incident, by the change's id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** `deploy api`: what was confirmed as a cause before, of incidents that everybody may see. */
  readonly causesBefore: ReadonlySet<string>;
  /** `CHG-4`, `INC-3`: since when others that changes collided with were there, and known; see collisions.ts. */
  readonly collided: ReadonlyMap<string, Presence>;
  /** `EXC-2`: by which exceptions a change went through a freeze, by the change's id. */
  readonly exceptions: ReadonlyMap<string, readonly string[]>;
  /** All that was upgraded or rebuilt in the time that is looked at, for what was left behind by it. */
  readonly rebuilt: readonly NearChange[];
}

/** From when, and until when where that is known, something stood in the way. */
export interface Presence {
  readonly from: Date;
  readonly until: Date | null;
}

/** A change, and where it is. */
export interface NearChange {
  readonly change: Change;
  readonly components: readonly Component[];
}

/** What a sign is worth, and what is said of it. */
export interface Sign {
  readonly points: number;
  readonly reasons: readonly string[];
}

/** The clusters that a component is on: the one it names, else those that the catalogue knows for its service there. */
export function clustersOf(component: Component, neighbourhood: Neighbourhood): string[] {
  if (component.cluster !== '') return [component.cluster];
  const runsOn = neighbourhood.services.get(component.service)?.runsOn ?? [];
  return runsOn.flatMap(({ environment, cluster }) =>
    isSamePlace(environment, component.environment) && cluster !== '' ? [cluster] : [],
  );
}

/** The clusters that a change reached. `on:eks/prod` names the cluster itself. */
export function reachedClusters(changed: Component, { components, neighbourhood }: Scene): string[] {
  const felt = components.flatMap((each) => clustersOf(each, neighbourhood));
  if (changed.cluster === '' && felt.includes(changed.service)) return [changed.service];
  return clustersOf(changed, neighbourhood);
}

/** Whether two environments may be the same: one that nobody named is not known to be another. */
export function isSamePlace(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}

/** `a, b and 2 more`, each once. */
export function named(names: readonly string[], limit = 3): string {
  return fewNames([...new Set(names)], limit);
}
