// The adapter through which the schema engine reads PostgreSQL's catalogue; only migrations use it.
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

// The catalogue has columns of the internal type "char", which @prisma/adapter-pg 7.10 refuses to read
// ("Column type 'char' could not be deserialized"). They are one letter of text, and are handed on as text.
const internalCharOid = 18;
const textOid = 25;

/** An adapter factory for the schema engine, with a shadow database that is dropped when it is no longer needed. */
export class PostgresCatalogAdapter implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  connect(): Promise<SqlDriverAdapter> {
    return connectTo(this.#url);
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = `andon_shadow_${randomUUID().replaceAll('-', '')}`;
    await administer(this.#url, `CREATE DATABASE "${name}"`);
    const shadowUrl = new URL(this.#url);
    shadowUrl.pathname = `/${name}`;
    const shadow = await connectTo(shadowUrl.href);
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await administer(this.#url, `DROP DATABASE "${name}"`);
    };
    return shadow;
  }
}

function connectTo(url: string): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  readCharAsText(pool);
  pool.on('connect', (client) => readCharAsText(client));
  return new PrismaPg(pool, { disposeExternalPool: true }).connect();
}

function readCharAsText(queryable: { query: unknown }): void {
  const query = (queryable.query as (...args: unknown[]) => Promise<pg.QueryResult>).bind(queryable);
  queryable.query = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result?.fields ?? []) {
      if (field.dataTypeID === internalCharOid) field.dataTypeID = textOid;
    }
    return result;
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
