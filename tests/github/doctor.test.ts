// `andon doctor` on GitHub, and the App's key: what is wrong is said before a job waits for it, and no key is shown.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault } from '../../src/core/faults.js';
import type { Finding } from '../../src/core/finding.js';
import { examine } from '../../src/doctor.js';
import { readAppKey } from '../../src/github/key.js';
import { githubSettings } from '../../src/github/settings.js';
import { temporaryFolder } from '../helpers/world.js';
import { appId, appKey, type FakeGithub, openGithub } from './fake.js';

async function examined(over: Record<string, string>): Promise<Finding[]> {
  const environment = { DATABASE_URL: `file:${join(temporaryFolder(), 'none.db')}`, ...over };
  return (await examine(environment, new Date())).filter((each) => each.check === 'github');
}

const settings = (github: FakeGithub) => ({
  ANDON_GITHUB_API_URL: github.url,
  ANDON_GITHUB_APP_ID: appId,
  ANDON_GITHUB_APP_KEY: appKey,
});

test('an App that may answer is said to be well, and none is no finding', async () => {
  const github = await openGithub();
  expect(await examined(settings(github))).toEqual([
    {
      ...{ check: 'github', outcome: 'ok', mend: null },
      said: 'The GitHub App “Andon Gate” answers protection rules, installed in 2 places.',
    },
  ]);
  expect(await examined({})).toEqual([]);
});

test.each([
  [{ actions: 'read' }, null, 'FAIL', 'Deployments: Read and write'],
  [{ deployments: 'read', actions: 'read' }, null, 'FAIL', 'Deployments: Read and write'],
  [{ deployments: 'write' }, null, 'FAIL', 'Actions: Read-only'],
  [null, ['deployment', 'deployment_status'], 'FAIL', 'Deployment protection rule'],
  [null, ['deployment_protection_rule'], 'warn', 'Deployment and Deployment status'],
] as const)('permissions %o, events %o', async (permissions, events, outcome, mend) => {
  const github = await openGithub();
  if (permissions) github.app.permissions = { ...permissions };
  if (events) github.app.events = [...events];
  const [found] = await examined(settings(github));
  expect(found).toMatchObject({ outcome, mend: expect.stringContaining(mend) });
});

test('requests that could not be delivered are counted', async () => {
  const github = await openGithub();
  const missed = {
    event: 'deployment_protection_rule',
    at: new Date().toISOString(),
    deliver: async () => {},
  };
  github.missed.push({ id: '2', guid: 'b', ...missed }, { id: '1', guid: 'a', ...missed });
  expect(await examined(settings(github))).toMatchObject([
    { outcome: 'warn', said: expect.stringContaining('2 requests of protection rules') },
  ]);
  expect(github.again).toEqual([]);
});

test('a key of another App, an address where no GitHub is, a key that is none', async () => {
  const github = await openGithub();
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  const [refused] = await examined({ ...settings(github), ANDON_GITHUB_APP_KEY: other.toString() });
  expect(refused).toMatchObject({ outcome: 'FAIL', said: expect.stringContaining('HTTP 401') });
  expect(refused?.mend).toContain('of the same App');
  const [away] = await examined({ ...settings(github), ANDON_GITHUB_API_URL: 'http://127.0.0.1:9' });
  expect(away).toMatchObject({ outcome: 'FAIL', said: expect.stringContaining('does not answer at') });
  const [broken] = await examined({ ...settings(github), ANDON_GITHUB_APP_KEY: '/nowhere/app.pem' });
  expect(broken).toMatchObject({ outcome: 'FAIL', said: expect.stringContaining('ENOENT') });
});

test('the key is read as GitHub gives it, in the newer form, on one line, and from a file', async () => {
  const file = join(temporaryFolder(), 'app.pem');
  writeFileSync(file, appKey);
  const newer = readAppKey(appKey);
  expect(appKey).toContain('BEGIN RSA PRIVATE KEY');
  expect(newer).toContain('BEGIN PRIVATE KEY');
  for (const given of [newer, appKey.replaceAll('\n', '\\n'), file]) expect(readAppKey(given)).toBe(newer);
  // Each of them signs what GitHub takes.
  const github = await openGithub();
  for (const key of [appKey, newer, file])
    expect(await examined({ ...settings(github), ANDON_GITHUB_APP_KEY: key })).toMatchObject([
      { outcome: 'ok' },
    ]);
});

test.each([
  [
    'no key',
    `-----BEGIN RSA PRIVATE KEY-----\nsecretsecretsecret\n-----END RSA PRIVATE KEY-----`,
    'is no private key',
  ],
  ['no file', '/nowhere/app.pem', 'no file that can be read (ENOENT)'],
  ['another kind', pem('ed25519'), 'is no RSA key'],
  ['too short', pem('rsa'), 'fewer than 2048 bits'],
])('%s is refused in a sentence that shows none of it', (_what, given, words) => {
  const read = () =>
    githubSettings({
      ANDON_GITHUB_API_URL: 'https://api.github.com',
      ANDON_GITHUB_APP_ID: '1',
      ANDON_GITHUB_APP_KEY: given,
    });
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Fault);
  const fault = thrown as Fault;
  expect(fault.public).toContain(`ANDON_GITHUB_APP_KEY`);
  expect(fault.public).toContain(words);
  const all = [fault.public, fault.message, fault.stack, String(fault.cause)].join('\n');
  for (const row of given.split('\n').slice(1, -1)) if (row.length > 8) expect(all).not.toContain(row);
});

function pem(kind: 'ed25519' | 'rsa'): string {
  const { privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 1024 }) : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
