// A change that nobody says works: after everybody was asked in the channel, whoever is on call for it is called.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { says, until } from '../../helpers/telling.js';
import { announce, setState } from '../attended/help.js';
import { factsOf, onCall } from './help.js';

describe.each(engines)('on %s', (engine) => {
  test('silence after an upgrade calls whoever is on call, until somebody says whether it works', async () => {
    const desk = await openDesk(engine);
    await onCall(desk);
    const id = await announce(desk);
    await until(desk, '2026-03-10T14:00:00Z');
    await setState(desk, id, 'started');
    await setState(desk, id, 'validating');
    await until(desk, '2026-03-10T14:59:00Z');
    expect(await desk.db.read.page.count()).toBe(0);
    await until(desk, '2026-03-10T15:01:00Z');
    const [opened] = await factsOf(desk, 'PageOpened');
    expect(opened).toMatchObject({ cause: { kind: 'validation', name: 'CHG-1' }, target: { name: 'db' } });
    expect(opened?.reason).toContain('/change validate CHG-1');
    await says(desk, 'eve', '/change validate CHG-1 good reads and writes');
    await desk.turn();
    expect(await desk.db.read.page.findFirstOrThrow()).toMatchObject({ state: 'withdrawn' });
  });

  test('where nobody is on call, nobody is called in vain', async () => {
    const desk = await openDesk(engine);
    const id = await announce(desk);
    await until(desk, '2026-03-10T14:00:00Z');
    await setState(desk, id, 'validating');
    await until(desk, '2026-03-10T16:00:00Z');
    expect(await desk.db.read.page.count()).toBe(0);
  });
});
