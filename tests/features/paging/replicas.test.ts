// Two replicas on one database, two seconds apart, one of which dies: no level is skipped, none is decided twice, and
// each attempt is performed once, or once more under the same mark.
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.js';
import type { Job } from '../../../src/db/jobs.js';
import { type Database, openDatabase } from '../../../src/db/open.js';
import type { Kernel } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { delivered, isRinging, readCall } from '../../../src/features/paging/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { leaseMs, makeWorker } from '../../../src/worker.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { factsOf, levels, onCall } from './help.js';

const skewMs = 2_000;
const automatic = Object.assign({}, ...features.map((feature) => feature.automatic ?? {}));

/** How a replica dies: before it sends, or when it has sent and not recorded that. */
type Death = 'before' | 'after';

function openReplicas(desk: Desk) {
  /** What reached the world: the attempt, the job that is its mark, and how often it was begun. */
  const rang: { attemptId: string; job: string; attempts: number; to: string }[] = [];
  let passed = 0;
  const { requestId: _id, now: _now, newId: _newId, ...asker } = desk.ask();
  const own = { ...asker, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;
  const replica = (ahead: number, wireMs: () => number) => {
    const db: Database = openDatabase(desk.url);
    onTestFinished(() => db.close());
    const kernel: Kernel = { ...desk.kernel, db };
    let dies: Death | null = null;
    const gone = () => new Promise<never>(() => {});
    const worker = makeWorker({
      ...{ kernel, log: silentLog, now: () => new Date(desk.now.getTime() + ahead) },
      wire: { now: wireMs, wait: () => new Promise((done) => setTimeout(done, 5)) },
      async perform(job: Job) {
        const { kind } = job;
        if (kind.do === 'decide') {
          const made = automatic[kind.command];
          return made ? { command: made(kind.data), effects: [] } : [];
        }
        if (dies === 'before') return gone();
        if (kind.do !== 'page' || kind.what === 'over') return [];
        const call = await readCall(db.of(job.workspaceId).read, kind.attemptId);
        if (!call || !isRinging(call)) return [];
        const { attemptId } = kind;
        rang.push({
          attemptId,
          job: job.id,
          attempts: job.attempts,
          to: `${call.attempt.toName} ${kind.path}`,
        });
        return dies === 'after' ? gone() : delivered(call);
      },
      ...{ failure: () => null, answers: async () => true, givenUp: () => [] },
      ...{ askFor: () => own, ownAsk: () => own, record: (facts) => recordResult.given(facts) },
      automatic: (command, data) => automatic[command]?.(data) ?? null,
    });
    return {
      worker,
      die: (how: Death) => {
        dies = how;
      },
    };
  };
  return {
    rang,
    fast: replica(skewMs, () => Date.now()),
    slow: replica(0, () => Date.now() + passed),
    /** For the living one the leases of the dead are over. What the dead one still takes is over, too. */
    leasesEnd: () => {
      passed += leaseMs + 1_000;
    },
  };
}

describe.each(engines)('on %s', (engine) => {
  test.each(['before', 'after'] as const)(
    'one dies in the middle of a level, %s it has sent',
    async (how) => {
      const desk = await openDesk(engine);
      await onCall(desk);
      await says(desk, 'ana', 'page default writes are stuck');
      const { rang, fast, slow, leasesEnd } = openReplicas(desk);
      const both = () => Promise.all([fast.worker.drain(), slow.worker.drain()]);
      await both();
      expect(rang.map(({ to }) => to).sort()).toEqual(['Bob mail', 'Bob slack']);

      // By its clock the fast one decides the second level, and dies with it in its hands.
      desk.now = new Date(desk.now.getTime() + 5 * 60_000 - 1_000);
      fast.die(how);
      void fast.worker.drain();
      await expect.poll(() => levels(desk)).toEqual(['0.0 opened', '0.1 time']);
      if (how === 'after') await expect.poll(() => rang.length).toBe(4);
      await expect.poll(() => held(desk)).toBe(2);
      desk.now = new Date(desk.now.getTime() + 2_000);
      leasesEnd();
      await slow.worker.drain();
      expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time']);
      const eve = rang.filter(({ to }) => to.startsWith('Eve'));
      const marks = new Set(eve.map(({ job }) => job));
      expect(marks.size).toBe(2);
      expect(eve).toHaveLength(how === 'after' ? 4 : 2);
      // Once more only as what it is: begun before, under the same mark, so that whoever performs it looks first.
      for (const each of eve.slice(2)) expect(each.attempts).toBe(2);
      expect((await factsOf(desk, 'PageDelivered')).map(({ attemptId }) => attemptId).sort()).toEqual(
        [...new Set(rang.map(({ attemptId }) => attemptId))].sort(),
      );

      // The one that is left goes on alone, each level at its time.
      for (let minute = 0; minute < 40; minute += 1) {
        desk.now = new Date(desk.now.getTime() + 60_000);
        await slow.worker.drain();
      }
      expect(await levels(desk)).toEqual([
        ...['0.0 opened', '0.1 time', '1.0 time', '1.1 time', '2.0 time', '2.1 time'],
      ]);
      expect(new Set(rang.map(({ attemptId }) => attemptId)).size).toBe(12);
    },
  );

  test('both look at once, at every level: each is decided once', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    await says(desk, 'ana', 'page default');
    const { rang, fast, slow } = openReplicas(desk);
    for (let minute = 0; minute <= 20; minute += 1) {
      await Promise.all([fast.worker.drain(), slow.worker.drain()]);
      desk.now = new Date(desk.now.getTime() + 60_000);
    }
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 time', '1.0 time']);
    expect(rang).toHaveLength(6);
    expect(new Set(rang.map(({ attemptId }) => attemptId)).size).toBe(6);
  });

  test('both look every minute for somebody to call: whoever comes on call is called once', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    for (const name of ['nights', 'second']) await says(desk, 'ana', `schedule ${name}`);
    await says(desk, 'ana', 'escalation default schedule:nights 5m then schedule:second 5m repeat:1h');
    await says(desk, 'ana', 'page default');
    await says(desk, 'ana', 'duty second @eve from:"10:50 UTC" for:8h');
    const { rang, fast, slow } = openReplicas(desk);
    for (let minute = 0; minute <= 10; minute += 1) {
      await Promise.all([fast.worker.drain(), slow.worker.drain()]);
      desk.now = new Date(desk.now.getTime() + 60_000);
    }
    expect(await levels(desk)).toEqual(['0.0 opened', '0.1 unreached', '1.0 unreached', '1.1 unreached']);
    expect(rang.map(({ to }) => to).sort()).toEqual(['Eve mail', 'Eve slack']);
  });
});

async function held(desk: Desk): Promise<number> {
  return desk.db.read.job.count({ where: { kind: 'page', state: 'waiting', attempts: { gt: 0 } } });
}
