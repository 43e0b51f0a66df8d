// Jobs and lanes: what waits to be performed, who performs it, and that nobody else marks it done.
import type { Ask } from '../core/command.js';
import type { Effect, EffectKind, Later } from '../core/effect.js';
import { keepLater } from './due.js';
import type { Database } from './open.js';
import type { Prisma, Tx } from './tx.js';

export interface Job {
  readonly id: string;
  readonly workspaceId: string;
  readonly lane: string;
  readonly step: number;
  readonly kind: EffectKind;
  readonly incidentId: string | null;
  readonly first: boolean;
  readonly essential: boolean;
  /** How often it was begun, this time included: from the second on, it may have been done already. */
  readonly attempts: number;
  readonly madeAt: Date;
  readonly respondUrl: string | null;
  /** What an attempt wrote down for the next one, such as a file's id. */
  readonly notes: Readonly<Record<string, string>>;
}

/** The right to work on a lane until it runs out; the token tells an old holder from a new one. */
export interface Lease {
  readonly workspaceId: string;
  readonly lane: string;
  readonly token: number;
}

/** The lease ran out and somebody else has the lane: what was done is not ours to mark. */
export class LeaseLost extends Error {}

export type Settlement =
  | { readonly state: 'done' }
  | { readonly state: 'givenUp'; readonly error: string }
  /** `countsNot`: certainly nothing was done (Slack asked to wait, or was not reached), so it is as if never begun. */
  | {
      readonly state: 'waiting';
      readonly error: string;
      readonly notBefore: number;
      readonly countsNot: boolean;
    };

/**
 * Puts effects into their lanes, behind what is there, and keeps what is to be decided later. Effects that would
 * repeat a waiting one are left out.
 */
export async function enqueue(tx: Tx, ask: Ask, following: readonly (Effect | Later)[]): Promise<void> {
  const workspaceId = ask.workspace.id;
  const effects = following.filter((each): each is Effect => 'lane' in each);
  const laters = following.filter((each): each is Later => !('lane' in each));
  await keepLater(tx, workspaceId, laters);
  for (const lane of [...new Set(effects.map((effect) => effect.lane))].sort()) {
    const mine = effects.filter((effect) => effect.lane === lane);
    const steps = Math.max(...mine.map((effect) => effect.step)) + 1;
    // Locks the lane: whoever begins jobs does so too, so a waiting job seen here has not been begun.
    const [row] = await tx.$queryRaw<{ nextStep: number | bigint }[]>`
      INSERT INTO "Lane" ("workspaceId", "name", "nextStep") VALUES (${workspaceId}, ${lane}, ${steps})
      ON CONFLICT ("workspaceId", "name") DO UPDATE SET "nextStep" = "Lane"."nextStep" + ${steps}
      RETURNING "nextStep"`;
    const base = Number(row?.nextStep ?? steps) - steps;
    const fresh = await withoutRepeats(tx, workspaceId, lane, mine);
    await tx.job.createMany({ data: fresh.map((effect) => jobRow(ask, effect, base)) });
  }
}

/** What a lane waits for: Slack, something else outside, or nothing but our own decision. */
export type LaneKind = 'slack' | 'outside' | 'own';

export interface ReadyLane {
  readonly workspaceId: string;
  readonly lane: string;
  readonly kind: LaneKind;
}

/** Lanes with something to do now that nobody holds, so many of each kind, the urgent ones first. */
export async function lanesToWork(db: Database, now: number, limit: number): Promise<ReadyLane[]> {
  const rows = await db.read.$queryRaw<{ workspaceId: string; lane: string; priority: number | bigint }[]>`
    SELECT "workspaceId", "lane", "priority", "madeAt" FROM (
      SELECT r.*, ROW_NUMBER() OVER (
        PARTITION BY CASE WHEN "priority" >= ${ownPriority} THEN 2 WHEN "priority" >= ${outsidePriority} THEN 1 ELSE 0 END
        ORDER BY "priority" DESC, "madeAt" ASC, "lane" ASC) AS "place"
      FROM (
        SELECT j."workspaceId" AS "workspaceId", j."lane" AS "lane", MAX(j."priority") AS "priority",
               MIN(j."madeAt") AS "madeAt"
        FROM "Job" j JOIN "Lane" l ON l."workspaceId" = j."workspaceId" AND l."name" = j."lane"
        WHERE j."state" = 'waiting' AND j."notBefore" <= ${BigInt(now)} AND l."until" <= ${BigInt(now)}
          AND NOT EXISTS (SELECT 1 FROM "Job" e WHERE e."workspaceId" = j."workspaceId" AND e."lane" = j."lane"
                          AND e."state" = 'waiting' AND e."step" < j."step")
        GROUP BY j."workspaceId", j."lane") r) ranked
    WHERE "place" <= ${limit}
    ORDER BY "priority" DESC, "madeAt" ASC`;
  return rows.map(({ workspaceId, lane, priority }) => ({
    workspaceId,
    lane,
    kind: kindOf(Number(priority)),
  }));
}

// What does not go through Slack must not wait behind what does: each kind has its priorities, and slots of its own.
const outsidePriority = 2;
const ownPriority = 4;

function priorityOf({ kind, first }: Effect): number {
  const urgent = first ? 1 : 0;
  if (kind.do === 'decide') return ownPriority + urgent;
  const isOutside =
    kind.do === 'mail' || kind.do === 'readFeed' || (kind.do === 'page' && kind.path !== 'slack');
  return isOutside ? outsidePriority + urgent : urgent;
}

function kindOf(priority: number): LaneKind {
  if (priority >= ownPriority) return 'own';
  return priority >= outsidePriority ? 'outside' : 'slack';
}

/** When the next job wants to be tried or the next lease runs out, in wire milliseconds; null when nothing waits. */
export async function nextWake(db: Database): Promise<number | null> {
  const [row] = await db.read.$queryRaw<{ at: number | bigint | null }[]>`
    SELECT MIN(CASE WHEN l."until" > j."notBefore" THEN l."until" ELSE j."notBefore" END) AS "at"
    FROM "Job" j JOIN "Lane" l ON l."workspaceId" = j."workspaceId" AND l."name" = j."lane"
    WHERE j."state" = 'waiting'
      AND NOT EXISTS (SELECT 1 FROM "Job" e WHERE e."workspaceId" = j."workspaceId" AND e."lane" = j."lane"
                      AND e."state" = 'waiting' AND e."step" < j."step")`;
  return row?.at === null || row?.at === undefined ? null : Number(row.at);
}

/** Takes a free lane, or null when somebody was faster. */
export async function leaseLane(
  db: Database,
  lane: { workspaceId: string; lane: string },
  holder: string,
  now: number,
  leaseMs: number,
): Promise<Lease | null> {
  return db.of(lane.workspaceId).write(async (tx) => {
    const rows = await tx.$queryRaw<{ token: number | bigint }[]>`
      UPDATE "Lane" SET "holder" = ${holder}, "token" = "token" + 1, "until" = ${BigInt(now + leaseMs)}
      WHERE "workspaceId" = ${lane.workspaceId} AND "name" = ${lane.lane} AND "until" <= ${BigInt(now)}
      RETURNING "token"`;
    return rows[0] ? { ...lane, token: Number(rows[0].token) } : null;
  });
}

/** Begins the jobs of the lane's next step, and writes down that they were begun before anything is done. */
export async function beginStep(db: Database, lease: Lease, now: number, leaseMs: number): Promise<Job[]> {
  return db.of(lease.workspaceId).write(async (tx) => {
    await hold(tx, lease, now + leaseMs);
    const where = { workspaceId: lease.workspaceId, lane: lease.lane, state: 'waiting' };
    const head = await tx.job.findFirst({ where, orderBy: { step: 'asc' }, select: { step: true } });
    if (!head) return [];
    const ready = { ...where, step: head.step, notBefore: { lte: BigInt(now) } };
    await tx.job.updateMany({ where: ready, data: { attempts: { increment: 1 } } });
    const rows = await tx.job.findMany({ where: ready, orderBy: [{ priority: 'desc' }, { madeAt: 'asc' }] });
    return rows.map(readJob);
  });
}

/** Marks a job within a transaction, if the lane is still ours; throws LeaseLost otherwise. */
export async function settle(
  tx: Tx,
  lease: Lease,
  job: Job,
  settlement: Settlement,
  now: number,
  leaseMs: number,
): Promise<void> {
  await hold(tx, lease, now + leaseMs);
  await tx.job.update({
    where: { id: job.id },
    data: {
      state: settlement.state,
      error: settlement.state === 'done' ? null : settlement.error,
      ...(settlement.state === 'waiting'
        ? {
            notBefore: BigInt(Math.ceil(settlement.notBefore)),
            ...(settlement.countsNot ? { attempts: Math.max(0, job.attempts - 1) } : {}),
          }
        : // Of a job that is settled, since when it is: by this it is pruned.
          { notBefore: BigInt(Math.floor(now)), ...withoutWords(job) }),
    },
  });
}

// Said to one person, and never again: what is not kept need not be redacted.
function withoutWords({ kind }: Job): Prisma.JobUpdateInput {
  if (kind.do !== 'sayOnly' && kind.do !== 'respond') return {};
  const payload: EffectKind = { ...kind, message: { text: '', blocks: [] } };
  return { payload: JSON.parse(JSON.stringify(payload)) as Prisma.InputJsonObject };
}

/** Writes down all that the next attempt needs to know, before the call that makes it matter. */
export async function noteOnJob(
  db: Database,
  lease: Lease,
  job: Job,
  notes: Readonly<Record<string, string>>,
  until: number,
): Promise<void> {
  await db.of(lease.workspaceId).write(async (tx) => {
    await hold(tx, lease, until);
    await tx.job.update({ where: { id: job.id }, data: { notes } });
  });
}

/** Gives the lane back. */
export async function releaseLane(db: Database, lease: Lease): Promise<void> {
  await db.of(lease.workspaceId).write((tx) =>
    tx.lane.updateMany({
      where: { workspaceId: lease.workspaceId, name: lease.lane, token: lease.token },
      data: { until: 0n, holder: null },
    }),
  );
}

async function hold(tx: Tx, lease: Lease, until: number): Promise<void> {
  const held = await tx.lane.updateMany({
    where: { workspaceId: lease.workspaceId, name: lease.lane, token: lease.token },
    data: { until: BigInt(until) },
  });
  if (held.count !== 1) throw new LeaseLost(`lane ${lease.lane}: the lease ran out`);
}

async function withoutRepeats(
  tx: Tx,
  workspaceId: string,
  lane: string,
  effects: readonly Effect[],
): Promise<Effect[]> {
  const keys = effects.flatMap((effect) => (effect.collapse === null ? [] : [effect.collapse]));
  if (keys.length === 0) return [...effects];
  const waiting = await tx.job.findMany({
    where: { workspaceId, lane, state: 'waiting', attempts: 0, collapse: { in: keys } },
    select: { collapse: true },
  });
  const taken = new Set(waiting.map((job) => job.collapse));
  return effects.filter((effect) => {
    if (effect.collapse === null) return true;
    if (taken.has(effect.collapse)) return false;
    taken.add(effect.collapse);
    return true;
  });
}

function jobRow(ask: Ask, effect: Effect, base: number): Prisma.JobCreateManyInput {
  return {
    id: ask.newId(),
    workspaceId: ask.workspace.id,
    lane: effect.lane,
    step: base + effect.step,
    kind: effect.kind.do,
    payload: JSON.parse(JSON.stringify(effect.kind)) as Prisma.InputJsonObject,
    incidentId: effect.incidentId,
    priority: priorityOf(effect),
    essential: effect.essential,
    collapse: effect.collapse,
    state: 'waiting',
    madeAt: ask.now,
    respondUrl: ask.respondUrl,
  };
}

function readJob(row: Prisma.JobGetPayload<object>): Job {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    lane: row.lane,
    step: row.step,
    // Written by jobRow from an EffectKind, and by nothing else.
    kind: row.payload as unknown as EffectKind,
    incidentId: row.incidentId,
    first: row.priority % 2 === 1,
    essential: row.essential,
    attempts: row.attempts,
    madeAt: row.madeAt,
    respondUrl: row.respondUrl,
    notes: (row.notes ?? {}) as Record<string, string>,
  };
}

/** Deletes some jobs that were settled before this time of the wire's clock; how many. */
export async function pruneJobs(db: Database, before: number, limit: number): Promise<number> {
  const state = { in: ['done', 'givenUp'] };
  const old = await db.read.job.findMany({
    where: { state, notBefore: { lt: BigInt(before) } },
    select: { id: true },
    take: limit,
  });
  if (old.length === 0) return 0;
  const ids = old.map((job) => job.id);
  return (await db.write((tx) => tx.job.deleteMany({ where: { id: { in: ids }, state } }))).count;
}

/**
 * Deletes some lanes in which no job is left, and that nobody held since this time of the wire's clock; how many. Whoever
 * puts a job in moves `nextStep` on, and whoever takes one moves `until`: a lane that was used meanwhile stays.
 */
export async function pruneLanes(db: Database, before: number, limit: number): Promise<number> {
  const empty = await db.read.$queryRaw<{ workspaceId: string; name: string; nextStep: number | bigint }[]>`
    SELECT l."workspaceId" AS "workspaceId", l."name" AS "name", l."nextStep" AS "nextStep" FROM "Lane" l
    WHERE l."until" < ${BigInt(before)}
      AND NOT EXISTS (SELECT 1 FROM "Job" j WHERE j."workspaceId" = l."workspaceId" AND j."lane" = l."name")
    ORDER BY l."workspaceId", l."name" LIMIT ${limit}`;
  if (empty.length === 0) return 0;
  const unused = empty.map(({ workspaceId, name, nextStep }) => ({
    ...{ workspaceId, name, nextStep: Number(nextStep) },
    until: { lt: BigInt(before) },
  }));
  return (await db.write((tx) => tx.lane.deleteMany({ where: { OR: unused } }))).count;
}

/** Forgets some requests that came before this time of the record's clock; how many. */
export async function pruneRequests(db: Database, before: number, limit: number): Promise<number> {
  const at = { lt: BigInt(before) };
  const old = await db.read.request.findMany({ where: { at }, select: { id: true }, take: limit });
  if (old.length === 0) return 0;
  const ids = old.map((request) => request.id);
  return (await db.write((tx) => tx.request.deleteMany({ where: { id: { in: ids }, at } }))).count;
}

/** Frees every lane. Only for a process that is alone on its database. */
export async function freeLeases(db: Database): Promise<void> {
  await db.write((tx) => tx.lane.updateMany({ data: { until: 0n, holder: null } }));
}
