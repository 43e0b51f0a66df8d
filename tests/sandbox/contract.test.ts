// The method contract: tokens, scopes, required arguments, rates, bodies, coverage.
import { afterEach, describe, expect, test } from 'vitest';
import {
  allBotScopes,
  COVERAGE,
  HANDLERS,
  METHODS,
  NOT_IMITATED,
  openSandbox,
  type Sandbox,
} from '../../src/sandbox/index.js';
import { call, channelId, errorOf, good, withClock } from './help.js';

let open: Sandbox[] = [];
function keep(sandbox: Sandbox): Sandbox {
  open.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

describe('coverage', () => {
  test('the list of imitated methods is the list of handlers', () => {
    const imitated = Object.keys(COVERAGE).filter((method) => COVERAGE[method] === 'imitated');
    expect(Object.keys(HANDLERS).sort()).toEqual(imitated.sort());
    expect(Object.keys(COVERAGE).sort()).toEqual(Object.keys(METHODS).sort());
  });

  test('a method that is not imitated says so', async () => {
    const sandbox = keep(await openSandbox());
    const { body } = await call(sandbox, 'canvases.create', {});
    expect(body).toMatchObject({ ok: false, error: 'not_imitated' });
    for (const method of ['reactions.list', 'oauth.v2.access', 'conversations.close'])
      expect(NOT_IMITATED).toContain(method);
    expect(await errorOf(sandbox, 'reactions.list')).toBe('not_imitated');
    expect(await errorOf(sandbox, 'conversations.mark')).toBe('invalid_arguments');
    expect(await errorOf(sandbox, 'chat.postMassage')).toBe('unknown_method');
  });
});

describe('tokens', () => {
  test('missing, wrong, of the wrong kind, revoked', async () => {
    const sandbox = keep(await openSandbox());
    expect((await call(sandbox, 'auth.test', {}, null)).body.error).toBe('not_authed');
    expect((await call(sandbox, 'auth.test', {}, 'xoxb-no')).body.error).toBe('invalid_auth');
    expect((await call(sandbox, 'auth.test', {}, sandbox.appToken)).body.error).toBe(
      'not_allowed_token_type',
    );
    expect((await call(sandbox, 'apps.connections.open')).body.error).toBe('not_allowed_token_type');
    expect((await call(sandbox, 'apps.connections.open', {}, sandbox.appToken)).body.ok).toBe(true);
    expect((await call(sandbox, 'auth.test', { token: sandbox.botToken }, null)).body.ok).toBe(true);
    sandbox.revokeToken();
    expect((await call(sandbox, 'auth.test')).body.error).toBe('token_revoked');
  });
});

describe('scopes', () => {
  test('each scoped method is refused without its scopes, with needed and provided', async () => {
    const sandbox = keep(await openSandbox({ app: { botScopes: ['commands'] }, rateLimits: 'off' }));
    for (const [method, contract] of Object.entries(METHODS)) {
      if (contract.token !== 'bot' || contract.scopes.length === 0) continue;
      const { body, headers } = await call(sandbox, method, {});
      expect(body, method).toMatchObject({ error: 'missing_scope', provided: 'commands' });
      expect(body.needed, method).toBe(contract.scopes.join(','));
      expect(headers.get('x-oauth-scopes')).toBe('commands');
      expect(headers.get('x-accepted-oauth-scopes')).toBe(contract.scopes.join(','));
    }
  });

  test('the scope must fit the kind of conversation', async () => {
    const botScopes = allBotScopes().filter((scope) => !scope.startsWith('groups:'));
    const sandbox = keep(await openSandbox({ app: { botScopes } }));
    expect((await good(sandbox, 'conversations.create', { name: 'open' })).ok).toBe(true);
    const { body } = await call(sandbox, 'conversations.create', { name: 'closed', is_private: true });
    expect(body).toMatchObject({ error: 'missing_scope', needed: 'groups:write' });
  });
});

describe('arguments', () => {
  test('every required argument is missed', async () => {
    const sandbox = keep(await openSandbox({ rateLimits: 'off' }));
    for (const [method, contract] of Object.entries(METHODS)) {
      if (contract.token !== 'bot' || contract.required.length === 0) continue;
      const error = await errorOf(sandbox, method, {});
      expect(error, method).not.toBe('ok');
      const own = [...Object.values(contract.missing ?? {}), 'missing_argument', 'invalid_arguments'];
      expect(own, `${method}: ${error}`).toContain(error);
    }
    const { body } = await call(sandbox, 'chat.postMessage', { text: 'x' });
    expect(body.response_metadata).toEqual({ messages: ['[ERROR] missing required field: channel'] });
  });

  test('a JSON body counts only where the table says so', async () => {
    const sandbox = keep(await openSandbox());
    const json = async (method: string, args: unknown): Promise<Record<string, unknown>> => {
      const response = await fetch(sandbox.apiUrl + method, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.botToken}` },
        body: typeof args === 'string' ? args : JSON.stringify(args),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const id = channelId(sandbox, 'general');
    expect((await json('chat.postMessage', { channel: id, text: 'hi' })).ok).toBe(true);
    expect((await json('conversations.info', { channel: id })).error).toBe('invalid_arguments');
    expect((await json('chat.postMessage', '{')).error).toBe('invalid_json');
    expect((await json('chat.postMessage', '[]')).error).toBe('json_not_object');
    expect(await errorOf(sandbox, 'chat.postMessage', { channel: id, blocks: '{' })).toBe(
      'invalid_blocks_format',
    );
    expect(await errorOf(sandbox, 'conversations.list', { limit: 'many' })).toBe('invalid_arguments');
  });
});

describe('rates', () => {
  test('a tier is spent within a minute and comes back', async () => {
    const { sandbox, clock } = await withClock();
    keep(sandbox);
    for (let at = 0; at < 20; at += 1) expect((await call(sandbox, 'users.list')).status).toBe(200);
    const late = await call(sandbox, 'users.list');
    expect(late.status).toBe(429);
    expect(late.headers.get('retry-after')).toBe('60');
    expect(late.body).toEqual({ ok: false, error: 'ratelimited' });
    expect((await call(sandbox, 'team.info')).status).toBe(200);
    clock.wire += 60_000;
    expect((await call(sandbox, 'users.list')).status).toBe(200);
  });

  test('messages: a burst per channel, then one a second', async () => {
    const { sandbox, clock } = await withClock();
    keep(sandbox);
    const post = async (name: string): Promise<number> =>
      (await call(sandbox, 'chat.postMessage', { channel: channelId(sandbox, name), text: 'x' })).status;
    for (let at = 0; at < 5; at += 1) expect(await post('general')).toBe(200);
    expect(await post('general')).toBe(429);
    expect(await post('incidents')).toBe(200);
    clock.wire += 1000;
    expect(await post('general')).toBe(200);
    expect(await post('general')).toBe(429);
  });
});

test('it listens on loopback only', async () => {
  await expect(openSandbox({ host: '0.0.0.0' })).rejects.toThrow('loopback');
  const sandbox = keep(await openSandbox());
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});
