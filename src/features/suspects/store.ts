// What suspects ask of the database, and how their rows follow from facts.
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import type { Change } from '../change/index.js';
import * as facts from './facts.js';
import type { Answer, Components } from './words.js';

export type SuspectRow = Prisma.SuspectGetPayload<object>;
export type RankingRow = Prisma.RankingGetPayload<object>;

/** The id of the row of a change that may have to do with an incident. */
export function suspectId(incidentId: string, changeId: string): string {
  return `${incidentId}:${changeId}`;
}

/** Why a change is ranked, as was recorded. */
export function reasonsOf(row: Pick<SuspectRow, 'reasons'>): string[] {
  // Written by the projection below from what the fact's schema checked.
  return row.reasons as string[];
}

/** A suspect with the change as it is now. */
export interface Suspect {
  readonly row: SuspectRow;
  readonly change: Change;
}

/** What is known of an incident's suspects, in the order in which they are read. */
export interface Suspects {
  /** Null until they were ranked first. */
  readonly ranking: RankingRow | null;
  readonly causes: readonly Suspect[];
  /** The others that are ranked, the first in front. */
  readonly ranked: readonly Suspect[];
  /** What began after the onset. */
  readonly after: readonly Suspect[];
  /** Those of which somebody said something, and which are none of these. */
  readonly others: readonly Suspect[];
}

/** Reads an incident's suspects. */
export async function suspectsOf(tx: Tx, incidentId: string): Promise<Suspects> {
  const ranking = await tx.ranking.findUnique({ where: { incidentId } });
  const rows = await tx.suspect.findMany({ where: { incidentId }, orderBy: { id: 'asc' } });
  const changes = await tx.change.findMany({ where: { id: { in: rows.map((row) => row.changeId) } } });
  const byId = new Map(changes.map((change) => [change.id, change]));
  const all = rows.flatMap((row): Suspect[] => {
    const change = byId.get(row.changeId);
    return change ? [{ row, change }] : [];
  });
  const place = ({ row }: Suspect) => row.rank ?? Number.MAX_SAFE_INTEGER;
  const inOrder = all.sort((a, b) => place(a) - place(b) || a.change.number - b.change.number);
  const isCause = ({ row }: Suspect) => row.answer === 'cause';
  const isRanked = ({ row }: Suspect) => row.rank !== null && row.answer !== 'unrelated';
  const isAfter = ({ row }: Suspect) => row.after && row.answer !== 'unrelated';
  const rest = inOrder.filter((each) => !isCause(each));
  return {
    ranking,
    causes: inOrder.filter(isCause),
    ranked: rest.filter(isRanked),
    after: rest.filter((each) => !isRanked(each) && isAfter(each)).sort(byRepair),
    others: rest.filter((each) => !isRanked(each) && !isAfter(each) && each.row.answer !== null),
  };
}

// What takes back a change is the likeliest to have mended it; else the first.
function byRepair(a: Suspect, b: Suspect): number {
  const place = ({ change }: Suspect) => (change.rollbackOfId === null ? 1 : 0);
  return place(a) - place(b) || a.change.startsAt.getTime() - b.change.startsAt.getTime();
}

/** Who may see a private incident. */
export async function membersOf(tx: Tx, incidentId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.member.findMany({ where: { incidentId }, select: { userId: true } });
  return new Set(rows.map((row) => row.userId));
}

const nothing: Components = {
  ...{ time: 0, topology: 0, place: 0, outcome: 0, process: 0, history: 0, human: 0 },
};

export const projections: Projection[] = [
  on(facts.suspectsRanked, async (fact, tx: Tx) => {
    const { incidentId, onset, considered, list, asked } = fact.data;
    const { workspaceId, recordedAt: rankedAt } = fact;
    const row = { onset, rankedAt, considered };
    await tx.ranking.upsert({
      where: { incidentId },
      create: { id: incidentId, workspaceId, incidentId, ...row },
      update: row,
    });
    const listed = list.map((each) => each.changeId);
    const gone = { incidentId, changeId: { notIn: listed } };
    await tx.suspect.deleteMany({ where: { ...gone, answer: null, askedAt: null } });
    await tx.suspect.updateMany({ where: gone, data: { rank: null, after: false } });
    for (const { changeId, rank, points, components, reasons, after } of list) {
      const data = { rank, points, components, reasons, after };
      await put(tx, workspaceId, incidentId, changeId, data);
    }
    for (const { changeId } of asked)
      await put(tx, workspaceId, incidentId, changeId, { askedAt: fact.recordedAt });
  }),
  on(facts.suspectAnswered, async (fact, tx: Tx) => {
    const { incidentId, changeId, answer } = fact.data;
    await put(tx, fact.workspaceId, incidentId, changeId, {
      answer,
      answeredById: fact.actor.id,
      answeredByName: fact.actor.name,
      answeredAt: fact.occurredAt ?? fact.recordedAt,
    });
  }),
];

async function put(
  tx: Tx,
  workspaceId: string,
  incidentId: string,
  changeId: string,
  data: Prisma.SuspectUpdateInput & { answer?: Answer },
): Promise<void> {
  const id = suspectId(incidentId, changeId);
  const fresh = { rank: null, points: 0, components: nothing, reasons: [], after: false };
  await tx.suspect.upsert({
    where: { incidentId_changeId: { incidentId, changeId } },
    // The columns that are named are plain values, which creating and updating take alike.
    create: { id, workspaceId, incidentId, changeId, ...fresh, ...(data as object) },
    update: data,
  });
}

/** Empties what was made of an incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.suspect.deleteMany({ where: { incidentId } });
  await tx.ranking.deleteMany({ where: { incidentId } });
}
