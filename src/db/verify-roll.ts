// Which incidents there are to verify: those that have left any trace, and the numbers that were given out.
import type { Tx } from './tx.js';

/** An incident of which something is there, or a number of which nothing is. */
export type Enrolled =
  | { readonly number: number | null; readonly id: string }
  | { readonly number: number; readonly id: null };

/**
 * The incidents of a workspace in the order of their numbers. They are looked for in the facts, the chains and the
 * rows, and every number that was given out is there: an incident that was deleted is named by what is left of it.
 */
export async function incidentRoll(tx: Tx, workspaceId: string): Promise<Enrolled[]> {
  const roll: Enrolled[] = [];
  for (const id of await knownIds(tx)) roll.push({ id, number: await numberOf(tx, id) });
  const numbers = new Set(roll.map((each) => each.number));
  const { nextIncident } = await tx.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { nextIncident: true },
  });
  for (let number = 1; number < nextIncident; number += 1)
    if (!numbers.has(number)) roll.push({ number, id: null });
  const place = ({ number }: Enrolled) => number ?? Number.MAX_SAFE_INTEGER;
  return roll.sort((a, b) => place(a) - place(b));
}

async function knownIds(tx: Tx): Promise<Set<string>> {
  const inFacts = await tx.fact.groupBy({ by: ['incidentId'], where: { incidentId: { not: null } } });
  const inChains = await tx.chain.findMany({ select: { incidentId: true } });
  const inRows = await tx.incident.findMany({ select: { id: true } });
  return new Set([
    ...inFacts.flatMap((each) => each.incidentId ?? []),
    ...inChains.map((each) => each.incidentId),
    ...inRows.map((each) => each.id),
  ]);
}

// As it was recorded; where that does not read, as it is shown.
async function numberOf(tx: Tx, incidentId: string): Promise<number | null> {
  const declared = await tx.fact
    .findUnique({ where: { incidentId_seq: { incidentId, seq: 1 } }, select: { data: true } })
    .catch(() => null);
  const recorded = (declared?.data as { number?: unknown } | null | undefined)?.number;
  if (typeof recorded === 'number') return recorded;
  const shown = await tx.incident.findUnique({ where: { id: incidentId }, select: { number: true } });
  return shown?.number ?? null;
}
