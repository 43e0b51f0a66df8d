// What we publish for senders: the template for Argo CD, the examples of docs/pipelines.md, and /openapi.json.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { hookKinds } from '../../../src/core/hook.js';
import { openWorld } from '../../helpers/world.js';
import { send } from '../help.js';
import { type Sample, sample, sender } from './help.js';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/pipelines.md');
const published = parse(read('docs/argocd-notifications.yaml')) as { data: Record<string, string> };

const app = {
  metadata: {
    name: 'checkout-eu',
    namespace: 'argocd',
    labels: { service: 'checkout', environment: 'production' },
  },
  spec: { project: 'shop', destination: { server: 'https://10.0.0.1', name: 'eu-1', namespace: 'checkout' } },
  status: {
    sync: { revision: '77aa88bb99cc00dd11ee22ff33445566778899aa' },
    operationState: {
      phase: 'Succeeded',
      message: 'one of "two" hooks\nwas skipped',
      startedAt: '2026-03-10T10:20:11Z',
      finishedAt: '2026-03-10T10:21:02Z',
      operation: { initiatedBy: { username: 'ines-l' } },
      syncResult: { revision: '77aa88bb99cc00dd11ee22ff33445566778899aa' },
    },
    summary: { images: ['registry.example.net/checkout:2.3.0'] },
    health: { status: 'Healthy' },
  },
};

test('the template for Argo CD renders what Andon takes, whatever the application has', async () => {
  const world = await openWorld();
  const argocd = await sender(world, 'argocd');
  const { labels: _labels, ...unlabelled } = app.metadata;
  const { syncResult: _result, finishedAt: _end, operation: _who, ...beginning } = app.status.operationState;
  const begun = {
    ...{ metadata: unlabelled, spec: app.spec },
    status: { operationState: { ...beginning, phase: 'Running' } },
  };
  expect((await argocd.deliver(rendered(begun))).body.changes).toEqual([
    { id: 'CHG-1', state: 'started', new: true },
  ]);
  expect((await argocd.deliver(rendered(app))).body.changes).toEqual([
    { id: 'CHG-1', state: 'succeeded', new: false },
  ]);
  const row = await world.app.db.read.change.findFirst();
  expect(row).toMatchObject({
    stateText: 'one of "two" hooks was skipped',
    artifact: app.status.sync.revision,
    url: 'https://argocd.example.com/applications/checkout-eu',
  });
});

test('its triggers send it, once for one sync, and its webhook carries the token', () => {
  const triggers = parse(published.data['trigger.on-andon'] ?? '') as { oncePer: string; send: string[] }[];
  expect(triggers).toHaveLength(3);
  for (const each of triggers)
    expect(each).toMatchObject({ send: ['andon'], oncePer: expect.stringMatching('startedAt') });
  const service = parse(published.data['service.webhook.andon'] ?? '') as { headers: object[] };
  expect(service.headers).toContainEqual({ name: 'Authorization', value: 'Bearer $andon-token' });
});

// As much of Go's templates and of Sprig as ours uses.
function rendered(application: object): string {
  const template = parse(published.data['template.andon'] ?? '') as {
    webhook: { andon: { method: string; path: string; body: string } };
  };
  expect(template.webhook.andon).toMatchObject({ method: 'POST', path: '/hooks/argocd/HOOK' });
  const context = parse(published.data.context ?? '') as Sample;
  return template.webhook.andon.body.replace(/\{\{ (.+?) \| toJson \}\}/g, (_all, expression: string) =>
    JSON.stringify(evaluated(expression, { app: application, context })),
  );
}

function evaluated(expression: string, all: Sample): unknown {
  const dug = /^dig ((?:"\w+" )+)(""|\(dict\)|\(list\)|false) \.app$/.exec(expression);
  if (dug) {
    const otherwise = { '""': '', '(dict)': {}, '(list)': [], false: false }[dug[2] ?? ''];
    const path = [...(dug[1] ?? '').matchAll(/"(\w+)"/g)].map((found) => found[1] ?? '');
    return path.reduce<Sample>((at, part) => at?.[part], all.app) ?? otherwise;
  }
  const printed = /^printf "%s(.*)%s" (\S+) (\S+)$/.exec(expression);
  if (printed) return `${evaluated(printed[2] ?? '', all)}${printed[1]}${evaluated(printed[3] ?? '', all)}`;
  expect(expression).toMatch(/^(?:\.\w+)+$/);
  return expression
    .slice(1)
    .split('.')
    .reduce<Sample>((at, part) => at[part], all);
}

test('the CloudEvent of the guide is taken, and our own format is as the guide has it', async () => {
  const world = await openWorld();
  const cdevents = await sender(world, 'cdevents');
  const [event = ''] = /\{\n {2}"specversion"[\s\S]*?\n\}(?=')/.exec(guide) ?? [];
  const answer = await cdevents.deliver(event, { 'content-type': 'application/cloudevents+json' });
  expect(answer, answer.text).toMatchObject({ status: 201, body: { changes: [{ state: 'succeeded' }] } });
  for (const kind of hookKinds) expect(guide).toContain(`\`${kind}\``);
});

test('/openapi.json describes every hook, and what is answered fits it', async () => {
  const world = await openWorld();
  const { body: description } = await send(world, '/openapi.json');
  const paths = ['github', 'gitlab', 'cdevents', 'argocd', 'alertmanager'].map(
    (kind) => `/hooks/${kind}/{id}`,
  );
  for (const path of [...paths, '/v2/change/enqueue']) expect(Object.keys(description.paths)).toContain(path);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'andon', components: description.components });
  const check = (path: string, answer: Sample) => {
    const { responses } = description.paths[path].post;
    const [schema] = Object.values<Sample>((responses[answer.status] ?? responses.default).content);
    const local = JSON.parse(JSON.stringify(schema.schema).replaceAll('"#/components', '"andon#/components'));
    const accepts = ajv.compile(local);
    expect(accepts(answer.body), JSON.stringify(accepts.errors)).toBe(true);
    expect(accepts({})).toBe(false);
  };
  const gitlab = await sender(world, 'gitlab');
  check('/hooks/gitlab/{id}', await gitlab.deliver(sample('gitlab.deployment')));
  check('/hooks/gitlab/{id}', await gitlab.deliver({ ...sample('gitlab.deployment'), status: 'skipped' }));
  check('/hooks/gitlab/{id}', await gitlab.deliver('{}'));
  const pagerduty = await sender(world, 'pagerduty');
  check('/v2/change/enqueue', await pagerduty.deliver(sample('pagerduty.change')));
});
