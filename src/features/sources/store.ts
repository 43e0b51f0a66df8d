// Messages that are on a timeline: which they are, what they say, and how their rows follow from facts.
import { type AnyFactKind, type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type Incident, idOf } from '../incident/index.js';
import { type Entry, entryCorrected, entryRedacted } from '../timeline/index.js';
import { type Taken, undoneMark } from './decide.js';
import * as facts from './facts.js';

export type TakenMessage = Prisma.TakenMessageGetPayload<object>;

/** The incident that lives in this channel, or in this thread of it. */
export async function incidentIn(
  tx: Tx,
  workspaceId: string,
  channelId: string,
  threadTs: string | null,
): Promise<Incident | null> {
  const places: Prisma.IncidentWhereInput[] = [{ placeKind: 'channel' }, { placeKind: 'direct' }];
  if (threadTs) places.push({ placeKind: 'thread', threadTs });
  return tx.incident.findFirst({
    where: { workspaceId, channelId, OR: places },
    orderBy: { number: 'desc' },
  });
}

/** Whether anything in this channel can matter: an incident lives there, or this message is on a timeline. */
export async function isWatched(
  tx: Tx,
  workspaceId: string,
  channelId: string,
  ts: string,
): Promise<{ watched: boolean; incidentId: string | null }> {
  const taken = await takenAt(tx, workspaceId, channelId, ts);
  if (taken) return { watched: true, incidentId: taken.incidentId };
  const incident = await tx.incident.findFirst({
    where: { workspaceId, channelId, placeKind: { not: 'none' } },
    orderBy: { number: 'desc' },
  });
  // In a channel where incidents live in threads, only the message itself tells which one it belongs to.
  return {
    watched: incident !== null,
    incidentId: incident?.placeKind === 'thread' ? null : (incident?.id ?? null),
  };
}

export async function takenAt(
  tx: Tx,
  workspaceId: string,
  channelId: string,
  ts: string,
): Promise<TakenMessage | null> {
  return tx.takenMessage.findUnique({ where: { workspaceId_channelId_ts: { workspaceId, channelId, ts } } });
}

/** The entry that says a message on this incident, where another timeline has the message itself; null for none. */
export async function notedOn(
  tx: Tx,
  incidentId: string,
  channelId: string,
  ts: string,
): Promise<Entry | null> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: facts.messageNoted.type },
    select: { id: true, data: true },
  });
  // Facts of this kind were checked when they were stated.
  const ids = rows
    .map(({ id, data }) => ({ id, ...(data as { channelId: string; ts: string }) }))
    .filter((each) => each.channelId === channelId && each.ts === ts)
    .map(({ id }) => id);
  return tx.entry.findFirst({ where: { id: { in: ids }, withdrawn: false } });
}

/** Under which request a long message is kept while a form on it is open. */
export function carriedId(message: { channelId: string; ts: string }, requestId: string): string {
  return `${carriedPrefix(message)}${requestId}`;
}

function carriedPrefix({ channelId, ts }: { channelId: string; ts: string }): string {
  return `carried/${channelId}/${ts}/`;
}

type Said = { digest?: string; text: string; files: readonly { id: string }[]; entryId?: string };

/** A message on a timeline, with its entries and what Slack said last. */
export async function readTaken(tx: Tx, row: TakenMessage): Promise<Taken> {
  const entries: Entry[] = [];
  for (let id: string | null = row.entryId; id !== null; id = entries.at(-1)?.correctedBy ?? null) {
    entries.push(await tx.entry.findUniqueOrThrow({ where: { id } }));
  }
  const ids = entries.map((entry) => entry.id);
  const words = await tx.fact.findMany({
    where: { id: { in: ids }, type: { in: [facts.messageTaken.type, facts.messageEdited.type] } },
    orderBy: { seq: 'asc' },
    select: { id: true, seq: true, data: true },
  });
  const since = await tx.fact.findMany({
    where: { incidentId: row.incidentId, type: facts.messageEditedSince.type },
    orderBy: { seq: 'asc' },
    select: { id: true, seq: true, data: true },
  });
  // Stated by these three kinds, and checked when they were.
  const said = [...words, ...since]
    .map(({ id, seq, data }) => ({ id, seq: seq ?? 0, ...(data as unknown as Said) }))
    .filter(({ id, entryId }) => ids.includes(id) || ids.includes(entryId ?? ''))
    .sort((a, b) => a.seq - b.seq);
  const last = said.at(-1);
  const latest = entries.at(-1);
  const byHand = latest && !words.some((each) => each.id === latest.id);
  return {
    by: row.by as string[],
    withdrawn: row.withdrawn,
    entries,
    corrector: byHand ? { id: latest.recordedById, name: latest.recordedByName } : null,
    lastText: last?.text ?? '',
    lastDigest: last?.digest ?? null,
    lastFiles: (last?.files ?? []).map((file) => file.id),
  };
}

/** Empties what was made of an incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.takenMessage.deleteMany({ where: { incidentId } });
}

const counted = { withdrawn: false, takenBackById: null, takenBackByName: null, takenBackAt: null };

export const projections: Projection[] = [
  on(facts.messageTaken, async (fact, tx: Tx) => {
    const { channelId, ts, author, by } = fact.data;
    await tx.takenMessage.create({
      data: {
        id: fact.id,
        workspaceId: fact.workspaceId,
        incidentId: idOf(fact),
        entryId: fact.id,
        channelId,
        ts,
        authorId: author.id,
        by,
      },
    });
  }),
  on(facts.messageEdited, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { correctedBy: fact.id } });
    await keepStruck(tx, fact);
  }),
  // The correction stays; a file that is gone in Slack is gone there too.
  on(facts.messageEditedSince, async (fact, tx: Tx) => {
    await tx.entry.update({ where: { id: fact.data.entryId }, data: { files: fact.data.files } });
  }),
  // A form that was opened on it and never sent holds the words too.
  on(entryRedacted, async (fact, tx: Tx) => {
    const rows = await tx.fact.findMany({
      where: {
        id: { in: fact.data.factIds },
        type: { in: [facts.messageTaken.type, facts.messageNoted.type] },
      },
      select: { data: true },
    });
    for (const { data } of rows) {
      const startsWith = carriedPrefix(data as { channelId: string; ts: string });
      await tx.request.deleteMany({ where: { id: { startsWith } } });
    }
  }),
  on(facts.messageWithdrawn, async (fact, tx: Tx) => {
    await tx.entry.updateMany({ where: { id: { in: fact.data.entryIds } }, data: { withdrawn: true } });
    await mark(tx, fact, { withdrawn: true, by: fact.data.reason === 'undone' ? [undoneMark] : [] });
  }),
  on(facts.messageRestored, async (fact, tx: Tx) => {
    await tx.entry.updateMany({ where: { id: { in: fact.data.entryIds } }, data: counted });
    await mark(tx, fact, { withdrawn: false, by: fact.data.by });
  }),
  on(facts.messageMarked, async (fact, tx: Tx) => {
    await mark(tx, fact, { by: fact.data.by });
  }),
];

const said = [facts.messageTaken, facts.messageEdited, facts.messageNoted];

/** Where an entry was taken from, and its files. Runs after the timeline has made the entry. */
export async function projectSource(tx: Tx, fact: Fact, kind: AnyFactKind): Promise<void> {
  if (kind.type === entryCorrected.type) {
    const { files } = await tx.entry.findUniqueOrThrow({
      where: { id: entryCorrected.read(fact).data.entryId },
    });
    if (files) await tx.entry.update({ where: { id: fact.id }, data: { files } });
  }
  const source = said.find((each) => each.type === kind.type)?.read(fact);
  if (!source) return;
  const { files, permalink } = source.data;
  await tx.entry.update({ where: { id: fact.id }, data: { files, permalink } });
  if (kind.type === facts.messageEdited.type) await keepStruck(tx, facts.messageEdited.read(fact));
}

// What was ruled out stays so, however its author words it since. When the fact is first read its entry is made later.
async function keepStruck(tx: Tx, fact: Fact<{ entryId: string }>): Promise<void> {
  const { struck } = await tx.entry.findUniqueOrThrow({ where: { id: fact.data.entryId } });
  if (struck) await tx.entry.updateMany({ where: { id: fact.id }, data: { struck } });
}

async function mark(
  tx: Tx,
  fact: Fact<{ channelId: string; ts: string }>,
  data: Prisma.TakenMessageUpdateInput,
): Promise<void> {
  const { workspaceId } = fact;
  const { channelId, ts } = fact.data;
  await tx.takenMessage.update({ where: { workspaceId_channelId_ts: { workspaceId, channelId, ts } }, data });
}
