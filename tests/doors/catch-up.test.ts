// While Andon was down: what happened in incidents' channels is taken up at the next start, once.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { brokenChains, everything, unfinished } from '../helpers/record.js';
import { counted, openIncident, taken, told, whispers } from '../helpers/sources.js';

describe.each(engines)('on %s', (engine) => {
  test('reactions, pins, edits and deletions that nobody heard reach the record, once', async () => {
    const world = await openIncident({ engine });
    const { sandbox, channel } = world;
    const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
    const early = await bob.say('written long before', { channel });
    const root = await bob.say('a thread', { channel });
    const reply = await bob.say('a reply', { channel, threadTs: root.ts });
    const marked: { ts: string }[] = [];
    for (const text of ['edited', 'deleted', 'taken back', 'unpinned']) {
      const said = await bob.say(`will be ${text}`, { channel });
      marked.push(said);
      if (text === 'unpinned') await ana.pin(channel, said.ts);
      else await ana.react(channel, said.ts, 'pushpin');
    }
    const [edited, deleted, back, unpinned] = marked;
    const lost = await bob.say('a reply that goes', { channel, threadTs: root.ts });
    await ana.react(channel, lost.ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toHaveLength(5);

    await world.pass({ minutes: 10 });
    await world.restart(async () => {
      await ana.react(channel, early.ts, 'pushpin');
      await ana.react(channel, reply.ts, 'pushpin');
      await bob.edit(channel, edited?.ts ?? '', 'was edited');
      await bob.remove(channel, deleted?.ts ?? '');
      await bob.remove(channel, lost.ts);
      await ana.unreact(channel, back?.ts ?? '', 'pushpin');
      await ana.unpin(channel, unpinned?.ts ?? '');
      const fresh = await bob.say('said while Andon was down', { channel });
      await ana.pin(channel, fresh.ts);
    });
    const before = whispers(world, 'ana').length;
    await world.settled();

    expect((await counted(world)).sort()).toEqual([
      'a reply',
      'said while Andon was down',
      'was edited',
      'written long before',
    ]);
    const rows = await taken(world);
    expect(rows.find((each) => each.text === 'a reply')).toMatchObject({
      authorName: 'bob',
      permalink: reply.permalink,
      occurredAt: new Date('2026-03-10T10:30:00Z'),
      recordedAt: new Date('2026-03-10T10:40:00Z'),
    });
    expect((await told(world)).filter((text) => text.endsWith('was deleted in Slack'))).toHaveLength(2);
    expect((await told(world)).filter((text) => text.endsWith('was taken back'))).toHaveLength(2);
    // Nobody is told of each: that was then.
    expect(whispers(world, 'ana')).toHaveLength(before);

    // A second start finds nothing new, whether or not anything was heard in between.
    const facts = await world.app.db.read.fact.count();
    await world.restart();
    await world.settled();
    await world.restart();
    await world.settled();
    expect(await world.app.db.read.fact.count()).toBe(facts);
    if (engine === 'sqlite') {
      expect(unfinished(world.databaseUrl)).toEqual([]);
      expect(await brokenChains(world.databaseUrl)).toEqual([]);
    }
  });
});

test('a long channel is read page by page, with its threads', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  const said: { ts: string }[] = [];
  for (let i = 0; i < 230; i += 1) said.push(await bob.say(`line ${i}`, { channel }));
  const reply = await bob.say('deep down', { channel, threadTs: said[3]?.ts ?? '' });
  await ana.react(channel, said[120]?.ts ?? '', 'pushpin');
  await world.settled();
  await world.restart(async () => {
    await ana.react(channel, said[5]?.ts ?? '', 'pushpin');
    await ana.react(channel, said[229]?.ts ?? '', 'pushpin');
    await ana.react(channel, reply.ts, 'pushpin');
    await bob.remove(channel, said[120]?.ts ?? '');
  });
  await world.settled();
  expect((await counted(world)).sort()).toEqual(['deep down', 'line 229', 'line 5']);
});

test('what was said to Andon lately is answered, at the time at which it was said; what is old is only listed', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const bot = `<@${sandbox.botUserId}>`;
  const bob = sandbox.person('bob');
  await bob.say(`${bot} note heard in time`, { channel });
  await world.settled();
  const old = { ts: '' };
  await world.restart(async () => {
    Object.assign(old, await bob.say(`${bot} resolve all is well`, { channel }));
    world.at('2026-03-10T12:00:00Z');
    const root = await bob.say('looking', { channel });
    await bob.say(`${bot} note 5m ago: the proxy was restarted`, { channel, threadTs: root.ts });
    await bob.say(`${bot} severity 1`, { channel });
    await bob.say(`${bot} thank you`, { channel });
    world.at('2026-03-10T12:20:00Z');
  });
  await world.settled();

  const entries = await world.app.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
  expect(entries.filter((each) => each.text === 'heard in time')).toHaveLength(1);
  expect(entries.find((each) => each.text.includes('the proxy was restarted'))).toMatchObject({
    occurredAt: new Date('2026-03-10T11:55:00Z'),
    recordedAt: new Date('2026-03-10T12:20:00Z'),
    authorName: 'bob',
  });
  expect(entries.find((each) => each.text.startsWith('Severity'))).toMatchObject({
    occurredAt: new Date('2026-03-10T12:00:00Z'),
    recordedAt: new Date('2026-03-10T12:20:00Z'),
  });
  const incident = await world.app.db.read.incident.findFirstOrThrow();
  expect(incident).toMatchObject({ status: 'investigating', severity: 'SEV1' });
  const listed = sandbox.messages(channel).filter((each) => each.text.startsWith('While I was away'));
  expect(listed).toHaveLength(1);
  expect(listed[0]?.text).toContain(`p${old.ts.replace('.', '')}`);
  expect(listed[0]?.text).not.toContain('all is well');

  const facts = everything(world.databaseUrl).Fact?.length;
  await world.restart();
  await world.settled();
  expect(everything(world.databaseUrl).Fact).toHaveLength(facts ?? 0);
  expect(sandbox.messages(channel).filter((each) => each.text.startsWith('While I was away'))).toHaveLength(
    1,
  );
});

test('without the scope to read a private channel it goes on, and says once what is missing', async () => {
  const world = await openIncident({}, ' private');
  const { sandbox, channel } = world;
  sandbox.faults.refuse('conversations.history', 'missing_scope', { needed: 'groups:history' });
  const { ts } = await sandbox.person('bob').say('cannot be read', { channel });
  await sandbox.person('ana').react(channel, ts, 'pushpin');
  await world.settled();
  await world.restart();
  await world.settled();
  await world.restart();
  await world.settled();
  const notices = sandbox.messages(channel).filter((each) => each.text.includes('groups:history'));
  expect(notices).toHaveLength(1);
  expect(await sandbox.person('ana').command('/incident note it goes on', { channel })).toMatchObject({
    ok: true,
  });
});

test('Slack may be away at the start: what was missed is taken up when it is back', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const { ts } = await sandbox.person('bob').say('during the outage', { channel });
  await world.restart(async () => {
    await sandbox.person('ana').react(channel, ts, 'pushpin');
    sandbox.faults.down();
  });
  sandbox.faults.up();
  await world.settled();
  expect(await counted(world)).toEqual(['during the outage']);
});

test('what happened while no socket was up is taken up when one is again', async () => {
  const world = await openIncident({ transport: 'socket' });
  const { sandbox, channel } = world;
  const { ts } = await sandbox.person('bob').say('nobody listens', { channel });
  await world.settled();
  sandbox.faults.down();
  await until(() => sandbox.connections() === 0);
  await sandbox.person('ana').react(channel, ts, 'pushpin');
  sandbox.faults.up();
  const readAgain = () =>
    world.app.db.read.job.count({ where: { kind: 'catchUp', state: 'waiting' } }).then((count) => count > 0);
  await until(readAgain);
  await world.settled();
  expect(await counted(world)).toEqual(['nobody listens']);
});

/** Real time: reconnecting is the wire's own. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
