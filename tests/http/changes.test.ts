// Changes over HTTP: announced by programs, followed by key or number, listed, and refused with a sentence.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { type Answer, type Program, program, send } from './help.js';

const deploy = { kind: 'deploy', title: 'Deploy api 4.12.0', targets: ['api/prod'] };

interface Ci extends Program {
  patch(path: string, body: unknown): Promise<Answer>;
}

async function pipeline(world: World, name = 'ci'): Promise<Ci> {
  const ci = await program(world, ['changes:read', 'changes:write'], name);
  const headers = { authorization: `Bearer ${ci.token}`, 'content-type': 'application/json' };
  return {
    ...ci,
    patch: (path, body) => send(world, path, { method: 'PATCH', headers, body: JSON.stringify(body) }),
  };
}

describe.each(engines)('on %s', (engine) => {
  test('a pipeline announces a change, follows it by its key, and reads it', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const plan = { plannedStart: '2026-03-10T12:00:00+01:00', plannedEnd: '2026-03-10T12:30:00+01:00' };
    const made = await ci.post('changes', { ...deploy, ...plan, key: 'run-1', actor: 'octocat' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/v1/changes/CHG-1');
    expect(made.body).toMatchObject({
      ...{ id: 'CHG-1', number: 1, source: 'token:ci', key: 'run-1', sequence: null, kind: 'deploy' },
      ...{ title: 'Deploy api 4.12.0', state: 'planned', stateText: null, components: ['api/prod'] },
      owner: { id: null, name: 'octocat' },
      announcedAt: '2026-03-10T10:30:00.000Z',
      ...{ plannedStart: '2026-03-10T11:00:00.000Z', plannedEnd: '2026-03-10T11:30:00.000Z' },
      ...{ startedAt: null, finishedAt: null, artifact: null, previousArtifact: null, url: null },
      cover: { state: 'none', user: null },
      validation: { state: 'none', by: null, at: null },
      ...{ reversible: 'unknown', unchanged: false, production: true, unknownServices: ['api'] },
    });
    expect(made.body.reply).toContain('CHG-1 announced: “Deploy api 4.12.0”, planned, on api/prod.');
    world.at('2026-03-10T11:05:00Z');
    const started = await ci.post('changes', { ...deploy, key: 'run-1', state: 'started', artifact: 'v4' });
    expect(started.status).toBe(200);
    expect(started.headers.get('location')).toBeNull();
    expect(started.body).toMatchObject({
      state: 'started',
      startedAt: '2026-03-10T11:05:00.000Z',
      artifact: 'v4',
    });
    // Said again without a state, it keeps the one that it has.
    expect((await ci.post('changes', { ...deploy, key: 'run-1' })).body.state).toBe('started');
    world.at('2026-03-10T11:15:00Z');
    const done = await ci.patch('changes/CHG-1', { state: 'failed', text: 'the probe timed out' });
    expect(done.status).toBe(200);
    const read = await ci.get('changes/1');
    expect(read.body).toMatchObject({
      ...{ state: 'failed', stateText: 'the probe timed out', finishedAt: '2026-03-10T11:15:00.000Z' },
    });
    expect({ ...read.body, reply: done.body.reply }).toEqual(done.body);
    expect((await ci.get('changes')).body).toEqual({ changes: [read.body], next: null });
  });

  test('the key is the Idempotency-Key, or one of its own; a word that came before answers as it stands', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const first = await ci.post('changes', deploy, { 'idempotency-key': 'k1' });
    const again = await ci.post('changes', deploy, { 'idempotency-key': 'k1' });
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      201,
      'true',
    ]);
    expect(again.text).toBe(first.text);
    expect(first.body.key).toBe('k1');
    expect((await ci.post('changes', deploy)).body).toMatchObject({ number: 2 });
    const run = { ...deploy, key: 'run', sequence: 4, state: 'started' };
    expect((await ci.post('changes', run)).status).toBe(201);
    const facts = await world.app.db.read.fact.count();
    const same = await ci.post('changes', run);
    expect([same.status, same.body.number, same.body.sequence]).toEqual([200, 3, 4]);
    expect(await world.app.db.read.fact.count()).toBe(facts);
    expect((await ci.post('changes', { ...run, sequence: 3, state: 'failed' })).body).toMatchObject({
      state: 'started',
      reply: expect.stringContaining('A later word had come before'),
    });
    // Another token has keys of its own.
    const other = await pipeline(world, 'other');
    expect((await other.post('changes', run)).body).toMatchObject({ number: 4, source: 'token:other' });
  });

  test('many posts of one key at once are one change', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => ci.post('changes', { ...deploy, key: 'run', sequence: i })),
    );
    expect(answers.map((each) => each.status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(await world.app.db.read.change.findMany()).toMatchObject([{ number: 1, sequence: 7n }]);
  });

  test('nobody speaks for another token, for a hook, or for what people announced', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    for (const source of ['token:other', 'github:acme/api', 'GitLab:acme/api']) {
      const refused = await ci.post('changes', { ...deploy, source, key: 'run-1' });
      expect(refused.status, source).toBe(409);
      expect(refused.body.errors[0].pointer).toBe('/source');
    }
    expect(await world.app.db.read.fact.count({ where: { type: 'ChangeAnnounced' } })).toBe(0);
    expect((await ci.post('changes', { ...deploy, source: 'token:ci', key: 'run-1' })).status).toBe(201);
    expect((await ci.post('changes', { ...deploy, source: 'jenkins', key: 'run-1' })).status).toBe(201);
  });

  test('PATCH says what is different, and null takes away', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const said = { url: 'https://ci.example.com/1', artifact: 'v1', owner: 'U012AB3CD', reversible: 'yes' };
    await ci.post('changes', { ...deploy, ...said, plannedStart: '2026-03-10T18:00:00Z' });
    const changed = await ci.patch('changes/CHG-1', {
      ...{ title: 'Deploy\napi', url: null, artifact: null, owner: null, text: 'waits for QA' },
      ...{ plannedStart: '2026-03-11T18:00:00Z', plannedEnd: '2026-03-11T18:30:00Z', reversible: 'no' },
    });
    expect(changed.body).toMatchObject({
      ...{ title: 'Deploy api', url: null, artifact: null, owner: { id: null, name: 'nobody yet' } },
      ...{ state: 'planned', stateText: 'waits for QA', reversible: 'no' },
      ...{ plannedStart: '2026-03-11T18:00:00.000Z', plannedEnd: '2026-03-11T18:30:00.000Z' },
    });
    expect((await ci.patch('changes/1', { plannedEnd: null })).body.plannedEnd).toBeNull();
    const facts = await world.app.db.read.fact.count();
    expect((await ci.patch('changes/1', { reversible: 'no' })).body.reply).toBe('CHG-1 is so already.');
    expect(await world.app.db.read.fact.count()).toBe(facts);
    await ci.patch('changes/1', { state: 'succeeded' });
    const back = await ci.patch('changes/1', { state: 'started' });
    expect([back.status, back.body.type, back.body.errors?.[0].pointer]).toEqual([
      ...[409, 'urn:andon:problem:refused', '/state'],
    ]);
    expect(back.body.detail).toContain('POST it with another key');
  });

  test('an upgrade that a program calls done waits for people', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    await ci.post('changes', { ...deploy, kind: 'upgrade', state: 'started' });
    const done = await ci.patch('changes/1', { state: 'succeeded' });
    expect(done.body).toMatchObject({ state: 'validating' });
    expect(done.body.reply).toContain('until one of them says so it is not succeeded');
    expect((await ci.patch('changes/1', { state: 'succeeded' })).body.state).toBe('validating');
  });

  test('the ledger is listed by when changes begin, and paged', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const at = (hour: number) => `2026-03-09T${String(hour).padStart(2, '0')}:00:00Z`;
    const where = [['api/prod', 'api/prod/eu'], ['api/staging'], ['web/prod'], ['api'], ['api/production']];
    for (const [i, targets] of where.entries())
      await ci.post('changes', {
        ...deploy,
        key: `k${i}`,
        targets,
        state: i < 2 ? 'succeeded' : 'started',
        startedAt: at(i + 1),
        ...(i < 2 ? { finishedAt: at(9) } : {}),
      });
    const numbers = async (query: string) =>
      (await ci.get(`changes?${query}`)).body.changes.map((each: { number: number }) => each.number);
    expect(await numbers('')).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers(`from=${at(2)}&to=${at(5)}`)).toEqual([4, 3, 2]);
    expect(await numbers('service=api')).toEqual([5, 4, 2, 1]);
    expect(await numbers('service=api&environment=production')).toEqual([5, 1]);
    expect(await numbers('environment=prod')).toEqual([5, 3, 1]);
    expect(await numbers('state=started')).toEqual([5, 4, 3]);
    expect(await numbers(`service=api&state=succeeded&from=${at(2)}`)).toEqual([2]);
    for (const filter of ['', 'service=api&', 'environment=prod&', 'state=started&']) {
      const all = await numbers(filter);
      const paged: number[] = [];
      for (let next: number | null | undefined; next !== null; ) {
        const { body } = await ci.get(
          `changes?${filter}limit=1${next === undefined ? '' : `&before=${next}`}`,
        );
        paged.push(...body.changes.map((each: { number: number }) => each.number));
        next = body.next;
      }
      expect(paged, filter).toEqual(all);
    }
  });

  test('what does not fit is refused, says where and what to do, and writes nothing', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    await ci.post('changes', { ...deploy, key: 'there' });
    const before = [await world.app.db.read.fact.count(), await world.app.db.read.request.count()];
    const wrong: [unknown, string, string][] = [
      [{}, '/kind', 'A kind is one of'],
      [{ ...deploy, kind: 'deployment' }, '/kind', 'submission, other'],
      [{ ...deploy, title: ' ' }, '/title', 'Say in a few words what changes'],
      [{ ...deploy, title: 'x'.repeat(201) }, '/title', 'at most 200 characters'],
      [{ ...deploy, state: 'running' }, '/state', 'A state is one of planned, started'],
      [{ ...deploy, targets: [] }, '/targets', 'Name at least one target'],
      [{ ...deploy, targets: 'api/prod' }, '/targets', 'targets is a list'],
      [{ ...deploy, targets: ['api/prod/eu/1'] }, '/targets/0', 'is no component'],
      [{ ...deploy, targets: ['a', { service: 'a', cluster: 'eu' }] }, '/targets/1', 'is no component'],
      [{ ...deploy, targets: Array(51).fill('a') }, '/targets', 'At most 50 targets'],
      [{ ...deploy, plannedStart: '2026-03-10 18:00' }, '/plannedStart', 'RFC 3339'],
      [{ ...deploy, startedAt: '2026-03-10T18:00:00' }, '/startedAt', 'with its offset'],
      [{ ...deploy, plannedStart: '2036-03-10T18:00:00Z' }, '/plannedStart', 'more than a year ahead'],
      [
        { ...deploy, plannedStart: '2026-03-10T18:00:00Z', plannedEnd: '2026-03-10T18:00:00Z' },
        ...(['/plannedEnd', 'must be after plannedStart'] as const),
      ],
      [{ ...deploy, url: 'javascript:alert(1)' }, '/url', 'https://'],
      [{ ...deploy, url: 'https://bank.example@evil.example' }, '/url', 'without a name or a password'],
      [{ ...deploy, sequence: 1.5 }, '/sequence', 'a whole number'],
      [{ ...deploy, sequence: 2 ** 60 }, '/sequence', 'a whole number'],
      [{ ...deploy, key: '' }, '/key', 'leave it out'],
      [{ ...deploy, source: 'Andon' }, '/source', 'Andon’s own'],
      [{ ...deploy, owner: 7 }, '/owner', 'id of a Slack user'],
      [{ ...deploy, plannedstart: '2026-03-10T18:00:00Z' }, '/plannedstart', 'not known here'],
      [{ ...deploy, change: 'CHG-99' }, '/change', 'There is no CHG-99'],
      [{ ...deploy, change: 'twelve' }, '/change', 'such as CHG-12'],
      [null, '', ''],
      [[deploy], '', ''],
    ];
    for (const [body, pointer, sentence] of wrong) {
      const answer = await ci.post('changes', body);
      expect(answer.status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
      expect(answer.status, JSON.stringify(body)).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body.errors?.[0]?.pointer ?? '', JSON.stringify(body)).toBe(pointer);
      expect(answer.body.detail).toContain(sentence);
    }
    for (const [body, pointer] of [
      [{}, ''],
      [{ title: null }, '/title'],
      [{ state: 'done' }, '/state'],
      [{ plannedStart: 'soon' }, '/plannedStart'],
      [{ plannedEnd: '2026-03-01T00:00:00Z', plannedStart: '2026-03-02T00:00:00Z' }, '/plannedEnd'],
      [{ url: 'ftp://x' }, '/url'],
      [{ kind: 'deploy' }, '/kind'],
    ] as const) {
      const answer = await ci.patch('changes/1', body);
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
    }
    expect((await ci.patch('changes/9', { state: 'failed' })).body.detail).toContain('There is no CHG-9');
    expect((await ci.get('changes/9')).status).toBe(404);
    expect((await ci.get('changes/first')).status).toBe(404);
    for (const query of [
      'from=yesterday',
      'limit=0',
      'limit=201',
      'state=up',
      'before=x',
      'sort=1',
      'service=%00',
    ])
      expect((await ci.get(`changes?${query}`)).status, query).toBe(422);
    expect([await world.app.db.read.fact.count(), await world.app.db.read.request.count()]).toEqual(before);
  });

  test('words are data: quotes, markup and what no database keeps', async () => {
    const world = await openWorld({ engine });
    const ci = await pipeline(world);
    const title = `'); DROP TABLE "Change"; -- <!channel> <b>&amp;</b>`;
    const made = await ci.post('changes', {
      ...{ ...deploy, title: `${title}\u0000`, key: `a'b"c\u0000`, text: '\u0000x', actor: '<@U1>' },
    });
    expect(made.body).toMatchObject({
      title,
      key: `a'b"c`,
      stateText: 'x',
      owner: { id: null, name: '<@U1>' },
    });
    expect((await ci.get(`changes?service=${encodeURIComponent("' OR 1=1 --")}`)).body.changes).toEqual([]);
    await world.settled();
    const said = world.sandbox.calls.filter((call) => call.method === 'chat.postMessage');
    expect(said.map((call) => String(call.args.text)).join()).toContain('&lt;!channel&gt;');
    expect(said.map((call) => String(call.args.text)).join()).not.toContain('<!channel>');
  });

  test('a token does what its scope allows, and its own workspace is all that there is', async () => {
    const world = await openWorld({ engine });
    const reader = await program(world, ['changes:read']);
    const writer = await program(world, ['changes:write']);
    expect((await reader.post('changes', deploy)).status).toBe(403);
    expect((await writer.get('changes')).status).toBe(403);
    expect((await send(world, 'changes')).status).toBe(401);
  });
});
