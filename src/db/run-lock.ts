// The run lock: who may run on a database. The operating system or PostgreSQL frees it when a process dies.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { Plain } from '../core/faults.js';
import { engineOf, sqlitePath } from './open.js';

export interface RunLock {
  release(): Promise<void>;
}

/** Somebody else holds the database; the sentence says what to do. */
export class DatabaseInUse extends Plain {}

// Any two numbers of our own: PostgreSQL's advisory locks are named by number.
const migrationKey = 7_463_001;
const runKey = 7_463_002;
const migrationWaitMs = 60_000;

/**
 * Takes the right to run. SQLite: one process per file. PostgreSQL: any number may share it, and `alone` (rebuild)
 * has it to itself. Throws DatabaseInUse at once when it is taken.
 */
export async function takeRunLock(url: string, options: { alone?: boolean } = {}): Promise<RunLock> {
  if (engineOf(url) === 'sqlite') return lockFile(`${sqlitePath(url)}.lock`, sqlitePath(url));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const mode = options.alone ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared';
  const { rows } = await client.query(`SELECT ${mode}($1) AS taken`, [runKey]);
  if (!rows[0]?.taken) {
    await client.end();
    throw new DatabaseInUse(
      options.alone
        ? 'Andon is running on this database. Stop every replica first, then try again.'
        : 'The database is being rebuilt. Start again when `andon rebuild` has ended.',
    );
  }
  // A lost connection must not end the process: the lock is gone with it, and the next statement will say so.
  client.on('error', () => {});
  return { release: () => client.end() };
}

/** How many run on a database now; with SQLite one at the most. */
export async function countRunning(url: string): Promise<number> {
  if (engineOf(url) === 'sqlite') {
    try {
      await lockFile(`${sqlitePath(url)}.lock`, sqlitePath(url)).release();
      return 0;
    } catch (error) {
      if (error instanceof DatabaseInUse) return 1;
      throw error;
    }
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT count(DISTINCT pid)::int AS running FROM pg_locks
       WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [runKey],
    );
    return rows[0]?.running ?? 0;
  } finally {
    await client.end();
  }
}

/** Runs `work` while no other process migrates the same database; waits for its turn. */
export async function withMigrationLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  if (engineOf(url) === 'sqlite') {
    const lock = lockFile(`${sqlitePath(url)}.migrating`, sqlitePath(url), migrationWaitMs);
    return work().finally(() => lock.release());
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationKey]);
    return await work();
  } finally {
    await client.end();
  }
}

// An exclusive SQLite transaction on a file of its own: freed by the operating system however the process ends.
function lockFile(path: string, of: string, waitMs = 0): RunLock {
  mkdirSync(dirname(path), { recursive: true });
  const lock = new Sqlite(path, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!/locked|busy/i.test(String(error))) throw error;
    throw new DatabaseInUse(
      `Another Andon is running on ${of}. Stop it first, or give this one its own file with DATABASE_URL=file:….`,
    );
  }
  return { release: async () => void lock.close() };
}
