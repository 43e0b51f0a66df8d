// Andon's own life: the sign of life goes out only while Andon really works, and after a gap it knows that it was away.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import { realWire, type Wire } from '../../src/core/wire.js';
import { gapMs, keepAlive, roundMaxMs, upEveryMs } from '../../src/outside/alive.js';
import { engines } from '../helpers/databases.js';
import { type Desk, openDesk } from '../helpers/desk.js';

interface Watcher {
  readonly url: string;
  readonly asked: string[];
  status: number;
}

async function openWatcher(): Promise<Watcher> {
  const watcher = { url: '', asked: [] as string[], status: 200 };
  const server = createServer((request, response) => {
    watcher.asked.push(`${request.method} ${request.url}`);
    response.writeHead(watcher.status).end('ok');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  watcher.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/secret`;
  return watcher;
}

function openLife(desk: Desk, url?: string) {
  const clock = { wire: 1_000_000_000_000, round: 1_000_000_000_000 };
  const wire: Wire = { now: () => clock.wire, wait: (_ms, signal) => realWire.wait(10, signal) };
  const warned: object[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warned.push(fields) };
  const alive = keepAlive({
    ...{ db: desk.db, workspace: desk.workspace, wire, log, url },
    ...{ now: () => desk.now, roundAt: () => clock.round },
  });
  return { alive, clock, warned };
}

const since = async (desk: Desk) =>
  (await desk.db.read.beat.findFirst({ where: { name: 'andon/since' } }))?.at.toISOString().slice(11, 16);

test('the sign of life goes out while the worker goes round and the database answers, else there is silence', async () => {
  const desk = await openDesk('sqlite');
  const watcher = await openWatcher();
  const { alive, clock, warned } = openLife(desk, watcher.url);
  expect(await alive.turn()).toBe(true);
  expect(watcher.asked).toEqual(['GET /ping/secret']);
  clock.wire += roundMaxMs + 1;
  expect(await alive.turn()).toBe(false);
  expect(await alive.turn()).toBe(false);
  expect(watcher.asked.length).toBe(1);
  // Said once, without the address, which may hold a secret.
  expect(warned).toEqual([{ reason: 'the worker does not go round' }]);
  clock.round = clock.wire;
  expect(await alive.turn()).toBe(true);
  watcher.status = 500;
  expect(await alive.turn()).toBe(false);
  expect(warned.at(-1)).toEqual({ reason: 'it was answered with HTTP 500' });
  watcher.status = 200;
  await desk.db.write((tx) => tx.$executeRawUnsafe('DROP TABLE "Beat"'));
  expect(await alive.turn()).toBe(false);
  expect(watcher.asked.length).toBe(3);
});

test('where nobody waits for it nothing is asked', async () => {
  const { alive } = openLife(await openDesk('sqlite'));
  expect(await alive.turn()).toBe(false);
});

test.each(engines)(
  '%s: a gap of half a minute is known, whoever was away, and a quick restart is none',
  async (engine) => {
    const desk = await openDesk(engine);
    desk.at('10:00');
    const first = openLife(desk);
    await first.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // The next sign, and a quick restart.
    first.clock.wire += upEveryMs;
    desk.at('10:01');
    await first.alive.awake();
    const second = openLife(desk);
    second.clock.wire = first.clock.wire + gapMs;
    await second.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // The first one slept, and the second did not: somebody listened.
    first.clock.wire = second.clock.wire + upEveryMs;
    await first.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // Both were away, or the database was.
    first.clock.wire += gapMs + 1;
    desk.at('11:00');
    await first.alive.awake();
    expect(await since(desk)).toBe('11:00');
  },
);

test('clocks of two replicas that differ by minutes are no gap, again and again', async () => {
  const desk = await openDesk('sqlite');
  desk.at('10:00');
  const [early, late] = [openLife(desk), openLife(desk)];
  late.clock.wire += 5 * 60_000;
  for (const each of [early, late]) await each.alive.awake();
  desk.at('10:01');
  for (let i = 0; i < 3; i += 1)
    for (const each of [early, late]) {
      each.clock.wire += upEveryMs;
      await each.alive.awake();
    }
  expect(await since(desk)).toBe('10:00');
});

test('Andon says that it is up while there is nothing else to do, and once in a while at most', async () => {
  const desk = await openDesk('sqlite');
  const { alive, clock } = openLife(desk);
  const up = async () => (await desk.db.read.beat.findFirst({ where: { name: 'andon/up' } }))?.at.getTime();
  await alive.awake();
  const began = clock.wire;
  clock.wire += 1_000;
  await alive.awake();
  expect(await up()).toBe(began);
  clock.wire += upEveryMs;
  alive.begin();
  await expect.poll(up).toBe(clock.wire);
  await alive.stop();
});
