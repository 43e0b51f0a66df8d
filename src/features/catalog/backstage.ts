// Backstage's catalog-info.yaml as a catalogue: who owns what, what needs what. What else it says is counted and left.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { BadCatalog, nobodySaid, type SaidCatalog, type SaidPerson, type SaidService } from './said.js';
import {
  channelOf,
  checkLimit,
  checksMax,
  dependenciesMax,
  isName,
  labelLimit,
  named,
  nameOf,
  nameRule,
  ownersMax,
  placeOf,
  unique,
} from './words.js';
import type { YamlPart } from './yaml.js';

const annotationPrefix = 'andon.io/';
/** The annotations that we read; another one with our prefix is a slip. */
const annotations = ['tier', 'runs-on', 'slack-channel', 'slack-user', 'checks'];

const words = z.array(z.string()).default([]);
const entitySchema = z.looseObject({
  kind: z.string({ error: 'kind must be a word, such as Component' }),
  metadata: z.looseObject(
    {
      name: z.string({ error: 'metadata.name must be a name' }),
      namespace: z.string().default('default'),
      title: z.string().optional(),
      annotations: z.record(z.string(), z.coerce.string()).default({}),
    },
    { error: 'metadata must have a name' },
  ),
  spec: z
    .looseObject({
      owner: z.string().optional(),
      system: z.string().optional(),
      lifecycle: z.string().optional(),
      dependsOn: words,
      dependencyOf: words,
      consumesApis: words,
      providesApis: words,
      members: words,
      memberOf: words,
      profile: z.looseObject({ displayName: z.string().optional() }).default({}),
    })
    .prefault({}),
});
type Entity = z.infer<typeof entitySchema> & { readonly ref: string; readonly line: number | null };

/** Whether a document is an entity of Backstage. */
export function isBackstage(content: unknown): boolean {
  const version = (content as { apiVersion?: unknown } | null)?.apiVersion;
  return typeof version === 'string' && version.startsWith('backstage.io/');
}

/** Reads the documents of a catalog-info.yaml. Throws BadCatalog. */
export function readBackstage(parts: readonly YamlPart[], file: string): SaidCatalog {
  const entities = parts.map((part) => entityOf(part, file));
  const of = (...kinds: string[]) => entities.filter((each) => kinds.includes(each.kind.toLowerCase()));
  const listed = of('component', 'resource');
  const names = namesOf(listed, file);
  const people = new People(of('user'), of('group'));
  const graph = new Graph(listed, names);
  const systems = new Map(of('system').map((each) => [each.ref, each]));
  const services = listed.map((entity): SaidService => {
    const system = entity.spec.system ? systems.get(refOf(entity.spec.system, 'system')) : undefined;
    const owner = entity.spec.owner ?? system?.spec.owner;
    return {
      name: names.get(entity.ref) ?? entity.metadata.name,
      ...people.owning(owner),
      ...annotated(entity, file),
      dependsOn: graph.needsOf(entity),
    };
  });
  return {
    origin: originOf(entities, file),
    services,
    ...{ environments: [], clusters: [], settings: {}, people: nobodySaid },
    remarks: [...leftOut(entities), ...graph.remarks(), ...people.remarks()],
  };
}

function entityOf(part: YamlPart, file: string): Entity {
  const version = (part.content as { apiVersion?: unknown } | null)?.apiVersion;
  const line = part.lineOf([], 'apiVersion');
  if (!isBackstage(part.content))
    throw new BadCatalog(
      `${at(file, line)}: every document of this file must have an apiVersion of backstage.io/…, not “${shorten(String(version), 60)}”. Nothing was imported.`,
    );
  const parsed = entitySchema.safeParse(part.content);
  if (parsed.success) {
    const { kind, metadata } = parsed.data;
    const ref = `${kind}:${metadata.namespace}/${metadata.name}`.toLowerCase();
    return { ...parsed.data, ref, line };
  }
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  throw new BadCatalog(
    `${at(file, part.lineOf(path))}: ${path.map(String).join('.')}: ${issue?.message ?? 'is wrong'}. Nothing was imported.`,
  );
}

function at(file: string, line: number | null): string {
  return line === null ? file : `${file}, line ${line}`;
}

/** `group:default/payments`, `payments`: as `kind:namespace/name`, all in lower case as Backstage compares them. */
function refOf(word: string, kind: string): string {
  const [, said = kind, namespace = 'default', name = ''] =
    /^(?:([^:/]+):)?(?:([^/]+)\/)?(.*)$/.exec(word.trim()) ?? [];
  return `${said}:${namespace}/${name}`.toLowerCase();
}

function bareName(word: string): string {
  return nameOf(word.replace(/^[^:/]+:/, '').replace(/^[^/]*\//, ''));
}

// A service is called as the entity is; where two would be called alike, the second one says what it is.
function namesOf(entities: readonly Entity[], file: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const components = entities.filter((each) => each.kind.toLowerCase() === 'component');
  for (const entity of [...components, ...entities.filter((each) => !components.includes(each))]) {
    const { name, namespace } = entity.metadata;
    const kind = entity.kind.toLowerCase();
    const free = [name, `${name}-${kind}`, `${namespace}.${name}`, `${namespace}.${name}-${kind}`].find(
      (each) => !taken.has(each),
    );
    if (names.has(entity.ref) || free === undefined)
      throw new BadCatalog(
        `${at(file, entity.line)}: ${entity.ref} stands there twice. Take one of the two out. Nothing was imported.`,
      );
    if (!isName(free))
      throw new BadCatalog(
        `${at(file, entity.line)}: “${shorten(free, 100)}” cannot be a service’s name: ${nameRule}. Nothing was imported.`,
      );
    taken.add(free);
    names.set(entity.ref, free);
  }
  return names;
}

/** Who owns what, by the documents of groups and users. */
class People {
  readonly #members = new Map<string, Map<string, SaidPerson>>();
  readonly #users: ReadonlyMap<string, Entity>;
  readonly #groups: ReadonlyMap<string, Entity>;
  readonly #empty = new Set<string>();

  constructor(users: readonly Entity[], groups: readonly Entity[]) {
    this.#users = new Map(users.map((each) => [each.ref, each]));
    this.#groups = new Map(groups.map((each) => [each.ref, each]));
    for (const group of groups)
      for (const member of group.spec.members) this.#enter(group.ref, refOf(member, 'user'));
    for (const user of users)
      for (const group of user.spec.memberOf) this.#enter(refOf(group, 'group'), user.ref);
  }

  owning(owner: string | undefined): { team: string | null; owners: readonly SaidPerson[] } {
    if (owner === undefined || owner.trim() === '') return { team: null, owners: [] };
    const ref = refOf(owner, 'group');
    if (ref.startsWith('user:')) return { team: null, owners: [this.#person(ref)] };
    const group = this.#groups.get(ref);
    const team = group?.spec.profile.displayName ?? group?.metadata.title ?? bareName(owner);
    const owners = [...(this.#members.get(ref)?.values() ?? [])].slice(0, ownersMax);
    if (owners.length === 0) this.#empty.add(shorten(oneLine(team), labelLimit));
    return { team: shorten(oneLine(team), labelLimit), owners };
  }

  remarks(): string[] {
    if (this.#empty.size === 0) return [];
    return [
      `The file names nobody of ${named([...this.#empty])}: what they own has a team and no owners. Add documents of kind Group with members, or User with memberOf.`,
    ];
  }

  #enter(group: string, user: string): void {
    const members = this.#members.get(group) ?? new Map<string, SaidPerson>();
    this.#members.set(group, members.set(user, this.#person(user)));
  }

  #person(ref: string): SaidPerson {
    const user = this.#users.get(ref);
    const name = user?.metadata.name ?? ref.replace(/^.*\//, '');
    const id = user?.metadata.annotations[`${annotationPrefix}slack-user`];
    const shown = user?.spec.profile.displayName;
    return { word: shorten(oneLine(id ?? name), labelLimit), also: shown ? [oneLine(shown)] : [] };
  }
}

/** What needs what: said by either side, or by way of an API. */
class Graph {
  readonly #names: ReadonlyMap<string, string>;
  readonly #providers = new Map<string, string[]>();
  readonly #needs = new Map<string, string[]>();
  readonly #unprovided = new Set<string>();

  constructor(entities: readonly Entity[], names: ReadonlyMap<string, string>) {
    this.#names = names;
    for (const entity of entities) {
      for (const api of entity.spec.providesApis) push(this.#providers, refOf(api, 'api'), entity.ref);
      for (const each of entity.spec.dependencyOf)
        push(this.#needs, refOf(each, 'component'), this.#name(`${entity.ref}`));
    }
  }

  needsOf(entity: Entity): string[] {
    const own = this.#name(entity.ref);
    const apis = entity.spec.consumesApis.flatMap((api) => this.#providersOf(api));
    const said = entity.spec.dependsOn.map((each) => this.#name(refOf(each, 'component')));
    const all = [...said, ...(this.#needs.get(entity.ref) ?? []), ...apis];
    return unique(all.filter((each) => each !== own && isName(each))).slice(0, dependenciesMax);
  }

  remarks(): string[] {
    if (this.#unprovided.size === 0) return [];
    return [
      `Nothing in the file provides ${named([...this.#unprovided])}: who consumes that has no dependency for it.`,
    ];
  }

  #providersOf(api: string): string[] {
    const providers = this.#providers.get(refOf(api, 'api'));
    if (!providers) this.#unprovided.add(bareName(api));
    return (providers ?? []).map((ref) => this.#name(ref));
  }

  #name(ref: string): string {
    return this.#names.get(ref) ?? ref.replace(/^.*\//, '');
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function annotated(entity: Entity, file: string) {
  const said = (name: string) => entity.metadata.annotations[`${annotationPrefix}${name}`];
  const wrong = (name: string, rule: string) =>
    new BadCatalog(
      `${at(file, entity.line)}: ${entity.ref}: ${annotationPrefix}${name} ${rule}. Nothing was imported.`,
    );
  for (const key of Object.keys(entity.metadata.annotations)) {
    const name = key.startsWith(annotationPrefix) ? key.slice(annotationPrefix.length) : null;
    if (name !== null && !annotations.includes(name))
      throw wrong(
        name,
        `is not known; there are ${annotations.map((each) => annotationPrefix + each).join(', ')}`,
      );
  }
  const tier = said('tier');
  if (tier !== undefined && !/^[1-4]$/.test(tier)) throw wrong('tier', 'must be 1 (the most important) to 4');
  const runsOn = (said('runs-on') ?? '').split(',').filter((each) => each.trim() !== '');
  const places = runsOn.map((each) => {
    const place = placeOf(each);
    if (!place) throw wrong('runs-on', 'must be environment/cluster, such as prod/eks; several with commas');
    return place;
  });
  // Nobody relies on what is an experiment.
  const usual = entity.spec.lifecycle?.toLowerCase() === 'experimental' ? 4 : null;
  const channel = channelOf(said('slack-channel') ?? '');
  if (channel.length > labelLimit) throw wrong('slack-channel', `has more than ${labelLimit} characters`);
  const checks = (said('checks') ?? '')
    .split('\n')
    .map(oneLine)
    .filter((each) => each !== '');
  if (checks.length > checksMax || checks.some((each) => each.length > checkLimit))
    throw wrong('checks', `must be at most ${checksMax} lines of at most ${checkLimit} characters`);
  return {
    tier: tier === undefined ? usual : Number(tier),
    channel: channel || null,
    runsOn: places,
    checks,
  };
}

// Most repositories have a file of this very name, so the name alone would not tell one from another.
function originOf(entities: readonly Entity[], file: string): string {
  const slug = entities.map((each) => each.metadata.annotations['github.com/project-slug']).find(Boolean);
  return `${slug ?? entities[0]?.ref ?? ''} ${file}`;
}

function leftOut(entities: readonly Entity[]): string[] {
  const read = ['component', 'resource', 'system', 'group', 'user'];
  const others = entities.map((each) => each.kind).filter((kind) => !read.includes(kind.toLowerCase()));
  if (others.length === 0) return [];
  const counts = unique(others).map((kind) => `${others.filter((each) => each === kind).length} ${kind}`);
  return [
    `Not read, for the catalogue has no such thing: ${named(counts.map((each) => shorten(each, 60)))}.`,
  ];
}
