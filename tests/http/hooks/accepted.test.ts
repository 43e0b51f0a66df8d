// What pipelines send already is taken as they send it, and becomes changes.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openWorld, type World } from '../../helpers/world.js';
import { binary, recorded, type Sample, sample, sender, structured } from './help.js';

const at = (text: string) => new Date(text);

async function onlyChange(world: World) {
  const rows = await world.app.db.read.change.findMany();
  expect(rows).toHaveLength(1);
  const row = rows[0];
  if (!row) throw new Error('no change');
  const targets = await world.app.db.read.changeTarget.findMany({ where: { changeId: row.id } });
  return { ...row, at: targets.map((each) => `${each.service}/${each.environment}/${each.cluster}`) };
}

describe.each(engines)('on %s', (engine) => {
  test('GitHub: a deployment and its statuses are one change', async () => {
    const world = await openWorld({ engine });
    const github = await sender(world, 'github');
    const first = await github.deliver(sample('github.deployment'), { 'x-github-event': 'deployment' });
    expect(first).toMatchObject({
      status: 201,
      body: { changes: [{ id: 'CHG-1', state: 'planned', new: true }] },
    });
    const begun = sample('github.deployment_status');
    begun.deployment_status = {
      ...begun.deployment_status,
      id: 990020,
      state: 'in_progress',
      created_at: '2026-03-10T10:21:00Z',
    };
    expect(await github.deliver(begun)).toMatchObject({
      status: 200,
      body: { changes: [{ id: 'CHG-1', state: 'started', new: false }], ignored: [] },
    });
    expect((await github.deliver(sample('github.deployment_status'))).body.changes).toEqual([
      { id: 'CHG-1', state: 'succeeded', new: false },
    ]);
    expect(await onlyChange(world)).toMatchObject({
      source: 'github:harbour/orders-api',
      key: 'deployment/880011',
      kind: 'deploy',
      title: 'Deploy orders-api 9a3f5c2 to production',
      artifact: '9a3f5c21e07b64d8a1c2e3f405162738495a6b7c',
      url: 'https://github.example.net/harbour/orders-api/actions/runs/3/job/4',
      startedAt: at('2026-03-10T10:21:00Z'),
      finishedAt: at('2026-03-10T10:25:00Z'),
      at: ['orders-api/prod/'],
    });
  });

  test('what comes twice is done once, and answered twice', async () => {
    const world = await openWorld({ engine });
    const github = await sender(world, 'github');
    const body = sample('github.deployment_status');
    const first = await github.deliver(body);
    expect(first.status).toBe(201);
    const before = await recorded(world);
    const again = await github.deliver(body);
    expect(again.body.changes).toEqual([{ ...first.body.changes[0], new: false }]);
    expect(await recorded(world)).toEqual(before);
    const together = await Promise.all(
      Array.from({ length: 6 }, () => github.deliver({ ...body, deployment: { ...body.deployment, id: 5 } })),
    );
    expect(together.filter((each) => each.status === 201)).toHaveLength(1);
    expect(await world.app.db.read.change.count()).toBe(2);
  });

  test('an older word that comes later changes no state', async () => {
    const world = await openWorld({ engine });
    const github = await sender(world, 'github');
    await github.deliver(sample('github.deployment_status'));
    const begun = sample('github.deployment_status');
    begun.deployment_status = {
      ...begun.deployment_status,
      id: 990020,
      state: 'in_progress',
      created_at: '2026-03-10T10:21:00Z',
    };
    expect((await github.deliver(begun)).body.changes).toEqual([
      { id: 'CHG-1', state: 'succeeded', new: false },
    ]);
    await github.deliver(sample('github.deployment'), { 'x-github-event': 'deployment' });
    expect(await onlyChange(world)).toMatchObject({
      state: 'succeeded',
      finishedAt: at('2026-03-10T10:25:00Z'),
    });
  });
});

describe('GitHub', () => {
  test('each of its states is one of ours', async () => {
    const world = await openWorld();
    const github = await sender(world, 'github');
    const states = {
      ...{ pending: 'planned', queued: 'planned', waiting: 'planned', in_progress: 'started' },
      ...{ success: 'succeeded', failure: 'failed', error: 'failed' },
    };
    for (const [i, [word, state]] of Object.entries(states).entries()) {
      const body = sample('github.deployment_status');
      body.deployment_status.state = word;
      body.deployment.id += i;
      expect([word, (await github.deliver(body)).body.changes[0].state]).toEqual([word, state]);
    }
  });

  test('what has begun or ended does not wait again, in whatever order its words come', async () => {
    const world = await openWorld();
    const github = await sender(world, 'github');
    const words = [
      ['in_progress', 10],
      ['success', 12],
      ['pending', 14],
    ] as const;
    const tell = async (deployment: number, [state, id]: (typeof words)[number]) => {
      const body = sample('github.deployment_status');
      Object.assign(body.deployment_status, { state, id });
      body.deployment.id = deployment;
      await github.deliver(body);
    };
    for (const word of words) await tell(1, word);
    for (const word of [...words].reverse()) await tell(2, word);
    const rows = await world.app.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((each) => each.state)).toEqual(['succeeded', 'succeeded']);
    for (const row of rows) expect(row.finishedAt).not.toBeNull();
  });

  test('what is not used is said, and nothing is written', async () => {
    const world = await openWorld();
    const github = await sender(world, 'github');
    const before = await recorded(world);
    const ping = await github.deliver(sample('github.ping'), { 'x-github-event': 'ping' });
    expect(ping).toMatchObject({ status: 200, body: { changes: [] } });
    expect(ping.body.ignored[0].why).toContain('its secret is right');
    const push = await github.deliver({ ref: 'refs/heads/main' }, { 'x-github-event': 'push' });
    expect(push).toMatchObject({ status: 202, body: { changes: [], ignored: [{ why: 'not used: push' }] } });
    for (const state of ['inactive', 'exploded', 'constructor']) {
      const body = sample('github.deployment_status');
      body.deployment_status.state = state;
      const answer = await github.deliver(body);
      expect(answer.status).toBe(202);
      expect(answer.body.ignored[0].why).toContain(state);
    }
    expect(await recorded(world)).toEqual(before);
  });

  test('the payload of a deployment says what its repository does not', async () => {
    const world = await openWorld();
    const github = await sender(world, 'github');
    const body = sample('github.deployment_status');
    body.deployment.description = 'A new index <!channel>';
    body.deployment.payload = JSON.stringify({
      service: 'search',
      kind: 'migration',
      cluster: 'eu-1',
      owner: 'bob',
    });
    body.deployment_status.log_url = 'javascript:alert(1)';
    body.deployment_status.target_url = 'https://user:pass@ci.example.net/';
    body.deployment_status.state = 'in_progress';
    await github.deliver(body);
    expect(await onlyChange(world)).toMatchObject({
      kind: 'migration',
      title: 'A new index <!channel>',
      ownerName: 'bob',
      url: null,
      at: ['search/prod/eu-1'],
    });
  });

  test('a form, as GitHub sends it unless told otherwise, is taken too', async () => {
    const world = await openWorld();
    const github = await sender(world, 'github');
    const text = new URLSearchParams({
      payload: JSON.stringify(sample('github.deployment_status')),
    }).toString();
    const answer = await github.deliver(text, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(201);
  });

  test('a deployment that names an announced change carries that out', async () => {
    const world = await openWorld();
    await world.sandbox
      .person('ana')
      .command('/change announce Orders 2.0 on:orders-api/prod', { channel: 'general' });
    const github = await sender(world, 'github');
    const body = sample('github.deployment_status');
    body.deployment.description = 'CHG-1: orders 2.0';
    const answer = await github.deliver(body);
    expect(answer.body.changes).toEqual([{ id: 'CHG-1', state: 'succeeded', new: false }]);
    expect(await world.app.db.read.change.count()).toBe(1);
  });
});

describe('GitLab', () => {
  test('its times, its whole hash and its job are understood', async () => {
    const world = await openWorld();
    const gitlab = await sender(world, 'gitlab');
    expect((await gitlab.deliver(sample('gitlab.deployment'))).status).toBe(201);
    expect(await onlyChange(world)).toMatchObject({
      source: 'gitlab:gitlab.example.net/harbour/billing',
      key: 'deployment/412',
      title: 'Deploy billing c0ffee1 to production: Round invoices to the cent',
      artifact: 'c0ffee1234567890abcdef1234567890abcdef12',
      url: 'https://gitlab.example.net/harbour/billing/-/jobs/90817',
      finishedAt: at('2026-03-10T10:26:30Z'),
      ownerName: 'tomas',
      at: ['billing/prod/'],
    });
  });

  test('two statuses of one second, the wrong way round, end as they did', async () => {
    const world = await openWorld();
    const gitlab = await sender(world, 'gitlab');
    await gitlab.deliver(sample('gitlab.deployment'));
    const begun = { ...sample('gitlab.deployment'), status: 'running' };
    expect((await gitlab.deliver(begun)).body.changes).toEqual([
      { id: 'CHG-1', state: 'succeeded', new: false },
    ]);
  });

  test('an old server, without times and numbers, in either order', async () => {
    const world = await openWorld();
    const gitlab = await sender(world, 'gitlab');
    const begun = sample('gitlab.deployment.old-server');
    await gitlab.deliver({ ...begun, status: 'failed' });
    await gitlab.deliver(begun);
    expect(await onlyChange(world)).toMatchObject({
      key: 'job/90818/staging',
      state: 'failed',
      url: begun.commit_url,
      at: ['billing/staging/'],
    });
  });

  test('an environment made for a branch is what GitLab says it is for', async () => {
    const world = await openWorld();
    const gitlab = await sender(world, 'gitlab');
    const body = {
      ...sample('gitlab.deployment'),
      environment: 'review/rounding',
      environment_tier: 'development',
    };
    await gitlab.deliver(body);
    expect(await onlyChange(world)).toMatchObject({ production: false, at: ['billing/dev/'] });
  });

  test('other events and statuses are said not to be used', async () => {
    const world = await openWorld();
    const gitlab = await sender(world, 'gitlab');
    const before = await recorded(world);
    const push = await gitlab.deliver({ object_kind: 'push' }, { 'x-gitlab-event': 'Push Hook' });
    expect(push).toMatchObject({ status: 202, body: { ignored: [{ why: 'not used: Push Hook' }] } });
    const odd = await gitlab.deliver({ ...sample('gitlab.deployment'), status: 'skipped' });
    expect(odd.status).toBe(202);
    expect(await recorded(world)).toEqual(before);
  });
});

describe('CDEvents', () => {
  test.each(['binary', 'structured', 'batch', 'base64'])('%s', async (mode) => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents');
    const event = sample('cdevents.service.deployed');
    const envelope = structured(event);
    const { data: _data, ...bare } = envelope;
    const base64 = { ...bare, data_base64: Buffer.from(JSON.stringify(event)).toString('base64') };
    const [body, headers] = {
      binary: [event, binary(event)],
      structured: [envelope, { 'content-type': 'application/cloudevents+json; charset=utf-8' }],
      batch: [[envelope], { 'content-type': 'application/cloudevents-batch+json' }],
      base64: [base64, { 'content-type': 'application/cloudevents+json' }],
    }[mode] as [Sample, Record<string, string>];
    const answer = await cdevents.deliver(body, headers);
    expect(answer, answer.text).toMatchObject({
      status: 201,
      body: { changes: [{ id: 'CHG-1', state: 'succeeded', new: true }] },
    });
    expect(await onlyChange(world)).toMatchObject({
      source: 'cdevents:/ci/deployer',
      title: 'Deploy checkout checkout@sha256:1f2e3d4 to production',
      artifact: event.subject.content.artifactId,
      url: 'https://ci.example.net/run/7',
      ownerName: 'ines-l',
      finishedAt: at('2026-03-10T10:24:00.125Z'),
      at: ['checkout/prod/eu-1'],
    });
  });

  test('a batch is taken whole and in the order of its times, and what is no change is said', async () => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents');
    const names = ['service.rolledback', 'incident.detected', 'service.deployed', 'change.merged'];
    const batch = names.map((name) => structured(sample(`cdevents.${name}`)));
    const answer = await cdevents.deliver(batch, { 'content-type': 'application/cloudevents-batch+json' });
    expect(answer.body.ignored).toEqual([
      { why: 'not a change: incident.detected' },
      { why: 'not a change: change.merged' },
    ]);
    expect(answer.body.changes.map((each: { id: string }) => each.id)).toEqual(['CHG-1', 'CHG-2']);
    const rows = await world.app.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((each) => each.title)).toEqual([
      expect.stringMatching(/^Deploy checkout/),
      expect.stringMatching(/^Roll back checkout/),
    ]);
    expect(rows[0]?.state).toBe('rolled_back');
    expect(rows[1]?.rollbackOfId).toBe(rows[0]?.id);
  });

  test('of a batch with one that does not fit nothing is recorded', async () => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents');
    const before = await recorded(world);
    const bad = structured(sample('cdevents.service.upgraded'));
    delete bad.data.subject.content.artifactId;
    const batch = [structured(sample('cdevents.service.deployed')), bad];
    const answer = await cdevents.deliver(batch, { 'content-type': 'application/cloudevents-batch+json' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/1/data/subject/content/artifactId');
    expect(await recorded(world)).toEqual(before);
  });

  test('a newer version is a deployment, and attended where the sender says that it is an upgrade', async () => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents');
    const event = sample('cdevents.service.upgraded');
    await cdevents.deliver(event, binary(event));
    const plain = {
      ...event,
      context: { ...event.context, chainId: 'chain-9' },
      customData: { kind: 'upgrade' },
    };
    await cdevents.deliver(plain, binary(plain));
    const rows = await world.app.db.read.change.findMany({ orderBy: { number: 'asc' } });
    expect(rows.map((each) => [each.kind, each.state])).toEqual([
      ['deploy', 'succeeded'],
      ['upgrade', 'validating'],
    ]);
  });

  test('a modified environment is a change of infrastructure there', async () => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents');
    const event = sample('cdevents.environment.modified');
    expect((await cdevents.deliver(event, binary(event))).status).toBe(201);
    expect(await onlyChange(world)).toMatchObject({ kind: 'infrastructure', at: ['environment/prod/'] });
  });

  test('runs of a pipeline count where the hook says of what, with beginning and end in either order', async () => {
    const world = await openWorld();
    const nameless = await sender(world, 'cdevents');
    const started = sample('cdevents.pipelinerun.started');
    const finished = sample('cdevents.pipelinerun.finished');
    const before = await recorded(world);
    for (const event of [started, finished, sample('cdevents.taskrun.finished')]) {
      const answer = await nameless.deliver(event, binary(event));
      expect(answer.status).toBe(202);
      expect(answer.body.ignored[0].why).toContain('make the hook with --service');
    }
    expect(await recorded(world)).toEqual(before);
    const named = await sender(world, 'cdevents', { service: 'checkout', environment: 'prod' });
    await named.deliver(finished, binary(finished));
    await named.deliver(started, binary(started));
    expect(await onlyChange(world)).toMatchObject({
      title: 'Run release-checkout',
      state: 'failed',
      stateText: 'step smoke-test: 3 of 40 checks failed',
      at: ['checkout/prod/'],
    });
    const part = sample('cdevents.taskrun.finished');
    part.subject.content.pipelineRun = { id: 'run-8' };
    expect((await named.deliver(part, binary(part))).body.ignored[0].why).toContain('a part of run-8');
  });

  test('a run that does not say how it ended is not taken for a success', async () => {
    const world = await openWorld();
    const cdevents = await sender(world, 'cdevents', { service: 'checkout' });
    const event = sample('cdevents.pipelinerun.finished');
    delete event.subject.content.outcome;
    delete event.subject.content.errors;
    event.context.timestamp = String(Date.parse('2026-03-10T10:26:00Z'));
    await cdevents.deliver(event, binary(event));
    expect(await onlyChange(world)).toMatchObject({
      state: 'validating',
      finishedAt: at('2026-03-10T10:26:00Z'),
    });
  });
});

describe('PagerDuty', () => {
  test('is answered as by PagerDuty, taken once, and its routing key is kept nowhere', async () => {
    const world = await openWorld();
    const pagerduty = await sender(world, 'pagerduty', { service: 'search' });
    const first = await pagerduty.deliver(sample('pagerduty.change'));
    expect(first).toMatchObject({
      status: 202,
      body: { status: 'success', changes: [{ id: 'CHG-1', state: 'succeeded', new: true }] },
    });
    expect((await pagerduty.deliver(sample('pagerduty.change'))).body.changes).toEqual([
      { id: 'CHG-1', state: 'succeeded', new: false },
    ]);
    expect(await onlyChange(world)).toMatchObject({
      title: 'Released search 5.1.0',
      artifact: '5.1.0',
      url: 'https://ci.example.net/build/51',
      finishedAt: at('2026-03-10T10:22:58.315Z'),
      at: ['search/prod/'],
    });
    const { read } = world.app.db;
    const all = JSON.stringify([await read.fact.findMany(), await read.hook.findMany()]);
    expect(all).not.toContain(pagerduty.secret);
    expect(all).toContain('build_number');
  });

  test('without a time, the same words later are another change', async () => {
    const world = await openWorld();
    const pagerduty = await sender(world, 'pagerduty');
    const body = sample('pagerduty.change');
    delete body.payload.timestamp;
    body.payload.custom_details.build_state = 'failed';
    await pagerduty.deliver(body);
    await pagerduty.deliver(body);
    expect(await onlyChange(world)).toMatchObject({ state: 'failed', at: ['release-machine-2/prod/'] });
    await world.pass({ hours: 1 });
    await pagerduty.deliver(body);
    expect(await world.app.db.read.change.count()).toBe(2);
  });
});

describe('Argo CD', () => {
  test('an operation is one change, from its beginning to its end', async () => {
    const world = await openWorld();
    const argocd = await sender(world, 'argocd');
    const body = sample('argocd.notification');
    const begun = {
      ...body,
      // As a template renders what is not there yet.
      operation: {
        ...body.operation,
        phase: 'Running',
        finishedAt: '<no value>',
        username: '&lt;no value&gt;',
      },
      syncResultRevision: '<no value>',
      labels: { service: '<no value>', environment: 'production' },
      health: null,
    };
    expect((await argocd.deliver(begun)).body.changes).toEqual([
      { id: 'CHG-1', state: 'started', new: true },
    ]);
    expect((await onlyChange(world)).at).toEqual(['checkout-eu/prod/eu-1']);
    expect((await argocd.deliver(body)).body.changes).toEqual([
      { id: 'CHG-1', state: 'succeeded', new: false },
    ]);
    expect(await onlyChange(world)).toMatchObject({
      source: 'argocd:argocd.example.net/argocd/checkout-eu',
      artifact: '77aa88bb99cc00dd11ee22ff33445566778899aa',
      url: 'https://argocd.example.net/applications/checkout-eu',
      startedAt: at('2026-03-10T10:20:11Z'),
      finishedAt: at('2026-03-10T10:21:02Z'),
    });
    // The beginning again, late.
    expect((await argocd.deliver(begun)).body.changes[0].state).toBe('succeeded');
  });

  test('what was applied has succeeded when it is healthy', async () => {
    const world = await openWorld();
    const argocd = await sender(world, 'argocd');
    for (const [i, [phase, health, state]] of [
      ['Failed', 'Healthy', 'failed'],
      ['Error', null, 'failed'],
      ['Succeeded', 'Degraded', 'failed'],
      ['Succeeded', 'Progressing', 'started'],
      ['Terminating', 'Healthy', 'started'],
    ].entries()) {
      const body = sample('argocd.notification');
      body.operation.phase = phase;
      body.operation.startedAt = `2026-03-10T10:1${i}:00Z`;
      body.health = health;
      const answer = await argocd.deliver(body);
      expect([phase, health, answer.body.changes[0].state]).toEqual([phase, health, state]);
    }
  });
});

test('what the hook says of the place comes before what the body says', async () => {
  const world = await openWorld();
  const github = await sender(world, 'github', { service: 'orders', environment: 'staging' });
  await github.deliver(sample('github.deployment_status'));
  expect((await onlyChange(world)).at).toEqual(['orders/staging/']);
});

test('what was sent is kept as it came, with the name of its format', async () => {
  const world = await openWorld();
  const gitlab = await sender(world, 'gitlab');
  const text = JSON.stringify(sample('gitlab.deployment'), null, 3);
  await gitlab.deliver(text);
  const facts = await world.app.db.read.fact.findMany({ where: { type: 'ChangeReported' } });
  expect(facts[0]?.data).toMatchObject({ report: { format: 'gitlab', body: text } });
  expect(facts[0]).toMatchObject({ actorKind: 'pipeline', actorId: `hook:${gitlab.id}`, source: 'pipeline' });
});
