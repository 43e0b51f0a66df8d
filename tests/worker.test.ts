// The background loop: every job once, in its order, by whoever holds its lane, and never lost.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { Ask } from '../src/core/command.js';
import type { Effect } from '../src/core/effect.js';
import { defineFact } from '../src/core/fact.js';
import { silentLog } from '../src/core/log.js';
import { say } from '../src/core/message.js';
import { realWire, type Wire } from '../src/core/wire.js';
import * as jobs from '../src/db/jobs.js';
import { openDatabase } from '../src/db/open.js';
import { rebuild } from '../src/db/rebuild.js';
import { projectFacts } from '../src/execute.js';
import { features } from '../src/features/index.js';
import { recordResult } from '../src/features/places/index.js';
import { type Failure, leaseMs, makeWorker, type Worker, type WorkerParts } from '../src/worker.js';
import { engines } from './helpers/databases.js';
import { type Desk, dump, type Engine, openDesk, stateTables } from './helpers/desk.js';

const thingDone = defineFact('ThingDone', z.object({ name: z.string() }), () => null);

/** Thrown by a test's `perform`: what Slack would have said. */
class Failing extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}
const busy = (retryAfterMs: number) => new Failing({ kind: 'busy', retryAfterMs, reason: 'slow down' });
const refused = (error: string) =>
  new Failing({ kind: 'refused', method: 'chat.postMessage', error, needed: 'chat:write' });
const unreachable = (sent: boolean) =>
  new Failing({ kind: 'unreachable', sent, reason: 'connection reset', method: 'chat.postMessage' });

/** A door that stays shut until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

type Perform = (job: jobs.Job, note: Parameters<WorkerParts['perform']>[1]) => Promise<void> | void;

interface Shop {
  readonly desk: Desk;
  /** What was begun, in order. */
  readonly begun: string[];
  readonly wire: Wire & { time: number };
  /** True when Slack answers other calls. */
  answering: boolean;
  /** What a job of this name does; without it, it succeeds. */
  on(name: string, perform: Perform): void;
  worker(over?: Partial<WorkerParts>): Worker;
  put(...effects: Effect[]): Promise<void>;
  job(name: string): Promise<{ state: string; attempts: number; error: string | null; notBefore: bigint }>;
  states(): Promise<Record<string, string>>;
}

function named(lane: string, name: string, over: Partial<Effect> = {}): Effect {
  return {
    lane,
    step: 0,
    incidentId: null,
    first: false,
    essential: false,
    collapse: null,
    kind: { do: 'respond', url: name, userId: 'U0ANA', message: say(name) },
    ...over,
  };
}

function ownAsk(desk: Desk): Omit<Ask, 'requestId' | 'now' | 'newId'> {
  const { requestId: _id, now: _now, newId: _newId, ...ask } = desk.ask();
  return { ...ask, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } };
}

function nameOf(job: { kind: unknown }): string {
  return (job.kind as { url: string }).url;
}

async function openShop(engine: Engine): Promise<Shop> {
  const desk = await openDesk(engine);
  const plans = new Map<string, Perform>();
  const wire = {
    time: 1_000_000,
    now: () => wire.time,
    wait: async (ms: number) => {
      wire.time += ms;
    },
  };
  const shop: Shop = {
    desk,
    begun: [],
    wire,
    answering: true,
    on: (name, perform) => void plans.set(name, perform),
    worker: (over = {}) =>
      makeWorker({
        kernel: desk.kernel,
        wire,
        log: silentLog,
        now: () => desk.now,
        async perform(job, note) {
          const name = nameOf(job);
          shop.begun.push(name);
          await plans.get(name)?.(job, note);
          return [thingDone({ name }, { stream: `test/${name}` })];
        },
        failure: (error) => (error instanceof Failing ? error.failure : null),
        answers: async () => shop.answering,
        givenUp: (job, failure) => [
          thingDone({ name: `${nameOf(job)} not: ${failure.error}` }, { stream: 'test/given-up' }),
        ],
        askFor: () => ownAsk(desk),
        ownAsk: () => ownAsk(desk),
        automatic: () => null,
        record: (facts) => recordResult.given(facts),
        ...over,
      }),
    put: (...effects) => desk.db.write((tx) => jobs.enqueue(tx, desk.ask(), effects)),
    async job(name) {
      const rows = await desk.db.read.job.findMany({ orderBy: { step: 'desc' } });
      const found = rows.find((row) => nameOf({ kind: row.payload }) === name);
      if (!found) throw new Error(`no job ${name}`);
      return found;
    },
    async states() {
      const rows = await desk.db.read.job.findMany();
      return Object.fromEntries(rows.map((row) => [nameOf({ kind: row.payload }), row.state]));
    },
  };
  return shop;
}

async function thingsDone(desk: Desk): Promise<string[]> {
  const facts = await desk.db.read.fact.findMany({ orderBy: { position: 'asc' } });
  return facts.map((fact) => (fact.data as { name: string }).name);
}

async function oneLane(shop: Shop) {
  const [lane] = await jobs.lanesToWork(shop.desk.db, shop.wire.time, 1);
  if (!lane) throw new Error('no lane has work');
  return lane;
}

/** A process that begins a step of the only lane, and is gone. */
async function crash(shop: Shop): Promise<void> {
  const { db } = shop.desk;
  const lease = await jobs.leaseLane(
    db,
    await oneLane(shop),
    'a process that is gone',
    shop.wire.time,
    leaseMs,
  );
  if (!lease) throw new Error('not leased');
  await jobs.beginStep(db, lease, shop.wire.time, leaseMs);
}

for (const engine of engines) {
  describe(engine, () => {
    describe('order', () => {
      test('two workers on one database perform every job once, and each lane in its order', async () => {
        const shop = await openShop(engine);
        const lanes = ['a', 'b', 'c', 'd', 'e', 'f'];
        for (const lane of lanes)
          await shop.put(...[0, 1, 2, 3].map((step) => named(lane, `${lane}${step}`, { step })));
        const other = openDatabase(shop.desk.url);
        onTestFinished(() => other.close());
        const all = gate();
        const finished = new Set<string>();
        for (const lane of lanes) {
          for (const step of [0, 1, 2, 3])
            shop.on(`${lane}${step}`, () => {
              finished.add(`${lane}${step}`);
              if (finished.size === lanes.length * 4) all.open();
            });
        }
        const workers = [shop.desk.db, other].map((db) =>
          shop.worker({ wire: realWire, kernel: { ...shop.desk.kernel, db } }),
        );
        for (const worker of workers) worker.begin();
        await all.opened;
        await Promise.all(workers.map((worker) => worker.stop()));
        expect([...shop.begun].sort()).toEqual(
          lanes.flatMap((lane) => [0, 1, 2, 3].map((step) => `${lane}${step}`)),
        );
        for (const lane of lanes) {
          const mine = shop.begun.filter((name) => name.startsWith(lane));
          expect(mine).toEqual([0, 1, 2, 3].map((step) => `${lane}${step}`));
        }
        expect(new Set(Object.values(await shop.states()))).toEqual(new Set(['done']));
        expect((await thingsDone(shop.desk)).sort()).toEqual([...finished].sort());
      });

      test('a decision of ours that fails holds up what waits behind it for one more attempt, no longer', async () => {
        const shop = await openShop(engine);
        await shop.put(
          named('a', '', { kind: { do: 'decide', command: 'broken', data: {} } }),
          named('a', 'after', { step: 1 }),
        );
        const begun: string[] = [];
        const worker = shop.worker({
          async perform(job) {
            begun.push(job.kind.do);
            if (job.kind.do === 'decide') throw new Error('a mistake of ours');
            return [];
          },
          givenUp: () => [],
        });
        const before = shop.wire.time;
        await worker.drain();
        expect(begun).toEqual(['decide', 'decide', 'respond']);
        expect(shop.wire.time - before).toBeLessThan(5_000);
      });

      test('jobs of one step run together, and the next step waits until all are done or given up', async () => {
        const shop = await openShop(engine);
        const both = gate();
        await shop.put(
          named('a', 'one'),
          named('a', 'other'),
          named('a', 'after', { step: 1 }),
          named('a', 'last', { step: 2 }),
        );
        // Neither ends before the other has begun: one after the other they would wait for ever.
        shop.on('one', async () => {
          await both.opened;
          throw refused('is_archived');
        });
        shop.on('other', () => both.open());
        await shop.worker().drain();
        expect(shop.begun.slice(0, 2).sort()).toEqual(['one', 'other']);
        expect(shop.begun.slice(2)).toEqual(['after', 'last']);
        expect(await shop.states()).toEqual({ one: 'givenUp', other: 'done', after: 'done', last: 'done' });
      });

      test('what was put later comes later, though it counts its steps from nought again', async () => {
        const shop = await openShop(engine);
        await shop.put(named('a', 'first'), named('a', 'second', { step: 1 }));
        await shop.put(named('a', 'third'));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['first', 'second', 'third']);
      });

      test('a lane that stands still holds up no other', async () => {
        const shop = await openShop(engine);
        const door = gate();
        const free = gate();
        await shop.put(named('slow', 'slow'), named('free', 'free'));
        shop.on('slow', () => door.opened);
        shop.on('free', () => free.open());
        const drained = shop.worker().drain();
        await free.opened;
        expect((await shop.job('slow')).state).toBe('waiting');
        door.open();
        await drained;
        expect(await shop.states()).toEqual({ slow: 'done', free: 'done' });
      });

      test('kick-off messages and pages go first', async () => {
        const shop = await openShop(engine);
        // More lanes than a worker takes at once, and all of them older.
        for (const lane of 'abcdefghij') await shop.put(named(lane, lane));
        await shop.put(named('urgent', 'urgent', { first: true }));
        expect(await oneLane(shop)).toMatchObject({ lane: 'urgent' });
        await shop.worker().drain();
        expect(shop.begun.slice(0, 8)).toContain('urgent');
        expect(shop.begun).toHaveLength(11);
      });
    });

    describe('collapsing', () => {
      const refresh = (name: string) => named('a', name, { collapse: 'summary' });

      test('a repeat of a job that waits is not made', async () => {
        const shop = await openShop(engine);
        await shop.put(refresh('one'), refresh('two'));
        await shop.put(refresh('three'));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['one']);
      });

      test('a job that was begun is not collapsed into: it may have drawn what is old by now', async () => {
        const shop = await openShop(engine);
        await shop.put(refresh('one'));
        shop.on('one', () => shop.put(refresh('two')));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['one', 'two']);
      });

      test('one that Slack asked to wait has drawn nothing, and is collapsed into', async () => {
        const shop = await openShop(engine);
        let times = 0;
        shop.on('one', () => {
          times += 1;
          if (times === 1) throw busy(5_000);
        });
        await shop.put(refresh('one'));
        await shop.worker().drain({ untilMs: 1_000 });
        await shop.put(refresh('two'));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['one', 'one']);
      });

      test('another lane’s job is another', async () => {
        const shop = await openShop(engine);
        await shop.put(refresh('one'), { ...refresh('two'), lane: 'b' });
        await shop.worker().drain();
        expect([...shop.begun].sort()).toEqual(['one', 'two']);
      });
    });

    describe('a lease', () => {
      test('that ran out cannot mark the work of another done', async () => {
        const shop = await openShop(engine);
        const sleeper = gate();
        const second = gate();
        const secondBegun = gate();
        const firstBegun = gate();
        const gates = [sleeper, second];
        const begun = [firstBegun, secondBegun];
        await shop.put(named('a', 'job'), named('a', 'next', { step: 1 }));
        shop.on('job', async () => {
          begun.shift()?.open();
          await gates.shift()?.opened;
        });
        const sleeping = shop.worker().drain({ untilMs: 0 });
        await firstBegun.opened;
        shop.wire.time += leaseMs + 1;
        const awake = shop.worker().drain();
        await secondBegun.opened;
        // The sleeper wakes while the other is at work: it may neither record, nor mark, nor give the lane back.
        sleeper.open();
        await sleeping;
        expect(await shop.job('job')).toMatchObject({ state: 'waiting', attempts: 2 });
        expect(await thingsDone(shop.desk)).toEqual([]);
        const lane = await shop.desk.db.read.lane.findFirstOrThrow();
        expect(lane).toMatchObject({ token: 2, until: BigInt(shop.wire.time + leaseMs) });
        second.open();
        await awake;
        expect(await shop.states()).toEqual({ job: 'done', next: 'done' });
        expect(await thingsDone(shop.desk)).toEqual(['job', 'next']);
      });

      test('that ran out finds the work of another already done, and changes nothing', async () => {
        const shop = await openShop(engine);
        const sleeper = gate();
        const begun = gate();
        const gates = [sleeper];
        await shop.put(named('a', 'job'));
        shop.on('job', () => {
          begun.open();
          return gates.shift()?.opened;
        });
        const sleeping = shop.worker().drain({ untilMs: 0 });
        await begun.opened;
        shop.wire.time += leaseMs + 1;
        await shop.worker().drain();
        sleeper.open();
        await sleeping;
        expect(shop.begun).toEqual(['job', 'job']);
        expect(await shop.states()).toEqual({ job: 'done' });
        expect(await thingsDone(shop.desk)).toEqual(['job']);
      });

      test('the control: it is the token that tells the old holder from the new', async () => {
        const shop = await openShop(engine);
        const { db } = shop.desk;
        await shop.put(named('a', 'job'));
        const where = await oneLane(shop);
        const old = await jobs.leaseLane(db, where, 'old', shop.wire.time, leaseMs);
        if (!old) throw new Error('not leased');
        const [job] = await jobs.beginStep(db, old, shop.wire.time, leaseMs);
        if (!job) throw new Error('nothing begun');
        expect(await jobs.leaseLane(db, where, 'new', shop.wire.time, leaseMs)).toBeNull();
        const fresh = await jobs.leaseLane(db, where, 'new', shop.wire.time + leaseMs, leaseMs);
        expect(fresh?.token).toBe(old.token + 1);
        const settle = (lease: jobs.Lease) =>
          db.write((tx) => jobs.settle(tx, lease, job, { state: 'done' }, shop.wire.time, leaseMs));
        await expect(settle(old)).rejects.toBeInstanceOf(jobs.LeaseLost);
        await jobs.releaseLane(db, old);
        expect((await db.read.lane.findFirstOrThrow()).holder).toBe('new');
        // With the token of the new one, the old holder's words would pass.
        await settle({ ...old, token: old.token + 1 });
        expect(await shop.states()).toEqual({ job: 'done' });
      });

      test('of a process that is gone runs out, and the next knows that the job was begun before', async () => {
        const shop = await openShop(engine);
        await shop.put(named('a', 'job'));
        await crash(shop);
        const attempts: number[] = [];
        shop.on('job', (job) => void attempts.push(job.attempts));
        const before = shop.wire.time;
        await shop.worker().drain();
        expect(attempts).toEqual([2]);
        expect(shop.wire.time - before).toBeGreaterThanOrEqual(leaseMs);
      });

      test('is freed at once by a process that is alone', async () => {
        const shop = await openShop(engine);
        await shop.put(named('a', 'job'));
        await crash(shop);
        expect(await jobs.lanesToWork(shop.desk.db, shop.wire.time, 1)).toEqual([]);
        await jobs.freeLeases(shop.desk.db);
        const before = shop.wire.time;
        await shop.worker().drain();
        expect(await shop.states()).toEqual({ job: 'done' });
        expect(shop.wire.time).toBe(before);
      });
    });

    describe('what an attempt wrote down', () => {
      test('is there for the next, all of it', async () => {
        const shop = await openShop(engine);
        const seen: unknown[] = [];
        let times = 0;
        shop.on('job', async (job, note) => {
          seen.push(job.notes);
          times += 1;
          await note({ fileId: 'F1' });
          await note({ url: 'https://files.example/1' });
          if (times === 1) throw unreachable(true);
        });
        await shop.put(named('a', 'job'));
        await shop.worker().drain();
        expect(seen).toEqual([{}, { fileId: 'F1', url: 'https://files.example/1' }]);
      });

      test('extends the lease, so that a long job is not taken away', async () => {
        const shop = await openShop(engine);
        shop.on('job', async (_job, note) => {
          for (let call = 0; call < 4; call += 1) {
            shop.wire.time += leaseMs - 1_000;
            await note({ call: String(call) });
          }
          expect(await jobs.lanesToWork(shop.desk.db, shop.wire.time, 1)).toEqual([]);
        });
        await shop.put(named('a', 'job'));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['job']);
        expect(await shop.states()).toEqual({ job: 'done' });
      });
    });

    describe('failures', () => {
      test('Slack asks to wait: it is waited, and does not count as an attempt', async () => {
        const shop = await openShop(engine);
        const at: number[] = [];
        const attempts: number[] = [];
        shop.on('job', (job) => {
          at.push(shop.wire.time);
          attempts.push(job.attempts);
          if (at.length <= 20) throw busy(30_000);
        });
        await shop.put(named('a', 'job'));
        await shop.worker().drain({ untilMs: 29_999 });
        expect(at).toHaveLength(1);
        expect(await shop.job('job')).toMatchObject({ state: 'waiting', attempts: 0, error: 'slow down' });
        await shop.worker().drain();
        expect(at).toHaveLength(21);
        expect(at.slice(1).map((time, i) => time - (at[i] ?? 0))).toEqual(
          Array.from({ length: 20 }, () => 30_000),
        );
        expect(new Set(attempts)).toEqual(new Set([1]));
        expect(await shop.job('job')).toMatchObject({ state: 'done', error: null });
      });

      test('a refusal is for good: the reason is kept, and the fact says so', async () => {
        const shop = await openShop(engine);
        shop.on('job', () => {
          throw refused('restricted_action');
        });
        await shop.put(named('a', 'job', { essential: true }));
        await shop.worker().drain();
        expect(shop.begun).toEqual(['job']);
        expect(await shop.job('job')).toMatchObject({
          state: 'givenUp',
          error: 'chat.postMessage: restricted_action',
        });
        expect(await thingsDone(shop.desk)).toEqual(['job not: restricted_action']);
      });

      test('a nicety is tried eight times, at growing distances, and then given up if Slack answers others', async () => {
        const shop = await openShop(engine);
        const at: number[] = [];
        shop.on('job', () => {
          at.push(shop.wire.time);
          throw unreachable(true);
        });
        await shop.put(named('a', 'job'));
        await shop.worker().drain();
        const waits = at.slice(1).map((time, i) => (time - (at[i] ?? 0)) / 1_000);
        expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60]);
        expect(await shop.job('job')).toMatchObject({
          state: 'givenUp',
          attempts: 8,
          error: 'chat.postMessage: connection reset',
        });
      });

      test('while Slack answers nobody, nothing is given up', async () => {
        const shop = await openShop(engine);
        shop.answering = false;
        let times = 0;
        shop.on('job', () => {
          times += 1;
          if (times > 30) shop.answering = true;
          if (times < 32) throw unreachable(true);
        });
        await shop.put(named('a', 'job', { essential: true }));
        await shop.worker().drain();
        expect(await shop.job('job')).toMatchObject({ state: 'done', attempts: 32 });
      });

      test('an essential effect is tried sixty times', async () => {
        const shop = await openShop(engine);
        shop.on('job', () => {
          throw unreachable(true);
        });
        await shop.put(named('a', 'job', { essential: true }));
        await shop.worker().drain({ untilMs: 24 * 3_600_000 });
        expect(await shop.job('job')).toMatchObject({ state: 'givenUp', attempts: 60 });
      });

      test('what certainly was not sent does not count', async () => {
        const shop = await openShop(engine);
        let times = 0;
        shop.on('job', () => {
          times += 1;
          if (times <= 20) throw unreachable(false);
        });
        await shop.put(named('a', 'job'));
        await shop.worker().drain();
        expect(await shop.job('job')).toMatchObject({ state: 'done', attempts: 1 });
      });

      test('a mistake of ours is tried again, then given up without its inner words', async () => {
        const shop = await openShop(engine);
        shop.on('job', () => {
          throw new Error('undefined is not a function');
        });
        await shop.put(named('a', 'job'), named('a', 'next', { step: 1 }));
        await shop.worker().drain();
        expect(await shop.job('job')).toMatchObject({
          state: 'givenUp',
          attempts: 8,
          error: 'respond: internal error',
        });
        expect(await shop.states()).toMatchObject({ next: 'done' });
      });

      test('one that waits lets the others of its step be done, and holds up the next step', async () => {
        const shop = await openShop(engine);
        let times = 0;
        shop.on('slow', () => {
          times += 1;
          if (times === 1) throw busy(60_000);
        });
        await shop.put(named('a', 'slow'), named('a', 'quick'), named('a', 'next', { step: 1 }));
        await shop.worker().drain({ untilMs: 1_000 });
        expect(await shop.states()).toEqual({ slow: 'waiting', quick: 'done', next: 'waiting' });
        await shop.worker().drain();
        expect(shop.begun).toEqual(expect.arrayContaining(['slow', 'quick', 'next']));
        expect(shop.begun.at(-1)).toBe('next');
        expect(shop.begun.filter((name) => name === 'quick')).toHaveLength(1);
      });

      test('a result that cannot be recorded leaves the job to be done again', async () => {
        const shop = await openShop(engine);
        let times = 0;
        const worker = shop.worker({
          record(facts) {
            times += 1;
            if (times === 1) throw new Error('the database is away');
            return recordResult.given(facts);
          },
        });
        await shop.put(named('a', 'job'));
        await worker.drain();
        expect(shop.begun).toEqual(['job', 'job']);
        expect(await thingsDone(shop.desk)).toEqual(['job']);
      });
    });

    test('stopping finishes what is under way and begins nothing more', async () => {
      const shop = await openShop(engine);
      const door = gate();
      const begun = gate();
      await shop.put(named('a', 'job'), named('a', 'next', { step: 1 }));
      shop.on('job', () => {
        begun.open();
        return door.opened;
      });
      const worker = shop.worker({ wire: realWire });
      worker.begin();
      await begun.opened;
      const stopped = worker.stop();
      door.open();
      await stopped;
      expect(await shop.states()).toEqual({ job: 'done', next: 'waiting' });
      expect((await shop.desk.db.read.lane.findFirstOrThrow()).until).toBe(0n);
    });

    test('a worker that idles is woken by new work', async () => {
      const shop = await openShop(engine);
      const idle = gate();
      const wire: Wire = {
        now: () => Date.now(),
        wait: (ms, signal) => {
          idle.open();
          return realWire.wait(ms, signal);
        },
      };
      const done = gate();
      shop.on('job', () => done.open());
      const worker = shop.worker({ wire });
      worker.begin();
      await idle.opened;
      await shop.put(named('a', 'job'));
      worker.wake();
      await done.opened;
      await worker.stop();
      expect(await shop.states()).toEqual({ job: 'done' });
    });

    describe('what is done is kept for a week', () => {
      const dayMs = 86_400_000;

      test('settled jobs go after that, and what waits stays however old it is', async () => {
        const shop = await openShop(engine);
        shop.on('away', () => {
          throw busy(30 * dayMs);
        });
        shop.on('not so', () => {
          throw refused('cant_invite');
        });
        await shop.put(named('a', 'done'), named('b', 'away'), named('c', 'not so'));
        const worker = shop.worker();
        await worker.drain();
        shop.wire.time += 6 * dayMs;
        await worker.drain();
        expect(await shop.states()).toEqual({ done: 'done', away: 'waiting', 'not so': 'givenUp' });
        const facts = await thingsDone(shop.desk);
        shop.wire.time += 2 * dayMs;
        await worker.drain();
        expect(await shop.states()).toEqual({ away: 'waiting' });
        expect(await thingsDone(shop.desk)).toEqual(facts);
      });

      test('a lane goes with its last job, and never one that is held or that gets another job just then', async () => {
        const shop = await openShop(engine);
        const { db } = shop.desk;
        const lanes = async () =>
          (await db.read.lane.findMany({ orderBy: { name: 'asc' } })).map(({ name }) => name);
        await shop.put(named('calls/1', 'a'), named('calls/2', 'b'));
        await shop.worker().drain();
        shop.wire.time += 8 * dayMs;
        await shop.put(named('calls/2', 'c'), named('calls/3', 'd'));
        await shop.worker().drain();
        expect(await lanes()).toEqual(['calls/2', 'calls/3']);
        shop.wire.time += 8 * dayMs;
        await jobs.pruneJobs(db, shop.wire.time, 10);
        const until = BigInt(shop.wire.time + leaseMs);
        await db.write((tx) => tx.lane.updateMany({ where: { name: 'calls/3' }, data: { until } }));
        // Found empty, and used before it is deleted.
        const write = vi.spyOn(db, 'write').mockImplementationOnce(async (work) => {
          await shop.put(named('calls/2', 'e'));
          return db.write(work);
        });
        expect(await jobs.pruneLanes(db, shop.wire.time, 10)).toBe(0);
        write.mockRestore();
        expect(await lanes()).toEqual(['calls/2', 'calls/3']);
        await shop.worker().drain();
        expect(shop.begun.at(-1)).toBe('e');
      });

      test('a job that waited for long is kept for a week from when it was done', async () => {
        const shop = await openShop(engine);
        shop.on('late', (job) => {
          if (job.attempts === 1) throw unreachable(true);
        });
        await shop.put(named('a', 'late'));
        shop.wire.time += 20 * dayMs;
        const worker = shop.worker();
        await worker.drain();
        shop.wire.time += 6 * dayMs;
        await worker.drain();
        expect(await shop.states()).toEqual({ late: 'done' });
      });

      test('answered requests go, many of them a few at a time, and the rows are those of the record', async () => {
        const shop = await openShop(engine);
        const { desk } = shop;
        const asked = { requestId: 'trigger/1' };
        const first = await desk.say('ana', 'declare writes are stuck sev:1', asked);
        await desk.db.write((tx) =>
          tx.request.createMany({
            data: Array.from({ length: 1_200 }, (_, i) => ({
              workspaceId: desk.workspace.id,
              id: `old/${i}`,
              at: BigInt(desk.now.getTime()),
            })),
          }),
        );
        const worker = shop.worker();
        desk.now = new Date(desk.now.getTime() + 6 * dayMs);
        await worker.drain();
        expect((await desk.say('ana', 'declare writes are stuck sev:1', asked)).text).toBe(first.text);
        expect(await desk.db.read.request.count({ where: { id: { startsWith: 'old/' } } })).toBe(1_200);
        const before = await dump(desk.db, stateTables);
        desk.now = new Date(desk.now.getTime() + 2 * dayMs);
        await desk.say('ana', 'note INC-1 still going');
        const kept = await dump(desk.db, stateTables);
        expect(kept).not.toEqual(before);
        for (const left of [700, 200, 0]) {
          await worker.drain();
          expect(
            await desk.db.read.request.count({ where: { id: { startsWith: 'old/' } } }),
          ).toBeLessThanOrEqual(left);
        }
        expect(await desk.db.read.request.count({ where: { id: 'trigger/1' } })).toBe(0);
        expect(await desk.db.read.request.count({ where: { id: { startsWith: 'test/' } } })).toBe(1);
        await rebuild(desk.db, features, projectFacts);
        expect(await dump(desk.db, stateTables)).toEqual(kept);
      });
    });
  });
}

test('what hangs in Slack holds up neither a letter nor a decision', async () => {
  const shop = await openShop('sqlite');
  const many = Array.from({ length: 60 }, (_, at) => named(`slack/${at}`, `post ${at}`, { first: true }));
  const letter = { do: 'mail', to: 'bob@example.com', subject: 's', text: 't' } as const;
  const decision = { do: 'decide', command: 'paging.open', data: null } as const;
  await shop.put(...many);
  await shop.put(named('page/1', '', { kind: letter }), named('page/2', '', { kind: decision }));
  const begun: string[] = [];
  let release = () => {};
  const hangs = new Promise<void>((resolve) => {
    release = resolve;
  });
  const worker = shop.worker({
    async perform({ kind }) {
      begun.push(kind.do);
      if (kind.do === 'respond') await hangs;
      return [];
    },
  });
  const drained = worker.drain();
  await expect.poll(() => begun.filter((each) => each === 'respond').length).toBeGreaterThan(20);
  expect(begun).toContain('mail');
  expect(begun).toContain('decide');
  release();
  await drained;
  expect(begun).toHaveLength(62);
});

test('rounds that fail again and again are a line when it begins, one a minute, and one when it is over', async () => {
  const shop = await openShop('sqlite');
  const lines: [string, object][] = [];
  const log = (fields: object, message: string) => void lines.push([message, fields]);
  const until = shop.wire.time + 97_000;
  const over = gate();
  const worker = shop.worker({
    log: { ...silentLog, error: log, info: log },
    wire: {
      now: shop.wire.now,
      async wait(ms) {
        if (shop.wire.time >= until) await over.opened;
        shop.wire.time += ms;
      },
    },
    async awake() {
      if (shop.wire.time < until) throw new Error('no such table');
    },
  });
  worker.begin();
  await expect.poll(() => lines.at(-1)?.[0]).toBe('worker goes round again');
  over.open();
  await worker.stop();
  expect(lines).toEqual([
    ['worker round failed', { err: new Error('no such table') }],
    ['worker rounds fail still', { err: new Error('no such table'), failed: 61, forMs: 60_000 }],
    ['worker goes round again', { failed: 97, forMs: 97_000 }],
  ]);
});
