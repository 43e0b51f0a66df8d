// The chain of hashes of an incident: whether each fact is what was recorded, and none is missing, added or moved.
import type { FactKinds } from '../core/feature.js';
import { canonicalJson, chainStart, digestOf, linkHash, readFact, saidDigestOf } from './facts.js';
import type { Prisma, Tx } from './tx.js';
import { type Broken, broken, type Verdict } from './verdict.js';

export type Row = Prisma.FactGetPayload<object>;
type Where = Prisma.FactWhereInput;
type Order = Prisma.FactOrderByWithRelationInput;

export const unreadable = 'it does not read: its row in the database is damaged';

const pageSize = 1_000;
// The one kind that changes another fact.
const redaction = 'EntryRedacted';

/**
 * Reads an incident's facts in order: each digest is that of what its fact says, each hash follows from the one
 * before, and the last is the one that the chain keeps. A redacted fact holds no words, and a later one says so.
 */
export async function verifyChain(tx: Tx, incidentId: string, kinds: FactKinds): Promise<Verdict> {
  const redactions = await readRedactions(tx, incidentId);
  let hash = chainStart;
  let seq = 0;
  let redacted = 0;
  // Told only when all facts are there: otherwise it may be the redaction that is missing.
  let unnamed: Broken | null = null;
  for (;;) {
    const page = await readPage(tx, { incidentId, seq: { gt: seq } }, { seq: 'asc' });
    for (const row of page.rows) {
      if (row.seq !== seq + 1) return broken(seq + 1, missing(seq + 1, row.seq));
      seq = row.seq;
      const fault = faultOf(row, kinds);
      if (fault) return broken(seq, fault);
      if (row.redacted) redacted += 1;
      unnamed ??= redactionFault(row, redactions.get(row.id));
      hash = linkHash(hash, seq, row.digest);
      if (hash !== row.hash) return broken(seq, 'its hash does not follow from the entry before it');
    }
    if (page.damaged) return broken(seq + 1, unreadable);
    if (page.rows.length < pageSize) break;
  }
  return (
    (await verifyEnd(tx, incidentId, seq, hash)) ??
    unnamed ?? { whole: true, facts: seq, redacted, lastHash: hash }
  );
}

/** What is wrong with a fact by itself; null when nothing is. */
export function faultOf(row: Row, kinds: FactKinds): string | null {
  try {
    if (digestOf(row.saidDigest, readFact(row)) !== row.digest) return changed;
    if (row.redacted) return isBlank(row, kinds) ? null : 'it was redacted, but there are words in it again';
    return saidDigestOf(row.salt, row) === row.saidDigest ? null : changed;
  } catch {
    // A date that is none, or data that are not of their kind.
    return unreadable;
  }
}

/**
 * A page of facts. Where one is damaged, the page ends before it and says so; when the database does not answer at all
 * it throws.
 */
export async function readPage(
  tx: Tx,
  where: Where,
  orderBy: Order,
): Promise<{ rows: Row[]; damaged: boolean }> {
  const page = { where, orderBy, take: pageSize };
  try {
    return { rows: await tx.fact.findMany(page), damaged: false };
  } catch {
    const rows: Row[] = [];
    for (const { id } of await tx.fact.findMany({ ...page, select: { id: true } })) {
      const row = await tx.fact.findUnique({ where: { id } }).catch(() => null);
      if (!row) return { rows, damaged: true };
      rows.push(row);
    }
    return { rows, damaged: false };
  }
}

/** True when there may be more after this page. */
export function isFull(page: { rows: readonly Row[] }): boolean {
  return page.rows.length === pageSize;
}

const changed = 'it was changed after it was recorded';

function isBlank(row: Row, kinds: FactKinds): boolean {
  const blank = kinds.of(row.type)?.blank(row.data) ?? row.data;
  return row.salt === '' && row.asWritten === null && canonicalJson(blank) === canonicalJson(row.data);
}

function redactionFault(row: Row, redactedBy: number | undefined): Broken | null {
  const named = redactedBy !== undefined && redactedBy > (row.seq ?? 0);
  if (row.redacted === named) return null;
  return broken(
    row.seq,
    named
      ? `#${redactedBy} redacted it, but its words are there`
      : 'it is marked as redacted, but no redaction on record names it',
  );
}

// By the id of the fact, the number of what redacted it. One that does not read names nothing, and is found in its turn.
async function readRedactions(tx: Tx, incidentId: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let after = 0; ; ) {
    const where = { incidentId, type: redaction, seq: { gt: after } };
    const page = await readPage(tx, where, { seq: 'asc' });
    for (const row of page.rows) {
      const { factIds } = (row.data ?? {}) as { factIds?: unknown };
      if (Array.isArray(factIds)) for (const id of factIds) found.set(String(id), row.seq ?? 0);
      after = row.seq ?? after;
    }
    if (page.damaged || !isFull(page)) return found;
  }
}

async function verifyEnd(tx: Tx, incidentId: string, seq: number, hash: string): Promise<Broken | null> {
  const chain = await tx.chain.findUnique({ where: { incidentId } });
  if (!chain && seq === 0) return broken(1, 'it is missing, and so is all that came after it');
  if (!chain)
    return broken(
      null,
      `the row that keeps the end of its chain is missing, so nobody can tell whether anything came after entry #${seq}`,
    );
  if (chain.seq > seq) return broken(seq + 1, missing(seq + 1, chain.seq + 1));
  if (chain.seq < seq) return broken(chain.seq + 1, `it was added by hand: the chain ends at #${chain.seq}`);
  if (chain.hash !== hash)
    return broken(seq, 'it is not the entry that the chain ends with: the hash kept there is another one');
  return null;
}

function missing(from: number, next: number | null): string {
  if (next === null || next <= from + 1) return 'it is missing';
  return `it is missing, with all up to #${next - 1}`;
}
