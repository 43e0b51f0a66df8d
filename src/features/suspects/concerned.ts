// Which open incidents a change may concern, so that the others are not ranked anew for every deploy.
import type { Tx } from '../../db/tx.js';
import { neighboursOf, serviceOf } from '../catalog/index.js';
import { componentsOf } from '../change/index.js';
import type { Incident } from '../incident/index.js';

/** A change concerns at most so many open incidents at once. */
const incidentsMax = 25;

/** The open incidents near a change, the newest first. */
export async function concernedBy(tx: Tx, workspaceId: string, changeId: string): Promise<Incident[]> {
  const open = await tx.incident.findMany({
    where: { workspaceId, status: { in: ['investigating', 'identified', 'monitoring'] } },
    orderBy: { number: 'desc' },
    take: incidentsMax,
  });
  if (open.length === 0) return [];
  const components = await componentsOf(tx, changeId);
  // Nobody said where it is.
  if (components.length === 0) return open;
  const within = { incidentId: { in: open.map((each) => each.id) } };
  const named = await tx.suspect.findMany({ where: { ...within, changeId }, select: { incidentId: true } });
  const impacts = await tx.impact.findMany({ where: { ...within, level: { not: 'operational' } } });
  const { services, dependencies, dependents } = await neighboursOf(
    tx,
    workspaceId,
    components.map((each) => each.service),
  );
  const affected = await tx.service.findMany({
    where: { workspaceId, name: { in: [...new Set(impacts.map((each) => each.service))] } },
  });
  const clustersOf = (it: ReturnType<typeof serviceOf> | undefined) =>
    it?.runsOn.map((each) => each.cluster) ?? [];
  const byName = new Map(affected.map((row) => [row.name, serviceOf(row)]));
  const near = new Set([...components.map((each) => each.service), ...dependencies, ...dependents]);
  const clusters = new Set(
    components.flatMap(({ service, cluster }) => [cluster, service, ...clustersOf(services.get(service))]),
  );
  clusters.delete('');
  const isNear = ({ service, cluster }: { service: string; cluster: string }) =>
    near.has(service) || [cluster, ...clustersOf(byName.get(service))].some((each) => clusters.has(each));
  return open.filter(({ id }) => {
    const mine = impacts.filter((each) => each.incidentId === id);
    return mine.length === 0 || mine.some(isNear) || named.some((each) => each.incidentId === id);
  });
}
