// The latest reports as the rules see them: when each was reported, and on which clusters its service runs.
import type { Tx } from '../../db/tx.js';
import { type CatalogService, neighboursOf } from '../catalog/index.js';
import type { Complaint } from './rules.js';
import { isOldAt, type Report } from './words.js';

const hourMs = 3_600_000;
/** Of those that began longer ago none is counted with what is reported now. */
const lookBackMs = 25 * hourMs;
/** However many are made, no more of them are looked at: these are enough to gather. */
const lookedAtMax = 200;

/** A report, and when it was made: it may say that what it tells began before. */
export type Dated = Report & { readonly reportedAt: Date };

/** The latest reports that belong to no incident and are of no old trouble, oldest first. */
export async function recentReports(tx: Tx, workspaceId: string, now: Date): Promise<Dated[]> {
  const rows = await tx.report.findMany({
    where: { workspaceId, incidentId: null, at: { gte: new Date(now.getTime() - lookBackMs) } },
    orderBy: { number: 'desc' },
    take: lookedAtMax,
  });
  const dated = await withReportedAt(tx, rows.reverse());
  return dated.filter((each) => !isOldAt(each.at, each.reportedAt));
}

/** Reports with when each was made, as the fact says. */
export async function withReportedAt(tx: Tx, reports: readonly Report[]): Promise<Dated[]> {
  const made = await tx.fact.findMany({
    where: { id: { in: reports.map((each) => each.id) } },
    select: { id: true, recordedAt: true },
  });
  const times = new Map(made.map((each) => [each.id, each.recordedAt]));
  return reports.map((report) => ({ ...report, reportedAt: times.get(report.id) ?? report.at }));
}

/** Reports as the rules see them: with the clusters on which their services run. */
export async function complaintsOf(
  tx: Tx,
  workspaceId: string,
  reports: readonly Pick<Dated, 'number' | 'byId' | 'reportedAt' | 'service' | 'environment' | 'cluster'>[],
): Promise<Complaint[]> {
  const names = [...new Set(reports.flatMap((each) => each.service ?? []))];
  const { services } = await neighboursOf(tx, workspaceId, names);
  return reports.map(({ number, byId, reportedAt, service, environment, cluster }) => ({
    ...{ number, by: byId, at: reportedAt, service, environment: environment ?? '' },
    clusters: cluster ? [cluster] : clustersOf(services.get(service ?? ''), environment ?? ''),
  }));
}

function clustersOf(service: CatalogService | undefined, environment: string): string[] {
  const runsOn = (service?.runsOn ?? []).filter(
    (each) => environment === '' || each.environment === '' || each.environment === environment,
  );
  return [...new Set(runsOn.flatMap((each) => (each.cluster ? [each.cluster] : [])))];
}
