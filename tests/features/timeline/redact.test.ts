// Redaction: the words are gone wherever they were shown, and what cannot be reached is listed to the redactor.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { dump, stateTables } from '../../helpers/desk.js';
import { everyRow } from '../../helpers/record.js';
import { verdictOf } from '../../helpers/verdict.js';
import { openWorld, type World, type WorldOptions } from '../../helpers/world.js';

/** Each occurs in one kind of entry only; as one word, so that a channel's name keeps it whole. */
const words = {
  title: 'hunterone',
  note: 'huntertwo',
  corrected: 'hunterthree',
  status: 'hunterfour',
  link: 'hunterfive',
};

/** INC-1 with every kind of entry that holds words, merged into INC-2, exported, and seen on App Home. */
async function toldEverywhere(options: WorldOptions) {
  const world = await openWorld(options);
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  // No reminder of an update stands between the entries.
  await bob.command('/incident cadence 2 off', { channel: 'general' });
  await bob.command('/incident declare the proxy is slow', { channel: 'general' });
  await ana.command(`/incident declare ${words.title} is stuck sev:2`, { channel: 'general' });
  await world.settled();
  const channel = sandbox.channels().find((each) => each.name.startsWith('inc-2-'))?.id ?? '';
  const say = async (line: string, who = ana) => {
    const outcome = await who.command(`/incident ${line}`, { channel });
    await world.settled();
    expect(outcome.ok, line).toBe(true);
    return outcome.reply?.text ?? '';
  };
  await bob.openHome();
  await world.settled();
  // By then nobody keeps his App Home current any more.
  await world.pass({ hours: 2 });
  await say('role commander @bob');
  await say(`note the password is ${words.note}`);
  await say(`correct #3 it was ${words.corrected}`);
  await say(`status identified ${words.status} did it`);
  await say(`link https://example.com/${words.link} where ${words.link} is`);
  await say('merge INC-1');
  await say('export md');
  await say('export INC-1 md');
  const seqs = await world.app.db.read.entry.findMany({ where: { incidentId: { not: '' } } });
  const seqOf = (word: string) => seqs.find((each) => each.text.includes(word))?.seq ?? 0;
  return { world, channel, say, seqOf };
}

describe.each(engines)('%s', (engine) => {
  test('of a note, its correction, a declaration, a status, a link and a merge nothing is left anywhere', async () => {
    const { world, say, seqOf } = await toldEverywhere({ engine });
    const before = await everyRow(world.databaseUrl);
    const shownBefore = JSON.stringify(shown(world));
    for (const word of Object.values(words)) expect(before + shownBefore, word).toContain(word);

    const replies: string[] = [];
    for (const word of [words.title, words.note, words.status, words.link])
      replies.push(await say(`redact ${seqOf(word)} it is nobody’s business`));

    const rows = await everyRow(world.databaseUrl);
    const told = [...replies, ...directs(world)].join('\n');
    const left = shown(world).filter((each) => each.permalink === null || !told.includes(each.permalink));
    for (const word of Object.values(words)) {
      expect(rows.match(new RegExp(`.{0,80}${word}`)), `${word} in the database`).toBeNull();
      expect(
        left.filter((each) => each.text.includes(word)),
        word,
      ).toEqual([]);
    }

    // What is left is whole, and is made again as it is.
    const { db } = world.app;
    for (const { id } of await db.read.incident.findMany())
      expect(await verdictOf(db, id)).toMatchObject({ whole: true });
    const state = await dump(db, stateTables);
    await rebuild(db, features, projectFacts);
    expect(await dump(db, stateTables)).toEqual(state);
  });
});

test('a merged incident is named by its number in the other one', async () => {
  const { world } = await toldEverywhere({});
  const entries = await world.app.db.read.entry.findMany({ where: { text: { contains: 'erged into' } } });
  expect(entries.map((each) => each.text).sort()).toEqual([
    'INC-2 was merged into this',
    'Merged into INC-1',
  ]);
  const other = world.sandbox.channels().find((each) => each.name.startsWith('inc-1-'));
  expect(JSON.stringify(other?.messages)).not.toContain(words.title);
});

test('a redacted title leaves topic, purpose, name and App Home, and the purpose keeps its marker', async () => {
  const { world, channel, say } = await toldEverywhere({});
  const marker = world.sandbox.channel(channel)?.purpose.match(/\[andon:.*\]/)?.[0] ?? 'none';
  await say('redact #1 a customer’s name');
  const now = world.sandbox.channel(channel);
  expect(now?.purpose).toBe(`INC-2 redacted ${marker}`);
  expect(now?.topic).toContain('INC-2 redacted');
  expect(now?.name).toBe('inc-2-2026-03-10-redacted');
  expect(await world.app.db.read.incident.findFirst({ where: { number: 2 } })).toMatchObject({
    title: 'redacted',
    channelName: 'inc-2-2026-03-10-redacted',
  });
  expect(JSON.stringify(world.sandbox.homeOf(world.sandbox.person('bob').id))).not.toContain(words.title);
});

test('what Slack wrote of topic, purpose and name is listed by link, each once', async () => {
  const { world, channel, say } = await toldEverywhere({});
  const reply = await say('redact #1 a customer’s name');
  expect(reply).toContain('what Slack itself wrote in the channel');
  const copies = world.sandbox
    .messages(channel)
    .filter((each) => each.subtype && each.text.includes(words.title));
  expect(new Set(copies.map((each) => each.subtype))).toEqual(
    new Set(['channel_topic', 'channel_purpose', 'channel_name']),
  );
  const told = directs(world).filter((text) => text.includes('Slack itself'));
  expect(told).toHaveLength(1);
  expect(links(told[0] ?? '').sort()).toEqual(copies.map((each) => each.permalink).sort());
});

test('a channel that may not be renamed is said, and the database forgets its name all the same', async () => {
  const { world, channel, say } = await toldEverywhere({});
  world.sandbox.faults.refuse('conversations.rename', 'not_authorized');
  await say('redact #1 a customer’s name');
  const notice = world.sandbox.messages(channel).find((each) => each.text.startsWith('Slack did not let me'));
  expect(notice?.text).toContain('rename it by hand');
  expect(await everyRow(world.databaseUrl)).not.toContain(words.title);
});

test('a message that was edited is listed once, and so is the one in which it was said', async () => {
  const { world, channel, say } = await toldEverywhere({});
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  await bob.join(channel);
  const message = await bob.say('hunterten is the key', { channel });
  await ana.react(channel, message.ts, 'pushpin');
  await world.settled();
  await bob.edit(channel, message.ts, 'huntereleven is the key');
  await world.settled();
  const mention = await bob.say(`<@${sandbox.botUserId}> note INC-2 huntertwelve too`, { channel });
  await world.settled();
  const entries = await world.app.db.read.entry.findMany();
  const seqOf = (word: string) => entries.find((each) => each.text.includes(word))?.seq ?? 0;
  expect(links(await say(`redact ${seqOf('hunterten')} a key`))).toEqual([message.permalink]);
  expect(links(await say(`redact ${seqOf('huntertwelve')} a key`))).toEqual([mention.permalink]);
});

test('a summary left behind in another place is replaced too', async () => {
  const { world, channel, say } = await toldEverywhere({});
  world.sandbox.faults.refuse('chat.update', 'edit_window_closed', { times: 2 });
  await say('severity 1');
  world.sandbox.faults.clear();
  await say('redact #1 a customer’s name');
  const texts = [channel, 'incidents'].flatMap((each) => world.sandbox.messages(each));
  expect(texts.filter((each) => !each.subtype && JSON.stringify(each.blocks).includes(words.title))).toEqual(
    [],
  );
});

test('a redaction brings no words of a status back that was undone', async () => {
  const { world, say } = await toldEverywhere({});
  await say('reopen it is another thing');
  await say('status monitoring it was a slip');
  await say('undo');
  await say('redact #3 a password');
  expect(await world.app.db.read.incident.findFirst({ where: { number: 2 } })).toMatchObject({
    statusText: 'it is another thing',
  });
});

test('a title that is redacted while the channel is being made does not come back by its name', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  const off = sandbox.faults.before('conversations.create', async () => {
    off();
    await sandbox.person('ana').command('/incident redact INC-1 #1 a name', { channel: 'general' });
  });
  await sandbox.person('ana').command(`/incident declare ${words.title} is stuck`, { channel: 'general' });
  await world.settled();
  expect(await everyRow(world.databaseUrl)).not.toContain(words.title);
  const names = sandbox.channels().map((each) => each.name);
  expect(names.filter((name) => name.startsWith('inc-'))).toEqual(['inc-1-2026-03-10-redacted']);
});

test('a home that was last drawn weeks ago is drawn anew', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  await ana.command(`/incident declare ${words.title} is stuck`, { channel: 'general' });
  await world.settled();
  await bob.openHome();
  await world.settled();
  await world.pass({ hours: 24 * 30 });
  await world.app.db.write((tx) => tx.job.deleteMany({ where: { state: 'done' } }));
  expect(JSON.stringify(sandbox.homeOf(bob.id))).toContain(words.title);
  await ana.command('/incident redact INC-1 #1 a name', { channel: 'general' });
  await world.settled();
  expect(JSON.stringify(sandbox.homeOf(bob.id))).not.toContain(words.title);
});

test('the answer to a form that was filled in nowhere is replaced too', async () => {
  const world = await openWorld();
  const ana = world.sandbox.person('ana');
  await ana.shortcut('declare');
  await ana.submit(await ana.waitForView(), { title: `${words.title} is stuck` });
  await world.settled();
  expect(directs(world).join()).toContain(words.title);
  await ana.command('/incident redact INC-1 #1 a customer’s name', { channel: 'general' });
  await world.settled();
  expect(directs(world).join()).not.toContain(words.title);
});

/** Everything that the local Slack shows to anybody for good, with the permalink of what has one. */
function shown(world: World): { text: string; permalink: string | null }[] {
  const { sandbox } = world;
  const channels = sandbox.channels();
  return [
    ...channels.flatMap((each) =>
      each.messages.map((it) => ({ text: JSON.stringify(it), permalink: it.permalink })),
    ),
    ...channels.map(({ messages: _messages, ...rest }) => bare(rest)),
    ...sandbox
      .files()
      .flatMap((file) => (file.deleted ? [] : [bare([file.name, file.title, String(file.content)])])),
    ...sandbox.people().map((person) => bare(sandbox.homeOf(person.id) ?? null)),
  ];
}

function bare(value: unknown) {
  return { text: JSON.stringify(value), permalink: null };
}

function directs(world: World): string[] {
  const direct = world.sandbox.channels().filter((each) => each.isIm);
  return direct.flatMap((each) => each.messages).map((each) => each.text);
}

function links(text: string): string[] {
  return [...text.matchAll(/\((https?:[^)]*\/archives\/[^)]*)\)/g)].map((found) => found[1] ?? '');
}
