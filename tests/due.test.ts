// What is to be decided later: once, when its time has come, whatever the replicas do and whenever one of them dies.
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Ask, Bound } from '../src/core/command.js';
import { accept, defineCommand, internalVerb, refuse } from '../src/core/command.js';
import type { Later } from '../src/core/effect.js';
import { defineFact, on } from '../src/core/fact.js';
import type { Feature } from '../src/core/feature.js';
import { silentLog } from '../src/core/log.js';
import { say } from '../src/core/message.js';
import { keepLater, nextDue } from '../src/db/due.js';
import { openDatabase } from '../src/db/open.js';
import { features } from '../src/features/index.js';
import { recordResult } from '../src/features/places/index.js';
import { makeWorker, type Worker } from '../src/worker.js';
import { engines } from './helpers/databases.js';
import { type Desk, type Engine, openDesk } from './helpers/desk.js';

const rang = defineFact('BellRang', z.object({ bell: z.string(), left: z.number() }), () => null);

interface Bell {
  readonly bell: string;
  /** How often it rings again, an hour later each time. */
  readonly left: number;
  readonly does: 'ring' | 'refuse' | 'break' | 'notYet';
}

/** Until then a bell that is not to ring yet is looked at each hour. */
const ripe = new Date('2026-03-10T13:00:00Z');

const ring = defineCommand<Bell, null, null>({
  verb: internalVerb('ring'),
  input: z.custom<Bell>(),
  locate: async (_tx, { bell }) => ({ streams: [`bell/${bell}`], target: null }),
  load: async () => null,
  decide(_state, { bell, left, does }, { now }) {
    if (does === 'break') throw new Error('the bell is broken');
    if (does === 'notYet' && now < ripe)
      return { accepted: false, refusal: { message: say('Not yet.'), again: hours(now, 1) } };
    if (does === 'refuse') return refuse(say('It need not ring.'));
    return accept([rang({ bell, left }, { stream: `bell/${bell}` })], say('Rang.'));
  },
});

const bells: Feature = {
  name: 'bells',
  facts: [rang],
  react: [
    on(rang, ({ data: { bell, left }, recordedAt }) =>
      left === 0 ? [] : [later(bell, hours(recordedAt, 1), { left: left - 1 })],
    ),
  ],
};

function later(bell: string, at: Date | null, over: { left?: number; does?: Bell['does'] } = {}): Later {
  return {
    key: `bell/${bell}`,
    at,
    command: 'bells.ring',
    data: { bell, left: over.left ?? 0, does: over.does ?? 'ring' },
  };
}

function hours(from: Date, count: number): Date {
  return new Date(from.getTime() + count * 3_600_000);
}

interface Tower {
  readonly desk: Desk;
  worker(over?: { url?: string }): Worker;
  /** Keeps what is to be decided later. */
  keep(...laters: Later[]): Promise<void>;
  rung(): Promise<{ bell: string; at: Date }[]>;
  waiting(): Promise<string[]>;
}

async function openTower(engine: Engine): Promise<Tower> {
  const desk = await openDesk(engine);
  const tower: Tower = {
    desk,
    worker({ url } = {}) {
      const db = url ? openDatabase(url) : desk.db;
      if (url) onTestFinished(() => db.close());
      const kernel = { db, features: [...features, bells], wake() {} };
      const { requestId: _id, now: _now, newId: _newId, ...ask } = desk.ask();
      const ownAsk = (): Omit<Ask, 'requestId' | 'now' | 'newId'> => ({
        ...ask,
        actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null },
      });
      return makeWorker({
        kernel,
        wire: { now: () => 0, wait: async () => {} },
        log: silentLog,
        now: () => desk.now,
        perform: async () => [],
        failure: () => null,
        answers: async () => true,
        givenUp: () => [],
        askFor: ownAsk,
        ownAsk,
        automatic: (command, data): Bound | null =>
          command === 'bells.ring' ? ring.given(data as Bell) : null,
        record: (facts) => recordResult.given(facts),
      });
    },
    keep: (...laters) => desk.db.write((tx) => keepLater(tx, desk.workspace.id, laters)),
    async rung() {
      const rows = await desk.db.read.fact.findMany({
        where: { type: rang.type },
        orderBy: { position: 'asc' },
      });
      return rows.map((row) => ({ bell: (row.data as { bell: string }).bell, at: row.recordedAt }));
    },
    waiting: async () => (await desk.db.read.due.findMany({ orderBy: { key: 'asc' } })).map((row) => row.key),
  };
  return tower;
}

describe.each(engines)('%s', (engine) => {
  test('nothing is decided before its time, and each thing once when it has come', async () => {
    const tower = await openTower(engine);
    const worker = tower.worker();
    await tower.keep(later('noon', hours(tower.desk.now, 1)), later('two', hours(tower.desk.now, 3)));
    await worker.drain();
    expect(await tower.rung()).toEqual([]);
    tower.desk.now = hours(tower.desk.now, 1);
    await worker.drain();
    await worker.drain();
    expect((await tower.rung()).map((it) => it.bell)).toEqual(['noon']);
    expect(await tower.waiting()).toEqual(['bell/two']);
  });

  test('what is not to be decided yet is looked at again when it says so, by one of two replicas', async () => {
    const tower = await openTower(engine);
    const workers = [tower.worker(), tower.worker({ url: tower.desk.url })];
    await tower.keep(later('noon', tower.desk.now, { does: 'notYet' }));
    for (const time of ['10:45', '11:15', '11:45', '12:45']) {
      tower.desk.at(time);
      for (const worker of workers) await worker.drain();
      expect(await tower.rung()).toEqual([]);
      expect(await tower.waiting()).toEqual(['bell/noon']);
    }
    tower.desk.at('13:45');
    for (const worker of workers) await worker.drain();
    expect((await tower.rung()).map((it) => it.bell)).toEqual(['noon']);
    expect(await tower.waiting()).toEqual([]);
  });

  test('what follows from a decision is due in its turn, counted from when it was decided', async () => {
    const tower = await openTower(engine);
    const worker = tower.worker();
    const first = tower.desk.now;
    await tower.keep(later('hourly', first, { left: 2 }));
    for (const after of [0, 1, 2, 3]) {
      tower.desk.now = hours(first, after);
      await worker.drain();
    }
    expect((await tower.rung()).map((it) => it.at)).toEqual([first, hours(first, 1), hours(first, 2)]);
    expect(await tower.waiting()).toEqual([]);
  });

  test('one of the same key takes the place of the other, and can be called off', async () => {
    const tower = await openTower(engine);
    const { now } = tower.desk;
    await tower.keep(later('a', hours(now, 1)), later('b', hours(now, 1)));
    await tower.keep(later('a', hours(now, 5)), later('b', null));
    tower.desk.now = hours(now, 2);
    await tower.worker().drain();
    expect(await tower.rung()).toEqual([]);
    expect(await tower.waiting()).toEqual(['bell/a']);
  });

  test('what there is no reason to decide any more is left at that', async () => {
    const tower = await openTower(engine);
    await tower.keep(later('quiet', tower.desk.now, { does: 'refuse' }));
    await tower.worker().drain();
    expect(await tower.rung()).toEqual([]);
    expect(await tower.waiting()).toEqual([]);
  });

  test('a fault holds up nothing else, and it is tried again', async () => {
    const tower = await openTower(engine);
    await tower.keep(later('broken', tower.desk.now, { does: 'break' }), later('whole', tower.desk.now));
    await tower.worker().drain();
    expect((await tower.rung()).map((it) => it.bell)).toEqual(['whole']);
    const due = await nextDue(tower.desk.db);
    expect(due?.getTime()).toBe(tower.desk.now.getTime() + 60_000);
    // Mended meanwhile.
    await tower.desk.db.write((tx) =>
      tx.due.updateMany({ data: { data: { bell: 'broken', left: 0, does: 'ring' } } }),
    );
    tower.desk.now = hours(tower.desk.now, 1);
    await tower.worker().drain();
    expect((await tower.rung()).map((it) => it.bell)).toEqual(['whole', 'broken']);
  });

  test('a name that this version does not know is left out', async () => {
    const tower = await openTower(engine);
    await tower.keep({ ...later('old', tower.desk.now), command: 'bells.of.yore' });
    await tower.worker().drain();
    expect(await tower.waiting()).toEqual([]);
  });

  test('a replica that died before it had cleared away what it decided leaves nothing to be decided twice', async () => {
    const tower = await openTower(engine);
    await tower.keep(later('once', tower.desk.now));
    const [row] = await tower.desk.db.read.due.findMany();
    await tower.worker().drain();
    // As if the row had been read before it went.
    await tower.desk.db.write((tx) =>
      tx.due.create({
        data: { ...(row as NonNullable<typeof row>), data: { bell: 'once', left: 0, does: 'ring' } },
      }),
    );
    await tower.worker().drain();
    expect(await tower.rung()).toHaveLength(1);
    expect(await tower.waiting()).toEqual([]);
  });
});

test.runIf(engines.includes('postgresql'))(
  'of two replicas at once each thing is decided by one',
  async () => {
    const tower = await openTower('postgresql');
    const many = Array.from({ length: 40 }, (_, i) => later(`bell-${i}`, tower.desk.now));
    await tower.keep(...many);
    const workers = [tower.worker(), tower.worker({ url: tower.desk.url })];
    await Promise.all(workers.map((worker) => worker.drain()));
    const rung = (await tower.rung()).map((it) => it.bell);
    expect(rung).toHaveLength(40);
    expect(new Set(rung).size).toBe(40);
    expect(await tower.waiting()).toEqual([]);
  },
);
