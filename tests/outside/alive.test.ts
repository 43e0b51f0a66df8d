// Andon's own life: the sign of life goes out only while Andon really works, and after a gap it knows that it was away.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/core/log.js';
import type { Wire } from '../../src/core/wire.js';
import { gapMs, keepAlive, roundMaxMs } from '../../src/outside/alive.js';
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
  const wire: Wire = { now: () => clock.wire, wait: async () => {} };
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
  '%s: a gap is known, whoever was away, and a restart within minutes is none',
  async (engine) => {
    const desk = await openDesk(engine);
    desk.at('10:00');
    const first = openLife(desk);
    await first.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // The next round, and a quick restart.
    first.clock.wire += 60_000;
    desk.at('10:01');
    await first.alive.awake();
    const second = openLife(desk);
    second.clock.wire = first.clock.wire + gapMs;
    desk.at('10:04');
    await second.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // The first one slept, and the second did not: somebody listened.
    first.clock.wire = second.clock.wire + 59_000;
    await first.alive.awake();
    expect(await since(desk)).toBe('10:00');
    // Both were away, or the database was.
    first.clock.wire += gapMs + 1;
    desk.at('11:00');
    await first.alive.awake();
    expect(await since(desk)).toBe('11:00');
  },
);
