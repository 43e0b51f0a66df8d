// `andon note`: the timeline from a terminal, over HTTP or in the database beside Andon.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { type Program, program } from '../http/help.js';
import { andon } from './help.js';

// Over HTTP it does not see which engine there is.
const ways = [
  { engine: 'sqlite' as const, way: 'over HTTP' as const },
  ...engines.map((engine) => ({ engine, way: 'beside' as const })),
];

async function opened(engine: 'sqlite' | 'postgresql', way: 'over HTTP' | 'beside') {
  const world = await openWorld({ engine, at: new Date().toISOString(), zone: 'Europe/Berlin' });
  const ci = await program(world, ['incidents:read', 'incidents:write', 'incidents:private'], 'ci');
  const env = way === 'beside' ? besideEnv(world) : httpEnv(world, ci);
  return { world, ci, note: (...words: string[]) => andon(['note', ...words], env) };
}

describe.each(ways)('$way on $engine', ({ engine, way }) => {
  test('it takes a number, a time and a kind, and says what was understood', async () => {
    const { world, ci, note } = await opened(engine, way);
    await ci.post('incidents', { title: 'writes are stuck' });
    await ci.post('incidents', { title: 'mail is late' });
    const done = await note('INC-2', '2026-03-10', '10:22-10:37', 'observation:', 'queues grow');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('#2 on INC-2’s timeline as observation, at 10 Mar 2026 10:22–10:37 CET');
    expect(await world.app.db.read.entry.findMany({ where: { seq: 2 } })).toMatchObject([
      {
        kind: 'observation',
        text: 'queues grow',
        source: way === 'beside' ? 'cli' : 'api',
        authorName: way === 'beside' ? 'ana' : 'ci',
        precision: 'range',
        occurredAt: new Date('2026-03-10T09:22:00Z'),
      },
    ]);
    await world.settled();
    const channel = world.sandbox.channels().find((each) => each.name.startsWith('inc-2-'));
    const said = channel?.messages ?? [];
    expect(said.filter((each) => each.text.includes('queues grow'))).toHaveLength(1);
  });

  test('a word that may be of the time or of the text is pointed at, and so is a time left in the text', async () => {
    const { ci, note } = await opened(engine, way);
    await ci.post('incidents', { title: 'writes are stuck' });
    const denver = await note('INC-1', '20:09', 'Denver', 'pods', 'died');
    expect(denver.stdout).toContain('20:09 in Denver = ');
    expect(denver.stdout).toContain('“Denver” was taken as the zone of that time');
    expect((await note('INC-1', '10:42', 'Central', 'database', 'down')).stdout).toContain(
      '“Central” stays in the text',
    );
    expect((await note('INC-1', 'TBC', 'failing', 'over')).stdout).toContain('“TBC” stays in the text');
  });

  test('words that begin with a dash go after --, and without it the way is shown', async () => {
    const { ci, note } = await opened(engine, way);
    await ci.post('incidents', { title: 'writes are stuck' });
    const refused = await note('INC-1', '-5m', 'odd');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain("unknown option '-5m'");
    expect(refused.stderr).toContain('put -- before the words: andon note -- ');
    const noted = await note('--', 'INC-1', '-5m', 'odd');
    expect(noted).toMatchObject({ code: 0, stderr: '' });
    expect(noted.stdout).toContain('#2 on INC-1’s timeline');
  });

  test('without a number it is the only open incident; of several it asks which', async () => {
    const { ci, note } = await opened(engine, way);
    const none = await note('hello');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('No incident is open.');
    await ci.post('incidents', { title: 'writes are stuck' });
    expect((await note('hello')).stdout).toContain('#2 on INC-1’s timeline');
    await ci.post('incidents', { title: 'mail is late' });
    const several = await note('hello');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('INC-2 mail is late; INC-1 writes are stuck');
  });

  test('what cannot be is refused with a sentence and exit code 2', async () => {
    const { world, ci, note } = await opened(engine, way);
    await ci.post('incidents', { title: 'writes are stuck' });
    const facts = await world.app.db.read.fact.count();
    for (const [words, sentence] of [
      [['INC-9', 'hello'], 'There is no INC-9.'],
      [['INC-1', '13:55 PM', 'hello'], 'it may mean 13:55'],
      [['INC-1'], 'Say what happened'],
      [['INC-1', '10:42'], 'Say what happened'],
    ] as const) {
      const done = await note(...words);
      expect(done, words.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(done.stderr).toContain(sentence);
      expect(done.stderr).not.toContain('    at ');
    }
    expect(await world.app.db.read.fact.count()).toBe(facts);
  });
});

test('beside Andon a private incident is there only for who says so', async () => {
  const { world, note } = await opened('sqlite', 'beside');
  await world.sandbox.person('ana').command('/incident declare a key leaked private', { channel: 'general' });
  expect((await note('INC-1', 'hello')).stderr).toContain('There is no INC-1.');
  expect((await note('--private', 'INC-1', 'hello')).code).toBe(0);
});

describe('an Andon that does not answer', () => {
  const token = `andon_${'x'.repeat(43)}`;

  test('nobody listens: exit code 12, and what to do', async () => {
    const port = await freePort();
    const done = await andon(['note', 'INC-1', 'hello'], {
      ANDON_URL: `http://127.0.0.1:${port}`,
      ANDON_TOKEN: token,
    });
    expect(done).toMatchObject({ code: 12, stdout: '' });
    expect(done.stderr).toContain(`Andon at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
    expect(done.stderr).toContain('unset ANDON_URL and set DATABASE_URL');
  });

  test('a proxy answers in its place: exit code 12; something else: exit code 2', async () => {
    const url = await answering(502, 'Bad Gateway');
    expect(await andon(['note', 'INC-1', 'hello'], { ANDON_URL: url, ANDON_TOKEN: token })).toMatchObject({
      code: 12,
    });
    const other = await answering(200, '<html>');
    const done = await andon(['note', 'INC-1', 'hello'], { ANDON_URL: other, ANDON_TOKEN: token });
    expect(done.code).toBe(2);
    expect(done.stderr).toContain('is not Andon');
  });

  test('a token that is missing, wrong or too narrow: exit code 2, and which', async () => {
    const world = await openWorld();
    const env = { ANDON_URL: `http://127.0.0.1:${world.app.port}` };
    const missing = await andon(['note', 'INC-1', 'hello'], env);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain('ANDON_TOKEN is missing');
    const wrong = await andon(['note', 'INC-1', 'hello'], { ...env, ANDON_TOKEN: token });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('not known here, or it was revoked');
    const reader = await program(world, ['incidents:read']);
    const narrow = await andon(['note', 'INC-1', 'hello'], { ...env, ANDON_TOKEN: reader.token });
    expect(narrow).toMatchObject({ code: 2 });
    expect(narrow.stderr).toContain('lacks the scope incidents:write');
  });
});

function httpEnv(world: World, ci: Program): Record<string, string> {
  return { ANDON_URL: `http://127.0.0.1:${world.app.port}/`, ANDON_TOKEN: ci.token };
}

function besideEnv(world: World): Record<string, string> {
  return { DATABASE_URL: world.databaseUrl, USER: 'ana' };
}

async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
