// `andon token`: a token is printed once, works at once, and is worthless as soon as it is revoked.
import { describe, expect, test } from 'vitest';
import { scopes } from '../../src/core/route.js';
import { engines } from '../helpers/databases.js';
import { openWorld, temporaryFolder } from '../helpers/world.js';
import { bearer } from '../http/help.js';
import { andon } from './help.js';

describe.each(engines)('beside a running Andon on %s', (engine) => {
  test('made, used, listed, revoked', async () => {
    const world = await openWorld({ engine });
    const env = { DATABASE_URL: world.databaseUrl };
    const made = await andon(
      ['token', 'create', '--name', 'ci', '--scope', 'incidents:read,incidents:write'],
      env,
    );
    expect(made.code).toBe(0);
    // Alone on stdout, for TOKEN=$(andon token create …).
    expect(made.stdout).toMatch(/^andon_[\w-]{43}\n$/);
    const token = made.stdout.trim();
    expect((await bearer(world, token).post('incidents', { title: 'writes are stuck' })).status).toBe(201);

    const listed = await andon(['token', 'list'], env);
    expect(listed.stdout).toMatch(
      /^NAME +CREATED +LAST USED +STATE +SCOPES\nci +\S+ \S+ UTC +.* works +incidents:read,incidents:write\n$/,
    );
    expect(listed.stdout).not.toContain(token);

    const again = await andon(['token', 'create', '--name', 'ci', '--scope', 'gate'], env);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('There is a token “ci” already.');

    expect(await andon(['token', 'revoke', 'ci'], env)).toMatchObject({ code: 0 });
    expect((await bearer(world, token).get('incidents')).status).toBe(401);
    const none = await andon(['token', 'revoke', 'ci'], env);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('There is no token “ci” that works. Those that do: none.');
    const renewed = await andon(['token', 'create', '--name', 'ci', '--scope', 'incidents:read'], env);
    expect((await bearer(world, renewed.stdout.trim()).get('incidents')).status).toBe(200);
  });
});

test('what a token may do must be said in scopes that there are', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl };
  const unknown = await andon(
    ['token', 'create', '--name', 'ci', '--scope', 'gate,admin,incident:read'],
    env,
  );
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('there is no scope “admin”, “incident:read”');
  for (const scope of scopes) expect(unknown.stderr).toContain(scope);
  expect((await andon(['token', 'create', '--name', 'ci', '--scope', ' , '], env)).code).toBe(2);
  expect((await andon(['token', 'create', '--name', '\u202e', '--scope', 'gate'], env)).code).toBe(2);
  expect(await world.app.db.read.apiToken.count()).toBe(0);
});

test('a database that is not there is not made', async () => {
  const done = await andon(['token', 'list'], { DATABASE_URL: `file:${temporaryFolder()}/none.db` });
  expect(done.code).toBe(2);
  expect(done.stderr).toContain('There is no database at file:');
});
