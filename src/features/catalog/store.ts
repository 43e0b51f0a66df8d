// What the catalogue asks of the database, and how its rows follow from facts.

import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { sameName } from '../../core/text.js';
import type { Prisma, Tx } from '../../db/tx.js';
import * as facts from './facts.js';
import { columnOf } from './monitors.js';
import type { Catalog, KnownPerson } from './plan.js';
import { defaultDigestAt, serviceOf, settingsOf } from './read.js';
import {
  type ClusterEntry,
  type EnvironmentEntry,
  type Owner,
  type ServiceEntry,
  type SettingsSaid,
  slackOrigin,
  type Tier,
} from './words.js';

/** So many rows go into one statement: engines bound how many values it may have. */
const batchSize = 500;

/** The whole catalogue, in the order of names. */
export async function readWhole(tx: Tx, workspaceId: string): Promise<Catalog> {
  const all = { where: { workspaceId }, orderBy: { name: 'asc' } } as const;
  const edges = await tx.dependency.findMany({ where: { workspaceId }, orderBy: { dependsOn: 'asc' } });
  const needs = groupedBy(edges);
  const services = await tx.service.findMany(all);
  const environments = await tx.environment.findMany(all);
  const clusters = await tx.cluster.findMany(all);
  return {
    services: new Map(
      services.map((row) => [row.name, { ...entryOf(row, needs.get(row.name) ?? []), origin: row.origin }]),
    ),
    environments: new Map(environments.map((row) => [row.name, environmentOf(row)])),
    clusters: new Map(clusters.map((row) => [row.name, clusterOf(row)])),
    settings: await settingsOf(tx, workspaceId),
  };
}

/** Everybody whom Slack has told us of. */
export async function knownPeople(tx: Tx, workspaceId: string): Promise<KnownPerson[]> {
  return tx.person.findMany({
    where: { workspaceId },
    select: { id: true, name: true, realName: true, isBot: true },
  });
}

/** One service with what it needs and who said so; null when there is none of this name, however it is written. */
export async function findService(tx: Tx, workspaceId: string, word: string) {
  const row = (await serviceNamed(tx, workspaceId, word)) ?? (await serviceLike(tx, workspaceId, word));
  if (!row) return null;
  const { name } = row;
  const edges = await tx.dependency.findMany({
    where: { workspaceId, OR: [{ service: name }, { dependsOn: name }] },
  });
  const needs = edges.filter((each) => each.service === name).map((each) => each.dependsOn);
  const neededBy = edges.filter((each) => each.dependsOn === name).map((each) => each.service);
  return { entry: entryOf(row, needs), origin: row.origin, neededBy: neededBy.sort() };
}

function serviceNamed(tx: Tx, workspaceId: string, name: string) {
  return tx.service.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
}

// A phone writes `Api`.
async function serviceLike(tx: Tx, workspaceId: string, word: string) {
  const names = await tx.service.findMany({ where: { workspaceId }, select: { name: true } });
  const found = names.find((each) => sameName(each.name, word));
  return found ? serviceNamed(tx, workspaceId, found.name) : null;
}

/** The environment of this name, however it is written; null when there is none. */
export async function findEnvironment(tx: Tx, workspaceId: string, name: string) {
  const rows = await tx.environment.findMany({ where: { workspaceId } });
  const row = rows.find((each) => each.name === name) ?? rows.find((each) => sameName(each.name, name));
  return row ? environmentOf(row) : null;
}

/** The cluster of this name, however it is written; null when there is none. */
export async function findCluster(tx: Tx, workspaceId: string, name: string) {
  const rows = await tx.cluster.findMany({ where: { workspaceId } });
  const row = rows.find((each) => each.name === name) ?? rows.find((each) => sameName(each.name, name));
  return row ? clusterOf(row) : null;
}

function groupedBy(edges: readonly { service: string; dependsOn: string }[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { service, dependsOn } of edges) {
    const needs = grouped.get(service);
    if (needs) needs.push(dependsOn);
    else grouped.set(service, [dependsOn]);
  }
  return grouped;
}

// The engines do not order text alike; what is compared is in one order.
function entryOf(row: Parameters<typeof serviceOf>[0], needs: readonly string[]): ServiceEntry {
  const { owners, runsOn, checks, ...it } = serviceOf(row);
  return {
    ...it,
    owners: [...owners],
    runsOn: [...runsOn],
    checks: [...checks],
    dependsOn: [...needs].sort(),
  };
}

// The columns of JSON hold what the facts' schemas checked.
function environmentOf(row: { name: string; tier: string; aliases: unknown; origin: string }) {
  const { name, tier, aliases, origin } = row;
  return { name, tier: tier as Tier, aliases: aliases as string[], origin };
}

function clusterOf(row: { name: string; environment: string; owners: unknown; origin: string }) {
  const { name, environment, owners, origin } = row;
  return { name, environment, owners: owners as Owner[], origin };
}

export const projections: Projection[] = [
  on(facts.catalogImported, async ({ workspaceId, data }, tx: Tx) => {
    const { origin, added, removed } = data;
    const isNew = new Set(added.services);
    const changed = data.services.map((each) => each.name).filter((name) => !isNew.has(name));
    await dropServices(tx, workspaceId, [...removed.services, ...changed]);
    await inBatches(removed.environments, (names) =>
      tx.environment.deleteMany({ where: { workspaceId, name: { in: names } } }),
    );
    await inBatches(removed.clusters, (names) =>
      tx.cluster.deleteMany({ where: { workspaceId, name: { in: names } } }),
    );
    await addServices(tx, workspaceId, origin, data.services);
    await putEnvironments(tx, workspaceId, origin, data.environments);
    await putClusters(tx, workspaceId, origin, data.clusters);
  }),
  on(facts.serviceSet, async ({ workspaceId, data: { service } }, tx: Tx) => {
    await dropServices(tx, workspaceId, [service.name]);
    await addServices(tx, workspaceId, slackOrigin, [service]);
  }),
  on(facts.environmentSet, ({ workspaceId, data }, tx: Tx) =>
    putEnvironments(tx, workspaceId, slackOrigin, [data.environment]),
  ),
  on(facts.clusterSet, ({ workspaceId, data }, tx: Tx) =>
    putClusters(tx, workspaceId, slackOrigin, [data.cluster]),
  ),
  on(facts.catalogEntryRemoved, async ({ workspaceId, data: { what, name } }, tx: Tx) => {
    if (what === 'service') await dropServices(tx, workspaceId, [name]);
    if (what === 'environment') await tx.environment.deleteMany({ where: { workspaceId, name } });
    if (what === 'cluster') await tx.cluster.deleteMany({ where: { workspaceId, name } });
  }),
  on(facts.settingsSet, ({ workspaceId, data }, tx: Tx) => putSettings(tx, workspaceId, data)),
  on(facts.monitorSet, async ({ workspaceId, data }, tx: Tx) => {
    const { name, runsOn, ...it } = data;
    const row = { ...it, dependsOn: columnOf(it.dependsOn, runsOn) };
    await tx.monitor.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { id: `${workspaceId}/${name}`, workspaceId, name, ...row },
      update: row,
    });
  }),
  on(facts.monitorRemoved, async ({ workspaceId, data: { name } }, tx: Tx) => {
    await tx.monitor.deleteMany({ where: { workspaceId, name } });
  }),
];

async function addServices(
  tx: Tx,
  workspaceId: string,
  origin: string,
  services: readonly ServiceEntry[],
): Promise<void> {
  const rows = services.map(({ dependsOn: _needs, ...it }) => ({
    ...it,
    id: `${workspaceId}/${it.name}`,
    workspaceId,
    origin,
  }));
  const edges = services.flatMap(({ name, dependsOn }) =>
    // No name has a slash in it.
    dependsOn.map((each) => ({
      id: `${workspaceId}/${name}/${each}`,
      workspaceId,
      service: name,
      dependsOn: each,
    })),
  );
  await inBatches(rows, (data) => tx.service.createMany({ data }));
  await inBatches(edges, (data) => tx.dependency.createMany({ data }));
}

async function dropServices(tx: Tx, workspaceId: string, names: readonly string[]): Promise<void> {
  await inBatches(names, async (some) => {
    await tx.service.deleteMany({ where: { workspaceId, name: { in: some } } });
    await tx.dependency.deleteMany({ where: { workspaceId, service: { in: some } } });
  });
}

async function putEnvironments(
  tx: Tx,
  workspaceId: string,
  origin: string,
  environments: readonly EnvironmentEntry[],
): Promise<void> {
  await inBatches(environments, async (some) => {
    await tx.environment.deleteMany({ where: { workspaceId, name: { in: some.map((each) => each.name) } } });
    const data = some.map((each) => ({ ...each, id: `${workspaceId}/${each.name}`, workspaceId, origin }));
    await tx.environment.createMany({ data });
  });
}

async function putClusters(
  tx: Tx,
  workspaceId: string,
  origin: string,
  clusters: readonly ClusterEntry[],
): Promise<void> {
  await inBatches(clusters, async (some) => {
    await tx.cluster.deleteMany({ where: { workspaceId, name: { in: some.map((each) => each.name) } } });
    const data = some.map((each) => ({ ...each, id: `${workspaceId}/${each.name}`, workspaceId, origin }));
    await tx.cluster.createMany({ data });
  });
}

async function putSettings(tx: Tx, workspaceId: string, said: SettingsSaid): Promise<void> {
  const usual = { digestAt: defaultDigestAt, supportPeople: [], checks: [] };
  const data = said satisfies Prisma.TeamSettingUncheckedUpdateInput;
  await tx.teamSetting.upsert({
    where: { workspaceId },
    create: { workspaceId, ...usual, ...data },
    update: data,
  });
}

async function inBatches<T>(all: readonly T[], work: (some: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += batchSize) await work(all.slice(from, from + batchSize));
}
