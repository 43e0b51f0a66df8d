// Problems at the door: each is RFC 9457's, with its status, and never more than people may know.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Fault } from '../../src/core/faults.js';
import { makeSurface } from '../../src/core/surface.js';
import { isDatabaseAway } from '../../src/db/away.js';
import { hooksOf } from '../../src/db/hooks.js';
import { openDatabase } from '../../src/db/open.js';
import { tellingPagersOf } from '../../src/db/pager-back.js';
import { sealOf } from '../../src/db/seal.js';
import { features } from '../../src/features/index.js';
import { apiDoor } from '../../src/http/door.js';
import { holdWriteLock } from '../helpers/record.js';
import { openWorld } from '../helpers/world.js';
import { program, send } from './help.js';

const json = { 'content-type': 'application/json' };

test('addresses and methods that there are not', async () => {
  const world = await openWorld();
  const ci = await program(world);
  for (const path of ['/', '/nope', 'nope', 'incidents/', 'incidents/x', 'incidents/1/nope', '/slackish']) {
    const answer = await ci.get(path);
    expect(answer.status, path).toBe(404);
    expect(answer.body.type, path).toBe('urn:andon:problem:no-such-route');
  }
  const wrong = await ci.post('incidents/1', {});
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('GET');
  expect((await send(world, 'incidents', { method: 'DELETE' })).headers.get('allow')).toBe('GET, POST');
  expect((await send(world, '/healthz', { method: 'POST' })).status).toBe(405);
});

test('bodies that are not JSON, not said to be, or too large', async () => {
  const world = await openWorld();
  const ci = await program(world);
  expect((await ci.post('incidents', '{"title": ')).status).toBe(400);
  expect((await ci.post('incidents', '')).status).toBe(400);
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
  ])
    expect((await ci.post('incidents', '{"title":"x"}', { 'content-type': type })).status, type).toBe(415);
  const withCharset = { 'content-type': 'application/json; charset=utf-8' };
  expect((await ci.post('incidents', '{"title":"x"}', withCharset)).status).toBe(201);
  for (const size of [256 * 1024, 3_000_000]) {
    const answer = await ci.post('incidents', { title: 'x'.repeat(size) });
    expect(answer.status).toBe(413);
    expect(answer.body.type).toBe('urn:andon:problem:too-large');
  }
  // What comes in pieces is counted as it comes.
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 40; i += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
      controller.close();
    },
  });
  const streamed = await send(world, 'incidents', {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${ci.token}` },
    body: stream,
    duplex: 'half',
  } as RequestInit);
  expect(streamed.status).toBe(413);
  expect(await world.app.db.read.incident.count()).toBe(1);
});

test('every answer names its request, may not be cached, and is what it says it is', async () => {
  const world = await openWorld();
  const ci = await program(world);
  for (const answer of [await ci.get('incidents'), await ci.get('nope'), await send(world, 'incidents')]) {
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (answer.status >= 400) expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  }
});

test('a fault is logged once, and says nothing of its inside', async () => {
  const world = await openWorld();
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);
  const door = apiDoor({
    kernel: world.app.kernel,
    surface: makeSurface(features),
    routes: features.flatMap((feature) => feature.routes ?? []),
    log: { debug: log, info: log, warn: log, error: log },
    now: world.now,
    ready: async () => true,
    token: async () => {
      throw new Error('SELECT secret FROM internal');
    },
    used: async () => {},
    hooks: hooksOf(world.app.db, sealOf(world.databaseUrl, undefined)),
    pagers: tellingPagersOf(world.app.db, sealOf(world.databaseUrl, undefined)),
    isDatabaseAway,
    links: { to: () => '', attemptIn: () => null },
    github: { apiUrl: 'https://api.github.com', answers: false },
  });
  const answer = await door.fetch(
    new Request('http://andon/api/v1/incidents', { headers: { authorization: 'Bearer andon_x' } }),
  );
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).not.toContain('internal');
  expect(text).not.toContain('at ');
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatchObject({ requestId: JSON.parse(text).requestId });
});

test('where the database does not answer, or too much comes at once, a program is told when to send again', async () => {
  const away = openDatabase('postgresql://andon:andon@127.0.0.1:1/andon');
  const world = await openWorld();
  const ci = await program(world);
  const thrown = await away.read.apiToken.findFirst().catch((error: unknown) => error);
  await away.close();
  const busy = new Fault(
    'busy',
    'alert: no turn in time',
    'Too much of this comes at once, and this was not recorded.',
  );
  for (const [error, words] of [
    [thrown, 'The database does not answer. Nothing was recorded. Send it again in 5 seconds.'],
    [busy, 'Too much of this comes at once. Nothing was recorded. Send it again in 5 seconds.'],
  ] as const) {
    const failing = vi.spyOn(world.app.db, 'of').mockImplementation(() => {
      throw error;
    });
    const answer = await ci.post('incidents', { title: 'writes are stuck' });
    failing.mockRestore();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body.detail).toBe(words);
  }
  expect(await world.app.db.read.incident.count()).toBe(0);
});

test('what was begun is answered before Andon stops', async () => {
  const world = await openWorld();
  const ci = await program(world);
  await ci.post('incidents', { title: 'writes are stuck' });
  const letGo = holdWriteLock(world.databaseUrl);
  const answers = Array.from({ length: 20 }, (_, i) =>
    ci.post('incidents/1/timeline', { text: `note ${i}` }).then(
      (answer) => answer.status,
      () => 'cut',
    ),
  );
  // Some of them wait for the database when Andon is told to stop; those that it has not begun are cut.
  const restarted = wait(500).then(() => world.restart());
  void wait(800).then(letGo);
  const statuses = await Promise.all(answers);
  await restarted;
  expect(statuses[0]).toBe(201);
  const recorded = await world.app.db.read.entry.count({ where: { kind: 'note' } });
  expect(statuses.filter((status) => status === 201)).toHaveLength(recorded);
  expect(statuses.filter((status) => status === 'cut')).toHaveLength(20 - recorded);
});

test('half a request does not keep others waiting', async () => {
  const world = await openWorld();
  const ci = await program(world);
  const socket = connect(world.app.port, '127.0.0.1');
  socket.write(
    `POST /api/v1/incidents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ci.token}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"title"`,
  );
  expect((await ci.post('incidents', { title: 'writes are stuck' })).status).toBe(201);
  socket.destroy();
  expect((await ci.get('incidents')).body.incidents).toHaveLength(1);
});
