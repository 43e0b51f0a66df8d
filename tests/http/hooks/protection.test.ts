// GitHub's deployment protection rule: a job waits at GitHub until Andon says whether it may start, and is told once.
import { describe, expect, test, vi } from 'vitest';
import type { Log } from '../../../src/core/log.js';
import { appId, appKey, type FakeGithub, openGithub } from '../../github/fake.js';
import { engines } from '../../helpers/databases.js';
import { openWorld, type World, type WorldOptions } from '../../helpers/world.js';
import type { Answer } from '../help.js';
import { recorded, type Sample, type Sender, sample, sender } from './help.js';

interface Scene {
  readonly world: World;
  readonly github: FakeGithub;
  readonly hook: Sender;
  /** GitHub asks for this deployment, and everything that follows is done. */
  asks(over?: Asked): Promise<Answer>;
}

interface Asked {
  readonly id?: number;
  readonly run?: number;
  readonly callback?: string;
  readonly over?: Sample;
  /** Nothing is done yet of what follows. */
  readonly pending?: true;
}

async function openScene(options: WorldOptions & { prefix?: string; app?: false } = {}): Promise<Scene> {
  const { prefix, app, ...rest } = options;
  const github = await openGithub(prefix === undefined ? {} : { prefix });
  const settings = { apiUrl: github.url, app: app === false ? null : { id: appId, key: appKey } };
  const world = await openWorld({ github: settings, ...rest });
  const hook = await sender(world, 'github');
  return {
    ...{ world, github, hook },
    async asks({ id = 880011, run = 41, callback, over = {}, pending }: Asked = {}) {
      const body = { ...requestOf(github, id, run), ...over };
      if (callback !== undefined) body.deployment_callback_url = callback;
      const answer = await hook.deliver(body, event);
      if (!pending) await world.settled();
      return answer;
    },
  };
}

const event = { 'x-github-event': 'deployment_protection_rule' };

function requestOf(github: FakeGithub, id: number, run: number): Sample {
  const body = sample('github.deployment_protection_rule');
  body.deployment.id = id;
  body.deployment_callback_url = `${github.url}/repos/harbour/orders-api/actions/runs/${run}/deployment_protection_rule`;
  return body;
}

async function freeze(world: World, line: string): Promise<void> {
  const { ok, reply } = await world.sandbox.person('ana').command(`/freeze ${line}`, { channel: 'general' });
  expect(ok, `${line}: ${reply?.text}`).toBe(true);
  expect(reply?.text).not.toMatch(/Nothing was/);
  await world.settled();
}

function told(world: World): string[] {
  return world.sandbox.messages('changes').map((each) => each.text);
}

describe.each(engines)('on %s', (engine) => {
  test('what nothing freezes is approved, once, and is the change that the deployment is', async () => {
    const { world, github, hook, asks } = await openScene({ engine });
    const answer = await asks();
    expect(answer).toMatchObject({ status: 200, body: { gate: { decision: 'allow' }, ignored: [] } });
    expect(github.reviews).toEqual([
      {
        ...{ repository: 'harbour/orders-api', run: 41, environment: 'production', state: 'approved' },
        comment: '**Andon: it may start.**',
      },
    ]);
    // A token for this repository, which can do nothing else.
    expect(github.asked()).toEqual({
      repositories: ['orders-api'],
      permissions: { deployments: 'write', actions: 'read' },
    });
    const row = await world.app.db.read.verdict.findFirstOrThrow();
    expect(row).toMatchObject({ source: 'github:harbour/orders-api', key: 'deployment/880011' });
    expect(row.question).toMatchObject({
      ...{ kind: 'deploy', title: 'Deploy orders-api 9a3f5c2 to production', actor: 'ines-l' },
      targets: [{ service: 'orders-api', environment: 'prod', cluster: '' }],
      artifact: '9a3f5c21e07b64d8a1c2e3f405162738495a6b7c',
      url: 'https://github.com/harbour/orders-api/actions/runs/41',
    });
    const begun = sample('github.deployment_status');
    begun.deployment_status.state = 'in_progress';
    expect((await hook.deliver(begun)).body.changes).toMatchObject([{ id: 'CHG-1', state: 'started' }]);
    expect(await world.app.db.read.change.findFirstOrThrow()).toMatchObject({
      source: row.source,
      key: row.key,
    });
  });

  test('what is frozen is told why and waits, and the thaw lets it go by itself', async () => {
    const { world, github, asks } = await openScene({ engine });
    await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:2h');
    expect((await asks()).body.gate.decision).toBe('deny');
    expect(github.reviews).toHaveLength(1);
    const [report] = github.reviews;
    expect(report).toMatchObject({ state: null, environment: 'production' });
    expect(report?.comment).toContain('FRZ-1 freezes orders-api/prod until 12:30 UTC');
    expect(report?.comment).toContain('the cluster is rebuilt');
    expect(report?.comment).toContain('It waits here and starts by itself when it may');
    // As long as nothing changes nothing is said again.
    await world.pass({ minutes: 30 });
    expect(github.reviews).toHaveLength(1);
    await freeze(world, 'lift FRZ-1 the cluster stands');
    await world.pass({ minutes: 10 });
    expect(github.reviews.map((each) => each.state)).toEqual([null, 'approved']);
    await world.pass({ hours: 3 });
    expect(github.reviews).toHaveLength(2);
  });

  test('a freeze that ends by the clock lets go what waits, in order and apart', async () => {
    const { world, github, asks } = await openScene({ engine });
    await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:1h');
    await asks({ id: 1, run: 1 });
    await world.pass({ seconds: 30 });
    await asks({ id: 2, run: 2 });
    world.at('2026-03-10T11:29:59Z');
    await world.settled();
    const approved = () => github.reviews.filter((each) => each.state === 'approved').map((each) => each.run);
    expect(approved()).toEqual([]);
    await world.pass({ seconds: 2 });
    expect(approved()).toEqual([1]);
    await world.pass({ seconds: 62 });
    expect(approved()).toEqual([1, 2]);
  });

  test('the same delivery six times at once is one question and one answer', async () => {
    const { world, github, asks } = await openScene({ engine });
    const answers = await Promise.all(Array.from({ length: 6 }, () => asks({ pending: true })));
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(new Set(answers.map((each) => each.body.gate.id)).size).toBe(1);
    await world.settled();
    await asks();
    expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
    expect(await world.app.db.read.verdict.count()).toBe(1);
    expect(await world.app.db.read.fact.count({ where: { type: 'VerdictGiven' } })).toBe(1);
  });

  test('cut off after GitHub heard it, it is not said again', async () => {
    const { world, github, asks } = await openScene({ engine });
    await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:1h');
    github.fail({ on: 'review', cut: true });
    await asks();
    expect(github.reviews.map((each) => each.state)).toEqual([null]);
    expect(github.requests.some((each) => each.startsWith('GET') && each.endsWith('/approvals'))).toBe(true);
    github.fail({ on: 'review', cut: true });
    await freeze(world, 'lift FRZ-1 the cluster stands');
    await world.pass({ minutes: 10 });
    expect(github.reviews.map((each) => each.state)).toEqual([null, 'approved']);
    const facts = await world.app.db.read.fact.findMany({ where: { type: 'ProtectionAnswered' } });
    expect(facts.map((each) => (each.data as { state: string }).state)).toEqual(['waiting', 'approved']);
  });

  test('Andon is ended between the question and the answer: GitHub is told after the start', async () => {
    const { world, github, asks } = await openScene({ engine });
    expect((await asks({ pending: true })).body.gate.decision).toBe('allow');
    expect(github.reviews).toEqual([]);
    await world.restart();
    await world.settled();
    expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
  });
});

test('what GitHub asked while Andon was away is delivered again at its start, each once, and answered', async () => {
  const { world, github, hook } = await openScene();
  const now = new Date().toISOString();
  const none = async () => {};
  await vi.waitFor(() => expect(github.looked()).toBe(1));
  await world.restart(async () => {
    const deliver = () => hook.deliver(requestOf(github, 880011, 41), event);
    const long = new Date(Date.now() - 4 * 86_400_000).toISOString();
    github.missed.push(
      { id: '90071992547409931', guid: 'b', event: 'deployment_protection_rule', at: now, deliver: none },
      { id: '90071992547409929', guid: 'c', event: 'deployment_status', at: now, deliver: none },
      { id: '90071992547409927', guid: 'b', event: 'deployment_protection_rule', at: now, deliver },
      { id: '90071992547409925', guid: 'a', event: 'deployment_protection_rule', at: now, deliver: none },
      { id: '90071992547409923', guid: 'd', event: 'deployment_protection_rule', at: long, deliver: none },
    );
  });
  await vi.waitFor(() => expect(github.again).toEqual(['90071992547409925', '90071992547409927']));
  await vi.waitFor(async () => expect(await world.app.db.read.verdict.count()).toBe(1));
  await world.settled();
  expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
});

test('what waits for other work there is let go when that has ended, though nobody asks again', async () => {
  const { world, github, asks } = await openScene();
  const says = async (line: string) => {
    const { reply } = await world.sandbox.person('ana').command(line, { channel: 'general' });
    await world.settled();
    return reply?.text ?? '';
  };
  await says('/change announce move the orders table kind:migration on:orders-api/prod');
  await says('/change start CHG-1');
  expect((await asks()).body.gate.decision).toBe('hold');
  expect(github.reviews).toMatchObject([{ state: null, comment: expect.stringContaining('CHG-1') }]);
  await world.pass({ minutes: 5 });
  expect(github.reviews).toHaveLength(1);
  await says('/change done CHG-1');
  await says('/change validate CHG-1 good');
  // It is watched for a while.
  await world.pass({ minutes: 5 });
  expect(github.reviews).toHaveLength(1);
  await world.pass({ hours: 2 });
  expect(github.reviews.map((each) => each.state)).toEqual([null, 'approved']);
});

test('what is taken out of those that wait is rejected, and its run says so', async () => {
  const { world, github, asks } = await openScene();
  await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:2h');
  await asks();
  const line = '/freeze drop deployment/880011';
  const { reply } = await world.sandbox.person('ana').command(line, { channel: 'general' });
  await world.settled();
  expect(
    github.reviews.map((each) => each.state),
    reply?.text,
  ).toEqual([null, 'rejected']);
  expect(github.reviews[1]?.comment).toContain('It was taken out of what waits for the thaw.');
});

test('what was let go by the thaw and begins is no violation', async () => {
  const { world, github, hook, asks } = await openScene();
  await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:1h');
  await asks();
  await world.pass({ hours: 1, seconds: 1 });
  expect(github.reviews.at(-1)?.state).toBe('approved');
  const begun = sample('github.deployment_status');
  begun.deployment_status = {
    ...begun.deployment_status,
    ...{ state: 'in_progress', created_at: '2026-03-10T11:30:05Z' },
  };
  world.at('2026-03-10T11:30:09Z');
  await hook.deliver(begun);
  await world.settled();
  const change = await world.app.db.read.change.findFirstOrThrow();
  expect(change).toMatchObject({ state: 'started', violates: [] });
});

test('what was allowed and could not be told in time is judged anew: an old yes starts nothing on frozen ground', async () => {
  const { world, github, asks } = await openScene();
  await asks({ pending: true });
  await freezeSoon(world);
  await world.settled();
  expect(github.reviews.map((each) => each.state)).toEqual([null]);
  expect(github.reviews[0]?.comment).toContain('FRZ-1');
});

// The worker stands still meanwhile, as if GitHub had been away.
async function freezeSoon(world: World): Promise<void> {
  world.at('2026-03-10T10:40:00Z');
  const line = '/freeze on the cluster is rebuilt on:orders-api/prod for:1h';
  const { ok } = await world.sandbox.person('ana').command(line, { channel: 'general' });
  expect(ok).toBe(true);
}

describe('GitHub’s limits', () => {
  test('it asks to wait, and is asked no sooner', async () => {
    const { github, asks } = await openScene();
    github.fail(
      { on: 'review', status: 429, headers: { 'retry-after': '30' } },
      { on: 'review', status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } },
      { on: 'token', status: 403, headers: { 'retry-after': '5' } },
      { on: 'review', status: 500 },
      { on: 'token', status: 502 },
    );
    await asks();
    expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
  });

  test('at most ten notes, the last of which says so, and the answer still comes', async () => {
    const { world, github, asks } = await openScene();
    await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:1h');
    await asks();
    for (let hours = 2; hours <= 13; hours += 1) {
      await freeze(world, `extend FRZ-1 for:${hours}h`);
      await world.pass({ minutes: 6 });
    }
    const notes = github.reviews.filter((each) => each.state === null);
    expect(notes).toHaveLength(10);
    expect(notes.filter((each) => each.comment.includes('no more notes'))).toEqual([notes[9]]);
    await freeze(world, 'lift FRZ-1 done');
    await world.pass({ minutes: 10 });
    expect(github.reviews.at(-1)?.state).toBe('approved');
  });

  test('what would wait longer than GitHub lets it is rejected at once, and nobody behind waits for it', async () => {
    const { world, github, asks } = await openScene();
    await freeze(world, 'on we move to another provider on:orders-api/prod until:2026-05-01 anyway');
    await asks();
    expect(github.reviews).toMatchObject([{ state: 'rejected' }]);
    expect(github.reviews[0]?.comment).toContain('30 days. Run the job again when it may start.');
    expect(await world.app.db.read.verdict.findFirstOrThrow()).toMatchObject({ queue: 'left' });
  });

  test('what waited for 29 days is rejected where no end was in sight, as with a freeze that cannot be read', async () => {
    const { world, github, asks } = await openScene();
    await freeze(world, 'on the cluster is rebuilt on:orders-api/prod for:1h');
    const damaged = { schedule: { type: 'damaged' }, overAt: new Date('9999-01-01T00:00:00Z') };
    await world.app.db.write((tx) => tx.freeze.updateMany({ data: damaged }));
    expect((await asks()).body.gate.decision).toBe('deny');
    await world.pass({ hours: 28 * 24 });
    expect(github.reviews.map((each) => each.state)).toEqual([null]);
    await world.pass({ hours: 25 });
    expect(github.reviews.map((each) => each.state)).toEqual([null, 'rejected']);
    expect(github.reviews[1]?.comment).toContain('It waited for 29 days');
    await world.pass({ hours: 48 });
    expect(github.reviews).toHaveLength(2);
    expect(await world.app.db.read.due.count({ where: { key: { startsWith: 'protection/' } } })).toBe(0);
  });

  test('a title full of markup is shown as it is, and calls nobody', async () => {
    const { world, github, asks } = await openScene();
    await freeze(
      world,
      'on see [here](https://evil.example) @harbour/admins <img> **now** on:orders-api/prod for:1h',
    );
    await asks();
    const comment = github.reviews[0]?.comment ?? '';
    expect(comment).toContain('\\[here\\]\\(');
    expect(comment).not.toContain('@harbour');
    expect(comment).not.toContain('<img>');
    expect(comment.length).toBeLessThanOrEqual(1024);
  });
});

describe('what GitHub refuses is said where people look, with what mends it', () => {
  test.each([
    ['review', 403, 'Resource not accessible by integration', 'Deployments: Read and write'],
    ['review', 404, 'Not Found', 'Deployments: Read and write'],
    ['review', 422, 'No pending deployment requests', 'Nothing waits there for Andon any more'],
    ['token', 401, 'A JSON web token could not be decoded', 'ANDON_GITHUB_APP_ID and ANDON_GITHUB_APP_KEY'],
    ['token', 404, 'Not Found', 'not installed there'],
    ['token', 422, 'The permissions requested are not granted', 'Deployments: Read and write'],
  ] as const)('%s %i', async (on, status, words, mend) => {
    const { world, github, asks } = await openScene();
    github.fail({ on, status, body: { message: words } });
    await asks();
    const said = told(world).filter((each) => each.includes('GitHub waits for Andon'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(words);
    expect(said[0]).toContain(mend);
    expect(said[0]).toContain('harbour/orders-api/actions/runs/41');
    // Mended and delivered again, it is answered.
    await asks();
    expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
  });

  test('an answer that leads elsewhere is not followed with the token', async () => {
    const { world, github, asks } = await openScene();
    const elsewhere = await openGithub();
    github.fail({ on: 'review', status: 307, headers: { location: `${elsewhere.url}/repos/a/b` } });
    await asks();
    expect(elsewhere.requests).toEqual([]);
    expect(told(world).join('\n')).toContain('it sends elsewhere');
  });

  test('without an App GitHub is told nothing, the sender reads why, the channel once, and the gate judges all the same', async () => {
    const { world, github, asks } = await openScene({ app: false });
    const answer = await asks();
    expect(answer).toMatchObject({ status: 200, body: { gate: { decision: 'allow' } } });
    expect(answer.body.ignored[0].why).toContain('Andon cannot answer GitHub');
    expect(answer.body.ignored[0].why).toContain('ANDON_GITHUB_APP_ID');
    await asks({ id: 2, run: 2 });
    await asks();
    expect(told(world).filter((each) => each.includes('no GitHub App is set up'))).toHaveLength(1);
    expect(github.requests).toEqual([]);
    expect(await world.app.db.read.verdict.count()).toBe(2);
  });
});

describe('what is no question of GitHub', () => {
  test('a forged signature is refused, and nothing is recorded or said', async () => {
    const { world, github, hook } = await openScene();
    const before = await recorded(world);
    const forged = await hook.deliver(requestOf(github, 1, 1), {
      ...event,
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    });
    expect(forged.status).toBe(401);
    await world.settled();
    expect(await recorded(world)).toEqual(before);
    expect(github.requests).toEqual([]);
  });

  test.each([
    'http://169.254.169.254/repos/harbour/orders-api/actions/runs/41/deployment_protection_rule',
    'GITHUB.evil.example/repos/harbour/orders-api/actions/runs/41/deployment_protection_rule',
    'GITHUB/repos/harbour/other/actions/runs/41/deployment_protection_rule',
    'GITHUB/repos/harbour/orders-api/actions/runs/41/../../../../../user',
    'GITHUB/repos/harbour/orders-api/actions/runs/41/deployment_protection_rule?x=/deployment_protection_rule',
    'GITHUB/repos/harbour/orders-api/actions/runs/0x29/deployment_protection_rule',
    'GITHUB/repos/harbour/orders-api/actions/runs//deployment_protection_rule',
    'GITHUB@evil.example/repos/harbour/orders-api/actions/runs/41/deployment_protection_rule',
    'no address',
  ])('to be answered at %s', async (callback) => {
    const { world, github, asks } = await openScene();
    const before = await recorded(world);
    const answer = await asks({ callback: callback.replace('GITHUB', github.url) });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain('ANDON_GITHUB_API_URL');
    expect(await recorded(world)).toEqual(before);
    expect(github.requests).toEqual([]);
  });

  test('a repository whose name leads elsewhere', async () => {
    const { world, github, asks } = await openScene();
    const over = { repository: { full_name: '../..', name: '..', html_url: null } };
    const callback = `${github.url}/repos/../../actions/runs/41/deployment_protection_rule`;
    expect((await asks({ over, callback })).status).toBe(422);
    expect(await world.app.db.read.verdict.count()).toBe(0);
  });

  test('the body of another event, no installation, no environment, another action', async () => {
    const { github, hook, asks } = await openScene();
    const body = requestOf(github, 1, 1);
    expect((await hook.deliver(body, { 'x-github-event': 'deployment' })).status).toBe(422);
    const none = await asks({ over: { installation: null } });
    expect(none).toMatchObject({ status: 422 });
    expect(none.body.detail).toContain('an App’s own webhook');
    const other = await asks({ over: { action: 'created' } });
    expect(other).toMatchObject({
      status: 202,
      body: { ignored: [{ why: expect.stringContaining('not used') }] },
    });
  });
});

test('a GitHub of one’s own, below a path', async () => {
  const { github, asks } = await openScene({ prefix: '/api/v3' });
  await asks();
  expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
});

test('a change that the payload names and that is not there leaves nobody waiting', async () => {
  const { github, asks } = await openScene();
  const { deployment } = requestOf(github, 880011, 41);
  await asks({ over: { deployment: { ...deployment, payload: { change: 'CHG-99' } } } });
  expect(github.reviews.map((each) => each.state)).toEqual(['approved']);
});

test('neither key nor token is in logs, facts, jobs, replies or what the channel reads', async () => {
  const lines: string[] = [];
  const write = (fields: object, text: string) => void lines.push(`${text} ${inspected(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const { world, github, asks } = await openScene({ log });
  github.fail({ on: 'token', status: 500 }, { on: 'review', status: 500 }, { on: 'review', cut: true });
  await asks();
  github.fail({ on: 'review', status: 403, body: { message: `no, ${github.tokens[0]}` } });
  await asks({ id: 2, run: 2 });
  github.fail({ on: 'token', status: 401 });
  const { read } = world.app.db;
  const kept = [read.fact, read.job, read.request, read.verdict].map((table) =>
    (table as unknown as { findMany(): Promise<object[]> }).findMany(),
  );
  const all = [...lines, ...(await Promise.all(kept)).map(inspected), ...told(world)].join('\n');
  expect(lines.length).toBeGreaterThan(0);
  expect(github.tokens.length).toBeGreaterThan(0);
  for (const secret of [...github.tokens, ...appKey.split('\n').filter((row) => row.length > 40)])
    expect(all).not.toContain(secret);
});

function inspected(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (each instanceof Error)
      return { ...each, name: each.name, message: each.message, stack: each.stack, cause: each.cause };
    return typeof each === 'bigint' ? String(each) : each;
  });
}
