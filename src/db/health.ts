// Is the database well? Looks with plain statements, so that it can say so when nothing else works. Changes nothing.
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { type Finding, fail, ok, warn } from '../core/finding.js';
import { migrationNames } from './migrate.js';
import { type Engine, engineOf, sqliteExists, sqlitePath } from './open.js';
import { countRunning } from './run-lock.js';

export interface DatabaseHealth {
  readonly findings: readonly Finding[];
  /** True when it opens and has every table that this version reads. */
  readonly readable: boolean;
}

/** A connection that asks and tries to write, and keeps nothing. */
interface Plain {
  rows(query: string): Promise<Record<string, unknown>[]>;
  /** Throws what a write would throw; the write itself is taken back. */
  tryToWrite(statement: string): Promise<void>;
  close(): Promise<void>;
}

interface Applied {
  readonly name: string;
  readonly finished: boolean;
}

const patienceMs = 3_000;
const roomMb = 200;
const mb = 1024 * 1024;
// The table that every command writes to first.
const someRow = `INSERT INTO "Request" ("workspaceId", "id", "at") VALUES ('andon doctor', 'andon doctor', 0)`;

/** Looks at the database of an URL: opens it, compares migrations, tries to write, and sees who runs on it. */
export async function checkDatabase(url: string): Promise<DatabaseHealth> {
  const name = databaseName(url);
  if (engineOf(url) === 'sqlite' && !sqliteExists(url)) return { findings: [absent(url)], readable: false };
  let plain: Plain;
  try {
    plain = engineOf(url) === 'sqlite' ? openSqlite(url) : await openPostgres(url);
    await plain.rows('SELECT 1');
  } catch (error) {
    return { findings: [unopened(name, error)], readable: false };
  }
  try {
    const opened = ok('database', `${name} opens.`);
    const { finding, pending } = await checkMigrations(plain, engineOf(url));
    const usable = finding.outcome !== 'FAIL' && pending.length === 0;
    const findings = [
      opened,
      finding,
      ...(usable ? [await checkWriting(plain, url)] : []),
      await checkRunning(url),
    ];
    return { findings, readable: usable };
  } catch (error) {
    return { findings: [unopened(name, error)], readable: false };
  } finally {
    await plain.close().catch(() => {});
  }
}

/** A database as it may be shown: without user and password. */
export function databaseName(url: string): string {
  if (engineOf(url) === 'sqlite') return `file:${sqlitePath(url)}`;
  try {
    const { host, pathname } = new URL(url);
    return `postgresql://${host}${pathname}`;
  } catch {
    return 'the PostgreSQL database';
  }
}

function absent(url: string): Finding {
  const folder = dirname(resolve(sqlitePath(url)));
  const existing = existingFolder(folder);
  const said = `There is none at ${databaseName(url)} yet`;
  const elsewhere = 'If there should be one, set DATABASE_URL to where it is.';
  if (!isWritableFolder(existing))
    return fail(
      'database',
      `${said}, and this user may make none: ${existing} cannot be written.`,
      `Give this user the right to write in ${existing}, or set DATABASE_URL to a file elsewhere.`,
    );
  const makes = existing === folder ? `makes it in ${folder}` : `makes the folder ${folder} and the file`;
  return warn('database', `${said}; \`andon start\` ${makes}.`, elsewhere);
}

function existingFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder));
}

function isWritableFolder(folder: string): boolean {
  try {
    if (!statSync(folder).isDirectory()) return false;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unopened(name: string, error: unknown): Finding {
  const code = codeOf(error);
  const mend =
    code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT'
      ? 'It is damaged or no database: put a backup in its place, or set DATABASE_URL to the right file.'
      : code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT'
        ? 'Start PostgreSQL, or mend host and port in DATABASE_URL.'
        : code === '28P01' || code === '28000' || code === '3D000'
          ? 'Mend user, password and name in DATABASE_URL, or make the database.'
          : code.startsWith('SQLITE')
            ? 'Mend DATABASE_URL, or the rights on the file and its folder.'
            : 'Mend DATABASE_URL, or see in PostgreSQL’s own log why it refused.';
  return fail('database', `${name} does not open: ${reasonOf(error)}.`, mend);
}

async function checkMigrations(
  plain: Plain,
  engine: Engine,
): Promise<{ finding: Finding; pending: readonly string[] }> {
  const ours = migrationNames(engine);
  const applied = await appliedMigrations(plain);
  const halfDone = applied.filter((each) => !each.finished).map((each) => each.name);
  const later = applied.map((each) => each.name).filter((each) => !ours.includes(each));
  const pending = ours.filter((each) => !applied.some((one) => one.name === each));
  const finding =
    halfDone.length > 0
      ? fail(
          'migrations',
          `${halfDone.join(', ')} stopped half-way.`,
          'Put the backup from before the upgrade in its place, and start again.',
        )
      : later.length > 0
        ? fail(
            'migrations',
            `The database is of a later version of Andon: this one does not know ${later.join(', ')}.`,
            'Run the later version.',
          )
        : pending.length > 0
          ? warn(
              'migrations',
              `${pending.length} of ${ours.length} are missing.`,
              '`andon start` and `andon migrate` apply them.',
            )
          : ok('migrations', `All ${ours.length} are applied.`);
  return { finding, pending };
}

async function appliedMigrations(plain: Plain): Promise<Applied[]> {
  try {
    const rows = await plain.rows(
      'SELECT "migration_name", "finished_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL',
    );
    return rows.map((row) => ({ name: String(row.migration_name), finished: row.finished_at !== null }));
  } catch (error) {
    if (/no such table|does not exist/.test(reasonOf(error))) return [];
    throw error;
  }
}

async function checkWriting(plain: Plain, url: string): Promise<Finding> {
  try {
    await plain.tryToWrite(someRow);
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY'))
      return warn(
        'writing',
        `Another program held the write lock for ${patienceMs / 1000} s.`,
        'If it goes on, find the program that has the file open, such as a backup.',
      );
    return fail(
      'writing',
      `A write is refused: ${reasonOf(error)}.`,
      'Check the rights on it, and that the disk is neither full nor read-only.',
    );
  }
  const free = engineOf(url) === 'sqlite' ? freeMb(url) : null;
  if (free !== null && free < roomMb)
    return warn('writing', `A write works, but only ${free} MB are free.`, 'Make room on that disk.');
  return ok('writing', 'A write works; it was taken back.');
}

function freeMb(url: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(sqlitePath(url))));
    return Math.floor((bavail * bsize) / mb);
  } catch {
    return null;
  }
}

async function checkRunning(url: string): Promise<Finding> {
  const running = await countRunning(url);
  if (running === 0) return ok('running', 'No Andon runs on this database now.');
  return ok('running', `${running === 1 ? 'One Andon runs' : `${running} replicas run`} on it now.`);
}

function openSqlite(url: string): Plain {
  const db = new Sqlite(sqlitePath(url), { fileMustExist: true, timeout: patienceMs });
  return {
    rows: async (query) => db.prepare(query).all() as Record<string, unknown>[],
    async tryToWrite(statement) {
      db.exec('BEGIN IMMEDIATE');
      try {
        db.exec(statement);
      } finally {
        if (db.inTransaction) db.exec('ROLLBACK');
      }
    },
    close: async () => void db.close(),
  };
}

async function openPostgres(url: string): Promise<Plain> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs });
  client.on('error', () => {});
  await client.connect();
  return {
    rows: async (query) => (await client.query(query)).rows,
    async tryToWrite(statement) {
      await client.query('BEGIN');
      try {
        await client.query(statement);
      } finally {
        await client.query('ROLLBACK');
      }
    },
    close: () => client.end(),
  };
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

// A refused connection to a name with several addresses has a code and no message.
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message || codeOf(error) || 'no reason given').replace(/[.\s]+$/, '');
}
