// A status over HTTP of an earlier time than the present one: the answer says which one is that of now.
import { expect, test } from 'vitest';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

test('a status of an earlier time is recorded, and the answer gives the present one', async () => {
  const world = await openWorld({ at: '2026-03-10T11:00:00Z' });
  const ci = await program(world);
  await ci.post('incidents', { title: 'writes are stuck' });
  await ci.post('incidents/1/status', { status: 'resolved', time: '10:50 UTC' });
  const late = await ci.post('incidents/1/status', { status: 'identified', time: '10:35 UTC' });
  expect(late.status).toBe(200);
  expect(late.body).toMatchObject({
    status: 'resolved',
    entry: { occurredAt: '2026-03-10T10:35:00.000Z' },
  });
  expect(late.body.reply).toContain('INC-1 stays resolved');
  expect((await ci.get('incidents/1')).body).toMatchObject({
    status: 'resolved',
    resolvedAt: '2026-03-10T10:50:00.000Z',
  });
  await world.settled();
  const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
  expect(channel?.messages.map(({ text }) => text).join('\n')).toContain(
    'status identified; resolved came later and stays',
  );
});
