// What the page is told: what a person may see and nothing else, when it opens and whenever something changes.
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { PageChange } from '../../src/sandbox/page/contract.js';
import { call, channelId, good } from './help.js';
import { ANA, act, BOB, CHEN, type Listening, listen, messagesOf, open, withPage } from './page-help.js';

const members = [{ name: 'general' }, { name: 'ops' }, { name: 'secret', members: ['bob'], private: true }];

const button = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' }, value: 'x' }],
};

function modal(title: string) {
  return { type: 'modal', title: { type: 'plain_text', text: title }, blocks: [button] };
}

/** An app that answers everything at once with an empty acknowledgement. */
async function answering(
  sandbox: Sandbox,
  answer: (payload: Record<string, string>) => unknown = () => undefined,
) {
  const { createServer } = await import('node:http');
  const { onTestFinished } = await import('vitest');
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const body = answer(Object.fromEntries(new URLSearchParams(text)));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  sandbox.deliverTo(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
}

describe('opening', () => {
  test('says that this is a local copy, who is there, and what the app offers', async () => {
    const hints = {
      commands: [{ command: '/incident', description: 'Incidents', usageHint: 'declare | note' }],
      shortcuts: [{ name: 'Declare', type: 'global' as const, callbackId: 'declare', description: 'A form' }],
    };
    const sandbox = await withPage({ app: { name: 'Andon', hints } });
    const opening = await open(sandbox, BOB);
    expect(opening.notice).toBe('This is a local copy of Slack: nothing here leaves this machine.');
    expect(opening.me).toMatchObject({ id: BOB, name: 'bob', zone: 'America/New_York', isApp: false });
    expect(opening.people.filter((one) => !one.isApp)).toHaveLength(4);
    expect(opening.app.name).toBe('Andon');
    expect(opening.commands).toEqual(hints.commands);
    expect(opening.shortcuts).toEqual(hints.shortcuts);
    expect(opening.startIn).toBe(channelId(sandbox, 'general'));
    sandbox.startIn('incidents');
    expect((await open(sandbox, BOB)).startIn).toBe(channelId(sandbox, 'incidents'));
  });

  test('leaves out what is not this person’s: private channels and the direct messages of others', async () => {
    const sandbox = await withPage({ channels: members });
    await act(sandbox, BOB, { do: 'openDm', who: CHEN });
    const names = async (as: string) => (await open(sandbox, as)).channels.map((one) => one.name);
    expect(await names(ANA)).toEqual(['general', 'ops']);
    expect(await names(BOB)).toEqual(['general', 'ops', 'secret', 'Chen Rao']);
    await expect(messagesOf(sandbox, 'secret', ANA)).rejects.toThrow('404');
    expect(await messagesOf(sandbox, 'secret', BOB)).toEqual([]);
  });

  test('somebody who is not there is answered with who is', async () => {
    const sandbox = await withPage();
    const response = await fetch(`${sandbox.url}/page/open?as=U0NOBODY`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ said: expect.stringContaining(ANA) });
  });
});

describe('the stream', () => {
  /** Everything that can change, and how it shows. */
  const things: [string, (sandbox: Sandbox) => Promise<unknown>, (change: PageChange) => boolean][] = [
    ['a message of a person', (s) => s.person('bob').say('hello', { channel: 'general' }), saying('hello')],
    ['a message of the app', (s) => post(s, 'from the app'), saying('from the app')],
    [
      'a change of a message',
      async (s) => good(s, 'chat.update', { ...(await posted(s)), text: 'other words' }),
      saying('other words'),
    ],
    [
      'a deleted message',
      async (s) => good(s, 'chat.delete', await posted(s)),
      (change) => change.kind === 'message-gone',
    ],
    [
      'a reaction',
      async (s) => {
        const { ts } = await posted(s);
        await s.person('bob').react('general', ts, 'pushpin');
      },
      (change) => change.kind === 'message' && change.message.reactions[0]?.name === 'pushpin',
    ],
    [
      'a pin',
      async (s) => {
        const { ts } = await posted(s);
        await s.person('bob').pin('general', ts);
      },
      (change) => change.kind === 'channel' && change.channel.pins[0]?.user === BOB,
    ],
    [
      'a bookmark',
      (s) =>
        good(s, 'bookmarks.add', {
          channel_id: channelId(s, 'general'),
          title: 'Summary',
          type: 'link',
          link: 'https://example.com/',
        }),
      (change) => change.kind === 'channel' && change.channel.bookmarks[0]?.title === 'Summary',
    ],
    [
      'a topic',
      (s) => good(s, 'conversations.setTopic', { channel: channelId(s, 'general'), topic: 'All is well' }),
      (change) => change.kind === 'channel' && change.channel.topic === 'All is well',
    ],
    [
      'a new channel',
      (s) => good(s, 'conversations.create', { name: 'inc-1' }),
      (change) => change.kind === 'channel' && change.channel.name === 'inc-1' && !change.channel.isMember,
    ],
    [
      'an archived channel',
      async (s) => {
        await s.person('bob').invite('ops', s.botUserId);
        await good(s, 'conversations.archive', { channel: channelId(s, 'ops') });
      },
      (change) => change.kind === 'channel' && change.channel.isArchived,
    ],
    [
      'a file',
      (s) => s.person('bob').upload('general', { name: 'log.txt', content: 'words' }),
      (change) =>
        change.kind === 'message' &&
        change.message.files[0]?.name === 'log.txt' &&
        change.message.files[0]?.shows === 'text',
    ],
    [
      'what one person is told alone',
      (s) => good(s, 'chat.postEphemeral', { channel: channelId(s, 'general'), user: ANA, text: 'only you' }),
      (change) => saying('only you')(change) && change.kind === 'message' && change.message.ephemeral,
    ],
    [
      'App Home',
      (s) => good(s, 'views.publish', { user_id: ANA, view: { type: 'home', blocks: [button] } }),
      (change) => change.kind === 'home' && change.view?.blocks.length === 1,
    ],
    [
      'a person’s name',
      (s) => s.person('bob').change({ realName: 'Bob Stone' }),
      (change) => change.kind === 'person' && change.person.realName === 'Bob Stone',
    ],
  ];

  test.each(things)('shows %s', async (_what, change, shows) => {
    const sandbox = await withPage({ channels: members });
    await sandbox.person('ana').invite('general', sandbox.botUserId);
    const stream = await listen(sandbox);
    await change(sandbox);
    await stream.until(shows);
  });

  test('shows what comes through a response URL: said, replaced, deleted', async () => {
    const sandbox = await withPage();
    await answering(sandbox);
    const stream = await listen(sandbox);
    await sandbox.person('ana').command('/incident show', { channel: 'general' });
    const url = String(sandbox.log.find((one) => one.kind === 'command')?.payload.response_url);
    const say = async (to: string, body: object) =>
      fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await say(url, { text: 'for you', blocks: [button] });
    const { message } = await stream.until(isMessage('for you'));
    await say(url, { text: 'for all', response_type: 'in_channel' });
    expect((await stream.until(isMessage('for all'))).message.ephemeral).toBe(false);
    const blockId = String(message.blocks[0]?.block_id);
    const click = { do: 'click', channel: message.channel, ts: message.ts, actionId: 'go', blockId } as const;
    expect(await act(sandbox, ANA, click)).toEqual({ ok: true });
    const answer = String(sandbox.log.find((one) => one.kind === 'interaction')?.payload.response_url);
    await say(answer, { text: 'instead', replace_original: true });
    expect((await stream.until(isMessage('instead'))).message.ts).toBe(message.ts);
    await say(answer, { delete_original: true });
    await stream.until((change) => change.kind === 'message-gone' && change.ts === message.ts);
  });

  test('shows what lies on top of the modals, and that they are closed', async () => {
    const sandbox = await withPage();
    const trigger: string[] = [];
    await answering(sandbox, (payload) => {
      if (payload.trigger_id) trigger.push(payload.trigger_id);
      return undefined;
    });
    const stream = await listen(sandbox);
    await sandbox.person('ana').command('/incident', { channel: 'general' });
    const { view } = await good(sandbox, 'views.open', { trigger_id: trigger[0], view: modal('First') });
    await stream.until((change) => change.kind === 'view' && change.view?.title === 'First');
    await good(sandbox, 'views.update', { view_id: (view as { id: string }).id, view: modal('Second') });
    await stream.until((change) => change.kind === 'view' && change.view?.title === 'Second');
    expect((await open(sandbox)).view).toMatchObject({ title: 'Second', depth: 0 });
    await act(sandbox, ANA, { do: 'closeView', all: false });
    await stream.until((change) => change.kind === 'view' && change.view === null);
  });

  test('never tells a person what is not theirs', async () => {
    const sandbox = await withPage({ channels: members });
    await sandbox.person('bob').invite('secret', sandbox.botUserId);
    await answering(sandbox);
    const ana = await listen(sandbox, ANA);
    const bob = await listen(sandbox, BOB);
    await sandbox.person('bob').say('the secret plan', { channel: 'secret' });
    const general = channelId(sandbox, 'general');
    await sandbox.person('ana').invite('general', sandbox.botUserId);
    await good(sandbox, 'chat.postEphemeral', { channel: general, user: BOB, text: 'for Bob alone' });
    await good(sandbox, 'views.publish', { user_id: BOB, view: { type: 'home', blocks: [button] } });
    const dm = await act(sandbox, BOB, { do: 'openDm', who: CHEN });
    await act(sandbox, BOB, { do: 'say', channel: String(dm.channel), text: 'between us' });
    const toAna = JSON.stringify(await people(ana));
    for (const words of ['secret', 'for Bob alone', 'between us', '"home"', String(dm.channel)])
      expect(toAna).not.toContain(words);
    const toBob = JSON.stringify(await people(bob));
    for (const words of ['the secret plan', 'for Bob alone', 'between us', '"home"'])
      expect(toBob).toContain(words);
  });

  test('names a direct message after who is in it, also when they change their name', async () => {
    const sandbox = await withPage();
    await act(sandbox, ANA, { do: 'openDm', who: BOB });
    const stream = await listen(sandbox, ANA);
    await sandbox.person('bob').change({ realName: 'Bob Stone' });
    await stream.until((change) => change.kind === 'channel' && change.channel.name === 'Bob Stone');
  });

  test('says that a channel is not to be seen any more to who left it', async () => {
    const sandbox = await withPage({
      channels: [...members, { name: 'two', members: ['ana', 'bob'], private: true }],
    });
    const id = channelId(sandbox, 'two');
    const stream = await listen(sandbox, ANA);
    await act(sandbox, ANA, { do: 'leave', channel: id });
    await stream.until((change) => change.kind === 'channel-gone' && change.id === id);
    await sandbox.person('bob').say('gone', { channel: 'two' });
    expect(JSON.stringify(await people(stream))).not.toContain('"text":"gone"');
  });

  test('gathers what changes at one moment: a message edited twice is told as it is', async () => {
    const sandbox = await withPage();
    const stream = await listen(sandbox);
    const person = sandbox.person('bob');
    const said = person.say('one', { channel: 'general' });
    await person.edit('general', (await said).ts, 'two');
    const told = (await people(stream)).filter((change) => change.kind === 'message');
    expect(told.map((change) => change.kind === 'message' && change.message.text)).toEqual(['two']);
  });
});

/** What a stream told of the workspace itself: the panel shows the app's traffic to whoever looks. */
async function people(stream: Listening): Promise<PageChange[]> {
  return (await stream.settled()).filter((change) => change.kind !== 'wire');
}

function saying(text: string): (change: PageChange) => boolean {
  return (change) => change.kind === 'message' && change.message.text === text;
}

function isMessage(text: string) {
  return (change: PageChange): change is Extract<PageChange, { kind: 'message' }> =>
    change.kind === 'message' && change.message.text === text;
}

async function post(sandbox: Sandbox, text: string) {
  return good(sandbox, 'chat.postMessage', { channel: channelId(sandbox, 'general'), text });
}

async function posted(sandbox: Sandbox): Promise<{ channel: string; ts: string }> {
  const { body } = await call(sandbox, 'chat.postMessage', {
    channel: channelId(sandbox, 'general'),
    text: 'words',
  });
  return { channel: String(body.channel), ts: String(body.ts) };
}
