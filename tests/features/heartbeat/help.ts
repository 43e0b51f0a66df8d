// Heartbeats for tests: beats as their senders send them, and what came of them.
import { takeBeat } from '../../../src/features/heartbeat/index.js';
import type { Desk } from '../../helpers/desk.js';
import { until as untilInstant } from '../../helpers/telling.js';

export interface Said {
  readonly every?: number;
  readonly grace?: number;
  readonly service?: string;
  readonly team?: string;
}

/** A beat at the desk's time. Null where it was one like many. */
export async function beat(desk: Desk, name: string, said: Said = {}) {
  const rows = desk.db.of(desk.workspace.id);
  return takeBeat(
    {
      ...{ workspaceId: desk.workspace.id, now: desk.now, read: rows.read },
      write: (work) => rows.write(work),
      execute: (bound, before) => desk.execute(bound, desk.ask(), { before }),
    },
    { name, ...said },
  );
}

/** Time passes to a time of the day; what is due is decided at its own time. */
export async function until(desk: Desk, time: string): Promise<void> {
  await untilInstant(desk, `2026-03-10T${time}Z`);
}

/** What was recorded of heartbeats and pages, with its instant, without calls and deliveries. */
export async function story(desk: Desk, name?: string): Promise<string[]> {
  const types = ['HeartbeatRegistered', 'HeartbeatSet', 'HeartbeatMissed', 'HeartbeatResumed'];
  const more = ['HeartbeatPaused', 'HeartbeatWatched', 'HeartbeatForgotten', 'PageOpened', 'PageWithdrawn'];
  const rows = await desk.db.read.fact.findMany({
    where: { type: { in: [...types, ...more] } },
    orderBy: { position: 'asc' },
  });
  return rows
    .filter((row) => name === undefined || row.stream === `heartbeat/${name}` || row.type.startsWith('Page'))
    .map((row) => `${row.recordedAt.toISOString().slice(11, 19)} ${row.type}`);
}

export async function heartbeat(desk: Desk, name: string) {
  return desk.db.read.heartbeat.findFirstOrThrow({ where: { name } });
}

/** Sets a beat that Andon keeps of itself. */
export async function setBeat(desk: Desk, name: string, at: Date): Promise<void> {
  const workspaceId = desk.workspace.id;
  await desk.db.write((tx) =>
    tx.beat.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { workspaceId, name, at },
      update: { at },
    }),
  );
}

export const at = (time: string) => new Date(`2026-03-10T${time}Z`);
