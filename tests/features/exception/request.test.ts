// What an exception may be asked for: a reason, freezes that exist, and a scope within them.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { refused } from '../../helpers/telling.js';
import { accepted, change, freeze, recorded, sent, through } from './help.js';

const why = 'the certificate expires tonight';

describe.each(engines)('on %s', (engine) => {
  test('without a change and without a component it is for nothing', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const said = await refused(desk, 'bob', `/freeze except FRZ-1 ${why}`);
    expect(said).toContain('Say what it is for');
    expect(said).toContain('An exception for everything is a lifted freeze');
    expect(await recorded(desk, 'ExceptionRequested')).toEqual([]);
  });

  test('a reason that tells nothing is not taken', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await change(desk);
    for (const reason of ['', 'hotfix'])
      expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${reason}`)).toContain(
        'Say why it cannot wait',
      );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why} for:9h`)).toContain(
      '8 hours at most',
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why} uses:21`)).toContain(
      'from 1 to 20',
    );
  });

  test('freezes that do not exist, only warn, or are a drill’s beside a real one are refused', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await freeze(desk, { mode: 'soft' });
    await accepted(desk, 'ana', 'declare we rehearse the restore sev:2 drill');
    await freeze(desk, { drill: true, incident: 1 });
    await change(desk);
    expect(await refused(desk, 'bob', `/freeze except FRZ-7 change:CHG-1 ${why}`)).toContain(
      'There is no FRZ-7',
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-2 change:CHG-1 ${why}`)).toContain(
      'FRZ-2 only warns',
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1,FRZ-3 change:CHG-1 ${why}`)).toContain(
      'an exception each',
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-9 ${why}`)).toContain(
      'I know no change “CHG-9”',
    );
    expect(await refused(desk, 'bob', `/freeze except nothing ${why}`)).toContain('Say which freezes');
  });

  test('the scope lies within the freezes: what is outside is refused, of a change it is left out', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await freeze(desk, { include: [{ services: ['billing'] }] });
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 on:api/dev ${why}`)).toContain(
      'does not cover api/dev',
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1,FRZ-2 on:api/prod ${why}`)).toContain(
      'FRZ-2 does not cover api/prod',
    );
    const { id: changeId } = await change(desk, 'move the queue', 'on:api/prod,api/dev');
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(reply).toContain('It covers api/prod. The rest of it is not in these freezes.');
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBe(1);
    expect(await through(desk, { changeId }, 'web/prod', [1])).toBeNull();
  });

  test('what a place leaves open is not let through', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 on:api/prod/eks ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    const named = { exception: 1 };
    expect(await through(desk, named, 'api/prod/eks', [1])).toBe(1);
    expect(await through(desk, named, 'api/prod', [1])).toBeNull();
    expect(await through(desk, named, 'api/prod/gke', [1])).toBeNull();
    // By its name only: whoever does not name it is not let through.
    expect(await through(desk, {}, 'api/prod/eks', [1])).toBeNull();
    expect(await through(desk, { exception: 2 }, 'api/prod/eks', [1])).toBeNull();
  });

  test('an exception of one change does not let another one through, also when it is named', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const { id: changeId } = await change(desk);
    const { id: another } = await change(desk, 'another deployment');
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await through(desk, { changeId }, 'api/prod', [1])).toBe(1);
    expect(await through(desk, { changeId: another }, 'api/prod', [1])).toBeNull();
    expect(await through(desk, { changeId: another, exception: 1 }, 'api/prod', [1])).toBeNull();
    // Nor one of which nobody knows what it is.
    expect(await through(desk, { key: 'run-1', exception: 1 }, 'api/prod', [1])).toBeNull();
    expect(await through(desk, { exception: 1 }, 'api/prod', [1])).toBeNull();
    await accepted(desk, 'bob', `/freeze except FRZ-1 on:api/prod ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-2');
    expect(await through(desk, { key: 'run-1', exception: 2 }, 'api/prod', [1])).toBe(2);
    expect(await through(desk, { key: 'run-1' }, 'api/prod', [1])).toBeNull();
  });

  test('what waits at the gate is named by what its pipeline calls it', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const { workspace, now } = desk;
    const question = {
      title: 'Deploy api 4.12',
      targets: [{ service: 'api', environment: 'prod', cluster: '' }],
    };
    await desk.db.write((tx) =>
      tx.verdict.create({
        data: {
          ...{ id: 'v1', workspaceId: workspace.id, source: 'token:ci', key: 'run-4711', question },
          ...{ answer: {}, decision: 'deny', askedById: 'token:1', askedByName: 'ci', askedAt: now },
          ...{ validUntil: now, queue: 'waiting', heldAt: now, heldBy: [1] },
        },
      }),
    );
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:run-1 ${why}`)).toContain(
      'I know no change “run-1”',
    );
    const reply = await accepted(desk, 'bob', `/freeze except FRZ-1 change:run-4711 ${why}`);
    expect(reply).toContain('for Deploy api 4.12');
    expect(reply).toContain('The gate knows the change');
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await through(desk, { key: 'run-4711' }, 'api/prod', [1])).toBe(1);
    expect(await through(desk, { key: 'run-4711', source: 'token:other' }, 'api/prod', [1])).toBeNull();
    expect(await through(desk, { key: 'run-4712', exception: 1 }, 'api/prod', [1])).toBeNull();
  });

  test('pressed twice it is asked for once', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    expect(await refused(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`)).toContain(
      'EXC-1 asks for this already',
    );
    expect(await sent(desk)).toHaveLength(2);
  });

  test('a drill’s exception is not announced to others', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare practice on:api/prod drill');
    await freeze(desk, { incident: 1, drill: true });
    await change(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 change:CHG-1 ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect((await sent(desk)).filter((each) => each.to === 'changes')).toEqual([]);
    const told = await sent(desk, 'said/');
    expect(told.map((each) => each.text).join()).toContain('EXC-1 is approved by Ana');
  });
});
