// The changes near an incident, found by index: what is read grows with what happens in a day, not with the ledger.
import type { Tx } from '../../db/tx.js';
import { environmentsOf, type Neighbourhood, neighboursOf, serviceOf } from '../catalog/index.js';
import { attendedKinds, type Component, placesOf } from '../change/index.js';
import type { Incident } from '../incident/index.js';
import { collisionsOf } from './collisions.js';
import { exceptionsOf } from './exceptions.js';
import { type Ranking, rankSuspects } from './rank.js';
import { clustersOf, type NearChange, type Scene } from './scene.js';
import { type Answer, lookBackMaxMs, lookBackMs, onsetOf } from './words.js';

/** No ranking looks at more; where there are more, at the latest. */
const nearMax = 300;
/** So many of the latest changes are looked through for those of which nobody said where they are. */
const lookedThroughMax = 1_000;
const latestLookedAt = 5;
const environmentsMax = 8;
const causesMax = 500;
/** What began so long after the onset is no news of this incident any more. */
const afterMaxMs = 7 * 24 * 3_600_000;

/** Ranks the changes near an incident, as they are now. */
export async function rankFor(tx: Tx, incident: Incident): Promise<Ranking> {
  const { scene, near } = await readScene(tx, incident);
  return rankSuspects(scene, near);
}

async function readScene(tx: Tx, incident: Incident): Promise<{ scene: Scene; near: NearChange[] }> {
  const { workspaceId } = incident;
  const environments = await environmentsOf(tx, workspaceId);
  const impacts = await tx.impact.findMany({
    where: { incidentId: incident.id, level: { not: 'operational' } },
    orderBy: { id: 'asc' },
  });
  const components = placesOf(
    impacts.map(({ service, environment, cluster }) => ({ service, environment, cluster })),
    environments,
  );
  const rows = await tx.suspect.findMany({ where: { incidentId: incident.id, answer: { not: null } } });
  const answers = new Map(rows.map((row) => [row.changeId, row.answer as Answer]));
  const services = [...new Set(components.map((each) => each.service))];
  const known = await neighboursOf(tx, workspaceId, services);
  const onset = onsetOf(incident);
  const near = await changesNear(tx, {
    ...{ workspaceId, components, neighbourhood: known, onset: onset.at },
    alsoIds: [...answers.keys()],
  });
  const neighbourhood = await withServicesOf(tx, workspaceId, known, near);
  const scene: Scene = {
    ...{ onset, title: incident.title, components, neighbourhood, answers },
    causesBefore: await causesBefore(tx, incident),
    collided: await collisionsOf(tx, incident, near),
    exceptions: await exceptionsOf(tx, workspaceId, near),
    rebuilt: near.filter(({ change }) => change.kind === 'upgrade' || change.kind === 'infrastructure'),
  };
  return { scene, near };
}

/** Where and when changes are looked for. */
export interface Search {
  readonly workspaceId: string;
  readonly components: readonly Component[];
  readonly neighbourhood: Neighbourhood;
  readonly onset: Date;
  /** Changes that are looked at wherever they are. */
  readonly alsoIds?: readonly string[];
}

/**
 * The changes that may have to do with what is affected: in the time that is looked at, under way, and the latest of
 * each affected service whenever that was.
 */
export async function changesNear(tx: Tx, search: Search): Promise<NearChange[]> {
  const { workspaceId } = search;
  const ids = new Set(search.alsoIds ?? []);
  // The first are kept where there are too many.
  for (const read of [latestHere, underWay, ofUpgrades, inPlace, onClusters, ofNowhere])
    for (const id of await read(tx, search)) if (ids.size < nearMax) ids.add(id);
  const changes = await tx.change.findMany({ where: { workspaceId, id: { in: [...ids] } } });
  const targets = await tx.changeTarget.findMany({
    where: { changeId: { in: changes.map((each) => each.id) } },
    orderBy: { id: 'asc' },
  });
  const placed = new Map<string, Component[]>(changes.map((each) => [each.id, []]));
  for (const { changeId, service, environment, cluster } of targets)
    placed.get(changeId)?.push({ service, environment, cluster });
  return changes
    .map((change) => ({ change, components: placed.get(change.id) ?? [] }))
    .sort((a, b) => a.change.number - b.change.number);
}

function windowOf({ onset }: Search) {
  return {
    gte: new Date(onset.getTime() - lookBackMaxMs),
    lte: new Date(onset.getTime() + afterMaxMs),
  };
}

// Clusters too: somebody may name one as what is upgraded.
function servicesOf({ components, neighbourhood }: Search): string[] {
  const own = components.map((each) => each.service);
  return [
    ...new Set([
      ...own,
      ...neighbourhood.dependencies,
      ...neighbourhood.dependents,
      ...clustersIn(components, neighbourhood),
    ]),
  ];
}

function clustersIn(components: readonly Component[], neighbourhood: Neighbourhood): string[] {
  return [...new Set(components.flatMap((each) => clustersOf(each, neighbourhood)))];
}

// Where the incident names none, those in which its services were ever changed: without it the index leads nowhere.
async function environmentsIn(tx: Tx, { workspaceId, components }: Search): Promise<string[]> {
  const found = new Set(['']);
  for (const { service, environment } of components) {
    if (environment !== '') {
      found.add(environment);
      continue;
    }
    for (let last = ''; found.size <= environmentsMax; ) {
      const next = await tx.changeTarget.findFirst({
        where: { workspaceId, service, environment: { gt: last } },
        orderBy: { environment: 'asc' },
        select: { environment: true },
      });
      if (!next) break;
      last = next.environment;
      found.add(last);
    }
  }
  return [...found];
}

async function inPlace(tx: Tx, search: Search): Promise<string[]> {
  if (search.components.length === 0) return lately(tx, search);
  const rows = await tx.changeTarget.findMany({
    where: {
      workspaceId: search.workspaceId,
      service: { in: servicesOf(search) },
      environment: { in: await environmentsIn(tx, search) },
      startsAt: windowOf(search),
    },
    orderBy: { startsAt: 'desc' },
    take: nearMax,
    select: { changeId: true },
  });
  return rows.map((each) => each.changeId);
}

// Nobody has said yet what is affected, so anything may have to do with it.
async function lately(tx: Tx, search: Search): Promise<string[]> {
  const rows = await tx.change.findMany({
    where: { workspaceId: search.workspaceId, startsAt: windowOf(search) },
    orderBy: { startsAt: 'desc' },
    take: nearMax,
    select: { id: true },
  });
  return rows.map((each) => each.id);
}

async function onClusters(tx: Tx, search: Search): Promise<string[]> {
  const clusters = clustersIn(search.components, search.neighbourhood);
  if (clusters.length === 0) return [];
  const rows = await tx.changeTarget.findMany({
    where: {
      workspaceId: search.workspaceId,
      cluster: { in: clusters },
      startsAt: windowOf(search),
    },
    orderBy: { startsAt: 'desc' },
    take: nearMax,
    select: { changeId: true },
  });
  return rows.map((each) => each.changeId);
}

// Whenever it began: what runs for days is the likeliest to be forgotten.
async function underWay(tx: Tx, search: Search): Promise<string[]> {
  const rows = await tx.change.findMany({
    where: {
      workspaceId: search.workspaceId,
      state: { in: ['started', 'validating'] },
      startsAt: { lte: windowOf(search).lte },
    },
    orderBy: { startsAt: 'desc' },
    take: nearMax,
    select: { id: true },
  });
  if (search.components.length === 0) return rows.map((each) => each.id);
  const targets = await tx.changeTarget.findMany({
    where: { changeId: { in: rows.map((each) => each.id) } },
    select: { changeId: true, service: true, cluster: true },
  });
  const services = new Set(servicesOf(search));
  const clusters = new Set(clustersIn(search.components, search.neighbourhood));
  return targets.flatMap((each) =>
    services.has(each.service) || clusters.has(each.cluster) ? [each.changeId] : [],
  );
}

async function latestHere(tx: Tx, search: Search): Promise<string[]> {
  const environments = await environmentsIn(tx, search);
  const found: string[] = [];
  for (const service of new Set(search.components.map((each) => each.service))) {
    for (const environment of environments) {
      const rows = await tx.changeTarget.findMany({
        where: {
          ...{ workspaceId: search.workspaceId, service, environment },
          startsAt: { lte: search.onset },
        },
        orderBy: { startsAt: 'desc' },
        take: latestLookedAt,
        select: { changeId: true, state: true },
      });
      const begun = rows.find((each) => each.state !== 'planned' && each.state !== 'cancelled');
      if (begun) found.push(begun.changeId);
    }
  }
  return found;
}

// What the catalogue says of the service that is upgraded tells whether it shares a cluster.
async function ofUpgrades(tx: Tx, search: Search): Promise<string[]> {
  if (clustersIn(search.components, search.neighbourhood).length === 0) return [];
  const rows = await tx.change.findMany({
    where: {
      workspaceId: search.workspaceId,
      startsAt: windowOf(search),
      kind: { in: [...attendedKinds] },
    },
    orderBy: { startsAt: 'desc' },
    take: nearMax / 3,
    select: { id: true },
  });
  return rows.map((each) => each.id);
}

// Of which nobody said where it is.
async function ofNowhere(tx: Tx, { workspaceId, onset }: Search): Promise<string[]> {
  const from = new Date(onset.getTime() - lookBackMs('deploy'));
  const rows = await tx.change.findMany({
    where: { workspaceId, startsAt: { gte: from, lte: onset } },
    orderBy: { startsAt: 'desc' },
    take: lookedThroughMax,
    select: { id: true },
  });
  const placed = await tx.changeTarget.findMany({
    where: { changeId: { in: rows.map((each) => each.id) } },
    select: { changeId: true },
  });
  const somewhere = new Set(placed.map((each) => each.changeId));
  return rows.flatMap(({ id }) => (somewhere.has(id) ? [] : [id]));
}

async function withServicesOf(
  tx: Tx,
  workspaceId: string,
  known: Neighbourhood,
  near: readonly NearChange[],
): Promise<Neighbourhood> {
  const names = new Set(near.flatMap((each) => each.components.map(({ service }) => service)));
  const missing = [...names].filter((name) => !known.services.has(name));
  if (missing.length === 0) return known;
  const rows = await tx.service.findMany({ where: { workspaceId, name: { in: missing } } });
  const services = new Map([...known.services, ...rows.map((row) => [row.name, serviceOf(row)] as const)]);
  return { ...known, services };
}

// Only of incidents that everybody may see: a reason would tell of the others.
async function causesBefore(tx: Tx, incident: Incident): Promise<ReadonlySet<string>> {
  const { workspaceId } = incident;
  const causes = await tx.suspect.findMany({
    where: { workspaceId, answer: 'cause', incidentId: { not: incident.id } },
    orderBy: { answeredAt: 'desc' },
    take: causesMax,
    select: { changeId: true, incidentId: true },
  });
  if (causes.length === 0) return new Set();
  const seen = await tx.incident.findMany({
    where: { id: { in: causes.map((each) => each.incidentId) }, private: false, drill: incident.drill },
    select: { id: true },
  });
  const open = new Set(seen.map((each) => each.id));
  const ids = causes.flatMap((each) => (open.has(each.incidentId) ? [each.changeId] : []));
  const changes = await tx.change.findMany({ where: { id: { in: ids } }, select: { id: true, kind: true } });
  const kinds = new Map(changes.map((each) => [each.id, each.kind]));
  const targets = await tx.changeTarget.findMany({ where: { changeId: { in: ids } } });
  return new Set(targets.map(({ changeId, service }) => `${kinds.get(changeId)} ${service}`));
}
