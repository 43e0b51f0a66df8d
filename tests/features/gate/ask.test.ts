// Asking the gate: what is let through, what is not, why, and what stays on record of it.
import { describe, expect, test } from 'vitest';
import { recordReport, silentReport } from '../../../src/features/change/index.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { ask, ci, verdictFacts } from './help.js';

const api = { service: 'api', environment: 'prod', cluster: '' };

describe.each(engines)('on %s', (engine) => {
  test('what nothing freezes may start, for five minutes; asked again it is the same verdict', async () => {
    const desk = await openDesk(engine);
    const first = await ask(desk);
    expect(first).toMatchObject({
      ...{ decision: 'allow', reasons: [], exceptionId: null, nextTransitionAt: null },
      ...{ retryAfterSeconds: null, howToProceed: null, turn: null },
      targets: [{ service: 'api', environment: 'prod', cluster: '', decision: 'allow', because: [] }],
      ...{ evaluatedAt: '2026-03-10T10:45:00.000Z', validUntil: '2026-03-10T10:50:00.000Z' },
    });
    desk.at('10:49');
    expect(await ask(desk)).toEqual(first);
    expect(await verdictFacts(desk)).toBe(1);
    // Its time has run out: a fresh word is given and recorded.
    desk.at('10:50');
    expect(await ask(desk)).toMatchObject({ decision: 'allow', validUntil: '2026-03-10T10:55:00.000Z' });
    expect(await verdictFacts(desk)).toBe(2);
  });

  test('a hard freeze denies: who, why, until when, and what to do', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    const answer = await ask(desk, { on: ['api/production', 'api/staging'] });
    expect(answer).toMatchObject({
      ...{ decision: 'deny', retryAfterSeconds: 300, nextTransitionAt: '2026-03-10T12:45:00.000Z' },
      targets: [
        { environment: 'prod', decision: 'deny', because: ['FRZ-1'] },
        { environment: 'staging', decision: 'allow', because: [] },
      ],
    });
    expect(answer.reasons[0]).toMatchObject({
      ...{ type: 'freeze', id: 'FRZ-1', mode: 'hard', decision: 'deny', reason: 'the cluster is rebuilt' },
      ...{ owner: { name: 'Ana' }, endsAt: '2026-03-10T12:45:00.000Z' },
      text: 'FRZ-1 freezes api/prod until 12:45 UTC (Ana: the cluster is rebuilt).',
    });
    expect(answer.howToProceed).toContain('/freeze except FRZ-1 change:run-1 REASON');
    expect(answer.howToProceed).toContain('Whom to ask: Ana. It is free at 12:45 UTC');
    // Polling is no history.
    desk.at('11:00');
    expect(await ask(desk, { on: ['api/production', 'api/staging'] })).toMatchObject({ decision: 'deny' });
    expect(await verdictFacts(desk)).toBe(1);
    desk.at('12:44');
    expect((await ask(desk, { on: ['api/production', 'api/staging'] })).retryAfterSeconds).toBe(60);
    desk.at('12:45');
    expect(await ask(desk, { on: ['api/production', 'api/staging'] })).toMatchObject({ decision: 'allow' });
  });

  test('a soft freeze warns, and an unknown environment counts as production and is told', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on careful today for:2h soft');
    const answer = await ask(desk, { on: 'api/qa7' });
    expect(answer.decision).toBe('warn');
    expect(answer.reasons.map((each) => [each.type, each.decision])).toEqual([
      ['freeze', 'warn'],
      ['place', 'allow'],
    ]);
    expect(answer.reasons[1]?.text).toContain('qa7');
    expect((await ask(desk, { on: 'api/staging', key: 'run-2' })).decision).toBe('allow');
  });

  test('a verdict is good no longer than until the next freeze', async () => {
    const desk = await openDesk(engine);
    // Ana is in Berlin: 10:48 in UTC.
    await says(desk, 'ana', '/freeze on the release from:11:48 for:1h on:api/prod');
    expect(await ask(desk)).toMatchObject({
      ...{ decision: 'allow', validUntil: '2026-03-10T10:48:00.000Z' },
      nextTransitionAt: '2026-03-10T10:48:00.000Z',
    });
    desk.at('10:48');
    expect(await ask(desk)).toMatchObject({ decision: 'deny', nextTransitionAt: '2026-03-10T11:48:00.000Z' });
  });

  test('without a key each question is one of its own, and keeps no place', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    const first = await ask(desk, { key: null });
    const second = await ask(desk, { key: null });
    expect(second.id).not.toBe(first.id);
    expect(first).toMatchObject({ decision: 'deny', turn: null });
    expect(first.howToProceed).toContain('name a key with the question');
    expect(await desk.db.read.verdict.count({ where: { queue: 'waiting' } })).toBe(0);
  });

  test('the same question twice at one moment is one verdict', async () => {
    const desk = await openDesk(engine);
    const answers = await Promise.all([ask(desk), ask(desk), ask(desk)]);
    expect(new Set(answers.map((each) => each.id)).size).toBe(1);
    expect(await verdictFacts(desk)).toBe(1);
  });

  test('a rollback to what ran there passes a hard freeze; another version does not, and is told what is missing', async () => {
    const desk = await openDesk(engine);
    desk.at('10:30');
    for (const [key, artifact, state] of [
      ['d-1', 'api:4.11', 'succeeded'],
      ['d-2', 'api:4.12', 'failed'],
    ] as const) {
      const told = {
        ...silentReport,
        kind: 'deploy' as const,
        title: `Deploy ${artifact}`,
        targets: [{ ...api }],
        format: 'native',
      };
      const report = { ...told, source: 'token:ci', key, artifact, state };
      const done = await desk.execute(recordReport.given(report), desk.ask('ana', { actor: ci }));
      expect(done.accepted).toBe(true);
    }
    desk.at('10:45');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod,web/prod for:2h');
    const back = { rollback: true, artifact: 'api:4.11' };
    const passed = await ask(desk, { key: 'back', ...back });
    // What was deployed a moment ago is still watched, which warns.
    expect(passed).toMatchObject({ decision: 'warn', targets: [{ decision: 'warn', because: ['FRZ-1'] }] });
    expect(passed.reasons.map((each) => each.type)).toEqual(expect.arrayContaining(['freeze', 'rollback']));
    const failed = await ask(desk, { key: 'b-2', ...back, artifact: 'api:4.12' });
    expect(failed.decision).toBe('deny');
    expect(failed.howToProceed).toContain(
      'no change that was on record before the freeze brought api:4.12 to api/prod with success',
    );
    expect((await ask(desk, { key: 'b-3', ...back, artifact: null })).howToProceed).toContain(
      'send its artifact',
    );
    // It must have run everywhere there.
    const wider = await ask(desk, { key: 'b-4', ...back, on: ['api/prod', 'web/prod'] });
    expect(wider.decision).toBe('deny');
    expect(wider.howToProceed).toContain('to web/prod with success');
    // Who does not say that it goes back does not.
    expect((await ask(desk, { key: 'b-5', artifact: 'api:4.11' })).decision).toBe('deny');
  });

  test('an exception lets the change through once, and is used once however often it is asked', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    expect((await ask(desk)).decision).toBe('deny');
    await says(desk, 'bob', '/freeze except FRZ-1 change:run-1 on:api/prod the login fix must go out now');
    expect((await ask(desk)).howToProceed).toContain('EXC-1 was asked for and waits');
    await says(desk, 'ana', '/freeze approve EXC-1');
    const passed = await ask(desk);
    expect(passed).toMatchObject({ decision: 'allow', exceptionId: 'EXC-1' });
    expect(passed.reasons.map((each) => each.text)).toContain('EXC-1 lets it through, approved by Ana.');
    expect(await ask(desk)).toEqual(passed);
    expect(await desk.db.read.fact.count({ where: { type: 'ExceptionUsed' } })).toBe(1);
    expect((await ask(desk, { key: 'run-2' })).decision).toBe('deny');
    // Its verdict ran out: until it begins it goes by the same use again, as long as the exception is good.
    desk.at('10:51');
    expect(await ask(desk)).toMatchObject({ decision: 'allow', exceptionId: 'EXC-1' });
    expect(await desk.db.read.fact.count({ where: { type: 'ExceptionUsed' } })).toBe(1);
    desk.at('11:45');
    expect((await ask(desk)).decision).toBe('deny');
  });

  test('an exception must name every hard freeze', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    await says(desk, 'ana', '/freeze on month end closing env:prod for:3h');
    expect((await ask(desk)).decision).toBe('deny');
    await says(desk, 'bob', '/freeze except FRZ-1 change:run-1 on:api/prod the login fix must go out now');
    await says(desk, 'ana', '/freeze approve EXC-1');
    const answer = await ask(desk);
    expect(answer.decision).toBe('deny');
    expect(answer.howToProceed).toContain('/freeze except FRZ-1,FRZ-2');
    expect(await desk.db.read.fact.count({ where: { type: 'ExceptionUsed' } })).toBe(0);
  });

  test('what collides is held, an open incident and a busy owner only warn', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Migrate the accounts kind:migration on:api/prod for:2h');
    await says(desk, 'bob', '/change start CHG-1');
    const held = await ask(desk);
    expect(held).toMatchObject({ decision: 'hold', retryAfterSeconds: 60 });
    expect(held.reasons).toContainEqual(
      expect.objectContaining({ type: 'conflict', id: 'CHG-1', decision: 'hold' }),
    );
    expect(held.howToProceed).toContain('It keeps its place');
    await says(desk, 'eve', 'declare checkout is down sev:1 on:web/prod');
    const warned = await ask(desk, { key: 'web', on: 'web/prod' });
    expect(warned.decision).toBe('warn');
    expect(warned.reasons).toContainEqual(
      expect.objectContaining({ type: 'conflict', id: 'INC-1', decision: 'warn' }),
    );
  });

  test('a change that was announced is known by its number, and does not collide with itself', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Deploy api kind:deploy on:api/prod');
    const answer = await ask(desk, { change: 1 });
    expect(answer.decision).toBe('allow');
    const row = await desk.db.read.verdict.findFirstOrThrow();
    expect(row.changeId).toBe((await desk.db.read.change.findFirstOrThrow()).id);
  });
});
