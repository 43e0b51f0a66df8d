// Two replicas on one database, two seconds apart, one of which dies: each transition is said once, and the gate is right.
import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.js';
import { type Database, openDatabase } from '../../../src/db/open.js';
import { execute, type Kernel } from '../../../src/execute.js';
import { askGate, verdictGiven } from '../../../src/features/gate/index.js';
import { features } from '../../../src/features/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { leaseMs, makeWorker, type Worker } from '../../../src/worker.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

const skewMs = 2_000;
const automatic = Object.assign({}, ...features.map((feature) => feature.automatic ?? {}));

interface Replica {
  readonly worker: Worker;
  /** Its own clock. */
  now(): Date;
  /** From now on whatever it performs never ends: it holds its lanes, and is gone. */
  die(): void;
  asks(): Promise<string>;
  says(line: string): Promise<void>;
}

function openReplicas(desk: Desk) {
  const sent: string[] = [];
  let passed = 0;
  const { requestId: _id, now: _now, newId: _newId, ...asker } = desk.ask();
  const own = { ...asker, actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;
  const replica = (ahead: number, wireMs: () => number): Replica => {
    const db: Database = openDatabase(desk.url);
    onTestFinished(() => db.close());
    const kernel: Kernel = { ...desk.kernel, db };
    const now = () => new Date(desk.now.getTime() + ahead);
    let dead = false;
    const worker = makeWorker({
      ...{ kernel, log: silentLog, now },
      // It only yields: pushed, it would run out of the lease that the other one holds.
      wire: { now: wireMs, wait: () => new Promise((done) => setTimeout(done, 5)) },
      async perform({ kind }) {
        if (dead) return new Promise(() => {});
        if ('slot' in kind) sent.push(kind.slot);
        const made = kind.do === 'decide' ? automatic[kind.command] : undefined;
        return made && kind.do === 'decide' ? { command: made(kind.data), effects: [] } : [];
      },
      ...{ failure: () => null, answers: async () => true, givenUp: () => [] },
      ...{ askFor: () => own, ownAsk: () => own, record: (facts) => recordResult.given(facts) },
      automatic: (command, data) => automatic[command]?.(data) ?? null,
    });
    const askAs = (over: object) => ({ ...desk.ask('ana', over), now: now() });
    return {
      ...{ worker, now },
      die: () => {
        dead = true;
      },
      async asks() {
        const question = {
          ...{ source: '', key: null, kind: 'deploy' as const, title: null, artifact: null, url: null },
          ...{ previousArtifact: null, rollback: false, actor: null, exception: null, change: null },
          ...{ targets: [{ service: 'api', environment: 'prod', cluster: '' }], drill: false },
        } as const;
        const bound = askGate.given({
          question: { ...question, targets: [...question.targets] },
          callback: null,
          vouched: true,
        });
        const outcome = await execute(kernel, bound, askAs({ requestId: randomUUID() }));
        // Without a key it waits for nothing, so only what is frozen counts.
        const given = outcome.accepted && outcome.facts.find((each) => each.type === verdictGiven.type);
        return given ? verdictGiven.read(given).data.answer.decision : 'none';
      },
      async says(line) {
        const outcome = await execute(kernel, desk.bound(line), askAs({ requestId: randomUUID() }));
        expect(outcome.accepted, line).toBe(true);
      },
    };
  };
  return {
    sent,
    fast: replica(skewMs, () => Date.now()),
    slow: replica(0, () => Date.now() + passed),
    /** For the living one the leases of the dead are over. What the dead one still takes is over, too. */
    leasesEnd: () => {
      passed += leaseMs + 1_000;
    },
  };
}

async function toldOf(desk: Desk): Promise<string[]> {
  const facts = await desk.db.read.fact.findMany({
    where: { type: 'FreezeTold' },
    orderBy: { position: 'asc' },
  });
  return facts.map((each) => (each.data as { what: string }).what);
}

describe.each(engines)('on %s', (engine) => {
  test('each transition is recorded and said once, also when one replica dies with it in its hands', async () => {
    const desk = await openDesk(engine);
    desk.at('09:00');
    await desk.say('ana', '/freeze on the cluster is rebuilt on:api/prod from:12:00 until:16:00');
    const { sent, fast, slow, leasesEnd } = openReplicas(desk);
    const both = () => Promise.all([fast.worker.drain(), slow.worker.drain()]);
    await both();
    desk.now = new Date('2026-03-10T10:45:00Z');
    await both();
    expect(await toldOf(desk)).toEqual(['near']);

    // The fast one decides first, and is gone before it has said so.
    desk.now = new Date('2026-03-10T10:59:59Z');
    fast.die();
    void fast.worker.drain();
    await expect.poll(() => toldOf(desk)).toEqual(['near', 'began']);
    desk.now = new Date('2026-03-10T11:00:01Z');
    const before = sent.length;
    leasesEnd();
    await slow.worker.drain();
    expect(sent.length).toBeGreaterThan(before);
    expect(await toldOf(desk)).toEqual(['near', 'began']);

    for (const time of ['13:00', '14:30', '15:00', '15:01', '17:00']) {
      desk.at(time);
      await slow.worker.drain();
    }
    expect(await toldOf(desk)).toEqual(['near', 'began', 'reminded', 'ended']);
    // Of each fact one message in each place; what stays current is edited.
    const once = sent.filter((slot) => /^freeze\/[^/]+\/./.test(slot));
    expect(once.length).toBeGreaterThan(3);
    expect(new Set(once).size).toBe(once.length);
  });

  test('the gate is right on both: by the clock of whoever answers, and at once what the other recorded', async () => {
    const desk = await openDesk(engine);
    desk.at('09:00');
    const { fast, slow } = openReplicas(desk);
    await slow.says('/freeze on the cluster is rebuilt on:api/prod from:12:00 until:16:00');
    const at = async (time: string) => {
      desk.now = new Date(`2026-03-10T${time}Z`);
      return [await fast.asks(), await slow.asks()];
    };
    expect(await at('10:59:57')).toEqual(['allow', 'allow']);
    expect(await at('10:59:59')).toEqual(['deny', 'allow']);
    expect(await at('11:00:00')).toEqual(['deny', 'deny']);
    expect(await at('14:59:57')).toEqual(['deny', 'deny']);
    expect(await at('15:00:00')).toEqual(['allow', 'allow']);
    // No worker has run: nothing but the clock began it, and nothing but the clock ended it.
    expect(await toldOf(desk)).toEqual([]);

    // What the fast one records lies two seconds ahead of the slow one's clock, and counts all the same.
    desk.now = new Date('2026-03-10T17:00:00Z');
    await fast.says('/freeze on the proxy is restarted on:api/prod for:1h');
    expect([await fast.asks(), await slow.asks()]).toEqual(['deny', 'deny']);
    await fast.says('/freeze lift FRZ-2 done');
    expect([await fast.asks(), await slow.asks()]).toEqual(['allow', 'allow']);
  });
});
