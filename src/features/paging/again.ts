// Pages that ring again: their incident is open again, merged no more, or whoever had them took that back.
import { z } from 'zod';
import { accept, type Bound, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { type Fact, readFact, type Stated } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, incidentMerged, isOpen, statusSet } from '../incident/index.js';
import { nextLevel, redrawn, withdraw } from './decide.js';
import { pageAcknowledged, pageWithdrawn } from './facts.js';
import { againCommand } from './react.js';
import { loadRinging, type Ringing } from './scene.js';
import { pagesOf, type Rows, rowsOf } from './store.js';
import { type Page, pageStream } from './words.js';

const againInput = z.object({
  incidentId: z.string(),
  /** What was undone. */
  factIds: z.array(z.string()),
  /** The incident that it was merged into, and is no more. */
  apart: z.string().nullable(),
});
type AgainInput = z.infer<typeof againInput>;

interface Again {
  readonly incident: Incident;
  /** Those that its end withdrew, and that nothing else calls for. */
  readonly ended: readonly Ringing[];
  /** Those that somebody had, and has no more. */
  readonly undone: readonly Ringing[];
  /** Those that rang for another one meanwhile, and the number of that. */
  readonly back: { readonly rows: Rows; readonly from: number } | null;
  /** Those that ring although it is not open after all. */
  readonly over: Rows;
}

/** Looks which pages of an incident are to ring, now that it stands otherwise. */
const again = defineCommand<AgainInput, readonly string[], Again>({
  verb: internalVerb('page again'),
  input: againInput,
  async locate(tx, { incidentId }) {
    const rows = await tx.page.findMany({ where: { incidentId }, select: { id: true } });
    const ids = rows.map(({ id }) => id);
    return { streams: ids.map(pageStream), target: ids };
  },
  load: loadAgain,
  decide({ incident, ended, undone, back, over }, _input, ask) {
    const plain = { sent: [], by: null, from: null, back: false };
    const rings = (because: 'open' | 'undone') => (it: Ringing) => [
      redrawn(it.page, it.all, plain),
      ...nextLevel(it, because, ask),
    ];
    const why = `${incidentKey(incident)} is ${incident.status} after all`;
    const stated: Stated[] = [
      ...ended.flatMap(rings('open')),
      ...undone.flatMap(rings('undone')),
      ...(back?.rows ?? []).map(([page, all]) =>
        redrawn(page, all, { ...plain, from: back?.from ?? null, back: true }),
      ),
      ...over.flatMap(([page, all]) => withdraw(page, all, why, { ended: true })),
    ];
    return stated.length > 0 ? accept(stated, message()) : refuse(say('No page rings again.'));
  },
});

async function loadAgain(tx: Tx, input: AgainInput, ids: readonly string[], ask: { readonly now: Date }) {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: input.incidentId } });
  const facts = (await tx.fact.findMany({ where: { id: { in: input.factIds } } })).map(readFact);
  const rows = await rowsOf(tx, ids);
  const pages = rows.map(([page]) => page);
  const open = isOpen(incident.status);
  const closedAgain = !open && facts.some(reopens);
  return {
    incident,
    ended: open ? await ringingOf(tx, await endedIn(tx, pages), 'first', ask.now) : [],
    undone: open ? await ringingOf(tx, await undoneIn(tx, pages, input.factIds), 'same', ask.now) : [],
    back: await backIn(tx, rows, input, facts),
    over: closedAgain ? rows.filter(([page]) => page.state === 'ringing') : [],
  };
}

function ringingOf(tx: Tx, pages: readonly Page[], which: 'first' | 'same', now: Date): Promise<Ringing[]> {
  return Promise.all(pages.map(({ id }) => loadRinging(tx, id, now, which)));
}

// Whom another page calls for the same, or who answered one since, is not called twice.
async function endedIn(tx: Tx, pages: readonly Page[]): Promise<Page[]> {
  const found: Page[] = [];
  for (const page of pages.filter((each) => each.state === 'withdrawn').reverse()) {
    const fact = await lastOf(tx, page, pageWithdrawn.type);
    if (!fact || !pageWithdrawn.read(fact).data.ended) continue;
    const calls = (each: Page) =>
      each.state === 'ringing' ||
      found.includes(each) ||
      (each.state === 'acknowledged' && each.answeredAt !== null && each.answeredAt >= fact.recordedAt);
    if (!pages.some((each) => each.id !== page.id && isForSame(each, page) && calls(each))) found.push(page);
  }
  return found.reverse();
}

function isForSame(one: Page, other: Page): boolean {
  return (
    one.targetKind === other.targetKind &&
    one.targetName === other.targetName &&
    one.targetId === other.targetId
  );
}

async function undoneIn(tx: Tx, pages: readonly Page[], factIds: readonly string[]): Promise<Page[]> {
  const found: Page[] = [];
  for (const page of pages.filter((each) => each.state === 'acknowledged')) {
    const fact = await lastOf(tx, page, pageAcknowledged.type);
    if (fact && factIds.includes(fact.id)) found.push(page);
  }
  return found;
}

async function backIn(tx: Tx, rows: Rows, { incidentId, apart }: AgainInput, facts: readonly Fact[]) {
  const merge = facts.find((fact) => fact.type === incidentMerged.type && fact.incidentId === incidentId);
  const into = apart ? await tx.incident.findUnique({ where: { id: apart } }) : null;
  const from = into?.number ?? (merge ? incidentMerged.read(merge).data.into.number : null);
  if (from === null) return null;
  const ids = await pagesOf(tx, incidentId);
  return { from, rows: rows.filter(([page]) => page.state === 'ringing' && ids.includes(page.id)) };
}

async function lastOf(tx: Tx, { id }: Page, type: string): Promise<Fact | null> {
  const where = { stream: pageStream(id), type };
  const row = await tx.fact.findFirst({ where, orderBy: { position: 'desc' } });
  return row && readFact(row);
}

function reopens(fact: Fact): boolean {
  if (fact.type !== statusSet.type) return false;
  const { from, to } = statusSet.read(fact).data;
  return !isOpen(from) && isOpen(to);
}

export const againAutomatic: Readonly<Record<string, (data: unknown) => Bound>> = {
  [againCommand]: (data) => again.given(againInput.parse(data)),
};
