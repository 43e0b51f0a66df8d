// What asks the gate: `andon gate`, and the script for where there is no Node. Whatever is no clear yes is a no.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { untilDecided } from '../../src/cli/gate.js';
import type { Asked } from '../../src/cli/gate-ask.js';
import { Unreachable } from '../../src/cli/kit.js';
import { gateThatSays, type Saying } from '../helpers/gate-server.js';
import type { Done } from './help.js';

vi.setConfig({ testTimeout: 60_000 });

const token = `andon_${'x'.repeat(43)}`;
const clients = [
  { name: 'andon gate', line: [process.execPath, resolve('dist/cli.js'), 'gate'] },
  { name: 'gate.sh in dash', line: ['dash', resolve('scripts/gate.sh')] },
  { name: 'gate.sh in bash', line: ['bash', resolve('scripts/gate.sh')] },
];
const prod = ['--service', 'api', '--environment', 'prod'];

function run(line: readonly string[], args: readonly string[], env: Record<string, string>): Promise<Done> {
  const [file = '', ...first] = line;
  const all = { PATH: process.env.PATH ?? '', ANDON_TOKEN: token, ...env };
  return new Promise((done) => {
    execFile(file, [...first, ...args], { env: all }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'andon-test-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe.each(clients)('$name', ({ name, line }) => {
  const script = name !== 'andon gate';
  const ask = async (
    args: readonly string[],
    sayings: readonly Saying[],
    env: Record<string, string> = {},
  ) => {
    const gate = await gateThatSays(...sayings);
    const done = await run(line, args, { ANDON_URL: gate.url, ...env });
    return { ...done, asked: gate.asked };
  };

  test.each([
    ['allow', 0],
    ['warn', 0],
    ['deny', 10],
    ['hold', 11],
  ] as const)('%s: exit code %i, the reason on stderr and nothing on stdout', async (decision, code) => {
    const reply = 'FRZ-1 freezes production until 16:04 UTC.\nTry again then.';
    const done = await ask(prod, [{ decision, reply, retryAfter: 300 }]);
    expect(done, done.stderr).toMatchObject({ code, stdout: '' });
    expect(done.stderr).toContain(reply);
    expect(done.asked).toHaveLength(1);
    expect(done.asked[0]).toMatchObject({
      authorization: `Bearer ${token}`,
      body: { kind: 'deploy', targets: ['api/prod'] },
    });
  });

  test('whatever is no clear answer of Andon’s is no yes: exit code 12', async () => {
    const odd: [string, Saying][] = [
      ['a page that answers 200 to all', { body: '<html>Please log in</html>' }],
      ['a page whose first line is “allow”', { body: 'allow\nallow' }],
      ['a redirect', { status: 302, headers: { location: 'https://login.example.com/' } }],
      ['a redirect that claims the decision', { decision: 'allow', status: 307 }],
      ['a header without its answer', { decision: 'allow', body: '' }],
      [
        'a header that says other than the answer',
        { decision: 'deny', headers: { 'Andon-Decision': 'allow' } },
      ],
      ['broken JSON', { decision: 'allow', body: '{"decision":"allow","id":"1"' }],
      ['an unknown decision', { body: 'perhaps', headers: { 'Andon-Decision': 'perhaps' } }],
      ['an empty answer', { status: 204, body: '' }],
      ['a page of a proxy', { status: 404, body: '404 page not found' }],
      ['a failure behind a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
      ['a connection that is cut', { instead: 'cut' }],
    ];
    await Promise.all(
      odd.map(async ([what, saying]) => {
        const done = await ask(prod, [saying]);
        expect(done, `${what}: ${done.stderr}`).toMatchObject({ code: 12, stdout: '' });
        expect(done.stderr, what).toMatch(/so nothing may start in production/);
        // The same request was sent again, and counts once.
        expect(new Set(done.asked.map((each) => each.idempotencyKey)).size, what).toBe(1);
        expect(done.asked.length, what).toBe(3);
      }),
    );
  });

  test('an answer that does not end fills neither memory nor disk: exit code 12', async () => {
    const sent = { bytes: 0 };
    const gate = await gateThatSays({ decision: 'allow', instead: 'stream', sent });
    const where = folder();
    const done = await run(line, prod, { ANDON_URL: gate.url, TMPDIR: where });
    expect(done).toMatchObject({ code: 12, stdout: '' });
    expect(done.stderr).toMatch(/so nothing may start in production/);
    expect(gate.asked).toHaveLength(3);
    // What the sockets hold besides.
    expect(sent.bytes).toBeLessThan(3 * 16 * 1024 * 1024);
  });

  test('where nothing listens: exit code 12, and why', async () => {
    const done = await run(line, prod, { ANDON_URL: 'http://127.0.0.1:9' });
    expect(done).toMatchObject({ code: 12, stdout: '' });
    expect(done.stderr).toContain('Andon at http://127.0.0.1:9 cannot be reached');
    expect(done.stderr).toContain('so nothing may start in production');
  });

  test('a failure of a moment is got over, under the same Idempotency-Key', async () => {
    const done = await ask(prod, [
      { status: 503, body: 'starting' },
      { decision: 'allow', reply: 'Go.' },
    ]);
    expect(done.code).toBe(0);
    expect(done.asked).toHaveLength(2);
    expect(done.asked[0]?.idempotencyKey).toMatch(/^[\w-]{16,}$/);
    expect(done.asked[1]?.idempotencyKey).toBe(done.asked[0]?.idempotencyKey);
  });

  test.each([
    [401, 'unauthenticated', 'This token is not known.'],
    [403, 'missing-scope', 'The token lacks the scope gate.'],
    [404, 'not-found', 'There is no “CHG-9”.'],
    [422, 'invalid', 'The body does not fit at /kind: A kind is one of deploy.'],
  ] as const)('%i of Andon: exit code 2 and its sentence', async (status, kind, detail) => {
    const body = JSON.stringify({
      type: `urn:andon:problem:${kind}`,
      title: 'No',
      status,
      detail,
      requestId: '1',
    });
    const headers = { 'Content-Type': 'application/problem+json' };
    const done = await ask([...prod, '--wait', '1h'], [{ status, body, headers }]);
    expect(done, done.stderr).toMatchObject({ code: 2, stdout: '' });
    expect(done.stderr).toContain(detail);
    expect(done.asked).toHaveLength(1);
  });

  test('a refused token behind a proxy: exit code 2', async () => {
    expect(await ask(prod, [{ status: 401, body: 'no' }])).toMatchObject({ code: 2 });
  });

  test('what is asked wrongly is not asked', async () => {
    for (const [args, env, sentence] of [
      [[], {}, 'Say where'],
      [['--service', 'api'], {}, 'go together'],
      [['--service', 'api,web', '--environment', 'prod'], {}, 'is one name'],
      [['--on', ' , '], {}, 'Say where'],
      [[...prod, '--title', ''], {}, 'is empty'],
      [[...prod, '--wait', 'long'], {}, 'is no length of time'],
      [[...prod, '--wait', '30'], {}, 'is no length of time'],
      [[...prod, '--fail-open'], {}, 'surely not production'],
      [['--on', 'api/dev,api/eu', '--fail-open'], {}, 'surely not production'],
      [['--on', 'api', '--fail-open'], {}, 'surely not production'],
      [[...prod, '--url', 'andon.example.com'], {}, 'is no address of Andon'],
      [[...prod, '--force'], {}, '--force'],
      [prod, { ANDON_TOKEN: '' }, 'ANDON_TOKEN is missing'],
      [prod, { ANDON_TOKEN: 'a\nb' }, 'ANDON_TOKEN is no token'],
    ] as const) {
      const done = await ask(args, [{ decision: 'allow' }], env);
      expect(done, args.join(' ')).toMatchObject({ code: 2, stdout: '', asked: [] });
      expect(done.stderr).toContain(sentence);
    }
  });

  test('what is surely not production may start without Andon, where one says so', async () => {
    const dev = ['--service', 'api', '--environment', 'Dev'];
    const gone = { ANDON_URL: 'http://127.0.0.1:9' };
    const closed = await run(line, dev, gone);
    expect(closed.code).toBe(12);
    expect(closed.stderr).toContain('--fail-open would let it');
    const open = await run(line, [...dev, '--fail-open'], gone);
    expect(open).toMatchObject({ code: 0, stdout: '' });
    expect(open.stderr).toContain('cannot be reached');
    const denied = await ask([...dev, '--fail-open'], [{ decision: 'deny', reply: 'FRZ-1' }]);
    expect(denied.code).toBe(10);
  });

  test('any title arrives as it was written', async () => {
    const title = 'Say "no" \\ to $(touch x) `id` ’ü🚀\n\tline 2\u0007 %s {"a":1}';
    const args = [
      ...prod,
      '--on',
      'web/prod/eks, db/prod',
      '--title',
      title,
      '--artifact',
      'a"b',
      '--rollback',
    ];
    const more = ['--previous-artifact', '1', '--change', 'CHG-7', '--exception', 'EXC-1', '--actor', 'ana'];
    const rest = ['--key', 'k 1', '--source', 'jenkins:api', '--link', 'https://ci.example.com/1', '--drill'];
    const done = await ask([...args, ...more, ...rest, '--kind=upgrade'], [{ decision: 'allow' }]);
    expect(done.code, done.stderr).toBe(0);
    const [first] = done.asked;
    expect({ ...first?.body, targets: [...(first?.body.targets ?? [])].sort() }).toEqual({
      ...{ kind: 'upgrade', targets: ['api/prod', 'db/prod', 'web/prod/eks'], title, artifact: 'a"b' },
      ...{ previousArtifact: '1', change: 'CHG-7', exceptionId: 'EXC-1', actor: 'ana', key: 'k 1' },
      ...{ source: 'jenkins:api', url: 'https://ci.example.com/1', drill: true, rollback: true },
    });
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'GitHub',
      {
        ...{
          GITHUB_ACTIONS: 'true',
          GITHUB_REPOSITORY: 'acme/api',
          GITHUB_RUN_ID: '7',
          GITHUB_RUN_ATTEMPT: '2',
        },
        ...{ GITHUB_JOB: 'deploy', GITHUB_ACTOR: 'ana', GITHUB_SERVER_URL: 'https://github.com' },
      },
      {
        ...{ key: 'acme/api/run/7/deploy api/prod,web/prod', actor: 'ana' },
        url: 'https://github.com/acme/api/actions/runs/7',
      },
    ],
    [
      'GitLab',
      {
        ...{ GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/api', CI_PIPELINE_ID: '8', CI_JOB_ID: '99' },
        ...{
          CI_JOB_NAME: 'deploy: [eu]',
          GITLAB_USER_LOGIN: 'ben',
          CI_JOB_URL: 'https://gitlab.example.com/j/99',
        },
      },
      {
        ...{ key: 'acme/api/pipeline/8/deploy: [eu] api/prod,web/prod', actor: 'ben' },
        url: 'https://gitlab.example.com/j/99',
      },
    ],
    [
      'Jenkins',
      { BUILD_TAG: 'jenkins-api-9', BUILD_URL: 'http://ci.example.com/job/api/9/' },
      { key: 'jenkins-api-9 api/prod,web/prod', url: 'http://ci.example.com/job/api/9/' },
    ],
  ])('in %s the run says who asks; another attempt keeps its place', async (_ci, env, said) => {
    const done = await ask([...prod, '--on', 'web/prod'], [{ decision: 'allow' }], env);
    expect(done.asked[0]?.body).toEqual({ kind: 'deploy', targets: ['api/prod', 'web/prod'], ...said });
    const back = await ask([...prod, '--rollback'], [{ decision: 'allow' }], env);
    expect(back.asked[0]?.body.key).toMatch(/ rollback$/);
  });

  test('a key that is too long is shortened, and stays another one than its neighbour’s', async () => {
    const env = { BUILD_TAG: 'j'.repeat(290) };
    const keys = await Promise.all(
      ['api/prod', 'web/prod'].map(
        async (on) => (await ask(['--on', on], [{ decision: 'allow' }], env)).asked[0]?.body.key,
      ),
    );
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(300);
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('held, then let go: it waits, keeps its key, and asks anew each time', async () => {
    const held: Saying = { decision: 'hold', reply: 'Its turn comes at 16:05 UTC.', retryAfter: 1 };
    const denied: Saying = { decision: 'deny', reply: 'FRZ-1 freezes production.', retryAfter: 1 };
    const done = await ask(
      [...prod, '--wait', '1m'],
      [denied, denied, { status: 503, body: '' }, held, { decision: 'allow', reply: 'Go.' }],
    );
    expect(done, done.stderr).toMatchObject({ code: 0, stdout: '' });
    expect(done.asked).toHaveLength(5);
    expect(new Set(done.asked.map((each) => each.body.key)).size).toBe(1);
    expect(done.asked[0]?.body.key).toMatch(/^wait\/.{20}/);
    // The one that failed was sent again; all others are questions of their own.
    expect(new Set(done.asked.map((each) => each.idempotencyKey)).size).toBe(4);
    // Said once, although it was heard twice.
    expect(done.stderr.split('FRZ-1 freezes production.')).toHaveLength(2);
    expect(done.stderr).toContain('Waiting for at most 1 min more.');
    expect(done.stderr).toContain('Its turn comes');
  });

  test('it ends as what it heard last', async () => {
    const held: Saying = { decision: 'hold', reply: 'Not yet.', retryAfter: 1 };
    const denied: Saying = { decision: 'deny', reply: 'FRZ-1.', retryAfter: 300 };
    expect(await ask([...prod, '--wait', '2s'], [held])).toMatchObject({ code: 11 });
    const done = await ask([...prod, '--wait', '2s'], [held, denied]);
    expect(done).toMatchObject({ code: 10 });
    // However long the answer says: at the end of its time it asks once more.
    expect(done.asked.length).toBeGreaterThanOrEqual(2);
    const lost = await ask([...prod, '--wait', '3s'], [held, { instead: 'cut' }]);
    expect(lost).toMatchObject({ code: 12, stdout: '' });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends its waiting at once', async (signal, code) => {
    const gate = await gateThatSays({ decision: 'hold', reply: 'Not yet.' });
    const [file = '', ...first] = line;
    const child = spawn(file, [...first, ...prod, '--wait', '1h'], {
      env: { PATH: process.env.PATH ?? '', ANDON_TOKEN: token, ANDON_URL: gate.url, TMPDIR: folder() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    const since = Date.now();
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([code, null]);
    expect(Date.now() - since).toBeLessThan(3000);
  });

  test('in GitHub’s log the reason is an annotation, and the words of others are no commands', async () => {
    const reply = '50% of it: FRZ-1\n::add-mask::a\n  ::stop-commands::b\n##[error]c\u001b[31m';
    const env = { GITHUB_ACTIONS: 'true' };
    const done = await ask(prod, [{ decision: 'deny', reply }], env);
    const lines = done.stderr.split('\n').map((each) => each.trim());
    const commands = lines.filter((each) => each.startsWith('::') || each.includes('##['));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^::error title=Andon::deny: 50%25 of it: FRZ-1%0A: :add-mask::a%0A/);
    expect(done.stderr).not.toContain('\u001b');
    const warned = await ask(prod, [{ decision: 'warn', reply: 'FRZ-2 is soft.' }], env);
    expect(warned.stderr).toContain('\n::warning title=Andon::warn: FRZ-2 is soft.');
    expect((await ask(prod, [{ decision: 'allow', reply: 'Go.' }], env)).stderr).not.toContain('::');
  });

  if (script)
    test('it leaves nothing behind, tells its token to no list of processes, and tells the steps that follow', async () => {
      const temporary = folder();
      const output = join(temporary, 'output');
      const gate = await gateThatSays({ decision: 'deny', reply: 'FRZ-1.' });
      const where = folder();
      const env = { ANDON_URL: gate.url, GITHUB_OUTPUT: output, TMPDIR: where };
      await run(['sh', '-c', 'exec "$0" "$@"', ...line], prod, env);
      expect(readFileSync(output, 'utf8')).toBe('decision=deny\nverdict-id=9d0f-1\n');
      const { stdout } = await run(['ls', '-A', where], [], {});
      expect(stdout).toBe('');
      expect(readFileSync('scripts/gate.sh', 'utf8')).not.toMatch(/curl [^\n]*\$token/);
    });
  else
    test('with --json the answer is on stdout, and nothing else', async () => {
      const done = await ask(
        [...prod, '--json', '--wait', '2s'],
        [{ decision: 'deny', reply: 'FRZ-1.', retryAfter: 1 }],
      );
      expect(done.code).toBe(10);
      expect(JSON.parse(done.stdout)).toMatchObject({ id: '9d0f-1', decision: 'deny', reply: 'FRZ-1.' });
      expect(done.stdout.trim()).not.toContain('\n');
      expect(done.stderr).toContain('FRZ-1.');
      expect((await run(line, [...prod, '--json'], { ANDON_URL: 'http://127.0.0.1:9' })).stdout).toBe('');
    });
});

describe('waiting', () => {
  const answer = (decision: string, retryAfterMs: number | null = null): Asked =>
    ({ answer: { decision, reasons: [], reply: `It is ${decision}.` }, retryAfterMs }) as unknown as Asked;

  async function waited(answers: readonly (Asked | Error)[], minutes: number) {
    let now = 0;
    const pauses: number[] = [];
    const said: string[] = [];
    let i = 0;
    const heard = await untilDecided(
      async () => {
        const next = answers[Math.min(i, answers.length - 1)];
        i += 1;
        if (next instanceof Error) throw next;
        return next as Asked;
      },
      minutes * 60_000,
      (text) => void said.push(text),
      {
        now: () => now,
        wait: async (ms) => {
          pauses.push(ms);
          now += ms;
        },
      },
    );
    return { heard, pauses, said, asked: i, now };
  }

  test('it asks each 15 s, give or take a fifth, and not all at one time', async () => {
    const { pauses, now, asked } = await waited([answer('hold')], 30);
    expect(now).toBe(30 * 60_000);
    expect(asked).toBe(pauses.length + 1);
    const whole = pauses.slice(0, -1);
    for (const each of whole) expect(each).toBeGreaterThanOrEqual(12_000);
    for (const each of whole) expect(each).toBeLessThanOrEqual(18_000);
    expect(new Set(whole).size).toBeGreaterThan(10);
  });

  test('it comes no earlier than Andon says, and no later than a minute and a little', async () => {
    for (const each of (await waited([answer('hold', 40_000)], 30)).pauses.slice(0, -1))
      expect(each).toBeGreaterThanOrEqual(40_000);
    for (const each of (await waited([answer('deny', 300_000)], 30)).pauses.slice(0, -1))
      expect(each).toBeLessThanOrEqual(72_000);
  });

  test('what stays as it is is said once, with a sign of life each few minutes', async () => {
    const { said } = await waited([answer('deny')], 30);
    expect(said[0]).toBe('It is deny.\nWaiting for at most 30 min more.'.replace('It', 'deny: It'));
    expect(said.length).toBeGreaterThan(5);
    expect(said.length).toBeLessThan(12);
    for (const each of said.slice(1))
      expect(each).toMatch(/^Still waiting, for at most \d+ min more\. deny: It is deny\.$/);
  });

  test('an Andon that is gone for a moment is said, and waited for; a refusal is not', async () => {
    const gone = new Unreachable('Andon at x cannot be reached (ECONNREFUSED)');
    const { heard, said } = await waited([answer('hold'), gone, gone, answer('allow')], 30);
    expect(heard).toMatchObject({ answer: { decision: 'allow' } });
    expect(said.filter((each) => each.includes('cannot be reached'))).toHaveLength(1);
    await expect(waited([answer('hold'), new Error('refused')], 30)).rejects.toThrow('refused');
  });

  test('without --wait it asks once', async () => {
    expect(await waited([answer('deny')], 0)).toMatchObject({ asked: 1, pauses: [], said: [] });
  });
});
