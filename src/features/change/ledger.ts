// Pages of the ledger, the latest to begin first. Each way of asking follows an index, so no page reads the ledger.
import type { Prisma, Tx } from '../../db/tx.js';
import type { Change } from './store.js';

export interface LedgerQuery {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: string | undefined;
  readonly limit: number;
  /** After this one in the list. */
  readonly before: Change | null;
}

/** A page, and where the next one begins; null when there is none. It may hold fewer than were asked for. */
export interface LedgerPage {
  readonly changes: readonly Change[];
  readonly next: number | null;
}

/** Where only the environment is named, so many changes are looked through for one page. */
const scannedMax = 2_000;
const batchSize = 200;
/** A service is in few environments; more are a mistake of whoever names them. */
const environmentsMax = 50;

/** Reads a page of the ledger. */
export async function pageOf(tx: Tx, workspaceId: string, query: LedgerQuery): Promise<LedgerPage> {
  if (query.service !== undefined) return ofService(tx, workspaceId, query.service, query);
  if (query.environment !== undefined) return ofEnvironment(tx, workspaceId, query.environment, query);
  const rows = await rowsAfter(tx, workspaceId, query, query.before, query.limit + 1);
  return cut(rows, query.limit);
}

function cut(rows: readonly Change[], limit: number): LedgerPage {
  const changes = rows.slice(0, limit);
  return { changes, next: rows.length > limit ? (changes.at(-1)?.number ?? null) : null };
}

// Those that begin at one time are told apart by their id, which the places bear too.
function after(before: Change | null) {
  if (before === null) return {};
  const { startsAt, id } = before;
  return { startsAt: { lte: startsAt }, OR: [{ startsAt: { lt: startsAt } }, { id: { lt: id } }] };
}

function within({ from, to }: LedgerQuery) {
  return { startsAt: { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) } };
}

async function rowsAfter(
  tx: Tx,
  workspaceId: string,
  query: LedgerQuery,
  before: Change | null,
  take: number,
): Promise<Change[]> {
  const state = query.state === undefined ? {} : { state: query.state };
  return tx.change.findMany({
    where: { workspaceId, ...state, AND: [within(query), after(before)] },
    orderBy: [{ startsAt: 'desc' }, { id: 'desc' }],
    take,
  });
}

async function ofEnvironment(
  tx: Tx,
  workspaceId: string,
  environment: string,
  query: LedgerQuery,
): Promise<LedgerPage> {
  const found: Change[] = [];
  let last = query.before;
  for (let scanned = 0; scanned < scannedMax; scanned += batchSize) {
    const rows = await rowsAfter(tx, workspaceId, query, last, batchSize);
    const there = await tx.changeTarget.findMany({
      where: { changeId: { in: rows.map((row) => row.id) }, environment },
      select: { changeId: true },
    });
    const ids = new Set(there.map((each) => each.changeId));
    found.push(...rows.filter((row) => ids.has(row.id)));
    if (found.length > query.limit || rows.length < batchSize) return cut(found, query.limit);
    last = rows.at(-1) ?? null;
  }
  return { changes: found, next: last?.number ?? null };
}

async function ofService(
  tx: Tx,
  workspaceId: string,
  service: string,
  query: LedgerQuery,
): Promise<LedgerPage> {
  const { environment } = query;
  const environments =
    environment === undefined ? await environmentsOfService(tx, workspaceId, service) : [environment];
  const ids = new Set<string>();
  for (const each of environments)
    for (const id of await idsAt(tx, { workspaceId, service, environment: each }, query)) ids.add(id);
  const rows = await tx.change.findMany({ where: { id: { in: [...ids] } } });
  rows.sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime() || (a.id < b.id ? 1 : -1));
  return cut(rows, query.limit);
}

// One step of the index from each environment to the next: the places of a service are many, its environments few.
async function environmentsOfService(tx: Tx, workspaceId: string, service: string): Promise<string[]> {
  const found: string[] = [];
  while (found.length < environmentsMax) {
    const last = found.at(-1);
    const next = await tx.changeTarget.findFirst({
      where: { workspaceId, service, ...(last === undefined ? {} : { environment: { gt: last } }) },
      orderBy: { environment: 'asc' },
      select: { environment: true },
    });
    if (!next) break;
    found.push(next.environment);
  }
  return found;
}

// A change may be in several clusters of a place, so its places are read until there are enough changes.
async function idsAt(
  tx: Tx,
  place: { workspaceId: string; service: string; environment: string },
  query: LedgerQuery,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const state = query.state === undefined ? {} : { state: query.state };
  for (let skip = 0; ; skip += batchSize) {
    const where: Prisma.ChangeTargetWhereInput = {
      ...{ ...place, ...state },
      AND: [within(query), afterTarget(query.before)],
    };
    const rows = await tx.changeTarget.findMany({
      where,
      orderBy: [{ startsAt: 'desc' }, { changeId: 'desc' }],
      select: { changeId: true },
      ...{ skip, take: batchSize },
    });
    for (const row of rows) if (ids.size <= query.limit) ids.add(row.changeId);
    if (ids.size > query.limit || rows.length < batchSize) return ids;
  }
}

function afterTarget(before: Change | null): Prisma.ChangeTargetWhereInput {
  if (before === null) return {};
  const { startsAt, id } = before;
  return { startsAt: { lte: startsAt }, OR: [{ startsAt: { lt: startsAt } }, { changeId: { lt: id } }] };
}
