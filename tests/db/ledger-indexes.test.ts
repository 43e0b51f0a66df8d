// A long ledger is searched by index: whatever is asked at every change and at every incident reads no table whole.
import { describe, expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { openDesk } from '../helpers/desk.js';
import { expectIndexed, fillLedger, plansOf } from '../helpers/plan.js';

const until = new Date('2026-03-10T10:45:00Z');

describe.each(engines)('on %s', (engine) => {
  test('a query that no index serves is found out, and one that an index serves is not', async () => {
    const desk = await openDesk(engine);
    const workspaceId = desk.workspace.id;
    await fillLedger(desk.url, workspaceId, until);
    const plans = await plansOf(desk.url, workspaceId, (tx) =>
      tx.change.findMany({ where: { title: { contains: 'nowhere' } } }),
    );
    expect(plans.flatMap((each) => each.steps)).toMatchObject([{ table: 'Change', whole: true }]);
    await expect(
      expectIndexed(desk.url, workspaceId, (tx) => tx.changeTarget.findMany({ where: { state: 'started' } })),
    ).rejects.toThrow(/ChangeTarget/);
    await expectIndexed(desk.url, workspaceId, (tx) =>
      tx.change.findMany({ where: { state: 'started' }, orderBy: { startsAt: 'desc' }, take: 20 }),
    );
  });
});
