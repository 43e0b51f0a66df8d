// Where updates do not get through: what ends, what goes on, and who hears of it; real Slack requests and a real mail server.
import { expect, test } from 'vitest';
import { openMailbox } from '../../helpers/mailbox.js';
import { channelOf, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'support' }];

function directTo(world: World, person: string): string[] {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return own.flatMap((each) => each.messages).map((each) => each.text);
}
const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);
const count = (all: readonly string[], words: string) => all.filter((each) => each.includes(words)).length;

async function withMail() {
  const mailbox = await openMailbox();
  const mail = { url: mailbox.url, from: 'Andon <andon@example.com>' };
  const world = await openWorld({ at: '2026-03-10T10:00:00Z', sandbox: { channels }, mail });
  await say(world, 'bob', 'contact mail:bob@example.com');
  await say(world, 'bob', 'subscribe mail');
  return { mailbox, world };
}

test('three refused letters end the letters, and not while an incident is open; Slack goes on', async () => {
  const { mailbox, world } = await withMail();
  mailbox.refuse('refuse');
  await say(world, 'ana', 'declare writes are stuck sev:1');
  for (const number of [1, 2, 3]) await say(world, 'ana', `update INC-1 number ${number}`);
  expect(count(directTo(world, 'bob'), 'In Slack it goes on. After three letters')).toBe(1);
  expect(count(directTo(world, 'bob'), 'As long as INC-1 is open, each is tried')).toBe(1);
  expect(count(directTo(world, 'bob'), 'number 3')).toBe(1);
  await say(world, 'ana', 'resolve INC-1 all is well');
  expect(count(directTo(world, 'bob'), 'It is over')).toBe(1);
  expect(directTo(world, 'bob').at(-1)).toMatch(
    /Letters to bob end: three in a row.*550.*In Slack.*as before.*subscribe mail/s,
  );
  expect(await say(world, 'bob', 'subscriptions')).toMatch(/You hear of incidents(?!.*by mail)/s);
  const letters = mailbox.letters.length;
  mailbox.refuse('take');
  await say(world, 'ana', 'declare reads are stuck sev:1');
  expect(directTo(world, 'bob').at(-1)).toContain('INC-2 reads are stuck');
  expect(mailbox.letters).toHaveLength(letters);
});

test('what a mail server cannot do just now ends nothing', async () => {
  const { mailbox, world } = await withMail();
  for (const mode of ['busy', 'unauthorized'] as const) {
    mailbox.refuse(mode);
    for (const number of [1, 2, 3, 4]) {
      await say(world, 'ana', `declare ${mode} ${number} sev:1`);
      await world.pass({ minutes: 30 });
      await say(
        world,
        'ana',
        `resolve all is well`,
        channelOf(world, mode === 'busy' ? number : number + 4).name,
      );
      await world.pass({ minutes: 30 });
    }
  }
  expect(count(directTo(world, 'bob'), 'as soon as the server takes letters again')).toBe(1);
  expect(count(directTo(world, 'bob'), 'Letters to bob end')).toBe(0);
  mailbox.refuse('take');
  await say(world, 'ana', 'declare the last sev:1');
  expect(mailbox.letters.at(-1)?.text).toContain('the last');
}, 60_000);

test('a channel that was told of an open incident is kept, however often it refuses; a redraw is no failure of its own', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'bob', 'subscribe channel:#support');
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'role INC-1 communications @chen');
  const channel = world.sandbox.channel('support')?.id ?? '';
  world.sandbox.faults.refuse('chat.postMessage', 'restricted_action', { channel });
  for (const number of [1, 2, 3, 4]) await say(world, 'ana', `update INC-1 number ${number}`);
  expect(count(directTo(world, 'bob'), 'As long as INC-1 is open')).toBe(1);
  world.sandbox.faults.clear();
  await say(world, 'ana', 'update INC-1 number 5');
  await say(world, 'ana', 'resolve INC-1 all is well');
  expect(texts(world, 'support').join()).toMatch(/number 5.*It is over/s);

  world.sandbox.faults.refuse('chat.postMessage', 'restricted_action', { channel });
  await say(world, 'ana', 'declare reads are slow sev:2');
  await say(world, 'ana', 'declare the cache is slow sev:2');
  await say(world, 'ana', 'undo INC-3');
  await say(world, 'ana', 'undo INC-2');
  expect(count(directTo(world, 'bob'), 'hears of incidents no longer')).toBe(0);
});

test('when a channel ends, whoever subscribed it hears so, and whoever writes what would have gone there', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'role INC-1 communications @chen');
  const channel = world.sandbox.channel('support')?.id ?? '';
  world.sandbox.faults.refuse('chat.postMessage', 'restricted_action', { channel });
  await say(world, 'bob', 'subscribe channel:#support');
  await say(world, 'ana', 'declare reads are slow sev:3');
  expect(count(directTo(world, 'bob'), 'hears of incidents no longer')).toBe(0);
  await say(world, 'ana', 'resolve INC-2');
  expect(count(directTo(world, 'bob'), 'hears of incidents no longer')).toBe(1);
  expect(count(directTo(world, 'chen'), '#support does not hear of INC-1 any more')).toBe(1);
});

test('one letter for one event, and after an undo one whose subject says what is so', async () => {
  const { mailbox, world } = await withMail();
  const subjects = () =>
    mailbox.letters.map(({ subject }) => subject).filter((each) => each.startsWith('INC'));
  await say(world, 'ana', 'declare the wrong one sev:1');
  await say(world, 'ana', 'undo INC-1');
  expect(subjects()).toEqual(['INC-1: an incident was declared', 'INC-1: declared by mistake']);
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'update INC-2 we look');
  await say(world, 'ana', 'undo INC-2');
  await say(world, 'ana', 'resolve INC-2 all is well');
  await say(world, 'ana', 'undo INC-2');
  expect(subjects().slice(2)).toEqual([
    'INC-2: an incident was declared',
    'INC-2: an update',
    'INC-2: update 1 was taken back',
    'INC-2: it is resolved',
    'INC-2: it was reopened',
  ]);
  await say(world, 'ana', 'resolve INC-2 all is well');
  await world.pass({ minutes: 2 });
  await say(world, 'ana', 'reopen INC-2 it is not');
  await say(world, 'ana', 'undo INC-2');
  expect(subjects().slice(-2)).toEqual(['INC-2: it was reopened', 'INC-2: it is resolved']);
});

test('the channel hears who ended what it hears, and so does whoever had set it up', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'bob', 'subscribe channel:#support on:api');
  await say(world, 'bob', 'subscribe channel:#support');
  await say(world, 'ana', 'unsubscribe channel:#support on:api');
  expect(texts(world, 'support').at(-1)).toMatch(
    /ana ended what this channel hears.*on api.*1 other stays.*subscribe on:api channel:here/s,
  );
  expect(directTo(world, 'bob').at(-1)).toMatch(/ana ended what #support hears.*you had set up.*say there/s);
  const before = directTo(world, 'bob').length;
  await say(world, 'bob', 'unsubscribe channel:#support');
  expect(texts(world, 'support').at(-1)).toContain('bob ended what this channel hears of incidents');
  expect(directTo(world, 'bob')).toHaveLength(before);
});

test('a commander whom Slack refuses: the channel reads once that it is late, and who was not reached stands below', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'role INC-1 commander @bob');
  const own = world.sandbox
    .channels()
    .find((each) => each.isIm && each.members.includes(world.sandbox.person('bob').id));
  world.sandbox.faults.refuse('chat.postMessage', 'user_disabled', { channel: own?.id ?? '' });
  await world.pass({ minutes: 36 });
  const said = world.sandbox.channel(channelOf(world).name)?.messages ?? [];
  const late = said.filter((each) => each.text.includes('the update is late'));
  expect(late.filter((each) => !each.threadTs || each.threadTs === each.ts)).toHaveLength(1);
  expect(late.at(-1)?.text).toContain('whom I could not write to');
});
