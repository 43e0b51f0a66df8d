// What is not as its sender sends it is refused with a sentence that says what is wrong, and nothing is written.
import { sign } from '@octokit/webhooks-methods';
import { describe, expect, test } from 'vitest';
import type { HookKind } from '../../../src/core/hook.js';
import { hookPath } from '../../../src/core/hook.js';
import { hookBodyLimitBytes } from '../../../src/http/hooks.js';
import { engines } from '../../helpers/databases.js';
import { openWorld, type World } from '../../helpers/world.js';
import type { Answer } from '../help.js';
import { binary, post, recorded, type Sample, type Sender, sample, sender, structured } from './help.js';

interface Case {
  readonly name: string;
  readonly kind: HookKind;
  readonly body: Sample;
  readonly headers: Record<string, string>;
  /** Members without which nothing is told, as paths. */
  readonly needs: readonly string[];
  readonly time: string | null;
  /** A header, and what it must not say. */
  readonly event: readonly [name: string, wrong: string] | null;
}

const serviceNeeds = [
  'context.id',
  'context.source',
  'context.type',
  'subject.id',
  'subject.content.artifactId',
];
const cases: Case[] = [
  {
    ...{ name: 'github.deployment', kind: 'github', body: sample('github.deployment') },
    headers: { 'x-github-event': 'deployment' },
    needs: ['deployment', 'deployment.id', 'repository', 'repository.full_name', 'deployment.created_at'],
    time: 'deployment.created_at',
    event: ['x-github-event', 'deployment_status'],
  },
  {
    ...{ name: 'github.deployment_status', kind: 'github', body: sample('github.deployment_status') },
    headers: {},
    needs: [
      'deployment_status',
      'deployment_status.id',
      'deployment_status.state',
      'deployment',
      'repository',
    ],
    time: 'deployment_status.created_at',
    event: ['x-github-event', 'push'],
  },
  {
    ...{ name: 'gitlab.deployment', kind: 'gitlab', body: sample('gitlab.deployment'), headers: {} },
    needs: ['status', 'environment', 'project', 'project.name', 'object_kind'],
    time: 'status_changed_at',
    event: ['x-gitlab-event', 'Pipeline Hook'],
  },
  {
    ...{ name: 'gitlab.deployment.old-server', kind: 'gitlab', headers: {} },
    body: sample('gitlab.deployment.old-server'),
    needs: ['status', 'environment', 'project', 'deployable_id'],
    time: null,
    event: ['x-gitlab-event', 'deployment hook'],
  },
  ...['service.deployed', 'service.upgraded', 'service.rolledback'].map((name): Case => {
    const body = sample(`cdevents.${name}`);
    return {
      ...{ name, kind: 'cdevents', body, headers: binary(body), needs: serviceNeeds },
      time: 'context.timestamp',
      event: ['ce-type', 'dev.cdevents.service.removed.0.3.0'],
    };
  }),
  ...['environment.modified', 'pipelinerun.started', 'pipelinerun.finished', 'taskrun.finished'].map(
    (name): Case => {
      const body = sample(`cdevents.${name}`);
      return {
        ...{ name, kind: 'cdevents', body, headers: binary(body) },
        needs: ['context', 'context.id', 'subject', 'subject.id', 'subject.content'],
        time: 'context.timestamp',
        event: ['ce-specversion', '0.3'],
      };
    },
  ),
  {
    ...{ name: 'structured', kind: 'cdevents', body: structured(sample('cdevents.service.deployed')) },
    headers: { 'content-type': 'application/cloudevents+json' },
    needs: ['specversion', 'id', 'source', 'type', 'data', 'data.subject'],
    time: 'data.context.timestamp',
    event: null,
  },
  {
    ...{ name: 'pagerduty.change', kind: 'pagerduty', body: sample('pagerduty.change'), headers: {} },
    needs: ['payload', 'payload.summary'],
    time: 'payload.timestamp',
    event: null,
  },
  {
    ...{ name: 'argocd.notification', kind: 'argocd', body: sample('argocd.notification'), headers: {} },
    needs: ['schema', 'app', 'operation', 'operation.phase', 'operation.startedAt'],
    time: 'operation.startedAt',
    event: null,
  },
  {
    ...{ name: 'alertmanager.group', kind: 'alertmanager', body: sample('alertmanager.group'), headers: {} },
    needs: ['version', 'groupKey', 'alerts', 'alerts.0.status', 'alerts.0.labels'],
    time: null,
    event: null,
  },
];

function changed(body: Sample, path: string, to: unknown): Sample {
  const copy = structuredClone(body);
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const holder = parts.reduce((at, part) => at[part], copy);
  if (to === undefined) delete holder[last];
  else holder[last] = to;
  return copy;
}

const kinds = ['github', 'gitlab', 'cdevents', 'argocd', 'pagerduty'] as const;
// Hundreds of requests on a machine that may be busy.
const patienceMs = 120_000;

describe.each(engines)('on %s', (engine) => {
  test.each(kinds)(
    '%s: each sample, mangled, is refused with what is wrong, and writes nothing; as it is it is taken',
    async (kind) => {
      const world = await openWorld({ engine });
      const from = await sender(world, kind, { service: 'checkout' });
      const before = await recorded(world);
      const own = cases.filter((each) => each.kind === kind);
      let mangled = 0;
      for (const each of own) {
        for (const [how, answer] of await mangle(world, from, each)) {
          expect([each.name, how, answer.status]).toEqual([each.name, how, refusalStatus(answer)]);
          expect(answer.headers.get('content-type')).toBe('application/problem+json');
          expect(answer.body.detail.length).toBeGreaterThan(18);
          expect(answer.body.detail.length).toBeLessThan(700);
          expect(answer.text).not.toContain(from.secret);
          mangled += 1;
        }
      }
      expect(await recorded(world)).toEqual(before);
      expect(mangled).toBeGreaterThan(own.length * 20);
      // The control: as they are they are taken.
      for (const each of own) {
        const answer = await from.deliver(each.body, each.headers);
        expect([200, 201, 202], `${each.name}: ${answer.text}`).toContain(answer.status);
        expect(answer.body.changes, each.name).toHaveLength(1);
      }
    },
    patienceMs,
  );
});

// Any of 4xx; the test shows which it was when it is none.
function refusalStatus({ status }: Answer): number | string {
  return status >= 400 && status < 500 ? status : 'refused';
}

async function mangle(world: World, from: Sender, each: Case): Promise<[how: string, answer: Answer][]> {
  const { body, headers } = each;
  const text = JSON.stringify(body);
  const keyed = each.kind === 'pagerduty' ? JSON.stringify({ ...body, routing_key: from.secret }) : text;
  const answers: [string, Answer][] = [];
  const go = async (how: string, what: unknown, more: Record<string, string> = {}) =>
    answers.push([how, await from.deliver(what, { ...headers, ...more })]);
  await go('truncated', keyed.slice(0, -20));
  await go('empty', '');
  await go('null', 'null');
  await go('an array', `[${keyed}]`);
  await go('a number', '7');
  await go('not JSON', `payload: ${keyed}`);
  await go('another content type', keyed, { 'content-type': 'text/xml' });
  await go('another charset', keyed, { 'content-type': 'application/json; charset=utf-16' });
  await go('compressed', keyed, { 'content-encoding': 'gzip' });
  await go('nested without end', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)},${keyed.slice(1)}`);
  // Of alerts more is taken, and what is not is said: alertmanager.test.ts.
  if (each.kind !== 'alertmanager')
    await go('huge', `${keyed.slice(0, -1)},"x":"${'x'.repeat(hookBodyLimitBytes)}"}`);
  for (const path of each.needs) {
    await go(`without ${path}`, changed(body, path, undefined));
    await go(`null for ${path}`, changed(body, path, null));
    await go(`an array for ${path}`, changed(body, path, ['x']));
    await go(`a boolean for ${path}`, changed(body, path, true));
    await go(`nothing for ${path}`, changed(body, path, ''));
  }
  const times = [
    'yesterday',
    '2026-02-30T10:00:00Z',
    '0001-01-01T00:00:00Z',
    '2026-03-10T10:00:00',
    1_773_138_300,
  ];
  if (each.time) for (const time of times) await go(`the time ${time}`, changed(body, each.time, time));
  if (each.event) {
    const [name, wrong] = each.event;
    await go(`${name} ${wrong}`, body, { [name]: wrong });
    await go(`${name} twice`, body, { [name]: `${wrong}, ${wrong}` });
    await go(`${name} empty`, body, { [name]: '' });
  }
  answers.push(...(await forged(world, from, keyed, headers)));
  return answers;
}

/** What somebody sends who has not the secret, or not these bytes. */
async function forged(
  world: World,
  from: Sender,
  text: string,
  headers: Record<string, string>,
): Promise<[string, Answer][]> {
  const path = hookPath(from.kind, from.id);
  const proofs: Record<HookKind, (text: string, secret: string) => Promise<Record<string, string>>> = {
    github: async (it, secret) => ({
      'x-github-event': 'deployment_status',
      'x-hub-signature-256': await sign(secret, it),
    }),
    gitlab: async (_it, secret) => ({ 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-token': secret }),
    cdevents: async (_it, secret) => ({ authorization: `Bearer ${secret}` }),
    argocd: async (_it, secret) => ({ authorization: `Bearer ${secret}` }),
    pagerduty: async () => ({}),
    alertmanager: async (_it, secret) => ({ authorization: `Bearer ${secret}` }),
  };
  const prove = proofs[from.kind];
  const type = { 'content-type': 'application/json' };
  const send = (body: string | Uint8Array<ArrayBuffer>, given: Record<string, string>) =>
    post(world, path, body, { ...type, ...given, ...headers });
  const other = `${from.secret.slice(0, -1)}${from.secret.endsWith('0') ? '1' : '0'}`;
  const forgedText = from.kind === 'pagerduty' ? text.replace(from.secret, other) : text;
  const all: [string, Answer][] = [
    ['another secret', await send(forgedText, await prove(text, other))],
    ['no proof', await send(forgedText, {})],
    // A byte that no UTF-8 has.
    [
      'bad encoding',
      await send(
        new Uint8Array([...Buffer.from(text.slice(0, -1)), 0xff, 0x7d]),
        await prove(text, from.secret),
      ),
    ],
  ];
  if (from.kind === 'github') {
    const proof = await prove(text, from.secret);
    const signature = proof['x-hub-signature-256'] ?? '';
    const signed = (value: string) => send(text, { ...proof, 'x-hub-signature-256': value });
    all.push(
      ['another body than was signed', await send(`${text} `, proof)],
      ['half a signature', await signed(signature.slice(0, 30))],
      ['two signatures', await signed(`${signature}, ${signature}`)],
      ['no algorithm', await signed(signature.replace('sha256=', ''))],
    );
  }
  return all;
}

test('an unknown hook, another kind, a revoked one and a wrong secret are answered alike', async () => {
  const world = await openWorld();
  const gitlab = await sender(world, 'gitlab');
  const cdevents = await sender(world, 'cdevents');
  const argocd = await sender(world, 'argocd');
  await world.app.db.write((tx) =>
    tx.hook.update({ where: { id: argocd.id }, data: { revokedAt: world.now() } }),
  );
  const before = await recorded(world);
  const event = sample('cdevents.service.deployed');
  const text = JSON.stringify(event);
  const ask = (path: string, secret: string) =>
    post(world, path, text, {
      ...{ 'content-type': 'application/json', ...binary(event), authorization: `Bearer ${secret}` },
      ...{ 'x-gitlab-token': secret, 'x-gitlab-event': 'Deployment Hook' },
      ...{ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'x-github-event': 'deployment' },
    });
  const answers = [
    await ask('/hooks/cdevents/0123456789abcdef01', cdevents.secret),
    await ask(`/hooks/gitlab/${cdevents.id}`, cdevents.secret),
    await ask(`/hooks/github/${cdevents.id}`, cdevents.secret),
    await ask(`/hooks/cdevents/${gitlab.id}`, gitlab.secret),
    await ask(`/hooks/argocd/${argocd.id}`, argocd.secret),
    await ask(`/hooks/cdevents/${cdevents.id}`, gitlab.secret),
    await ask(`/hooks/cdevents/${cdevents.id}%00`, cdevents.secret),
  ];
  expect(answers.map((each) => each.status)).toEqual(answers.map(() => 401));
  expect(new Set(answers.map((each) => each.body.detail)).size).toBe(1);
  expect(await recorded(world)).toEqual(before);
  // The control: with its own secret it is taken.
  expect((await ask(`/hooks/cdevents/${cdevents.id}`, cdevents.secret)).status).toBe(201);
});

test('an address that is none says which there are', async () => {
  const world = await openWorld();
  const json = { 'content-type': 'application/json' };
  const unknown = await post(world, '/hooks/nagios/x', '{}', json);
  expect(unknown.status).toBe(404);
  expect(unknown.body.detail).toContain('github, gitlab, cdevents, argocd');
  expect((await post(world, '/hooks/pagerduty/x', '{}', json)).body.detail).toContain('/v2/change/enqueue');
  const wrong = await fetch(`http://127.0.0.1:${world.app.port}/hooks/github/x`);
  expect(wrong.status).toBe(405);
});

test('a sender of one workspace cannot write for another', async () => {
  const world = await openWorld();
  const { db } = world.app;
  const other = 'another-workspace';
  await db.write((tx) =>
    tx.workspace.create({
      data: {
        ...{ id: other, name: 'other', zone: 'UTC', locale: 'en-GB', createdAt: world.now() },
        ...{ incidentsChannel: 'incidents', changesChannel: 'changes' },
      },
    }),
  );
  const ours = await sender(world, 'github');
  const theirs = await sender(world, 'github', { workspaceId: other });
  const body = sample('github.deployment_status');
  expect((await ours.deliver(body)).body.changes[0]).toMatchObject({ id: 'CHG-1', new: true });
  // The same deployment, told to another workspace, is a change of that one.
  expect((await theirs.deliver(body)).body.changes[0]).toMatchObject({ id: 'CHG-1', new: true });
  const failed = structuredClone(body);
  failed.deployment_status = { ...failed.deployment_status, id: 990099, state: 'failure' };
  await theirs.deliver(failed);
  const rows = await db.read.change.findMany({ orderBy: { state: 'asc' } });
  expect(rows.map((each) => [each.workspaceId === other, each.state])).toEqual([
    [true, 'failed'],
    [false, 'succeeded'],
  ]);
});
