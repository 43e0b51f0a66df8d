// Undo, where what was said last is of no incident: it says so, and takes back nothing else instead.
import { expect, test } from 'vitest';
import { openDesk } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';

test.each([
  ['page @eve wrong person', '/incident withdraw PAGE-1 REASON'],
  ['schedule primary zone:UTC', '/incident unschedule primary'],
  ['heartbeat nightly every:1d', '/incident forget nightly'],
  ['/change announce a new proxy on:proxy/prod begun', '/change help'],
])('%s cannot be taken back, and neither is what was said before it', async (line, instead) => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', 'declare writes are stuck');
  await says(desk, 'ana', 'note INC-1 the disk is full');
  await says(desk, 'ana', line);
  await says(desk, 'bob', 'note INC-1 and slow');
  const answer = await refused(desk, 'ana', 'undo');
  expect(answer).toContain('cannot be taken back by /incident undo');
  expect(answer).toContain(instead);

  await desk.db.write((tx) => tx.incident.updateMany({ data: { placeKind: 'channel', channelId: 'C0INC' } }));
  const here = await desk.say('ana', 'undo', { channelId: 'C0INC' });
  expect([here.accepted, here.text]).toEqual([false, expect.stringContaining('/incident undo INC-1')]);
  expect((await desk.say('bob', 'undo', { channelId: 'C0INC' })).text).toContain('Undone: #3 the note');
  // Whoever names an incident means that one.
  expect(await says(desk, 'ana', 'undo INC-1')).toContain('Undone: #2 the note');
});

test('of an acknowledged page without an incident it says who can be called', async () => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', 'page @eve look');
  await says(desk, 'bob', 'ack PAGE-1');
  expect(await refused(desk, 'bob', 'undo')).toContain('/incident escalate PAGE-1');
});

test('what was said on an incident since, or longer ago than a minute, is in nobody’s way', async () => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', 'page @eve look');
  await says(desk, 'ana', 'declare writes are stuck');
  await desk.db.write((tx) => tx.incident.updateMany({ data: { placeKind: 'channel', channelId: 'C0INC' } }));
  await says(desk, 'ana', 'note INC-1 the disk is full');
  expect((await desk.say('ana', 'undo', { channelId: 'C0INC' })).accepted).toBe(true);
  await says(desk, 'ana', 'page @bob look');
  desk.now = new Date(desk.now.getTime() + 61_000);
  expect(await refused(desk, 'ana', 'undo')).toContain('Which incident?');
});
