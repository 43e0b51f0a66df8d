// What a person has not read yet, by channel.
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { channelId, good } from './help.js';
import { ANA, act, BOB, CHEN, messagesOf, open, withPage } from './page-help.js';

const cardOf = async (sandbox: Sandbox, name: string, as: string) =>
  (await open(sandbox, as)).channels.find((one) => one.name === name);

test('counts what others said since one last read, and never one’s own words', async () => {
  const sandbox = await withPage();
  const channel = channelId(sandbox, 'general');
  await act(sandbox, BOB, { do: 'say', channel, text: 'one' });
  await act(sandbox, BOB, { do: 'say', channel, text: 'two, @ana' });
  expect(await cardOf(sandbox, 'general', ANA)).toMatchObject({ unread: 2, mentions: 1 });
  expect(await cardOf(sandbox, 'general', BOB)).toMatchObject({ unread: 0, mentions: 0 });
  const [first, second] = await messagesOf(sandbox, 'general');
  await act(sandbox, ANA, { do: 'read', channel, ts: String(first?.ts) });
  expect(await cardOf(sandbox, 'general', ANA)).toMatchObject({
    unread: 1,
    mentions: 1,
    lastReadTs: first?.ts,
  });
  await act(sandbox, ANA, { do: 'read', channel, ts: String(second?.ts) });
  await act(sandbox, ANA, { do: 'read', channel, ts: String(first?.ts) });
  expect(await cardOf(sandbox, 'general', ANA)).toMatchObject({
    unread: 0,
    mentions: 0,
    lastReadTs: second?.ts,
  });
});

test('counts <!here>, all of a direct message, and of threads what names one', async () => {
  const sandbox = await withPage();
  const channel = channelId(sandbox, 'general');
  const { ts } = await sandbox.person('ana').say('root', { channel: 'general' });
  await act(sandbox, BOB, { do: 'say', channel, text: 'a reply', threadTs: ts });
  expect(await cardOf(sandbox, 'general', ANA)).toMatchObject({ unread: 0, mentions: 0 });
  await act(sandbox, BOB, { do: 'say', channel, text: 'a reply to @ana', threadTs: ts });
  await act(sandbox, BOB, { do: 'say', channel, text: '@here all of you' });
  expect(await cardOf(sandbox, 'general', ANA)).toMatchObject({ unread: 2, mentions: 2 });
  const dm = await act(sandbox, BOB, { do: 'openDm', who: ANA });
  await act(sandbox, BOB, { do: 'say', channel: String(dm.channel), text: 'psst' });
  expect(await cardOf(sandbox, 'Bob Castle', ANA)).toMatchObject({ unread: 1, mentions: 1 });
});

test('a channel one was invited to is unread from its beginning, one that one joined is not', async () => {
  const sandbox = await withPage({ channels: [{ name: 'ops', members: ['bob'] }] });
  const channel = channelId(sandbox, 'ops');
  await act(sandbox, BOB, { do: 'say', channel, text: 'before' });
  await act(sandbox, BOB, { do: 'invite', channel, who: CHEN });
  await act(sandbox, ANA, { do: 'join', channel });
  expect(await cardOf(sandbox, 'ops', CHEN)).toMatchObject({ unread: 1 });
  expect(await cardOf(sandbox, 'ops', ANA)).toMatchObject({ unread: 0 });
});

test('counts mentions of every kind, and nothing that only looks like one', async () => {
  const sandbox = await withPage({
    usergroups: [{ id: 'S0DBA', handle: 'dba', name: 'Databases', users: [ANA] }],
    channels: [{ name: 'ops', members: ['ana', 'bob'] }],
  });
  const channel = channelId(sandbox, 'ops');
  const post = async (text: string, blocks?: unknown[]) =>
    await good(sandbox, 'chat.postMessage', { channel, text, blocks });
  const rich = (element: unknown) => [
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] },
  ];
  const section = (type: string, text: string) => [{ type: 'section', text: { type, text } }];
  await good(sandbox, 'conversations.join', { channel });
  for (const typed of ['literal <!here> text', `<@${ANA}> as it is written`]) {
    await act(sandbox, BOB, { do: 'say', channel, text: typed });
  }
  await post('a title', [{ type: 'header', text: { type: 'plain_text', text: '<!channel> is down' } }]);
  await post('escaped', section('mrkdwn', `&lt;!channel&gt; &lt;@${ANA}&gt;`));
  await post('as text', rich({ type: 'text', text: '<!everyone>' }));
  await post('another person', rich({ type: 'user', user_id: BOB }));
  expect(await cardOf(sandbox, 'ops', ANA)).toMatchObject({ unread: 6, mentions: 0 });
  await post('in words', section('mrkdwn', '<!channel|channel> is down'));
  await post('in words', section('mrkdwn', `ask <@${ANA}>`));
  await post('ask <!subteam^S0DBA>');
  await post('as parts', rich({ type: 'user', user_id: ANA }));
  await post('as parts', rich({ type: 'usergroup', usergroup_id: 'S0DBA' }));
  await post('as parts', rich({ type: 'broadcast', range: 'here' }));
  expect(await cardOf(sandbox, 'ops', ANA)).toMatchObject({ unread: 12, mentions: 6 });
});
