// The gate over HTTP: verdicts with their headers and statuses, for programs and for shells.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { program } from './help.js';

const deploy = { kind: 'deploy', title: 'Deploy api 4.12.0', targets: ['api/prod'] };

async function freeze(world: World, line: string): Promise<void> {
  const outcome = await world.sandbox.person('ana').command(`/freeze on ${line}`, { channel: 'general' });
  expect(outcome.reply?.text).toContain('FRZ-');
  await world.settled();
}

describe.each(engines)('on %s', (engine) => {
  test('a verdict with its headers; frozen, 423 where that is asked for', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    const free = await ci.post('gate?enforce=1', { ...deploy, key: 'run-1' });
    expect(free.status).toBe(200);
    expect(free.body).toMatchObject({ decision: 'allow', retryAfterSeconds: null });
    expect(free.body.reply).toContain('“Deploy api 4.12.0” may start.');
    expect(free.headers.get('andon-decision')).toBe('allow');
    expect(free.headers.get('location')).toBe(`/api/v1/gate/${free.body.id}`);
    expect(free.headers.get('retry-after')).toBeNull();
    await freeze(world, 'the cluster is rebuilt on:api/prod for:2h');
    const told = await ci.post('gate', { ...deploy, key: 'run-2' });
    expect([told.status, told.body.decision, told.headers.get('andon-decision')]).toEqual([
      200,
      'deny',
      'deny',
    ]);
    expect(told.headers.get('retry-after')).toBe('300');
    const stopped = await ci.post('gate?enforce=1', { ...deploy, key: 'run-2' });
    expect(stopped.status).toBe(423);
    expect(stopped.body).toMatchObject({ id: told.body.id, decision: 'deny' });
    const looked = await ci.get(`gate/${told.body.id}?enforce=1`);
    expect([looked.status, looked.body.decision]).toEqual([423, 'deny']);
    expect(looked.body.reply).toBe(stopped.body.reply);
  });

  test('a shell reads the decision in the first line, and why below it', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    await freeze(world, 'the cluster is rebuilt on:api/prod for:2h');
    const lines = await ci.post('gate?enforce=1', deploy, { accept: 'text/plain' });
    expect(lines.status).toBe(423);
    expect(lines.headers.get('content-type')).toContain('text/plain');
    const [decision, ...why] = lines.text.split('\n');
    expect(decision).toBe('deny');
    expect(why.join('\n')).toMatch(/FRZ-1 freezes api\/prod until \d\d:\d\d UTC .*the cluster is rebuilt/);
  });

  test('the same Idempotency-Key gets the same answer; without a key each question is one of its own', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    const first = await ci.post('gate', deploy, { 'idempotency-key': 'k1' });
    const again = await ci.post('gate', deploy, { 'idempotency-key': 'k1' });
    expect(again.text).toBe(first.text);
    const other = await ci.post('gate', deploy);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test('an Idempotency-Key that comes again never gets an old yes', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    const once = { 'idempotency-key': 'run-1' };
    const question = { ...deploy, key: 'run-1' };
    const first = await ci.post('gate?enforce=1', question, once);
    expect(first.body.decision).toBe('allow');
    await world.pass({ minutes: 2 });
    const soon = await ci.post('gate?enforce=1', question, once);
    expect([soon.text, soon.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    await world.pass({ minutes: 4 });
    const late = await ci.post('gate?enforce=1', question, once);
    expect([late.status, late.body.decision, late.headers.get('idempotency-replayed')]).toEqual([
      423,
      'hold',
      null,
    ]);
    expect(late.body.howToProceed).toContain('Idempotency-Key');
    await freeze(world, 'the cluster is rebuilt on:api/prod for:2h');
    const frozen = await ci.post('gate?enforce=1', question, { ...once, accept: 'text/plain' });
    expect([frozen.status, frozen.headers.get('andon-decision')]).toEqual([423, 'deny']);
    expect(frozen.text).toMatch(/^deny\n“Deploy api 4.12.0” is denied.*\n(.*\n)*.*FRZ-1/);
    // Nor does one that was for other places, after another question under the same key.
    const other = { ...deploy, key: 'run-2', targets: ['web/prod'] };
    expect((await ci.post('gate', other, { 'idempotency-key': 'a' })).body.decision).toBe('allow');
    expect((await ci.post('gate', { ...other, targets: ['api/prod'] })).body.decision).toBe('deny');
    expect((await ci.post('gate', { ...other, targets: ['docs/prod'] })).body.decision).toBe('allow');
    expect((await ci.post('gate', other, { 'idempotency-key': 'a' })).body.decision).toBe('hold');
    // Nor without a key.
    const keyless = { 'idempotency-key': 'b' };
    expect((await ci.post('gate', { ...deploy, targets: ['docs/prod'] }, keyless)).body.decision).toBe(
      'allow',
    );
    await freeze(world, 'month end closing env:prod for:2h');
    expect((await ci.post('gate', { ...deploy, targets: ['docs/prod'] }, keyless)).body.decision).toBe(
      'deny',
    );
  });

  test('a place is read the same in both of its forms', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    await freeze(world, 'the cluster is rebuilt on:api/prod/eks for:2h');
    const decided = async (target: unknown) => {
      const { status, body } = await ci.post('gate', { ...deploy, targets: [target] });
      return status === 200 ? body.decision : status;
    };
    const denied = [
      'api / prod/ eks ',
      { service: 'API ', environment: 'prod', cluster: 'eks' },
      { service: 'api', environment: ' prod', cluster: ' eks\n' },
      { service: 'api', environment: '', cluster: '' },
      'ａpi/prod/eks',
    ];
    for (const each of denied) expect(await decided(each), JSON.stringify(each)).toBe('deny');
    const refused = [
      { service: 'x', environment: 'api/prod' },
      { service: 'api/prod/eks' },
      { service: 'api', environment: '', cluster: 'eks' },
      { service: '', environment: 'prod' },
      { service: '*', environment: 'prod' },
      { environment: 'prod' },
      { service: 'api', environment: 'prod\u0000' },
      'api/pr\u00adod',
    ];
    for (const each of refused) expect(await decided(each), JSON.stringify(each)).toBe(422);
  });

  test('bad questions are refused with what is wrong, and let nothing through', async () => {
    const world = await openWorld({ engine });
    const ci = await program(world, ['gate'], 'ci');
    const pointers = async (body: unknown) => {
      const answer = await ci.post('gate', body);
      expect(answer.status).toBe(422);
      expect(answer.headers.get('andon-decision')).toBeNull();
      return answer.body.errors.map((each: { pointer: string }) => each.pointer);
    };
    for (const body of [null, [], 'api/prod'])
      expect((await ci.post('gate', JSON.stringify(body))).body.detail).toContain('it must be a JSON object');
    expect(await pointers({ ...deploy, targets: [] })).toEqual(['/targets']);
    expect(await pointers({ ...deploy, targets: ['api//x'] })).toEqual(['/targets/0']);
    expect(await pointers({ ...deploy, targets: [{ service: 'api', region: 'eu' }] })).toEqual([
      '/targets/0/region',
    ]);
    expect(await pointers({ ...deploy, kind: 'launch' })).toEqual(['/kind']);
    expect(await pointers({ targets: ['api/prod'] })).toEqual(['/kind']);
    expect(await pointers({ ...deploy, exceptionId: 'mine' })).toEqual(['/exceptionId']);
    expect(await pointers({ ...deploy, bypass: true })).toEqual(['/bypass']);
    expect((await ci.post('gate', { ...deploy, change: 'CHG-9' })).status).toBe(404);
    expect((await ci.post('gate', { ...deploy, source: 'token:other' })).status).toBe(409);
    expect((await ci.post('gate', { ...deploy, source: 'github:acme/api' })).status).toBe(409);
    expect((await ci.post('gate?enforce=maybe', deploy)).status).toBe(422);
    expect((await ci.get('gate/nothing')).status).toBe(404);
    const reader = await program(world, ['changes:write'], 'reader');
    expect((await reader.post('gate', deploy)).status).toBe(403);
    const object = { ...deploy, targets: [{ service: 'api', environment: 'production' }] };
    expect((await ci.post('gate', object)).body.targets[0].environment).toBe('prod');
  });
});
