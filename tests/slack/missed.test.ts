// What was said to Andon: answered once, in the order in which it was said, however often Andon stops and starts.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { everything } from '../helpers/record.js';
import { openIncident, told, whispers } from '../helpers/sources.js';

describe.each(engines)('on %s', (engine) => {
  test('a mention that was refused is not carried out after a restart, though it would be accepted then', async () => {
    const world = await openIncident({ engine });
    const { sandbox, channel } = world;
    const incident = () => world.app.db.read.incident.findFirstOrThrow();
    const { severity } = await incident();
    const before = whispers(world, 'bob').length;
    await sandbox.person('bob').say(`<@${sandbox.botUserId}> severity ${severity}`, { channel });
    await world.settled();
    expect(whispers(world, 'bob')).toHaveLength(before + 1);
    await world.pass({ seconds: 10 });
    await sandbox.person('ana').command('/incident severity sev1 it is worse', { channel });
    await world.settled();
    await world.restart();
    await world.settled();
    expect((await incident()).severity).toBe('SEV1');
    expect(whispers(world, 'bob')).toHaveLength(before + 1);
  });
});

test('a question, and words that are no command, are answered once', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bot = `<@${sandbox.botUserId}>`;
  const before = whispers(world, 'bob').length;
  await sandbox.person('bob').say(`${bot} roles`, { channel });
  await sandbox.person('bob').say(`${bot} severity purple`, { channel });
  await world.settled();
  const answers = whispers(world, 'bob').slice(before);
  expect(answers).toHaveLength(2);
  await world.pass({ seconds: 10 });
  await world.restart();
  await world.settled();
  expect(whispers(world, 'bob').slice(before)).toEqual(answers);

  // More than an hour later neither is said to have been missed.
  await world.restart(async () => world.at('2026-03-10T12:30:00Z'));
  await world.settled();
  expect(sandbox.messages(channel).filter((each) => each.text.startsWith('While I was away'))).toEqual([]);
});

test('what was said in a thread and in the channel is carried out in the order in which it was said', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bob = sandbox.person('bob');
  const bot = `<@${sandbox.botUserId}>`;
  const root = await bob.say('at work', { channel });
  await world.settled();
  await world.restart(async () => {
    world.at('2026-03-10T10:40:00Z');
    await bob.say(`${bot} status identified bad merge`, { channel, threadTs: root.ts });
    world.at('2026-03-10T10:50:00Z');
    await bob.say(`${bot} resolve rolled back`, { channel });
    world.at('2026-03-10T10:55:00Z');
  });
  await world.settled();
  const incident = await world.app.db.read.incident.findFirstOrThrow();
  expect(incident).toMatchObject({ status: 'resolved', resolvedAt: new Date('2026-03-10T10:50:00Z') });
});

test('what was said on several pages is carried out in the order in which it was said', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bob = sandbox.person('bob');
  const bot = `<@${sandbox.botUserId}>`;
  await world.restart(async () => {
    world.at('2026-03-10T10:40:00Z');
    await bob.say(`${bot} severity sev1`, { channel });
    for (let i = 0; i < 105; i += 1) await bob.say(`line ${i}`, { channel });
    world.at('2026-03-10T10:50:00Z');
    await bob.say(`${bot} severity sev3 a false alarm`, { channel });
    world.at('2026-03-10T10:55:00Z');
  });
  await world.settled();
  expect((await world.app.db.read.incident.findFirstOrThrow()).severity).toBe('SEV3');
  expect((await told(world)).filter((text) => text.startsWith('Severity'))).toHaveLength(2);
});

test('a mention that was deleted before Andon came back asks for nothing', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bob = sandbox.person('bob');
  await world.restart(async () => {
    const root = await bob.say('a thread', { channel });
    const said = await bob.say(`<@${sandbox.botUserId}> resolve`, { channel, threadTs: root.ts });
    await bob.remove(channel, said.ts);
  });
  await world.settled();
  expect((await world.app.db.read.incident.findFirstOrThrow()).status).toBe('investigating');
});

test('what was answered to one person is not kept, so that a redaction leaves nothing of it', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const ana = sandbox.person('ana');
  await ana.command('/incident note the password is hunter2', { channel });
  await world.settled();
  await sandbox.person('bob').say(`<@${sandbox.botUserId}> timeline all`, { channel });
  await world.settled();
  expect(whispers(world, 'bob').at(-1)).toContain('hunter2');
  const entry = await world.app.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter2' } } });
  await ana.command(`/incident redact ${entry.seq} a password`, { channel });
  await world.settled();
  expect(JSON.stringify(everything(world.databaseUrl))).not.toContain('hunter2');
});
