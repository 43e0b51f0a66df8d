// Idempotency-Key: a request that comes twice does one thing, and is answered twice.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('the same key and body does it once and answers the same, also much later', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    const declare = () => ci.post('incidents', { title: 'writes are stuck' }, { 'idempotency-key': 'a' });
    const first = await declare();
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const note = () =>
      ci.post('incidents/1/timeline', { text: 'hello', time: '5m ago' }, { 'idempotency-key': 'b' });
    const noted = await note();
    await ci.post('incidents/1/status', { status: 'identified' });
    await world.pass({ hours: 3 });
    const second = await declare();
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await note()).text).toBe(noted.text);
    expect(await world.app.db.read.incident.count()).toBe(1);
    expect(await world.app.db.read.entry.count()).toBe(3);
  });

  test('many at the same moment do it once', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        ci.post('incidents/1/timeline', { text: 'once' }, { 'idempotency-key': 'k' }),
      ),
    );
    expect(new Set(answers.map((each) => each.text)).size).toBe(1);
    expect(answers.map((each) => each.status)).toEqual(Array(8).fill(201));
    expect(answers.filter((each) => each.headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await world.app.db.read.entry.count({ where: { text: 'once' } })).toBe(1);
    // The control: without a key each is one of its own.
    await Promise.all(Array.from({ length: 3 }, () => ci.post('incidents/1/timeline', { text: 'thrice' })));
    expect(await world.app.db.read.entry.count({ where: { text: 'thrice' } })).toBe(3);
  });

  test('the same key with another body or address is refused, and another token has its own keys', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    const key = { 'idempotency-key': 'k' };
    await ci.post('incidents', { title: 'writes are stuck' });
    await ci.post('incidents/1/timeline', { text: 'one' }, key);
    for (const [path, body] of [
      ['incidents/1/timeline', { text: 'two' }],
      ['incidents/1/timeline', { text: 'one', kind: 'note' }],
      ['incidents', { title: 'one' }],
    ] as const) {
      const answer = await ci.post(path, body, key);
      expect(answer.status).toBe(422);
      expect(answer.body.type).toBe('urn:andon:problem:idempotency-key-reused');
    }
    // Members in another order say the same.
    expect((await ci.post('incidents/1/timeline', '{ "text" : "one" }', key)).status).toBe(201);
    const other = await program(world);
    expect((await other.post('incidents/1/timeline', { text: 'two' }, key)).status).toBe(201);
    expect(await world.app.db.read.entry.count({ where: { kind: 'note' } })).toBe(2);
  });

  test('what was refused did not use its key up', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    const key = { 'idempotency-key': 'k' };
    expect((await ci.post('incidents/1/timeline', { text: 'one' }, key)).status).toBe(404);
    await ci.post('incidents', { title: 'writes are stuck' });
    expect((await ci.post('incidents/1/timeline', { text: 'one' }, key)).status).toBe(201);
  });
});

test('two declarations alike without a key are two incidents', async () => {
  const world = await openWorld();
  const ci = await program(world);
  expect((await ci.post('incidents', { title: 'writes are stuck' })).body.number).toBe(1);
  expect((await ci.post('incidents', { title: 'writes are stuck' })).body.number).toBe(2);
});

test('a request that was redacted since is not answered with its words', async () => {
  const world = await openWorld();
  const ci = await program(world);
  await ci.post('incidents', { title: 'writes are stuck' });
  const note = () =>
    ci.post('incidents/1/timeline', { text: 'the password is hunter2' }, { 'idempotency-key': 'k' });
  await note();
  await world.settled();
  await world.sandbox.person('ana').command('/incident redact INC-1 #2 a password', { channel: 'general' });
  const again = await note();
  expect(again.status).toBe(410);
  expect(again.text).not.toContain('hunter2');
  expect(await world.app.db.read.entry.count({ where: { kind: 'note' } })).toBe(1);
});

test('a key that is no key is refused', async () => {
  const world = await openWorld();
  const ci = await program(world);
  const answer = await ci.post('incidents', { title: 'x' }, { 'idempotency-key': 'k'.repeat(256) });
  expect(answer.status).toBe(422);
  expect(answer.body.detail).toContain('1 to 255 printable ASCII characters');
});
