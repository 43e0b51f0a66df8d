// What undo asks of the database, and how the state follows: as if what was undone had never been stated.
import type { Ask } from '../../core/command.js';
import { type Fact, on, readFact } from '../../core/fact.js';
import type { FactKinds, Feature, Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';
import { changeUndone } from './facts.js';
import type { Undoer } from './rules.js';

/** How long a change can be taken back. */
export const undoSeconds = 60;

/** What the asker stated last on an incident within the time, by one request, on every incident that it touched. */
export async function lastFacts(tx: Tx, incidentId: string, ask: Ask, undoer: Undoer): Promise<Fact[]> {
  const since = new Date(ask.now.getTime() - undoSeconds * 1000);
  const rows = await tx.fact.findMany({
    where: { incidentId, actorId: ask.actor.id, recordedAt: { gte: since } },
    orderBy: { position: 'desc' },
  });
  // Who joined a channel has said nothing.
  const last = rows.find((row) => undoer(readFact(row)) !== 'stays');
  if (!last) return [];
  const all = await tx.fact.findMany({
    where: { workspaceId: ask.workspace.id, requestId: last.requestId, incidentId: { not: null } },
    orderBy: { position: 'asc' },
  });
  return all.map(readFact);
}

/** What was stated after these facts on their incidents, without what was undone since. */
export async function laterFacts(tx: Tx, last: readonly Fact[]): Promise<Fact[]> {
  const own = new Set(last.map((fact) => fact.id));
  const later: Fact[] = [];
  for (const incidentId of new Set(last.map((fact) => fact.incidentId ?? ''))) {
    const first = Math.min(
      ...last.flatMap((fact) => (fact.incidentId === incidentId ? [fact.seq ?? 0] : [])),
    );
    const rows = await tx.fact.findMany({
      where: { incidentId, seq: { gt: first } },
      orderBy: { seq: 'asc' },
    });
    later.push(...rows.map(readFact));
  }
  const undone = new Set(later.flatMap((fact) => undoneIds(fact)));
  return later.filter((fact) => !own.has(fact.id) && !undone.has(fact.id));
}

/** Marks what was undone, and makes the rows of its incident again without it. */
export function projectionsOf(features: readonly Feature[]): Projection[] {
  return [
    on(changeUndone, async (fact, tx: Tx, kinds: FactKinds) => {
      await mark(fact, tx);
      if (fact.data.undone.some(({ leftOut }) => leftOut)) await makeAgain(features, fact, tx, kinds);
    }),
  ];
}

async function mark(undoing: Fact, tx: Tx): Promise<void> {
  const { data, actor, recordedAt } = changeUndone.read(undoing);
  for (const { factId, hidden } of data.undone) {
    const by = { takenBackById: actor.id, takenBackByName: actor.name, takenBackAt: recordedAt };
    await tx.entry.updateMany({
      where: { id: factId },
      data: { ...by, ...(hidden ? { withdrawn: true } : {}) },
    });
  }
}

// The record is read again as far as this undoing, without what it and those before it left out. So the state is what
// it would be otherwise, whatever followed from the fact; to state the opposite would need to know all of that.
async function makeAgain(
  features: readonly Feature[],
  undoing: Fact,
  tx: Tx,
  kinds: FactKinds,
): Promise<void> {
  const { workspaceId, stream, version } = undoing;
  const rules = features.flatMap((feature) => feature.project ?? []);
  const types = [...new Set([changeUndone.type, ...rules.map((rule) => rule.type)])];
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream, version: { lte: version }, type: { in: types } },
    orderBy: { version: 'asc' },
  });
  const facts = rows.map(readFact);
  const leftOut = new Set(facts.flatMap((fact) => undoneIds(fact, true)));
  for (const feature of features) await feature.reset?.(tx, idOf(undoing));
  for (const fact of facts) {
    if (leftOut.has(fact.id)) continue;
    if (fact.type === changeUndone.type) await mark(fact, tx);
    for (const rule of rules) if (rule.type === fact.type) await rule.run(fact, tx, kinds);
  }
}

function undoneIds(fact: Fact, onlyLeftOut = false): string[] {
  if (fact.type !== changeUndone.type) return [];
  const { undone } = changeUndone.read(fact).data;
  return undone.flatMap(({ factId, leftOut }) => (leftOut || !onlyLeftOut ? [factId] : []));
}
