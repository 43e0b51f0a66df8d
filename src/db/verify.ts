// Verifying: is an incident's record whole, and does what people see follow from it?
import type { FactKinds } from '../core/feature.js';
import type { Rows } from './open.js';
import { openScratch } from './scratch.js';
import type { Tx } from './tx.js';
import { type Broken, broken, type Verdict } from './verdict.js';
import { verifyChain } from './verify-chain.js';
import { type Reading, verifyShown } from './verify-shown.js';

export type { Broken, Mend, Verdict, Whole } from './verdict.js';
export type { Reading } from './verify-shown.js';

export interface Verifier {
  /** Verifies one incident, as it is at one moment. */
  verify(rows: Rows, incidentId: string): Promise<Verdict>;
  close(): Promise<void>;
}

/** Opens what verifying needs: a database in memory, into which the record is read again beside the real one. */
export function openVerifier(reading: Reading): Verifier {
  const scratch = openScratch();
  const byType = new Map(reading.features.flatMap((each) => each.facts).map((kind) => [kind.type, kind]));
  const kinds: FactKinds = { of: (type) => byType.get(type) };
  return {
    verify: (rows, incidentId) =>
      rows.snapshot(async (tx) => {
        const chain = await verifyChain(tx, incidentId, kinds);
        if (!chain.whole) return chain;
        const streams = reading.streamsOf(incidentId);
        return (
          (await verifyStreams(tx, streams, chain.facts)) ??
          (await verifyShown(tx, scratch, { ...reading, kinds }, incidentId)) ??
          chain
        );
      }),
    close: () => scratch.close(),
  };
}

/** The number of the entry whose hash this is; null when there is none. */
export async function entryOfHash(tx: Tx, incidentId: string, hash: string): Promise<number | null> {
  const found = await tx.fact.findFirst({ where: { incidentId, hash }, select: { seq: true } });
  return found?.seq ?? null;
}

// A stream counts its facts apart from them. So it also tells of the last ones, which no other fact follows, and of
// those that are in no chain.
async function verifyStreams(tx: Tx, names: readonly string[], last: number): Promise<Broken | null> {
  const where = { in: [...names] };
  const counted = await tx.stream.findMany({ where: { name: where } });
  const found = await tx.fact.groupBy({ by: ['stream'], where: { stream: where }, _count: { _all: true } });
  for (const name of names) {
    const recorded = counted.find((each) => each.name === name)?.version ?? 0;
    const there = found.find((each) => each.stream === name)?._count._all ?? 0;
    if (there < recorded)
      return broken(
        null,
        `of the ${recorded} facts that were recorded in ${name}, ${recorded - there} ${recorded - there === 1 ? 'is' : 'are'} missing; the last entry that is there is #${last}`,
      );
    if (there > recorded)
      return broken(null, `${name} holds ${there} facts, but only ${recorded} were recorded in it`);
  }
  return null;
}
