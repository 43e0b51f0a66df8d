// Freezes over HTTP: made by the command that people type, listed, lifted, and asked whether a place is frozen.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { type Program, program } from './help.js';

const both = ['freezes:read', 'freezes:write'] as const;

async function ci(world: World, scopes: Parameters<typeof program>[1] = both): Promise<Program> {
  return program(world, scopes, `ci-${scopes.join('-')}`.slice(0, 60));
}

// The record's clock stands at 2026-03-10 10:30 UTC, a Tuesday.
describe.each(engines)('on %s', (engine) => {
  test('a program freezes, reads it back, and lifts it', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    const made = await api.post('freezes', {
      reason: 'the cluster is rebuilt',
      on: ['*/prod/eks'],
      for: '3h',
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/v1/freezes/FRZ-1');
    expect(made.body).toMatchObject({
      ...{ id: 'FRZ-1', number: 1, mode: 'hard', phase: 'active', reason: 'the cluster is rebuilt' },
      scope: {
        include: [{ services: [], environments: ['prod'], clusters: ['eks'], tiers: [] }],
        exclude: [],
      },
      ...{ startsAt: '2026-03-10T10:30:00.000Z', endsAt: '2026-03-10T13:30:00.000Z', recurrence: null },
      window: { from: '2026-03-10T10:30:00.000Z', until: '2026-03-10T13:30:00.000Z' },
      ...{ lifted: null, incident: null, drill: false, damaged: false },
    });
    expect(made.body.reply).toContain('FRZ-1 freezes');
    const { reply: _reply, ...shape } = made.body;
    expect((await api.get('freezes/FRZ-1')).body).toEqual(shape);
    expect((await api.get('freezes')).body).toEqual({ freezes: [shape], next: null });
    const where = 'freezes/state?environment=production&cluster=eks&service=api';
    expect((await api.get(where)).body).toMatchObject({
      ...{
        state: 'frozen',
        place: { service: 'api', environment: 'prod', cluster: 'eks', tier: 'production' },
      },
      freezes: [{ id: 'FRZ-1', reason: 'the cluster is rebuilt' }],
      ...{ nextTransitionAt: '2026-03-10T13:30:00.000Z', freeAt: '2026-03-10T13:30:00.000Z' },
    });
    await world.pass({ minutes: 30 });
    const lifted = await api.delete('freezes/1?text=it%20is%20back');
    expect([lifted.status, lifted.body.phase]).toEqual([200, 'ended']);
    expect(lifted.body.lifted).toMatchObject({
      text: 'it is back',
      by: { name: expect.stringContaining('ci-') },
    });
    expect((await api.get(where)).body).toMatchObject({ state: 'open', freezes: [], nextTransitionAt: null });
    // As it stood then.
    expect((await api.get(`${where}&at=2026-03-10T10:45:00Z`)).body).toMatchObject({
      state: 'frozen',
      freeAt: lifted.body.lifted.at,
    });
    expect((await api.get('freezes')).body.freezes).toEqual([]);
    expect((await api.get('freezes?phase=ended')).body.freezes).toMatchObject([{ id: 'FRZ-1' }]);
    const again = await api.delete('freezes/1');
    expect([again.status, again.body.type]).toEqual([409, expect.stringContaining('refused')]);
  });

  test('one that comes again is made in wall time of its zone, and an unknown zone is refused', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    const nightly = { reason: 'nobody is awake', every: 'weekday 6pm to 8am', zone: 'Europe/Berlin' };
    const made = await api.post('freezes', { ...nightly, environments: ['production'], mode: 'soft' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ mode: 'soft', phase: 'scheduled', startsAt: '2026-03-10T17:00:00.000Z', endsAt: null },
      recurrence: {
        ...{ zone: 'Europe/Berlin', every: 'every weekday 18:00 to 08:00', until: null },
        rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      },
      window: { from: '2026-03-10T17:00:00.000Z', until: '2026-03-11T07:00:00.000Z' },
      scope: { include: [{ environments: ['prod'] }] },
    });
    const at = (time: string) => api.get(`freezes/state?environment=prod&at=${time}`);
    expect((await at('2026-03-10T16:59:59Z')).body).toMatchObject({
      ...{ state: 'open', nextTransitionAt: '2026-03-10T17:00:00.000Z', freeAt: '2026-03-10T16:59:59.000Z' },
    });
    expect((await at('2026-03-10T17:00:00Z')).body).toMatchObject({
      ...{
        state: 'warned',
        nextTransitionAt: '2026-03-11T07:00:00.000Z',
        freeAt: '2026-03-10T17:00:00.000Z',
      },
    });
    // In summer time the same wall times are an hour earlier.
    expect((await at('2026-03-30T16:00:00Z')).body.state).toBe('warned');
    const unknown = await api.post('freezes', { ...nightly, zone: 'Europe/Berln' });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([409, '/zone']);
    expect(unknown.body.detail).toContain('Europe/Berlin');
    const odd = await api.post('freezes', { ...nightly, every: 'every other Friday 16:00 to 18:00' });
    expect([odd.status, odd.body.errors[0].pointer]).toEqual([409, '/every']);
    expect(await world.app.db.read.freeze.count()).toBe(1);
  });

  test('a freeze by an environment’s old name holds when the catalogue calls it otherwise', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    await api.post('freezes', { reason: 'rebuilding', environments: ['production'] });
    const ana = world.sandbox.person('ana');
    await ana.command('/change environment eu tier:production aliases:prod,production', {
      channel: 'general',
    });
    for (const environment of ['production', 'prod', 'eu', 'EU'])
      expect((await api.get(`freezes/state?environment=${environment}`)).body).toMatchObject({
        ...{ state: 'frozen', place: { environment: 'eu', tier: 'production' } },
      });
    expect((await api.get('freezes/state?environment=staging')).body.state).toBe('open');
  });

  test('what is private stays so, for whoever may not know of it', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    const knows = await ci(world, [...both, 'incidents:private', 'incidents:write']);
    const ana = world.sandbox.person('ana');
    await ana.command('/incident declare secret leak private', { channel: 'general' });
    await knows.post('incidents', { title: 'writes are stuck' });
    await api.post('freezes', { reason: 'rotation of keys', on: ['api/prod'] });
    await api.post('freezes', { reason: 'rebuilding', on: ['web/prod'] });
    // As the cord leaves it.
    const incidents = await world.app.db.read.incident.findMany({ orderBy: { number: 'asc' } });
    await world.app.db.write(async (tx) => {
      for (const { id, workspaceId, number } of incidents)
        await tx.freeze.update({
          where: { workspaceId_number: { workspaceId, number } },
          data: { incidentId: id },
        });
    });
    const shown = async (as: Program) =>
      (await as.get('freezes')).body.freezes.map((each: { incident: string }) => each.incident);
    expect(await shown(knows)).toEqual(['INC-2', 'INC-1']);
    expect(await shown(api)).toEqual(['INC-2', null]);
    const state = await api.get('freezes/state?service=api&environment=prod');
    expect(state.body.state).toBe('frozen');
    expect(state.text).not.toMatch(/INC-1|secret/);
  });
});

test('what a body does not say right is named by its member, and nothing is frozen', async () => {
  const world = await openWorld();
  const api = await ci(world);
  const body = { reason: 'rebuilding', on: ['api/prod'] };
  const wrong: [object, number, string][] = [
    [{ on: ['api/prod'] }, 422, '/reason'],
    [{ ...body, mode: 'firm' }, 422, '/mode'],
    [{ ...body, on: 'api/prod' }, 422, '/on'],
    [{ ...body, on: ['a/b/c/d'] }, 422, '/on'],
    [{ ...body, scope: 'all' }, 422, '/scope'],
    [{ ...body, endsAt: 'tonight' }, 422, '/endsAt'],
    [{ ...body, endsAt: '2026-03-10T18:00:00' }, 422, '/endsAt'],
    [{ ...body, endsAt: '2026-03-10T09:00:00Z' }, 409, '/endsAt'],
    [{ ...body, for: '2h', endsAt: '2026-03-10T18:00:00Z' }, 409, '/endsAt'],
    [{ ...body, for: 'a while' }, 422, '/for'],
    [{ ...body, tiers: ['prd'] }, 422, '/tiers'],
    [{ reason: 'all of it', everything: true }, 409, '/reason'],
    // What says the same in other words is asked for once more, too; and what freezes nothing is no freeze.
    [{ reason: 'all of it', on: ['*/*/*'] }, 409, '/reason'],
    [{ reason: 'all of it', on: ['*', 'api/prod'] }, 409, '/reason'],
    [{ reason: 'all of it', environments: ['*'] }, 409, '/reason'],
    [{ ...body, except: ['api/prod'] }, 409, '/except'],
    [{ ...body, except: ['API/*'] }, 409, '/except'],
    [{ ...body, except: [{ environment: 'production' }] }, 409, '/except'],
    [{ ...body, startsAt: '2026-03-10T12:00:00Z', endsAt: '2026-03-30T12:00:00Z' }, 409, '/reason'],
  ];
  for (const [each, status, pointer] of wrong) {
    const answer = await api.post('freezes', each);
    expect([answer.status, answer.body.errors?.[0]?.pointer], JSON.stringify([each, answer.body])).toEqual([
      status,
      pointer,
    ]);
    expect(answer.body.detail.length).toBeGreaterThan(20);
  }
  expect(await world.app.db.read.freeze.count()).toBe(0);
  expect((await api.post('freezes', { reason: 'all of it', everything: true, anyway: true })).status).toBe(
    201,
  );
  expect((await api.get('freezes/state')).body.state).toBe('frozen');
  expect((await api.get('freezes/state?zone=x')).status).toBe(422);
  for (const query of ['service=*', 'environment=*', 'cluster=eu-*', 'service=api/prod', 'service=a%2Cb'])
    expect((await api.get(`freezes/state?${query}`)).status, query).toBe(422);
  expect((await api.get('freezes/state?service=%20api%20')).body.place.service).toBe('api');
  expect((await api.get('freezes?phase=on')).status).toBe(422);
  expect((await api.get('freezes/FRZ-9')).status).toBe(404);
  expect((await api.get('freezes/everything')).status).toBe(404);
  expect((await api.delete('freezes/FRZ-9')).status).toBe(404);
});

test('each route asks for its scope; the same key makes one freeze; pages follow each other', async () => {
  const world = await openWorld();
  const reads = await ci(world, ['freezes:read']);
  const writes = await ci(world, ['freezes:write']);
  expect((await reads.post('freezes', { reason: 'rebuilding' })).status).toBe(403);
  expect((await reads.delete('freezes/1')).status).toBe(403);
  expect((await writes.get('freezes')).status).toBe(403);
  const once = { 'idempotency-key': 'one' };
  const body = { reason: 'rebuilding', on: [{ service: 'api', environment: 'prod' }], owner: 'U012AB3CD' };
  const [first, second] = [
    await writes.post('freezes', body, once),
    await writes.post('freezes', body, once),
  ];
  expect([first.body.id, second.body.id]).toEqual(['FRZ-1', 'FRZ-1']);
  expect(first.body.scope.include).toEqual([
    { services: ['api'], environments: ['prod'], clusters: [], tiers: [] },
  ]);
  expect(first.body.owner.id).toBe('U012AB3CD');
  // Many clients say that they send JSON where they send nothing.
  const json = { 'content-type': 'application/json' };
  for (const path of ['freezes/9', 'freezes/9?text=back'])
    expect((await writes.delete(path, json)).status).toBe(404);
  for (const service of ['web', 'db']) await writes.post('freezes', { reason: 'rebuilding', on: [service] });
  const page = await reads.get('freezes?limit=2');
  expect(page.body.freezes.map((each: { id: string }) => each.id)).toEqual(['FRZ-3', 'FRZ-2']);
  const rest = await reads.get(`freezes?limit=2&before=${page.body.next}`);
  expect(rest.body).toMatchObject({ freezes: [{ id: 'FRZ-1' }], next: null });
});
