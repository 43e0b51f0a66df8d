// What the gate asks of the database, and how the rows of verdicts follow from facts.
import { z } from 'zod';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import type { Prisma, Tx } from '../../db/tx.js';
import type { Environments } from '../catalog/index.js';
import { type Asking, pendingFor, type Way, waysOf } from '../exception/index.js';
import { type Target, targetsOf } from '../freeze/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { Waiter } from './queue.js';
import {
  type Answer,
  answerSchema,
  type DecisionWord,
  decisions,
  mayGo,
  type Question,
  questionSchema,
} from './words.js';

export type Verdict = Prisma.VerdictGetPayload<object>;
/** So many that wait are put in order; more than that nobody releases within a day. */
const waitersMax = 1_000;
const numbers = z.array(z.int());

/** A verdict as it was given last. What of its row cannot be read was never given: it is judged anew. */
export interface Kept {
  readonly id: string;
  readonly row: Verdict;
  readonly question: Question | null;
  readonly answer: Answer | null;
  readonly decision: DecisionWord | null;
  readonly heldBy: readonly number[];
  readonly callback: z.infer<typeof facts.callbackSchema> | null;
}

/** What is on record of a question: one row for what a source calls a change. */
export async function keptOf(
  tx: Tx,
  workspaceId: string,
  { source, key }: Pick<Question, 'source' | 'key'>,
): Promise<Kept | null> {
  if (key === null) return null;
  const row = await tx.verdict.findUnique({
    where: { workspaceId_source_key: { workspaceId, source, key } },
  });
  return row && readKept(row);
}

/** A row as it is judged. */
export function readKept(row: Verdict): Kept {
  return {
    ...{ id: row.id, row },
    question: questionSchema.safeParse(row.question).data ?? null,
    answer: answerSchema.safeParse(row.answer).data ?? null,
    decision: decisions.find((each) => each === row.decision) ?? null,
    heldBy: numbers.safeParse(row.heldBy).data ?? [],
    callback: facts.callbackSchema.nullable().safeParse(row.callback).data ?? null,
  };
}

/** Whether anything waits at all. */
export async function someWait(tx: Tx, workspaceId: string): Promise<boolean> {
  const where = { workspaceId, queue: 'waiting' };
  return (await tx.verdict.findFirst({ where, select: { id: true } })) !== null;
}

/** All that wait, the longest first. */
export async function waitingRows(tx: Tx, workspaceId: string): Promise<Kept[]> {
  const rows = await tx.verdict.findMany({
    where: { workspaceId, queue: 'waiting' },
    orderBy: [{ heldAt: 'asc' }, { id: 'asc' }],
    take: waitersMax,
  });
  return rows.map(readKept);
}

/** Those that went so lately that the next one keeps its distance; found by their validity, which ends after that. */
export async function goneRows(tx: Tx, workspaceId: string, since: Date): Promise<Kept[]> {
  const rows = await tx.verdict.findMany({
    where: { workspaceId, validUntil: { gte: since }, queue: 'gone', leftAt: { gte: since } },
  });
  return rows.map(readKept);
}

/** Verdicts that let something go and are good still. */
export async function openVerdicts(tx: Tx, workspaceId: string, now: Date): Promise<Kept[]> {
  const rows = await tx.verdict.findMany({
    where: { workspaceId, validUntil: { gt: now }, decision: { in: ['allow', 'warn'] } },
    orderBy: { validUntil: 'asc' },
    take: waitersMax,
  });
  return rows.map(readKept);
}

/** What a verdict let go that is good still, and that nobody said began. */
export interface LetGo {
  readonly title: string;
  /** Who began it, or asked. */
  readonly by: string;
  readonly until: Date;
  readonly targets: readonly Target[];
  readonly drill: boolean;
}

/** All that may start any moment, because the gate let it. */
export async function allowedNow(
  tx: Tx,
  workspaceId: string,
  environments: Environments,
  now: Date,
): Promise<LetGo[]> {
  const open = await openVerdicts(tx, workspaceId, now);
  const ids = open.flatMap((each) => each.row.changeId ?? []);
  const keys = open.flatMap(({ question }) =>
    question?.key ? [{ source: question.source, key: question.key }] : [],
  );
  const begun = await tx.change.findMany({
    where: { workspaceId, state: { not: 'planned' }, OR: [{ id: { in: ids } }, ...keys] },
    select: { id: true, source: true, key: true },
  });
  return open.flatMap(({ row, question }): LetGo[] => {
    if (!question) return [];
    const { title, source, key, actor, drill } = question;
    if (begun.some((each) => each.id === row.changeId || (each.source === source && each.key === key)))
      return [];
    const by = actor ?? source.replace(/^token:/, '');
    return [{ title, by, until: row.validUntil, targets: targetsOf(question.targets, environments), drill }];
  });
}

/** A row as the queue takes it. One that cannot be read takes no turn. */
export function waiterOf(
  { id, row, question, heldBy, decision, callback }: Kept,
  environments: Environments,
): Waiter {
  const waits = row.queue === 'waiting';
  const letGo = waits && decision !== null && mayGo(decision);
  return {
    ...{ id, heldBy, toldAt: row.turnAt, askedAt: row.askedAt, drill: question?.drill ?? false },
    heldAt: row.heldAt ?? row.askedAt,
    stays: callback !== null,
    targets: question ? targetsOf(question.targets, environments) : [],
    wentAt: waits ? (letGo ? row.askedAt : null) : row.leftAt,
  };
}

/** The exceptions that are good now, also one that this verdict has used already. */
export async function waysFor(tx: Tx, workspaceId: string, now: Date, verdictId?: string): Promise<Way[]> {
  return waysOf(tx, workspaceId, now, verdictId);
}

/** The exception that was asked for and that nobody answered yet. */
export async function pendingOf(tx: Tx, workspaceId: string, asking: Asking, now: Date) {
  return pendingFor(tx, workspaceId, asking, now);
}

export const projections: Projection[] = [
  on(facts.verdictGiven, async (fact, tx: Tx) => {
    const { workspaceId, recordedAt, actor, data } = fact;
    const { id, question, answer, queue, heldAt, turnAt, heldBy, callback, changeId, exceptionId } = data;
    const { source, key } = question;
    const row = {
      ...{ decision: answer.decision, validUntil: new Date(answer.validUntil), changeId, exceptionId },
      ...{ askedById: actor.id, askedByName: actor.name, askedAt: recordedAt },
      ...{ queue, heldAt, turnAt, leftAt: queue === 'gone' ? recordedAt : null },
      ...{ question: json(question), answer: json(answer), heldBy: json(heldBy) },
    };
    const kept = callback === null ? {} : { callback: json(callback) };
    const found = await tx.verdict.updateMany({ where: { id }, data: { ...row, ...kept } });
    if (found.count > 0) return;
    await tx.verdict.create({ data: { id, workspaceId, source, key: key ?? id, ...row, ...kept } });
  }),
  on(facts.verdictRevised, async ({ recordedAt, data }, tx: Tx) => {
    const { id, answer, turnAt, heldBy, callback } = data;
    // Whoever is told where they wait goes then; whoever asks again goes when they ask.
    const goes = callback !== null && mayGo(answer.decision);
    await tx.verdict.update({
      where: { id },
      data: {
        ...{ answer: json(answer), decision: answer.decision, validUntil: new Date(answer.validUntil) },
        ...{ askedAt: recordedAt, turnAt, heldBy: json(heldBy) },
        ...(goes ? { queue: 'gone', leftAt: recordedAt } : {}),
      },
    });
  }),
  on(facts.heldLeft, async ({ recordedAt, data: { id } }, tx: Tx) => {
    await tx.verdict.update({ where: { id }, data: { queue: 'left', leftAt: recordedAt, turnAt: null } });
  }),
  on(facts.thawBegan, async ({ data: { held } }, tx: Tx) => {
    for (const { id, turnAt } of held) await tx.verdict.update({ where: { id }, data: { turnAt } });
  }),
  // The row repeats the words of its facts.
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    const rows = await tx.fact.findMany({
      where: { id: { in: [...factIds] }, type: { in: kinds } },
      select: { data: true },
    });
    // Of kinds that name their verdict, also when they were blanked.
    for (const { data } of rows) await blankRow(tx, (data as unknown as { id: string }).id);
  }),
];

const kinds = [facts.verdictGiven.type, facts.verdictRevised.type, facts.heldLeft.type];

async function blankRow(tx: Tx, id: string): Promise<void> {
  const row = await tx.verdict.findUnique({ where: { id } });
  if (!row) return;
  const { question, answer } = readKept(row);
  if (!question || !answer) return;
  const blank = {
    question: json({ ...question, title: 'redacted' }),
    answer: json(facts.withoutWords(answer)),
  };
  await tx.verdict.update({ where: { id }, data: blank });
}
