// What the gate let through under a run's name and a webhook reports under another: it is one deployment, and no violation.
import { expect, test, vi } from 'vitest';
import { openWorld } from '../helpers/world.js';
import { program } from '../http/help.js';

vi.setConfig({ testTimeout: 120_000 });

test('a deployment that was let through a freeze and is reported by somebody else is none; another artifact is one', async () => {
  const world = await openWorld({ at: '2026-03-10T11:00:00Z' });
  const ci = await program(world, ['gate', 'changes:write', 'changes:read'], 'ci');
  const reporter = await program(world, ['changes:write', 'changes:read'], 'reporter');
  const reported = async (artifact: string, key: string, on = 'api/prod') => {
    const body = { kind: 'deploy', title: `Deploy ${key}`, targets: [on], artifact, key };
    await reporter.post('changes', { ...body, state: 'started', sequence: 1 });
    await world.settled();
    const { number, violates } = await world.app.db.read.change.findFirstOrThrow({ where: { key } });
    await reporter.post('changes', { ...body, state: 'succeeded', sequence: 2 });
    return { number, violates };
  };
  expect((await reported('41', 'deployment/0')).violates).toEqual([]);
  await world.pass({ minutes: 10 });
  expect((await reported('42', 'deployment/1')).violates).toEqual([]);
  await world.pass({ hours: 1 });
  await world.sandbox
    .person('ana')
    .command('/freeze on the cluster is rebuilt for:2h', { channel: 'general' });
  await world.pass({ minutes: 10 });
  const question = {
    kind: 'deploy',
    title: 'Back to 41',
    targets: ['api/prod'],
    artifact: '41',
    key: 'run/7',
  };
  expect((await ci.post('gate', { ...question, rollback: true })).body.decision).toBe('allow');
  await world.pass({ minutes: 1 });
  expect((await reported('41', 'deployment/2')).violates).toEqual([]);
  expect((await reported('43', 'deployment/3')).violates).toEqual([1]);
  expect((await reported('41', 'deployment/4', 'web/prod')).violates).toEqual([1]);
  // A yes is good for five minutes.
  await world.pass({ minutes: 30 });
  expect((await reported('44', 'deployment/5')).violates).toEqual([1]);
  expect((await reported('41', 'deployment/6')).violates).toEqual([1]);
});
