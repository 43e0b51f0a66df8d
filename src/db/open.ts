// Opens the database: the one place that knows there are two engines.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient as PostgresClient } from './generated/postgresql/client/client.js';
import { PrismaClient as SqliteClient } from './generated/sqlite/client/client.js';
import { PostgresCatalogAdapter } from './postgres-catalog.js';
import { scopedTo } from './scope.js';
import { Turns } from './turns.js';
import type { Client, Tx } from './tx.js';

export type Engine = 'sqlite' | 'postgresql';

export interface WriteOptions {
  readonly timeout?: number;
  /** What kind of work this is: of one kind only a few hold a connection at once, whatever comes in a storm. */
  readonly kind?: string;
}

/** The rows of one workspace, or, for the program's own machinery, of all. */
export interface Rows {
  /** Committed rows only. On SQLite it cannot write at all. */
  readonly read: Tx;
  /** One transaction; on SQLite one at a time, holding the write lock from its first write on. */
  write<T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** Reads the rows as they are at one moment, however long it takes and whatever is committed meanwhile. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface Database extends Rows {
  readonly engine: Engine;
  /** The rows of one workspace: what everything done for somebody goes through. */
  of(workspaceId: string): Rows;
  close(): Promise<void>;
}

// better-sqlite3 waits for a lock with the whole process standing still, and a command must be answered in three
// seconds; so it waits hardly at all, and the transaction is begun again.
const busyTimeoutMs = 50;
const busyPauseMs = 40;
const busyPatienceMs = 15_000;
const poolSize = 10;
/** Of one kind of work; the rest of the connections stay for everything else. */
const kindAtOnce = 3;
const turnPatienceMs = 20_000;
const transactionLimits = { maxWait: 20_000, timeout: 30_000 };
const snapshotLimits = { maxWait: 20_000, timeout: 3_600_000 };

/** `file:…` is SQLite, `postgres(ql)://…` PostgreSQL. Throws on anything else; config has refused it before. */
export function engineOf(url: string): Engine {
  if (url.startsWith('file:')) return 'sqlite';
  if (/^postgres(ql)?:\/\//.test(url)) return 'postgresql';
  throw new Error(`DATABASE_URL must start with file: or postgresql://`);
}

/** The path of a SQLite database, from its URL. */
export function sqlitePath(url: string): string {
  return url.slice('file:'.length);
}

/** True when the file of a SQLite URL is there. */
export function sqliteExists(url: string): boolean {
  return existsSync(sqlitePath(url));
}

/** Opens an already migrated database. */
export function openDatabase(url: string): Database {
  return engineOf(url) === 'sqlite' ? openSqlite(url) : openPostgres(url);
}

/** A SQLite database in memory, made by these scripts, empty otherwise. */
export function openInMemory(scripts: readonly string[]): Client {
  return new SqliteClient({ adapter: new SqliteAdapter('file::memory:', [], scripts) });
}

/** The driver adapter of the URL's engine, for the schema engine. */
export function adapterFor(url: string): SqlMigrationAwareDriverAdapterFactory {
  if (engineOf(url) === 'postgresql') return new PostgresCatalogAdapter(url);
  mkdirSync(dirname(sqlitePath(url)), { recursive: true });
  return new SqliteAdapter(url, durable);
}

// secure_delete: what a redaction takes out must not stay in the file's free space.
const durable = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON'];

// Prisma's SQLite adapter runs every statement on one connection, so a statement outside a transaction would fall
// into whichever transaction is open, read its uncommitted rows and be rolled back with it. Hence two connections:
// one that only runs transactions, one that only reads what is committed.
function openSqlite(url: string): Database {
  const writer = new SqliteClient({
    adapter: new SqliteAdapter(url, durable),
    transactionOptions: transactionLimits,
  });
  const reader = new SqliteClient({
    adapter: new SqliteAdapter(url, [...durable, 'query_only = ON']),
  });
  const turns = new Turns(kindAtOnce, turnPatienceMs);
  return {
    engine: 'sqlite',
    ...rowsOf(reader, writer, whenFree, turns),
    of: remembered((id) => rowsOf(scopedTo(reader, id), scopedTo(writer, id), whenFree, turns)),
    async close() {
      await Promise.all([writer.$disconnect(), reader.$disconnect()]);
    },
  };
}

type Around = <T>(transaction: () => Promise<T>) => Promise<T>;

function rowsOf(reader: Client, writer: Client, around: Around, turns: Turns): Rows {
  return {
    read: reader,
    write: (work, { kind, ...options } = {}) => {
      const transaction = () => around(() => writer.$transaction((tx) => work(tx), options));
      return kind === undefined ? transaction() : turns.in(kind, transaction);
    },
    // On SQLite a transaction that only reads sees one moment, and holds up nobody who writes.
    snapshot: (work) => reader.$transaction((tx) => work(tx), snapshotLimits),
  };
}

function remembered(make: (workspaceId: string) => Rows): (workspaceId: string) => Rows {
  const made = new Map<string, Rows>();
  return (workspaceId) => {
    const rows = made.get(workspaceId) ?? make(workspaceId);
    made.set(workspaceId, rows);
    return rows;
  };
}

// Another process has the file: a command line beside Andon, or a backup. Transactions begin with a write, so one
// that finds the file locked has done nothing yet.
async function whenFree<T>(transaction: () => Promise<T>): Promise<T> {
  const until = Date.now() + busyPatienceMs;
  for (;;) {
    try {
      return await transaction();
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, busyPauseMs));
    }
  }
}

function isBusy(error: unknown): boolean {
  const meta = (error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } } | null)
    ?.meta;
  return meta?.driverAdapterError?.cause?.originalCode?.startsWith('SQLITE_BUSY') ?? false;
}

function openPostgres(url: string): Database {
  const adapter = new PrismaPg({ connectionString: url, max: poolSize });
  const client = new PostgresClient({ adapter, transactionOptions: transactionLimits });
  // The one cast between engines. Both clients are generated from one schema and differ only in types that name
  // their engine; code above this folder uses no feature that only one of them has.
  const shared = client as unknown as Client;
  const turns = new Turns(kindAtOnce, turnPatienceMs);
  const postgresRows = (of: Client): Rows => ({
    ...rowsOf(of, of, (transaction) => transaction(), turns),
    snapshot: (work) =>
      of.$transaction(async (tx) => {
        await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY`;
        return work(tx);
      }, snapshotLimits),
  });
  return {
    engine: 'postgresql',
    ...postgresRows(shared),
    of: remembered((id) => postgresRows(scopedTo(shared, id))),
    close: () => client.$disconnect(),
  };
}

/** Prisma's adapter, with the pragmas set on every connect: a reopened file falls back to synchronous = NORMAL. */
class SqliteAdapter implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'sqlite';
  readonly adapterName: string;
  readonly #inner: PrismaBetterSqlite3;
  readonly #statements: readonly string[];

  constructor(url: string, pragmas: readonly string[], scripts: readonly string[] = []) {
    this.#inner = new PrismaBetterSqlite3({ url: `file:${sqlitePath(url)}`, timeout: busyTimeoutMs });
    this.adapterName = this.#inner.adapterName;
    this.#statements = [...pragmas.map((pragma) => `PRAGMA ${pragma}`), ...scripts];
  }

  async connect(): Promise<SqlDriverAdapter> {
    const connection = await this.#inner.connect();
    for (const statement of this.#statements) await connection.executeScript(statement);
    return connection;
  }

  // The schema engine hands the shadow a whole migration as one statement, which better-sqlite3 refuses to prepare.
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const shadow = await this.#inner.connectToShadowDb();
    const executeRaw = shadow.executeRaw.bind(shadow);
    shadow.executeRaw = async (query) => {
      if (query.args.length > 0) return executeRaw(query);
      await shadow.executeScript(query.sql);
      return 0;
    };
    return shadow;
  }
}
