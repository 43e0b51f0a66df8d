// Tasks over HTTP: programs add them, list them, and say what became of them.
import { expect, test } from 'vitest';
import { openWorld } from '../helpers/world.js';
import { program } from './help.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];

test('a task is added, given to somebody, and done', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const api = await program(world);
  const bob = world.sandbox.person('bob').id;
  await api.post('incidents', { title: 'Writes are stuck' });
  await world.settled();
  const added = await api.post('incidents/1/tasks', {
    text: 'Restore the backup',
    due: '2026-03-10T14:00:00Z',
  });
  expect(added.status).toBe(201);
  expect(added.headers.get('location')).toBe('/api/v1/incidents/1/tasks/1');
  expect(added.body).toMatchObject({
    ...{ number: 1, key: 'T1', kind: 'task', text: 'Restore the backup', owner: null, state: 'open' },
    dueAt: '2026-03-10T14:00:00.000Z',
    reply: expect.stringContaining('T1 is a task of INC-1'),
  });
  const given = await api.patch('incidents/INC-1/tasks/T1', { owner: bob });
  expect(given.body).toMatchObject({ owner: { id: bob }, state: 'open' });
  await world.settled();
  const direct = () =>
    world.sandbox.channels().find((each) => each.isIm && each.members.includes(bob))?.messages ?? [];
  expect(direct().at(-1)?.text).toContain('For you, T1 of INC-1');
  await api.post('incidents/1/tasks', { text: 'Alert on a full disk', kind: 'followup', owner: bob });
  const done = await api.patch('incidents/1/tasks/1', { state: 'done', text: 'from Sunday’s copy' });
  expect(done.body).toMatchObject({ state: 'done', endedBy: { id: expect.stringMatching(/^token:/) } });
  expect((await api.get('incidents/1/tasks')).body.tasks).toMatchObject([{ key: 'T2', kind: 'followup' }]);
  expect((await api.get('incidents/1/tasks?state=all')).body.tasks).toHaveLength(2);
  await world.settled();
  // What was sent says what became of it.
  expect(direct()[0]?.text).toMatch(/T1 of INC-1 is done, by/);
});

test('what cannot be done is refused with what to do', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const api = await program(world);
  await api.post('incidents', { title: 'Writes are stuck' });
  await api.post('incidents/1/tasks', { text: 'Restore the backup' });
  expect((await api.patch('incidents/1/tasks/9', { state: 'done' })).body.detail).toContain(
    'INC-1 has no T9',
  );
  expect((await api.patch('incidents/1/tasks/1', { state: 'dropped' })).body.detail).toContain('why');
  expect((await api.patch('incidents/1/tasks/1', {})).status).toBe(422);
  expect((await api.patch('incidents/1/tasks/1', { state: 'done', kind: 'followup' })).status).toBe(422);
  expect((await api.patch('incidents/1/tasks/1', { due: '2026-03-01T12:00:00Z' })).body.detail).toContain(
    'That time is over',
  );
  expect((await api.post('incidents/1/tasks', { text: 'x', owner: 'bob' })).body.detail).toMatch(
    /Slack user/,
  );
  const reader = await program(world, ['incidents:read']);
  expect((await reader.post('incidents/1/tasks', { text: 'x' })).status).toBe(403);
  expect((await reader.get('incidents/2/tasks')).status).toBe(404);
});

test('tasks of a private incident are for tokens that may see it', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const all = ['incidents:read', 'incidents:write', 'incidents:private'] as const;
  const may = await program(world, all);
  const ana = world.sandbox.person('ana').id;
  await may.post('incidents', { title: 'The keys leaked', private: true, members: [ana] });
  expect((await may.post('incidents/1/tasks', { text: 'Turn the keys', owner: ana })).status).toBe(201);
  const other = await program(world);
  expect((await other.get('incidents/1/tasks')).status).toBe(404);
  expect((await other.patch('incidents/1/tasks/1', { state: 'done' })).status).toBe(404);
});
