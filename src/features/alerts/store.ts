// What alerts ask of the database, and how their rows follow from facts.
import type { Ask } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { hiddenFrom, incidentKey, withMerged } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import { type Alert, alertId } from './words.js';

/** The alerts of an incident, and of those merged into it: those that fire first, then the latest. */
export async function alertsOn(tx: Tx, incidentId: string): Promise<Alert[]> {
  const rows = await tx.alert.findMany({ where: { incidentId: { in: await withMerged(tx, incidentId) } } });
  const rank = (it: Alert) => (it.state === 'firing' ? 0 : 1);
  return rows.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.startsAt.getTime() - a.startsAt.getTime() ||
      a.fingerprint.localeCompare(b.fingerprint),
  );
}

const firingMax = 200;

/** The alerts that fire, the latest first, with the incident of each; without those of incidents that the asker may not see. */
export async function firingAlerts(
  tx: Tx,
  ask: Ask,
): Promise<{ alerts: (readonly [Alert, string | null])[]; more: boolean }> {
  const workspaceId = ask.workspace.id;
  const seen = [{ incidentId: null }, { incidentId: { notIn: await hiddenFrom(tx, ask) } }];
  const rows = await tx.alert.findMany({
    where: { workspaceId, state: 'firing', OR: seen },
    orderBy: [{ startsAt: 'desc' }, { fingerprint: 'asc' }],
    take: firingMax + 1,
  });
  const shown = rows.slice(0, firingMax);
  const ids = [...new Set(shown.flatMap((row) => row.incidentId ?? []))];
  const incidents = await tx.incident.findMany({ where: { id: { in: ids } } });
  const keys = new Map(incidents.map((each) => [each.id, incidentKey(each)]));
  return {
    alerts: shown.map((row) => [row, keys.get(row.incidentId ?? '') ?? null] as const),
    more: rows.length > firingMax,
  };
}

export const projections: Projection[] = [
  on(facts.alertFired, async ({ workspaceId, data }, tx: Tx) => {
    const { alert, startsAt, incident } = data;
    const { groupKey, ...said } = rowOf(alert);
    const now = { ...said, state: 'firing', startsAt, endsAt: null, incidentId: incident?.id ?? null };
    const id = alertId(workspaceId, alert);
    // Without a group it is still of the one that it came with before.
    const update = groupKey === null ? now : { ...now, groupKey };
    await tx.alert.upsert({ where: { id }, create: { ...now, id, workspaceId, groupKey }, update });
  }),
  // What it was about was said when it began, and its incident stays the one that it was on.
  on(facts.alertResolved, async ({ workspaceId, data }, tx: Tx) => {
    const { alert, startsAt, endsAt, incident } = data;
    const now = { state: 'resolved', startsAt, endsAt };
    const id = alertId(workspaceId, alert);
    const create = { ...rowOf(alert), ...now, id, workspaceId, incidentId: incident?.id ?? null };
    await tx.alert.upsert({ where: { id }, create, update: now });
  }),
  on(entryRedacted, async ({ data }, tx: Tx) => {
    const types = [facts.alertFired.type, facts.alertResolved.type, facts.alertFlaps.type];
    const rows = await tx.fact.findMany({ where: { id: { in: data.factIds }, type: { in: types } } });
    for (const row of rows) {
      const { alert } = row.data as { alert: facts.AlertData };
      await tx.alert.updateMany({
        where: { id: alertId(row.workspaceId, alert) },
        data: { title: facts.redactedTitle, url: null },
      });
    }
  }),
];

function rowOf({ description: _words, ...alert }: facts.AlertData) {
  return alert;
}
