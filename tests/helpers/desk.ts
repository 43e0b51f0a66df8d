// A desk for tests: the write path on a real database, without Slack; people speak in lines and get replies.
import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import type { Ask, Bound, Command, Query, SurfaceName, WorkspaceRef } from '../../src/core/command.js';
import type { Actor } from '../../src/core/fact.js';
import type { Automatic } from '../../src/core/feature.js';
import { type Message, say } from '../../src/core/message.js';
import { makeSurface } from '../../src/core/surface.js';
import { migrate } from '../../src/db/migrate.js';
import { type Database, openDatabase, sqlitePath } from '../../src/db/open.js';
import { ensureWorkspace } from '../../src/db/workspace.js';
import { type ExecuteOptions, execute, type Kernel, type Outcome } from '../../src/execute.js';
import { features } from '../../src/features/index.js';
import { freshDatabase, type TestDatabase } from './databases.js';

export type Engine = 'sqlite' | 'postgresql';

export const people = {
  ana: { id: 'U0ANA', name: 'Ana', zone: 'Europe/Berlin' },
  bob: { id: 'U0BOB', name: 'Bob', zone: 'UTC' },
  eve: { id: 'U0EVE', name: 'Eve', zone: 'UTC' },
} as const;
export type PersonName = keyof typeof people;

export interface Said {
  readonly accepted: boolean;
  readonly text: string;
  readonly blocks: Message['blocks'];
  readonly field?: string | undefined;
}

export interface Desk {
  readonly url: string;
  readonly db: Database;
  readonly kernel: Kernel;
  readonly workspace: WorkspaceRef;
  now: Date;
  /** What a person asks of the program; a new request unless told otherwise. */
  ask(person?: PersonName, over?: Partial<Ask>): Ask;
  /** The line, understood, ready to be executed. */
  bound(line: string, person?: PersonName): Bound;
  execute(bound: Bound, ask: Ask, options?: ExecuteOptions): Promise<Outcome>;
  /** Says a line such as `declare it is down sev:1` or `/change list`, and returns what is answered. */
  say(person: PersonName, line: string, over?: Partial<Ask>): Promise<Said>;
  /** What the program decides in its turn, and what is due by now, until nothing is left. */
  turn(): Promise<void>;
  /** Moves the record's clock to a time of the day. */
  at(time: string): void;
}

/** An empty database, dropped when the test ends. */
export async function emptyDatabase(engine: Engine): Promise<string> {
  const database = await freshDatabase(engine);
  onTestFinished(() => database.drop());
  return database.url;
}

/** Opens a desk that closes itself when the test ends. */
export async function openDesk(engine: Engine): Promise<Desk> {
  const url = await migratedDatabase(engine);
  const db = openDatabase(url);
  onTestFinished(() => db.close());
  const settings = { zone: 'UTC', incidentsChannel: 'incidents', changesChannel: 'changes' };
  const desk: Desk = {
    url,
    db,
    kernel: { db, features, wake() {} },
    workspace: await ensureWorkspace(db, { ...settings, now: () => new Date('2026-03-10T08:00:00Z') }),
    now: new Date('2026-03-10T10:45:00Z'),
    ask: (person = 'ana', over = {}) => askOf(desk, { kind: 'person', ...people[person] }, over),
    bound(line, person = 'ana') {
      const routed = route(desk, line, person);
      if (routed.kind !== 'command') throw new Error(`${line}: ${routed.kind}`);
      return routed.bound;
    },
    execute: (bound, ask, options) => execute(desk.kernel, bound, ask, options),
    async say(person, line, over) {
      const routed = route(desk, line, person);
      const ask = desk.ask(person, over);
      if (routed.kind === 'refused') return said(false, routed.refusal.message, routed.refusal.field);
      if (routed.kind === 'query') return said(true, await routed.answer(db.of(desk.workspace.id).read, ask));
      if (routed.kind === 'form') return said(false, say('a form'));
      const outcome = await desk.execute(routed.bound, ask);
      if (outcome.accepted) return said(true, outcome.reply);
      return said(false, outcome.refusal.message, outcome.refusal.field);
    },
    turn: () => turn(desk),
    at(time) {
      desk.now = new Date(`2026-03-10T${time}:00Z`);
    },
  };
  return desk;
}

// To make and migrate a database takes as long as ten tests, so each file does it once: SQLite's is copied for every
// test, PostgreSQL's is used by one after the other, each finding it empty.
const shared = new Map<Engine, Promise<TestDatabase>>();
afterAll(async () => {
  for (const database of shared.values()) await (await database).drop();
});

async function migratedDatabase(engine: Engine): Promise<string> {
  const made = shared.get(engine) ?? madeAndMigrated(engine);
  shared.set(engine, made);
  const { url } = await made;
  if (engine === 'postgresql') return emptied(url);
  const copy = await emptyDatabase(engine);
  copyFileSync(sqlitePath(url), sqlitePath(copy));
  return copy;
}

async function emptied(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'`,
  );
  await client.query(rows.map(({ name }) => `DELETE FROM "${name}";`).join('\n'));
  await client.end();
  return url;
}

async function madeAndMigrated(engine: Engine): Promise<TestDatabase> {
  const database = await freshDatabase(engine);
  await migrate(database.url);
  return database;
}

const surface = makeSurface(features);

/** A command or a question by its word; that of /incident, where it has one. */
export function verb(word: string): Command | Query {
  const all = [...surface.commands, ...surface.queries].filter((each) => each.verb.words[0] === word);
  const found = all.find((each) => each.verb.surface === 'incident') ?? all[0];
  if (!found) throw new Error(`no verb ${word}`);
  return found;
}

function route(desk: Desk, line: string, person: PersonName) {
  const known = Object.values(people).flatMap((each) => [
    [each.id.toLowerCase(), each] as const,
    [each.name.toLowerCase(), each] as const,
  ]);
  const [, named, rest] = /^\/(incident|change|freeze|report)\s+(.*)$/s.exec(line) ?? [];
  return surface.route((named ?? 'incident') as SurfaceName, rest ?? line, {
    me: people[person],
    people: new Map(known),
    time: { now: desk.now, zone: people[person].zone, workspaceZone: desk.workspace.zone },
  });
}

const automatic = Object.assign({}, ...features.map((each) => each.automatic ?? {})) as Readonly<
  Record<string, Automatic>
>;
const own: Partial<Ask> = {
  actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null },
  source: 'automatic',
};

async function turn(desk: Desk): Promise<void> {
  for (;;) {
    const due = await desk.db.read.due.findMany({ where: { at: { lte: desk.now } }, orderBy: { at: 'asc' } });
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'decide', state: 'waiting' } });
    if (due.length === 0 && jobs.length === 0) return;
    for (const { workspaceId, key, at, command, data } of due) {
      const bound = automatic[command]?.(data);
      if (!bound) throw new Error(`nothing is decided under ${command}`);
      const taken = await desk.db.write((tx) => tx.due.deleteMany({ where: { workspaceId, key, at } }));
      const ask = desk.ask('ana', { ...own, requestId: `due/${key}/${at.getTime()}` });
      const outcome = await desk.execute(bound, ask);
      // What was decided just before may have put another in its place.
      const again = outcome.accepted || taken.count === 0 ? undefined : outcome.refusal.again;
      const row = { workspaceId, key, at: again ?? at, command, data: data as object };
      if (again) await desk.db.write((tx) => tx.due.create({ data: row }));
    }
    for (const job of jobs) {
      const { command, data } = job.payload as { command: string; data: unknown };
      const bound = automatic[command]?.(data);
      if (!bound) throw new Error(`nothing is decided under ${command}`);
      await desk.db.write((tx) => tx.job.update({ where: { id: job.id }, data: { state: 'done' } }));
      await desk.execute(bound, desk.ask('ana', { ...own, requestId: `job/${job.id}` }));
    }
  }
}

function askOf(desk: Desk, actor: Actor, over: Partial<Ask>): Ask {
  return {
    requestId: `test/${randomUUID()}`,
    workspace: desk.workspace,
    actor,
    now: desk.now,
    newId: randomUUID,
    source: 'command',
    channelId: null,
    threadTs: null,
    respondUrl: null,
    ...over,
  };
}

function said(accepted: boolean, message: Message, field?: string): Said {
  return { accepted, text: message.text, blocks: message.blocks, field };
}

export const recordTables = ['fact'] as const;
export const stateTables = [
  'incident',
  'entry',
  'roleHolding',
  'impact',
  'member',
  'posted',
  'uploadedFile',
  'shortfall',
  'takenMessage',
  'link',
  'freeze',
  'verdict',
  'change',
  'changeTarget',
  'ranking',
  'suspect',
  'service',
  'dependency',
  'environment',
  'cluster',
  'teamSetting',
  'freezeException',
  'roleDefinition',
  'handover',
  'permission',
  'userGroup',
  'incidentUpdate',
  'subscription',
  'task',
  'checklist',
  'checklistRun',
  'escalation',
  'schedule',
  'shift',
  'contactPath',
  'page',
  'pageAttempt',
  'heartbeat',
  'monitor',
  'alert',
  'report',
] as const;
export const machineryTables = [
  'workspace',
  'stream',
  'chain',
  'request',
  'person',
  'job',
  'lane',
  'apiToken',
  'hook',
  'due',
  'beat',
  'pager',
  'canary',
] as const;
const allTables = [...recordTables, ...stateTables, ...machineryTables];
type Table = (typeof allTables)[number];

/** Every row of the tables, each table in an order of its own that does not depend on the database. */
export async function dump(
  db: Database,
  tables: readonly Table[] = allTables,
): Promise<Record<string, string[]>> {
  const dumped: Record<string, string[]> = {};
  for (const table of tables) {
    const delegate = db.read[table] as unknown as { findMany(): Promise<object[]> };
    dumped[table] = (await delegate.findMany()).map(rowText).sort();
  }
  return dumped;
}

// Keys in order: PostgreSQL's jsonb does not keep theirs.
function rowText(row: object): string {
  return JSON.stringify(row, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
