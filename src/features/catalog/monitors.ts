// What is known of monitors: those of the catalogue, what they hang on, and which of them a change may silence.
import { z } from 'zod';
import type { Tx } from '../../db/tx.js';
import { type Needs, pathOf, type SharedPath, sharedPaths } from './shared.js';
import type { MonitorEntry } from './words.js';

/** So many steps a dependency is followed in the database; further away nobody means it. */
const stepsMax = 12;

/** A monitor that a change may silence, and by what. */
export interface Silenced {
  readonly monitor: MonitorEntry;
  /** What of it is changed, directly or as what it hangs on. */
  readonly by: readonly string[];
}

/** The monitors of the catalogue, with who said so. */
export async function monitorsOf(
  tx: Tx,
  workspaceId: string,
): Promise<(MonitorEntry & { readonly origin: string })[]> {
  const rows = await tx.monitor.findMany({ where: { workspaceId } });
  const names = z.array(z.string());
  return rows
    .map(({ name, watches, dependsOn, heartbeat, origin }) => ({
      ...{ name, heartbeat, origin },
      watches: names.parse(watches),
      dependsOn: names.parse(dependsOn),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The monitors that share a path with what they watch. */
export async function sharedPathsOf(tx: Tx, workspaceId: string): Promise<SharedPath[]> {
  const monitors = await monitorsOf(tx, workspaceId);
  return sharedPaths(monitors, await needsOf(tx, workspaceId, monitors));
}

/** The monitors that hang on one of these services. */
export async function silencedBy(
  tx: Tx,
  workspaceId: string,
  services: readonly string[],
): Promise<Silenced[]> {
  const monitors = (await monitorsOf(tx, workspaceId)).filter((each) => each.watches.length > 0);
  const needs = await needsOf(tx, workspaceId, monitors);
  return monitors.flatMap((monitor) => {
    const path = pathOf(monitor, needs);
    const by = [...new Set(services)].filter((each) => path.has(each));
    return by.length > 0 ? [{ monitor, by }] : [];
  });
}

// Followed step by step, so that of a large catalogue only what monitors have to do with is read.
async function needsOf(tx: Tx, workspaceId: string, monitors: readonly MonitorEntry[]): Promise<Needs> {
  const needs = new Map<string, string[]>();
  let next = new Set(monitors.flatMap(({ name, watches, dependsOn }) => [name, ...watches, ...dependsOn]));
  for (let step = 0; step < stepsMax && next.size > 0; step += 1) {
    const edges = await tx.dependency.findMany({ where: { workspaceId, service: { in: [...next] } } });
    for (const each of next) needs.set(each, []);
    for (const { service, dependsOn } of edges) needs.get(service)?.push(dependsOn);
    next = new Set(edges.map((each) => each.dependsOn).filter((each) => !needs.has(each)));
  }
  return needs;
}
