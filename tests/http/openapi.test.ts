// The description: every route is in it, and what is answered is what it says.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type Route, scopes } from '../../src/core/route.js';
import { features } from '../../src/features/index.js';
import { problemKinds } from '../../src/http/problem.js';
import { openWorld } from '../helpers/world.js';
import { type Answer, program, send } from './help.js';

const routes = features.flatMap((feature) => feature.routes ?? []);

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
}
interface Operation {
  readonly security?: { token: string[] }[];
  readonly parameters?: { name: string; in: string; schema: { pattern?: string } }[];
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>;
}

test('every route is in it, with its scope, its parameters and its problems', async () => {
  const description = await read();
  expect(description.openapi).toBe('3.1.0');
  expect(routes.length).toBeGreaterThan(8);
  for (const route of routes) {
    const method = methodOf(route);
    const operation = description.paths[`/api/v1${route.path}`]?.[method];
    expect(operation?.security, route.path).toEqual([{ token: [route.scope] }]);
    expect(operation?.responses.default?.content, route.path).toHaveProperty('application/problem+json');
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    const inPath = operation?.parameters?.filter((each) => each.in === 'path').map((each) => each.name);
    expect(inPath ?? [], route.path).toEqual(named);
    for (const each of operation?.parameters ?? [])
      if (each.schema.pattern) expect(() => new RegExp(each.schema.pattern ?? '', 'u')).not.toThrow();
  }
  const paths = Object.keys(description.paths).filter((path) => path.startsWith('/api/v1'));
  expect(new Set(paths)).toEqual(new Set(routes.map((route) => `/api/v1${route.path}`)));
  for (const path of ['/healthz', '/readyz', '/openapi.json'])
    expect(description.paths).toHaveProperty([path]);
});

test('what is answered fits it', async () => {
  const world = await openWorld();
  const description = await read(world);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'andon', components: description.components });
  const check = (method: string, path: string, answer: Answer) => {
    const operation = description.paths[path]?.[method];
    const response = operation?.responses[String(answer.status)] ?? operation?.responses.default;
    const type = answer.headers.get('content-type') ?? '';
    const schema = response?.content[type]?.schema;
    expect(schema, `${method} ${path} ${answer.status} ${type}`).toBeDefined();
    const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"andon#/components'));
    const fits = ajv.compile(local);
    expect(fits(answer.body ?? answer.text), JSON.stringify(fits.errors)).toBe(true);
    // The control: it does not take everything.
    if (answer.body) expect(fits({})).toBe(false);
  };
  const ci = await program(world, [
    ...(['incidents:read', 'incidents:write', 'changes:read', 'changes:write'] as const),
    ...(['freezes:read', 'freezes:write'] as const),
  ]);
  const at = '/api/v1/incidents';
  const one = `${at}/{number}`;
  check(
    'post',
    at,
    await ci.post('incidents', { title: 'stuck', components: ['api/prod'], startedAt: '10:00' }),
  );
  check('post', `${one}/timeline`, await ci.post('incidents/1/timeline', { text: 'x', time: '10:05-10:10' }));
  check('post', `${one}/timeline`, await ci.post('incidents/1/timeline', { text: 'x', time: '13:55 PM' }));
  check('post', `${one}/status`, await ci.post('incidents/1/status', { status: 'monitoring' }));
  check('post', `${one}/status`, await ci.post('incidents/1/status', { status: 'monitoring' }));
  check('get', at, await ci.get('incidents'));
  check('get', at, await send(world, 'incidents'));
  check('get', one, await ci.get('incidents/1'));
  check('get', one, await ci.get('incidents/2'));
  check('get', `${one}/timeline`, await ci.get('incidents/1/timeline?limit=1'));
  for (const format of ['md', 'html', 'json'])
    check('get', `${one}/postmortem.${format}`, await ci.get(`incidents/1/postmortem.${format}`));
  const changes = '/api/v1/changes';
  const change = { title: 'Deploy api', kind: 'deploy', targets: ['api/prod'], key: 'run-1', sequence: 1 };
  check('post', changes, await ci.post('changes', change));
  check('post', changes, await ci.post('changes', { ...change, sequence: 2, state: 'started' }));
  check('post', changes, await ci.post('changes', { ...change, kind: 'nonsense' }));
  check('get', changes, await ci.get('changes?state=started'));
  check('get', `${changes}/{id}`, await ci.get('changes/CHG-1'));
  check('patch', `${changes}/{id}`, await ci.patch('changes/1', { state: 'succeeded' }));
  check('get', `${changes}/stats`, await ci.get('changes/stats'));
  check('get', `${one}/changes`, await ci.get('incidents/1/changes'));
  const freezes = '/api/v1/freezes';
  const nightly = { reason: 'nobody is awake', every: 'weekday 18:00 to 08:00', zone: 'Europe/Berlin' };
  check('post', freezes, await ci.post('freezes', nightly));
  check('post', freezes, await ci.post('freezes', { reason: 'rebuilding', on: ['api/prod'], for: '2h' }));
  check('post', freezes, await ci.post('freezes', { ...nightly, zone: 'Europe/Berln' }));
  check('get', freezes, await ci.get('freezes?phase=all'));
  check('get', `${freezes}/{id}`, await ci.get('freezes/FRZ-1'));
  check('get', `${freezes}/state`, await ci.get('freezes/state?service=api&environment=prod'));
  const exceptions = `${freezes}/exceptions`;
  const asked = { freezes: ['FRZ-2'], reason: 'the certificate expires tonight', targets: ['api/prod'] };
  check('post', exceptions, await ci.post('freezes/exceptions', asked));
  check('post', exceptions, await ci.post('freezes/exceptions', { ...asked, freezes: ['FRZ-9'] }));
  check('get', exceptions, await ci.get('freezes/exceptions'));
  check('delete', `${freezes}/{id}`, await ci.delete('freezes/2'));
  check('delete', `${freezes}/{id}`, await ci.delete('freezes/2'));
  check('get', '/healthz', await ci.get('/healthz'));
  check('get', '/readyz', await ci.get('/readyz'));
  const monitor = await program(world, ['heartbeats']);
  const beats = '/api/v1/heartbeats';
  check('post', `${beats}/{name}`, await monitor.post('heartbeats/probe', {}));
  check('post', `${beats}/{name}`, await monitor.post('heartbeats/probe', { every: '5m' }));
  check('post', `${beats}/{name}`, await monitor.post('heartbeats/probe', {}));
  check('get', `${beats}/{name}`, await monitor.get('heartbeats/probe'));
  check('get', beats, await monitor.get('heartbeats'));
  check('get', '/openapi.json', await ci.get('/openapi.json'));
});

test('docs/http-api.md names every route, scope and problem', () => {
  const text = readFileSync(new URL('../../docs/http-api.md', import.meta.url), 'utf8');
  for (const route of routes)
    expect(text).toContain(
      `\`${methodOf(route).toUpperCase()} /api/v1${route.path.replace('.html', '.md')}\``,
    );
  for (const scope of scopes) expect(text).toContain(`\`${scope}\``);
  for (const [kind, [status]] of Object.entries(problemKinds))
    expect(text).toContain(`| \`${kind}\` | ${status} |`);
});

function methodOf(route: Route): 'get' | 'post' | 'patch' | 'delete' {
  return route.kind === 'query' ? 'get' : (route.method ?? 'post');
}

async function read(opened?: Awaited<ReturnType<typeof openWorld>>): Promise<Description> {
  const world = opened ?? (await openWorld());
  const answer = await send(world, '/openapi.json');
  expect(answer.status).toBe(200);
  return answer.body as Description;
}
