// `andon permit`: what is given to groups, by whoever has the machine.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { say } from '../helpers/talk.js';
import { openWorld } from '../helpers/world.js';
import { andon } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('it lets a group see private incidents, and takes back what its members would not', async () => {
    const usergroups = [{ id: 'S0SECURITY', handle: 'security', name: 'Security', users: ['U0BOB00002'] }];
    const world = await openWorld({ engine, at: new Date().toISOString(), sandbox: { usergroups } });
    const env = { DATABASE_URL: world.databaseUrl, USER: 'ana' };
    await say(world, 'ana', 'declare a key leaked private');
    expect(await say(world, 'ana', 'permit see_private @security')).toContain('andon permit see_private');

    const given = await andon(['permit', 'see_private', 'S0SECURITY'], env);
    expect(given).toMatchObject({ code: 0, stderr: '' });
    expect(given.stdout).toContain('may see private incidents');
    await world.settled();
    expect(await say(world, 'bob', 'list')).toContain('a key leaked');
    expect(await say(world, 'chen', 'list')).not.toContain('a key leaked');
    expect((await andon(['permit'], env)).stdout).toContain('see_private: whoever is in @security');

    // Its handle is known by now.
    const again = await andon(['permit', 'lift_freeze', '@Security'], env);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect((await andon(['permit'], env)).stdout).toContain('lift_freeze: whoever is in @security');

    const back = await andon(['permit', 'see_private', 'anybody'], env);
    expect(back.stdout).toContain('nobody but their members');
    expect(await say(world, 'bob', 'list')).not.toContain('a key leaked');
  });
});

test('what is typed wrong is said with what to type', async () => {
  const world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, USER: 'ana' };
  const wrong = await andon(['permit', 'everything', 'S0SECURITY'], env);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('lift_freeze, approve_exception or see_private');
  expect(wrong.stderr).toContain('andon permit');
  expect(wrong.stderr).not.toContain('/incident permit');
  for (const groups of [['@sre'], []]) {
    const handle = await andon(['permit', 'lift_freeze', ...groups], env);
    expect(handle.code).toBe(2);
    expect(handle.stderr).toContain('S0123ABCD');
    expect(handle.stderr).toContain('Copy group ID');
    expect(handle.stderr).not.toContain('type @');
  }
});
