// How the database finds what a query asks for: the statements that Prisma really sends, each with the engine's plan.
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { expect } from 'vitest';
import { ledgerStatements } from '../../scripts/ledger.mjs';
import { PrismaClient as PostgresClient } from '../../src/db/generated/postgresql/client/client.js';
import { PrismaClient as SqliteClient } from '../../src/db/generated/sqlite/client/client.js';
import { engineOf, sqlitePath } from '../../src/db/open.js';
import { scopedTo } from '../../src/db/scope.js';
import type { Client, Tx } from '../../src/db/tx.js';

/** One statement, and how its tables are read. */
export interface Planned {
  readonly sql: string;
  readonly steps: readonly Step[];
}

/** One read of one table. */
export interface Step {
  readonly table: string;
  /** As the engine words it, for whoever reads a failure. */
  readonly how: string;
  /** Nothing narrows it but the workspace. */
  readonly whole: boolean;
  /** Rows touched, kept or not; null where the engine does not count them (SQLite). */
  readonly rows: number | null;
}

/** How many changes a ledger needs until a plan for it is a plan for a long one. */
export const ledgerSize = 30_000;

/** Fills an empty ledger by SQL: 30,000 changes up to a moment, one a minute, 30 under way and 60 planned ahead. */
export async function fillLedger(
  databaseUrl: string,
  workspaceId: string,
  until: Date,
  size = ledgerSize,
): Promise<void> {
  const engine = engineOf(databaseUrl);
  const statements = ledgerStatements(engine, workspaceId, size, until);
  if (engine === 'sqlite') {
    const db = new Sqlite(sqlitePath(databaseUrl));
    for (const statement of statements) db.exec(statement);
    return void db.close();
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** The statements that some work sends as it reads, with the engine's plan of each. */
export async function plansOf(
  databaseUrl: string,
  workspaceId: string,
  work: (tx: Tx) => Promise<unknown>,
): Promise<Planned[]> {
  const engine = engineOf(databaseUrl);
  const planned: Planned[] = [];
  const watch = (inner: SqlDriverAdapterFactory) => watched(inner, engine, planned);
  // As in src/db/open.ts: both clients are of one schema, and nothing here is of one engine alone.
  const client = (
    engine === 'sqlite'
      ? new SqliteClient({
          adapter: watch(new PrismaBetterSqlite3({ url: `file:${sqlitePath(databaseUrl)}` })),
        })
      : new PostgresClient({ adapter: watch(new PrismaPg({ connectionString: databaseUrl })) })
  ) as Client;
  try {
    await work(scopedTo(client, workspaceId));
  } finally {
    await client.$disconnect();
  }
  return planned;
}

/**
 * Fails when some work reads one of these tables whole, or, where the engine counts, touches more rows of it in one
 * statement than this. Fill the ledger first: the plan for an empty table says nothing.
 */
export async function expectIndexed(
  databaseUrl: string,
  workspaceId: string,
  work: (tx: Tx) => Promise<unknown>,
  { tables = ['Change', 'ChangeTarget'], rowsMax = ledgerSize / 10 } = {},
): Promise<Planned[]> {
  const planned = await plansOf(databaseUrl, workspaceId, work);
  const wrong = planned.flatMap(({ sql, steps }) =>
    (isOfNothing(sql) ? [] : steps)
      .filter((step) => tables.includes(step.table))
      .filter((step) => step.whole || (step.rows ?? 0) > rowsMax)
      .map((step) => `${step.how}\n  in ${brief(sql)}`),
  );
  expect(wrong, wrong.join('\n')).toEqual([]);
  return planned;
}

// Without the columns it asks for and the ids it is given.
function brief(sql: string): string {
  return sql
    .replace(/^SELECT .*? FROM /s, 'SELECT … FROM ')
    .replace(/([?]|\$\d+)(?:,(?:[?]|\$\d+))+/g, '$1,…');
}

// Prisma's way to ask for none of an empty list: no engine reads a row for it.
function isOfNothing(sql: string): boolean {
  return /\b1=0\)/.test(sql) && !/\bOR\b[^()]*1=0/.test(sql);
}

function watched(
  inner: SqlDriverAdapterFactory,
  engine: 'sqlite' | 'postgresql',
  planned: Planned[],
): SqlDriverAdapterFactory {
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    async connect() {
      const connection = await inner.connect();
      const ask = connection.queryRaw.bind(connection);
      connection.queryRaw = async (query) => {
        if (/^\s*(?:SELECT|WITH)\b/i.test(query.sql))
          planned.push({ sql: query.sql, steps: await stepsOf(ask, query, engine) });
        return ask(query);
      };
      return connection;
    },
  };
}

async function stepsOf(
  ask: SqlDriverAdapter['queryRaw'],
  query: SqlQuery,
  engine: 'sqlite' | 'postgresql',
): Promise<Step[]> {
  if (engine === 'sqlite') {
    const { rows, columnNames } = await ask({ ...query, sql: `EXPLAIN QUERY PLAN ${query.sql}` });
    const detail = columnNames.indexOf('detail');
    return rows.flatMap((row) => sqliteStep(String(row[detail]), query.args.includes('succeeded')));
  }
  const { rows } = await ask({ ...query, sql: `EXPLAIN (ANALYZE, FORMAT JSON) ${query.sql}` });
  const told = rows[0]?.[0];
  const [{ Plan }] = (typeof told === 'string' ? JSON.parse(told) : told) as [{ Plan: PostgresNode }];
  return postgresSteps(Plan);
}

// `SEARCH Change USING INDEX Change_workspaceId_state_startsAt_idx (workspaceId=? AND state=? AND startsAt>?)`, or
// `SCAN Change`. What follows VIRTUAL or is a subquery's name is no table of ours, and no caller asks for it.
function sqliteStep(how: string, ofAllStates: boolean): Step[] {
  const [, verb, table = ''] = /^(SEARCH|SCAN) (?:main\.)?(\w+)/.exec(how) ?? [];
  if (!verb) return [];
  const narrowed = /\((.*)\)$/.exec(how)?.[1]?.split(' AND ') ?? [];
  // Nearly all have succeeded: where that is among the states that are asked for, the state narrows nothing.
  const telling = ofAllStates ? /^(?!workspaceId|state)/ : /^(?!workspaceId)/;
  const whole = verb === 'SCAN' || !narrowed.some((each) => telling.test(each));
  return [{ table, how, whole, rows: null }];
}

interface PostgresNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PostgresNode[];
}

function postgresSteps(node: PostgresNode): Step[] {
  const inner = (node.Plans ?? []).flatMap(postgresSteps);
  const table = node['Relation Name'];
  if (table === undefined) return inner;
  const kind = node['Node Type'];
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const rows = Math.round((node['Actual Rows'] + removed) * node['Actual Loops']);
  const how = [kind, table, node['Index Name'], node['Index Cond'], `${rows} rows`]
    .filter((it) => it)
    .join(' ');
  // It counts what it touches, so that tells: an index may be walked from its end and left soon, too.
  return [...inner, { table, how, whole: kind === 'Seq Scan' && rows > 0 && removed > rows / 2, rows }];
}
