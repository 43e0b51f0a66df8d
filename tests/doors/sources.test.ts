// Messages become entries: by a reaction, a pin or a shortcut, with their own time and author, and stay true to Slack.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../src/db/rebuild.js';
import { projectFacts } from '../../src/execute.js';
import { features } from '../../src/features/index.js';
import { engines } from '../helpers/databases.js';
import { brokenChains, everything, unfinished } from '../helpers/record.js';
import { counted, openIncident, taken, told, whispers } from '../helpers/sources.js';
import { openWorld } from '../helpers/world.js';

describe('a reaction', () => {
  test('puts the message on the timeline at its own time, as its author’s, with its permalink', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const said = await sandbox.person('bob').say('decision: failing over to eu-2 & waiting', { channel });
    await world.pass({ minutes: 25 });
    await sandbox.person('chen').react(channel, said.ts, 'pushpin');
    await world.settled();

    expect(await taken(world)).toMatchObject([
      {
        kind: 'decision',
        text: 'failing over to eu-2 & waiting',
        authorId: sandbox.person('bob').id,
        authorName: 'bob',
        source: 'reaction',
        occurredAt: new Date('2026-03-10T10:30:00Z'),
        recordedAt: new Date('2026-03-10T10:55:00Z'),
        permalink: said.permalink,
      },
    ]);
    const [seq] = (await taken(world)).map((each) => each.seq);
    // Who asked is told once; the channel and the author hear nothing.
    expect(whispers(world, 'chen')).toEqual([
      expect.stringMatching(new RegExp(`^On INC-1’s timeline as #${seq}, at .* Take the reaction away`)),
    ]);
    expect(whispers(world, 'bob')).toEqual([]);
    expect(unfinished(world.databaseUrl)).toEqual([]);
    expect(await brokenChains(world.databaseUrl)).toEqual([]);
  });

  test('on a reply in a thread takes the reply, not its neighbour', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const root = await sandbox.person('ana').say('who has looked at the proxy?', { channel });
    const other = await sandbox.person('chen').say('lunch?', { channel });
    const reply = await sandbox.person('bob').say('I did: it drops writes', { channel, threadTs: root.ts });
    await sandbox.person('ana').say('right after', { channel });
    await sandbox.person('ana').react(channel, reply.ts, 'pushpin');
    await world.settled();

    const [entry, ...rest] = await taken(world);
    expect(rest).toEqual([]);
    expect(entry).toMatchObject({ text: 'I did: it drops writes', permalink: reply.permalink });
    expect(entry?.permalink).toContain('thread_ts');
    expect(other.text).toBe('lunch?');
    expect(sandbox.ephemerals().at(-1)).toMatchObject({ threadTs: root.ts });
  });

  test('taken away by the last one takes the entry back; again brings it back', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('restarting the proxy', { channel });
    const [ana, chen] = [sandbox.person('ana'), sandbox.person('chen')];
    await ana.react(channel, ts, 'pushpin');
    await chen.react(channel, ts, 'pushpin');
    await world.settled();
    expect(await taken(world)).toHaveLength(1);

    await ana.unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['restarting the proxy']);
    await chen.unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await taken(world)).toMatchObject([{ text: 'restarting the proxy', withdrawn: true }]);
    expect((await told(world)).at(-1)).toMatch(/^#\d+ was taken back$/);

    await ana.react(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['restarting the proxy']);
    expect((await told(world)).at(-1)).toMatch(/^#\d+ counts again$/);
    expect(await taken(world)).toHaveLength(1);
    expect(whispers(world, 'ana')).toHaveLength(1);
  });

  test('taken away before Andon could read the message leaves nothing', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('a slip of the mouse', { channel });
    await sandbox.person('bob').react(channel, ts, 'pushpin');
    await sandbox.person('bob').unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await taken(world)).toEqual([]);
  });

  test('of another name, outside an incident’s channel, or on a message of Andon’s own does nothing', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const here = await sandbox.person('bob').say('nothing to see', { channel });
    const there = await sandbox.person('bob').say('elsewhere', { channel: 'incidents' });
    const own = sandbox.messages(channel).find((each) => each.user === sandbox.botUserId && !each.subtype);
    const before = everything(world.databaseUrl).Fact;
    await sandbox.person('ana').react(channel, here.ts, 'eyes');
    await sandbox.person('ana').react('incidents', there.ts, 'pushpin');
    await sandbox.person('ana').react(channel, own?.ts ?? '', 'pushpin');
    await world.settled();
    expect(everything(world.databaseUrl).Fact).toEqual(before);
    expect(whispers(world, 'ana')).toEqual([]);
  });

  test('has the name that was set', async () => {
    const world = await openIncident({ timelineEmoji: 'memo' });
    const { sandbox, channel } = world;
    const one = await sandbox.person('bob').say('one', { channel });
    const two = await sandbox.person('bob').say('two', { channel });
    await sandbox.person('ana').react(channel, one.ts, 'pushpin');
    await sandbox.person('ana').react(channel, two.ts, 'memo');
    await world.settled();
    expect(await counted(world)).toEqual(['two']);
  });

  test('where the incident lives in a thread, only that thread’s replies count', async () => {
    const world = await openWorld({
      before: (sandbox) => sandbox.faults.refuse('conversations.create', 'restricted_action'),
    });
    const { sandbox } = world;
    await sandbox.person('ana').command('/incident declare writes are stuck', { channel: 'general' });
    await world.settled();
    const root = sandbox
      .messages('incidents')
      .find((each) => each.user === sandbox.botUserId && !each.subtype);
    const bob = sandbox.person('bob');
    const inside = await bob.say('in the thread', { channel: 'incidents', threadTs: root?.ts ?? '' });
    const beside = await bob.say('beside it', { channel: 'incidents' });
    for (const { ts } of [inside, beside]) await bob.react('incidents', ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['in the thread']);
    await world.restart(async () => bob.unreact('incidents', inside.ts, 'pushpin'));
    await world.settled();
    expect(await counted(world)).toEqual([]);
  });

  test('sent twice is one entry and one confirmation', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('disk is full', { channel });
    sandbox.faults.deliverTwice(true);
    await sandbox.person('ana').react(channel, ts, 'pushpin');
    await sandbox.person('ana').pin(channel, ts);
    await world.settled();
    expect(await taken(world)).toHaveLength(1);
    expect(whispers(world, 'ana')).toHaveLength(1);
  });
});

describe('a pin', () => {
  test('counts like a reaction, and both hold the entry until both are gone', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('runbook says: drain first', { channel });
    await sandbox.person('ana').pin(channel, ts);
    await sandbox.person('chen').react(channel, ts, 'pushpin');
    await world.settled();
    expect(await taken(world)).toMatchObject([{ text: 'runbook says: drain first', source: 'message' }]);
    expect(whispers(world, 'ana')[0]).toContain('Unpin it to take it back');

    await sandbox.person('chen').unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toHaveLength(1);
    await sandbox.person('ana').unpin(channel, ts);
    await world.settled();
    expect(await counted(world)).toEqual([]);
  });

  test('Andon’s own pin of the summary is no entry', async () => {
    const world = await openIncident();
    expect(world.sandbox.channel(world.channel)?.pins).toHaveLength(1);
    expect(await taken(world)).toEqual([]);
  });
});

describe('what Slack’s people do afterwards', () => {
  test('an edit is a correction: the old words stay on record', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    const { ts } = await bob.say('rolling back to 1.41', { channel });
    await bob.react(channel, ts, 'pushpin');
    await world.settled();
    await world.pass({ minutes: 5 });
    await bob.edit(channel, ts, 'rolling back to 1.42, with <@U0ANA00001>');
    await world.settled();

    const [old, better, ...rest] = await taken(world);
    expect(rest).toEqual([]);
    expect(old).toMatchObject({ text: 'rolling back to 1.41' });
    expect(better).toMatchObject({
      text: 'rolling back to 1.42, with @ana',
      authorName: 'bob',
      occurredAt: new Date('2026-03-10T10:30:00Z'),
      recordedAt: new Date('2026-03-10T10:35:00Z'),
    });
    expect(old?.correctedBy).not.toBeNull();
    expect(better?.corrects).not.toBeNull();

    // A message that nobody put on the timeline may be edited as one likes.
    const other = await bob.say('hm', { channel });
    await bob.edit(channel, other.ts, 'hmm');
    await world.settled();
    expect(await taken(world)).toHaveLength(2);
  });

  test('a name that changes is no edit, nor is a reply in the thread', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('paging <@U0CHEN0003>', { channel });
    await sandbox.person('ana').react(channel, ts, 'pushpin');
    await world.settled();
    await world.app.db.write((tx) =>
      tx.person.updateMany({ where: { id: 'U0CHEN0003' }, data: { name: 'Chen the Great' } }),
    );
    await sandbox.person('chen').say('here', { channel, threadTs: ts });
    await sandbox.person('chen').react(channel, ts, 'pushpin');
    await world.settled();
    expect(await taken(world)).toMatchObject([{ text: 'paging @chen' }]);
  });

  test('a deletion takes the entry back and says why', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    const alone = await bob.say('password is hunter2', { channel });
    const root = await bob.say('who is on call?', { channel });
    const reply = await bob.say('me', { channel, threadTs: root.ts });
    for (const { ts } of [alone, root, reply]) await bob.react(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toHaveLength(3);
    await bob.remove(channel, alone.ts);
    await bob.remove(channel, reply.ts);
    await world.settled();
    expect(await counted(world)).toEqual(['who is on call?']);
    expect((await told(world)).filter((text) => text.endsWith('was deleted in Slack'))).toHaveLength(2);
    const lookedUp = world.sandbox.calls.filter((call) => call.method === 'users.info');
    expect(lookedUp.filter((call) => call.answer?.ok !== true)).toEqual([]);
    const again = await bob.say('here', { channel, threadTs: root.ts });
    await bob.remove(channel, root.ts);
    await world.settled();
    expect(again.threadTs).toBe(root.ts);
    expect(await counted(world)).toEqual([]);
  });

  test('files are kept by reference, and none is made public', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const file = await sandbox.person('bob').upload(channel, { name: 'graph.png', content: 'PNG' });
    const message = sandbox.messages(channel).find((each) => each.files.some((one) => one.id === file.id));
    await sandbox.person('ana').pin(channel, message?.ts ?? '');
    await world.settled();
    expect(await taken(world)).toMatchObject([
      {
        text: '(file: graph.png)',
        files: [{ id: file.id, name: 'graph.png', permalink: expect.stringContaining(file.id) }],
      },
    ]);
    expect(sandbox.calls.filter((call) => call.method.startsWith('files.'))).toEqual([]);
  });
});

describe('mending what was taken', () => {
  test('redacted words are gone from the database, and an edit in Slack does not bring them back', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    const here = await bob.say('the password is hunter2', { channel });
    const there = await bob.say('elsewhere it is hunter2 too', { channel: 'general' });
    const ana = sandbox.person('ana');
    await ana.react(channel, here.ts, 'pushpin');
    await ana.messageShortcut('add_to_timeline', 'general', there.ts);
    await ana.submit(await ana.waitForView(), { incident: '1' });
    await world.settled();
    await bob.edit(channel, here.ts, 'the password is hunter2!');
    await world.settled();
    for (const { seq, corrects } of await taken(world))
      if (!corrects) await ana.command(`/incident redact ${seq} a password`, { channel });
    await world.settled();
    await bob.edit(channel, here.ts, 'the password was hunter2');
    await world.restart();
    await world.settled();
    expect(JSON.stringify(everything(world.databaseUrl))).not.toContain('hunter2');
    const mine = sandbox.messages(channel).filter((each) => each.user === sandbox.botUserId);
    expect(mine.map((each) => each.text).join()).not.toContain('hunter2');
  });

  test('undo takes it back although the reaction stays, and a new one brings it back', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const ana = sandbox.person('ana');
    const { ts } = await sandbox.person('bob').say('not for the record', { channel });
    await ana.react(channel, ts, 'pushpin');
    await world.settled();
    await ana.command('/incident undo', { channel });
    await world.settled();
    expect(await counted(world)).toEqual([]);
    await world.restart();
    await world.settled();
    expect(await counted(world)).toEqual([]);
    await ana.unreact(channel, ts, 'pushpin');
    await world.settled();
    await ana.react(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['not for the record']);
  });

  test('an edit in Slack after a correction by hand is recorded beside it, and the correction stays', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
    const { ts } = await bob.say('failing over', { channel });
    await bob.react(channel, ts, 'pushpin');
    await world.settled();
    const [first] = await taken(world);
    const seq = first?.seq ?? 0;
    await ana.command(`/incident correct #${seq} 10:12 UTC failing over to eu-2`, { channel });
    await world.settled();
    await bob.edit(channel, ts, 'failing over to eu-3');
    await world.settled();
    // Slack tells of a message once more where nothing was edited.
    await ana.react(channel, ts, 'pushpin');
    await world.settled();
    const rows = await world.app.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
    const family = rows.filter((each) => each.text.startsWith('failing over'));
    expect(family.map((each) => each.text)).toEqual(['failing over', 'failing over to eu-2']);
    expect(family[1]).toMatchObject({ correctedBy: null, occurredAt: new Date('2026-03-10T10:12:00Z') });
    const since = rows.filter((each) => each.text.includes('was edited in Slack'));
    expect(since).toHaveLength(1);
    expect(since[0]).toMatchObject({ authorName: 'bob', kind: 'note' });
    expect(since[0]?.text).toContain('failing over to eu-3');
    // Whoever corrected it is told how to take the edit over, and that works.
    const told = sandbox.messages(channel).find((each) => each.text.includes('your correction stays'))?.text;
    expect(told).toContain('@ana');
    expect(told).toContain(`/incident correct #${seq + 1} failing over to eu-3`);
    await ana.command(`/incident correct #${seq + 1} failing over to eu-3`, { channel });
    await world.settled();
    const latest = { text: 'failing over to eu-3', correctedBy: null };
    expect(await world.app.db.read.entry.count({ where: latest })).toBe(1);
    await ana.command(`/incident redact #${seq} a name`, { channel });
    await world.settled();
    const left = await world.app.db.read.entry.findMany();
    expect(
      left.map((each) => each.text).join() +
        JSON.stringify(sandbox.messages(channel).filter((each) => each.ts !== ts)),
    ).not.toContain('eu-3');
  });

  test('a reaction taken away by mistake is given back by undo, and stays away in Slack', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const ana = sandbox.person('ana');
    const { ts } = await sandbox.person('bob').say('the proxy restarts', { channel });
    await ana.react(channel, ts, 'pushpin');
    await world.settled();
    await ana.unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual([]);
    const { reply } = await ana.command('/incident undo', { channel });
    expect(reply?.text).toMatch(/^Undone: #\d+ that #\d+ was taken back/);
    await world.settled();
    expect(await counted(world)).toEqual(['the proxy restarts']);
    await sandbox.person('bob').react(channel, ts, 'pushpin');
    await sandbox.person('bob').unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['the proxy restarts']);
  });
});

describe('the shortcut “Add to timeline”', () => {
  test('in an incident’s channel adds at once', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const root = await sandbox.person('bob').say('any news?', { channel });
    const { ts } = await sandbox.person('bob').say('hypothesis: the disk', { channel, threadTs: root.ts });
    await sandbox.person('ana').messageShortcut('add_to_timeline', channel, ts);
    await world.settled();
    expect(await taken(world)).toMatchObject([{ kind: 'hypothesis', text: 'the disk', authorName: 'bob' }]);
    expect(whispers(world, 'ana')).toEqual([expect.stringMatching(/^On INC-1’s timeline as #\d+/)]);

    await sandbox.person('chen').messageShortcut('add_to_timeline', channel, ts);
    await world.settled();
    expect(await taken(world)).toHaveLength(1);
    expect(whispers(world, 'chen')).toEqual([expect.stringMatching(/already, as #\d+\.$/)]);
    // A reaction that comes and goes does not undo the shortcut.
    await sandbox.person('bob').react(channel, ts, 'pushpin');
    await sandbox.person('bob').unreact(channel, ts, 'pushpin');
    await world.settled();
    expect(await counted(world)).toEqual(['the disk']);
  });

  test('elsewhere asks which incident, though Andon is not in that channel', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    const { ts } = await bob.say('the shop shows errors', { channel: 'general' });
    await world.pass({ minutes: 9 });
    const ana = sandbox.person('ana');
    await ana.messageShortcut('add_to_timeline', 'general', ts);
    const outcome = await ana.submit(await ana.waitForView(), { incident: '1' });
    expect(outcome).toMatchObject({ closed: true });
    await world.settled();
    expect(await taken(world)).toMatchObject([
      { text: 'the shop shows errors', authorName: 'bob', occurredAt: new Date('2026-03-10T10:30:00Z') },
    ]);
    // The incident's channel sees what was added from elsewhere.
    expect(sandbox.messages(channel).at(-1)?.text).toContain('the shop shows errors — bob');
    // And what happens to the message later is heard where Andon is.
    expect(unfinished(world.databaseUrl)).toEqual([]);
  });

  test('a long message travels whole where Andon may read it', async () => {
    const world = await openIncident();
    const { sandbox } = world;
    const long = Array.from({ length: 700 }, (_, i) => `w${i}`).join(' ');
    const { ts } = await sandbox.person('bob').say(long, { channel: 'incidents' });
    const ana = sandbox.person('ana');
    await ana.messageShortcut('add_to_timeline', 'incidents', ts);
    await ana.submit(await ana.waitForView(), { incident: '1' });
    await world.settled();
    expect((await taken(world))[0]?.text).toBe(long);
  });

  test('with no incident open says what to do', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    await sandbox.person('ana').command('/incident resolve it is over', { channel });
    await world.settled();
    const { ts } = await sandbox.person('bob').say('still slow', { channel: 'general' });
    await sandbox.person('bob').messageShortcut('add_to_timeline', 'general', ts);
    await world.settled();
    expect(whispers(world, 'bob')).toEqual([expect.stringContaining('No incident is open')]);
  });

  test('offers private incidents to their members only, and lets nobody learn of them', async () => {
    const world = await openIncident({}, ' private');
    const { sandbox } = world;
    const { ts } = await sandbox.person('bob').say('odd logins', { channel: 'general' });
    await sandbox.person('dee').messageShortcut('add_to_timeline', 'general', ts);
    await world.settled();
    expect(whispers(world, 'dee')).toEqual([expect.stringContaining('No incident is open')]);
    await sandbox.person('ana').messageShortcut('add_to_timeline', 'general', ts);
    await sandbox.person('ana').submit(await sandbox.person('ana').waitForView(), { incident: '1' });
    await world.settled();
    expect(await counted(world)).toEqual(['odd logins']);

    // Another incident may need the same message: it has an entry of its own there.
    await sandbox.person('dee').command('/incident declare strange logins', { channel: 'general' });
    await world.settled();
    await sandbox.person('dee').messageShortcut('add_to_timeline', 'general', ts);
    await sandbox.person('dee').submit(await sandbox.person('dee').waitForView(), { incident: '2' });
    await world.settled();
    expect(await counted(world)).toEqual(['odd logins', 'odd logins']);
    for (const text of whispers(world, 'dee')) expect(text).not.toContain('INC-1');
  });
});

describe('“Declare from message”', () => {
  test('opens the form filled in; the message is the first entry, and its thread gets a link', async () => {
    const world = await openIncident();
    const { sandbox } = world;
    const { ts, permalink } = await sandbox
      .person('bob')
      .say('checkout fails for everybody\nsince the deploy', { channel: 'incidents' });
    await world.pass({ minutes: 4 });
    const ana = sandbox.person('ana');
    await ana.messageShortcut('declare_from_message', 'incidents', ts);
    const view = await ana.waitForView();
    const outcome = await ana.submit(view, {});
    expect(outcome).toMatchObject({ closed: true });
    await world.settled();

    const second = await world.app.db.read.incident.findFirstOrThrow({ where: { number: 2 } });
    expect(second).toMatchObject({
      title: 'checkout fails for everybody',
      startedAt: new Date('2026-03-10T10:30:00Z'),
    });
    const entries = await world.app.db.read.entry.findMany({
      where: { incidentId: second.id },
      orderBy: { occurredAt: 'asc' },
    });
    expect(entries[0]).toMatchObject({
      text: 'checkout fails for everybody\nsince the deploy',
      authorName: 'bob',
      permalink,
      occurredAt: new Date('2026-03-10T10:30:00Z'),
    });
    const thread = sandbox.messages('incidents').filter((each) => each.threadTs === ts && each.ts !== ts);
    expect(thread.map((each) => each.text)).toEqual([
      `INC-2 was declared from this message. It goes on in #${second.channelName}`,
    ]);
  });

  test('a private incident leaves no trace where it came from', async () => {
    const world = await openIncident();
    const { sandbox } = world;
    const { ts } = await sandbox.person('bob').say('somebody reads our mail', { channel: 'incidents' });
    const ana = sandbox.person('ana');
    await ana.messageShortcut('declare_from_message', 'incidents', ts);
    await ana.submit(await ana.waitForView(), { flags: ['private'] });
    await world.settled();
    expect(await counted(world)).toEqual(['somebody reads our mail']);
    expect(sandbox.messages('incidents').filter((each) => each.threadTs === ts && each.ts !== ts)).toEqual(
      [],
    );
  });
});

describe.each(engines)('on %s', (engine) => {
  test('rebuilding makes the same rows again', async () => {
    const world = await openIncident({ engine });
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    const [one, two, three] = [
      await bob.say('one', { channel }),
      await bob.say('two', { channel }),
      await bob.say('three', { channel }),
    ];
    for (const each of [one, two, three]) await bob.react(channel, each.ts, 'pushpin');
    await world.settled();
    await bob.edit(channel, one.ts, 'one, better');
    await bob.unreact(channel, two.ts, 'pushpin');
    await sandbox.person('ana').pin(channel, three.ts);
    await world.settled();
    await bob.react(channel, two.ts, 'pushpin');
    await bob.remove(channel, three.ts);
    await world.settled();
    expect(await counted(world)).toEqual(['two', 'one, better']);

    const { db } = world.app;
    const state = async () => ({
      entries: await db.read.entry.findMany({ orderBy: { id: 'asc' } }),
      taken: await db.read.takenMessage.findMany({ orderBy: { id: 'asc' } }),
    });
    const before = await state();
    await rebuild(db, features, projectFacts);
    expect(await state()).toEqual(before);
  });

  test('the same message added by all ways at once is one entry', async () => {
    const world = await openIncident({ engine });
    const { sandbox, channel } = world;
    const { ts } = await sandbox.person('bob').say('everybody saw it', { channel });
    const [ana, bob, chen] = ['ana', 'bob', 'chen'].map((name) => sandbox.person(name));
    await Promise.all([
      ana?.messageShortcut('add_to_timeline', channel, ts),
      chen?.messageShortcut('add_to_timeline', channel, ts),
      bob?.react(channel, ts, 'pushpin'),
      bob?.pin(channel, ts),
    ]);
    await world.settled();
    expect(await taken(world)).toHaveLength(1);
    const [row] = await world.app.db.read.takenMessage.findMany();
    expect(row?.by).toEqual([
      `pin:${bob?.id}`,
      `reaction:${bob?.id}`,
      `shortcut:${ana?.id}`,
      `shortcut:${chen?.id}`,
    ]);
  });
});
