// Verifying the record: the chain of hashes of an incident, and the digests under it.
import { chainStart, digestOf, linkHash, readFact } from './facts.js';
import type { Tx } from './tx.js';

export type Verdict =
  | { readonly whole: true; readonly facts: number; readonly redacted: number; readonly lastHash: string }
  /** `seq` is the first entry that does not fit. */
  | { readonly whole: false; readonly seq: number; readonly reason: string };

const batchSize = 1_000;

/**
 * Reads an incident's facts in order and checks that none was changed, left out, added or moved: each digest is that
 * of what its fact says (of a redacted one nothing can be said but that it stood there), each hash follows from the
 * one before, and the last is the one that the chain keeps.
 */
export async function verifyChain(tx: Tx, incidentId: string): Promise<Verdict> {
  let hash = chainStart;
  let seq = 0;
  let redacted = 0;
  for (;;) {
    const rows = await tx.fact.findMany({
      where: { incidentId, seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: batchSize,
    });
    for (const row of rows) {
      if (row.seq !== seq + 1) return { whole: false, seq: seq + 1, reason: 'it is missing' };
      seq = row.seq;
      if (row.redacted) redacted += 1;
      else if (digestOf(row.salt, readFact(row)) !== row.digest)
        return { whole: false, seq, reason: 'it was changed' };
      hash = linkHash(hash, seq, row.digest);
      if (hash !== row.hash) return { whole: false, seq, reason: 'it does not follow from the one before' };
    }
    if (rows.length < batchSize) break;
  }
  const chain = await tx.chain.findUnique({ where: { incidentId } });
  if ((chain?.seq ?? 0) !== seq)
    return { whole: false, seq: seq + 1, reason: `it is missing; the chain goes on to #${chain?.seq ?? 0}` };
  if (chain && chain.hash !== hash) return { whole: false, seq, reason: 'the chain ends otherwise' };
  return { whole: true, facts: seq, redacted, lastHash: hash };
}
