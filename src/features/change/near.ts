// How near two changes are: on one component, on two of which one depends on the other, on one cluster. Pure.
import type { Environments, Neighbourhood } from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import type { Other, Plan } from './plan.js';
import type { Change } from './store.js';
import { meeting, windowOf, windowOfPlan } from './windows.js';
import { isAttended } from './words.js';

export interface Running {
  readonly environment: string;
  readonly cluster: string;
}

/** What must be known to tell how near two places are. */
export interface Area {
  readonly environments: Environments;
  readonly neighbourhood: Neighbourhood;
  /** Where services run, by their names: those of the plan, and those of what is around it. */
  readonly runsOn: ReadonlyMap<string, readonly Running[]>;
}

/** The nearest two places of two changes, and how one gets from here to there. */
export interface Nearness {
  readonly kind: 'component' | 'infrastructure' | 'dependency';
  readonly here: Component;
  readonly there: Component;
  /** The cluster that both are on, for infrastructure. */
  readonly cluster: string;
  /** There hangs on here; the other way round when false. */
  readonly dependent: boolean;
}

/** How near another change is to a plan, where the two can collide at all. A submission lies with a third party. */
export function nearnessOf(plan: Plan, other: Other, area: Area): Nearness | null {
  const submissions = [plan.kind, other.change.kind].filter((kind) => kind === 'submission').length;
  if (submissions === 1) return null;
  const near = nearest(plan.components, other.components, area, isHeavy(plan, other.change));
  return submissions === 2 && near?.kind !== 'component' ? null : near;
}

/** Whether one of two reaches all that runs where it does. */
export function isHeavy(plan: Pick<Plan, 'kind'>, other: Pick<Change, 'kind'>): boolean {
  return isAttended(plan.kind) || isAttended(other.kind);
}

/** Whether it is the plan's own row, or what the plan takes back. */
export function isItself(plan: Plan, change: { readonly id: string }): boolean {
  return change.id === plan.id || change.id === plan.rollbackOfId;
}

/** Of these, what is under way in the time of a plan; submissions lie with a third party. */
export function inFlight(plan: Plan, changes: readonly Change[], now: Date): Change[] {
  const window = windowOfPlan(plan);
  return changes.filter((change) => {
    if (change.kind === 'submission' || isItself(plan, change)) return false;
    return meeting(window, windowOf(change, now)) === 'at once';
  });
}

/** The nearest two places of two lists, the same component first; null where nothing connects them. */
function nearest(
  here: readonly Component[],
  there: readonly Component[],
  area: Area,
  infrastructure: boolean,
): Nearness | null {
  const pairs = here.flatMap((one) => there.map((other) => [one, other] as const));
  const rules: ((one: Component, other: Component) => Nearness | null)[] = [
    (one, other) => (isSame(one, other, area) ? found('component', one, other) : null),
    (one, other) => {
      const cluster = infrastructure ? sharedCluster(one, other, area) : null;
      return cluster === null ? null : { ...found('infrastructure', one, other), cluster };
    },
    (one, other) => dependency(one, other, area),
  ];
  for (const rule of rules) {
    for (const [one, other] of pairs) {
      const near = rule(one, other);
      if (near) return near;
    }
  }
  return null;
}

/** Where both say it, they say the same; what one leaves open, the other may mean. */
export function isSame(one: Component, other: Component, area: Area): boolean {
  if (one.service !== other.service || !mayBeIn(one.environment, other.environment, area)) return false;
  return one.cluster === '' || other.cluster === '' || one.cluster === other.cluster;
}

/** Whether two environments may be one. */
export function mayBeIn(one: string, other: string, { environments }: Pick<Area, 'environments'>): boolean {
  if (one === '' || other === '') return true;
  return environments.nameOf(one) === environments.nameOf(other);
}

/** The cluster that two places share, as they say or as the catalogue knows; null for none. */
export function sharedCluster(one: Component, other: Component, area: Area): string | null {
  if (!mayBeIn(one.environment, other.environment, area)) return null;
  const theirs = clustersOf(other, area);
  const shared = clustersOf(one, area).find((here) =>
    theirs.some(
      (there) => there.cluster === here.cluster && mayBeIn(here.environment, there.environment, area),
    ),
  );
  return shared?.cluster ?? null;
}

/** Where a component runs. A change `on:eks/prod` names the cluster itself where others name the service. */
export function clustersOf({ service, environment, cluster }: Component, area: Area): Running[] {
  if (cluster !== '') return [{ environment, cluster }];
  const known = area.runsOn.get(service) ?? [];
  return [
    ...known.filter((each) => mayBeIn(each.environment, environment, area)),
    { environment, cluster: service },
  ];
}

function dependency(one: Component, other: Component, area: Area): Nearness | null {
  if (!mayBeIn(one.environment, other.environment, area)) return null;
  const edge = area.neighbourhood.edges.find(
    (each) =>
      (each.service === one.service && each.dependsOn === other.service) ||
      (each.service === other.service && each.dependsOn === one.service),
  );
  if (!edge || one.service === other.service) return null;
  return { ...found('dependency', one, other), dependent: edge.service === other.service };
}

function found(kind: Nearness['kind'], here: Component, there: Component): Nearness {
  return { kind, here, there, cluster: '', dependent: false };
}
