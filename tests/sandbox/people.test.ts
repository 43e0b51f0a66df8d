// What people do besides commands: shortcuts, ephemerals, App Home, subscriptions, several sockets.
import { WebClient } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { call, channelId, good } from './help.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ ackMs: 200, rateLimits: 'off', ...options });
  closers.push(() => sandbox.close());
  return sandbox;
}

interface Link {
  socket: WebSocket;
  frames: Record<string, unknown>[];
}

/** A bare Socket Mode client that acknowledges everything. */
async function connect(sandbox: Sandbox): Promise<Link> {
  const { body } = await call(sandbox, 'apps.connections.open', {}, sandbox.appToken);
  const socket = new WebSocket(String(body.url));
  const frames: Record<string, unknown>[] = [];
  closers.push(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      frames.push(frame);
      if (frame.envelope_id) socket.send(JSON.stringify({ envelope_id: frame.envelope_id, payload: {} }));
      else resolve();
    });
  });
  return { socket, frames };
}

const buttons = [
  {
    type: 'actions',
    block_id: 'row',
    elements: [{ type: 'button', action_id: 'go', value: 'v', text: { type: 'plain_text', text: 'Go' } }],
  },
];

test('each envelope goes to one connection, ten connections at most', async () => {
  const sandbox = await open();
  const links: Link[] = [];
  for (let at = 0; at < 10; at += 1) links.push(await connect(sandbox));
  expect(links[0]?.frames[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  expect((await connect(sandbox)).frames[0]).toMatchObject({
    type: 'disconnect',
    reason: 'too_many_websockets',
  });
  expect(await sandbox.person('ana').command('/x')).toMatchObject({ ok: true });
  const envelopes = links.flatMap((link) => link.frames.filter((frame) => frame.envelope_id));
  expect(envelopes).toHaveLength(1);
  expect(envelopes[0]).toMatchObject({ type: 'slash_commands', accepts_response_payload: true });
});

test('a socket ticket works once', async () => {
  const sandbox = await open();
  const { body } = await call(sandbox, 'apps.connections.open', {}, sandbox.appToken);
  const socket = new WebSocket(String(body.url));
  await new Promise((resolve) => socket.once('message', resolve));
  closers.push(() => socket.terminate());
  const second = new WebSocket(String(body.url));
  await expect(new Promise((_, reject) => second.once('error', reject))).rejects.toThrow('404');
});

test('interactions carry what Slack sends', async () => {
  const sandbox = await open();
  await connect(sandbox);
  const ana = sandbox.person('ana');
  const channel = channelId(sandbox, 'general');
  const payload = () => sandbox.log.at(-1)?.payload ?? {};

  const said = await ana.say('a <b> & @bob', { channel: 'general' });
  expect(said.text).toBe('a &lt;b&gt; &amp; <@U0BOB00002>');
  await ana.messageShortcut('keep', 'general', said.ts);
  expect(payload()).toMatchObject({
    type: 'message_action',
    callback_id: 'keep',
    message_ts: said.ts,
    message: { text: said.text },
    channel: { id: channel, name: 'general' },
  });

  await good(sandbox, 'chat.postEphemeral', { channel, user: ana.id, text: 'x', blocks: buttons });
  const shown = sandbox.ephemerals('ana')[0];
  await ana.click('general', shown?.ts ?? '', 'go');
  expect(payload()).toMatchObject({
    type: 'block_actions',
    container: { is_ephemeral: true, channel_id: channel },
    actions: [{ action_id: 'go', block_id: 'row', value: 'v', type: 'button' }],
  });
  expect(payload()).not.toHaveProperty('message');
  await expect(sandbox.person('bob').click('general', shown?.ts ?? '', 'go')).rejects.toThrow(
    'sees no message',
  );

  await good(sandbox, 'views.publish', { user_id: ana.id, view: { type: 'home', blocks: buttons } });
  await ana.clickHome('go');
  expect(payload()).toMatchObject({ container: { type: 'view' }, view: { type: 'home' } });
  expect(payload()).not.toHaveProperty('channel');
  expect(payload()).not.toHaveProperty('response_url');
});

test('only subscribed events are sent', async () => {
  const sandbox = await open({ app: { events: ['app_home_opened', 'message.channels'] } });
  await connect(sandbox);
  const ana = sandbox.person('ana');
  await ana.invite('general', sandbox.botUserId);
  const said = await ana.say('x', { channel: 'general' });
  await ana.react('general', said.ts, 'eyes');
  await ana.openHome();
  await sandbox.settle();
  expect([...new Set(sandbox.log.map((one) => one.name))].sort()).toEqual(['app_home_opened', 'message']);
});

test("Slack's own client uploads files and pages through channels", async () => {
  const sandbox = await open();
  const client = new WebClient(sandbox.botToken, {
    slackApiUrl: sandbox.apiUrl,
    retryConfig: { retries: 0 },
  });
  const created = await client.conversations.create({ name: 'inc-1' });
  const channel_id = created.channel?.id ?? '';
  await client.filesUploadV2({ channel_id, filename: 'pm.md', content: '# pm', title: 'PM' });
  expect(sandbox.files()).toMatchObject([{ name: 'pm.md', title: 'PM', channels: [channel_id] }]);
  expect(String(sandbox.files()[0]?.content)).toBe('# pm');
  const seen: string[] = [];
  for await (const part of client.paginate('conversations.list', { limit: 2 })) {
    seen.push(...((part as { channels?: { name: string }[] }).channels ?? []).map((one) => one.name));
  }
  expect(seen).toEqual(['general', 'incidents', 'changes', 'inc-1']);
});

const leaf = (text: string, style?: object) => ({ type: 'text', text, ...(style ? { style } : {}) });
const lines = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });

test.each([
  [
    'a *bold* _it_ ~no~ `@ana <b>`',
    'a *bold* _it_ ~no~ `@ana &lt;b&gt;`',
    [
      lines(
        leaf('a '),
        leaf('bold', { bold: true }),
        leaf(' '),
        leaf('it', { italic: true }),
        leaf(' '),
        leaf('no', { strike: true }),
        leaf(' '),
        leaf('@ana <b>', { code: true }),
      ),
    ],
  ],
  [
    'look:\n```\nif a < b && *c*\nsee https://x.org\n```\ndone',
    'look:\n```\nif a &lt; b &amp;&amp; *c*\nsee https://x.org\n```\ndone',
    [
      lines(leaf('look:')),
      { type: 'rich_text_preformatted', elements: [leaf('if a < b && *c*\nsee https://x.org')] },
      lines(leaf('done')),
    ],
  ],
  [
    '> she said\n> *no*\nhm',
    '&gt; she said\n&gt; *no*\nhm',
    [
      { type: 'rich_text_quote', elements: [leaf('she said\n'), leaf('no', { bold: true })] },
      lines(leaf('hm')),
    ],
  ],
  [
    ':fire: at 10:30:45 :+1:',
    ':fire: at 10:30:45 :+1:',
    [lines({ type: 'emoji', name: 'fire' }, leaf(' at 10:30:45 '), { type: 'emoji', name: '+1' })],
  ],
  [
    '*@bob* in #general, https://x.org/?a=1&b=2 <!here>',
    '*<@U0BOB00002>* in <#GENERAL|general>, <https://x.org/?a=1&amp;b=2> &lt;!here&gt;',
    [
      lines(
        { type: 'user', user_id: 'U0BOB00002', style: { bold: true } },
        leaf(' in '),
        { type: 'channel', channel_id: 'GENERAL' },
        leaf(', '),
        { type: 'link', url: 'https://x.org/?a=1&b=2' },
        leaf(' <!here>'),
      ),
    ],
  ],
])('what a person types is sent as Slack’s client sends it: %s', async (typed, text, elements) => {
  const sandbox = await open();
  const id = channelId(sandbox, 'general');
  const ana = sandbox.person('ana');
  const said = await ana.say(typed, { channel: 'general', literal: true });
  const named = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('GENERAL', id));
  expect(said).toMatchObject({
    text: named(text),
    blocks: [{ type: 'rich_text', elements: named(elements) }],
  });
  const { ts } = await ana.say('to edit', { channel: 'general' });
  expect(await ana.edit('general', ts, typed, { literal: true })).toMatchObject({
    text: named(text),
    blocks: [{ elements: named(elements) }],
  });
});
