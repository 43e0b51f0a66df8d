// `andon hook`: an address and a secret are printed once, work at once, and are worthless when they are revoked.
import { existsSync } from 'node:fs';
import { sign } from '@octokit/webhooks-methods';
import { describe, expect, test, vi } from 'vitest';
import { keyFile } from '../../src/db/seal.js';
import { engines } from '../helpers/databases.js';
import { openWorld, temporaryFolder, type World } from '../helpers/world.js';
import type { Answer } from '../http/help.js';
import { post, recorded, sample } from '../http/hooks/help.js';
import { andon } from './help.js';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const key = 'a key of at least 32 characters!!';

async function fromGithub(world: World, url: string, secret: string): Promise<Answer> {
  const text = JSON.stringify(sample('github.deployment_status'));
  return post(world, new URL(url).pathname, text, {
    'content-type': 'application/json',
    'x-github-event': 'deployment_status',
    'x-hub-signature-256': await sign(secret, text),
  });
}

describe.each(engines)('beside a running Andon on %s', (engine) => {
  test('made, used, listed, revoked', async () => {
    const world = await openWorld({ engine, secretKey: key });
    const env = {
      ...{ DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: key },
      PUBLIC_URL: 'https://andon.example.com/',
    };
    const made = await andon(['hook', 'create', 'github', '--service', 'orders-api'], env);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toMatch(
      /^https:\/\/andon\.example\.com\/hooks\/github\/[0-9a-f]{18}\nandon_hook_[\w-]{43}\n$/,
    );
    expect(made.stderr).toContain('Settings → Webhooks');
    const [url = '', secret = ''] = made.stdout.trim().split('\n');
    expect((await fromGithub(world, url, secret)).status).toBe(201);

    const listed = await andon(['hook', 'list'], env);
    expect(listed.stdout).toMatch(
      /^NAME +KIND +CREATED .*\ngithub-orders-api +github +\S+ \S+ UTC +\S+ \S+ UTC +works +orders-api +as it says +\/hooks\/github\/[0-9a-f]+\n$/,
    );
    expect(listed.stdout).not.toContain(secret);
    const kept = JSON.stringify(await world.app.db.read.hook.findMany());
    expect(kept).not.toContain(secret);

    const again = await andon(['hook', 'create', 'github', '--service', 'orders-api'], env);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('There is a hook “github-orders-api” already.');

    expect(await andon(['hook', 'revoke', 'github-orders-api'], env)).toMatchObject({ code: 0 });
    expect((await fromGithub(world, url, secret)).status).toBe(401);
    const none = await andon(['hook', 'revoke', 'github-orders-api'], env);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Those that do: none.');
    const renewed = await andon(['hook', 'create', 'github', '--name', 'github-orders-api'], env);
    expect(renewed.code, renewed.stderr).toBe(0);
  });
});

test('a secret that was sealed with another key is refused and named, never taken', async () => {
  const world = await openWorld({ secretKey: 'the key that came after it, 32 and more' });
  const env = { DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: key };
  const made = await andon(['hook', 'create', 'github'], env);
  const [url = '', secret = ''] = made.stdout.trim().split('\n');
  const before = await recorded(world);
  const answer = await fromGithub(world, url, secret);
  expect(answer).toMatchObject({ status: 503, body: { type: 'urn:andon:problem:unavailable' } });
  expect(answer.body.detail).toContain('andon doctor');
  expect(await recorded(world)).toEqual(before);
  const doctor = await andon(['doctor'], {
    ...env,
    ANDON_SECRET_KEY: 'the key that came after it, 32 and more',
  });
  expect(doctor.stdout).toMatch(/^FAIL +hooks +What is sent to github is refused/m);
  expect((await andon(['doctor'], env)).stdout).toMatch(/^ok +hooks +1 work: github\.$/m);
});

test('without a key of the settings, one is made beside the database when the first secret needs it', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, ANDON_SECRET_KEY: '' };
  expect((await andon(['hook', 'create', 'gitlab'], env)).code).toBe(0);
  expect(existsSync(keyFile(world.databaseUrl))).toBe(false);
  const made = await andon(['hook', 'create', 'github'], env);
  expect(existsSync(keyFile(world.databaseUrl))).toBe(true);
  expect(made.stderr).toContain('only if Andon listens on PORT 3000 of this machine');
  const [url = '', secret = ''] = made.stdout.trim().split('\n');
  expect((await fromGithub(world, url, secret)).status).toBe(201);
});

test('a routing key is as PagerDuty’s, and its address is that of PagerDuty', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, PUBLIC_URL: 'https://andon.example.com' };
  const made = await andon(['hook', 'create', 'pagerduty', '--service', 'search'], env);
  expect(made.stdout).toMatch(/^https:\/\/andon\.example\.com\/v2\/change\/enqueue\n[0-9a-f]{32}\n$/);
});

test('what was typed wrong is said, and nothing is made', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl };
  const says = async (words: string[]) => {
    const done = await andon(['hook', 'create', ...words], env);
    expect(done).toMatchObject({ code: 2, stdout: '' });
    return done.stderr;
  };
  expect(await says(['jenkins'])).toContain(
    'The kinds are github, gitlab, cdevents, argocd, pagerduty, alertmanager.',
  );
  expect(await says(['native'])).toContain('POST /api/v1/changes');
  expect(await says(['github', '--service', 'api/prod'])).toContain('--service: “api/prod” is no name');
  expect(await says(['github', '--environment', ''])).toContain('--environment');
  expect(await says(['github', '--name', '\u202e'])).toContain('--name');
  expect(await world.app.db.read.hook.count()).toBe(0);
  const none = await andon(['hook', 'list'], { DATABASE_URL: `file:${temporaryFolder()}/none.db` });
  expect(none).toMatchObject({ code: 2 });
});
