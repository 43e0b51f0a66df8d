// THE background loop: leases lanes, performs their jobs step by step, and records what came of them.
import { randomUUID } from 'node:crypto';
import type { Ask, Bound } from './core/command.js';
import type { Performed } from './core/effect.js';
import type { Stated } from './core/fact.js';
import type { Log } from './core/log.js';
import { makeSpell } from './core/spell.js';
import type { Wire } from './core/wire.js';
import * as due from './db/due.js';
import * as jobs from './db/jobs.js';
import type { Tx } from './db/tx.js';
import { execute, type Kernel } from './execute.js';

/** What became of an attempt that did not succeed. */
export type Failure =
  | {
      readonly kind: 'refused';
      readonly method: string;
      readonly error: string;
      readonly needed: string | null;
    }
  | { readonly kind: 'busy'; readonly retryAfterMs: number; readonly reason: string }
  | {
      readonly kind: 'unreachable';
      readonly sent: boolean;
      readonly reason: string;
      readonly method: string;
    };

export interface WorkerParts {
  readonly kernel: Kernel;
  readonly wire: Wire;
  readonly log: Log;
  /** The record's clock. */
  readonly now: () => Date;
  perform(job: jobs.Job, note: (notes: Record<string, string>) => Promise<void>): Promise<Performed>;
  /** Sorts what `perform` threw; null for what is no failure of Slack's. */
  failure(error: unknown): Failure | null;
  /** True when the world outside answers at all. */
  answers(job: jobs.Job): Promise<boolean>;
  /** The fact that says what was given up, for effects on an incident, and on the channel of changes. */
  givenUp(
    job: jobs.Job,
    failure: { method: string; error: string; needed: string | null },
  ): readonly Stated[] | Promise<readonly Stated[]>;
  /** The asker of a job's results. */
  askFor(job: jobs.Job): Omit<Ask, 'requestId' | 'now' | 'newId'>;
  /** The asker of what is decided because the time has come. */
  ownAsk(): Omit<Ask, 'requestId' | 'now' | 'newId'>;
  /** What is to be decided under this name; null for a name that this version does not know. */
  automatic(command: string, data: unknown): Bound | null;
  record(facts: readonly Stated[]): Parameters<typeof execute>[1];
  /** Before each round: Andon is up, and what was due while it was not is to be judged by that. */
  awake?(): Promise<void>;
}

export interface Worker {
  /** Begins to work by itself; without it, only `drain` works. */
  begin(): void;
  /** There may be something to do. */
  wake(): void;
  /** Works until nothing waits, jumping over waits with the wire's clock; for tests and short-lived commands. */
  drain(options?: { untilMs?: number }): Promise<void>;
  /** When it last began a round, by the wire's clock; null before the first. */
  roundAt(): number | null;
  /** Finishes what is under way and stops. */
  stop(): Promise<void>;
}

/**
 * Whatever hangs holds its lane for half a minute. What goes by another way, or needs nobody, finds one all the same: who
 * is called next is decided, and the letter leaves, while sixty calls wait for Slack.
 */
const lanesAtOnce: Readonly<Record<jobs.LaneKind, number>> = { slack: 24, outside: 16, own: 8 };
const lanesOfAll = Object.values(lanesAtOnce).reduce((sum, each) => sum + each);
/** Longer than the longest effect: four calls of eight seconds. */
export const leaseMs = 45_000;
const idleMs = 30_000;
/** Nobody was there to ask: tried again at this pace for as long as it lasts. */
const awayMs = 5_000;
const backoffFirstMs = 1_000;
const backoffMaxMs = 60_000;
/** From this many attempts on, a job is given up if Slack answers other calls. */
const attemptsMax = { nicety: 8, essential: 60 };
/** A decision of ours that fails is a fault of ours: what waits behind it in its lane is not to wait for the mending. */
const decisionAttemptsMax = 2;
/** A page that does not get through is given up early: whoever is next is called, and this one is tried again then. */
const pageAttemptsMax = 4;

/**
 * How long settled jobs and answered requests are kept: Slack sends a request again within an hour, programs within a
 * day, and whoever asks what was given up has a week.
 */
export const keptMs = 7 * 86_400_000;
const pruneEveryMs = 3_600_000;
/** So few at a time that no command waits for it. */
const prunedAtOnce = 500;
/** Each of these is named in the query that deletes them. */
const lanesPrunedAtOnce = 100;
const dueAtOnce = 50;
/** What could not be decided for a fault of ours or the database's is tried again after this. */
const undecidedMs = 60_000;

/** Makes a worker, which does nothing until `begin` or `drain` is called. */
export function makeWorker(parts: WorkerParts): Worker {
  const holder = randomUUID();
  const working = new Map<string, { readonly kind: jobs.LaneKind; readonly done: Promise<void> }>();
  const stopping = new AbortController();
  let bell = new AbortController();
  // Only when to look next, by either clock: what is to go, the rows say, and every replica may delete it.
  let looked = { wire: 0, record: 0 };

  async function pruneIfDue(): Promise<void> {
    const at = { wire: parts.wire.now(), record: parts.now().getTime() };
    if (at.wire - looked.wire < pruneEveryMs && at.record - looked.record < pruneEveryMs) return;
    if (!(await prune(parts))) looked = at;
  }

  let roundAt: number | null = null;

  async function beginRound(): Promise<void> {
    await parts.awake?.();
    roundAt = parts.wire.now();
  }

  async function round(): Promise<number> {
    if (working.size >= lanesOfAll) return 0;
    const limit = Math.max(...Object.values(lanesAtOnce)) + working.size;
    let begun = 0;
    for (const lane of await jobs.lanesToWork(parts.kernel.db, parts.wire.now(), limit)) {
      const key = `${lane.workspaceId}/${lane.lane}`;
      if (working.has(key) || isFull(lane.kind)) continue;
      begun += 1;
      const done = workLane(parts, lane, holder, stopping.signal)
        .catch((error: unknown) => parts.log.error({ err: error, lane: lane.lane }, 'lane failed'))
        .finally(() => {
          working.delete(key);
          bell.abort();
        });
      working.set(key, { kind: lane.kind, done });
    }
    return begun;
  }

  function isFull(kind: jobs.LaneKind): boolean {
    return [...working.values()].filter((each) => each.kind === kind).length >= lanesAtOnce[kind];
  }

  const allDone = () => Promise.all([...working.values()].map((each) => each.done));

  const failing = makeSpell(parts.log, parts.wire.now, {
    begins: 'worker round failed',
    goesOn: 'worker rounds fail still',
    ends: 'worker goes round again',
  });

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      bell = new AbortController();
      try {
        await beginRound();
        await decideDue(parts);
        await round();
        await pruneIfDue();
        const next = await jobs.nextWake(parts.kernel.db);
        const later = await due.nextDue(parts.kernel.db);
        failing.over();
        const forJobs = next === null || working.size > 0 ? idleMs : Math.max(next - parts.wire.now(), 20);
        const forDue = later ? Math.max(later.getTime() - parts.now().getTime(), 20) : idleMs;
        const wait = Math.min(idleMs, forJobs, forDue);
        await parts.wire.wait(working.size > 0 ? Math.min(wait, 1_000) : wait, bell.signal);
      } catch (error) {
        failing.fails({ err: error });
        await parts.wire.wait(backoffFirstMs, stopping.signal);
      }
    }
  }

  let running: Promise<void> | null = null;
  return {
    begin() {
      running ??= loop();
    },
    wake: () => bell.abort(),
    roundAt: () => roundAt,
    async drain({ untilMs = 3_600_000 } = {}) {
      const end = parts.wire.now() + untilMs;
      for (;;) {
        await beginRound();
        const decided = await decideDue(parts);
        await round();
        if (working.size > 0) {
          await allDone();
          continue;
        }
        if (decided > 0) continue;
        const next = await jobs.nextWake(parts.kernel.db);
        if (next === null || next > end) return pruneIfDue();
        await parts.wire.wait(Math.max(0, next - parts.wire.now()));
      }
    },
    async stop() {
      stopping.abort();
      bell.abort();
      await running;
      await allDone();
    },
  };
}

// How many were due. Of two replicas one decides, and the other finds its request answered.
async function decideDue(parts: WorkerParts): Promise<number> {
  const { db } = parts.kernel;
  const rows = await due.dueBy(db, parts.now(), dueAtOnce);
  for (const row of rows) {
    const before = (tx: Tx) => due.takeDue(tx, row);
    const requestId = `due/${row.key}/${row.at.getTime()}`;
    try {
      // The one before may have waited for a database that was away.
      await parts.awake?.();
      const bound = parts.automatic(row.command, row.data);
      const ask: Ask = { ...parts.ownAsk(), requestId, now: parts.now(), newId: randomUUID };
      const outcome = bound && (await execute(parts.kernel, bound, ask, { before }));
      const again = outcome && !outcome.accepted ? outcome.refusal.again : undefined;
      if (again) await due.postponeDue(db, row, again);
      // Refused: there is nothing to decide any more.
      else if (!outcome?.accepted || outcome.repeated) await db.of(row.workspaceId).write(before);
    } catch (error) {
      parts.log.error({ err: error, command: row.command }, 'due decision failed');
      await due.postponeDue(db, row, new Date(parts.now().getTime() + undecidedMs));
    }
  }
  return rows.length;
}

// True when there is more to prune. Each row goes by the clock that it was written with.
async function prune({ kernel: { db }, wire, now }: WorkerParts): Promise<boolean> {
  const settled = await jobs.pruneJobs(db, wire.now() - keptMs, prunedAtOnce);
  const lanes = await jobs.pruneLanes(db, wire.now() - keptMs, lanesPrunedAtOnce);
  const answered = await jobs.pruneRequests(db, now().getTime() - keptMs, prunedAtOnce);
  return settled >= prunedAtOnce || lanes >= lanesPrunedAtOnce || answered >= prunedAtOnce;
}

async function workLane(
  parts: WorkerParts,
  lane: { workspaceId: string; lane: string },
  holder: string,
  stopping: AbortSignal,
): Promise<void> {
  const { db } = parts.kernel;
  const lease = await jobs.leaseLane(db, lane, holder, parts.wire.now(), leaseMs);
  if (!lease) return;
  try {
    while (!stopping.aborted) {
      const step = await jobs.beginStep(db, lease, parts.wire.now(), leaseMs);
      if (step.length === 0) break;
      await Promise.all(step.map((job) => workJob(parts, lease, job)));
    }
    await jobs.releaseLane(db, lease);
  } catch (error) {
    // Somebody else has the lane now, and looks before repeating what we did.
    if (error instanceof jobs.LeaseLost) return parts.log.warn({ lane: lane.lane }, 'lease lost');
    await jobs.releaseLane(db, lease).catch(() => {});
    throw error;
  }
}

async function workJob(parts: WorkerParts, lease: jobs.Lease, job: jobs.Job): Promise<void> {
  const until = () => parts.wire.now() + leaseMs;
  try {
    let notes = job.notes;
    const performed = await parts.perform(job, (more) => {
      notes = { ...notes, ...more };
      return jobs.noteOnJob(parts.kernel.db, lease, job, notes, until());
    });
    await settleWith(parts, lease, job, { state: 'done' }, performed);
  } catch (error) {
    if (error instanceof jobs.LeaseLost) throw error;
    await settleFailure(parts, lease, job, error);
  }
}

async function settleFailure(
  parts: WorkerParts,
  lease: jobs.Lease,
  job: jobs.Job,
  error: unknown,
): Promise<void> {
  const failure = parts.failure(error);
  if (!failure) parts.log.error({ err: error, job: job.id, effect: job.kind.do }, 'job failed');
  if (failure?.kind === 'refused') return giveUp(parts, lease, job, failure);
  const reason = failure?.reason ?? 'internal error';
  const limit = attemptsMaxOf(job);
  if (job.attempts >= limit && (!failure || (await parts.answers(job)))) {
    const method = failure?.kind === 'unreachable' ? failure.method : job.kind.do;
    return giveUp(parts, lease, job, { method, error: reason, needed: null });
  }
  const away = failure?.kind === 'unreachable' && !failure.sent;
  const delay = failure?.kind === 'busy' ? failure.retryAfterMs : away ? awayMs : backoff(job.attempts);
  const countsNot = failure?.kind === 'busy' || (away && job.kind.do !== 'page');
  parts.log.info({ job: job.id, effect: job.kind.do, reason, delay }, 'job waits');
  await settleWith(
    parts,
    lease,
    job,
    { state: 'waiting', error: reason, notBefore: parts.wire.now() + delay, countsNot },
    [],
  );
}

function attemptsMaxOf(job: jobs.Job): number {
  if (job.kind.do === 'page') return pageAttemptsMax;
  if (job.essential) return attemptsMax.essential;
  return job.kind.do === 'decide' ? decisionAttemptsMax : attemptsMax.nicety;
}

async function giveUp(
  parts: WorkerParts,
  lease: jobs.Lease,
  job: jobs.Job,
  failure: { method: string; error: string; needed: string | null },
): Promise<void> {
  parts.log.warn(
    { job: job.id, effect: job.kind.do, method: failure.method, error: failure.error },
    'job given up',
  );
  const error = `${failure.method}: ${failure.error}`;
  await settleWith(parts, lease, job, { state: 'givenUp', error }, await parts.givenUp(job, failure));
}

// The job's end and what it brings are one transaction, guarded by the lease.
async function settleWith(
  parts: WorkerParts,
  lease: jobs.Lease,
  job: jobs.Job,
  settlement: jobs.Settlement,
  performed: Performed,
): Promise<void> {
  const before = (tx: Tx) => jobs.settle(tx, lease, job, settlement, parts.wire.now(), leaseMs);
  const command = 'command' in performed ? performed.command : parts.record(performed);
  if (!('command' in performed) && performed.length === 0)
    return parts.kernel.db.of(job.workspaceId).write(before);
  const ask: Ask = { ...parts.askFor(job), requestId: `job/${job.id}`, now: parts.now(), newId: randomUUID };
  const effects = 'command' in performed ? performed.effects : [];
  const outcome = await execute(parts.kernel, command, ask, { before, answer: () => effects });
  // Refused, nothing was recorded and nothing is left to do: the job is done all the same.
  if (!outcome.accepted) await parts.kernel.db.of(job.workspaceId).write(before);
}

function backoff(attempts: number): number {
  return Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(10, attempts - 1));
}
