// The timeline's rows: every fact of an incident that has a sentence.
import { type AnyFactKind, type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';
import { entryStruck } from './facts.js';

export type Entry = Prisma.EntryGetPayload<object>;

/** Makes the entry of any fact that names an incident and reads aloud. */
export async function projectEntry(tx: Tx, fact: Fact, kind: AnyFactKind): Promise<void> {
  const told = kind.tell(fact.data);
  if (told === null || fact.seq === null || fact.hash === null) return;
  await tx.entry.create({
    data: {
      id: fact.id,
      workspaceId: fact.workspaceId,
      incidentId: idOf(fact),
      seq: fact.seq,
      kind: told.kind,
      text: told.text,
      authorId: told.author?.id ?? fact.actor.id,
      authorName: told.author?.name ?? fact.actor.name,
      corrects: told.corrects ?? null,
      source: fact.source,
      occurredAt: fact.occurredAt,
      occurredUntil: fact.occurredUntil,
      asWritten: fact.asWritten,
      precision: fact.precision,
      recordedAt: fact.recordedAt,
      hash: fact.hash,
    },
  });
}

export const projections: Projection[] = [
  on(entryStruck, async (fact, tx: Tx) => {
    await tx.entry.update({
      where: { id: fact.data.entryId },
      data: { struck: true, strikeReason: fact.data.reason },
    });
  }),
];

/**
 * The latest entries by when they happened, oldest of them first; those at an unknown time stand where they were
 * recorded.
 */
export async function latestEntries(
  tx: Tx,
  incidentId: string,
  limit: number,
): Promise<{ entries: Entry[]; total: number }> {
  const total = await tx.entry.count({ where: { incidentId } });
  const entries = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Entry" WHERE "incidentId" = ${incidentId}
    ORDER BY COALESCE("occurredAt", "recordedAt") DESC, "seq" DESC LIMIT ${limit}`;
  const rows = await tx.entry.findMany({ where: { id: { in: entries.map((each) => each.id) } } });
  return { entries: inOrder(rows), total };
}

/** All entries of an incident, in the order in which they happened. */
export async function allEntries(tx: Tx, incidentId: string): Promise<Entry[]> {
  return inOrder(await tx.entry.findMany({ where: { incidentId } }));
}

function inOrder(entries: Entry[]): Entry[] {
  const when = (entry: Entry) => (entry.occurredAt ?? entry.recordedAt).getTime();
  return entries.sort((a, b) => when(a) - when(b) || a.seq - b.seq);
}
