// What heartbeats ask of the database, and what their facts write there.
import type { Ask, Located } from '../../core/command.js';
import { on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { affectedWhere, openWhere } from '../incident/index.js';
import { escalationFor, reachedBy, type Target } from '../oncall/index.js';
import { attemptsOfPage, loadPage, type Page, pageStream } from '../paging/index.js';
import { joinedBy, type PageOf, type Watch } from './decide.js';
import * as facts from './facts.js';
import { flapsAfter, type Missed } from './flaps.js';
import {
  canaryTrouble,
  dueAt,
  type Heartbeat,
  heartbeatStream,
  type Names,
  slackHeartbeat,
} from './words.js';

/** A row of the table. */
export type HeartbeatRow = Prisma.HeartbeatGetPayload<object>;

/** The beats that Andon keeps of itself; no sender's name has a stroke in it. */
export const ownBeats = {
  /** When a replica could write last, by the wire's clock. */
  up: 'andon/up',
  /** Since when one is up without a gap, by the record's clock. */
  since: 'andon/since',
} as const;

/** What was found before the lock: the page that may be over, or the id of the one that is to be opened. */
export interface Found {
  readonly pageId: string | null;
  readonly opens: string | null;
  /** The page that rings and would call for it too. */
  readonly joins: string | null;
}

/** The heartbeat's stream, and that of the page that calls for it. */
export async function locateHeartbeat(
  tx: Tx,
  { name }: { readonly name: string },
  ask: Ask,
): Promise<Located<Found>> {
  const row = await readHeartbeat(tx, ask.workspace.id, name);
  const pageId = row?.pageId ?? null;
  const streams = [heartbeatStream(name), ...(pageId ? [pageStream(pageId)] : [])];
  return { streams, target: { pageId, opens: null, joins: null } };
}

/** The same, and what a page would be, where it is due. */
export async function locateDue(
  tx: Tx,
  { name }: { readonly name: string },
  ask: Ask,
): Promise<Located<Found>> {
  const workspaceId = ask.workspace.id;
  const row = await readHeartbeat(tx, workspaceId, name);
  if (row?.state !== 'alive') return locateHeartbeat(tx, { name }, ask);
  const beats = await readBeats(tx, workspaceId, name);
  if (ask.now < dueAt(row, beats.lastAt, beats.listeningSince))
    return { streams: [heartbeatStream(name)], target: { pageId: null, opens: null, joins: null } };
  const opens = ask.newId();
  const joins = joinedBy(name, await callingTheSame(tx, row, ask))?.id ?? null;
  const { pageId } = row;
  const pages = [...new Set([opens, joins, pageId])].flatMap((id) => (id ? [pageStream(id)] : []));
  return { streams: [heartbeatStream(name), ...pages], target: { pageId, opens, joins } };
}

/** All that is known of one, read under its lock. */
export async function readWatch(tx: Tx, name: string, found: Found, ask: Ask): Promise<Watch> {
  const workspaceId = ask.workspace.id;
  const row = await readHeartbeat(tx, workspaceId, name);
  const page = row && row.pageId === found.pageId ? await pageOf(tx, row) : null;
  const opens = row !== null && row.state === 'alive' ? found.opens : null;
  const scene = row && opens ? await loadPage(tx, opens, targetOf(row), null, ask) : null;
  const incident = scene && row?.service ? await openIncidentOn(tx, workspaceId, row.service) : null;
  const joins =
    scene && found.joins ? await tx.page.findFirst({ where: { id: found.joins, state: 'ringing' } }) : null;
  return {
    ...{ row, ...(await readBeats(tx, workspaceId, name)), page, joins, scene, incident },
    lately: row ? await latelyMissed(tx, workspaceId, name) : [],
    watched: row ? [] : await allNames(tx, workspaceId),
    known: await readNames(tx, workspaceId),
    trouble:
      scene && name === slackHeartbeat
        ? canaryTrouble(await tx.canary.findUnique({ where: { workspaceId } }))
        : null,
  };
}

// The row of beats has the newest one by now: of a silence its fact says when it was heard before.
async function latelyMissed(tx: Tx, workspaceId: string, name: string): Promise<Missed[]> {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: heartbeatStream(name), type: facts.heartbeatMissed.type },
    orderBy: { version: 'desc' },
    take: flapsAfter - 1,
  });
  return rows.map((row) => {
    const { recordedAt: at, data } = facts.heartbeatMissed.read(readFact(row));
    return { at, lastAt: data.lastAt, flaps: data.flaps };
  });
}

async function allNames(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.heartbeat.findMany({
    where: { workspaceId },
    select: { name: true },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ name }) => name);
}

/** The services and teams of the catalogue, and those that have an escalation. */
export async function readNames(tx: Tx, workspaceId: string): Promise<Names> {
  const services = await tx.service.findMany({ where: { workspaceId }, select: { name: true, team: true } });
  const where = { workspaceId };
  const escalations = await tx.escalation.findMany({ where, select: { kind: true, name: true } });
  const of = (kind: string) => escalations.filter((each) => each.kind === kind).map(({ name }) => name);
  return {
    services: [...services.map(({ name }) => name), ...of('service')],
    teams: [...services.flatMap(({ team }) => team ?? []), ...of('team')],
  };
}

// Whatever they are about: a page that wakes the same people as this one would.
async function callingTheSame(tx: Tx, row: HeartbeatRow, ask: Ask): Promise<Page[]> {
  const workspaceId = ask.workspace.id;
  const target = targetOf(row);
  const ringing = await tx.page.findMany({
    where: { workspaceId, state: 'ringing', cause: 'heartbeat' },
    orderBy: { number: 'asc' },
  });
  if (ringing.length === 0) return [];
  const first = (await escalationFor(tx, workspaceId, target))?.levels[0];
  const reached = first ? await reachedBy(tx, workspaceId, first, ask.now) : null;
  const mine = setOf((reached?.recipients ?? []).flatMap(({ ways }) => ways));
  const attempts = await tx.pageAttempt.findMany({
    where: { pageId: { in: ringing.map(({ id }) => id) }, level: 0, round: 0 },
    select: { pageId: true, path: true, address: true },
  });
  return ringing.filter((page) => {
    if (page.targetKind === target.kind && page.targetName === target.name) return true;
    return mine !== '' && mine === setOf(attempts.filter((each) => each.pageId === page.id));
  });
}

function setOf(ways: readonly { readonly path: string; readonly address: string }[]): string {
  return [...new Set(ways.map(({ path, address }) => `${path} ${address}`))].sort().join('\n');
}

/** One heartbeat's row. */
export function readHeartbeat(tx: Tx, workspaceId: string, name: string): Promise<HeartbeatRow | null> {
  return tx.heartbeat.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
}

/** When it was heard last, and since when Andon listens. */
async function readBeats(
  tx: Tx,
  workspaceId: string,
  name: string,
): Promise<{ lastAt: Date | null; listeningSince: Date | null }> {
  const rows = await tx.beat.findMany({ where: { workspaceId, name: { in: [name, ownBeats.since] } } });
  const at = (wanted: string) => rows.find((each) => each.name === wanted)?.at ?? null;
  return { lastAt: at(name), listeningSince: at(ownBeats.since) };
}

/** Writes down that it was heard. Two replicas may be some milliseconds apart, which is no matter. */
export async function keepBeat(tx: Tx, workspaceId: string, name: string, at: Date): Promise<void> {
  await tx.beat.upsert({
    where: { workspaceId_name: { workspaceId, name } },
    create: { workspaceId, name, at },
    update: { at },
  });
}

function targetOf({ service, team }: Heartbeat): Target {
  if (service !== null) return { kind: 'service', id: null, name: service };
  if (team !== null) return { kind: 'team', id: null, name: team };
  return { kind: 'default', id: null, name: 'whoever is on call' };
}

async function pageOf(tx: Tx, row: HeartbeatRow): Promise<PageOf | null> {
  if (row.pageId === null) return null;
  const { workspaceId, pageId } = row;
  const page = await tx.page.findFirst({ where: { workspaceId, id: pageId } });
  if (!page) return null;
  const others = await tx.heartbeat.count({
    where: { workspaceId, pageId, state: 'missing', name: { not: row.name } },
  });
  return { row: page, attempts: await attemptsOfPage(tx, pageId), others };
}

// Private ones and drills are named to nobody: the page goes to people who may not know of them.
async function openIncidentOn(tx: Tx, workspaceId: string, service: string): Promise<number | null> {
  const impacts = await tx.impact.findMany({
    where: { workspaceId, service, ...affectedWhere },
    select: { incidentId: true },
  });
  const found = await tx.incident.findFirst({
    where: {
      ...{ workspaceId, private: false, drill: false },
      id: { in: impacts.map((each) => each.incidentId) },
      ...openWhere,
    },
    orderBy: { number: 'desc' },
  });
  return found?.number ?? null;
}

const where = (fact: { workspaceId: string; data: { name: string } }) => ({
  workspaceId: fact.workspaceId,
  name: fact.data.name,
});

export const projections: Projection[] = [
  on(facts.heartbeatRegistered, async (fact, tx: Tx) => {
    await tx.heartbeat.create({
      data: {
        ...{ id: fact.id, workspaceId: fact.workspaceId, ...fact.data },
        ...{ state: 'alive', since: fact.recordedAt },
      },
    });
  }),
  // Expected at another pace, it has the whole of it from now on; one that is missing stays so until it is heard.
  on(facts.heartbeatSet, async (fact, tx: Tx) => {
    const { name: _name, ...data } = fact.data;
    await tx.heartbeat.updateMany({ where: where(fact), data });
    await tx.heartbeat.updateMany({
      where: { ...where(fact), state: 'alive' },
      data: { since: fact.recordedAt },
    });
  }),
  on(facts.heartbeatMissed, async (fact, tx: Tx) => {
    const data = { state: 'missing', since: fact.recordedAt, pageId: fact.data.page?.id ?? null };
    await tx.heartbeat.updateMany({ where: where(fact), data });
  }),
  on(facts.heartbeatResumed, async (fact, tx: Tx) => {
    // It was heard before, and is still.
    if (fact.data.steady) return;
    await tx.heartbeat.updateMany({
      where: where(fact),
      data: { state: 'alive', since: fact.recordedAt },
    });
  }),
  on(facts.heartbeatPaused, async (fact, tx: Tx) => {
    const data = { state: 'paused', since: fact.recordedAt, pausedUntil: fact.data.until };
    await tx.heartbeat.updateMany({ where: where(fact), data });
  }),
  on(facts.heartbeatWatched, async (fact, tx: Tx) => {
    const data = { state: 'alive', since: fact.recordedAt, pausedUntil: null };
    await tx.heartbeat.updateMany({ where: where(fact), data });
  }),
  on(facts.heartbeatForgotten, async (fact, tx: Tx) => {
    await tx.heartbeat.deleteMany({ where: where(fact) });
  }),
];
