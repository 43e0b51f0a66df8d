// What is read before a delivery is decided: how its alerts stand, where they may belong, and who has been called.
import type { Ask } from '../../core/command.js';
import { readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { affectedWhere, goesOnAs, type Incident, isOpen, mergedInto, openWhere } from '../incident/index.js';
import { escalationFor } from '../oncall/index.js';
import { type Calls, whoeverIsOnCall, wordOf } from './calling.js';
import { alertFlaps, alertsStillFire, redactedTitle } from './facts.js';
import type { Ended } from './lingering.js';
import type { Home, Known, Lately } from './rules.js';
import { type Alert, alertStream, type Delivered, flapMinutes, gravityOf, type Heard } from './words.js';

const minuteMs = 60_000;

/** What is known of the alerts of a delivery, before it is decided. */
export interface AlertScene {
  readonly rows: ReadonlyMap<string, Alert>;
  readonly lately: ReadonlyMap<string, Lately>;
  readonly known: Known;
  /** Those whose words were redacted, with the incident on which they were. */
  readonly redacted: ReadonlyMap<string, string>;
  readonly calls: Calls;
  /** By the incident of an alert that fires: that it is over. */
  readonly ended: ReadonlyMap<string, Ended>;
}

/** Reads all that a delivery is decided by. A few queries, however many alerts it brings. */
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
  const redacted = rows.filter((row) => row.title === redactedTitle);
  return {
    rows: new Map(rows.map((row) => [row.fingerprint, row])),
    redacted: among(
      redacted.map((row) => [row.fingerprint, row.incidentId] as const),
      homes.into,
    ),
    lately: await latelyOf(tx, workspaceId, source, fingerprints, ask.now),
    calls: await callsOf(tx, workspaceId, alerts, homes),
    ended: await endedOf(tx, rows),
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
    where: { workspaceId, drill: false, ...openWhere },
    orderBy: { number: 'asc' },
  });
  const ids = open.map((each) => each.id);
  const impacts = await tx.impact.findMany({
    where: { incidentId: { in: ids }, ...affectedWhere },
  });
  return {
    open: open.map((each) => homeOf(each, impacts)),
    into: await mergedInto(tx, ids),
  };
}

function homeOf(
  incident: Incident,
  impacts: readonly (Home['components'][number] & { incidentId: string })[],
): Home {
  const { id, number } = incident;
  const components = impacts
    .filter((each) => each.incidentId === id)
    .map(({ service, environment, cluster }) => ({ service, environment, cluster }));
  return { id, number, private: incident.private, components };
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
    const flaps = type === alertFlaps.type;
    lately.set(fingerprint, {
      changes: before.changes + (flaps ? 0 : 1),
      flaps: before.flaps || flaps,
    });
  }
  return lately;
}

type Homes = Awaited<ReturnType<typeof homesOf>>;
const targetKinds = ['service', 'team', 'default'] as const;

// Read only where an alert may call somebody.
async function callsOf(
  tx: Tx,
  workspaceId: string,
  alerts: readonly Heard[],
  { open, into }: Homes,
): Promise<Calls> {
  const calling = alerts.filter((each) => each.status === 'firing' && gravityOf(each.severity).calls);
  const none = { byService: new Map(), paged: new Map() };
  if (calling.length === 0) return none;
  const named = await wordsOf(
    tx,
    workspaceId,
    calling.map((each) => each.service),
  );
  const pages = await tx.page.findMany({
    where: {
      incidentId: { in: [...open.map(({ id }) => id), ...into.keys()] },
      ...{ state: { in: ['ringing', 'acknowledged'] }, targetKind: { in: [...targetKinds] } },
    },
    select: { incidentId: true, targetKind: true, targetName: true },
  });
  const paged = new Map<string, Set<string>>();
  for (const { incidentId, targetKind, targetName } of pages) {
    const home = into.get(incidentId ?? '') ?? incidentId ?? '';
    const kind = targetKinds.find((each) => each === targetKind) ?? 'default';
    const word = wordOf(await escalationFor(tx, workspaceId, { kind, id: null, name: targetName }));
    paged.set(home, (paged.get(home) ?? new Set()).add(word));
  }
  return { byService: named, paged };
}

// A service that nobody knows is called by default, however many of them there are.
async function wordsOf(tx: Tx, workspaceId: string, services: readonly string[]) {
  const names = new Set(services.map((each) => each.toLowerCase()));
  const rows = await tx.service.findMany({ where: { workspaceId }, select: { name: true } });
  const where = { workspaceId, kind: 'service' };
  const own = await tx.escalation.findMany({ where, select: { name: true } });
  const known = new Set([...rows, ...own].map(({ name }) => name.toLowerCase()));
  const byDefault = wordOf(await escalationFor(tx, workspaceId, whoeverIsOnCall));
  const words = new Map<string, string>();
  for (const name of names) {
    const target = { kind: 'service', id: null, name } as const;
    words.set(name, known.has(name) ? wordOf(await escalationFor(tx, workspaceId, target)) : byDefault);
  }
  return words;
}

async function endedOf(tx: Tx, rows: readonly Alert[]): Promise<Map<string, Ended>> {
  const firing = rows.filter((row) => row.state === 'firing').flatMap((row) => row.incidentId ?? []);
  const ended = new Map<string, Ended>();
  for (const [id, incident] of await goesOnAs(tx, firing)) {
    const { resolvedAt } = incident;
    if (isOpen(incident.status) || incident.mistaken || !resolvedAt) continue;
    const facts = await tx.fact.findMany({
      where: {
        ...{ incidentId: incident.id, type: alertsStillFire.type },
        recordedAt: { gte: resolvedAt },
      },
    });
    const called = facts.flatMap((row) => alertsStillFire.read(readFact(row)).data.calls);
    const told = facts.length === 0 ? null : new Set(called.map(({ word }) => word));
    ended.set(id, { incident, resolvedAt, told });
  }
  return ended;
}
