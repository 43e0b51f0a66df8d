// Starting Andon: what the one who starts it must mend is one line that names the setting, and exit code 2.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSandbox } from '../src/sandbox/index.js';
import type { Opening } from '../src/sandbox/page/contract.js';
import { andon, type Done } from './cli/help.js';
import { built, startChild } from './helpers/child.js';
import { temporaryFolder } from './helpers/world.js';

describe('a token that Slack refuses', () => {
  test.each(['invalid_auth', 'account_inactive', 'token_revoked', 'not_authed'])(
    'SLACK_BOT_TOKEN: %s',
    async (code) => {
      const { sandbox, env } = await slack();
      sandbox.faults.refuse('auth.test', code);
      const done = await andon(['start'], env);
      expectOneLine(
        done,
        `andon: SLACK_BOT_TOKEN is refused by Slack (${code}). Copy it anew from the app's OAuth & Permissions page.`,
      );
    },
  );

  test.each(['invalid_auth', 'not_allowed_token_type'])('SLACK_APP_TOKEN: %s', async (code) => {
    const { sandbox, env } = await slack();
    sandbox.faults.refuse('apps.connections.open', code);
    const done = await andon(['start'], { ...env, SLACK_APP_TOKEN: sandbox.appToken });
    expectOneLine(done, `andon: SLACK_APP_TOKEN is refused by Slack (${code}).`);
  });
});

describe('a database that cannot be used', () => {
  const commands = [['start'], ['migrate'], ['export', 'INC-1'], ['rebuild'], ['verify']];

  test.each(commands)('not a SQLite file: %s', async (...args) => {
    const path = join(temporaryFolder(), 'andon.db');
    writeFileSync(path, 'These are words, not a database. '.repeat(40));
    const done = await andon(args, { DATABASE_URL: `file:${path}` });
    expectOneLine(done, `DATABASE_URL: ${path} is not a SQLite database`);
  });

  test.each(commands)('PostgreSQL that nobody answers for: %s', async (...args) => {
    const done = await andon(args, { DATABASE_URL: 'postgresql://andon:secret@127.0.0.1:1/andon' });
    expectOneLine(done, 'DATABASE_URL: PostgreSQL at 127.0.0.1:1 refuses connections');
    expect(done.stderr).not.toContain('secret');
  });

  test('a folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'andon.db'));
    const done = await andon(['start'], { DATABASE_URL: `file:${join(folder, 'andon.db')}` });
    expectOneLine(done, 'andon.db is not a file');
  });

  test('a folder that cannot be made', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const done = await andon(['start'], { DATABASE_URL: `file:${file}/andon.db` });
    expectOneLine(done, `DATABASE_URL: the folder ${file} cannot be written`);
  });

  test('PostgreSQL on a host that is not there', async () => {
    const done = await andon(['start'], { DATABASE_URL: 'postgresql://a:b@nowhere.invalid/andon' });
    expectOneLine(done, 'DATABASE_URL: the host nowhere.invalid cannot be resolved');
  });
});

describe('an address that cannot be listened on', () => {
  test('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { env } = await slack();
    const done = await andon(['start'], { ...env, PORT: String(port) });
    expectOneLine(done, `PORT ${port} is taken by another program`);
  });

  test.each([
    ['nowhere.invalid', 'HOST is “nowhere.invalid”, which cannot be resolved'],
    ['192.0.2.1', 'HOST is “192.0.2.1”, which is no address of this machine'],
  ])('%s', async (host, sentence) => {
    const { env } = await slack();
    expectOneLine(await andon(['start'], { ...env, HOST: host }), sentence);
  });
});

describe('the local workspace', () => {
  test('says first where its page is, and leads there into the drilled incident', async () => {
    const script = `process.env.PORT = '0';
      process.env.LOG_LEVEL = 'fatal';
      process.env.DATABASE_URL = ${JSON.stringify(`file:${join(temporaryFolder(), 'andon.db')}`)};
      await (await import(${built('main.js')})).main();`;
    const { line } = await startChild(script);
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0] ?? '';
    const open = async () => (await (await fetch(`${url}page/open`)).json()) as Opening;
    await expect
      .poll(
        async () => {
          const { startIn, channels } = await open();
          return channels.find((one) => one.id === startIn)?.name;
        },
        { timeout: 30_000 },
      )
      .toMatch(/^inc-1-/);
    const { commands, shortcuts, people, wire, notice } = await open();
    expect(notice).toContain('local copy');
    expect(commands.map((one) => one.command)).toEqual(['/incident', '/change', '/freeze', '/report']);
    expect(commands[0]?.usageHint).toContain('declare | severity');
    expect(shortcuts.map((one) => `${one.type} ${one.callbackId}`)).toContain('message add_to_timeline');
    expect(people.filter((one) => !one.isApp)).toHaveLength(4);
    // Nobody who starts Andon for the first time is greeted by an alarm.
    expect(wire.filter((one) => one.error === 'not_connected' || one.error === 'operation_timeout')).toEqual(
      [],
    );
  }, 60_000);

  test('does not listen where others can reach it, unless that is meant', async () => {
    const done = await andon(['start'], { HOST: '0.0.0.0', PORT: '0' }, temporaryFolder());
    expectOneLine(
      done,
      'HOST is 0.0.0.0, and in the local workspace anybody who reaches it can act as anybody.',
    );
  });

  test('says which setting to mend where its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const env = { PORT: '0', ANDON_LOCAL_PORT: String(port), LOG_LEVEL: 'fatal' };
    expectOneLine(await andon(['start'], env, temporaryFolder()), `ANDON_LOCAL_PORT ${port} is taken`);
  });
});

async function slack() {
  const sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
  const env = {
    DATABASE_URL: `file:${join(temporaryFolder(), 'andon.db')}`,
    SLACK_API_URL: sandbox.apiUrl,
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_SIGNING_SECRET: sandbox.signingSecret,
    LOG_LEVEL: 'fatal',
  };
  return { sandbox, env };
}

function expectOneLine(done: Done, sentence: string): void {
  expect(done.stderr).toContain(sentence);
  expect(done.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(done).toMatchObject({ code: 2, stdout: '' });
}
