// What alerts ask of the database, and how their rows follow from facts.
import type { Ask } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { type Incident, incidentKey, visibleTo } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { Home, Known, Lately } from './rules.js';
import { type Alert, alertId, alertStream, type Delivered, flapMinutes, type Heard } from './words.js';

const minuteMs = 60_000;

/** What is known of the alerts of a delivery, before it is decided. */
export interface AlertScene {
  readonly rows: ReadonlyMap<string, Alert>;
  readonly lately: ReadonlyMap<string, Lately>;
  readonly known: Known;
  /** Those whose words were redacted, with the incident on which they were. */
  readonly redacted: ReadonlyMap<string, string>;
}

/** Reads all that a delivery is decided by. Seven queries, however many alerts it brings. */
export async function readScene(tx: Tx, { source, alerts }: Delivered, ask: Ask): Promise<AlertScene> {
  const workspaceId = ask.workspace.id;
  const fingerprints = [...new Set(alerts.map((each) => each.fingerprint))];
  const rows = await tx.alert.findMany({ where: { workspaceId, source, fingerprint: { in: fingerprints } } });
  const groups = [...new Set(alerts.flatMap((each) => each.groupKey ?? []))];
  const siblings = await tx.alert.findMany({
    where: { workspaceId, source, groupKey: { in: groups }, incidentId: { not: null } },
    select: { groupKey: true, incidentId: true },
    orderBy: { startsAt: 'asc' },
  });
  const homes = await homesOf(tx, workspaceId);
  const { nameOf } = await environmentsOf(tx, workspaceId);
  const mine = rows.map((row) => [row.fingerprint, row.incidentId] as const);
  const theirs = siblings.map((row) => [row.groupKey ?? '', row.incidentId] as const);
  const redacted = rows.filter((row) => row.title === facts.redactedTitle);
  return {
    rows: new Map(rows.map((row) => [row.fingerprint, row])),
    redacted: among(
      redacted.map((row) => [row.fingerprint, row.incidentId] as const),
      homes.into,
    ),
    lately: await latelyOf(tx, workspaceId, source, fingerprints, ask.now),
    known: {
      homes: homes.open,
      byFingerprint: among(mine, homes.into),
      byGroup: among(theirs, homes.into),
      nameOf,
    },
  };
}

// An incident that was merged goes on in the other one.
function among(
  pairs: readonly (readonly [string, string | null])[],
  into: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(pairs.flatMap(([key, id]) => (id ? [[key, into.get(id) ?? id] as const] : [])));
}

async function homesOf(tx: Tx, workspaceId: string) {
  const open = await tx.incident.findMany({
    where: { workspaceId, drill: false, status: { notIn: ['resolved', 'closed'] } },
    orderBy: { number: 'asc' },
  });
  const ids = open.map((each) => each.id);
  const impacts = await tx.impact.findMany({
    where: { incidentId: { in: ids }, until: null, untilUnknown: false, level: { not: 'operational' } },
  });
  const merged = await tx.incident.findMany({
    where: { workspaceId, mergedIntoId: { in: ids } },
    select: { id: true, mergedIntoId: true },
  });
  return {
    open: open.map((each) => homeOf(each, impacts)),
    into: new Map(merged.map((each) => [each.id, each.mergedIntoId ?? each.id])),
  };
}

function homeOf(
  incident: Incident,
  impacts: readonly (Home['components'][number] & { incidentId: string })[],
): Home {
  const { id, number, acknowledgedAt } = incident;
  const components = impacts
    .filter((each) => each.incidentId === id)
    .map(({ service, environment, cluster }) => ({ service, environment, cluster }));
  return { id, number, private: incident.private, acknowledged: acknowledgedAt !== null, components };
}

async function latelyOf(
  tx: Tx,
  workspaceId: string,
  source: string,
  fingerprints: readonly string[],
  now: Date,
): Promise<Map<string, Lately>> {
  const streams = new Map(
    fingerprints.map((fingerprint) => [alertStream({ source, fingerprint }), fingerprint]),
  );
  const rows = await tx.fact.findMany({
    where: {
      workspaceId,
      stream: { in: [...streams.keys()] },
      recordedAt: { gt: new Date(now.getTime() - flapMinutes * minuteMs) },
    },
    select: { stream: true, type: true },
  });
  const lately = new Map<string, Lately>();
  for (const { stream, type } of rows) {
    const fingerprint = streams.get(stream) ?? '';
    const before = lately.get(fingerprint) ?? { changes: 0, flaps: false };
    const flaps = type === facts.alertFlaps.type;
    lately.set(fingerprint, {
      changes: before.changes + (flaps ? 0 : 1),
      flaps: before.flaps || flaps,
    });
  }
  return lately;
}

/** An alert as facts keep it. */
export function alertOf(source: string, heard: Heard): facts.AlertData {
  const { fingerprint, groupKey, title, description, severity, service, environment, cluster, url } = heard;
  const what = { title, description, severity, service, environment, cluster, url };
  return { source, fingerprint, groupKey, ...what };
}

/** The alerts of an incident: those that fire first, then the latest. */
export async function alertsOn(tx: Tx, incidentId: string): Promise<Alert[]> {
  const rows = await tx.alert.findMany({ where: { incidentId } });
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
export async function firingAlerts(tx: Tx, ask: Ask): Promise<(readonly [Alert, string | null])[]> {
  const workspaceId = ask.workspace.id;
  const rows = await tx.alert.findMany({
    where: { workspaceId, state: 'firing' },
    orderBy: [{ startsAt: 'desc' }, { fingerprint: 'asc' }],
    take: firingMax,
  });
  const seen = await tx.incident.findMany({
    where: {
      ...{ workspaceId, id: { in: rows.flatMap((row) => row.incidentId ?? []) } },
      AND: [await visibleTo(tx, ask)],
    },
  });
  const keys = new Map(seen.map((each) => [each.id, incidentKey(each)]));
  return rows
    .filter((row) => row.incidentId === null || keys.has(row.incidentId))
    .map((row) => [row, keys.get(row.incidentId ?? '') ?? null] as const);
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
