// The timeline's rows: every fact of an incident that has a sentence.
import { type AnyFactKind, type Fact, on } from '../../core/fact.js';
import type { FactKinds, Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';
import * as facts from './facts.js';
import { projectRedaction, projectWordsRedacted } from './redact.js';
import { projectShift } from './shift.js';

export type Entry = Prisma.EntryGetPayload<object>;

/** The files of the message that an entry was taken from. */
export function filesOf(entry: Entry): readonly { name: string; permalink: string | null }[] {
  // Written by the projections of the sources, and by nothing else.
  return (entry.files ?? []) as { name: string; permalink: string | null }[];
}

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
      recordedById: fact.actor.id,
      recordedByName: fact.actor.name,
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
  on(facts.entryCorrected, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { correctedBy: fact.id } });
  }),
  on(facts.entryRedacted, (fact, tx: Tx, kinds: FactKinds) => projectRedaction(fact, tx, kinds)),
  on(facts.wordsRedacted, (fact, tx: Tx, kinds: FactKinds) => projectWordsRedacted(fact, tx, kinds)),
  on(facts.timelineShifted, (fact, tx: Tx) => projectShift(fact, tx)),
];

/** Forgets what was said of entries after they were made: their times as first said, none struck, corrected or gone. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  const marked = [
    { struck: true },
    { withdrawn: true },
    { correctedBy: { not: null } },
    { takenBackAt: { not: null } },
  ];
  await tx.entry.updateMany({
    where: { incidentId, OR: marked },
    data: {
      ...{ struck: false, strikeReason: null, correctedBy: null, withdrawn: false },
      ...{ takenBackById: null, takenBackByName: null, takenBackAt: null },
    },
  });
  if ((await tx.fact.count({ where: { incidentId, type: facts.timelineShifted.type } })) === 0) return;
  await tx.$executeRaw`
    UPDATE "Entry" SET
      "occurredAt" = (SELECT f."occurredAt" FROM "Fact" f WHERE f."id" = "Entry"."id"),
      "occurredUntil" = (SELECT f."occurredUntil" FROM "Fact" f WHERE f."id" = "Entry"."id")
    WHERE "incidentId" = ${incidentId}`;
}

/**
 * The latest entries by when they happened, oldest of them first; those at an unknown time stand where they were
 * recorded. With `corrected`, the words from before a correction as well.
 */
export async function latestEntries(
  tx: Tx,
  incidentId: string,
  limit: number,
  corrected: boolean,
): Promise<{ entries: Entry[]; total: number }> {
  // An entry that was taken back as a slip is no part of what happened, and a corrected one is said by another.
  const counted = { withdrawn: false, ...(corrected ? {} : { correctedBy: null }) };
  const total = await tx.entry.count({ where: { incidentId, ...counted } });
  const entries = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Entry" WHERE "incidentId" = ${incidentId}
      AND "withdrawn" = ${false} AND ("correctedBy" IS NULL OR ${corrected})
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

/** The kinds of the facts that made entries. */
export async function madeBy(tx: Tx, entries: readonly Entry[]): Promise<string[]> {
  const where = { id: { in: entries.map(({ id }) => id) } };
  const rows = await tx.fact.findMany({ where, select: { type: true } });
  return rows.map(({ type }) => type);
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

/** The facts that rule out one of these entries, or keep an edit from it: they may repeat its words. */
export async function strikesOf(tx: Tx, incidentId: string, entryIds: readonly string[]): Promise<string[]> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: { in: ['EntryStruck', 'MessageEditedSince'] } },
    select: { id: true, data: true },
  });
  return rows.flatMap((row) =>
    entryIds.includes((row.data as { entryId: string }).entryId) ? [row.id] : [],
  );
}

function inOrder(entries: Entry[]): Entry[] {
  const when = (entry: Entry) => (entry.occurredAt ?? entry.recordedAt).getTime();
  return entries.sort((a, b) => when(a) - when(b) || a.seq - b.seq);
}
