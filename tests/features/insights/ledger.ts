// A ledger for tests of what reads it: rows as the projections of changes write them.
import { randomUUID } from 'node:crypto';
import type { Prisma } from '../../../src/db/tx.js';
import type { Desk } from '../../helpers/desk.js';

export type ChangeRow = Partial<Omit<Prisma.ChangeCreateManyInput, 'workspaceId' | 'number'>> & {
  /** `api/prod`, `web/staging/eu-1`. */
  readonly on?: readonly string[];
};

// Far from those that commands take.
let number = 10_000;

/** Puts changes into the ledger and returns their ids. Unless told otherwise each succeeded in production. */
export async function keepChanges(
  desk: Pick<Desk, 'db' | 'now'> & { workspace: { id: string } },
  rows: readonly ChangeRow[],
): Promise<string[]> {
  const workspaceId = desk.workspace.id;
  const made = rows.map(({ on = ['api/prod'], ...row }) => {
    number += 1;
    const startsAt = row.startsAt ?? row.startedAt ?? row.plannedStart ?? row.finishedAt ?? desk.now;
    const change = {
      ...{ id: randomUUID(), workspaceId, number, source: 'andon', key: randomUUID(), sequence: null },
      ...{ kind: 'deploy', title: `change ${number}`, state: 'succeeded', production: true },
      ...{ ownerId: 'U0ANA', ownerName: 'Ana', announcedById: 'U0ANA', announcedByName: 'Ana' },
      ...{ announcedAt: desk.now, conflicts: [] },
      ...row,
      startsAt,
    };
    return { change, on };
  });
  await desk.db.write(async (tx) => {
    await tx.change.createMany({ data: made.map(({ change }) => change) });
    await tx.changeTarget.createMany({
      data: made.flatMap(({ change, on }) =>
        on.map((name, i) => {
          const [service = '', environment = '', cluster = ''] = name.split('/');
          const { id, startsAt, state } = change;
          return {
            id: `${id}:${i}`,
            workspaceId,
            changeId: id,
            service,
            environment,
            cluster,
            startsAt,
            state,
          };
        }),
      ),
    });
  });
  return made.map(({ change }) => change.id);
}
