// The picture of statistics reaches who asked, once, as a picture: in the channel, else as a direct message.
import { expect, test } from 'vitest';
import { directs } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';
import { program } from '../../http/help.js';
import { keepChanges } from './ledger.js';

async function withChanges(): Promise<World> {
  const channels = [
    { name: 'incidents', members: ['ana', 'U0BOT00000'] },
    { name: 'changes', members: ['ana', 'U0BOT00000'] },
    { name: 'elsewhere', members: ['ana'], private: true },
  ];
  const world = await openWorld({ sandbox: { channels } });
  await keepChanges({ db: world.app.db, workspace: world.app.workspace, now: world.now() }, [
    { finishedAt: new Date('2026-03-09T12:00:00Z') },
    { finishedAt: new Date('2026-03-09T13:00:00Z'), state: 'failed' },
  ]);
  return world;
}

async function ask(world: World, channel: string, line = '/change stats'): Promise<string> {
  const { reply } = await world.sandbox.person('ana').command(line, { channel });
  await world.settled();
  return reply?.text ?? '';
}

const pictures = (world: World) => world.sandbox.files().filter(({ name }) => name.endsWith('.png'));

test('asked where Andon is, it stands there, in words for who does not see it', async () => {
  const world = await withChanges();
  const reply = await ask(world, 'incidents');
  expect(reply).toContain('Succeeded: 50% (1 of 2)');
  expect(reply).toContain('The picture follows here');
  const [picture, ...others] = pictures(world);
  expect(others).toEqual([]);
  const shown = world.sandbox
    .messages('incidents')
    .find(({ files }) => files.some(({ id }) => id === picture?.id));
  expect(shown).toBeDefined();
  expect(picture?.content.subarray(1, 4).toString()).toBe('PNG');
  expect(picture?.alt).toContain('succeeded 1, failed 1');
  expect(picture?.title).toContain('in production');
});

test('where Andon is not, who asked gets it as a direct message', async () => {
  const world = await withChanges();
  await ask(world, 'elsewhere');
  const [picture] = pictures(world);
  const channel = world.sandbox.channels().find((each) => each.id === picture?.channels[0]);
  expect(channel?.isIm).toBe(true);
});

test('two attempts send it once', async () => {
  const world = await withChanges();
  world.sandbox.faults.drop('files.completeUploadExternal', 'after', { times: 1 });
  await ask(world, 'incidents');
  await world.pass({ minutes: 5 });
  expect(pictures(world)).toHaveLength(1);
  expect(world.sandbox.messages('incidents').filter(({ files }) => files.length > 0)).toHaveLength(1);
});

test('refused for good, the words stand, and that is told once', async () => {
  const world = await withChanges();
  world.sandbox.faults.refuse('files.getUploadURLExternal', 'missing_scope', { needed: 'files:write' });
  expect(await ask(world, 'incidents')).toContain('Succeeded: 50% (1 of 2)');
  await ask(world, 'incidents', '/change stats 7d');
  const told = directs(world).filter((text) => text.includes('does not let me send the picture'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('files:write');
});

test('over HTTP: figures with their numbers, the same picture, and refusals that say what to do', async () => {
  const world = await withChanges();
  const reader = await program(world, ['changes:read']);
  const { status, body } = await reader.get(
    'changes/stats?from=2026-03-01T00:00:00Z&to=2026-03-10T00:00:00Z',
  );
  expect(status).toBe(200);
  expect(body.total).toMatchObject({
    changes: 2,
    succeeded: 1,
    failed: 1,
    successRate: 0.5,
    failureRate: 0.5,
  });
  expect(body.columns).toHaveLength(9);
  expect(body.columns[8]).toMatchObject({ date: '2026-03-09', changes: 2 });
  expect(body.places).toMatchObject([{ service: 'api', environment: 'prod', changes: 2 }]);
  const staging = await reader.get('changes/stats?environment=staging');
  expect(staging.body.total).toMatchObject({ changes: 0, successRate: null });

  const png = await fetch(`http://127.0.0.1:${world.app.port}/api/v1/changes/stats.png?service=api`, {
    headers: { authorization: `Bearer ${reader.token}` },
  });
  expect(png.headers.get('content-type')).toBe('image/png');
  expect(png.headers.get('content-security-policy')).toContain("default-src 'none'");
  const bytes = Buffer.from(await png.arrayBuffer());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');

  for (const query of [
    'from=2026-03-11T00:00:00Z&to=2026-03-10T00:00:00Z',
    'from=1970-01-01T00:00:00Z',
    'from=soon',
    'what=1',
  ]) {
    const refused = await reader.get(`changes/stats?${query}`);
    expect(refused.status, query).toBeGreaterThanOrEqual(400);
    expect(refused.status, query).toBeLessThan(500);
    expect(refused.body.detail, query).toBeTruthy();
  }
  const other = await program(world, ['incidents:read']);
  expect((await other.get('changes/stats')).status).toBe(403);
});
