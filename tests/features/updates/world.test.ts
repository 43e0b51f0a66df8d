// An hour of a SEV1 as those outside live it: real Slack requests, forms and messages, and a real mail server.
import { expect, test } from 'vitest';
import { openMailbox } from '../../helpers/mailbox.js';
import { channelOf, say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'support' }];

const top = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).filter(
    (each) => !each.threadTs || each.threadTs === each.ts,
  );
const texts = (world: World, channel: string) => top(world, channel).map((each) => each.text);

function directTo(world: World, person: string): string[] {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return own.flatMap((each) => each.messages).map((each) => each.text);
}

test('an hour of a SEV1: drafted, sent once to each, reminded, late, and over', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({
    at: '2026-03-10T10:00:00Z',
    sandbox: { channels },
    mail: { url: mailbox.url, from: 'Andon <andon@example.com>' },
  });
  await world.sandbox.person('bob').join('support');
  await world.sandbox.person('bob').invite('support', world.sandbox.botUserId);
  await say(world, 'bob', 'contact mail:bob@example.com');
  const before = mailbox.letters.length;
  expect(await say(world, 'bob', 'subscribe on:api sev:2 mail')).toContain('By mail as well');
  expect(await say(world, 'bob', 'subscribe channel:#support')).toContain('#support hears of incidents');
  expect(texts(world, 'support').join()).toContain('had this channel hear of incidents');

  await say(world, 'ana', 'declare writes are stuck sev:1 on:api/prod');
  expect(texts(world, 'support').at(-1)).toMatch(/INC-1 writes are stuck · SEV1.*Affected: api\/prod/s);
  await world.pass({ minutes: 10 });

  // No words: a form with a draft from the record.
  const ana = world.sandbox.person('ana');
  await ana.command('/incident status identified a bad merge deleted the cluster', {
    channel: channelOf(world).name,
  });
  await world.settled();
  await ana.command('/incident note the password of the vault is hunter2', {
    channel: channelOf(world).name,
  });
  await world.settled();
  await ana.command('/incident update', { channel: channelOf(world).name });
  const view = await ana.waitForView();
  const draft = JSON.stringify(view.blocks);
  expect(draft).toContain('We know what is wrong and are working on it. a bad merge deleted the cluster');
  expect(draft).toContain('api/prod (major outage)');
  expect(draft).toContain('30m');
  expect(draft).not.toContain('hunter2');
  const announced = texts(world, 'incidents').length;
  const sent = await ana.submit(view, { text: 'Writes fail for some. A repair is under way', next: '30m' });
  expect(sent).toMatchObject({ ok: true, closed: true });
  await world.settled();

  // Nothing new in the big channel: the announcement says it, and its thread has it.
  expect(texts(world, 'incidents')).toHaveLength(announced);
  expect(texts(world, 'incidents').at(-1)).toMatch(/Update 1 .*Writes fail for some/s);
  const all = world.sandbox.channel('incidents')?.messages ?? [];
  expect(all.filter((each) => each.text.includes('Writes fail for some'))).toHaveLength(2);
  for (const place of [texts(world, 'support'), directTo(world, 'bob')])
    expect(place.filter((each) => each.includes('Writes fail for some'))).toHaveLength(1);
  expect(mailbox.letters.slice(before).map(({ subject }) => subject)).toEqual([
    'INC-1: an incident was declared',
    'INC-1: an update',
  ]);
  expect(mailbox.letters.at(-1)?.text).toMatch(/Writes fail for some.*10:40 UTC/s);

  // Five minutes before and five minutes after it is due; the big channel hears nothing of either.
  await world.pass({ minutes: 26 });
  expect(directTo(world, 'ana').at(-1)).toMatch(/INC-1: the next update is due/);
  await world.pass({ minutes: 10 });
  expect(directTo(world, 'ana').at(-1)).toMatch(/INC-1: the update is late/);
  const inside = () =>
    texts(world, channelOf(world).name).filter((each) => each.includes('the update is late'));
  expect(inside()).toHaveLength(1);
  await world.pass({ minutes: 35 });
  expect(inside()).toHaveLength(1);
  expect(texts(world, 'incidents')).toHaveLength(announced);

  await say(world, 'ana', 'update INC-1 The repair is in, writes work again next:none');
  await say(world, 'ana', 'resolve INC-1 all is well');
  await world.pass({ hours: 5 });
  expect(texts(world, 'support').at(-1)).toMatch(/It is over.*all is well/s);
  expect(mailbox.letters.at(-1)?.subject).toBe('INC-1: it is resolved');
  const late = directTo(world, 'ana').filter((each) => each.includes('the update is late'));
  expect(late.length).toBeLessThanOrEqual(3);
});

test('a channel where Andon may not post: whoever subscribed it hears so, and once nothing is open it ends', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'bob', 'subscribe channel:#nowhere');
  expect(directTo(world, 'bob').at(-1)).toMatch(
    /did not get through to #nowhere \(channel_not_found\).*no channel of that name.*archived/s,
  );
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'update INC-1 we are on it');
  expect(directTo(world, 'bob').at(-1)).toContain('As long as INC-1 is open, each is tried all the same');
  await say(world, 'ana', 'resolve INC-1');
  expect(directTo(world, 'bob').at(-1)).toMatch(
    /#nowhere hears of incidents no longer.*\/incident subscribe channel:#nowhere/s,
  );
  // One for the whole row of failures, one that it is tried all the same, and one that it ends.
  expect(directTo(world, 'bob').filter((each) => each.includes('nowhere'))).toHaveLength(3);
  expect(await say(world, 'bob', 'subscriptions')).toContain('Nothing yet');
});

test('whom an update did not reach is told as such, and whoever writes to those outside hears it once', async () => {
  const mailbox = await openMailbox();
  const world = await openWorld({
    sandbox: { channels },
    mail: { url: mailbox.url, from: 'Andon <andon@example.com>' },
  });
  await say(world, 'bob', 'contact mail:bob@example.com');
  for (const [who, line] of [
    ['bob', 'subscribe mail'],
    ['bob', 'subscribe channel:#nowhere'],
    ['ana', 'declare writes are stuck sev:1'],
    ['ana', 'role INC-1 commander @ana'],
  ] as const)
    await say(world, who, line);
  mailbox.refuse('refuse');
  await say(world, 'ana', 'update INC-1 we are on it');
  const [updates, brief, timeline] = [
    await say(world, 'ana', 'updates INC-1'),
    await say(world, 'ana', 'brief INC-1'),
    await say(world, 'ana', 'timeline INC-1'),
  ];
  expect(updates).toMatch(/went to: the announcement, bob; not reached: #nowhere, bob \(mail\)/);
  expect(brief).toMatch(
    /Told outside \(update 1\): the announcement, bob; not reached: #nowhere, bob \(mail\);/,
  );
  expect(timeline).toMatch(/Update 1 was sent to.*Update 1 did not reach #nowhere: channel_not_found/s);
  const heard = directTo(world, 'ana').filter((each) => each.includes('could not be reached'));
  expect(heard.at(-1)).toMatch(
    /INC-1: 2 could not be reached\. Update 1.*#nowhere \(channel_not_found\).*bob \(mail\) \(.*550/s,
  );
  expect(heard).toHaveLength(1);
  // Of the declaration nobody was in charge yet, so the channel has it.
  expect(
    texts(world, channelOf(world).name).filter((each) => each.includes('could not be reached')),
  ).toHaveLength(1);
});

test('all of an update arrives everywhere; one that is too long is refused with by how much', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'bob', 'subscribe');
  await say(world, 'ana', 'declare writes are stuck sev:1');
  const text = `${'word '.repeat(399)}end.`;
  expect(text.length).toBeLessThanOrEqual(2_000);
  expect(await say(world, 'ana', `update INC-1 ${'word '.repeat(589)}last.`)).toContain(
    'That is 2,950 characters, 950 too many: 2,000 is the most. Nothing was sent.',
  );
  await say(world, 'ana', `update INC-1 ${text}`);
  const all = world.sandbox.channel('incidents')?.messages ?? [];
  const thread = all.filter((each) => each.threadTs && each.threadTs !== each.ts).map((each) => each.text);
  for (const place of [thread, directTo(world, 'bob'), texts(world, channelOf(world).name)])
    expect(place.filter((each) => each.includes(text))).toHaveLength(1);
  expect(texts(world, 'incidents').at(-1)).toContain('… (more in the thread)');
});

test('a channel is called by its name, and told how it ends what it hears itself', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const answers = [
    await say(world, 'bob', 'subscribe channel:here'),
    await say(world, 'bob', 'subscriptions'),
    await say(world, 'bob', 'subscriptions', 'random').catch(() => ''),
  ].join('\n');
  expect(answers).toContain('This channel hears of incidents');
  expect(answers).not.toMatch(/#C[A-Z0-9]{7}/);
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'update INC-1 we are on it');
  expect(texts(world, 'general').find((each) => each.includes('Updates follow'))).toContain(
    '/incident unsubscribe channel:here',
  );
  expect(await say(world, 'ana', 'updates INC-1')).not.toMatch(/#C[A-Z0-9]{7}/);
  expect(await say(world, 'ana', 'timeline INC-1')).not.toMatch(/#C[A-Z0-9]{7}/);
});

test('a redaction reaches every copy in Slack', async () => {
  const world = await openWorld({ sandbox: { channels } });
  await say(world, 'bob', 'subscribe');
  await say(world, 'ana', 'declare writes are stuck sev:1');
  await say(world, 'ana', 'update INC-1 customer Zanzibar lost data');
  const everywhere = () =>
    JSON.stringify(
      world.sandbox.channels().flatMap((each) => each.messages.map(({ text, blocks }) => [text, blocks])),
    );
  expect(everywhere()).toContain('Zanzibar');
  const timeline = await say(world, 'ana', 'timeline INC-1');
  const seq = /#(\d+)[^#]*Zanzibar/.exec(timeline)?.[1];
  await say(world, 'ana', `redact INC-1 #${seq} a name`);
  expect(everywhere()).not.toContain('Zanzibar');
  expect(directTo(world, 'bob').at(-1)).toContain('Update 1 was redacted');
});
