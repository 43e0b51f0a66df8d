// The timeline's rows: every fact of an incident that has a sentence.
import { type AnyFactKind, type Fact, on } from '../../core/fact.js';
import type { FactKinds, Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';
import * as facts from './facts.js';
import { projectRedaction } from './redact.js';
import { projectShift } from './shift.js';

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
  on(facts.entryStruck, async (fact, tx: Tx) => {
    await tx.entry.update({
      where: { id: fact.data.entryId },
      data: { struck: true, strikeReason: fact.data.reason },
    });
  }),
  on(facts.entryRestored, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { struck: false, strikeReason: null } });
  }),
  on(facts.entryCorrected, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { correctedBy: fact.id } });
  }),
  on(facts.entryWithdrawn, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { withdrawn: true } });
  }),
  on(facts.correctionWithdrawn, async (fact, tx: Tx) => {
    const { entryId, correctionId } = fact.data;
    await tx.entry.update({ where: { id: entryId }, data: { correctedBy: null } });
    await tx.entry.update({ where: { id: correctionId }, data: { withdrawn: true } });
  }),
  on(facts.entryRedacted, (fact, tx: Tx, kinds: FactKinds) => projectRedaction(fact, tx, kinds)),
  on(facts.timelineShifted, (fact, tx: Tx) => projectShift(fact, tx)),
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
  const total = await tx.entry.count({ where: { incidentId, ...counted } });
  const entries = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Entry" WHERE "incidentId" = ${incidentId}
      AND "withdrawn" = ${false} AND "correctedBy" IS NULL
    ORDER BY COALESCE("occurredAt", "recordedAt") DESC, "seq" DESC LIMIT ${limit}`;
  const rows = await tx.entry.findMany({ where: { id: { in: entries.map((each) => each.id) } } });
  return { entries: inOrder(rows), total };
}

/** All entries of an incident that were not taken back, in the order in which they happened. */
export async function allEntries(tx: Tx, incidentId: string): Promise<Entry[]> {
  return inOrder(await tx.entry.findMany({ where: { incidentId, withdrawn: false } }));
}

/**
 * The entry of this number; its latest words, if it was not taken back; and all of its kin: what it corrects and what
 * corrects it, also where that was taken back.
 */
export async function entryFamily(tx: Tx, incidentId: string, seq: number) {
  const entry = await tx.entry.findUnique({ where: { incidentId_seq: { incidentId, seq } } });
  if (!entry) return { entry: null, latest: null, family: [] };
  const family = await kinOf(tx, entry);
  let latest: Entry | undefined = entry.withdrawn ? undefined : entry;
  while (latest?.correctedBy) {
    const better: string = latest.correctedBy;
    latest = family.find((each) => each.id === better);
  }
  return { entry, latest: latest ?? null, family };
}

async function kinOf(tx: Tx, entry: Entry): Promise<Entry[]> {
  let family = [entry];
  for (;;) {
    const ids = family.map((each) => each.id);
    const older = family.flatMap((each) => (each.corrects ? [each.corrects] : []));
    const found = await tx.entry.findMany({
      where: {
        incidentId: entry.incidentId,
        OR: [{ id: { in: [...ids, ...older] } }, { corrects: { in: ids } }],
      },
      orderBy: { seq: 'asc' },
    });
    if (found.length === family.length) return found;
    family = found;
  }
}

/** The facts that rule out one of these entries: their reasons may repeat its words. */
export async function strikesOf(tx: Tx, incidentId: string, entryIds: readonly string[]): Promise<string[]> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: 'EntryStruck' },
    select: { id: true, data: true },
  });
  return rows.flatMap((row) =>
    entryIds.includes((row.data as { entryId: string }).entryId) ? [row.id] : [],
  );
}

// What a list shows: an entry that was taken back is no part of what happened, a corrected one is said by another.
const counted = { withdrawn: false, correctedBy: null };

function inOrder(entries: Entry[]): Entry[] {
  const when = (entry: Entry) => (entry.occurredAt ?? entry.recordedAt).getTime();
  return entries.sort((a, b) => when(a) - when(b) || a.seq - b.seq);
}
