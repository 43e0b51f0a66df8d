// What a person has not read yet, by channel.
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { channelId } from './help.js';
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
