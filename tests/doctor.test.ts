// `andon doctor`: what is broken is named, each with how to mend it, whatever else is broken beside it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { Finding } from '../src/core/finding.js';
import { migrate } from '../src/db/migrate.js';
import { doctor, examine } from '../src/doctor.js';
import { openSandbox, type Sandbox } from '../src/sandbox/index.js';
import { clockFinding, httpFinding, scopeFindings } from '../src/slack/doctor.js';
import { scopeUses } from '../src/slack/scopes.js';
import { engines, freshDatabase } from './helpers/databases.js';
import { everything, holdWriteLock } from './helpers/record.js';
import { openWorld, temporaryFolder, type World } from './helpers/world.js';

type Environment = Record<string, string>;

const root = fileURLToPath(new URL('../', import.meta.url));
const allScopes = scopeUses.map((each) => each.scope);

describe('scopes', () => {
  test('the table is that of the manifest', () => {
    const manifest = parse(readFileSync(`${root}manifest.yml`, 'utf8')) as {
      oauth_config: { scopes: { bot: string[]; bot_optional: string[] } };
    };
    const { bot, bot_optional: optional } = manifest.oauth_config.scopes;
    expect(scopeUses.filter((each) => each.needed).map((each) => each.scope)).toEqual(bot);
    expect(scopeUses.filter((each) => !each.needed).map((each) => each.scope)).toEqual(optional);
  });

  test('each missing one is a line with what it costs', () => {
    const granted = new Set(allScopes.filter((each) => each !== 'pins:write' && each !== 'chat:write'));
    const found = scopeFindings(granted);
    expect(found.map((each) => each.outcome)).toEqual(['FAIL', 'warn']);
    expect(found[0]?.said).toBe('chat:write is not granted. Andon can say nothing at all.');
    expect(found[1]?.said).toContain('The summary is not pinned');
    for (const each of found) expect(each.mend).toContain('OAuth & Permissions');
  });
});

describe('the clock', () => {
  test.each([
    [0, 'ok', 'agrees'],
    [-2, 'ok', 'agrees'],
    [60, 'ok', '60 s behind'],
    [61, 'warn', '61 s behind'],
    [-300, 'warn', '300 s ahead of'],
    [301, 'FAIL', 'refused as stale'],
    [-86_400, 'FAIL', '86400 s ahead of'],
  ] as const)('%i s', (seconds, outcome, words) => {
    const found = clockFinding(seconds, false);
    expect(found.outcome).toBe(outcome);
    expect(found.said).toContain(words);
  });

  test.each([
    [-400, 'FAIL', 'ahead of'],
    [120, 'warn', 'behind'],
    [0, 'ok', 'agrees'],
  ] as const)('is read from what Slack answers: %i s', async (seconds, outcome, words) => {
    const world = await openWorld({ sandbox: { app: { botScopes: allScopes } } });
    const front = await inFrontOf(world.sandbox, (headers) => {
      headers.set('date', new Date(Date.now() + seconds * 1000).toUTCString());
    });
    const found = await check({ ...environment(world), SLACK_API_URL: front }, 'clock');
    expect(found[0]).toMatchObject({ outcome });
    expect(found[0]?.said).toContain(words);
  });
});

describe('a workspace that is well', () => {
  test.each(['http', 'socket'] as const)(
    '%s: every check is ok, and nothing is changed',
    async (transport) => {
      const world = await openWorld({ transport, sandbox: { app: { botScopes: allScopes } } });
      await world.sandbox.person('ana').command('/incident declare writes are stuck on:api/prod');
      await world.settled();
      const before = everything(world.databaseUrl);
      const calls = world.sandbox.calls.length;
      const found = await examine(environment(world, transport), world.now());
      expect(found.filter((each) => each.outcome !== 'ok')).toEqual([]);
      expect(found.map((each) => each.check)).toEqual([
        'settings',
        'database',
        'migrations',
        'writing',
        'running',
        'token',
        'scopes',
        'connection',
        'clock',
        'channel',
        'channel',
        'mail',
        'channels',
        'jobs',
        'given up',
        'notices',
        'hooks',
        'pagers',
        'on call',
        'sign of life',
        'canary',
        'heartbeats',
      ]);
      expect(said(found, 'running')).toContain('One Andon runs');
      expect(said(found, 'channels')).toContain('INC-1');
      expect(everything(world.databaseUrl)).toEqual(before);
      const asked = world.sandbox.calls.slice(calls).map((call) => call.method);
      expect([...new Set(asked)].sort()).toEqual(
        [
          'auth.test',
          'conversations.list',
          ...(transport === 'socket' ? ['apps.connections.open'] : []),
        ].sort(),
      );
      // Asked for an address, and did not connect.
      if (transport === 'socket') expect(world.sandbox.connections()).toBe(2);
    },
  );

  test.each(engines)('%s: stopped, it says that nobody runs; started again, one does', async (engine) => {
    const world = await openWorld({ engine });
    await world.app.stop();
    expect(said(await examine(environment(world), world.now()), 'running')).toContain('No Andon runs');
    await world.restart();
    expect(said(await examine(environment(world), world.now()), 'running')).toContain('One Andon runs');
  });
});

describe('Slack', () => {
  test('a revoked token fails, with what to do, and the rest is looked at all the same', async () => {
    const world = await openWorld();
    world.sandbox.revokeToken();
    const found = await examine(environment(world), world.now());
    expect(one(found, 'token')).toMatchObject({ outcome: 'FAIL' });
    expect(said(found, 'token')).toContain('token_revoked');
    expect(one(found, 'token').mend).toContain('Install the app again');
    expect(one(found, 'writing').outcome).toBe('ok');
    expect(one(found, 'clock').outcome).toBe('ok');
    expect(found.filter((each) => each.check === 'scopes' || each.check === 'channel')).toEqual([]);
  });

  test('an id that nobody has in Slack, and that is to be called, is named', async () => {
    const world = await openWorld();
    await world.sandbox.person('ana').command('/incident escalation default <@U012AB3CD>,@ana 5m');
    await world.settled();
    const found = await check(environment(world), 'people');
    expect(found.map((each) => [each.outcome, each.said])).toEqual([
      ['warn', 'Slack knows nobody with the id U012AB3CD, who is to be called: no page arrives there.'],
    ]);
    const { SLACK_BOT_TOKEN: _token, SLACK_SIGNING_SECRET: _secret, ...without } = environment(world);
    expect((await check(without, 'people'))[0]?.said).toContain('Nobody with the id U012AB3CD is known yet');
  });

  test('a token of another team fails', async () => {
    const world = await openWorld();
    const other = await anotherSlack({ team: { id: 'T0ANOTHER1', name: 'Another' } });
    const found = await examine(
      { ...environment(world), SLACK_API_URL: other.apiUrl, SLACK_BOT_TOKEN: other.botToken },
      world.now(),
    );
    expect(one(found, 'token').outcome).toBe('FAIL');
    expect(said(found, 'token')).toContain('workspace Another (T0ANOTHER1)');
    expect(said(found, 'token')).toContain(world.sandbox.teamId);
  });

  test('scopes that were declined are warnings, needed ones that are missing fail', async () => {
    const declined = ['pins:write', 'files:write'];
    const world = await openWorld({
      sandbox: {
        app: { botScopes: allScopes.filter((each) => ![...declined, 'channels:manage'].includes(each)) },
      },
    });
    const found = await check(environment(world), 'scopes');
    expect(found.map((each) => [each.outcome, each.said.split(' ')[0]])).toEqual([
      ['FAIL', 'channels:manage'],
      ['warn', 'pins:write'],
      ['warn', 'files:write'],
    ]);
  });

  test('a Slack that is not there, and one that is no Slack', async () => {
    const world = await openWorld();
    const gone = await anotherSlack();
    await gone.close();
    const absent = await examine({ ...environment(world), SLACK_API_URL: gone.apiUrl }, world.now());
    expect(said(absent, 'token')).toContain('ECONNREFUSED');
    expect(one(absent, 'token').outcome).toBe('FAIL');
    expect(one(absent, 'jobs').outcome).toBe('ok');
    const page = createServer((_request, response) => response.end('<html>Sign in to the proxy</html>'));
    const found = await examine(
      { ...environment(world), SLACK_API_URL: `${await listening(page)}/api/` },
      world.now(),
    );
    expect(said(found, 'token')).toContain('perhaps a proxy');
  });

  test('an app token that is refused fails', async () => {
    const world = await openWorld({ transport: 'socket' });
    world.sandbox.revokeToken('app');
    const found = await check(environment(world, 'socket'), 'connection');
    expect(found[0]).toMatchObject({ outcome: 'FAIL' });
    expect(found[0]?.said).toContain('SLACK_APP_TOKEN: token_revoked');
  });

  test.each([
    ['http://localhost:3000', 'warn'],
    ['https://localhost', 'warn'],
    ['http://andon.example.com', 'warn'],
    ['https://andon.example.com/', 'ok'],
  ])('whether Slack can call %s: %s', (publicUrl, outcome) => {
    const found = httpFinding(publicUrl, 'https://slack.com/api/');
    expect(found.outcome).toBe(outcome);
    expect(found.said).not.toContain('//slack/events');
    // A local Slack reaches what is local.
    if (publicUrl.includes('localhost'))
      expect(httpFinding(publicUrl, 'http://127.0.0.1:4000/api/').outcome).toBe('ok');
  });

  test('the channel where incidents are announced: absent, not joined, joined', async () => {
    const channels = ['general', 'incidents', 'random'].map((name) => ({ name }));
    const world = await openWorld({ sandbox: { app: { botScopes: allScopes }, channels } });
    const settings = environment(world);
    const absent = await check({ ...settings, ANDON_INCIDENTS_CHANNEL: 'nowhere' }, 'channel');
    expect(absent[0]).toMatchObject({ outcome: 'FAIL' });
    expect(absent[0]?.mend).toContain('ANDON_INCIDENTS_CHANNEL');
    const random = await check({ ...settings, ANDON_INCIDENTS_CHANNEL: 'random' }, 'channel');
    expect(random[0]?.said).toContain('not a member, but may post');
    const id = world.sandbox.channel('incidents')?.id ?? '';
    expect((await check({ ...settings, ANDON_INCIDENTS_CHANNEL: id }, 'channel'))[0]?.said).toContain(
      'is a member',
    );
    expect(
      (await check({ ...settings, ANDON_INCIDENTS_CHANNEL: 'C0NOTHERE99' }, 'channel'))[0],
    ).toMatchObject({
      outcome: 'FAIL',
    });
  });

  test('the channel where changes are announced is looked at too; one that serves both, once', async () => {
    const channels = ['general', 'incidents', 'random'].map((name) => ({ name }));
    const world = await openWorld({ sandbox: { app: { botScopes: allScopes }, channels } });
    const settings = environment(world);
    const found = await check(settings, 'channel');
    expect(found.map((each) => each.outcome)).toEqual(['ok', 'FAIL']);
    expect(found[1]?.said).toContain('#changes, where changes are announced,');
    expect(found[1]?.mend).toContain('ANDON_CHANGES_CHANNEL');
    const both = await check({ ...settings, ANDON_CHANGES_CHANNEL: '#incidents' }, 'channel');
    expect(both).toMatchObject([{ outcome: 'ok', said: expect.stringContaining('incidents and changes') }]);
  });

  test('the channel where Andon hears itself: absent, there, and one that it must be let into', async () => {
    const scopes = allScopes.filter((each) => each !== 'channels:join');
    const channels = ['general', 'incidents', 'changes', 'random'].map((name) => ({ name }));
    const world = await openWorld({ sandbox: { app: { botScopes: scopes }, channels } });
    const settings = environment(world);
    const canary = async (name: string) =>
      (await check({ ...settings, ANDON_CANARY_CHANNEL: name }, 'channel'))[2];
    expect(await canary('andon-canry')).toMatchObject({
      ...{ outcome: 'FAIL', said: expect.stringContaining('no channel #andon-canry that I can see') },
      mend: expect.stringContaining('invite Andon, or set ANDON_CANARY_CHANNEL'),
    });
    expect(await canary('random')).toMatchObject({ outcome: 'FAIL', mend: 'Type there: /invite @Andon.' });
    const joins = await openWorld({ sandbox: { app: { botScopes: allScopes }, channels } });
    const found = await check({ ...environment(joins), ANDON_CANARY_CHANNEL: 'random' }, 'channel');
    expect(found[2]).toMatchObject({
      outcome: 'ok',
      said: expect.stringContaining('joins it when it starts'),
    });
  });

  test('and one where Andon may neither post nor join fails', async () => {
    const scopes = allScopes.filter((each) => each !== 'chat:write.public' && each !== 'channels:join');
    const world = await openWorld({ sandbox: { app: { botScopes: scopes } } });
    const found = await check(environment(world), 'channel');
    expect(found[0]).toMatchObject({ outcome: 'FAIL', mend: 'Type there: /invite @Andon.' });
  });
});

describe('the canary', () => {
  const running = { at: new Date().toISOString(), sandbox: { app: { botScopes: allScopes } } };

  test('a running Andon that has written nothing is a warning; one that does not run begins', async () => {
    const world = await openWorld(running);
    const settings = { ...environment(world), ANDON_CANARY_CHANNEL: 'general' };
    expect((await check(settings, 'canary'))[0]).toMatchObject({
      ...{ outcome: 'warn', said: expect.stringContaining('has written nothing in general yet') },
    });
    await world.app.stop();
    expect((await check(settings, 'canary'))[0]).toMatchObject({
      ...{ outcome: 'ok', said: 'It begins in general when Andon starts.' },
    });
  });

  test('a channel that is not there is the cause that it says', async () => {
    const world = await openWorld({ ...running, canaryChannel: 'andon-canry' });
    await world.app.canary.turn();
    const settings = { ...environment(world), ANDON_CANARY_CHANNEL: 'andon-canry' };
    expect((await check(settings, 'canary'))[0]).toMatchObject({
      ...{
        outcome: 'warn',
        said: expect.stringContaining('There is no channel #andon-canry that I can see'),
      },
    });
    // Mended, and not started again yet.
    const mended = await check({ ...settings, ANDON_CANARY_CHANNEL: 'general' }, 'canary');
    expect(mended[0]?.said).toContain('has written nothing in general yet');
  });

  test('the local workspace runs none, nor a sign of life, and that is said', async () => {
    const world = await openWorld(running);
    const settings = {
      ...{ ...someKey, DATABASE_URL: world.databaseUrl, ANDON_CANARY_CHANNEL: 'general' },
      ANDON_HEARTBEAT_URL: 'https://watch.example.com/andon',
    };
    const found = await examine(settings, new Date());
    for (const name of ['canary', 'sign of life'])
      expect(said(found, name)).toContain('Not in the local workspace');
  });
});

describe('the database', () => {
  test('one that is not there yet is made at the first start', async () => {
    const path = join(temporaryFolder(), 'deeper', 'andon.db');
    const found = await examine({ DATABASE_URL: `file:${path}` }, new Date());
    expect(found.map((each) => [each.check, each.outcome])).toEqual([
      ['settings', 'warn'],
      ['database', 'warn'],
      ['mail', 'ok'],
    ]);
    const folder = join(path, '..');
    expect(said(found, 'database')).toContain(`\`andon start\` makes the folder ${folder} and the file.`);
    expect(one(found, 'database').mend).toContain('set DATABASE_URL');
  });

  test('one that is not there yet names the folder where it will be', async () => {
    const folder = temporaryFolder();
    const [, found] = await examine({ DATABASE_URL: `file:${join(folder, 'andon.db')}` }, new Date());
    expect(found?.said).toContain(`\`andon start\` makes it in ${folder}.`);
  });

  test('one that cannot be made fails, and names what is in the way', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const [, found] = await examine({ DATABASE_URL: `file:${join(file, 'x.db')}` }, new Date());
    expect(found).toMatchObject({ check: 'database', outcome: 'FAIL' });
    expect(found?.said).toContain(`${file} cannot be written`);
    expect(found?.mend).toContain('DATABASE_URL');
  });

  test('one that is no database fails', async () => {
    const path = join(temporaryFolder(), 'andon.db');
    writeFileSync(path, 'not a database, but long enough to be taken for one '.repeat(40));
    const [, found] = await examine({ DATABASE_URL: `file:${path}` }, new Date());
    expect(found).toMatchObject({ check: 'database', outcome: 'FAIL' });
    expect(found?.mend).toContain('backup');
  });

  test.each(engines)('%s: migrations that are missing, half done, and of a later version', async (engine) => {
    const database = await freshDatabase(engine);
    onTestFinished(() => database.drop());
    const look = () => check({ ...someKey, DATABASE_URL: database.url }, 'migrations');
    if (engine === 'sqlite') writeFileSync(database.url.slice('file:'.length), '');
    expect((await look())[0]).toMatchObject({
      outcome: 'warn',
      mend: expect.stringContaining('andon migrate'),
    });
    await migrate(database.url);
    expect((await look())[0]).toMatchObject({ outcome: 'ok' });
    const [writing] = await check({ ...someKey, DATABASE_URL: database.url }, 'writing');
    expect(writing).toMatchObject({ outcome: 'ok' });
    await change(database.url, `UPDATE "_prisma_migrations" SET "migration_name" = '29990101000000_later'`);
    expect((await look())[0]).toMatchObject({ outcome: 'FAIL', mend: 'Run the later version.' });
    await change(database.url, `UPDATE "_prisma_migrations" SET "finished_at" = NULL`);
    expect((await look())[0]?.said).toContain('half-way');
  });

  test('one that another program holds is a warning, not a wait for ever', async () => {
    const world = await openWorld();
    const letGo = holdWriteLock(world.databaseUrl);
    try {
      expect(await check(environment(world), 'writing')).toMatchObject([{ outcome: 'warn' }]);
    } finally {
      letGo();
    }
  });

  test('a PostgreSQL that does not answer fails, and its password stays unsaid', async () => {
    const lines: string[] = [];
    const code = await doctor(
      { ...someKey, DATABASE_URL: 'postgresql://andon:hunter2secret@127.0.0.1:1/andon' },
      (text) => lines.push(text),
    );
    const all = lines.join('\n');
    expect(code).toBe(1);
    expect(all).toContain('FAIL  database    postgresql://127.0.0.1:1/andon does not open');
    expect(all).toContain('Start PostgreSQL');
    expect(all).not.toContain('hunter2secret');
  });
});

describe('what waits and what was given up', () => {
  test('jobs that wait because Slack is away, with the reason', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('conversations.create', 'token_revoked');
    await world.sandbox.person('ana').command('/incident declare writes are stuck');
    await world.sandbox.settle();
    await world.app.worker.drain({ untilMs: 1_000 });
    expect(await check(environment(world), 'jobs', world.now())).toMatchObject([{ outcome: 'ok' }]);
    const later = new Date(world.now().getTime() + 20 * 60_000);
    const [found] = await check(environment(world), 'jobs', later);
    expect(found).toMatchObject({ outcome: 'warn' });
    expect(found?.said).toMatch(
      /jobs wait, the oldest for 20m.*openPlace, conversations.create: token_revoked/,
    );
  });

  test('what Slack refused on an incident, and no longer after a day', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('pins.add', 'missing_scope', { needed: 'pins:write' });
    await world.sandbox.person('ana').command('/incident declare writes are stuck');
    await world.settled();
    world.sandbox.faults.refuse('conversations.create', 'restricted_action');
    await world.sandbox.person('chen').command('/incident declare reads are slow');
    await world.sandbox.person('bob').command('/incident declare salaries leaked private');
    await world.settled();
    const found = await examine(environment(world), world.now());
    expect(one(found, 'given up').outcome).toBe('warn');
    expect(said(found, 'notices')).toContain('INC-1 pin: missing_scope, scope pins:write');
    expect(said(found, 'notices')).toContain('INC-2 openPlace: restricted_action');
    expect(said(found, 'notices')).toContain('a private incident');
    expect(JSON.stringify(found)).not.toMatch(/INC-3|salaries|writes are stuck/);
    expect(one(found, 'channels')).toMatchObject({ outcome: 'warn' });
    const later = await examine(environment(world), new Date(world.now().getTime() + 25 * 3_600_000));
    expect(one(later, 'given up').outcome).toBe('ok');
  });
});

describe('the command line', () => {
  test('exits 0 when nothing fails, 1 when something does, 2 when a setting is wrong', async () => {
    const world = await openWorld({ sandbox: { app: { botScopes: allScopes } } });
    const lines: string[] = [];
    const print = (text: string) => lines.push(text);
    expect(await doctor(environment(world), print)).toBe(0);
    expect(lines.at(-1)).toBe('All is well.');
    expect(lines[0]).toMatch(/^ok {4}settings {4}One workspace over HTTP/);
    world.sandbox.revokeToken();
    expect(await doctor(environment(world), print)).toBe(1);
    lines.length = 0;
    expect(await doctor({ ...environment(world), PORT: 'ninety' }, print)).toBe(2);
    expect(lines[0]).toMatch(/^FAIL {2}settings {4}PORT must be a number/);
  });

  test('as data it says the same, and neither says a secret', async () => {
    const world = await openWorld();
    world.sandbox.revokeToken();
    const settings = environment(world);
    const print = (lines: string[]) => (text: string) => lines.push(text);
    const [plain, data]: [string[], string[]] = [[], []];
    await doctor(settings, print(plain), { now: world.now() });
    await doctor(settings, print(data), { now: world.now(), json: true });
    const parsed = JSON.parse(data.join('')) as { ok: boolean; checks: Finding[] };
    expect(parsed.ok).toBe(false);
    expect(plain.slice(0, -2).map((text) => text.split(/\s+/)[0])).toEqual(
      parsed.checks.map((each) => each.outcome),
    );
    for (const each of parsed.checks) expect(plain.join('\n')).toContain(each.said);
    for (const secret of [world.sandbox.botToken, world.sandbox.signingSecret])
      expect([...plain, ...data].join('\n')).not.toContain(secret);
  });

  test('`andon doctor` is there, and works beside nothing at all', () => {
    const folder = temporaryFolder();
    const run = (args: string[], env: Environment) =>
      spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'doctor', ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8',
      });
    const fresh = run([], {});
    expect(fresh.stdout).toContain('warn  database');
    expect(fresh.status).toBe(0);
    expect(run(['--json'], { SLACK_BOT_TOKEN: 'nonsense' }).status).toBe(2);
    // It made nothing.
    expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
    // The record of the local workspace is where all other commands look too.
    mkdirSync(join(folder, 'data/local'), { recursive: true });
    writeFileSync(join(folder, 'data/local/andon.db'), '');
    expect(run([], {}).stdout).toMatch(/data\/local\/andon\.db, the local workspace’s: set DATABASE_URL/);
  });
});

const someKey = { ANDON_SECRET_KEY: 'a key of no use but its length, thirty-two' };

function environment(world: World, transport: 'http' | 'socket' = 'http'): Environment {
  return {
    ...someKey,
    DATABASE_URL: world.databaseUrl,
    SLACK_API_URL: world.sandbox.apiUrl,
    SLACK_BOT_TOKEN: world.sandbox.botToken,
    ...(transport === 'socket'
      ? { SLACK_APP_TOKEN: world.sandbox.appToken }
      : { SLACK_SIGNING_SECRET: world.sandbox.signingSecret }),
  };
}

async function check(settings: Environment, name: string, now = new Date()): Promise<Finding[]> {
  return (await examine(settings, now)).filter((each) => each.check === name);
}

function one(found: readonly Finding[], name: string): Finding {
  const finding = found.find((each) => each.check === name);
  if (!finding) throw new Error(`no ${name} among ${found.map((each) => each.check).join(', ')}`);
  return finding;
}

function said(found: readonly Finding[], name: string): string {
  return one(found, name).said;
}

async function anotherSlack(options: Parameters<typeof openSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The same Slack with other headers; the address of its API. */
async function inFrontOf(sandbox: Sandbox, change: (headers: Headers) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await fetch(new URL((request.url ?? '').replace(/^\//, ''), `${sandbox.url}/`), {
      method: 'POST',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': request.headers['content-type'] ?? '',
      },
      body: Buffer.concat(parts),
    });
    const headers = new Headers();
    for (const name of ['content-type', 'x-oauth-scopes', 'date'])
      headers.set(name, answer.headers.get(name) ?? '');
    change(headers);
    response.sendDate = false;
    response.writeHead(answer.status, Object.fromEntries(headers));
    response.end(await answer.text());
  });
  return `${await listening(server)}/api/`;
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function change(url: string, statement: string): Promise<void> {
  if (url.startsWith('file:')) {
    const db = new Sqlite(url.slice('file:'.length));
    db.exec(statement);
    db.close();
    return;
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
