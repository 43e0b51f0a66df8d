// What others ask of the catalogue: whose something is, what hangs on what, what an environment is.
import type { Tx } from '../../db/tx.js';
import {
  type Cadence,
  type EnvironmentEntry,
  type Owner,
  type Tier,
  tiers,
  usualEnvironment,
} from './words.js';

/** A service as the catalogue has it. */
export interface CatalogService {
  readonly name: string;
  readonly team: string | null;
  readonly tier: number | null;
  readonly channel: string | null;
  readonly owners: readonly Owner[];
  readonly runsOn: readonly { readonly environment: string; readonly cluster: string }[];
  readonly checks: readonly string[];
}

/** What is near some services: themselves, what they depend on, and what depends on them; one step each way. */
export interface Neighbourhood {
  /** Those that the catalogue knows, by name, neighbours included. */
  readonly services: ReadonlyMap<string, CatalogService>;
  readonly dependencies: ReadonlySet<string>;
  readonly dependents: ReadonlySet<string>;
  /** The pairs, each as who depends and on what. */
  readonly edges: readonly { readonly service: string; readonly dependsOn: string }[];
}

/** What is near these services. Three queries, however many they are. */
export async function neighboursOf(
  tx: Tx,
  workspaceId: string,
  names: readonly string[],
): Promise<Neighbourhood> {
  const within = { in: [...new Set(names)] };
  const edges = await tx.dependency.findMany({
    where: { workspaceId, OR: [{ service: within }, { dependsOn: within }] },
    select: { service: true, dependsOn: true },
  });
  const own = new Set(names);
  const dependencies = new Set(edges.filter((it) => own.has(it.service)).map((it) => it.dependsOn));
  const dependents = new Set(edges.filter((it) => own.has(it.dependsOn)).map((it) => it.service));
  const rows = await tx.service.findMany({
    where: { workspaceId, name: { in: [...new Set([...names, ...dependencies, ...dependents])] } },
  });
  return {
    services: new Map(rows.map((row) => [row.name, serviceOf(row)])),
    dependencies,
    dependents,
    edges,
  };
}

/** Environments by the names that people and pipelines give them. */
export interface Environments {
  /** What it is called here: `production` is `prod` unless the catalogue says otherwise. */
  nameOf(word: string): string;
  /** What it is for; null where nobody said, and then it is taken for production. */
  tierOf(word: string): Tier | null;
  /** Its other names, where the catalogue has some: what was written down by one of them is it all the same. */
  aliasesOf?(word: string): readonly string[];
  /** Whether what the catalogue kept of it cannot be read: then nobody knows what it is for. */
  isDamaged?(word: string): boolean;
}

/** The environments of a workspace. */
export async function environmentsOf(tx: Tx, workspaceId: string): Promise<Environments> {
  return environmentsIn(await environmentRows(tx, workspaceId));
}

/** The environments that the catalogue has. */
export async function environmentRows(tx: Tx, workspaceId: string): Promise<EnvironmentRead[]> {
  const rows = await tx.environment.findMany({ where: { workspaceId } });
  return rows.map(({ name, tier, aliases }) => ({
    name,
    tier: tierIn(tier),
    aliases: aliasesIn(name, aliases),
  }));
}

/** A tier as a row has it; null where it cannot be read. */
export function tierIn(word: string): Tier | null {
  return tiers.find((each) => each === word) ?? null;
}

// Which names it has decides what is frozen: where nobody can tell them, nothing is answered rather than “go”.
function aliasesIn(name: string, aliases: unknown): string[] {
  if (Array.isArray(aliases) && aliases.every((each) => typeof each === 'string')) return aliases;
  throw new Error(`the other names of the environment ${name} cannot be read`);
}

/** An environment as its row has it; no tier where that cannot be read. */
export type EnvironmentRead = Omit<EnvironmentEntry, 'tier'> & { readonly tier: Tier | null };

/** The environments that a catalogue has, by all their names. */
export function environmentsIn(entries: readonly EnvironmentRead[]): Environments {
  // A name is stronger than another one's alias.
  const names = [
    ...entries.flatMap((each) => each.aliases.map((alias) => [alias.toLowerCase(), each] as const)),
    ...entries.map((each) => [each.name.toLowerCase(), each] as const),
  ];
  const known = new Map(names);
  return {
    nameOf: (word) => known.get(word.toLowerCase())?.name ?? usualEnvironment(word).name,
    tierOf(word) {
      const found = known.get(word.toLowerCase());
      return found ? found.tier : usualEnvironment(word).tier;
    },
    aliasesOf: (word) => known.get(word.toLowerCase())?.aliases ?? [],
    isDamaged: (word) => known.get(word.toLowerCase())?.tier === null,
  };
}

/** What a team decided of its changes; null and none where it decided nothing. */
export interface TeamSettings {
  readonly supportChannel: string | null;
  readonly supportPeople: readonly Owner[];
  /** `08:30`, in the workspace's zone; null for no digest. */
  readonly digestAt: string | null;
  readonly serviceLimit: number | null;
  readonly personLimit: number | null;
  readonly checks: readonly string[];
  readonly approvers: readonly Owner[];
  readonly thawSpacing: number | null;
  readonly cadence: Cadence;
}

/** When nobody said otherwise. */
export const defaultDigestAt = '08:30';

/** The settings of a workspace. */
export async function settingsOf(tx: Tx, workspaceId: string): Promise<TeamSettings> {
  const row = await tx.teamSetting.findUnique({ where: { workspaceId } });
  return {
    supportChannel: row?.supportChannel ?? null,
    supportPeople: (row?.supportPeople ?? []) as unknown as Owner[],
    digestAt: row ? row.digestAt : defaultDigestAt,
    serviceLimit: row?.serviceLimit ?? null,
    personLimit: row?.personLimit ?? null,
    checks: (row?.checks ?? []) as string[],
    approvers: (row?.approvers ?? []) as unknown as Owner[],
    thawSpacing: row?.thawSpacing ?? null,
    cadence: cadenceOf(row?.cadence),
  };
}

// In one order: an engine may keep another one.
function cadenceOf(value: unknown): Cadence {
  return Object.fromEntries(Object.entries((value ?? {}) as Cadence).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A row as others read it; what its columns of JSON hold was checked when the fact was stated. */
export function serviceOf(row: {
  name: string;
  team: string | null;
  tier: number | null;
  channel: string | null;
  owners: unknown;
  runsOn: unknown;
  checks: unknown;
}): CatalogService {
  const { name, team, tier, channel } = row;
  return {
    ...{ name, team, tier, channel },
    owners: row.owners as Owner[],
    runsOn: row.runsOn as CatalogService['runsOn'],
    checks: row.checks as string[],
  };
}
