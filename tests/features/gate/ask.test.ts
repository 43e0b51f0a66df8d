// Asking the gate: what is let through, what is not, why, and what stays on record of it.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { ask, says, verdictFacts } from './help.js';

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
    await says(desk, 'ana', '/freeze on the release from:10:48 for:1h on:api/prod');
    expect(await ask(desk)).toMatchObject({ decision: 'allow' });
  });
});
