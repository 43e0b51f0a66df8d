// `andon …` typed wrong: exit code 2; and which database is used where none was named.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { temporaryFolder } from '../helpers/world.js';
import { andon } from './help.js';

test.each([
  [['export'], "missing required argument 'incident'"],
  [['expotr'], "unknown command 'expotr'"],
  [['verify', '--quickly'], "unknown option '--quickly'"],
  [['token', 'create', '--name', 'ci'], "required option '--scope <scopes>' not specified"],
])('%s', async (args, sentence) => {
  const done = await andon(args);
  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toContain(sentence);
  expect(done.stderr).not.toContain('    at ');
});

test('help and what it is about are no mistakes', async () => {
  expect(await andon(['help'])).toMatchObject({ code: 0, stderr: '' });
  expect(await andon(['export', '--help'])).toMatchObject({ code: 0, stderr: '' });
});

test('the local workspace’s database is read where there is no other, and stderr says so; rebuild wants it named', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data', 'local'), { recursive: true });
  await migrate(`file:${join(folder, 'data', 'local', 'andon.db')}`);
  const verified = await andon(['verify'], {}, folder);
  expect(verified).toMatchObject({ code: 0, stdout: 'There is no incident yet.\n' });
  expect(verified.stderr).toContain("using the local workspace's database, file:./data/local/andon.db");
  const token = await andon(['token', 'create', '--name', 'ci', '--scope', 'gate'], {}, folder);
  expect(token.stderr.split("local workspace's database").length - 1).toBe(1);
  const rebuilt = await andon(['rebuild'], {}, folder);
  expect(rebuilt).toMatchObject({ code: 2, stdout: '' });
  expect(rebuilt.stderr).toContain('that of the local workspace is file:./data/local/andon.db');
});
