// How near a change is to what is affected: the same service, what hangs on it, what it shares. Pure.
import { type Component, isAttended } from '../change/index.js';
import {
  clustersOf,
  isSamePlace,
  type NearChange,
  named,
  reachedClusters,
  type Scene,
  type Sign,
} from './scene.js';

const worth = {
  sameService: 30,
  dependency: 18,
  sharedInfrastructure: 15,
  dependent: 10,
  sharedCluster: 5,
  sameTeam: 5,
} as const;
const placeWorth = { everywhere: 15, somewhere: 8, environment: 10, neverThere: -25 } as const;

const nothing: Sign = { points: 0, reasons: [] };

/** What the topology says, and the place; `near` is false for what can have nothing to do with it. */
export function topologyOf(scene: Scene, near: NearChange): { near: boolean; topology: Sign; place: Sign } {
  // Nobody said where it is, or where that was: neither can be ruled out.
  if (scene.components.length === 0) return { near: true, topology: nothing, place: nothing };
  if (near.components.length === 0)
    return { near: true, topology: { points: 0, reasons: ['nobody said where it ran'] }, place: nothing };
  const pairs = near.components.flatMap((changed) =>
    scene.components.flatMap((affected) =>
      isSamePlace(changed.environment, affected.environment) ? [{ changed, affected }] : [],
    ),
  );
  const ways = [
    sameService(pairs),
    dependency(scene, pairs),
    dependent(scene, pairs),
    sharedCluster(scene, near, pairs),
    sameTeam(scene, pairs),
  ].filter((way) => way.points > 0);
  const best = ways.reduce((one, other) => (other.points > one.points ? other : one), nothing);
  return {
    near: best.points > 0,
    // The nearest way, and what it shares besides: a cluster tells what a name does not.
    topology: { points: best.points, reasons: ways.slice(0, 2).flatMap((way) => way.reasons) },
    // What merely runs beside it is everywhere where it is.
    place: best.points > worth.sharedCluster ? placeOf(scene, near, pairs) : nothing,
  };
}

interface Pair {
  readonly changed: Component;
  readonly affected: Component;
}

function sameService(pairs: readonly Pair[]): Sign {
  const same = pairs.filter(({ changed, affected }) => changed.service === affected.service);
  if (same.length === 0) return nothing;
  return {
    points: worth.sameService,
    reasons: [`same service (${named(same.map((each) => each.changed.service))})`],
  };
}

function dependency({ neighbourhood }: Scene, pairs: readonly Pair[]): Sign {
  const edges = edgesOf(neighbourhood.edges, pairs, ({ changed, affected }) => [
    affected.service,
    changed.service,
  ]);
  return edges === null ? nothing : { points: worth.dependency, reasons: [edges] };
}

function dependent({ neighbourhood }: Scene, pairs: readonly Pair[]): Sign {
  const edges = edgesOf(neighbourhood.edges, pairs, ({ changed, affected }) => [
    changed.service,
    affected.service,
  ]);
  return edges === null ? nothing : { points: worth.dependent, reasons: [edges] };
}

function edgesOf(
  edges: Scene['neighbourhood']['edges'],
  pairs: readonly Pair[],
  of: (pair: Pair) => readonly [service: string, dependsOn: string],
): string | null {
  const found = pairs
    .map(of)
    .filter(([service, on]) => edges.some((edge) => edge.service === service && edge.dependsOn === on));
  const [first] = found;
  if (!first) return null;
  const on = named(found.filter(([service]) => service === first[0]).map((each) => each[1]));
  return `${first[0]} depends on ${on}`;
}

// An upgrade reaches all that runs on what it upgrades; a deploy beside it merely may.
function sharedCluster(scene: Scene, { change }: NearChange, pairs: readonly Pair[]): Sign {
  const same = pairs.some(({ changed, affected }) => changed.service === affected.service);
  if (same && !isAttended(change.kind)) return nothing;
  const shared = pairs.flatMap(({ changed, affected }) => {
    if (changed.service === affected.service) return [];
    const theirs = clustersOf(affected, scene.neighbourhood);
    const cluster = reachedClusters(changed, scene).find((each) => theirs.includes(each));
    return cluster === undefined ? [] : [{ cluster, service: affected.service }];
  });
  const [first] = shared;
  if (!first) return nothing;
  const services = shared.filter((each) => each.cluster === first.cluster).map((each) => each.service);
  return {
    points: isAttended(change.kind) ? worth.sharedInfrastructure : worth.sharedCluster,
    reasons: [`shares cluster ${first.cluster} with ${named(services)}`],
  };
}

function sameTeam({ neighbourhood: { services } }: Scene, pairs: readonly Pair[]): Sign {
  const teamOf = ({ service }: Component) => services.get(service)?.team ?? null;
  const team = pairs.flatMap(({ changed, affected }) => {
    const one = teamOf(changed);
    return one !== null && one === teamOf(affected) ? [one] : [];
  })[0];
  return team === undefined ? nothing : { points: worth.sameTeam, reasons: [`same team (${team})`] };
}

// Where it is felt against where it was done. What another service hangs on need not be where that is, so only for the
// same service does it speak against a change that it never ran there.
function placeOf(scene: Scene, near: NearChange, pairs: readonly Pair[]): Sign {
  if (pairs.length === 0) return nothing;
  const felt = new Set(scene.components.flatMap((each) => clustersOf(each, scene.neighbourhood)));
  const done = new Set(near.components.flatMap((each) => reachedClusters(each, scene)));
  const same = pairs.some(({ changed, affected }) => changed.service === affected.service);
  if (felt.size > 0 && done.size > 0) {
    const both = [...felt].filter((each) => done.has(each));
    if (both.length === felt.size) return { points: placeWorth.everywhere, reasons: [] };
    if (both.length > 0)
      return { points: placeWorth.somewhere, reasons: [`only on ${named(both)} of ${named([...felt])}`] };
    if (!same) return nothing;
    return {
      points: placeWorth.neverThere,
      reasons: [`on ${named([...done])}, but it is felt on ${named([...felt])}`],
    };
  }
  const known = pairs.some(
    ({ changed, affected }) => changed.environment !== '' && changed.environment === affected.environment,
  );
  return same && known ? { points: placeWorth.environment, reasons: [] } : nothing;
}
