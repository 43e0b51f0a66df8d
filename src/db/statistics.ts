// What SQLite is told of the ledger's tables: that they are long, and which of their columns tell rows apart.
import { adapterFor, engineOf } from './open.js';

/**
 * By index: about how many rows the table has, and how many of them one value of its first column finds, of its first
 * two, and so on. Every row of a workspace has the same `workspaceId`. Hardly one is under way and nearly all have
 * succeeded: so many for a state that what ended in some time is found by that time, and what is under way by its state.
 */
const rowsFound: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Change: {
    sqlite_autoindex_Change_1: '1000000 1',
    Change_workspaceId_number_key: '1000000 1000000 1',
    Change_workspaceId_source_key_key: '1000000 1000000 10000 1',
    Change_workspaceId_state_startsAt_idx: '1000000 1000000 20000 1',
    Change_workspaceId_startsAt_idx: '1000000 1000000 1',
    Change_workspaceId_finishedAt_idx: '1000000 1000000 1',
    Change_workspaceId_ownerId_state_idx: '1000000 1000000 3000 100',
  },
  ChangeTarget: {
    sqlite_autoindex_ChangeTarget_1: '1000000 1',
    ChangeTarget_workspaceId_service_environment_startsAt_idx: '1000000 1000000 5000 2000 1',
    ChangeTarget_workspaceId_cluster_startsAt_idx: '1000000 1000000 50000 1',
    ChangeTarget_changeId_idx: '1000000 1',
  },
};

/**
 * Without counts SQLite takes it that one value of an index's first column finds ten rows. Then `workspaceId` looks
 * better than a list of ids, and of a ledger of a million changes each is read (seen: EXPLAIN QUERY PLAN of a hundred
 * ids). So it is told at every start, when it has not been told yet; PostgreSQL counts by itself.
 */
export async function tellStatistics(url: string): Promise<void> {
  if (engineOf(url) !== 'sqlite') return;
  const connection = await adapterFor(url).connect();
  const read = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  try {
    const told = Object.entries(rowsFound).flatMap(([table, indexes]) =>
      Object.entries(indexes).map(([index, stat]) => [table, index, stat] as const),
    );
    const made = await read(`SELECT name FROM sqlite_schema WHERE name = 'sqlite_stat1'`);
    const known = made.length > 0 ? await read('SELECT tbl, idx, stat FROM sqlite_stat1') : [];
    const rows = new Set(known.map((row) => row.join(' ')));
    if (told.every((row) => rows.has(row.join(' ')))) return;
    const values = told.map((row) => `(${row.map((cell) => `'${cell}'`).join(', ')})`);
    await connection.executeScript(`
      ANALYZE sqlite_schema;
      DELETE FROM sqlite_stat1 WHERE tbl IN (${Object.keys(rowsFound).map((table) => `'${table}'`)});
      INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ${values.join(', ')};
      ANALYZE sqlite_schema;`);
  } finally {
    await connection.dispose();
  }
}
