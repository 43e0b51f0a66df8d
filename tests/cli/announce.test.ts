// `andon announce`: a pipeline that is a shell script tells of its change, over HTTP or in the database beside Andon.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type AnnounceOptions, announce as announceHere } from '../../src/cli/announce.js';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { program } from '../http/help.js';
import { andon, type Done } from './help.js';

// Each start of the command line is a process, and several make a test.
vi.setConfig({ testTimeout: 120_000 });

// Over HTTP it does not see which engine there is.
const ways = [
  { engine: 'sqlite' as const, way: 'over HTTP' as const },
  ...engines.map((engine) => ({ engine, way: 'beside' as const })),
];

async function opened(engine: 'sqlite' | 'postgresql', way: 'over HTTP' | 'beside') {
  const world = await openWorld({ engine, at: new Date().toISOString() });
  const ci = await program(world, ['changes:read', 'changes:write'], 'ci');
  const env: Record<string, string> =
    way === 'beside'
      ? { DATABASE_URL: world.databaseUrl, USER: 'ana', TZ: 'Europe/Berlin' }
      : { ANDON_URL: `http://127.0.0.1:${world.app.port}`, ANDON_TOKEN: ci.token, TZ: 'Europe/Berlin' };
  return { world, env, announce: (...words: string[]) => andon(['announce', ...words], env) };
}

const change = (world: World, number = 1) => world.app.db.read.change.findFirstOrThrow({ where: { number } });
const deploy = ['Deploy', 'api', '4.12.0', '--on', 'api/prod'];

describe.each(ways)('$way on $engine', ({ engine, way }) => {
  test('it prints the number alone, and says on stderr what was understood', async () => {
    const { world, announce } = await opened(engine, way);
    const done = await announce(
      ...[
        ...deploy,
        '--on',
        'web/prod',
        '--at',
        '2030-06-01 18:00',
        '--for',
        '30m',
        '--url',
        'https://ci.example.com/1',
      ],
    );
    expect(done).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toContain('more than a year ahead');
    const soon = await announce(
      ...deploy,
      '--on',
      'web/prod',
      '--at',
      '18:00',
      '--for',
      '30m',
      '--kind',
      'config',
    );
    expect(soon).toMatchObject({ code: 0, stdout: 'CHG-1\n' });
    expect(soon.stderr).toContain('CHG-1 announced: “Deploy api 4.12.0”, planned, on api/prod, web/prod.');
    expect(soon.stderr).toMatch(/Planned for .* 18:00 CES?T \(.* 1[67]:00 UTC\)/);
    const row = await change(world);
    expect(row).toMatchObject({
      kind: 'config',
      state: 'planned',
      source: way === 'beside' ? 'cli:ana' : 'token:ci',
    });
    expect(Number(row.plannedEnd) - Number(row.plannedStart)).toBe(30 * 60_000);
    expect(Number(row.plannedStart)).toBeGreaterThan(world.now().getTime());
    // The kind by the words of the title, said so.
    const guessed = await announce('Upgrade', 'the', 'database', '--on', 'db/prod', '--json');
    expect(guessed.stderr).toContain('Taken for kind upgrade');
    expect(JSON.parse(guessed.stdout)).toMatchObject({ id: 'CHG-2', state: 'planned' });
  });

  test('a change is followed by its number or its key, and a second word of the same kind changes nothing', async () => {
    const { world, announce } = await opened(engine, way);
    expect((await announce(...deploy, '--key', 'job-7', '--state', 'started')).stdout).toBe('CHG-1\n');
    expect((await announce(...deploy, '--key', 'job-7', '--state', 'started')).stdout).toBe('CHG-1\n');
    expect(await announce('--done', 'job-7')).toMatchObject({ code: 0, stdout: 'CHG-1\n' });
    expect(await change(world)).toMatchObject({ state: 'succeeded' });
    expect((await announce('--done', 'CHG-1')).stderr).toContain('CHG-1 is so already.');
    const back = await announce('--start', 'CHG-1');
    expect(back).toMatchObject({ code: 2, stdout: '' });
    expect(back.stderr).toContain('A new run is a change of its own');
    await announce(...deploy);
    expect((await announce('--cancel', 'CHG-2', '--text', 'no time')).code).toBe(0);
    expect(await change(world, 2)).toMatchObject({ state: 'cancelled', stateText: 'no time' });
    await announce(...deploy, '--key', 'seq', '--sequence', '2', '--state', 'failed');
    expect((await announce(...deploy, '--key', 'seq', '--sequence', '1')).stderr).toContain('later word');
    expect((await announce(...deploy, '--key', 'seq', '--sequence', '2')).stdout).toBe('CHG-3\n');
    expect(await change(world, 3)).toMatchObject({ state: 'failed' });
    expect((await announce('--rolled-back', 'seq')).code).toBe(0);
  });

  test('lines in a shell script tell when it began and how it ended', async () => {
    const { world, env } = await opened(engine, way);
    const script = (last: string) => [
      '#!/bin/sh',
      'CHANGE=$(andon announce "Deploy api 4.12.0" --kind deploy --on api/prod --state started)',
      `trap 'andon announce --ended "$CHANGE" --exit $? || true' EXIT`,
      last,
    ];
    expect(await shell(script('true'), env)).toMatchObject({ code: 0 });
    expect(await change(world)).toMatchObject({ state: 'succeeded' });
    const ended = await shell(script('exit 3'), env);
    expect(ended, ended.stderr).toMatchObject({ code: 3, stdout: '' });
    expect(await change(world, 2)).toMatchObject({ state: 'failed', stateText: 'exit code 3' });
  });

  test('what is not there is refused with a sentence and exit code 2', async () => {
    const { world, announce } = await opened(engine, way);
    const facts = await world.app.db.read.fact.count();
    for (const [words, sentence] of [
      [['--done', 'CHG-9'], 'There is no CHG-9'],
      [['--done', 'nothing'], 'No change has the key “nothing”'],
    ] as const) {
      const done = await announce(...words);
      expect(done, words.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(done.stderr).toContain(sentence);
      expect(done.stderr).not.toContain('    at ');
    }
    expect(await world.app.db.read.fact.count()).toBe(facts);
  });
});

test('what cannot be is refused before anything is asked', async () => {
  // Nobody listens there: what got as far as asking would say so.
  vi.stubEnv('ANDON_URL', 'http://127.0.0.1:9');
  vi.stubEnv('ANDON_TOKEN', `andon_${'x'.repeat(43)}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const on = ['api/prod'];
  for (const [words, options, sentence] of [
    [[], {}, 'Say in a few words what changes'],
    [['Deploy', 'api'], {}, 'Say where'],
    [['Deploy'], { on, kind: 'deployment' }, 'A kind is one of'],
    [['Deploy'], { on: ['api', 'a/b/c/d'] }, 'is no component'],
    [['Deploy'], { on, state: 'up' }, 'A state is one of'],
    [['Deploy'], { on, at: '25:99' }, '--at'],
    [['Deploy'], { on, at: '2h ago' }, 'is over. Name a time to come'],
    [['Deploy'], { on, for: 'ages' }, 'for: “ages”'],
    [['Deploy'], { on, sequence: 'one' }, 'a whole number'],
    [['Deploy'], { on, url: 'javascript:1' }, 'https://'],
    [[], { done: '' }, 'Its name is empty'],
    [[], { done: 'CHG-1', fail: 'CHG-1' }, 'one thing at a time'],
    [[], { ended: 'CHG-1' }, 'needs the exit code'],
    [['Deploy'], { on, exit: '1' }, '--exit goes with --ended'],
    [['why'], { fail: 'CHG-1' }, '--text "why"'],
  ] as const)
    await expect(announceHere(words, options as AnnounceOptions), sentence).rejects.toThrow(sentence);
});

test('a time on a night when clocks change is remarked upon, and a zone that is none is refused', async () => {
  vi.stubEnv('ANDON_URL', 'http://127.0.0.1:9');
  vi.stubEnv('ANDON_TOKEN', `andon_${'x'.repeat(43)}`);
  vi.stubEnv('TZ', 'Europe/Berlin');
  vi.useFakeTimers({ now: new Date('2026-10-20T12:00:00Z'), toFake: ['Date'] });
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    said.mockRestore();
  });
  const deployAt = (at: string) => announceHere(['Deploy'], { on: ['api/prod'], kind: 'deploy', at });
  await expect(deployAt('2026-10-25 02:30')).rejects.toThrow('cannot be reached');
  expect(said.mock.calls.flat().join(' ')).toMatch(/twice/);
  vi.stubEnv('TZ', 'Foo/Bar');
  await expect(deployAt('18:00')).rejects.toThrow('TZ=Foo/Bar is no time zone');
});

test('an Andon that does not answer: exit code 12; no token, or a narrow one: exit code 2', async () => {
  const gone = { ANDON_URL: 'http://127.0.0.1:9', ANDON_TOKEN: `andon_${'x'.repeat(43)}` };
  const done = await andon(['announce', ...deploy], gone);
  expect(done).toMatchObject({ code: 12, stdout: '' });
  expect(done.stderr).toContain('cannot be reached');
  expect((await andon(['announce', ...deploy], { ANDON_URL: gone.ANDON_URL })).code).toBe(2);
  const world = await openWorld();
  const reader = await program(world, ['changes:read']);
  const env = { ANDON_URL: `http://127.0.0.1:${world.app.port}`, ANDON_TOKEN: reader.token };
  const narrow = await andon(['announce', ...deploy], env);
  expect(narrow).toMatchObject({ code: 2 });
  expect(narrow.stderr).toContain('lacks the scope changes:write');
});

/** Runs a script with `andon` on its path. */
function shell(lines: readonly string[], env: Record<string, string>): Promise<Done> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cli = resolve('dist/cli.js');
  writeFileSync(join(folder, 'andon'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'pipeline'), lines.join('\n'), { mode: 0o755 });
  const all = { PATH: `${folder}:${process.env.PATH ?? ''}`, ANDON_SECRET_KEY: 'x'.repeat(32), ...env };
  return new Promise((done) => {
    execFile(join(folder, 'pipeline'), { env: all }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
