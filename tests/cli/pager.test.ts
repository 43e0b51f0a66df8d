// `andon pager`: set up with a key from stdin, tried, listed without its key, revoked; what is wrong is said.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openWorld } from '../helpers/world.js';
import { send } from '../http/help.js';
import { andon, type Done } from './help.js';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const key = 'a key of at least 32 characters!!';

/** The same, with something on stdin. */
function given(input: string, args: readonly string[], env: Record<string, string>): Promise<Done> {
  return new Promise((resolve) => {
    const all = { PATH: process.env.PATH ?? '', ...env };
    const child = execFile(process.execPath, [cli, ...args], { env: all }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

test('made, tried, listed, revoked', async () => {
  const heard: Record<string, unknown>[] = [];
  const answer = { status: 202 };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(answer.status).end('{"status":"nothing"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`;
  const world = await openWorld({ secretKey: key });
  const env = { DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: key };

  const made = await given(
    'routing-key-1\n',
    ['pager', 'create', 'pagerduty', '--name', 'pd', '--url', url],
    env,
  );
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: '' });
  expect(made.stderr).toContain('andon pager test pd');
  expect(made.stderr).toContain('Then andon pager back pd, so that whoever acknowledges in its own app');
  const kept = JSON.stringify(await world.app.db.read.pager.findMany());
  expect(kept).not.toContain('routing-key-1');

  const tried = await andon(['pager', 'test', 'pd'], env);
  expect(tried, tried.stderr).toMatchObject({ code: 0 });
  expect(heard.map((each) => [each.event_action, each.routing_key])).toEqual([
    ['trigger', 'routing-key-1'],
    ['resolve', 'routing-key-1'],
  ]);
  answer.status = 400;
  const refused = await andon(['pager', 'test', 'pd'], env);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('did not take it: 400 {"status":"nothing"}');

  const listed = await andon(['pager', 'list'], env);
  expect(listed.stdout).toMatch(/^NAME .*\npd +pagerduty +\S+ \S+ UTC +works +127\.0\.0\.1:\d+ +no\n$/);
  const other = { ...env, ANDON_SECRET_KEY: 'another key of at least 32 letters' };
  expect((await andon(['pager', 'test', 'pd'], other)).stderr).toContain('ANDON_SECRET_KEY');
  expect((await andon(['doctor'], other)).stdout).toMatch(/^FAIL +pagers +No page goes to pd/m);

  expect(await andon(['pager', 'revoke', 'pd'], env)).toMatchObject({ code: 0 });
  expect((await andon(['pager', 'test', 'pd'], env)).stderr).toContain('There is no pager “pd” that works');

  await andon(['pager', 'create', 'webhook', '--name', 'away', '--url', 'http://127.0.0.1:61999/'], env);
  const unheard = await andon(['pager', 'test', 'away'], env);
  expect(unheard.code).toBe(2);
  expect(unheard.stderr).toContain('It heard nothing. See that this machine reaches its address');
});

test('a webhook’s secret is printed alone, and what was typed wrong is said', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: key };
  const made = await andon(['pager', 'create', 'webhook', '--url', 'https://calls.example.com/x'], env);
  expect(made.stdout).toMatch(/^[\w-]{43}\n$/);
  const says = async (words: string[], input = '') => {
    const done = await given(input, ['pager', 'create', ...words], env);
    expect(done).toMatchObject({ code: 2, stdout: '' });
    return done.stderr;
  };
  expect(await says(['phone'])).toContain('The kinds are webhook, pagerduty, opsgenie.');
  expect(await says(['webhook'])).toContain('--url: say where the webhook is');
  expect(await says(['webhook', '--url', 'http://calls.example.com/x'])).toContain('--plain');
  expect(await says(['webhook', '--url', 'https://calls.example.com/x'])).toContain(
    'There is a pager “webhook” already',
  );
  expect(await says(['opsgenie'])).toContain('The key is read from stdin');
  expect(await world.app.db.read.pager.count()).toBe(1);
});

const publicUrl = 'https://andon.example.com';

/** A world with a pager, and how somebody delivers to it. */
async function paged(kind: 'pagerduty' | 'opsgenie') {
  const world = await openWorld({ secretKey: key });
  const env = { DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: key, PUBLIC_URL: publicUrl };
  await given('key-1', ['pager', 'create', kind, '--name', 'pd'], env);
  const { id } = await world.app.db.read.pager.findFirstOrThrow();
  const path = `/hooks/${kind}/${id}`;
  const deliver = async (body: string, headers: Record<string, string>) =>
    (
      await send(world, path, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/json', ...headers },
      })
    ).status;
  return { world, env, path, deliver };
}

test('PagerDuty’s way back: first its address, then the secret that PagerDuty shows, and a new one in its place', async () => {
  const { world, env, path, deliver } = await paged('pagerduty');
  const address = await given('', ['pager', 'back', 'pd'], { ...env, PUBLIC_URL: 'http://localhost:3000' });
  expect(address).toMatchObject({ code: 0, stdout: `http://localhost:3000${path}\n` });
  for (const each of ['set PUBLIC_URL', 'Generic Webhooks (v3)', 'andon pager back pd < secret.txt'])
    expect(address.stderr).toContain(each);
  expect((await andon(['doctor'], env)).stdout).toMatch(
    /^ok +pagers .*Who acknowledges in the app of pd is not heard: `andon pager back NAME`/m,
  );
  const kept = await given('pd-secret-1\n', ['pager', 'back', 'pd'], env);
  expect([kept.stdout, kept.stderr]).toEqual([`${publicUrl}${path}\n`, expect.stringContaining('Kept.')]);
  expect(JSON.stringify(await world.app.db.read.pager.findMany())).not.toContain('pd-secret');
  const ping = '{"event":{"id":"1","event_type":"pagey.ping","data":{}}}';
  const sign = (secret: string) => ({
    'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(ping).digest('hex')}`,
  });
  const list = async () => (await andon(['pager', 'list'], env)).stdout;
  expect(await list()).toMatch(/^pd .* not yet$/m);
  expect(await deliver(ping, sign('pd-secret-1'))).toBe(200);
  expect(await list()).toMatch(/^pd .* last 2026-03-10 10:30 UTC$/m);
  await given('pd-secret-2', ['pager', 'back', 'pd'], env);
  expect(await deliver(ping, sign('pd-secret-1'))).toBe(401);
  expect(await deliver(ping, sign('pd-secret-2'))).toBe(200);
  expect((await given('two words', ['pager', 'back', 'pd'], env)).code).toBe(2);
});

test('Opsgenie’s way back: its address and its secret, and off; a webhook of one’s own has none', async () => {
  const { world, env, path, deliver } = await paged('opsgenie');
  const made = await given('', ['pager', 'back', 'pd'], env);
  const [where, secret = ''] = made.stdout.split('\n');
  expect([where, secret]).toEqual([`${publicUrl}${path}`, expect.stringMatching(/^andon_pager_[\w-]{43}$/)]);
  expect(made.stderr).toContain('a custom header Authorization');
  const bearer = { authorization: `Bearer ${secret}` };
  expect(await deliver('{}', bearer)).toBe(200);
  expect(JSON.stringify(await world.app.db.read.pager.findMany())).not.toContain(secret);
  expect((await andon(['doctor'], env)).stdout).not.toContain('is not heard');
  const off = await given('', ['pager', 'back', 'pd', '--off'], env);
  expect(off.stdout).toContain('Remove the webhook there too');
  expect(await deliver('{}', bearer)).toBe(401);
  await andon(['pager', 'create', 'webhook', '--name', 'own', '--url', 'https://calls.example.com/x'], env);
  for (const [name, words] of [
    ['own', 'acknowledgeUrl'],
    ['nobody', 'There is no pager “nobody” that works'],
  ] as const) {
    const refused = await given('x', ['pager', 'back', name], env);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain(words);
  }
});
