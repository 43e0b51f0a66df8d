// Exceptions over HTTP: a program asks for one and reads them; approving is a person's.
import { describe, expect, test } from 'vitest';
import { waysOf } from '../../src/features/exception/index.js';
import { engines } from '../helpers/databases.js';
import { openWorld, type World } from '../helpers/world.js';
import { type Program, program } from './help.js';

async function ci(world: World, name = 'ci'): Promise<Program> {
  return program(world, ['freezes:read', 'freezes:write', 'changes:write'], name);
}

const reason = 'the certificate expires tonight';
const deploy = { kind: 'deploy', title: 'Deploy api 4.12.0', targets: ['api/prod'] };

describe.each(engines)('on %s', (engine) => {
  test('a program asks for a way through, and reads that nobody answered yet', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    await api.post('freezes', { reason: 'the cluster is rebuilt', on: ['*/prod'], for: '3h' });
    const asked = await api.post('freezes/exceptions', {
      ...{ freezes: ['FRZ-1'], reason, key: 'run-4711', targets: ['api/production'], minutes: 30, uses: 2 },
    });
    expect(asked.text).toContain('EXC-1');
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({
      ...{ id: 'EXC-1', phase: 'requested', freezes: ['FRZ-1'], targets: ['api/prod'], change: null },
      // The name by which the gate knows this program.
      ...{ source: 'token:ci', key: 'run-4711', reason, minutes: 30, usesMax: 2, uses: [], emergency: false },
      ...{ answeredBy: null, answeredAt: null, reviewDueAt: null },
    });
    const { reply, ...shape } = asked.body;
    expect(reply).toContain('EXC-1 is asked for: through FRZ-1');
    expect((await api.get('freezes/exceptions')).body).toEqual({ exceptions: [shape] });
    const { db, workspace } = world.app;
    expect(await waysOf(db.of(workspace.id).read, workspace.id, world.now())).toEqual([]);
  });

  test('a change that it announced is named by its number', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    await api.post('changes', { ...deploy, key: 'run-1' });
    await api.post('freezes', { reason: 'the cluster is rebuilt', on: ['api/prod'], for: '3h' });
    const asked = await api.post('freezes/exceptions', { freezes: ['1'], reason, change: 'CHG-1' });
    expect(asked.body).toMatchObject({
      change: 'CHG-1',
      targets: ['api/prod'],
      key: null,
      minutes: 60,
      usesMax: 1,
    });
    const again = await api.post('freezes/exceptions', { freezes: ['FRZ-1'], reason, change: 'CHG-1' });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(again.body.detail).toContain('EXC-1 asks for this already');
  });

  test('what does not fit is refused with a sentence and a pointer', async () => {
    const world = await openWorld({ engine });
    const api = await ci(world);
    await api.post('freezes', { reason: 'the cluster is rebuilt', on: ['api/prod'], for: '3h' });
    const bad: [object, number, string, string][] = [
      [{ freezes: [], reason }, 422, '/freezes', 'Name the freezes'],
      [{ freezes: ['FRZ-9'], reason, targets: ['api/prod'] }, 409, '/freezes', 'There is no FRZ-9'],
      [
        { freezes: ['FRZ-1'], reason: 'hotfix', targets: ['api/prod'] },
        422,
        '/reason',
        'Say why it cannot wait',
      ],
      [{ freezes: ['FRZ-1'], reason, targets: ['web/prod'] }, 409, '/targets', 'does not cover web/prod'],
      [{ freezes: ['FRZ-1'], reason, minutes: 481, targets: ['api/prod'] }, 422, '/minutes', '480'],
      [{ freezes: ['FRZ-1'], reason }, 409, '/targets', 'Say what it is for'],
    ];
    for (const [body, status, pointer, words] of bad) {
      const answer = await api.post('freezes/exceptions', body);
      expect(answer.status, answer.text).toBe(status);
      expect(answer.text).toContain(words);
      expect(answer.text).toContain(`"${pointer}`);
    }
    const reader = await program(world, ['freezes:read'], 'reader');
    expect((await reader.post('freezes/exceptions', { freezes: ['FRZ-1'], reason })).status).toBe(403);
    expect((await reader.get('freezes/exceptions?all=true')).body).toEqual({ exceptions: [] });
  });

  test('of what it asked the gate before, it need not say again what it touches', async () => {
    const world = await openWorld({ engine });
    const api = await program(world, ['freezes:read', 'freezes:write', 'gate'], 'ci');
    await api.post('freezes', { reason: 'the cluster is rebuilt', on: ['api/prod'], for: '3h' });
    await api.post('gate', { ...deploy, key: 'run-1' });
    const asked = await api.post('freezes/exceptions', { freezes: ['FRZ-1'], reason, key: 'run-1' });
    expect(asked.status, asked.text).toBe(201);
    expect(asked.body).toMatchObject({ targets: ['api/prod'], key: 'run-1', source: 'token:ci' });
    expect((await api.post('gate', { ...deploy, key: 'run-1' })).text).toContain('EXC-1');
  });
});
