// `show`: what is known now, with what is under way.
import { expect, test } from 'vitest';
import { openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';

test('it has a line each for the pages that ring, for what is to be done and for checklists', async () => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', 'declare writes are stuck sev:1');
  expect(await says(desk, 'ana', 'show INC-1')).not.toMatch(/Ringing|To be done|Checklists/);
  await says(desk, 'ana', 'page INC-1 @bob the primary is gone');
  await says(desk, 'ana', 'task INC-1 restore the backup');
  const { id: incidentId } = await desk.db.read.incident.findFirstOrThrow();
  const step = { text: 'stop writes', owner: null, second: false, done: null, seconded: null, skipped: null };
  await desk.db.write((tx) =>
    tx.checklistRun.create({
      data: {
        ...{ id: 'c', workspaceId: desk.workspace.id, incidentId, name: 'failover', title: 'Failover' },
        ...{ steps: [step], startedById: 'U0ANA', startedByName: 'Ana', startedAt: desk.now },
      },
    }),
  );
  const text = await says(desk, 'bob', 'show INC-1');
  expect(text).toContain('Ringing, not answered: PAGE-1 to Bob');
  expect(text).toMatch(/To be done \(1\): .*restore the backup/);
  expect(text.match(/To be done/g)).toHaveLength(1);
  expect(text).toContain('Checklists: failover 0 of 1');
  await says(desk, 'bob', 'ack PAGE-1');
  expect(await says(desk, 'bob', 'show INC-1')).not.toContain('Ringing');
});
