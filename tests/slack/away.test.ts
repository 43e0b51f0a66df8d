// What happened while Andon was away, beyond the incident's own channel of the last days.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { counted, openIncident, told } from '../helpers/sources.js';
import { openWorld } from '../helpers/world.js';

describe.each(engines)('on %s', (engine) => {
  test('whoever left a private incident reads no more of it, and whoever was invited may', async () => {
    const world = await openIncident({ engine }, ' private');
    const { sandbox, channel } = world;
    const show = async (name: string) =>
      (await sandbox.person(name).command('/incident show INC-1', { channel: 'general' })).reply?.text ?? '';
    expect(await show('bob')).toContain('writes are stuck');
    expect(await show('dee')).not.toContain('writes are stuck');
    await world.restart(async () => {
      await sandbox.person('bob').leave(channel);
      await sandbox.person('ana').invite(channel, 'dee');
    });
    await world.settled();
    expect(await show('bob')).not.toContain('writes are stuck');
    expect(await show('chen')).toContain('writes are stuck');
    expect(await show('dee')).toContain('writes are stuck');
    const members = (await told(world)).filter((text) => / left$| was let in$/.test(text));
    expect(members.slice(-2).sort()).toEqual(['bob left', 'dee was let in']);

    // Nothing changed since.
    const facts = await world.app.db.read.fact.count();
    await world.restart();
    await world.settled();
    expect(await world.app.db.read.fact.count()).toBe(facts);
  });
});

test('whoever left a private incident that is over reads no more of it either', async () => {
  const world = await openIncident({}, ' private');
  const { sandbox, channel } = world;
  await sandbox.person('ana').command('/incident resolve', { channel });
  await sandbox.person('ana').command('/incident close', { channel });
  await world.pass({ hours: 24 * 30 });
  await world.restart(() => sandbox.person('bob').leave(channel));
  await world.settled();
  const asked = await sandbox.person('bob').command('/incident show INC-1', { channel: 'general' });
  expect(asked.reply?.text).not.toContain('writes are stuck');
});

test.each(['could not be', 'was not yet'])(
  'whoever %s invited does not count as having left',
  async (how) => {
    const world = await openIncident({}, ' private');
    const { sandbox, channel } = world;
    if (how === 'could not be') sandbox.faults.refuse('conversations.invite', 'cant_invite');
    else sandbox.faults.rateLimit('conversations.invite', { times: 1, retryAfter: 30 });
    await sandbox.person('ana').command('/incident role scribe @dee', { channel });
    if (how === 'could not be') await world.settled();
    await world.restart();
    await world.settled();
    expect((await told(world)).filter((text) => text.endsWith(' left'))).toEqual([]);
    const asked = await sandbox.person('dee').command('/incident show INC-1', { channel: 'general' });
    expect(asked.reply?.text).toContain('writes are stuck');
  },
);

test('messages of other channels that are on the timeline are compared too', async () => {
  const world = await openIncident();
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  const said: string[] = [];
  for (const text of ['customers complain', 'a slip', 'it stays']) {
    const { ts } = await bob.say(text, { channel: 'incidents' });
    said.push(ts);
    await ana.messageShortcut('add_to_timeline', 'incidents', ts);
    await ana.submit(await ana.waitForView(), { incident: '1' });
    await world.settled();
  }
  const [edited = '', deleted = ''] = said;
  await world.restart(async () => {
    await bob.edit('incidents', edited, 'no customers complain');
    await bob.remove('incidents', deleted);
  });
  await world.settled();
  expect((await counted(world)).sort()).toEqual(['it stays', 'no customers complain']);
});

test('an incident that lives in a thread learns what was pinned and unpinned there', async () => {
  const world = await openWorld({
    before: (sandbox) => sandbox.faults.refuse('conversations.create', 'restricted_action'),
  });
  const { sandbox } = world;
  const bob = sandbox.person('bob');
  await sandbox.person('ana').command('/incident declare writes are stuck', { channel: 'general' });
  await world.settled();
  const { threadTs } = await world.app.db.read.incident.findFirstOrThrow();
  const where = { channel: 'incidents', threadTs: threadTs ?? '' };
  const heard = await bob.say('pinned before', where);
  await bob.pin('incidents', heard.ts);
  await world.settled();
  const missed = await bob.say('pinned meanwhile', where);
  const outside = await bob.say('of no incident', { channel: 'incidents' });
  await world.restart(async () => {
    await bob.unpin('incidents', heard.ts);
    await bob.pin('incidents', missed.ts);
    await bob.pin('incidents', outside.ts);
  });
  await world.settled();
  expect(await counted(world)).toEqual(['pinned meanwhile']);
});

test('an incident that is open for weeks is read from its beginning', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  const bot = `<@${sandbox.botUserId}>`;
  const early = await bob.say('the first sign', { channel });
  const root = await bob.say('a thread', { channel });
  const reply = await bob.say('deep down', { channel, threadTs: root.ts });
  const known = await bob.say('will be edited', { channel });
  await ana.react(channel, known.ts, 'pushpin');
  await bob.say(`${bot} roles`, { channel });
  await world.settled();
  await world.pass({ hours: 24 * 12 });
  await world.restart(async () => {
    for (const { ts } of [early, reply]) await ana.react(channel, ts, 'pushpin');
    await bob.edit(channel, known.ts, 'was edited');
  });
  await world.settled();
  expect((await counted(world)).sort()).toEqual(['deep down', 'the first sign', 'was edited']);
});

test('a question that was answered more than a week ago does not look missed', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  await sandbox.person('bob').say(`<@${sandbox.botUserId}> roles`, { channel });
  await world.settled();
  await world.restart(async () => world.at('2026-03-22T10:30:00Z'));
  await world.pass({ hours: 1 });
  await world.restart();
  await world.settled();
  expect(sandbox.messages(channel).filter((each) => each.text.startsWith('While I was away'))).toEqual([]);
});

test('a channel that is too long to be read whole is said to be, once', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bob = sandbox.person('bob');
  const marked: string[] = [];
  await world.restart(async () => {
    for (let i = 0; i < 2_050; i += 1) {
      const { ts } = await bob.say(`line ${i}`, { channel });
      if (i === 10 || i === 2_000) marked.push(ts);
    }
    for (const ts of marked) await bob.react(channel, ts, 'pushpin');
  });
  await world.settled();
  expect(await counted(world)).toEqual(['line 2000']);
  await world.restart();
  await world.settled();
  const notices = sandbox.messages(channel).filter((each) => each.text.includes('and no further'));
  expect(notices).toHaveLength(1);
}, 60_000);
