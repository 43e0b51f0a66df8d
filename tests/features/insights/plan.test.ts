// Counting follows indexes: its time grows with what ended in the period, not with the ledger.
import { expect, test } from 'vitest';
import { dayMs } from '../../../src/core/time/index.js';
import { countSections, readSections } from '../../../src/features/digest/store.js';
import { periodBefore } from '../../../src/features/insights/period.js';
import { countChanges } from '../../../src/features/insights/store.js';
import { engines } from '../../helpers/databases.js';
import { openDesk } from '../../helpers/desk.js';
import { expectIndexed, fillLedger } from '../../helpers/plan.js';

// In queries of our own the tables are called by a letter.
const tables = ['Change', 'ChangeTarget', 'c', 't'];

test.each(engines)('%s: statistics of two hours, and the digest', async (engine) => {
  const desk = await openDesk(engine);
  await fillLedger(desk.url, desk.workspace.id, desk.now);
  const { id } = desk.workspace;
  const work = async (tx: Parameters<Parameters<typeof expectIndexed>[2]>[0]) => {
    const period = periodBefore(desk.now, dayMs / 12, 'UTC');
    await countChanges(tx, id, { period, on: [] });
    await countChanges(tx, id, { period, on: [{ service: 'api', environment: '', cluster: '' }] });
    await countSections(tx, id, desk.now, 'UTC');
    await readSections(tx, id, desk.now, 'UTC', {
      underWay: 3,
      today: 3,
      tomorrow: 2,
      validating: 2,
      uncovered: 4,
    });
  };
  const planned = await expectIndexed(desk.url, id, work, { tables });
  // By when they ended, not by their state: that would be all that ever ended, for each column anew.
  const counting = planned.filter(({ sql }) => sql.includes('AS "outcome"'));
  expect(counting.length).toBe(4);
  for (const { steps } of counting)
    for (const { how } of steps.filter(({ table }) => ['Change', 'c'].includes(table)))
      expect(how).toContain('finishedAt');
});
