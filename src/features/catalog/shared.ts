// Monitoring that shares a path with what it watches: it falls silent just when it should speak. Pure.
import { type MonitorEntry, named } from './words.js';

/** What each service depends on, by name. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** A monitor, and what both it and something that it watches hang on. */
export interface SharedPath {
  readonly monitor: MonitorEntry;
  /** Those that it names itself come first. */
  readonly shared: readonly string[];
}

/** All that these hang on, themselves among it, however many steps away. */
export function reachOf(names: readonly string[], needs: Needs): Set<string> {
  const reached = new Set(names);
  // A set that grows is walked to its end: each is looked at once, so that circles end.
  for (const each of reached) for (const next of needs.get(each) ?? []) reached.add(next);
  return reached;
}

/** What a monitor hangs on, by what is said of it and of the service of its name. */
export function pathOf(monitor: MonitorEntry, needs: Needs): Set<string> {
  return reachOf([...monitor.dependsOn, ...(needs.get(monitor.name) ?? [])], needs);
}

/** The monitors that share a path with what they watch, in the order of names. */
export function sharedPaths(monitors: readonly MonitorEntry[], needs: Needs): SharedPath[] {
  return monitors
    .flatMap((monitor): SharedPath[] => {
      const watched = reachOf(monitor.watches, needs);
      const both = [...pathOf(monitor, needs)].filter((each) => watched.has(each));
      return both.length === 0 ? [] : [{ monitor, shared: both }];
    })
    .sort((a, b) => (a.monitor.name < b.monitor.name ? -1 : 1));
}

/** `prometheus watches api and db, and hangs on proxy as they do: …`, in a sentence. */
export function sharedText({ monitor, shared }: SharedPath): string {
  const also = monitor.watches.length === 1 ? 'as it does' : 'as they do';
  const alarm =
    monitor.heartbeat === null
      ? 'give it a heartbeat, which tells when it is silent'
      : `its heartbeat ${monitor.heartbeat} tells when it is silent`;
  return `${monitor.name} watches ${named(monitor.watches, 4)}, and hangs on ${named(shared, 4)} ${also}: where that fails, nobody may hear of it. Put it on a path of its own, or ${alarm}.`;
}
