// The panel: what passes between the workspace and the app, what is refused and why, and faults on switches.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import type { FaultAct, FaultsCard, PageChange, WireCard } from '../../src/sandbox/page/contract.js';
import { call, channelId, good } from './help.js';
import { ANA, act, listen, open, post, withPage } from './page-help.js';

/** An app that acknowledges after `ms`, with this status. */
async function app(sandbox: Sandbox, given: { ms?: number; status?: number } = {}): Promise<void> {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    await new Promise((resolve) => setTimeout(resolve, given.ms ?? 0));
    response.writeHead(given.status ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  sandbox.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

async function cards(sandbox: Sandbox): Promise<WireCard[]> {
  return (await open(sandbox)).wire;
}

async function lastCard(sandbox: Sandbox, name: string): Promise<WireCard | undefined> {
  return (await cards(sandbox)).findLast((one) => one.name === name);
}

async function fault(sandbox: Sandbox, what: FaultAct): Promise<FaultsCard> {
  const response = await post(sandbox, '/page/faults', what);
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as FaultsCard;
}

async function typed(sandbox: Sandbox, text = '/incident list') {
  return act(sandbox, ANA, { do: 'command', channel: channelId(sandbox, 'general'), text });
}

async function trigger(sandbox: Sandbox): Promise<string> {
  await typed(sandbox);
  return String(sandbox.log.findLast((one) => one.kind === 'command')?.payload.trigger_id);
}

const view = {
  type: 'modal',
  title: { type: 'plain_text', text: 'A form' },
  blocks: [{ type: 'divider' }],
};

test('a command waits on the panel until it is acknowledged', async () => {
  const sandbox = await withPage();
  await app(sandbox, { ms: 60 });
  const stream = await listen(sandbox);
  await typed(sandbox);
  const told = (state: WireCard['state']) => (change: PageChange) =>
    change.kind === 'wire' && change.card.name === '/incident' && change.card.state === state;
  await stream.until(told('waiting'));
  await stream.until(told('ok'));
  const [card] = await cards(sandbox);
  expect(card).toMatchObject({ direction: 'to-app', kind: 'command', via: 'http', state: 'ok', status: 200 });
  expect(card?.latencyMs).toBeGreaterThanOrEqual(50);
  expect(card?.sent).toMatchObject({ text: 'list', token: '(masked)' });
});

test('a call stands on the panel before what it causes, and waits there until it is answered', async () => {
  const sandbox = await withPage();
  await app(sandbox);
  await sandbox.person('ana').invite('general', sandbox.botUserId);
  await sandbox.settle();
  const before = (await cards(sandbox)).length;
  const stream = await listen(sandbox);
  await fault(sandbox, { do: 'lay', kind: 'delay', method: 'chat.postMessage', detail: '50', times: 1 });
  const posted = call(sandbox, 'chat.postMessage', { channel: channelId(sandbox, 'general'), text: 'hello' });
  await stream.until((change) => change.kind === 'wire' && change.card.state === 'waiting');
  await posted;
  await sandbox.settle();
  const names = (await cards(sandbox)).slice(before).map((one) => `${one.name} ${one.state}`);
  expect(names).toEqual(['chat.postMessage ok', 'message ok']);
});

describe('what Slack would refuse is refused with its own error, and what it means', () => {
  const refusals: [string, string, string, SandboxOptions, (sandbox: Sandbox) => Promise<unknown>][] = [
    [
      'a late acknowledgement',
      'operation_timeout',
      'did not acknowledge within 3 seconds',
      { ackMs: 20 },
      async (s) => {
        await app(s, { ms: 100 });
        await typed(s);
      },
    ],
    [
      'an app that is broken',
      'dispatch_failed',
      'answered with an error',
      {},
      async (s) => {
        await app(s, { status: 500 });
        await typed(s);
      },
    ],
    [
      'a used trigger',
      'exchanged_trigger_id',
      'was used before',
      {},
      async (s) => {
        await app(s);
        const trigger_id = await trigger(s);
        await good(s, 'views.open', { trigger_id, view });
        await call(s, 'views.open', { trigger_id, view });
      },
    ],
    [
      'a scope that is missing',
      'missing_scope',
      'lacks the scope pins:write',
      { app: { botScopes: ['chat:write'] } },
      (s) => call(s, 'pins.add', { channel: channelId(s, 'general'), timestamp: '1.000000' }),
    ],
    [
      'too many blocks',
      'invalid_blocks',
      'no more than 50 items allowed',
      {},
      (s) =>
        postBlocks(
          s,
          Array.from({ length: 51 }, () => ({ type: 'divider' })),
        ),
    ],
    [
      'a name that is taken',
      'name_taken',
      'Take another name.',
      {},
      (s) => call(s, 'conversations.create', { name: 'general' }),
    ],
    [
      'too many calls',
      'ratelimited',
      'wait 1 second before it calls chat.postMessage again',
      { rateLimits: 'slack' },
      async (s) => {
        await s.person('ana').invite('general', s.botUserId);
        for (let count = 0; count < 8; count += 1)
          await call(s, 'chat.postMessage', { channel: channelId(s, 'general'), text: `number ${count}` });
      },
    ],
    [
      'a channel the app is not in',
      'not_in_channel',
      'must join, or be invited',
      { app: { botScopes: ['channels:history'] } },
      (s) => call(s, 'conversations.history', { channel: channelId(s, 'general') }),
    ],
    [
      'a response URL used too often',
      'used_url',
      '5 times',
      {},
      async (s) => {
        await app(s);
        await typed(s);
        const url = String(s.log.at(-1)?.payload.response_url);
        for (let count = 0; count < 6; count += 1)
          await fetch(url, { method: 'POST', body: JSON.stringify({ text: `number ${count}` }) });
      },
    ],
    [
      'a token that was revoked',
      'token_revoked',
      'Install it again.',
      {},
      async (s) => {
        s.revokeToken();
        await call(s, 'auth.test');
      },
    ],
    [
      'an error of one method alone',
      'too_many_bookmarks',
      'Slack lists too_many_bookmarks among the errors of bookmarks.add.',
      {},
      async (s) => {
        s.faults.refuse('bookmarks.add', 'too_many_bookmarks');
        await call(s, 'bookmarks.add');
      },
    ],
  ];

  test.each(refusals)('%s: %s', async (_what, error, meaning, options, provoke) => {
    const sandbox = await withPage(options);
    await provoke(sandbox);
    const card = (await cards(sandbox)).findLast((one) => one.state === 'refused');
    expect(card).toMatchObject({ error, meaning: expect.stringContaining(meaning) });
  });

  test('an app that went away is told apart from one that never was', async () => {
    const sandbox = await withPage();
    await sandbox.person('ana').say('nobody listens', { channel: 'general' });
    await typed(sandbox);
    expect(await cards(sandbox)).toEqual([]);
    await app(sandbox);
    sandbox.deliverTo(null);
    await typed(sandbox);
    expect(await lastCard(sandbox, '/incident')).toMatchObject({ error: 'not_connected', via: 'none' });
  });
});

test('what repeats something says what', async () => {
  const sandbox = await withPage({ eventRetryMs: [5, 5, 5] });
  await app(sandbox, { status: 500 });
  await sandbox.person('ana').invite('general', sandbox.botUserId);
  await sandbox.settle();
  const events = (await cards(sandbox)).filter((one) => one.name === 'member_joined_channel');
  expect(events.map((one) => one.retry)).toEqual([undefined, 1, 2, 3]);
  expect(events.slice(1).map((one) => one.repeats)).toEqual(Array(3).fill(events[0]?.number));
  await fault(sandbox, { do: 'lay', kind: 'rateLimit', method: 'auth.test', detail: '1', times: 2 });
  for (let count = 0; count < 3; count += 1) await call(sandbox, 'auth.test');
  const calls = (await cards(sandbox)).filter((one) => one.name === 'auth.test');
  expect(calls.map((one) => one.state)).toEqual(['refused', 'refused', 'ok']);
  expect(calls.map((one) => one.repeats)).toEqual([undefined, calls[0]?.number, calls[0]?.number]);
});

test('the last 1,000 are kept, long ones are cut, and of the records as many as were asked for', async () => {
  const sandbox = await withPage({ keepRecords: 10 });
  await call(sandbox, 'chat.postMessage', {
    channel: channelId(sandbox, 'general'),
    text: 'x'.repeat(30_000),
  });
  const [long] = await cards(sandbox);
  expect(long?.sent.note).toMatch(/^Only the first 20000 of 30\d{3} characters are shown\.$/);
  expect(JSON.stringify(long).length).toBeLessThan(50_000);
  await fault(sandbox, { do: 'lay', kind: 'status', method: 'auth.test', detail: '500', times: null });
  for (let count = 0; count < 1010; count += 1) await call(sandbox, 'auth.test');
  const kept = await cards(sandbox);
  expect(kept).toHaveLength(1000);
  expect(kept.at(-1)?.number).toBe(1011);
  expect(sandbox.calls.length).toBeLessThanOrEqual(20);
  // What a record repeats is still the one before it.
  expect(sandbox.calls.slice(1).map((one) => one.retryOf)).toEqual(
    sandbox.calls.slice(1).map((_one, index) => index),
  );
});

describe('switches', () => {
  test('lay faults that can be seen, lifted and cleared', async () => {
    const sandbox = await withPage();
    const stream = await listen(sandbox);
    await fault(sandbox, { do: 'lay', kind: 'rateLimit', method: 'chat.postMessage', detail: '7', times: 1 });
    await fault(sandbox, {
      do: 'lay',
      kind: 'refuse',
      method: 'pins.add',
      detail: 'not_pinnable',
      times: null,
    });
    const { laid } = await fault(sandbox, {
      do: 'lay',
      kind: 'delay',
      method: '*',
      detail: '1',
      times: null,
    });
    expect(laid).toEqual([
      { id: 1, method: 'chat.postMessage', kind: 'rateLimit', detail: '7', left: 1 },
      { id: 2, method: 'pins.add', kind: 'refuse', detail: 'not_pinnable', left: null },
      { id: 3, method: '*', kind: 'delay', detail: '1', left: null },
    ]);
    const { status, headers } = await call(sandbox, 'chat.postMessage');
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    await stream.until((change) => change.kind === 'faults' && change.faults.laid.length === 2);
    expect((await call(sandbox, 'pins.add')).body.error).toBe('not_pinnable');
    expect((await fault(sandbox, { do: 'lift', id: 2 })).laid.map((one) => one.id)).toEqual([3]);
    expect((await call(sandbox, 'pins.add')).body.error).not.toBe('not_pinnable');
    expect((await fault(sandbox, { do: 'clear' })).laid).toEqual([]);
  });

  test('drop the connection before or after the work', async () => {
    const sandbox = await withPage();
    const channel = channelId(sandbox, 'general');
    for (const [detail, posted] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      await fault(sandbox, { do: 'lay', kind: 'drop', method: 'chat.postMessage', detail, times: 1 });
      await expect(call(sandbox, 'chat.postMessage', { channel, text: 'once' })).rejects.toThrow();
      expect(sandbox.messages('general')).toHaveLength(posted);
      expect(await lastCard(sandbox, 'chat.postMessage')).toMatchObject({
        state: 'refused',
        error: 'connection_dropped',
        status: 0,
      });
    }
  });

  test('while Slack is down, what the app tries to call is seen, and nothing of it is done', async () => {
    const sandbox = await withPage();
    await fault(sandbox, { do: 'down' });
    const channel = channelId(sandbox, 'general');
    await expect(call(sandbox, 'chat.postMessage', { channel, text: 'is anybody there' })).rejects.toThrow();
    expect((await open(sandbox)).wire.at(-1)).toMatchObject({
      name: 'chat.postMessage',
      state: 'refused',
      error: 'connection_dropped',
      status: 0,
      sent: { channel, text: 'is anybody there' },
    });
    expect(sandbox.messages('general').map((each) => each.text)).not.toContain('is anybody there');
  });

  test('take Slack down, while the page stays, and back up', async () => {
    const sandbox = await withPage();
    expect((await fault(sandbox, { do: 'down' })).isDown).toBe(true);
    await expect(call(sandbox, 'auth.test')).rejects.toThrow();
    expect((await open(sandbox)).faults.isDown).toBe(true);
    expect((await fault(sandbox, { do: 'up' })).isDown).toBe(false);
    expect((await call(sandbox, 'auth.test')).body.ok).toBe(true);
  });

  test('deliver everything twice', async () => {
    const sandbox = await withPage();
    await app(sandbox);
    expect((await fault(sandbox, { do: 'twice', on: true })).twice).toBe(true);
    await typed(sandbox);
    await sandbox.settle();
    const sent = (await cards(sandbox)).filter((one) => one.name === '/incident');
    expect(sent).toHaveLength(2);
    expect(sent[1]?.repeats).toBe(sent[0]?.number);
    expect(sent[1]?.sent.trigger_id).toBe(sent[0]?.sent.trigger_id);
  });

  test('take a scope away and give it back', async () => {
    const sandbox = await withPage({ app: { botScopes: ['channels:read', 'chat:write'] } });
    const without = await fault(sandbox, { do: 'scope', name: 'channels:read', granted: false });
    expect(without.scopes).toEqual([
      { name: 'channels:read', granted: false },
      { name: 'chat:write', granted: true },
    ]);
    expect((await call(sandbox, 'conversations.list')).body.error).toBe('missing_scope');
    await fault(sandbox, { do: 'scope', name: 'channels:read', granted: true });
    expect((await call(sandbox, 'conversations.list')).body.ok).toBe(true);
  });

  test('a test that lays one is seen on the page, too', async () => {
    const sandbox = await withPage();
    const stream = await listen(sandbox);
    sandbox.faults.refuse('pins.add', 'not_pinnable');
    await stream.until((change) => change.kind === 'faults' && change.faults.laid[0]?.method === 'pins.add');
    expect(sandbox.faults.lift(sandbox.faults.laid()[0]?.id ?? 0)).toBe(true);
    await stream.until((change) => change.kind === 'faults' && change.faults.laid.length === 0);
  });

  test.each([
    [{ do: 'lay', kind: 'rateLimit', method: 'chat.postMessage', detail: 'soon', times: 1 }, 'Retry-After'],
    [{ do: 'lay', kind: 'drop', method: 'chat.postMessage', detail: 'never', times: 1 }, 'before or after'],
    [{ do: 'lay', kind: 'status', method: 'chat.postMessage', detail: '200', times: 1 }, '400 to 599'],
    [{ do: 'lay', kind: 'refuse', method: 'chat.shout', detail: 'no', times: 1 }, 'a method of the Web API'],
    [{ do: 'scope', name: 'admin', granted: true }, 'not installed with the scope admin'],
    [{ do: 'break' }, 'do'],
  ])('refuse what makes no sense: %j', async (what, sentence) => {
    const sandbox = await withPage();
    const response = await post(sandbox, '/page/faults', what);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ said: expect.stringContaining(sentence) });
  });
});

async function postBlocks(sandbox: Sandbox, blocks: unknown[]) {
  return call(sandbox, 'chat.postMessage', { channel: channelId(sandbox, 'general'), text: 'x', blocks });
}
