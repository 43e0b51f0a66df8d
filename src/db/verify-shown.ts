// What people see, compared with the record: an incident's facts are read again in a database of their own.
import type { Fact } from '../core/fact.js';
import type { FactKinds, Feature } from '../core/feature.js';
import { canonicalJson, readFact } from './facts.js';
import { emptyTable, type Project } from './rebuild.js';
import type { Scratch } from './scratch.js';
import type { Tx } from './tx.js';
import { type Broken, broken } from './verdict.js';
import { faultOf, isFull, readPage } from './verify-chain.js';

/** How the record is read: what `rebuild` does with it, and in which streams an incident's facts are. */
export interface Reading {
  readonly features: readonly Feature[];
  readonly project: Project;
  streamsOf(incidentId: string): readonly string[];
}

type Table = keyof Tx & string;
type Shown = Record<string, unknown> & { id: string; seq?: number };
type Delegate = { findMany(args: object): Promise<Shown[]>; deleteMany(args: object): Promise<unknown> };

const windowSize = 1_000;

/** Compares every row of state of one incident with what its facts make of it; null when all are the same. */
export async function verifyShown(
  tx: Tx,
  copy: Scratch,
  reading: Reading & { kinds: FactKinds },
  incidentId: string,
): Promise<Broken | null> {
  const scratch = copy.tx;
  const tables = reading.features.flatMap((each) => each.tables ?? []);
  for (const table of [...tables, 'fact'] as const) await emptyTable(scratch, table);
  const unfit = (await copyFacts(tx, copy, reading, incidentId)) ?? (await readAgain(scratch, reading));
  if (unfit) return unfit;
  const entries = await compareEntries(tx, scratch, incidentId);
  if (entries) return entries;
  for (const table of tables.filter((each) => each !== 'entry')) {
    const where = table === 'incident' ? { id: incidentId } : { incidentId };
    const fault = await compareRows(tx, scratch, table, { where, orderBy: { id: 'asc' } });
    if (fault) return fault;
  }
  return null;
}

// With the facts beside the chain, which only their digests hold.
async function copyFacts(
  tx: Tx,
  scratch: Scratch,
  reading: Reading & { kinds: FactKinds },
  incidentId: string,
): Promise<Broken | null> {
  const mine = [{ incidentId }, { stream: { in: [...reading.streamsOf(incidentId)] } }];
  for (let after = 0; ; ) {
    const page = await readPage(tx, { OR: mine, position: { gt: after } }, { position: 'asc' });
    for (const row of page.rows) {
      after = row.position;
      const fault = row.incidentId === null ? faultOf(row, reading.kinds) : null;
      if (fault) return broken(null, `fact ${row.version} of ${row.stream}, which is no entry: ${fault}`);
    }
    if (page.damaged) return broken(null, 'a fact of it that is no entry does not read: its row is damaged');
    await scratch.insert('Fact', page.rows);
    if (!isFull(page)) return null;
  }
}

async function readAgain(
  scratch: Tx,
  { features, project, kinds }: Reading & { kinds: FactKinds },
): Promise<Broken | null> {
  for (let after = 0; ; ) {
    const page = await readPage(scratch, { position: { gt: after } }, { position: 'asc' });
    for (const row of page.rows) {
      after = row.position;
      const fact = readFact(row);
      if (!kinds.of(fact.type))
        return broken(fact.seq, `this version of Andon does not know ${fact.type}`, 'version');
      const failed = await project(features, scratch, [fact]).then(
        () => null,
        () => notUnderstood(fact),
      );
      if (failed) return failed;
    }
    if (!isFull(page)) return null;
  }
}

function notUnderstood(fact: Fact): Broken {
  return broken(fact.seq, `this version of Andon cannot make anything of this ${fact.type}`, 'version');
}

async function compareEntries(tx: Tx, scratch: Tx, incidentId: string): Promise<Broken | null> {
  const { _max } = await scratch.entry.aggregate({ where: { incidentId }, _max: { seq: true } });
  const last = _max.seq ?? 0;
  for (let from = 0; from <= last; from += windowSize) {
    // The first and the last window are open, for rows whose number no entry has.
    const seq = {
      ...(from > 0 ? { gt: from } : {}),
      ...(from + windowSize <= last ? { lte: from + windowSize } : {}),
    };
    const fault = await compareRows(tx, scratch, 'entry', {
      where: { incidentId, seq },
      orderBy: { seq: 'asc' },
    });
    if (fault) return fault;
  }
  return null;
}

async function compareRows(
  tx: Tx,
  scratch: Tx,
  table: Table,
  query: { where: object; orderBy: object },
): Promise<Broken | null> {
  const expected = await (scratch[table] as unknown as Delegate).findMany(query);
  const shown = await readShown(tx[table] as unknown as Delegate, query);
  const byId = new Map(shown.map((row) => [row.id, row]));
  const say = async (row: Shown, what: string) => broken(await seqOf(scratch, table, row), what, 'rebuild');
  for (const row of expected) {
    const other = byId.get(row.id);
    if (!other) return say(row, `the record has it, but ${whereShown(table)} it is missing`);
    if (other.damaged === true) return say(row, `${whereShown(table)} it does not read: its row is damaged`);
    const columns = Object.keys(row).filter((name) => !isSame(row[name], other[name]));
    if (columns.length > 0)
      return say(row, `${whereShown(table)} its ${inWords(columns)} is not what was recorded`);
    byId.delete(row.id);
  }
  const [added] = byId.values();
  return added ? say(added, `${whereShown(table)} there is something that the record does not have`) : null;
}

// Where a row does not read, its id and number do.
async function readShown(delegate: Delegate, query: { where: object }): Promise<Shown[]> {
  try {
    return await delegate.findMany(query);
  } catch {
    const rows: Shown[] = [];
    for (const { id } of await delegate.findMany({ ...query, select: { id: true } })) {
      const found = await delegate.findMany({ where: { id } }).catch(() => [{ id, damaged: true }]);
      rows.push(...found);
    }
    return rows;
  }
}

// Rows that a fact made bear its id.
async function seqOf(scratch: Tx, table: Table, row: Shown): Promise<number | null> {
  if (table === 'entry' && typeof row.seq === 'number') return row.seq;
  const [factId = ''] = row.id.split(':');
  const fact = await scratch.fact.findUnique({ where: { id: factId }, select: { seq: true } });
  return fact?.seq ?? null;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

const columnWords: Record<string, string> = {
  ...{ authorId: 'author', authorName: 'author', recordedAt: 'time of recording', statusText: 'status' },
  ...{ occurredAt: 'time', occurredUntil: 'time', asWritten: 'time', precision: 'time', since: 'beginning' },
  ...{ statusAt: 'status', sinceUnknown: 'beginning', untilUnknown: 'end', overWithIncident: 'end' },
  ...{ until: 'end', userId: 'person', userName: 'person', keyTimes: 'key times' },
};

function inWords(columns: readonly string[]): string {
  const words = columns.map((name) => columnWords[name] ?? name.replace(/(At|Id|Name|Kind)$/, ''));
  return [...new Set(words)].join(' and ');
}

const places: Partial<Record<Table, string>> = {
  incident: 'in what is shown of the incident',
  entry: 'on the timeline',
  takenMessage: 'among the messages taken from Slack',
  link: 'among the links',
  roleHolding: 'among the roles',
  impact: 'among the impacts',
  member: 'among the members',
  posted: 'among the messages posted to Slack',
  uploadedFile: 'among the files in Slack',
  shortfall: 'among what Slack refused',
};

function whereShown(table: Table): string {
  return places[table] ?? `in the table ${table}`;
}
