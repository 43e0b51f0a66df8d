// Can the database be used at all? Said in a sentence that names DATABASE_URL, before anything else is tried on it.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { Fault } from '../core/faults.js';
import { engineOf, sqlitePath } from './open.js';

const connectTimeoutMs = 10_000;

/** Throws a Fault when the database of the URL cannot be opened for writing. Makes the folder of a new SQLite file. */
export async function checkUsable(url: string): Promise<void> {
  if (engineOf(url) === 'sqlite') checkFile(resolve(sqlitePath(url)));
  else await checkServer(url);
}

function checkFile(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(
      error,
      `DATABASE_URL: the folder ${folder} cannot be written (${codeOf(error)}). Give this user the right to, or name a file elsewhere.`,
    );
  }
  if (!existsSync(path)) return;
  if (!statSync(path).isFile())
    throw unusable(null, `DATABASE_URL: ${path} is not a file. Name a file in it, such as ${path}/andon.db.`);
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw unusable(
      error,
      `DATABASE_URL: the file ${path} cannot be written (${codeOf(error)}). Give this user the right to, or name another file.`,
    );
  }
  checkContent(path);
}

function checkContent(path: string): void {
  try {
    const database = new Sqlite(path, { timeout: 0 });
    try {
      database.prepare('SELECT count(*) FROM sqlite_master').get();
    } finally {
      database.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (!code.startsWith('SQLITE_')) throw moduleMissing(error);
    // Somebody is writing: it is a database, and others know how to wait for it.
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return;
    const what = code === 'SQLITE_NOTADB' ? 'is not a SQLite database' : `cannot be opened (${code})`;
    throw unusable(error, `DATABASE_URL: ${path} ${what}. Name another file, or put a backup in its place.`);
  }
}

// Nothing is wrong with the file: what reads it was not built for this Node.
function moduleMissing(error: unknown): Fault {
  return unusable(
    error,
    'SQLite cannot be used: the module better-sqlite3 is not built for this Node. Run: npm rebuild better-sqlite3. The database was not touched.',
  );
}

async function checkServer(url: string): Promise<void> {
  let client: pg.Client | null = null;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
    client.on('error', () => {});
    await client.connect();
  } catch (error) {
    throw unusable(error, `DATABASE_URL: ${reasonAgainst(error, url)}`);
  } finally {
    await client?.end().catch(() => {});
  }
}

function reasonAgainst(error: unknown, url: string): string {
  const code = codeOf(error);
  const { host, user, name } = partsOf(url);
  if (code === 'ECONNREFUSED')
    return `PostgreSQL at ${host} refuses connections. Is it running, and is the port right?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `the host ${host} cannot be resolved. Mend the name of the host.`;
  if (code === '28P01' || code === '28000')
    return `PostgreSQL at ${host} does not let the user “${user}” in. Mend the user or the password.`;
  if (code === '3D000') return `there is no database “${name}” at ${host}. Make it, or mend the name.`;
  const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `PostgreSQL at ${host} cannot be used: ${words || code}.`;
}

/** Without the password, which is never shown. */
function partsOf(url: string): { host: string; user: string; name: string } {
  try {
    const parsed = new URL(url);
    const name = decodeURIComponent(parsed.pathname.slice(1));
    return { host: parsed.host, user: decodeURIComponent(parsed.username), name };
  } catch {
    return { host: 'the address', user: '', name: '' };
  }
}

// Several addresses that all fail come as one error without words of its own.
function codeOf(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return errors?.length ? codeOf(errors[0]) : 'unknown';
}

function unusable(error: unknown, sentence: string): Fault {
  return new Fault('database_unusable', error ? codeOf(error) : 'unusable', sentence, { cause: error });
}
