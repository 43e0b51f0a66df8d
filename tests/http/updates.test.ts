// Updates over HTTP: reading what those outside were told, and telling them.
import { expect, test } from 'vitest';
import { say } from '../helpers/talk.js';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

test('an update is given and read, with when the next one is due', async () => {
  const world = await openWorld();
  const ci = await program(world);
  await say(world, 'ana', 'declare writes are stuck sev:1');
  expect((await ci.get('incidents/1/updates')).body).toEqual({
    updates: [],
    nextDueAt: '2026-03-10T11:00:00.000Z',
  });
  const given = await ci.post('incidents/1/updates', { text: 'Writes fail for some', next: 'PT45M' });
  expect(given.status).toBe(201);
  expect(given.body).toMatchObject({
    number: 1,
    text: 'Writes fail for some',
    at: '2026-03-10T10:30:00.000Z',
    nextAt: '2026-03-10T11:15:00.000Z',
  });
  expect(given.body.reply).toContain('Update 1 of INC-1');
  await ci.post('incidents/1/updates', { text: 'A repair is in', next: '2026-03-10T12:00:00Z' });
  const { body } = await ci.get('incidents/INC-1/updates');
  expect(body.updates.map((each: { number: number; text: string }) => [each.number, each.text])).toEqual([
    [2, 'A repair is in'],
    [1, 'Writes fail for some'],
  ]);
  expect(body.nextDueAt).toBe('2026-03-10T12:00:00.000Z');
});

test('what cannot be read is refused, and a private incident is not there', async () => {
  const world = await openWorld();
  const ci = await program(world);
  await say(world, 'ana', 'declare writes are stuck');
  expect((await ci.post('incidents/1/updates', { text: '' })).status).toBe(422);
  expect((await ci.post('incidents/1/updates', { text: 'soon', next: 'nonsense' })).status).toBe(422);
  expect((await ci.post('incidents/1/updates', { words: 'soon' })).status).toBeGreaterThanOrEqual(400);
  await say(world, 'ana', 'declare the vault leaks private');
  await say(world, 'ana', 'update INC-2 the secret word');
  const answer = await ci.get('incidents/2/updates');
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain('secret');
  const reader = await program(world, ['incidents:read']);
  expect((await reader.post('incidents/1/updates', { text: 'words' })).status).toBe(403);
});
