// Monitoring that shares a path with what it watches: it falls silent just when it should speak. Pure.
import { type MonitorEntry, named, type Place, placeName, unique } from './words.js';

/** What each service depends on, and where it runs, by name. */
export interface Ground {
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly runsOn: ReadonlyMap<string, readonly Place[]>;
}

/** A monitor, and what both it and something that it watches hang on. */
export interface SharedPath {
  readonly monitor: MonitorEntry;
  /** Services; those that it names itself come first. */
  readonly shared: readonly string[];
  /** Clusters that both run on themselves, as `prod/eks`. */
  readonly runOn: readonly string[];
  /** Where they share nothing else: clusters that something runs on which they hang on. */
  readonly hangOn: readonly string[];
}

/** The services and clusters by which one may fail. */
export interface Path {
  readonly services: ReadonlySet<string>;
  readonly places: readonly Place[];
}

/** What monitors are judged by. */
export function groundOf(needs: Ground['needs'], runsOn: Ground['runsOn'] = new Map()): Ground {
  return { needs, runsOn };
}

/** All that these hang on, themselves among it, however many steps away. */
function reachOf(names: readonly string[], { needs }: Ground): Set<string> {
  const reached = new Set(names);
  // A set that grows is walked to its end: each is looked at once, so that circles end.
  for (const each of reached) for (const next of needs.get(each) ?? []) reached.add(next);
  return reached;
}

/** What a monitor hangs on, by what is said of it and of the service of its name. */
export function pathOf(monitor: MonitorEntry, ground: Ground): Path {
  const services = reachOf([...monitor.dependsOn, ...(ground.needs.get(monitor.name) ?? [])], ground);
  return { services, places: [...ownPlaces(monitor, ground), ...placesOf(services, ground)] };
}

/** The monitors that share a path with what they watch, in the order of names. */
export function sharedPaths(monitors: readonly MonitorEntry[], ground: Ground): SharedPath[] {
  return monitors
    .flatMap((monitor): SharedPath[] => {
      const watched = reachOf(monitor.watches, ground);
      const path = pathOf(monitor, ground);
      const shared = [...path.services].filter((each) => watched.has(each));
      const runOn = both(ownPlaces(monitor, ground), placesOf(monitor.watches, ground));
      const far = shared.length + runOn.length === 0 ? both(path.places, placesOf(watched, ground)) : [];
      const found = { monitor, shared, runOn, hangOn: far };
      return shared.length + runOn.length + far.length === 0 ? [] : [found];
    })
    .sort((a, b) => (a.monitor.name < b.monitor.name ? -1 : 1));
}

function ownPlaces({ name, runsOn }: MonitorEntry, ground: Ground): Place[] {
  return [...runsOn, ...placesOf([name], ground)];
}

// An environment alone is no place that fails as one.
function placesOf(names: Iterable<string>, { runsOn }: Ground): Place[] {
  return [...names].flatMap((name) => runsOn.get(name) ?? []);
}

function both(one: readonly Place[], other: readonly Place[]): string[] {
  const there = new Set(other.map(placeName));
  return unique(one.filter(({ cluster }) => cluster !== '').map(placeName)).filter((each) => there.has(each));
}

/** `prometheus watches api and db, and hangs on proxy as they do: …`, in a sentence. */
export function sharedText({ monitor, shared, runOn, hangOn }: SharedPath): string {
  const also = monitor.watches.length === 1 ? 'as it does' : 'as they do';
  const ways = [
    shared.length > 0 ? `and hangs on ${named(shared, 4)} ${also}` : '',
    runOn.length > 0 ? `and both run on ${named(runOn, 4)}` : '',
    hangOn.length > 0 ? `and both hang on what runs on ${named(hangOn, 4)}` : '',
  ].filter((each) => each !== '');
  const alarm =
    monitor.heartbeat === null
      ? 'give it a heartbeat, which tells when it is silent'
      : `its heartbeat ${monitor.heartbeat} tells when it is silent`;
  const away = shared.length > 0 ? 'Put it on a path of its own' : 'Let it run elsewhere';
  return `${monitor.name} watches ${named(monitor.watches, 4)}, ${ways.join(', ')}: where that fails, nobody may hear of it. ${away}, or ${alarm}.`;
}
