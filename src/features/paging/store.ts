// What pages ask of the database, and how their rows follow from facts.
import type { Ask, Located } from '../../core/command.js';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import { say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { idOf, incidentMerged, isOpen, statusSet, visibleTo, withMerged } from '../incident/index.js';
import { entryRedacted, wordsRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import * as facts from './facts.js';
import { type Cause, type Page, type PageAttempt, pageKey, pageStream } from './words.js';

/** All attempts of a page, in the order in which they were made. */
export async function attemptsOfPage(tx: Tx, pageId: string): Promise<PageAttempt[]> {
  return tx.pageAttempt.findMany({ where: { pageId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
}

export type Rows = readonly (readonly [Page, readonly PageAttempt[]])[];

/** Pages with all their attempts. */
export async function rowsOf(tx: Tx, ids: readonly string[]): Promise<Rows> {
  const rows = await tx.page.findMany({ where: { id: { in: [...ids] } }, orderBy: { number: 'asc' } });
  return Promise.all(rows.map(async (row) => [row, await attemptsOfPage(tx, row.id)] as const));
}

/** The page of this number; one of a private incident exists for its members and for those whom it called. */
export async function findPage(
  tx: Tx,
  { page: number }: { readonly page: number },
  ask: Ask,
): Promise<Located<Page>> {
  const workspaceId = ask.workspace.id;
  const page = await tx.page.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  if (page && (await maySeePage(tx, page, ask))) return { streams: [pageStream(page.id)], target: page };
  return { refused: { unknown: true, message: noSuchPage(number) } };
}

function noSuchPage(number: number) {
  return say(`There is no ${pageKey({ number })}. `, { code: '/incident pages' }, ' shows those that ring.');
}

/** Whether the asker may know of a page: they may see its incident, or it called them. */
export async function maySeePage(tx: Tx, page: Page, ask: Ask): Promise<boolean> {
  return (await seesIncident(tx, page, ask)) || wasCalled(tx, page.id, ask.actor.id);
}

/** Whether a page called somebody; whom a drill only would have called, it did not. */
async function wasCalled(tx: Tx, pageId: string, userId: string): Promise<boolean> {
  return (await tx.pageAttempt.count({ where: { pageId, toId: userId, ...called } })) > 0;
}

const called = { state: { not: 'simulated' } };

/** Whether the asker may see what the page is about. */
export async function seesIncident(tx: Tx, page: Pick<Page, 'incidentId'>, ask: Ask): Promise<boolean> {
  if (page.incidentId === null) return true;
  return (await tx.incident.count({ where: { id: page.incidentId, AND: [await visibleTo(tx, ask)] } })) > 0;
}

/** Pages that ring for what made them, such as a heartbeat by its name. */
export async function ringingOf(tx: Tx, workspaceId: string, cause: Cause): Promise<Page[]> {
  return tx.page.findMany({
    where: { workspaceId, state: 'ringing', cause: cause.kind, causeName: cause.name },
    orderBy: { number: 'asc' },
  });
}

/** Pages that ring, and called nobody in their present round. */
export async function callingNobody(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.page.findMany({
    where: { workspaceId, state: 'ringing' },
    orderBy: { number: 'asc' },
  });
  const counts = await Promise.all(
    rows.map(({ id: pageId, round }) => tx.pageAttempt.count({ where: { pageId, round } })),
  );
  return rows.filter((_, i) => counts[i] === 0).map(({ id }) => id);
}

/** Pages of an incident that ring. */
export async function ringingOn(tx: Tx, incidentId: string): Promise<Page[]> {
  return tx.page.findMany({ where: { incidentId, state: 'ringing' }, orderBy: { number: 'asc' } });
}

/** Pages of an incident that somebody has. */
export async function answeredOn(tx: Tx, incidentId: string): Promise<Page[]> {
  return tx.page.findMany({ where: { incidentId, state: 'acknowledged' }, orderBy: { number: 'asc' } });
}

/** Pages that ring and have called the asker. */
export async function ringingFor(tx: Tx, ask: Ask): Promise<Page[]> {
  const rows = await tx.page.findMany({
    where: { workspaceId: ask.workspace.id, state: 'ringing' },
    orderBy: { number: 'asc' },
  });
  const mine = await tx.pageAttempt.findMany({
    where: { pageId: { in: rows.map((each) => each.id) }, toId: ask.actor.id, ...called },
    select: { pageId: true },
  });
  const ids = new Set(mine.map((each) => each.pageId));
  return rows.filter((each) => ids.has(each.id));
}

export const projections: Projection[] = [
  on(facts.pageOpened, async (fact, tx: Tx) => {
    const { id, number, target, reason, cause, levels, repeatMinutes, drill } = fact.data;
    await tx.page.create({
      data: {
        ...{ id, number, reason, repeatMinutes, drill, workspaceId: fact.workspaceId },
        ...{ targetKind: target.kind, targetName: target.name, targetId: target.id },
        ...{ cause: cause.kind, causeName: cause.name, incidentId: fact.incidentId },
        ...{ openedById: fact.actor.id, openedByName: fact.actor.name, openedAt: fact.recordedAt },
        ...{ levels: json(levels), level: 0, round: 0, state: 'ringing' },
      },
    });
  }),
  on(facts.pageLevelReached, async (fact, tx: Tx) => {
    const { id, level, round, nextAt, escalation } = fact.data;
    await tx.page.updateMany({
      where: { id },
      data: {
        ...{ level, round, nextAt, state: 'ringing', ...unanswered },
        ...(escalation ? { levels: json(escalation.levels), repeatMinutes: escalation.repeatMinutes } : {}),
      },
    });
    await tx.pageAttempt.createMany({ data: fact.data.attempts.map((each) => attemptRow(fact, each)) });
  }),
  on(facts.pageDelivered, (fact, tx: Tx) => ended(tx, fact, 'delivered', null)),
  on(facts.pageFailed, (fact, tx: Tx) => ended(tx, fact, 'failed', fact.data.error)),
  on(facts.pageStuck, (fact, tx: Tx) => ended(tx, fact, 'stuck', null)),
  on(facts.pageAcknowledged, async (fact, tx: Tx) => {
    const { id, by, way, through } = fact.data;
    const answered = {
      answeredById: by.id,
      answeredByName: through === null ? by.name : `${by.name}, by ${through}`,
      answeredAt: fact.occurredAt ?? fact.recordedAt,
      answeredBy: way,
    };
    await tx.page.updateMany({ where: { id }, data: { state: 'acknowledged', nextAt: null, ...answered } });
  }),
  on(facts.pageWithdrawn, async (fact, tx: Tx) => {
    const { id } = fact.data;
    await tx.page.updateMany({ where: { id }, data: { state: 'withdrawn', nextAt: null } });
  }),
  on(entryRedacted, ({ data: { factIds } }, tx: Tx) => blankReasons(tx, factIds)),
  on(wordsRedacted, ({ data }, tx: Tx) =>
    blankReasons(
      tx,
      data.facts.map((each) => each.id),
    ),
  ),
  // Whoever is needed is needed still: their page is of the incident that goes on.
  on(incidentMerged, async ({ incidentId, data: { into } }, tx: Tx) => {
    await tx.page.updateMany({ where: { incidentId, state: 'ringing' }, data: { incidentId: into.id } });
  }),
  // An undoing runs the rule above once more over merges of old: what is open again has its pages again.
  on(statusSet, async (fact, tx: Tx) => {
    if (isOpen(fact.data.to)) await comeBack(tx, idOf(fact));
  }),
  on(changeUndone, async (fact, tx: Tx) => {
    const id = { in: fact.data.undone.map((each) => each.factId) };
    const where = { id, type: incidentMerged.type, incidentId: fact.incidentId };
    if ((await tx.fact.count({ where })) > 0) await comeBack(tx, idOf(fact));
  }),
];

// What was answered meanwhile stays where it was.
async function comeBack(tx: Tx, incidentId: string): Promise<void> {
  const id = { in: await pagesOf(tx, incidentId) };
  const state = { in: ['ringing', 'withdrawn'] };
  await tx.page.updateMany({ where: { id, state }, data: { incidentId } });
}

/** The pages that were opened for an incident, or for one that goes on as it. */
export async function pagesOf(tx: Tx, incidentId: string): Promise<string[]> {
  return pagesIn(tx, { incidentId: { in: await withMerged(tx, incidentId) } }, facts.pageOpened.type);
}

async function blankReasons(tx: Tx, factIds: readonly string[]): Promise<void> {
  const id = { in: await pagesIn(tx, { id: { in: [...factIds] } }, facts.pageOpened.type) };
  await tx.page.updateMany({ where: { id }, data: { reason: '' } });
}

/** The pages that some facts of a kind are of. */
export async function pagesIn(tx: Tx, which: Prisma.FactWhereInput, type: string): Promise<string[]> {
  const rows = await tx.fact.findMany({ where: { ...which, type }, select: { data: true } });
  // Of a kind that names its page, also when its words were blanked.
  return rows.map(({ data }) => (data as { id: string }).id);
}

const unanswered = { answeredById: null, answeredByName: null, answeredAt: null, answeredBy: null };

function attemptRow(
  fact: Fact<ReturnType<typeof facts.pageLevelReached.read>['data']>,
  { id, path, to, address, simulated }: facts.Attempt,
): Prisma.PageAttemptCreateManyInput {
  const { data, workspaceId, recordedAt: at } = fact;
  return {
    ...{ id, workspaceId, at, path, address, toId: to.id, toName: to.name },
    ...{ pageId: data.id, level: data.level, round: data.round },
    state: simulated ? 'simulated' : 'sent',
    endedAt: null,
    error: null,
  };
}

// What is stuck may arrive, or come to nothing, after all.
async function ended(
  tx: Tx,
  fact: Fact<{ attemptId: string }>,
  state: 'delivered' | 'failed' | 'stuck',
  error: string | null,
): Promise<void> {
  const data = { state, error, endedAt: fact.recordedAt };
  await tx.pageAttempt.updateMany({ where: { id: fact.data.attemptId }, data });
}
