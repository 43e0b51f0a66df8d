// Ways by which a pipeline could slip through a freeze without anybody meaning it; none of them is one.
import { describe, expect, test } from 'vitest';
import { recordReport, silentReport } from '../../../src/features/change/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { ask, ci } from './help.js';

const api = { service: 'api', environment: 'prod', cluster: '' };
type Report = Partial<Parameters<typeof recordReport.given>[0]>;

/** Reports a deployment to api/prod that succeeded, unless told otherwise. */
async function reported(desk: Desk, key: string, artifact: string, over: Report = {}) {
  const told = {
    ...{ ...silentReport, kind: 'deploy' as const, title: `Deploy ${artifact}`, targets: [{ ...api }] },
    ...{ format: 'native', source: 'token:ci', key, artifact, state: 'succeeded' as const },
  };
  const done = await desk.execute(recordReport.given({ ...told, ...over }), desk.ask('ana', { actor: ci }));
  if (!done.accepted) throw new Error(done.refusal.message.text);
  await desk.turn();
}

const back = (
  desk: Desk,
  key: string,
  artifact: string,
  kind: 'deploy' | 'migration' | 'config' = 'deploy',
) => ask(desk, { key, artifact, kind, rollback: true });
const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);

describe.each(engines)('on %s', (engine) => {
  test('what proves a rollback ran and was told of before the freeze', async () => {
    const desk = await openDesk(engine);
    desk.at('08:00');
    await reported(desk, 'good', 'v1');
    await reported(desk, 'flag', 'f1', { kind: 'flag' });
    await reported(desk, 'schema', 'm1', { kind: 'infrastructure' });
    // Planned before, and said to have succeeded long ago while it is frozen.
    await reported(desk, 'planned', 'v4', { state: 'planned' });
    desk.at('09:59');
    await reported(desk, 'just', 'v5');
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:6h');
    desk.at('10:30');
    const long = { startedAt: at('07:00'), finishedAt: at('07:10') };
    await reported(desk, 'forged', 'v2', long);
    await reported(desk, 'slipped', 'v3');
    await reported(desk, 'planned', 'v4', long);
    desk.at('13:00');
    const decided = async (key: string, artifact: string, kind?: 'migration' | 'config') =>
      // What was deployed a moment ago is still watched, which warns.
      (await back(desk, key, artifact, kind)).decision.replace('warn', 'allow');
    expect(await decided('b1', 'v1')).toBe('allow');
    expect(await decided('b2', 'v2')).toBe('deny');
    expect(await decided('b3', 'v3')).toBe('deny');
    expect(await decided('b4', 'v4')).toBe('deny');
    expect(await decided('b5', 'v5')).toBe('deny');
    expect(await decided('b6', 'f1')).toBe('allow');
    expect(await decided('b7', 'm1')).toBe('deny');
    // Data does not go back with a version.
    const migration = await back(desk, 'b8', 'v1', 'migration');
    expect(migration.decision).toBe('deny');
    expect(migration.howToProceed).toContain('a migration');
    expect((await back(desk, 'b9', 'v3')).howToProceed).toContain('before the freeze');
  });

  test('a freeze that follows another one without a gap counts from the first', async () => {
    const desk = await openDesk(engine);
    desk.at('08:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    desk.at('09:00');
    await reported(desk, 'forged', 'v2', { startedAt: at('07:00'), finishedAt: at('07:10') });
    await says(desk, 'ana', '/freeze on and now the database on:api/prod for:3h');
    desk.at('10:30');
    expect((await back(desk, 'b1', 'v2')).decision).toBe('deny');
  });

  test('what takes back by a yes that was for another version is announced', async () => {
    const desk = await openDesk(engine);
    desk.at('08:00');
    await reported(desk, 'good', 'v1');
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:6h');
    desk.at('12:00');
    expect((await back(desk, 'run-9', 'v1')).reasons.map((each) => each.type)).toContain('rollback');
    await reported(desk, 'run-9', 'v9', { state: 'started' });
    const row = await desk.db.read.change.findFirstOrThrow({ where: { key: 'run-9' } });
    expect(row.violates).toEqual([1]);
  });

  test('a service or a cluster that the catalogue does not know is told', async () => {
    const desk = await openDesk(engine);
    expect((await ask(desk, { key: 'k0', on: 'apii/prod/eks' })).reasons).toEqual([]);
    await says(desk, 'ana', '/change service Api on:prod/eks-1');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    for (const name of ['apii', 'аpi']) {
      const { decision, reasons } = await ask(desk, { key: `k/${name}`, on: `${name}/prod/eks` });
      expect(decision).toBe('allow');
      expect(reasons.map((each) => [each.type, each.decision])).toEqual([
        ['place', 'allow'],
        ['place', 'allow'],
      ]);
      expect(reasons[0]?.text).toContain(`the service ${name}`);
      expect(reasons[1]?.text).toContain('the cluster eks');
    }
    for (const name of ['api', 'API', 'ａpi'])
      expect((await ask(desk, { key: `k/${name}`, on: `${name}/prod/EKS-1` })).decision).toBe('deny');
    const known = await ask(desk, { key: 'dev', on: 'API/dev/EKS-1' });
    expect(known).toMatchObject({ decision: 'allow', reasons: [] });
  });

  test('words name no change: an exception of one lets no other through', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Fix the typo kind:config on:api/prod');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    await says(desk, 'bob', '/freeze except FRZ-1 change:CHG-1 the login fix must go out now');
    await says(desk, 'ana', '/freeze approve EXC-1');
    const stranger = { key: 'x', title: 'Fix the typo (follow-up of CHG-1)' };
    expect((await ask(desk, stranger)).decision).toBe('deny');
    expect((await ask(desk, { key: 'CHG-1', title: 'mine' })).decision).toBe('deny');
    expect(await ask(desk, { change: 1 })).toMatchObject({ decision: 'allow', exceptionId: 'EXC-1' });
  });

  test('an exception of another change is no way through by naming it, and one that is taken back is none', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Fix the typo kind:config on:api/prod');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    const reply = await says(
      desk,
      'bob',
      '/freeze except FRZ-1 change:CHG-1 uses:3 the login fix must go out',
    );
    expect(reply).toContain('"change": "CHG-1"');
    await says(desk, 'ana', '/freeze approve EXC-1');
    for (const key of ['run-7', null]) {
      const answer = await ask(desk, { key, exception: 1 });
      expect(answer.decision).toBe('deny');
      const why = answer.reasons.map((each) => each.text).join();
      expect(why).toContain('EXC-1 does not let it through: it is for another change');
    }
    expect(await ask(desk, { change: 1 })).toMatchObject({ decision: 'allow', exceptionId: 'EXC-1' });
    // The job that deploys is begun by somebody else, and calls it otherwise: it is the same question.
    await ask(desk, { change: 1, title: 'Deploy now', actor: 'eve' });
    expect(await desk.db.read.fact.count({ where: { type: 'ExceptionUsed' } })).toBe(1);
    await says(desk, 'ana', '/freeze revoke EXC-1 not today');
    expect((await ask(desk, { change: 1 })).decision).toBe('deny');
  });

  test('who was let through by an exception hears that it was taken back', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    expect((await ask(desk)).decision).toBe('deny');
    await says(desk, 'bob', '/freeze except FRZ-1 change:run-1 the login fix must go out now');
    await says(desk, 'ana', '/freeze approve EXC-1');
    expect((await ask(desk)).decision).toBe('allow');
    await desk.turn();
    await says(desk, 'ana', '/freeze revoke EXC-1 not today');
    await desk.turn();
    expect(await desk.db.read.verdict.findFirstOrThrow()).toMatchObject({ decision: 'deny' });
    expect(await desk.db.read.fact.count({ where: { type: 'VerdictRevised' } })).toBe(1);
  });

  test('an exception is used once by a question however long it takes to begin', async () => {
    const desk = await openDesk(engine);
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:6h');
    expect((await ask(desk)).decision).toBe('deny');
    await says(desk, 'bob', '/freeze except FRZ-1 change:run-1 the login fix must go out now');
    await says(desk, 'ana', '/freeze approve EXC-1');
    expect((await ask(desk)).exceptionId).toBe('EXC-1');
    desk.at('10:20');
    const later = await ask(desk, { title: 'The job that deploys', actor: 'eve' });
    expect(later).toMatchObject({ decision: 'allow', exceptionId: 'EXC-1' });
    expect(await desk.db.read.fact.count({ where: { type: 'ExceptionUsed' } })).toBe(1);
    // Another version is another question, and what began has had its turn.
    expect((await ask(desk, { artifact: 'v2' })).decision).toBe('deny');
    desk.at('10:30');
    await reported(desk, 'run-1', 'v1', { state: 'started' });
    desk.at('10:31');
    expect((await ask(desk)).decision).toBe('deny');
  });

  test('one that had its turn in a thaw and comes again has it still', async () => {
    const desk = await openDesk(engine);
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:1h');
    for (const [i, key] of ['a', 'b', 'c'].entries()) {
      desk.at(`10:1${i}`);
      expect((await ask(desk, { key })).decision).toBe('deny');
    }
    desk.at('11:00');
    await desk.turn();
    expect((await ask(desk, { key: 'a' })).decision).toBe('allow');
    desk.at('11:07');
    expect((await ask(desk, { key: 'a', title: 'The job that deploys' })).decision).toBe('allow');
    desk.at('11:14');
    expect((await ask(desk, { key: 'a' })).decision).toBe('allow');
    expect((await ask(desk, { key: 'd' })).decision).toBe('hold');
  });

  test('a freeze that a token made names no token to ask', async () => {
    const desk = await openDesk(engine);
    const made = await desk.execute(
      desk.bound('/freeze on the cluster is rebuilt on:api/prod for:2h'),
      desk.ask('ana', { actor: ci, source: 'api' }),
    );
    expect(made.accepted).toBe(true);
    expect((await ask(desk)).howToProceed).toContain('Whom to ask: the channel of changes.');
  });

  test('an environment whose row was damaged counts as production', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/change environment qa tier:testing');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt for:2h');
    expect((await ask(desk, { key: 'a', on: 'api/qa' })).decision).toBe('allow');
    await desk.db.write((tx) => tx.environment.updateMany({ data: { tier: 'junk' } }));
    expect((await ask(desk, { key: 'b', on: 'api/qa' })).decision).toBe('deny');
  });

  test('a place that a change gets later is judged as well', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt for:2h');
    expect((await ask(desk, { key: 'run-9', on: 'api/staging' })).decision).toBe('allow');
    const staging = [{ ...api, environment: 'staging' }];
    await reported(desk, 'run-9', 'v1', { state: 'started', targets: staging });
    const row = () => desk.db.read.change.findFirstOrThrow({ where: { key: 'run-9' } });
    expect((await row()).violates).toEqual([]);
    await reported(desk, 'run-9', 'v1', { state: 'started' });
    expect((await row()).violates).toEqual([1]);
  });

  test('what ran under an older name of its environment proves a rollback', async () => {
    const desk = await openDesk(engine);
    desk.at('08:00');
    await says(desk, 'ana', '/change environment eu tier:production');
    await reported(desk, 'good', 'v1', { targets: [{ ...api, environment: 'eu' }] });
    await says(desk, 'ana', '/change environment europe tier:production aliases:eu');
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt for:6h');
    for (const on of ['api/eu', 'API/Europe'])
      expect(
        (await ask(desk, { key: on, on, rollback: true, artifact: 'v1' })).reasons.map((each) => each.type),
      ).toContain('rollback');
  });

  test('what ran there proves a rollback in whatever letters its place is written', async () => {
    const desk = await openDesk(engine);
    desk.at('08:00');
    const place = { service: 'Orders-API', environment: 'prod', cluster: 'EKS' };
    await reported(desk, 'good', 'sha1', { targets: [place] });
    await reported(desk, 'web', 'sha1', { targets: [{ ...place, service: 'web', cluster: '' }] });
    desk.at('10:00');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt for:6h');
    const passes = async (on: string) => {
      const { reasons } = await ask(desk, { key: on, on, rollback: true, artifact: 'sha1' });
      return reasons.some((each) => each.type === 'rollback');
    };
    expect(await passes('orders-api/prod/eks')).toBe(true);
    expect(await passes('ORDERS-API/PROD/Eks')).toBe(true);
    expect(await passes('orders-api/prod')).toBe(false);
    expect(await passes('orders/prod/eks')).toBe(false);
    expect(await passes('WEB/prod')).toBe(true);
  });

  test('nobody takes a source that reads as another’s', async () => {
    const desk = await openDesk(engine);
    for (const source of ['Token:other', 'tok\u200ben:other', ' token:other', 'ＴＯＫＥＮ:other', 'AnDon'])
      await expect(ask(desk, { source }), source).rejects.toThrow('is not yours to speak for');
  });
});
