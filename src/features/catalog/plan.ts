// What a file changes of a catalogue: looked up, compared, and nothing said twice. Pure.
import { countOf, type Names } from './facts.js';
import { environmentsIn, type TeamSettings } from './read.js';
import type { SaidCatalog, SaidPerson, SaidSettings } from './said.js';
import {
  type Cadence,
  type ClusterEntry,
  type EnvironmentEntry,
  type Owner,
  placeName,
  type ServiceEntry,
  type SettingsSaid,
  unique,
} from './words.js';

export type Known<T> = ReadonlyMap<string, T & { readonly origin: string }>;

/** The catalogue as it is. */
export interface Catalog {
  readonly services: Known<ServiceEntry>;
  readonly environments: Known<EnvironmentEntry>;
  readonly clusters: Known<ClusterEntry>;
  readonly settings: TeamSettings;
}

/** Somebody whom Slack has told us of. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  /** The name beside the one that is shown. */
  readonly realName?: string | null;
  readonly isBot: boolean;
}

/** What an import would change. */
export interface ImportPlan {
  readonly origin: string;
  readonly services: readonly ServiceEntry[];
  readonly environments: readonly EnvironmentEntry[];
  readonly clusters: readonly ClusterEntry[];
  readonly added: Names;
  readonly changed: Names;
  readonly removed: Names;
  /** What another one had said otherwise, and who. */
  readonly overruled: readonly { readonly name: string; readonly origin: string }[];
  readonly settings: SettingsSaid;
  /** The environments as they are after it. */
  readonly afterwards: readonly EnvironmentEntry[];
  /** Whom Slack cannot be told about: nobody, or several, are called so. */
  readonly unknownPeople: readonly string[];
  readonly unknownServices: readonly string[];
  readonly remarks: readonly string[];
}

/** What a file changes of the catalogue. */
export function planImport(said: SaidCatalog, was: Catalog, people: readonly KnownPerson[]): ImportPlan {
  const finder = finderOf(people);
  const owners = (all: readonly SaidPerson[]) => unique(all.map(finder.find), ownerKey);
  const environments = compare(said.origin, said.environments, was.environments, environmentKey);
  const { nameOf } = environmentsIn(afterwards(was.environments, environments));
  const clusters = compare(
    said.origin,
    said.clusters.map((each) => ({
      ...each,
      environment: nameOf(each.environment),
      owners: owners(each.owners),
    })),
    was.clusters,
    clusterKey,
  );
  const services = compare(
    said.origin,
    said.services.map((each) => ({
      ...each,
      owners: owners(each.owners),
      runsOn: unique(
        each.runsOn.map((it) => ({ ...it, environment: nameOf(it.environment) })),
        placeName,
      ),
      checks: [...each.checks],
      // As the rows give them, which know no order.
      dependsOn: unique(each.dependsOn.filter((it) => it !== each.name)).sort(),
    })),
    was.services,
    serviceKey,
  );
  const names = new Set(afterwards(was.services, services).map((each) => each.name));
  const needed = said.services.flatMap((each) => each.dependsOn);
  const settings = settingsIn(said.settings, was.settings, owners);
  return {
    origin: said.origin,
    services: services.put,
    environments: environments.put,
    clusters: clusters.put,
    ...together(services, environments, clusters),
    overruled: [...services.overruled, ...environments.overruled, ...clusters.overruled],
    settings,
    afterwards: afterwards(was.environments, environments),
    unknownPeople: [...finder.unknown],
    unknownServices: unique(needed.filter((each) => !names.has(each))).sort(),
    remarks: said.remarks,
  };
}

/** Whether an import would change nothing. */
export function changesNothing(plan: ImportPlan): boolean {
  return (
    plan.services.length + plan.environments.length + plan.clusters.length + countOf(plan.removed) === 0 &&
    Object.keys(plan.settings).length === 0
  );
}

/** Two owners are the same by Slack's id, and without one by the name. */
export function ownerKey(owner: Owner): string {
  return owner.id ?? `@${owner.name.toLowerCase()}`;
}

/** A service as it is compared: what people are called now does not matter. */
export function serviceKey(it: ServiceEntry): string {
  const { name, team, tier, channel, checks } = it;
  const dependsOn = [...it.dependsOn].sort();
  return JSON.stringify([
    name,
    team,
    tier,
    channel,
    checks,
    it.owners.map(ownerKey),
    it.runsOn.map(placeName),
    dependsOn,
  ]);
}

/** An environment as it is compared. */
export function environmentKey({ name, tier, aliases }: EnvironmentEntry): string {
  return JSON.stringify([name, tier, aliases]);
}

/** A cluster as it is compared. */
export function clusterKey({ name, environment, owners }: ClusterEntry): string {
  return JSON.stringify([name, environment, owners.map(ownerKey)]);
}

/** What a file changes of its own entries of one kind. */
export interface Compared<T> {
  readonly put: readonly T[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly overruled: readonly { readonly name: string; readonly origin: string }[];
}

/** What is as the file says it is left alone, whoever said it first. */
export function compare<T extends { readonly name: string }>(
  origin: string,
  said: readonly T[],
  was: Known<T>,
  key: (entry: T) => string,
): Compared<T> {
  const put = said.filter((each) => {
    const known = was.get(each.name);
    return !known || key(known) !== key(each);
  });
  const names = new Set(said.map((each) => each.name));
  const changed = put.filter((each) => was.has(each.name));
  return {
    put,
    added: put.filter((each) => !was.has(each.name)).map((each) => each.name),
    changed: changed.map((each) => each.name),
    removed: [...was.values()]
      .filter((each) => each.origin === origin && !names.has(each.name))
      .map((it) => it.name),
    overruled: changed.flatMap(({ name }) => {
      const by = was.get(name)?.origin;
      return by === undefined || by === origin ? [] : [{ name, origin: by }];
    }),
  };
}

function afterwards<T extends { readonly name: string }>(was: Known<T>, now: Compared<T>): T[] {
  const removed = new Set(now.removed);
  const kept = [...was.values()].filter((each) => !removed.has(each.name));
  return unique([...kept, ...now.put], (each) => each.name);
}

type Each = Compared<{ readonly name: string }>;

function together(services: Each, environments: Each, clusters: Each) {
  const of = (part: 'added' | 'changed' | 'removed'): Names => ({
    services: [...services[part]],
    environments: [...environments[part]],
    clusters: [...clusters[part]],
  });
  return { added: of('added'), changed: of('changed'), removed: of('removed') };
}

function settingsIn(
  said: SaidSettings,
  was: TeamSettings,
  owners: (all: readonly SaidPerson[]) => Owner[],
): SettingsSaid {
  const { supportPeople, checks, cadence, ...plain } = said;
  const now: SettingsSaid = {
    ...plain,
    ...(supportPeople ? { supportPeople: owners(supportPeople) } : {}),
    ...(checks ? { checks: [...checks] } : {}),
    ...(cadence ? { cadence: cadenceIn({ ...was.cadence, ...cadence }) } : {}),
  };
  return changedSettings(now, was);
}

// In one order, so that the same is the same.
function cadenceIn(cadence: Cadence): Cadence {
  return Object.fromEntries(Object.entries(cadence).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of what was said, what is not so already. */
export function changedSettings(said: SettingsSaid, was: TeamSettings): SettingsSaid {
  const key = (value: unknown) =>
    JSON.stringify(value, (_name, it: unknown) =>
      it !== null && typeof it === 'object' && 'name' in it ? ownerKey(it as Owner) : it,
    );
  return Object.fromEntries(
    Object.entries(said).filter(
      ([name, value]) => value !== undefined && key(value) !== key(was[name as keyof TeamSettings]),
    ),
  );
}

/** Finds people by Slack's id, or by a name that only one of them has; remembers who was not found. */
export function finderOf(people: readonly KnownPerson[]) {
  const byId = new Map(people.map((each) => [each.id, each.name]));
  const byName = new Map<string, string[]>();
  for (const { id, name, realName, isBot } of people) {
    if (isBot) continue;
    const names = [name, realName ?? name].map(plainName);
    for (const each of unique(names.flatMap((full) => [full, full.split(' ')[0] ?? ''])))
      byName.set(each, [...(byName.get(each) ?? []), id]);
  }
  const unknown = new Set<string>();
  const find = ({ word, also }: SaidPerson): Owner => {
    if (byId.has(word) || isSlackId(word)) return { id: word, name: byId.get(word) ?? word };
    for (const name of [word, ...also]) {
      const [id, ...more] = byName.get(plainName(name)) ?? [];
      if (id !== undefined && more.length === 0) return { id, name: byId.get(id) ?? name };
    }
    unknown.add(word);
    return { id: null, name: word };
  };
  return { find, unknown };
}

/** `ana.smith` is Ana Smith. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s._-]+/g, ' ')
    .trim();
}

/** `U012AB3CD`: a digit tells an id from a name in capitals. */
export function isSlackId(word: string): boolean {
  return /^[UW](?=[A-Z]*\d)[A-Z0-9]{4,30}$/.test(word);
}
