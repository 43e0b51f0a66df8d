// The part of the benchmark about changes: what is asked at every change and every incident, of a short and a long ledger.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { makeSurface } from '../dist/core/surface.js';
import { migrate } from '../dist/db/migrate.js';
import { openDatabase } from '../dist/db/open.js';
import { ensureWorkspace } from '../dist/db/workspace.js';
import { conflictsOf, freeSlots, surroundingsOf } from '../dist/features/change/index.js';
import { features } from '../dist/features/index.js';
import { rankFor } from '../dist/features/suspects/index.js';
import { plainAsk } from '../dist/plain-ask.js';
import { sized } from './bench-size.mjs';
import { ledgerStatements } from './ledger.mjs';

export const ledgerSizes = sized([10_000, 1_000_000], [1_000, 2_000]);
const settings = { zone: 'UTC', incidentsChannel: 'incidents', changesChannel: 'changes' };
const person = { kind: 'person', id: 'U0BENCH7', name: 'person 7', zone: 'UTC' };
const rounds = 15;
const surface = makeSurface(features);

/** Rows of a table: the name of what is asked, and its time with either ledger. */
export async function ledgerTimes(engine, folder, median) {
  const ledgers = [];
  for (const size of ledgerSizes) ledgers.push(await openLedger(engine, folder, size));
  const now = ledgers[0].now;
  const names = Object.keys(questions);
  const rows = [];
  for (const name of names) {
    const took = [];
    for (const ledger of ledgers) took.push(await median(rounds, () => questions[name](ledger, now)));
    rows.push([name, ...took]);
  }
  for (const ledger of ledgers) await ledger.close();
  return rows;
}

const questions = {
  'conflicts and free slots': async ({ read, ask, now }) => {
    const plan = planOf({ on: [['service-120', 'prod', '']], startsAt: now });
    const around = await surroundingsOf(read, plan, ask);
    conflictsOf(plan, around);
    freeSlots(plan, around, now, person.zone);
  },
  'the same, of an upgrade': async ({ read, ask, now }) => {
    const plan = planOf({ kind: 'upgrade', on: [['nodes', 'prod', 'cluster-3']], startsAt: now });
    conflictsOf(plan, await surroundingsOf(read, plan, ask));
  },
  'what is changing now': ({ read, ask }) => answer('list now', read, ask),
  'what changed on a service': ({ read, ask }) => answer('list recent on:service-120/prod', read, ask),
  'suspects at declare': ({ read, incident }) => rankFor(read, incident),
};

function planOf({ on, ...said }) {
  return {
    ...{ id: null, kind: 'deploy', owner: person, coverId: null, endsAt: null, reversible: 'unknown' },
    components: on.map(([service, environment, cluster]) => ({ service, environment, cluster })),
    ...said,
  };
}

async function answer(line, read, ask) {
  const time = { now: ask.now, zone: 'UTC', workspaceZone: 'UTC', locale: 'en-GB' };
  const routed = surface.route('change', line, { me: person, people: new Map(), time });
  if (routed.kind !== 'query') throw new Error(`${line}: ${routed.kind}`);
  return routed.answer(read, ask);
}

async function openLedger(engine, folder, size) {
  const made = engine === 'sqlite' ? sqliteFile(folder, size) : await postgresDatabase();
  await migrate(made.url);
  const now = new Date('2026-03-10T10:45:00Z');
  const db = openDatabase(made.url);
  const workspace = await ensureWorkspace(db, { ...settings, now: () => now });
  const { id } = workspace;
  await made.fill(ledgerStatements(engine, id, size, now));
  const place = { service: 'service-120', environment: 'prod', cluster: '' };
  const incident = { id: randomUUID(), workspaceId: id, number: 1, title: 'writes are stuck' };
  await db.of(id).write(async (tx) => {
    const said = { severity: 'SEV1', status: 'investigating', private: false, drill: false, keyTimes: {} };
    const by = { declaredById: person.id, declaredByName: person.name, declaredAt: now };
    await tx.incident.create({ data: { ...incident, ...said, ...by } });
    const level = { level: 'major_outage', since: now };
    await tx.impact.create({
      data: { id: randomUUID(), workspaceId: id, incidentId: incident.id, ...place, ...level },
    });
  });
  const read = db.of(id).read;
  return {
    now,
    read,
    ask: plainAsk(workspace, person, 'command', now),
    incident: await read.incident.findUniqueOrThrow({ where: { id: incident.id } }),
    async close() {
      await db.close();
      await made.drop();
    },
  };
}

function sqliteFile(folder, size) {
  const path = join(folder, `ledger-${size}.db`);
  return {
    url: `file:${path}`,
    async fill(statements) {
      const db = new Sqlite(path);
      db.pragma('synchronous = OFF');
      db.pragma('cache_size = -400000');
      // What is overwritten leaves nothing behind, which costs time, and there is nothing to hide.
      db.pragma('secure_delete = OFF');
      for (const statement of statements) db.exec(statement);
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
    drop: async () => rmSync(path, { force: true }),
  };
}

/** A database of its own beside the one that ANDON_TEST_POSTGRES names. */
async function postgresDatabase() {
  const beside = process.env.ANDON_TEST_POSTGRES;
  const name = `andon_bench_${randomUUID().replaceAll('-', '')}`;
  await run(beside, [`CREATE DATABASE "${name}"`]);
  const url = new URL(beside);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    fill: (statements) => run(url.href, statements),
    drop: () => run(beside, [`DROP DATABASE "${name}" WITH (FORCE)`]),
  };
}

async function run(connectionString, statements) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
