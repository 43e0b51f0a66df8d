// A real Bolt app against the sandbox: over HTTP and over Socket Mode.
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { channelId, good } from './help.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const view = {
  type: 'modal' as const,
  callback_id: 'declare',
  title: { type: 'plain_text' as const, text: 'Declare' },
  submit: { type: 'plain_text' as const, text: 'Go' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'name',
      label: { type: 'plain_text' as const, text: 'Name' },
      element: { type: 'plain_text_input' as const, action_id: 'text', min_length: 3 },
    },
    {
      type: 'input' as const,
      block_id: 'note',
      optional: true,
      label: { type: 'plain_text' as const, text: 'Note' },
      element: { type: 'plain_text_input' as const, action_id: 'text', initial_value: 'as given' },
    },
  ],
};

const buttons = [
  {
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        action_id: 'take',
        value: '7',
        text: { type: 'plain_text' as const, text: 'Take' },
      },
    ],
  },
];

interface Heard {
  values: unknown[];
  events: string[];
  command: Record<string, string>;
}

function behave(app: App, heard: Heard): void {
  app.command('/incident', async ({ command, ack, client, respond }) => {
    Object.assign(heard.command, command);
    if (command.text === 'help') return await ack({ text: 'Help', response_type: 'ephemeral' });
    if (command.text === 'slow') return;
    await ack();
    if (command.text === 'again') await respond({ text: 'later' });
    else await client.views.open({ trigger_id: command.trigger_id, view });
  });
  app.view('declare', async ({ ack, view: submitted }) => {
    heard.values.push(submitted.state.values);
    const name = submitted.state.values.name?.text?.value;
    if (name === 'bad') return await ack({ response_action: 'errors', errors: { name: 'Not that' } });
    await ack();
  });
  app.action('take', async ({ ack, respond, action }) => {
    await ack();
    const value = 'value' in action ? action.value : '';
    await respond({ text: `taken ${String(value)}`, replace_original: true });
  });
  app.shortcut('everywhere', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });
  app.use(async ({ body, next }) => {
    const event = (body as { event?: { type: string; subtype?: string } }).event;
    if (event) heard.events.push(event.subtype ? `${event.type}/${event.subtype}` : event.type);
    await next();
  });
}

async function overHttp(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; heard: Heard }> {
  const sandbox = await openSandbox({ ackMs: 400, ...options });
  closers.push(() => sandbox.close());
  const app = new App({
    token: sandbox.botToken,
    signingSecret: sandbox.signingSecret,
    logLevel: LogLevel.ERROR,
    ignoreSelf: false,
    clientOptions: { slackApiUrl: sandbox.apiUrl, retryConfig: { retries: 0 } },
  });
  const heard: Heard = { values: [], events: [], command: {} };
  behave(app, heard);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  closers.push(() => app.stop());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  sandbox.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  return { sandbox, heard };
}

async function overSocket(): Promise<{ sandbox: Sandbox; heard: Heard }> {
  const sandbox = await openSandbox({ ackMs: 400, pingMs: 200 });
  closers.push(() => sandbox.close());
  const clientOptions = { slackApiUrl: sandbox.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: sandbox.appToken,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: 400,
    installerOptions: { clientOptions },
  });
  const app = new App({
    token: sandbox.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    ignoreSelf: false,
    clientOptions,
  });
  const heard: Heard = { values: [], events: [], command: {} };
  behave(app, heard);
  await app.start();
  closers.push(() => app.stop());
  return { sandbox, heard };
}

describe.each([
  ['HTTP', overHttp],
  ['Socket Mode', overSocket],
])('over %s', (_, open) => {
  test('a command opens a modal, which is filled in and submitted', async () => {
    const { sandbox, heard } = await open();
    const ana = sandbox.person('ana');
    const outcome = await ana.command('/incident declare @bob in #changes & <now>', { channel: 'general' });
    expect(outcome).toMatchObject({ ok: true });
    expect(heard.command.text).toBe(
      `declare <@U0BOB00002|bob> in <#${channelId(sandbox, 'changes')}|changes> &amp; &lt;now&gt;`,
    );
    const modal = await ana.waitForView();
    expect(modal).toMatchObject({ title: 'Declare', callbackId: 'declare' });

    expect(await ana.submit(modal, {})).toMatchObject({
      refusedByClient: true,
      errors: { name: expect.any(String) },
    });
    expect(await ana.submit(modal, { name: 'x' })).toMatchObject({ refusedByClient: true });
    expect(await ana.submit(modal, { name: 'bad' })).toMatchObject({
      closed: false,
      errors: { name: 'Not that' },
    });
    expect(await ana.submit(modal, { name: 'Checkout down' })).toMatchObject({ ok: true, closed: true });
    expect(heard.values.at(-1)).toEqual({
      name: { text: { type: 'plain_text_input', value: 'Checkout down' } },
      note: { text: { type: 'plain_text_input', value: 'as given' } },
    });
    expect(ana.openView()).toBeUndefined();
  });

  test('replies: in the acknowledgement, by response URL, by replacing the message', async () => {
    const { sandbox } = await open();
    const bob = sandbox.person('bob');
    const help = await bob.command('/incident help', { channel: 'general' });
    expect(help.reply).toMatchObject({ text: 'Help', response_type: 'ephemeral' });
    await bob.command('/incident again');
    await sandbox.settle();
    expect(sandbox.ephemerals('bob').map((one) => [one.text, one.via])).toEqual([
      ['Help', 'ack'],
      ['later', 'response_url'],
    ]);
    const general = channelId(sandbox, 'general');
    const { ts } = await good(sandbox, 'chat.postMessage', { channel: general, text: 'x', blocks: buttons });
    await bob.click('general', String(ts), 'take');
    await sandbox.settle();
    expect(sandbox.messages('general').at(-1)).toMatchObject({ ts, text: 'taken 7' });
  });

  test('no acknowledgement and no app at all are told apart', async () => {
    const { sandbox } = await open();
    const bob = sandbox.person('bob');
    expect(await bob.command('/incident slow')).toMatchObject({ ok: false, error: 'operation_timeout' });
    sandbox.deliverTo('http://127.0.0.1:9/slack/events');
    expect(await bob.command('/incident help')).toMatchObject({ ok: false, error: 'dispatch_failed' });
    expect(sandbox.log.at(-1)).toMatchObject({ kind: 'command', status: 0, error: 'dispatch_failed' });
  });

  test('events come from the channels the bot is in, its own messages too', async () => {
    const { sandbox, heard } = await open();
    const ana = sandbox.person('ana');
    await ana.say('unheard', { channel: 'general' });
    await ana.invite('general', sandbox.botUserId);
    await sandbox.settle();
    heard.events.length = 0;
    const said = await ana.say(`look <@${sandbox.botUserId}>`, { channel: 'general' });
    await ana.react('general', said.ts, 'eyes');
    await ana.pin('general', said.ts);
    await ana.edit('general', said.ts, 'look again');
    await good(sandbox, 'chat.postMessage', { channel: channelId(sandbox, 'general'), text: 'mine' });
    await ana.openHome();
    await sandbox.settle();
    expect([...heard.events].sort()).toEqual([
      'app_home_opened',
      'app_mention',
      'message',
      'message',
      'message/message_changed',
      'pin_added',
      'reaction_added',
    ]);
  });

  test('a shortcut opens a modal', async () => {
    const { sandbox } = await open();
    const dee = sandbox.person('dee');
    expect(await dee.shortcut('everywhere')).toMatchObject({ ok: true });
    expect((await dee.waitForView()).callbackId).toBe('declare');
  });
});

test('the request URL is verified, and forged requests are refused', async () => {
  const { sandbox } = await overHttp();
  expect(await sandbox.verifyRequestUrl()).toBe(true);
  const url = sandbox.requestUrl() ?? '';
  const body = 'command=%2Fincident&text=help';
  const post = async (headers: Record<string, string>): Promise<number> => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })).status;
  };
  expect(await post({ ...sandbox.sign(body) })).toBe(200);
  expect(await post({ ...sandbox.sign(body, { secret: 'wrong' }) })).toBe(401);
  expect(await post({ ...sandbox.sign(`${body}&x=1`) })).toBe(401);
  const stale = Math.floor(Date.now() / 1000) - 301;
  expect(await post({ ...sandbox.sign(body, { timestamp: stale }) })).toBe(401);
});

test('a modal survives no longer than its trigger', async () => {
  let wire = Date.now();
  const { sandbox } = await overHttp({ wireNow: () => wire });
  sandbox.faults.before('views.open', () => {
    wire += 3001;
  });
  const ana = sandbox.person('ana');
  await ana.command('/incident declare');
  await sandbox.settle();
  expect(ana.openView()).toBeUndefined();
  expect(sandbox.calls.at(-1)).toMatchObject({
    method: 'views.open',
    answer: { error: 'expired_trigger_id' },
  });
});

test('socket mode: refresh reconnects, nothing connected drops events', async () => {
  const { sandbox } = await overSocket();
  sandbox.refreshSocket({ graceMs: 10 });
  const ana = sandbox.person('ana');
  await expect.poll(() => sandbox.connections()).toBe(0);
  expect(await ana.command('/incident help')).toMatchObject({ error: 'dispatch_failed', latencyMs: 0 });
  await ana.openHome();
  expect(sandbox.log.at(-1)).toMatchObject({ via: 'none', error: 'not_connected' });
  await expect.poll(() => sandbox.connections(), { timeout: 5000 }).toBe(1);
  expect(await ana.command('/incident help')).toMatchObject({ ok: true });
});

test('events are retried with the same id, unless the app says no', async () => {
  const { createServer } = await import('node:http');
  const seen: (string | undefined)[][] = [];
  let answer = 500;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      const { event_id } = JSON.parse(body) as { event_id: string };
      const header = (name: string) => request.headers[name]?.toString();
      seen.push([event_id, header('x-slack-retry-num'), header('x-slack-retry-reason')]);
      response.writeHead(answer, answer === 418 ? { 'x-slack-no-retry': '1' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const sandbox = await openSandbox({ eventRetryMs: [5, 5, 5] });
  closers.push(() => sandbox.close());
  const address = server.address();
  sandbox.deliverTo(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
  await sandbox.person('ana').openHome();
  await sandbox.settle();
  const id = seen[0]?.[0];
  expect(seen).toEqual([
    [id, undefined, undefined],
    [id, '1', 'http_error'],
    [id, '2', 'http_error'],
    [id, '3', 'http_error'],
  ]);
  answer = 418;
  await sandbox.person('ana').openHome();
  await sandbox.settle();
  expect(seen).toHaveLength(5);
  answer = 200;
  sandbox.faults.deliverTwice(true);
  await sandbox.person('ana').openHome();
  await sandbox.settle();
  expect(seen).toHaveLength(7);
  expect(seen[5]).toEqual(seen[6]);
});
