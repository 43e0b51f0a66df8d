// Who may: tokens, their scopes, and what of them is kept.
import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { type Scope, scopes } from '../../src/core/route.js';
import { keepToken, revokeToken, TokenExists } from '../../src/db/tokens.js';
import { features } from '../../src/features/index.js';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { bearer, program, send } from './help.js';

const routes = features.flatMap((feature) => feature.routes ?? []);

describe.each(engines)('tokens on %s', (engine) => {
  test('no token, another scheme, an unknown and a revoked one are 401, the same to all', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['incidents:read'], 'ci');
    expect((await ci.get('incidents')).status).toBe(200);
    expect(await revokeToken(world.app.db, world.app.workspace.id, 'ci', world.now())).toBe(true);
    const answers = [
      await send(world, 'incidents'),
      await send(world, 'incidents', { headers: { authorization: `Basic ${ci.token}` } }),
      await send(world, 'incidents', { headers: { authorization: 'Bearer' } }),
      await bearer(world, `andon_${'x'.repeat(43)}`).get('incidents'),
      await bearer(world, 'x').get('incidents'),
      await ci.get('incidents'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="andon"/);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body.type).toBe('urn:andon:problem:unauthenticated');
    }
  });

  test('every route asks for its scope, and says which one is missing', async () => {
    const world = await openWorld({ engine });
    for (const route of routes) {
      const others = scopes.filter((scope) => scope !== route.scope);
      const poor = await program(world, others);
      const path = route.path.slice(1).replace(/\{\w+\}/, '1');
      const answer =
        route.kind === 'query' ? await poor.get(path) : await poor[route.method ?? 'post'](path, {});
      expect(answer.status, route.path).toBe(403);
      expect(answer.body.detail, route.path).toContain(`lacks the scope ${route.scope}.`);
      expect(answer.headers.get('www-authenticate')).toContain(`scope="${route.scope}"`);
    }
  });

  test('only a hash of a token is kept', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    await ci.post('incidents', { title: 'writes are stuck' }, { 'idempotency-key': 'one' });
    const { read } = world.app.db.of(world.app.workspace.id);
    const everything = [
      await read.apiToken.findMany(),
      await read.request.findMany(),
      await read.fact.findMany(),
      await read.job.findMany(),
    ];
    const text = JSON.stringify(everything, (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toContain(ci.token);
    expect(text).not.toContain(ci.token.slice('andon_'.length));
  });

  test('when it was last used is kept, at most once a minute', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world);
    const { read } = world.app.db.of(world.app.workspace.id);
    const usedAt = async () => (await read.apiToken.findFirstOrThrow()).usedAt?.toISOString() ?? null;
    expect(await usedAt()).toBeNull();
    await ci.get('incidents');
    await vi.waitFor(async () => expect(await usedAt()).toBe('2026-03-10T10:30:00.000Z'));
    world.at('2026-03-10T10:30:59Z');
    await ci.get('incidents');
    expect(await usedAt()).toBe('2026-03-10T10:30:00.000Z');
    world.at('2026-03-10T10:31:00Z');
    await ci.get('incidents');
    await vi.waitFor(async () => expect(await usedAt()).toBe('2026-03-10T10:31:00.000Z'));
  });

  test('a name belongs to one token that works; a revoked one gives it up', async () => {
    const world = await openWorld({ engine });
    const make = (name: string) => keep(world, name, ['gate']);
    await make('ci');
    await expect(make('ci')).rejects.toThrow(TokenExists);
    await revokeToken(world.app.db, world.app.workspace.id, 'ci', world.now());
    expect(await revokeToken(world.app.db, world.app.workspace.id, 'ci', world.now())).toBe(false);
    await make('ci');
    await revokeToken(world.app.db, world.app.workspace.id, 'ci', world.now());
    await make('ci');
    expect(await world.app.db.read.apiToken.count({ where: { revokedAt: null } })).toBe(1);
  });
});

test('nobody speaks as somebody else: headers and bodies cannot name the actor', async () => {
  const world = await openWorld();
  const ci = await program(world, undefined, 'release-bot');
  await ci.post('incidents', { title: 'writes are stuck' });
  const told = await ci.post('incidents/1/timeline', { text: 'hello' }, { 'x-andon-actor': 'ana' });
  expect(told.body.author).toEqual({ id: expect.stringMatching(/^token:/), name: 'release-bot' });
  expect(told.body.source).toBe('api');
  expect((await ci.post('incidents/1/timeline', { text: 'hello', author: 'ana' })).status).toBe(422);
});

function keep(world: World, name: string, list: readonly Scope[]): Promise<void> {
  const id = randomUUID();
  return keepToken(world.app.db, world.app.workspace.id, {
    id,
    name,
    secret: `andon_${id}`,
    scopes: list,
    now: world.now(),
  });
}
