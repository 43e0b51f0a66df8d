// Who gets to hear of an incident: those who subscribed to what it is about, each once. Pure.
import type { Component, Incident, Severity } from '../incident/index.js';
import type { Recipient, Telling } from './facts.js';

/** A subscription as its row has it. */
export interface Subscribed {
  readonly id: string;
  readonly kind: 'person' | 'channel';
  readonly targetId: string;
  readonly targetName: string;
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly severities: readonly string[];
  readonly mail: boolean;
}

/** What decides who hears of an incident. */
export interface Scene {
  readonly incident: Pick<Incident, 'severity' | 'private' | 'drill'>;
  readonly components: readonly Component[];
  readonly subscriptions: readonly Subscribed[];
  /** Those who may see it, where it is private. */
  readonly members: ReadonlySet<string>;
  /** The addresses of people, by their id. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Whether it has a message where incidents are announced. */
  readonly announced: boolean;
  /** Those channels hear of it by the announcement. */
  readonly announcedIn: ReadonlySet<string>;
  /** What an environment is called here. */
  readonly nameOf: (environment: string) => string;
  /** Who was told of the incident before, or of one that was merged into it, by `keyOf`. */
  readonly told: ReadonlySet<string>;
  /** Those of them whose last word was that it is over, or goes on elsewhere. */
  readonly over: ReadonlySet<string>;
}

/** Who is told. Of a drill nobody outside is; of a private incident its members alone. */
export function audienceOf(scene: Scene, what: Telling): readonly Recipient[] {
  const { incident, announced } = scene;
  if (incident.drill) return [];
  const found = new Map<string, Recipient>();
  for (const each of scene.subscriptions) {
    if (!mayHear(scene, each)) continue;
    for (const recipient of recipientsOf(scene, each)) {
      const key = keyOf(recipient);
      if (wanted(scene, each, key, what) && !found.has(key)) found.set(key, recipient);
    }
  }
  const inThread = announced && !incident.private && !['declared', 'resolved'].includes(what);
  const thread: Recipient[] = inThread ? [{ way: 'thread', id: '', name: '' }] : [];
  return [...thread, ...found.values()];
}

// Whoever heard that it began hears the rest, whatever it is about by now.
function wanted(scene: Scene, each: Subscribed, key: string, what: Telling): boolean {
  if (what === 'reopened') return scene.over.has(key);
  if (scene.told.has(key)) return what !== 'declared';
  return (what === 'declared' || what === 'update') && matches(scene, each);
}

/** One way to one person or channel. */
export function keyOf({ way, id }: Pick<Recipient, 'way' | 'id'>): string {
  return `${way}/${id}`;
}

function mayHear({ incident, members, announcedIn }: Scene, each: Subscribed): boolean {
  if (each.kind === 'person') return !incident.private || members.has(each.targetId);
  return !incident.private && !announcedIn.has(each.targetId);
}

function recipientsOf({ addresses }: Scene, each: Subscribed): Recipient[] {
  const { kind, targetId: id, targetName: name } = each;
  const subscription = each.id;
  const address = addresses.get(id);
  const letter: Recipient[] =
    kind === 'person' && each.mail && address ? [{ way: 'mail', id, name, address, subscription }] : [];
  return [{ way: kind, id, name, subscription }, ...letter];
}

/** Whether an incident is about what somebody subscribed to; what is not known of it speaks for telling them. */
function matches(
  {
    incident,
    components,
    nameOf,
  }: Pick<Scene, 'components' | 'nameOf'> & {
    readonly incident: Pick<Incident, 'severity'>;
  },
  { services, environments, severities }: Pick<Subscribed, 'services' | 'environments' | 'severities'>,
): boolean {
  if (severities.length > 0 && !severities.includes(incident.severity as Severity)) return false;
  if (services.length === 0 && environments.length === 0) return true;
  return components.some((component) => {
    const service = services.length === 0 || services.some((each) => names(each, component, nameOf));
    const environment =
      environments.length === 0 ||
      component.environment === '' ||
      environments.some((each) => same(nameOf(each), nameOf(component.environment)));
    return service && environment;
  });
}

function names(word: string, component: Component, nameOf: (environment: string) => string): boolean {
  const [service = '', environment = '', cluster = ''] = word.split('/');
  const within = (said: string, is: string) => said === '' || is === '' || same(said, is);
  return (
    same(service, component.service) &&
    (environment === '' ||
      within(nameOf(environment), component.environment && nameOf(component.environment))) &&
    within(cluster, component.cluster)
  );
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
