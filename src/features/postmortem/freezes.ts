// The freezes of an incident, for its record: the cords pulled from it with what each did, and those that were on anyway.
import { type Fact, readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { changeKey } from '../change/index.js';
import { exceptionKey } from '../exception/index.js';
import {
  covers,
  type Freeze,
  type Frozen,
  freezeKey,
  never,
  readFrozen,
  scopeWords,
  targetsOf,
  windowAfter,
  windowNow,
} from '../freeze/index.js';
import { gateStream, heldLeft, mayGo, thawBegan, verdictGiven, verdictRevised } from '../gate/index.js';
import type { Incident } from '../incident/index.js';
import { freezeViolated } from '../violation/index.js';
import type { FreezeOnRecord } from './record.js';

/** More freezes than this nobody reads about; the cords are always there. */
const othersMax = 20;
const exceptionsMax = 500;

/** Those pulled from it first, then those that lay over what it affected while it lasted. */
export async function freezesOnRecord(tx: Tx, incident: Incident): Promise<FreezeOnRecord[]> {
  const { workspaceId, id: incidentId } = incident;
  const rows = await tx.freeze.findMany({ where: { workspaceId, incidentId }, orderBy: { number: 'asc' } });
  const told = rows.length === 0 ? [] : await factsOf(tx, incidentId);
  const cords: FreezeOnRecord[] = [];
  for (const row of rows) {
    const freeze = readFrozen(row);
    const until = row.overAt < never ? row.overAt : null;
    const ended = { from: row.startsAt, until };
    cords.push({ ...shapeOf(row, freeze, ended), cord: true, ...(await doneBy(tx, row, told)) });
  }
  return incident.drill ? cords : [...cords, ...(await othersOf(tx, incident))];
}

// On its timeline are the first denial of each that it held, what slipped through, and the thaw.
async function factsOf(tx: Tx, incidentId: string): Promise<Fact[]> {
  const types = [verdictGiven.type, freezeViolated.type, thawBegan.type];
  const rows = await tx.fact.findMany({
    where: { incidentId, type: { in: types } },
    orderBy: { seq: 'asc' },
  });
  return rows.map(readFact);
}

async function doneBy(tx: Tx, { number, workspaceId }: Freeze, told: readonly Fact[]) {
  const of = (type: { readonly type: string }) => told.filter((fact) => fact.type === type.type);
  const verdicts = of(verdictGiven).map(verdictGiven.read);
  const held = verdicts.filter(
    ({ data }) =>
      (data.answer.decision === 'deny' || data.answer.decision === 'hold') && data.heldBy.includes(number),
  );
  const first = [...new Map([...held].reverse().map((fact) => [fact.data.id, fact])).values()].reverse();
  const thaws = of(thawBegan)
    .map(thawBegan.read)
    .filter(({ data }) => data.freezes.includes(number));
  return {
    held: first.map(({ data: { question }, recordedAt }) => ({
      ...{ title: question.title, source: question.source, at: recordedAt.toISOString() },
      change: question.change === null ? null : changeKey({ number: question.change }),
    })),
    violations: await violationsOf(tx, workspaceId, number, of(freezeViolated).map(freezeViolated.read)),
    exceptions: await exceptionsOf(tx, workspaceId, number),
    thaw: await thawOf(tx, workspaceId, thaws),
  };
}

type Thaw = ReturnType<typeof thawBegan.read>;

// Told of in one list or in several: each once, with its last turn and what became of it.
async function thawOf(tx: Tx, workspaceId: string, thaws: readonly Thaw[]) {
  const [first] = thaws;
  if (!first) return null;
  const turns = [...new Map(thaws.flatMap(({ data }) => data.held.map((each) => [each.id, each]))).values()];
  const rows = await tx.fact.findMany({
    where: {
      ...{ workspaceId, stream: { in: turns.map((each) => gateStream(each.id)) } },
      type: { in: [verdictGiven.type, verdictRevised.type, heldLeft.type] },
      recordedAt: { gte: first.recordedAt },
    },
    orderBy: { position: 'asc' },
  });
  const facts = rows.map(readFact);
  return {
    at: first.recordedAt.toISOString(),
    order: turns
      .toSorted((a, b) => a.turnAt.getTime() - b.turnAt.getTime())
      .map(({ id, title, turnAt }) => {
        const own = facts.filter((each) => each.stream === gateStream(id));
        const went = own.find(isGoing) ?? null;
        const left = own.findLast((each) => each.type === heldLeft.type);
        return {
          ...{ title, turnAt: turnAt.toISOString(), wentAt: went?.recordedAt.toISOString() ?? null },
          left: went || !left ? null : heldLeft.read(left).data.why,
        };
      }),
  };
}

// Whoever asks again goes when they ask; whoever is told where they wait, when they are told.
function isGoing(fact: Fact): boolean {
  if (fact.type === verdictGiven.type) return verdictGiven.read(fact).data.queue === 'gone';
  if (fact.type !== verdictRevised.type) return false;
  const { callback, answer } = verdictRevised.read(fact).data;
  return callback !== null && mayGo(answer.decision);
}

// One that was taken back since, because its start was told wrong, is none.
async function violationsOf(
  tx: Tx,
  workspaceId: string,
  number: number,
  facts: readonly ReturnType<typeof freezeViolated.read>[],
) {
  const numbers = facts.filter(({ data }) => data.freezes.some((each) => each.number === number));
  const changes = await tx.change.findMany({
    where: { workspaceId, number: { in: numbers.map(({ data }) => data.number) } },
    orderBy: { startsAt: 'asc' },
  });
  return changes
    .filter((change) => (change.violates as number[]).includes(number))
    .map((change) => ({
      ...{ key: changeKey(change), title: change.title, owner: change.ownerName },
      startedAt: (change.startedAt ?? change.startsAt).toISOString(),
    }));
}

async function exceptionsOf(tx: Tx, workspaceId: string, number: number) {
  const rows = await tx.freezeException.findMany({
    where: { workspaceId, state: { in: ['approved', 'revoked'] } },
    orderBy: { number: 'desc' },
    take: exceptionsMax,
  });
  return rows
    .filter((row) => Array.isArray(row.freezes) && row.freezes.includes(number))
    .reverse()
    .map((row) => ({
      ...{ key: exceptionKey(row), reason: row.reason, by: row.requestedByName },
      approvedBy: row.emergency ? null : row.answeredByName,
      // Written by the projection of what the fact’s schema checked.
      uses: (row.uses as { title: string }[]).map((use) => use.title),
    }));
}

// Of everybody, over what it affected, at any time from its onset to its end.
async function othersOf(tx: Tx, incident: Incident): Promise<FreezeOnRecord[]> {
  const { workspaceId, id: incidentId } = incident;
  const impacts = await tx.impact.findMany({ where: { incidentId, level: { not: 'operational' } } });
  if (impacts.length === 0) return [];
  const targets = targetsOf(impacts, await environmentsOf(tx, workspaceId));
  const from = incident.startedAt ?? incident.detectedAt ?? incident.declaredAt;
  const rows = await tx.freeze.findMany({
    where: {
      ...{ workspaceId, drill: false, overAt: { gt: from } },
      ...(incident.resolvedAt ? { startsAt: { lt: incident.resolvedAt } } : {}),
      OR: [{ incidentId: null }, { incidentId: { not: incidentId } }],
    },
    orderBy: { number: 'asc' },
  });
  return rows
    .flatMap((row): FreezeOnRecord[] => {
      const freeze = readFrozen(row);
      const window = windowNow(freeze, from) ?? windowAfter(freeze, from);
      const met = window && (incident.resolvedAt === null || window.from < incident.resolvedAt);
      if (!met || !targets.some((target) => covers(freeze.scope, target))) return [];
      return [{ ...shapeOf(row, freeze, window), cord: false }];
    })
    .slice(0, othersMax);
}

function shapeOf(row: Freeze, freeze: Frozen, window: { from: Date; until: Date | null }): FreezeOnRecord {
  return {
    ...{ key: freezeKey(row), reason: row.reason, mode: freeze.mode },
    components: freeze.scope.include.map((each) => scopeWords({ include: [each], exclude: [] })),
    owner: { id: row.ownerId, name: row.ownerName },
    from: window.from.toISOString(),
    until: window.until?.toISOString() ?? null,
    liftedBy: row.liftedById ? { id: row.liftedById, name: row.liftedByName ?? row.liftedById } : null,
  };
}
