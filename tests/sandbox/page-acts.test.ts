// What a person does on the page: every act, and every refusal in the words of Slack's client.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { Act } from '../../src/sandbox/page/contract.js';
import { channelId, good } from './help.js';
import { ANA, act, BOB, CHEN, messagesOf, open, post, withPage } from './page-help.js';

type Payload = Record<string, unknown> & { trigger_id?: string; type?: string };

/** An app that answers as told; what it was sent is kept. */
async function app(sandbox: Sandbox, answer: (payload: Payload) => unknown = () => undefined) {
  const heard: Payload[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const form = Object.fromEntries(new URLSearchParams(text));
    const payload = (form.payload ? JSON.parse(form.payload) : form) as Payload;
    heard.push(payload);
    const body = await answer(payload);
    if (typeof body === 'number') response.writeHead(body).end();
    else
      response.writeHead(200, { 'content-type': 'application/json' }).end(body ? JSON.stringify(body) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  sandbox.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return heard;
}

const input = {
  type: 'input',
  block_id: 'title',
  label: { type: 'plain_text', text: 'Title' },
  element: { type: 'plain_text_input', action_id: 'words' },
};

const form = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Declare' },
  submit: { type: 'plain_text', text: 'Declare' },
  blocks: [
    input,
    {
      type: 'actions',
      block_id: 'more',
      elements: [
        { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } },
        { type: 'external_select', action_id: 'find', min_query_length: 0 },
      ],
    },
  ],
};

describe('commands', () => {
  test('are answered to the one who types them', async () => {
    const sandbox = await withPage();
    const heard = await app(sandbox, () => ({ text: 'Noted.' }));
    const channel = channelId(sandbox, 'general');
    expect(await act(sandbox, BOB, { do: 'command', channel, text: '/incident note it is slow' })).toEqual({
      ok: true,
    });
    expect(heard[0]).toMatchObject({ command: '/incident', text: 'note it is slow', user_id: BOB });
    expect(await messagesOf(sandbox, 'general', BOB)).toMatchObject([{ text: 'Noted.', ephemeral: true }]);
    expect(await messagesOf(sandbox, 'general', ANA)).toEqual([]);
  });

  test('that are answered too late fail as in Slack', async () => {
    const sandbox = await withPage({ ackMs: 30 });
    await app(sandbox, () => new Promise((resolve) => setTimeout(resolve, 200)));
    const channel = channelId(sandbox, 'general');
    expect(await act(sandbox, BOB, { do: 'command', channel, text: '/incident list' })).toEqual({
      ok: false,
      error: 'operation_timeout',
      said: '/incident failed with the error "operation_timeout"',
    });
  });

  test('fail where the app is broken, and where there is none', async () => {
    const sandbox = await withPage();
    const channel = channelId(sandbox, 'general');
    const said = '/incident failed with the error "dispatch_failed"';
    const typed = { do: 'command', channel, text: '/incident list' } as const;
    expect(await act(sandbox, BOB, typed)).toMatchObject({ ok: false, error: 'dispatch_failed', said });
    await app(sandbox, () => 500);
    expect(await act(sandbox, BOB, typed)).toMatchObject({ ok: false, error: 'dispatch_failed', said });
  });

  test('that no app has are refused', async () => {
    const sandbox = await withPage({ app: { commands: ['/incident'] } });
    const channel = channelId(sandbox, 'general');
    const answer = await act(sandbox, BOB, { do: 'command', channel, text: '/accident' });
    expect(answer).toMatchObject({ ok: false, error: 'unknown_command' });
    expect(answer.said).toContain('/accident is not a valid command.');
  });

  test('are not supported in threads', async () => {
    const sandbox = await withPage();
    const { ts, channel } = await sandbox.person('ana').say('root', { channel: 'general' });
    expect(await act(sandbox, BOB, { do: 'say', channel, text: '/incident list', threadTs: ts })).toEqual({
      ok: false,
      error: 'not_supported_in_threads',
      said: '/incident is not supported in threads. Sorry!',
    });
  });
});

describe('messages', () => {
  test('say what was typed: markup of Slack’s own is no markup when a person types it', async () => {
    const sandbox = await withPage();
    const channel = channelId(sandbox, 'general');
    const typed = `<!channel> <@${ANA}> <https://evil.example|https://bank.example>`;
    await act(sandbox, BOB, { do: 'say', channel, text: typed });
    const [said] = await messagesOf(sandbox, 'general');
    await act(sandbox, BOB, { do: 'edit', channel, ts: String(said?.ts), text: `again ${typed}` });
    const [edited] = await messagesOf(sandbox, 'general');
    for (const message of [said, edited]) {
      expect(String(message?.text)).not.toContain('<');
      expect(JSON.stringify(message?.blocks)).not.toMatch(/"type":"(broadcast|user|link)"/);
    }
  });

  test('are said, changed and deleted by who wrote them', async () => {
    const sandbox = await withPage();
    const channel = channelId(sandbox, 'general');
    await act(sandbox, BOB, { do: 'say', channel, text: 'hello @ana' });
    const [said] = await messagesOf(sandbox, 'general');
    expect(said).toMatchObject({ text: `hello <@${ANA}>`, user: BOB, edited: false });
    const ts = String(said?.ts);
    expect(await act(sandbox, ANA, { do: 'edit', channel, ts, text: 'no' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await act(sandbox, ANA, { do: 'remove', channel, ts })).toMatchObject({
      error: 'cant_delete_message',
    });
    expect(await act(sandbox, BOB, { do: 'edit', channel, ts, text: 'hello' })).toEqual({ ok: true });
    expect(await messagesOf(sandbox, 'general')).toMatchObject([{ text: 'hello', edited: true }]);
    expect(await act(sandbox, BOB, { do: 'remove', channel, ts })).toEqual({ ok: true });
    expect(await messagesOf(sandbox, 'general')).toEqual([]);
    expect(await act(sandbox, BOB, { do: 'react', channel, ts, name: 'pushpin' })).toEqual({
      ok: false,
      error: 'message_not_found',
      said: 'This message is not there any more.',
    });
  });

  test('need words', async () => {
    const sandbox = await withPage();
    const channel = channelId(sandbox, 'general');
    expect(await act(sandbox, BOB, { do: 'say', channel, text: ' \n' })).toMatchObject({ error: 'no_text' });
  });

  test('take reactions and pins, and let them go', async () => {
    const sandbox = await withPage();
    const { ts, channel } = await sandbox.person('ana').say('look', { channel: 'general' });
    await act(sandbox, BOB, { do: 'react', channel, ts, name: 'pushpin' });
    await act(sandbox, BOB, { do: 'pin', channel, ts });
    expect((await messagesOf(sandbox, 'general'))[0]?.reactions).toEqual([{ name: 'pushpin', users: [BOB] }]);
    expect(sandbox.channel('general')?.pins).toMatchObject([{ ts, user: BOB }]);
    await act(sandbox, BOB, { do: 'unreact', channel, ts, name: 'pushpin' });
    await act(sandbox, BOB, { do: 'unpin', channel, ts });
    expect((await messagesOf(sandbox, 'general'))[0]?.reactions).toEqual([]);
    expect(sandbox.channel('general')?.pins).toEqual([]);
  });

  test('that mention the app where it is not invite it first, and it hears them', async () => {
    const sandbox = await withPage({ app: { name: 'Andon' } });
    const heard: Payload[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      heard.push(JSON.parse(Buffer.concat(parts).toString('utf8')) as Payload);
      response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    sandbox.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const channel = channelId(sandbox, 'general');
    await act(sandbox, BOB, { do: 'say', channel, text: '@Andon list' });
    await sandbox.settle();
    expect(sandbox.channel('general')?.members).toContain(sandbox.botUserId);
    expect(heard.map((one) => (one.event as Payload).type)).toContain('app_mention');
    await act(sandbox, BOB, { do: 'say', channel, text: 'hello all' });
    expect(sandbox.channel('general')?.members.filter((id) => id === sandbox.botUserId)).toHaveLength(1);
  });

  test('of an app that takes none cannot be sent', async () => {
    const sandbox = await withPage({ app: { messagesReadOnly: true } });
    const { channel } = await act(sandbox, BOB, { do: 'openDm', who: sandbox.botUserId });
    expect(await act(sandbox, BOB, { do: 'say', channel: String(channel), text: 'hello' })).toMatchObject({
      said: 'Sending messages to this app has been turned off.',
    });
  });
});

describe('channels', () => {
  test('are joined and left; what one is not in one cannot write into', async () => {
    const sandbox = await withPage({ channels: [{ name: 'general' }, { name: 'ops', members: ['bob'] }] });
    const channel = channelId(sandbox, 'ops');
    const typed: Act[] = [
      { do: 'say', channel, text: 'hello' },
      { do: 'command', channel, text: '/incident' },
      { do: 'upload', channel, name: 'a.txt', base64: 'aGVsbG8=' },
      { do: 'invite', channel, who: CHEN },
    ];
    for (const one of typed)
      expect(await act(sandbox, ANA, one)).toEqual({
        ok: false,
        error: 'not_in_channel',
        said: 'You are not in #ops. Join it first.',
      });
    expect(await act(sandbox, ANA, { do: 'join', channel })).toEqual({ ok: true });
    expect(await act(sandbox, ANA, { do: 'invite', channel, who: CHEN })).toEqual({ ok: true });
    expect(await act(sandbox, ANA, { do: 'invite', channel, who: CHEN })).toMatchObject({
      error: 'already_in_channel',
    });
    expect(await act(sandbox, ANA, { do: 'leave', channel })).toEqual({ ok: true });
    expect(sandbox.channel('ops')?.members).toEqual([BOB, CHEN]);
    const general = channelId(sandbox, 'general');
    expect(await act(sandbox, ANA, { do: 'leave', channel: general })).toMatchObject({
      error: 'cant_leave_general',
    });
  });

  test('that are archived take nothing more', async () => {
    const sandbox = await withPage({ channels: [{ name: 'ops' }] });
    const { ts, channel } = await sandbox.person('ana').say('look', { channel: 'ops' });
    await sandbox.person('ana').invite('ops', sandbox.botUserId);
    await good(sandbox, 'conversations.archive', { channel });
    const typed: Act[] = [
      { do: 'say', channel, text: 'hello' },
      { do: 'command', channel, text: '/incident' },
      { do: 'react', channel, ts, name: 'pushpin' },
      { do: 'edit', channel, ts, text: 'other' },
      { do: 'invite', channel, who: CHEN },
    ];
    for (const one of typed)
      expect(await act(sandbox, ANA, one)).toMatchObject({ ok: false, error: 'is_archived' });
  });

  test('of others do not exist', async () => {
    const sandbox = await withPage({ channels: [{ name: 'secret', members: ['bob'], private: true }] });
    const channel = channelId(sandbox, 'secret');
    const none = { ok: false, error: 'channel_not_found', said: 'There is no such channel.' };
    expect(await act(sandbox, ANA, { do: 'join', channel })).toEqual(none);
    expect(await act(sandbox, ANA, { do: 'say', channel, text: 'hi' })).toEqual(none);
    expect(await act(sandbox, ANA, { do: 'read', channel, ts: '1.000000' })).toEqual(none);
  });

  test('direct messages are of exactly those who talk, without the app unless it is one of them', async () => {
    const sandbox = await withPage();
    const two = await act(sandbox, ANA, { do: 'openDm', who: BOB });
    expect(sandbox.channel(String(two.channel))?.members).toEqual([ANA, BOB]);
    expect((await act(sandbox, BOB, { do: 'openDm', who: ANA })).channel).toBe(two.channel);
    const withApp = await act(sandbox, ANA, { do: 'openDm', who: sandbox.botUserId });
    expect(withApp.channel).not.toBe(two.channel);
    const { channels } = await open(sandbox, BOB);
    expect(channels.find((one) => one.id === two.channel)).toMatchObject({ name: 'Ana Brandt', kind: 'im' });
    expect(channels.some((one) => one.id === withApp.channel)).toBe(false);
  });
});

describe('modals', () => {
  async function opened(answer: (payload: Payload) => unknown) {
    const sandbox = await withPage();
    const heard = await app(sandbox, answer);
    await sandbox.person('ana').command('/incident', { channel: 'general' });
    await good(sandbox, 'views.open', { trigger_id: heard[0]?.trigger_id, view: form });
    const { view } = await open(sandbox, ANA);
    return { sandbox, heard, viewId: String(view?.id) };
  }

  test('what is missing is said beside its field, by the client and by the app', async () => {
    const errors = { title: 'Somebody declared this already.' };
    const { sandbox, viewId } = await opened((payload) =>
      payload.type === 'view_submission' ? { response_action: 'errors', errors } : undefined,
    );
    expect(await act(sandbox, ANA, { do: 'submit', viewId, values: {} })).toMatchObject({
      ok: false,
      errors: { title: 'Please complete this required field.' },
    });
    expect(await act(sandbox, ANA, { do: 'submit', viewId, values: { title: 'Slow' } })).toEqual({
      ok: false,
      errors,
    });
    expect((await open(sandbox, ANA)).view?.state.title?.words).toMatchObject({ value: 'Slow' });
  });

  test('a submission that is accepted closes it', async () => {
    const { sandbox, viewId, heard } = await opened(() => undefined);
    expect(await act(sandbox, ANA, { do: 'submit', viewId, values: { title: 'Slow' } })).toEqual({
      ok: true,
    });
    expect(heard.at(-1)).toMatchObject({ type: 'view_submission', user: { id: ANA } });
    expect((await open(sandbox, ANA)).view).toBeNull();
    expect(await act(sandbox, ANA, { do: 'submit', viewId, values: {} })).toMatchObject({
      error: 'not_found',
    });
  });

  test('an app that fails is said to be in trouble, and what was typed stays', async () => {
    const { sandbox, viewId } = await opened((payload) => (payload.type ? 500 : undefined));
    const trouble = {
      ok: false,
      said: 'We had some trouble connecting. Try again?',
      error: 'dispatch_failed',
    };
    expect(await act(sandbox, ANA, { do: 'submit', viewId, values: { title: 'Slow' } })).toEqual(trouble);
    expect((await open(sandbox, ANA)).view?.state.title?.words).toMatchObject({ value: 'Slow' });
    expect(await act(sandbox, ANA, { do: 'clickInView', viewId, actionId: 'go', blockId: 'more' })).toEqual(
      trouble,
    );
  });

  test('buttons tell the app, and a select asks it for options', async () => {
    const options = [{ text: { type: 'plain_text', text: 'api' }, value: 'api' }];
    const { sandbox, viewId, heard } = await opened((payload) =>
      payload.type === 'block_suggestion' ? { options } : undefined,
    );
    expect(await act(sandbox, ANA, { do: 'clickInView', viewId, actionId: 'go', blockId: 'more' })).toEqual({
      ok: true,
    });
    expect(heard.at(-1)).toMatchObject({ type: 'block_actions', actions: [{ action_id: 'go' }] });
    expect(await act(sandbox, ANA, { do: 'suggest', viewId, actionId: 'find', typed: 'ap' })).toEqual({
      ok: true,
      options,
    });
  });

  test('of others are not there', async () => {
    const { sandbox, viewId } = await opened(() => undefined);
    expect(await act(sandbox, BOB, { do: 'submit', viewId, values: { title: 'x' } })).toMatchObject({
      error: 'not_found',
    });
  });

  test('shortcuts and App Home reach the app', async () => {
    const sandbox = await withPage();
    const heard = await app(sandbox);
    const { ts, channel } = await sandbox.person('bob').say('look', { channel: 'general' });
    expect(await act(sandbox, ANA, { do: 'shortcut', callbackId: 'declare' })).toEqual({ ok: true });
    expect(await act(sandbox, ANA, { do: 'messageShortcut', callbackId: 'add', channel, ts })).toEqual({
      ok: true,
    });
    expect(heard.map((one) => one.type)).toEqual(['shortcut', 'message_action']);
  });
});

test.each([
  [{ do: 'explode' }, 'act.do'],
  [{ do: 'say', text: 'no channel' }, 'act.channel'],
  [{ do: 'say', channel: 7, text: 'hi' }, 'act.channel'],
  [{ do: 'upload', channel: 'C1', name: 'a', base64: '***' }, 'act.base64: must be base64'],
  ['words', 'act'],
])('an act that is none is refused with a sentence: %j', async (what, sentence) => {
  const sandbox = await withPage();
  const response = await post(sandbox, '/page/act', { as: ANA, act: what });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ ok: false, said: expect.stringContaining(sentence) });
});
