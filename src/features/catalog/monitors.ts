// What is known of monitors: those of the catalogue, what they hang on, and which of them a change may silence.
import { z } from 'zod';
import type { Tx } from '../../db/tx.js';
import { type Ground, groundOf, pathOf, type SharedPath, sharedPaths } from './shared.js';
import { type MonitorEntry, type Place, placeName, unique } from './words.js';

/** So many steps a dependency is followed in the database; further away nobody means it. */
const stepsMax = 12;

/** A monitor that a change may silence, and by what. */
export interface Silenced {
  readonly monitor: MonitorEntry;
  /** What of it is changed, directly or as what it hangs on. */
  readonly by: readonly string[];
  /** The clusters of it that are changed, as `prod/eks`. */
  readonly clusters: readonly string[];
}

/** How the database keeps what a monitor hangs on and where it runs, in one column: no name has a slash in it. */
export function columnOf(dependsOn: readonly string[], runsOn: readonly Place[]): string[] {
  return [...dependsOn, ...runsOn.map(({ environment, cluster }) => `${environment}/${cluster}`)];
}

function readColumn(column: readonly string[]): Pick<MonitorEntry, 'dependsOn' | 'runsOn'> {
  const places = column.filter((each) => each.includes('/'));
  return {
    dependsOn: column.filter((each) => !each.includes('/')),
    runsOn: places.map((each) => {
      const [environment = '', cluster = ''] = each.split('/');
      return { environment, cluster };
    }),
  };
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
      ...readColumn(names.parse(dependsOn)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The monitors that share a path with what they watch. */
export async function sharedPathsOf(tx: Tx, workspaceId: string): Promise<SharedPath[]> {
  const monitors = await monitorsOf(tx, workspaceId);
  return sharedPaths(monitors, await readGround(tx, workspaceId, monitors));
}

/** The monitors that hang on one of these services, or on a cluster that `reached` says is touched. */
export async function silencedBy(
  tx: Tx,
  workspaceId: string,
  services: readonly string[],
  reached: (place: Place) => boolean = () => false,
): Promise<Silenced[]> {
  const monitors = (await monitorsOf(tx, workspaceId)).filter((each) => each.watches.length > 0);
  const ground = await readGround(tx, workspaceId, monitors);
  return monitors.flatMap((monitor) => {
    const path = pathOf(monitor, ground);
    const by = unique(services).filter((each) => path.services.has(each));
    const clusters = unique(path.places.filter(reached).map(placeName));
    return by.length + clusters.length > 0 ? [{ monitor, by, clusters }] : [];
  });
}

// Followed step by step, so that of a large catalogue only what monitors have to do with is read.
async function readGround(tx: Tx, workspaceId: string, monitors: readonly MonitorEntry[]): Promise<Ground> {
  const needs = new Map<string, string[]>();
  let next = new Set(monitors.flatMap(({ name, watches, dependsOn }) => [name, ...watches, ...dependsOn]));
  for (let step = 0; step < stepsMax && next.size > 0; step += 1) {
    const edges = await tx.dependency.findMany({ where: { workspaceId, service: { in: [...next] } } });
    for (const each of next) needs.set(each, []);
    for (const { service, dependsOn } of edges) needs.get(service)?.push(dependsOn);
    next = new Set(edges.map((each) => each.dependsOn).filter((each) => !needs.has(each)));
  }
  const rows = await tx.service.findMany({
    where: { workspaceId, name: { in: [...needs.keys()] } },
    select: { name: true, runsOn: true },
  });
  // The column holds what the fact's schema checked.
  const runsOn = new Map(rows.map((each) => [each.name, each.runsOn as unknown as readonly Place[]]));
  return groundOf(needs, runsOn);
}
