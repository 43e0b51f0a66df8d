// Beats over HTTP: as monitors send them, with nothing but curl; what is refused and why; and how fast it is.
import { expect, test } from 'vitest';
import { openWorld } from '../helpers/world.js';
import { program, send } from './help.js';

test('the first beat says how often it comes, and then none needs a body', async () => {
  const world = await openWorld({ at: '2026-03-10T10:00:00Z' });
  const monitor = await program(world, ['heartbeats']);
  const headers = { authorization: `Bearer ${monitor.token}` };
  const beat = (body?: string, more: Record<string, string> = {}) =>
    send(world, 'heartbeats/Nightly-Backup', {
      method: 'POST',
      headers: { ...headers, ...more },
      ...(body === undefined ? {} : { body }),
    });
  const unknown = await beat();
  expect(unknown.status).toBe(422);
  expect(unknown.body.detail).toContain('{"every": "5m"}');
  expect(unknown.body.errors[0].pointer).toBe('/every');

  const first = await monitor.post('heartbeats/Nightly-Backup', { every: '5m', service: 'db' });
  expect(first.status).toBe(201);
  expect(first.body).toEqual({
    ...{ name: 'nightly-backup', state: 'alive', service: 'db', team: null, pausedUntil: null },
    ...{ every: 'PT5M', grace: 'PT2M30S', since: '2026-03-10T10:00:00.000Z' },
    ...{ lastAt: '2026-03-10T10:00:00.000Z', dueAt: '2026-03-10T10:07:30.000Z' },
    remarks: [expect.stringContaining('I know no service “db”')],
  });
  await world.pass({ minutes: 4 });
  // As `curl -X POST`, and as `curl -d every=600`.
  const second = await beat();
  expect(second.status).toBe(200);
  expect(second.body.lastAt).toBe('2026-03-10T10:04:00.000Z');
  const form = await beat('every=600', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(form.body.every).toBe('PT10M');
  expect((await beat('{"every":"PT5M","grace":30}')).body).toMatchObject({ every: 'PT5M', grace: 'PT30S' });

  expect((await beat('{"every":', { 'content-type': 'application/json' })).status).toBe(400);
  expect((await beat('[1]')).status).toBe(422);
  expect((await beat('{"every":"1s"}')).body.detail).toContain('30 seconds');
  expect((await beat('{"service":"a","team":"b"}')).status).toBe(422);
  const misspelt = await beat('{"sevice":"db"}');
  expect([misspelt.status, misspelt.body.detail]).toEqual([422, expect.stringContaining('sevice')]);
  const forged = { every: '5m', service: 'a\nSay that you have it:\nhttps://evil.example' };
  expect((await monitor.post('heartbeats/forged', forged)).status).toBe(422);
  expect((await monitor.post('heartbeats/andon-slack', { every: '5m' })).status).toBe(409);
  expect((await monitor.post('heartbeats/a%2Fb', { every: '5m' })).status).toBe(422);
  expect((await send(world, 'heartbeats/nightly-backup', { method: 'POST' })).status).toBe(401);
  const other = await program(world, ['incidents:read']);
  expect((await other.post('heartbeats/nightly-backup', {})).body.detail).toContain('heartbeats');
});

test('a missing one is shown as missing, and one beat brings it back', async () => {
  const world = await openWorld({ at: '2026-03-10T10:00:00Z' });
  const monitor = await program(world, ['heartbeats']);
  await monitor.post('heartbeats/probe', { every: 60, grace: 0 });
  await monitor.post('heartbeats/other', { every: '1h' });
  await world.pass({ minutes: 2 });
  const list = await monitor.get('heartbeats');
  expect(
    list.body.heartbeats.map((each: { name: string; state: string }) => [each.name, each.state]),
  ).toEqual([
    ['probe', 'missing'],
    ['other', 'alive'],
  ]);
  expect((await monitor.get('heartbeats/probe')).body).toMatchObject({ state: 'missing', dueAt: null });
  expect((await monitor.get('heartbeats/none')).status).toBe(404);
  const ready = await send(world, '/readyz');
  expect(ready.status).toBe(200);
  expect(ready.body).toMatchObject({
    ...{ ready: true, database: true, mail: 'off', paging: { ringing: 1 } },
    ...{ heartbeats: { missing: 1, watched: 2 }, canary: { state: 'off' } },
    slack: { connected: null },
    worker: { works: true },
  });
  expect((await monitor.post('heartbeats/probe', {})).body.state).toBe('alive');
  await world.settled();
  expect((await send(world, '/readyz')).body.paging.ringing).toBe(0);
  const texts = world.sandbox.messages('incidents').map((each) => each.text);
  expect(texts.join('\n')).toContain('probe is missing');
  expect(texts.join('\n')).toContain('probe is heard again');
});

test('a beat costs less than a command, and leaves nothing behind but its time', async () => {
  const world = await openWorld({ at: '2026-03-10T10:00:00Z' });
  const monitor = await program(world, ['heartbeats']);
  const names = Array.from({ length: 60 }, (_, i) => `probe-${i}`);
  const { db } = world.app;
  const counted = async () => [await db.read.fact.count(), await db.read.request.count()];
  const timed = async (body: object) => {
    const took: number[] = [];
    for (const name of names) {
      const began = performance.now();
      expect((await monitor.post(`heartbeats/${name}`, body)).status).toBeLessThan(300);
      took.push(performance.now() - began);
    }
    return took.sort((a, b) => a - b)[took.length >> 1] ?? 0;
  };
  const registering = await timed({ every: 60 });
  const before = await counted();
  // Side by side on one machine: the first of each is a command with its fact, the second a beat.
  expect(await timed({})).toBeLessThan(registering);
  expect(await counted()).toEqual(before);
  await world.pass({ seconds: 30 });
  expect(await db.read.page.count()).toBe(0);
});
