// Rebuild: empties the state and reads the record again. Takes the run lock, and never reacts.
import type { Fact } from '../core/fact.js';
import type { Feature } from '../core/feature.js';
import { readFact } from './facts.js';
import type { Database } from './open.js';
import type { Tx } from './tx.js';

export type Project = (features: readonly Feature[], tx: Tx, facts: readonly Fact[]) => Promise<void>;

const batchSize = 500;

/** Makes all state rows again from the record, in one transaction, and returns how many facts were read. */
export async function rebuild(db: Database, features: readonly Feature[], project: Project): Promise<number> {
  return db.write(
    async (tx) => {
      const tables = features.flatMap((each) => [...(each.tables ?? []), ...(each.sharedTables ?? [])]);
      for (const table of tables) await emptyTable(tx, table);
      let read = 0;
      for (let position = 0; ; ) {
        const rows = await tx.fact.findMany({
          where: { position: { gt: position } },
          orderBy: { position: 'asc' },
          take: batchSize,
        });
        const last = rows.at(-1);
        if (!last) return read;
        await project(features, tx, rows.map(readFact));
        position = last.position;
        read += rows.length;
      }
    },
    { timeout: 3_600_000 },
  );
}

/** Deletes every row of a table. */
export async function emptyTable(tx: Tx, table: keyof Tx & string): Promise<void> {
  const delegate = tx[table] as { deleteMany(args: object): Promise<unknown> };
  await delegate.deleteMany({});
}
