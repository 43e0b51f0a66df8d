// Which changes are near a plan, in place and time: read by index, so that it does not matter how long the ledger is.
import type { Tx } from '../../db/tx.js';
import { type Environments, type Neighbourhood, serviceOf } from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import { type Area, isItself, type Running } from './near.js';
import type { Other, Plan } from './plan.js';
import type { Change } from './store.js';
import {
  earlier,
  hoursBefore,
  longestBakeMinutes,
  minutesAfter,
  silentAttendedHours,
  silentHours,
  unbegunHours,
} from './windows.js';
import { attendedKinds, isAttended } from './words.js';

/** So many are read of each kind of neighbour. Of more the earliest count, and no slot is offered beyond them. */
const nearMax = 200;
const ofOwnerMax = 50;
const liveStates = ['planned', 'started', 'validating'];
// What people call environments. One that neither they nor the catalogue know is found by who names it.
const usualEnvironments = ['production', 'staging', 'preprod', 'test', 'qa', 'dev', 'local'];

export interface Span {
  /** What was over before this counts no more. */
  readonly from: Date;
  /** What begins from here on counts not yet. */
  readonly until: Date;
}

export interface Reading {
  readonly tx: Tx;
  readonly workspaceId: string;
  readonly plan: Plan;
  readonly span: Span;
  readonly environments: Environments;
  readonly neighbourhood: Neighbourhood;
}

/** Changes by their ids, and from where on there may be more than was read; null when that is all. */
interface Found {
  readonly ids: readonly string[];
  readonly cut: Date | null;
}

/** What may be near a plan: at its services, at what they depend on and what depends on them, on its clusters. */
export async function nearChanges(read: Reading) {
  const { tx, workspaceId, plan, span } = read;
  const found = [await atServices(read, neighbours(read)), await attendedOnes(read)];
  const onClusters = isAttended(plan.kind) ? await alsoOnClusters(read) : null;
  found.push(...(onClusters?.found ?? []));
  const ids = [...new Set(found.flatMap((each) => each.ids))].filter((id) => !isItself(plan, { id }));
  const changes = await tx.change.findMany({
    where: { workspaceId, id: { in: ids }, unchanged: false },
    orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
  });
  const targets = await tx.changeTarget.findMany({
    where: { workspaceId, changeId: { in: ids } },
    orderBy: { id: 'asc' },
  });
  const others: Other[] = changes.map((change) => ({
    change,
    components: targets.filter((each) => each.changeId === change.id).map(placeOf),
  }));
  const cuts = found.flatMap((each) => each.cut ?? []);
  return {
    others,
    runsOn: onClusters?.runsOn ?? (await runningAround(read, others)),
    knownUntil: cuts.reduce(earlier, span.until),
  };
}

/** Of the plan's owner, planned or under way, wherever they are. */
export async function changesOfOwner({ tx, workspaceId, plan, span }: Reading): Promise<Change[]> {
  const ownerId = plan.owner.id;
  if (ownerId === null) return [];
  const startsAt = { gte: hoursBefore(span.from, silentAttendedHours), lt: span.until };
  const found = await tx.change.findMany({
    where: { workspaceId, ownerId, state: { in: liveStates }, startsAt, unchanged: false },
    orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
    take: ofOwnerMax,
  });
  return found.filter((each) => !isItself(plan, each));
}

/** The place alone, without what else a row says. */
export function placeOf({ service, environment, cluster }: Component): Component {
  return { service, environment, cluster };
}

function neighbours({ plan, neighbourhood: { dependencies, dependents } }: Reading): string[] {
  return [...new Set([...plan.components.map((each) => each.service), ...dependencies, ...dependents])];
}

/** Those at some services, by the index of place and time. */
async function atServices(read: Reading, services: readonly string[]): Promise<Found> {
  const { tx, workspaceId, span } = read;
  const rows = await tx.changeTarget.findMany({
    where: {
      workspaceId,
      service: { in: [...services] },
      // Named one by one even where the plan leaves it open: without them the index is read from a service's first
      // change on.
      environment: { in: await environmentsMeant(read) },
      ...liveOrWatched(span),
    },
    ...earliest,
    select: { changeId: true, startsAt: true },
  });
  return foundBy(rows.map(({ changeId: id, startsAt }) => ({ id, startsAt })));
}

async function onCluster({ tx, workspaceId, span }: Reading, clusters: readonly string[]): Promise<Found> {
  const rows = await tx.changeTarget.findMany({
    where: { workspaceId, cluster: { in: [...clusters] }, ...liveOrWatched(span) },
    ...earliest,
    select: { changeId: true, startsAt: true },
  });
  return foundBy(rows.map(({ changeId: id, startsAt }) => ({ id, startsAt })));
}

/** Upgrades, migrations and work on infrastructure, wherever they are: they are few, last long, and reach far. */
async function attendedOnes({ tx, workspaceId, span }: Reading): Promise<Found> {
  const kind = { in: [...attendedKinds] };
  const startsAt = { gte: hoursBefore(span.from, silentAttendedHours), lt: span.until };
  const select = { id: true, startsAt: true } as const;
  const live = await tx.change.findMany({
    where: { workspaceId, kind, state: { in: liveStates }, startsAt },
    ...earliest,
    select,
  });
  // Without the state, which nearly all have: with it SQLite follows the index of states, to every one that succeeded.
  const ended = await tx.change.findMany({
    where: { workspaceId, kind, finishedAt: { gt: watchedFrom(span) } },
    ...{ orderBy: { finishedAt: 'desc' }, take: nearMax },
    select,
  });
  const found = foundBy(live);
  return { ...found, ids: [...found.ids, ...ended.map((each) => each.id)] };
}

/** For a plan that reaches all that runs where it does: what is on its clusters, as said or by the catalogue. */
async function alsoOnClusters(read: Reading) {
  const { tx, workspaceId, plan } = read;
  // The catalogue, not the ledger: as many rows as there are services.
  const all = await tx.service.findMany({ where: { workspaceId }, select: { name: true, runsOn: true } });
  const runsOn = new Map(all.map((each) => [each.name, each.runsOn as unknown as readonly Running[]]));
  const clusters = plan.components.flatMap(({ service, cluster }) =>
    cluster === '' ? [service, ...(runsOn.get(service) ?? []).map((each) => each.cluster)] : [cluster],
  );
  const there = [...runsOn].filter(([, places]) => places.some((each) => clusters.includes(each.cluster)));
  // A change of the cluster itself names it where others name their service.
  const services = [...clusters, ...there.map(([name]) => name)];
  return { found: [await onCluster(read, clusters), await atServices(read, services)], runsOn };
}

const earliest = { orderBy: { startsAt: 'asc' }, take: nearMax } as const;

function foundBy(rows: readonly { readonly id: string; readonly startsAt: Date }[]): Found {
  const cut = rows.length < nearMax ? null : (rows.at(-1)?.startsAt ?? null);
  return { ids: rows.map((each) => each.id), cut };
}

async function environmentsMeant({ tx, workspaceId, plan, environments }: Reading): Promise<string[]> {
  const { nameOf } = environments;
  const said = plan.components.map((each) => each.environment);
  if (!said.includes('')) return [...new Set(['', ...said, ...said.map(nameOf)])];
  const rows = await tx.environment.findMany({ where: { workspaceId }, select: { name: true } });
  return [...new Set(['', ...said, ...rows.map((each) => each.name), ...usualEnvironments.map(nameOf)])];
}

// By the index's time first; which of them have ended is seen on the rows.
function liveOrWatched(span: Span) {
  return {
    startsAt: { gte: hoursBefore(span.from, Math.max(silentHours, unbegunHours)), lt: span.until },
    OR: [{ state: { in: liveStates } }, { state: 'succeeded', endsAt: { gt: watchedFrom(span) } }],
  };
}

function watchedFrom({ from }: Span): Date {
  return minutesAfter(from, -longestBakeMinutes);
}

async function runningAround(
  { tx, workspaceId, neighbourhood }: Reading,
  others: readonly Other[],
): Promise<Area['runsOn']> {
  const names = others.flatMap(({ components }) => components.map((each) => each.service));
  const unknown = [...new Set(names)].filter((name) => !neighbourhood.services.has(name));
  const rows =
    unknown.length === 0 ? [] : await tx.service.findMany({ where: { workspaceId, name: { in: unknown } } });
  const known = [...neighbourhood.services.values(), ...rows.map(serviceOf)];
  return new Map(known.map((each) => [each.name, each.runsOn]));
}
