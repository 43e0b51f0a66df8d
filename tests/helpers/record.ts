// Looking at the database from outside: everything in it, what waits, and whether the record's chain holds.
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { chainStart, digestOf, linkHash, readFact, saidDigestOf } from '../../src/db/facts.js';
import { openDatabase, sqlitePath } from '../../src/db/open.js';

/** Every row of every table, as JSON by table: equal before and after means that nothing was written. */
export function everything(databaseUrl: string): Record<string, readonly string[]> {
  return look(databaseUrl, (db) => {
    const tables = db
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      )
      .all() as { name: string }[];
    return Object.fromEntries(
      tables.map(({ name }) => [
        name,
        db
          .prepare(`SELECT * FROM "${name}"`)
          .safeIntegers()
          .all()
          .map((row) =>
            JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value)),
          ),
      ]),
    );
  });
}

/** Every row of every table as one text, of either engine. */
export async function everyRow(databaseUrl: string): Promise<string> {
  if (databaseUrl.startsWith('file:')) return Object.values(everything(databaseUrl)).flat().join('\n');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const found = await client.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`);
      texts.push(...found.rows.map((each) => each.row));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

/** How many rows each table has. */
export function rowCounts(databaseUrl: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(everything(databaseUrl)).map(([name, rows]) => [name, rows.length]),
  );
}

/** The rows of one query, read at once: nothing else of this process runs meanwhile. */
export function rows<T>(databaseUrl: string, query: string): T[] {
  return look(databaseUrl, (db) => db.prepare(query).all() as T[]);
}

/** Jobs that are not done, with what keeps them. */
export function unfinished(databaseUrl: string): { kind: string; state: string; error: string | null }[] {
  return rows(
    databaseUrl,
    `SELECT "kind", "state", "error" FROM "Job" WHERE "state" <> 'done' ORDER BY "kind"`,
  );
}

/** Recomputes every incident's chain of hashes; the incidents whose facts do not add up. */
export async function brokenChains(databaseUrl: string): Promise<string[]> {
  const db = openDatabase(databaseUrl);
  try {
    const facts = await db.read.fact.findMany({
      where: { incidentId: { not: null } },
      orderBy: [{ incidentId: 'asc' }, { seq: 'asc' }],
    });
    const broken = new Set<string>();
    const last = new Map<string, { seq: number; hash: string }>();
    for (const row of facts) {
      const id = row.incidentId ?? '';
      const before = last.get(id) ?? { seq: 0, hash: chainStart };
      const fact = readFact(row);
      const digest = digestOf(saidDigestOf(row.salt, fact), fact);
      const hash = linkHash(before.hash, before.seq + 1, digest);
      if (row.digest !== digest || row.seq !== before.seq + 1 || row.hash !== hash) broken.add(id);
      last.set(id, { seq: before.seq + 1, hash });
    }
    for (const chain of await db.read.chain.findMany()) {
      const end = last.get(chain.incidentId);
      if (end?.seq !== chain.seq || end.hash !== chain.hash) broken.add(chain.incidentId);
    }
    return [...broken];
  } finally {
    await db.close();
  }
}

/** Holds SQLite's write lock, as a backup or another program might, until it is let go. */
export function holdWriteLock(databaseUrl: string): () => void {
  const db = new Sqlite(sqlitePath(databaseUrl), { timeout: 5_000 });
  db.exec('BEGIN IMMEDIATE');
  return () => {
    if (!db.open) return;
    db.exec('ROLLBACK');
    db.close();
  };
}

function look<T>(databaseUrl: string, work: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(sqlitePath(databaseUrl), { readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
