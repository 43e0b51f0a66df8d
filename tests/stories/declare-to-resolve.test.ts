// A whole incident, from the words of somebody just woken to the draft in the channel.
import { expect, test } from 'vitest';
import { openWorld } from '../helpers/world.js';

test('an incident goes from declare to its draft', async () => {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  const ana = world.sandbox.person('ana');
  const declared = await ana.command(
    '/incident declare writes are stuck sev:1 on:api/prod started:10:22 UTC',
    { channel: 'general' },
  );
  console.log(declared.reply?.text, declared.error);
  await world.settled();
  console.log(
    world.sandbox
      .channels()
      .map((c) => [c.name, c.topic, c.purpose, c.members.length, c.pins.length, c.bookmarks.length]),
  );
  const name = world.sandbox.channels().find((c) => c.name.startsWith('inc-1'))?.name ?? '';
  for (const text of [
    '/incident note 10:30 UTC observation: all writes time out',
    '/incident role commander me',
    '/incident role comms @bob',
    '/incident severity 2',
    '/incident status identified bad merge',
    '/incident affects api/prod degraded',
    '/incident note hypothesis: disk is full',
    '/incident strike 8 it is not',
    '/incident timeline',
    '/incident list',
    '/incident show',
    '/incident roles',
    '/incident status monitoring',
    '/incident resolve all good',
    '/incident help',
    '/incident bogus',
    '/incident export json',
  ]) {
    const out = await ana.command(text, { channel: name });
    console.log('>', text, '\n', out.ok, out.error, out.reply?.text);
    await world.settled();
  }
  for (const m of world.sandbox.messages(name)) console.log('#', m.text, m.subtype);
  for (const m of world.sandbox.messages('incidents')) console.log('@', m.text);
  console.log(world.sandbox.files()[0]?.content.toString());
  console.log(
    world.sandbox.calls.map((c) => c.method + ' ' + c.answer?.ok + ' ' + (c.answer?.error ?? '')).join('\n'),
  );
  expect(declared.ok).toBe(true);
});
