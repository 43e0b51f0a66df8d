// What exceptions ask of the database, and how their rows follow from facts.
import { z } from 'zod';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { scopeSchema } from '../freeze/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import { isFor } from './ways.js';
import type { Asking, Way } from './words.js';

export type FreezeException = Prisma.FreezeExceptionGetPayload<object>;

const numbers = z.array(z.int()).min(1);
const useSchema = z.object({ verdictId: z.string(), at: z.coerce.date(), title: z.string() });
export type Use = z.infer<typeof useSchema>;

/** The exceptions that are good at an instant: approved, not expired, and not used up but by this verdict. */
export async function waysOf(tx: Tx, workspaceId: string, now: Date, verdictId?: string): Promise<Way[]> {
  const rows = await tx.freezeException.findMany({
    where: { workspaceId, expiresAt: { gt: now }, state: 'approved' },
    orderBy: { number: 'asc' },
  });
  const ways = rows.flatMap((row) => wayOf(row) ?? []);
  return ways.filter(
    (way) => way.usesLeft > 0 || (verdictId !== undefined && way.usedBy.includes(verdictId)),
  );
}

/** The number of the exception that was asked for a change and that nobody answered yet; null when there is none. */
export async function pendingFor(
  tx: Tx,
  workspaceId: string,
  asking: Asking,
  now: Date,
): Promise<number | null> {
  const rows = await tx.freezeException.findMany({
    where: { workspaceId, expiresAt: { gt: now }, state: 'requested' },
    orderBy: { number: 'desc' },
  });
  return rows.find((row) => isFor(row, asking))?.number ?? null;
}

/** The numbers of the freezes that an exception names; none when its row was damaged. */
export function freezesOf(row: Pick<FreezeException, 'freezes'>): number[] {
  return numbers.safeParse(row.freezes).data ?? [];
}

/** How often, by what and when it was used. */
export function usesOf(row: Pick<FreezeException, 'uses'>): Use[] {
  return z.array(useSchema).safeParse(row.uses).data ?? [];
}

// A damaged row lets nothing through.
function wayOf(row: FreezeException): Way | null {
  const scope = scopeSchema.safeParse(row.scope);
  const uses = z.array(useSchema).safeParse(row.uses);
  const freezes = freezesOf(row);
  if (!scope.success || !uses.success || freezes.length === 0) return null;
  const { id, number, changeId, source, key, expiresAt, emergency, incidentId } = row;
  return {
    ...{ id, number, changeId, source, key, expiresAt, emergency, incidentId, freezes },
    scope: scope.data,
    usesLeft: row.usesMax - uses.data.length,
    usedBy: uses.data.map((each) => each.verdictId),
    approvedBy: row.answeredByName ?? row.requestedByName,
  };
}

export const projections: Projection[] = [
  on(facts.exceptionRequested, async (fact, tx: Tx) => {
    const { lapsesAt } = fact.data;
    await tx.freezeException.create({ data: { ...rowOf(fact), state: 'requested', expiresAt: lapsesAt } });
  }),
  on(facts.exceptionBroken, async (fact, tx: Tx) => {
    const { expiresAt, reviewDueAt } = fact.data;
    const { id, name } = fact.actor;
    const answer = { answeredById: id, answeredByName: name, answeredAt: fact.recordedAt };
    await tx.freezeException.create({
      data: { ...rowOf(fact), ...answer, state: 'approved', expiresAt, reviewDueAt, emergency: true },
    });
  }),
  on(facts.exceptionApproved, (fact, tx: Tx) =>
    answered(tx, fact, 'approved', { expiresAt: fact.data.expiresAt }),
  ),
  on(facts.exceptionDenied, (fact, tx: Tx) => answered(tx, fact, 'denied', {})),
  on(facts.exceptionLapsed, async ({ data: { id } }, tx: Tx) => {
    await tx.freezeException.update({ where: { id }, data: { state: 'lapsed' } });
  }),
  // Who approved it stays on its row; who revoked it is in the record.
  on(facts.exceptionRevoked, async (fact, tx: Tx) => {
    const { id, text } = fact.data;
    await tx.freezeException.update({ where: { id }, data: { state: 'revoked', answerText: text } });
  }),
  on(facts.exceptionUsed, async ({ data: { id, verdictId, at, title } }, tx: Tx) => {
    const row = await tx.freezeException.findUniqueOrThrow({ where: { id }, select: { uses: true } });
    const uses = Array.isArray(row.uses) ? row.uses : [];
    await tx.freezeException.update({
      where: { id },
      data: { uses: json([...uses, { verdictId, at: at.toISOString(), title }]) },
    });
  }),
  on(facts.exceptionReviewed, async (fact, tx: Tx) => {
    const { id, text } = fact.data;
    const review = { reviewedById: fact.actor.id, reviewedByName: fact.actor.name };
    await tx.freezeException.update({
      where: { id },
      data: { ...review, reviewedAt: fact.recordedAt, reviewText: text },
    });
  }),
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    for (const redacted of await redactedOf(tx, factIds)) await blankRow(tx, redacted);
  }),
];

const kinds: readonly string[] = Object.values(facts).map((kind) => kind.type);

export interface Redacted {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly id: string; readonly verdictId?: string };
}

/** Those of these facts that are of exceptions. */
export async function redactedOf(tx: Tx, factIds: readonly string[]): Promise<Redacted[]> {
  const rows = await tx.fact.findMany({
    where: { id: { in: [...factIds] }, type: { in: [...kinds] } },
    select: { id: true, type: true, data: true },
  });
  // Of kinds that name their exception, also when they were blanked.
  return rows as unknown as Redacted[];
}

// The row repeats the words of its facts.
async function blankRow(tx: Tx, { type, data: { id, verdictId } }: Redacted): Promise<void> {
  const row = await tx.freezeException.findUnique({ where: { id } });
  if (!row) return;
  const asked: readonly string[] = [facts.exceptionRequested.type, facts.exceptionBroken.type];
  if (asked.includes(type)) await tx.freezeException.update({ where: { id }, data: { reason: 'redacted' } });
  else if (type === facts.exceptionReviewed.type)
    await tx.freezeException.update({ where: { id }, data: { reviewText: 'redacted' } });
  else if (type === facts.exceptionUsed.type) {
    const uses = usesOf(row).map((use) =>
      use.verdictId === verdictId ? { ...use, title: 'redacted' } : use,
    );
    await tx.freezeException.update({ where: { id }, data: { uses: json(uses) } });
  } else await tx.freezeException.update({ where: { id }, data: { answerText: null } });
}

function rowOf(
  fact: Fact<
    | ReturnType<typeof facts.exceptionRequested.read>['data']
    | ReturnType<typeof facts.exceptionBroken.read>['data']
  >,
) {
  const { workspaceId, data, actor, recordedAt } = fact;
  const { id, number, freezes, scope, change, source, key, reason, minutes, uses, incident } = data;
  return {
    ...{ id, workspaceId, number, source, key, reason, minutes, usesMax: uses },
    ...{ requestedById: actor.id, requestedByName: actor.name, requestedAt: recordedAt },
    freezes: json(freezes),
    scope: json(scope),
    changeId: change?.id ?? null,
    incidentId: incident?.id ?? null,
  };
}

async function answered(
  tx: Tx,
  fact: Fact<{ readonly id: string; readonly text: string | null }>,
  state: 'approved' | 'denied',
  more: { readonly expiresAt?: Date },
): Promise<void> {
  const { id, text } = fact.data;
  const by = { answeredById: fact.actor.id, answeredByName: fact.actor.name, answeredAt: fact.recordedAt };
  await tx.freezeException.update({ where: { id }, data: { ...by, ...more, state, answerText: text } });
}
