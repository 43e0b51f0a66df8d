// Databases for tests: a fresh one of either engine. PostgreSQL is the one that PGHOST or ANDON_TEST_POSTGRES names.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const { PGHOST = '127.0.0.1', PGPORT, PGUSER, PGPASSWORD, ANDON_TEST_POSTGRES } = process.env;

/** A PostgreSQL where tests may make databases; null where there is none. */
export const postgresUrl: string | null =
  ANDON_TEST_POSTGRES ??
  (PGPORT && PGUSER
    ? `postgresql://${encodeURIComponent(PGUSER)}:${encodeURIComponent(PGPASSWORD ?? '')}@${PGHOST.startsWith('/') ? '127.0.0.1' : PGHOST}:${PGPORT}/postgres`
    : null);

/** The engines that this machine can test. */
export const engines: readonly ('sqlite' | 'postgresql')[] = postgresUrl
  ? ['sqlite', 'postgresql']
  : ['sqlite'];

/** An empty database. */
export async function freshDatabase(engine: 'sqlite' | 'postgresql'): Promise<TestDatabase> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
    return {
      url: `file:${join(folder, 'andon.db')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  if (!postgresUrl) throw new Error('no PostgreSQL for tests');
  const name = `andon_test_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE "${name}"`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE "${name}" WITH (FORCE)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl ?? '' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
