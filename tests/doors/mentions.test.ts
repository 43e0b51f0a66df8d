// Mentions: a command only at the beginning of a message, and answered to those who may know.
import { expect, test } from 'vitest';
import { everything, rows } from '../helpers/record.js';
import { channelOf, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

test('a mention within a sentence is no command', async () => {
  const { world, channel } = await declared('declare writes are stuck sev:1');
  const { sandbox } = world;
  const ana = sandbox.person('ana');
  const before = everything(world.databaseUrl);
  await ana.say('resolve it? I asked @localapp', { channel });
  await ana.say(`<@${sandbox.person('bob').id}> resolve it or ask @localapp`, { channel });
  await world.settled();
  expect(everything(world.databaseUrl)).toEqual(before);
  expect(sandbox.ephemerals().filter((each) => each.via === 'chat.postEphemeral')).toEqual([]);
  await ana.say('  @localapp resolve it is back', { channel });
  await world.settled();
  expect(rows(world.databaseUrl, 'SELECT "status" FROM "Incident"')).toEqual([{ status: 'resolved' }]);
});

test('in the incident’s own place everybody reads the answer', async () => {
  const { world, channel } = await declared('declare writes are stuck sev:1');
  const said = await world.sandbox.person('ana').say('@localapp note we saw it', { channel });
  await world.settled();
  const thread = world.sandbox.messages(channel).filter((each) => each.threadTs === said.ts);
  expect(thread.filter((each) => each.user === world.sandbox.botUserId)).toHaveLength(1);
});

test('elsewhere only the sender does: a private incident stays private', async () => {
  const { world, channel } = await declared('declare writes are stuck sev:1');
  const { sandbox } = world;
  const ana = sandbox.person('ana');
  await ana.say('@localapp declare keys leaked private', { channel: 'incidents' });
  await world.settled();
  await ana.say('@localapp note INC-2 rotating the keys', { channel: 'incidents' });
  await ana.say('@localapp note INC-2 rotating the keys again', { channel });
  await ana.say('@localapp resolve INC-2 keys are rotated', { channel: 'incidents' });
  await world.settled();
  const ours = [...sandbox.messages('incidents'), ...sandbox.messages(channel)].filter(
    (each) => each.user === sandbox.botUserId,
  );
  expect(ours.filter((each) => /INC-2|keys/.test(each.text))).toEqual([]);
  expect(sandbox.ephemerals('ana').filter((each) => each.text.includes('INC-2'))).toHaveLength(4);
});

async function declared(line: string): Promise<{ world: World; channel: string }> {
  const world = await openWorld();
  await say(world, 'ana', line);
  return { world, channel: channelOf(world).name };
}
