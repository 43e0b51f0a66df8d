// Incidents that were merged: which of them go on as which one; and those that somebody may not see.
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from './row.js';
import { visibleTo } from './store.js';

// So many merges, one into the other, are followed.
const mergesMax = 20;

/** The incidents that go on as one of these, by way of others too, each with the one that it goes on as. */
export async function mergedInto(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const into = new Map<string, string>();
  let last = new Map(ids.map((id) => [id, id]));
  while (last.size > 0) {
    const rows = await tx.incident.findMany({
      where: { mergedIntoId: { in: [...last.keys()] } },
      select: { id: true, mergedIntoId: true },
    });
    const next = rows.filter(({ id }) => !into.has(id) && !ids.includes(id));
    last = new Map(next.map(({ id, mergedIntoId }) => [id, last.get(mergedIntoId ?? '') ?? id]));
    for (const [id, root] of last) into.set(id, root);
  }
  return into;
}

/** An incident with all that go on as it: what is on one of them is on it. */
export async function withMerged(tx: Tx, id: string): Promise<string[]> {
  return [id, ...(await mergedInto(tx, [id])).keys()];
}

/** The incident in which a merged one goes on; null where it was not merged. */
export async function goesOnIn(tx: Tx, incident: Incident): Promise<Incident | null> {
  let into: Incident | null = null;
  let id = incident.mergedIntoId;
  for (let i = 0; id !== null && i < mergesMax; i += 1) {
    into = await tx.incident.findUnique({ where: { id } });
    id = into?.mergedIntoId ?? null;
  }
  return into;
}

/** Each of these incidents with the one that it goes on as: itself, where it was not merged. */
export async function goesOnAs(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Incident>> {
  const rows = await tx.incident.findMany({ where: { id: { in: [...ids] } } });
  return new Map(
    await Promise.all(rows.map(async (row) => [row.id, (await goesOnIn(tx, row)) ?? row] as const)),
  );
}

/** The private incidents of the workspace that the asker may not see. */
export async function hiddenFrom(tx: Tx, ask: Ask): Promise<string[]> {
  const where = { workspaceId: ask.workspace.id, private: true };
  const seen = await tx.incident.findMany({
    where: { ...where, AND: [await visibleTo(tx, ask)] },
    select: { id: true },
  });
  const rows = await tx.incident.findMany({
    where: { ...where, id: { notIn: seen.map(({ id }) => id) } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
