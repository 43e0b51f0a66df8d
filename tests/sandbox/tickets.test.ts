// Triggers, response URLs, modal stacks and faults, with an app that is a bare HTTP server.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { type Clock, call, channelId, errorOf, good, withClock } from './help.js';

let sandbox: Sandbox;
let clock: Clock;
let app: Server;
let answer: unknown;

beforeEach(async () => {
  answer = undefined;
  app = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer === undefined ? '' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  ({ sandbox, clock } = await withClock({ rateLimits: 'off' }));
  sandbox.deliverTo(`http://127.0.0.1:${(app.address() as AddressInfo).port}/`);
});
afterEach(async () => {
  await sandbox.close();
  await new Promise((resolve) => app.close(resolve));
});

const modal = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'T' },
  submit: { type: 'plain_text', text: 'S' },
  blocks: [
    {
      type: 'input',
      block_id: 'b',
      label: { type: 'plain_text', text: 'L' },
      element: { type: 'plain_text_input', action_id: 'a' },
    },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'more', text: { type: 'plain_text', text: 'More' } }],
    },
  ],
  ...change,
});

async function trigger(): Promise<string> {
  return (await sandbox.person('ana').shortcut('s')).triggerId;
}

describe('triggers', () => {
  test('live three seconds and open one view', async () => {
    const first = await trigger();
    await good(sandbox, 'views.open', { trigger_id: first, view: modal() });
    expect(await errorOf(sandbox, 'views.open', { trigger_id: first, view: modal() })).toBe(
      'exchanged_trigger_id',
    );
    const late = await trigger();
    clock.wire += 3001;
    expect(await errorOf(sandbox, 'views.open', { trigger_id: late, view: modal() })).toBe(
      'expired_trigger_id',
    );
    expect(await errorOf(sandbox, 'views.open', { trigger_id: 'x', view: modal() })).toBe(
      'invalid_trigger_id',
    );
  });

  test('an invalid view is told in response_metadata', async () => {
    const view = modal({ title: { type: 'plain_text', text: 'x'.repeat(25) } });
    const { body } = await call(sandbox, 'views.open', { trigger_id: await trigger(), view });
    expect(body).toEqual({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    const fat = modal({ callback_id: 'x'.repeat(250_001) });
    expect(await errorOf(sandbox, 'views.open', { trigger_id: await trigger(), view: fat })).toBe(
      'view_too_large',
    );
  });

  test('the stack holds three views, hashes and external ids are guarded', async () => {
    const ana = sandbox.person('ana');
    const view = modal({ external_id: 'one' });
    await good(sandbox, 'views.open', { trigger_id: await trigger(), view });
    const push = async (): Promise<string> => {
      const top = ana.openView();
      if (!top) throw new Error('nothing is open');
      const { triggerId } = await ana.clickInView(top, 'more');
      return await errorOf(sandbox, 'views.push', { trigger_id: triggerId, view: modal() });
    };
    expect([await push(), await push(), await push()]).toEqual(['ok', 'ok', 'push_limit_reached']);
    expect(await errorOf(sandbox, 'views.push', { trigger_id: await trigger(), view: modal() })).toBe(
      'not_found',
    );
    const twice = { trigger_id: await trigger(), view };
    expect(await errorOf(sandbox, 'views.open', twice)).toBe('duplicate_external_id');
    const top = ana.openView();
    const update = { view_id: top?.id, hash: top?.hash, view: modal() };
    await good(sandbox, 'views.update', update);
    expect(await errorOf(sandbox, 'views.update', update)).toBe('hash_conflict');
    await good(sandbox, 'views.update', { external_id: 'one', view: modal() });
    await ana.closeView({ all: true });
    expect(await errorOf(sandbox, 'views.update', { view_id: top?.id, view: modal() })).toBe('not_found');
  });

  test('submission: update, push, clear, and errors that name no block', async () => {
    const ana = sandbox.person('ana');
    await good(sandbox, 'views.open', { trigger_id: await trigger(), view: modal() });
    const top = () => ana.openView() ?? expect.fail('nothing is open');
    answer = { response_action: 'errors', errors: { nowhere: 'x' } };
    expect(await ana.submit(top(), { b: 'x' })).toMatchObject({ error: 'invalid_response_action' });
    answer = { response_action: 'update', view: modal({ callback_id: 'second' }) };
    expect(await ana.submit(top(), { a: 'kept' })).toMatchObject({
      closed: false,
      view: { callbackId: 'second' },
    });
    answer = { response_action: 'push', view: modal({ callback_id: 'third' }) };
    // What was typed is kept while block_id and action_id stay the same.
    expect(await ana.submit(top(), {})).toMatchObject({ view: { callbackId: 'third' } });
    answer = { response_action: 'push', view: { type: 'modal' } };
    expect(await ana.submit(top(), { b: 'x' })).toMatchObject({ error: 'invalid_arguments' });
    answer = { response_action: 'clear' };
    expect(await ana.submit(top(), { b: 'x' })).toMatchObject({ closed: true });
    expect(ana.openView()).toBeUndefined();
  });
});

describe('response URLs', () => {
  async function responseUrl(): Promise<string> {
    await sandbox.person('ana').command('/x');
    return String(sandbox.log.at(-1)?.payload.response_url);
  }
  const post = async (url: string, body: unknown): Promise<[number, string]> => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return [response.status, await response.text()];
  };

  test('take five answers, ephemeral unless told otherwise', async () => {
    const url = await responseUrl();
    expect(await post(url, { text: 'one' })).toEqual([200, 'ok']);
    expect(await post(url, { text: 'two', response_type: 'in_channel' })).toEqual([200, 'ok']);
    for (let at = 0; at < 3; at += 1) await post(url, { text: 'x' });
    expect(await post(url, { text: 'six' })).toEqual([404, 'used_url']);
    expect(sandbox.ephemerals('ana')[0]).toMatchObject({ text: 'one', via: 'response_url' });
    expect(sandbox.messages('general')).toMatchObject([{ text: 'two' }]);
  });

  test('last thirty minutes', async () => {
    const url = await responseUrl();
    clock.wire += 30 * 60_000 + 1;
    expect(await post(url, { text: 'late' })).toEqual([404, 'expired_url']);
    expect((await post(`${url}x`, { text: 'x' }))[0]).toBe(404);
  });

  test('a plain acknowledgement is shown, invalid blocks are not', async () => {
    answer = { text: 'hi', response_type: 'in_channel' };
    const outcome = await sandbox.person('ana').command('/x');
    expect(outcome).toMatchObject({ reply: { response_type: 'in_channel' }, channelPosts: [{ text: 'hi' }] });
    answer = { blocks: [{ type: 'nope' }] };
    expect(await sandbox.person('ana').command('/x')).toMatchObject({ ok: false, error: 'invalid_blocks' });
  });
});

describe('faults', () => {
  const post = async (): Promise<string> => {
    try {
      const channel = channelId(sandbox, 'general');
      const { status, headers, body } = await call(sandbox, 'chat.postMessage', { channel, text: 'x' });
      return body.ok ? 'ok' : `${status} ${String(body.error)} ${headers.get('retry-after') ?? ''}`.trim();
    } catch {
      return 'no connection';
    }
  };

  test('refusals, rates and statuses, counted and by channel', async () => {
    sandbox.faults.refuse('chat.postMessage', 'restricted_action', { times: 1 });
    expect([await post(), await post()]).toEqual(['200 restricted_action', 'ok']);
    sandbox.faults.rateLimit('chat.postMessage', { times: 1, retryAfter: 7, channel: 'general' });
    expect([await post(), await post()]).toEqual(['429 ratelimited 7', 'ok']);
    sandbox.faults.refuse('*', 'fatal_error', { channel: 'incidents' });
    sandbox.faults.status('chat.postMessage', 503, { times: 1 });
    expect([await post(), await post()]).toEqual(['503 internal_error', 'ok']);
    sandbox.faults.clear();
  });

  test('connections dropped before and after the work, and retries told as such', async () => {
    sandbox.faults.drop('chat.postMessage', 'before', { times: 1 });
    expect(await post()).toBe('no connection');
    expect(sandbox.messages('general')).toHaveLength(0);
    sandbox.faults.drop('chat.postMessage', 'after', { times: 1 });
    expect(await post()).toBe('no connection');
    expect(sandbox.messages('general')).toHaveLength(1);
    expect(await post()).toBe('ok');
    expect(sandbox.calls.at(-1)).toMatchObject({ retryOf: 1 });
    sandbox.faults.down();
    expect(await post()).toBe('no connection');
    sandbox.faults.up();
    expect(await post()).toBe('ok');
  });

  test('hooks run before the work and between work and answer', async () => {
    const seen: number[] = [];
    const look = () => {
      seen.push(sandbox.messages('general').length);
    };
    const off = sandbox.faults.before('chat.postMessage', look);
    sandbox.faults.after('chat.postMessage', look);
    await post();
    off();
    await post();
    expect(seen).toEqual([0, 1, 2]);
  });
});
