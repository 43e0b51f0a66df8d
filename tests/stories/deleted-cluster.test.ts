// The deleted cluster: the cord is pulled, real pipelines are told no, a rollback goes through, and the thaw lets the rest go in order.
import { expect, test, vi } from 'vitest';
import { andon, type Done } from '../cli/help.js';
import { channelOf, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';
import { program } from '../http/help.js';

// Each question is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];
const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);

async function opened() {
  const world = await openWorld({ at: '2022-05-18T10:20:00Z', zone: 'UTC', sandbox: { channels } });
  const ci = await program(world, ['gate', 'changes:write', 'changes:read', 'incidents:read'], 'ci');
  const env = { ANDON_TOKEN: ci.token, ANDON_URL: `http://127.0.0.1:${world.app.port}` };
  const gate = (...words: string[]): Promise<Done> => andon(['gate', ...words], env);
  const deploy = (service: string, artifact: string, ...more: string[]) =>
    gate(
      ...['--service', service, '--environment', 'prod', '--key', `${service}-${artifact}`],
      ...['--artifact', artifact, '--title', `Deploy ${service} ${artifact}`, '--json', ...more],
    );
  return { world, ci, gate, deploy };
}

/** A deployment that ran and succeeded, as its pipeline reported it. */
async function ran(world: World, ci: Awaited<ReturnType<typeof program>>, service: string, artifact: string) {
  const body = {
    kind: 'deploy',
    title: `Deploy ${service} ${artifact}`,
    targets: [`${service}/prod`],
    artifact,
  };
  const key = `${service}-${artifact}`;
  expect((await ci.post('changes', { ...body, key, sequence: 1, state: 'started' })).status).toBe(201);
  await world.pass({ minutes: 5 });
  expect((await ci.post('changes', { ...body, key, sequence: 2, state: 'succeeded' })).status).toBe(200);
  await world.settled();
}

test('the cord at 11:17 denies, a rollback goes through, and the thaw at 16:04 releases in order', async () => {
  const { world, ci, deploy } = await opened();
  await ran(world, ci, 'api', '41');
  await ran(world, ci, 'api', '42');
  world.at('2022-05-18T10:37:00Z');
  await say(
    world,
    'ana',
    'declare the storage cluster is gone sev:1 on:api/prod,web/prod,tasks/prod started:10:22',
  );

  // Before the cord, the line moves.
  const before = await deploy('web', '7');
  expect(before, before.stderr).toMatchObject({ code: 0 });

  world.at('2022-05-18T11:17:00Z');
  const preview = await say(world, 'ana', 'freeze INC-1 the cluster is rebuilt for:8h');
  expect(preview).toContain('web/prod');
  expect(await world.app.db.read.freeze.count()).toBe(0);
  await say(world, 'ana', 'freeze INC-1 the cluster is rebuilt for:8h now');
  expect(await world.app.db.read.freeze.count()).toBe(1);

  const denied = await deploy('web', '8');
  expect(denied.code).toBe(10);
  expect(denied.stderr).toContain('FRZ-1');
  expect(denied.stderr).toContain('the cluster is rebuilt');
  expect(denied.stderr).toContain('19:17');
  expect(JSON.parse(denied.stdout)).toMatchObject({ decision: 'deny', exceptionId: null });

  world.at('2022-05-18T11:20:00Z');
  // What ran there before may come back; what never ran there is no rollback.
  const back = await deploy('api', '41', '--rollback');
  expect(back, back.stderr).toMatchObject({ code: 0 });
  const odd = await deploy('api', '99', '--rollback');
  expect(odd.code).toBe(10);

  world.at('2022-05-18T12:00:00Z');
  await world.settled();
  expect((await deploy('tasks', '3')).code).toBe(10);
  world.at('2022-05-18T12:30:00Z');
  await world.settled();
  expect((await deploy('api', '43')).code).toBe(10);

  // Somebody who did not ask is found out.
  const bypass = {
    kind: 'deploy',
    title: 'Deploy web 9',
    targets: ['web/prod'],
    artifact: '9',
    key: 'web-9',
  };
  await ci.post('changes', { ...bypass, state: 'started', sequence: 1 });
  await world.settled();
  expect(texts(world, 'changes').join('\n')).toMatch(/CHG-\d+ .*frozen/);
  world.at('2022-05-18T12:40:00Z');
  await ci.post('changes', { ...bypass, state: 'succeeded', sequence: 2 });

  world.at('2022-05-18T16:04:00Z');
  await world.settled();
  const lifted = await world.sandbox
    .person('ana')
    .command('/freeze lift FRZ-1 the cluster is back', { channel: 'general' });
  expect(lifted.ok).toBe(true);
  await world.settled();
  const order = ['Deploy web 8', 'Deploy api 99', 'Deploy tasks 3', 'Deploy api 43'];
  const told = texts(world, 'changes').find((text) => order.every((each) => text.includes(each)));
  expect(told, texts(world, 'changes').join('\n---\n')).toBeDefined();
  const places = order.map((each) => (told ?? '').indexOf(each));
  expect(places).toEqual([...places].sort((a, b) => a - b));

  // One after the other: the second waits for its turn, which comes.
  expect((await deploy('tasks', '3')).code).toBe(11);
  const first = await deploy('web', '8');
  expect(first, first.stderr).toMatchObject({ code: 0 });
  // The one that was no rollback does not come; its turn passes.
  await world.pass({ minutes: 1 });
  await world.pass({ minutes: 1 });
  const second = await deploy('tasks', '3');
  expect(second, second.stderr).toMatchObject({ code: 0 });
  await world.pass({ minutes: 1 });

  await say(world, 'ana', 'resolve INC-1 customers are told which tasks failed');
  const record = (await ci.get('incidents/1/postmortem.json')).body;
  expect(record.freezes).toEqual([
    expect.objectContaining({ key: 'FRZ-1', reason: 'the cluster is rebuilt' }),
  ]);
  const entries = record.timeline
    .filter((each: { kind: string }) => each.kind === 'freeze')
    .map((each: { text: string }) => each.text)
    .join('\n');
  for (const each of [
    'The cord is pulled',
    'Deploy web 8',
    'CHG-3 began on frozen ground',
    'is lifted',
    'The thaw',
  ])
    expect(entries).toContain(each);
  const draft = (await ci.get('incidents/1/postmortem.md')).text;
  expect(draft).toContain('## Freezes');
  expect(draft).toContain('CHG-3');
  expect(
    channelOf(world)
      .messages.map((each) => each.text)
      .join('\n'),
  ).toContain('FRZ-1');
});
