// What violations ask of the database: what was frozen when a change began, and what had let it.
import { on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { type Environments, environmentsOf } from '../catalog/index.js';
import { type Change, changeIdOf, componentsOf } from '../change/index.js';
import { waysOf, wayThrough } from '../exception/index.js';
import {
  covers,
  type Frozen,
  folded,
  freezesSince,
  type Target,
  targetsOf,
  thawedAt,
  windowLast,
  windowNow,
} from '../freeze/index.js';
import {
  type Answer,
  frozenSince,
  gateStream,
  goesBack,
  type Question,
  questionSchema,
  ranBefore,
  validMs,
  verdictGiven,
  verdictRevised,
} from '../gate/index.js';
import { askedWithinMs, type Began, type FrozenBy, skewMs, type VerdictOn } from './decide.js';
import { firstAfterThaw, freezeViolated, violationWithdrawn } from './facts.js';

/** So long after a thaw something can be the first. */
const thawMs = 24 * 3_600_000;
const verdictsMax = 20;
/** Of one place so many changes are read to learn what runs there. */
const lastLookedAt = 20;
/** Of verdicts that are good at one time, so many are looked through for the same delivery. */
const sameTimeMax = 500;

/** What is to be said of a change's beginning; null where it has not begun, or left things as they were. */
export async function beganOf(tx: Tx, change: Change): Promise<Began | null> {
  const { workspaceId } = change;
  if (change.state === 'planned' || change.state === 'cancelled') return null;
  const startedAt = change.startedAt ?? change.startsAt;
  const all = await freezesSince(tx, workspaceId, new Date(startedAt.getTime() - thawMs));
  // One that was made after it began could not have held it.
  const freezes = all.filter((each) => each.mode === 'hard' && each.madeAt <= startedAt);
  const nothing = { change, startedAt, startUnknown: change.startedAt === null, mayPass: false };
  if (freezes.length === 0) return { ...nothing, frozenBy: [], verdicts: [], thaw: null };
  const environments = await environmentsOf(tx, workspaceId);
  const targets = targetsOf(await componentsOf(tx, change.id), environments);
  const on = freezes.filter(
    (each) => windowNow(each, startedAt) && targets.some((target) => covers(each.scope, target)),
  );
  // Who deploys may say that it ran there before; only the record is believed.
  if (change.unchanged && (on.length === 0 || (await ranThere(tx, change, startedAt)))) return null;
  if (on.length === 0)
    return {
      ...nothing,
      frozenBy: [],
      verdicts: [],
      thaw: await thawOf(tx, change, startedAt, targets, freezes),
    };
  const frozen = targets.filter((target) => on.some((each) => covers(each.scope, target)));
  return {
    ...nothing,
    frozenBy: await withIncidents(tx, on, startedAt),
    verdicts: await verdictsOn(tx, change, startedAt, { places: frozen, environments }),
    mayPass:
      (await isExcepted(tx, change, startedAt, targets, on)) ||
      (await isProvenRollback(tx, change, startedAt, targets, environments)),
    thaw: null,
  };
}

async function withIncidents(tx: Tx, freezes: readonly Frozen[], at: Date): Promise<FrozenBy[]> {
  const ids = freezes.flatMap((each) => each.incidentId ?? []);
  const rows =
    ids.length === 0
      ? []
      : await tx.incident.findMany({
          where: { id: { in: ids } },
          select: { id: true, number: true, private: true },
        });
  const incidents = new Map(
    rows.map((row) => [row.id, { id: row.id, number: row.number, shown: !row.private }]),
  );
  return freezes.map((each) => ({
    ...{ id: each.id, number: each.number, owner: each.owner },
    incident: incidents.get(each.incidentId ?? '') ?? null,
    until: windowNow(each, at)?.until ?? null,
  }));
}

// The row has the last one; what was said before it stands in the record.
async function verdictsOn(tx: Tx, change: Change, startedAt: Date, frozen: Frozenness): Promise<VerdictOn[]> {
  const { workspaceId, id: changeId, source, key } = change;
  const own = await tx.verdict.findMany({
    where: { workspaceId, OR: [{ changeId }, { source, key }] },
    orderBy: { askedAt: 'desc' },
    take: verdictsMax,
    select: { id: true },
  });
  const others = await ofSameDelivery(tx, change, startedAt, frozen);
  const rows = [...own, ...others];
  if (rows.length === 0) return [];
  const facts = await tx.fact.findMany({
    where: {
      ...{ workspaceId, stream: { in: rows.map((row) => gateStream(row.id)) } },
      type: { in: [verdictGiven.type, verdictRevised.type] },
    },
    orderBy: { position: 'asc' },
  });
  // What was revised is the question that was asked last before.
  const asked = new Map<string, Question>();
  return facts.map(readFact).flatMap((fact) => {
    if (fact.type === verdictGiven.type) asked.set(fact.stream, verdictGiven.read(fact).data.question);
    const { answer } = (fact.type === verdictGiven.type ? verdictGiven : verdictRevised).read(fact).data;
    const question = asked.get(fact.stream);
    const foreign = others.some((row) => gateStream(row.id) === fact.stream);
    if (foreign && question?.artifact !== change.artifact) return [];
    const { decision, evaluatedAt, validUntil } = answer;
    return [
      {
        ...{ decision, at: new Date(evaluatedAt), validUntil: new Date(validUntil) },
        elsewhere: !question || !coversAll(question, frozen),
        otherVersion: isOtherVersion(change, question, answer),
      },
    ];
  });
}

/** Where a change met hard freezes, and how the places of questions are named. */
interface Frozenness {
  readonly places: readonly Target[];
  readonly environments: Environments;
}

// A yes is one for the places that it was asked for: also for what a question leaves open there, as the gate reads it.
function coversAll(question: Question, { places, environments }: Frozenness): boolean {
  const asked = targetsOf(question.targets, environments);
  return places.every((place) =>
    asked.some(
      (each) =>
        meant(each.service, place.service) &&
        meant(each.environment, place.environment) &&
        meant(each.cluster, place.cluster),
    ),
  );
}

function meant(asked: string, place: string): boolean {
  return asked === '' || folded(asked) === folded(place);
}

// What passed as a rollback passed as this version, and as no other.
function isOtherVersion(change: Change, question: Question | undefined, answer: Answer): boolean {
  const asRollback = answer.reasons.some((each) => each.type === 'rollback');
  return asRollback && change.artifact !== null && question?.artifact !== change.artifact;
}

// A job asks under its run's name, and a webhook reports it under a deployment's: what is delivered, and where, is the same.
async function ofSameDelivery(
  tx: Tx,
  change: Change,
  startedAt: Date,
  frozen: Frozenness,
): Promise<{ id: string }[]> {
  if (change.artifact === null) return [];
  const start = startedAt.getTime();
  const rows = await tx.verdict.findMany({
    where: {
      ...{ workspaceId: change.workspaceId, changeId: null },
      validUntil: { gte: new Date(start - skewMs), lte: new Date(start + askedWithinMs + validMs) },
    },
    take: sameTimeMax,
    select: { id: true, question: true },
  });
  const places = targetsOf(await componentsOf(tx, change.id), frozen.environments);
  return rows.filter((row) => {
    const { data: question } = questionSchema.safeParse(row.question);
    return question?.artifact === change.artifact && coversAll(question, { ...frozen, places });
  });
}

// Of a person nobody asks the gate: whoever got an exception for a change and then began it did as they should.
async function isExcepted(
  tx: Tx,
  change: Change,
  at: Date,
  targets: readonly Target[],
  freezes: readonly Frozen[],
): Promise<boolean> {
  const ways = await waysOf(tx, change.workspaceId, at);
  if (ways.length === 0) return false;
  const late = await tx.freezeException.findMany({
    where: { id: { in: ways.map((each) => each.id) }, answeredAt: { gt: at } },
    select: { id: true },
  });
  const good = ways.filter((each) => !late.some(({ id }) => id === each.id));
  const asking = { changeId: change.id, source: change.source, key: change.key, exception: null };
  return targets.every((target) => {
    const here = freezes.filter((each) => covers(each.scope, target)).map((each) => each.number);
    return here.length === 0 || wayThrough(good, asking, target, here) !== null;
  });
}

// It takes something back, to what ran successfully at every one of its places before they were frozen.
async function isProvenRollback(
  tx: Tx,
  change: Change,
  at: Date,
  targets: readonly Target[],
  environments: Environments,
): Promise<boolean> {
  const { workspaceId, artifact, rollbackOfId, kind, id } = change;
  if (rollbackOfId === null || artifact === null || targets.length === 0 || !goesBack(kind)) return false;
  const before = await frozenSince(tx, { workspaceId, targets, at, drills: false });
  for (const { service, environment, cluster } of targets) {
    const place = { service, environment, cluster };
    const ran = { workspaceId, place, environments, artifact, before, now: at, not: id };
    if (!(await ranBefore(tx, ran))) return false;
  }
  return true;
}

// What the latest deployment before it brought to each of its places, and with success.
async function ranThere(tx: Tx, change: Change, at: Date): Promise<boolean> {
  const places = await componentsOf(tx, change.id);
  for (const { service, environment, cluster } of places) {
    const there = await tx.changeTarget.findMany({
      where: {
        ...{ workspaceId: change.workspaceId, service, environment, cluster, startsAt: { lt: at } },
        state: { notIn: ['planned', 'cancelled'] },
        changeId: { not: change.id },
      },
      orderBy: { startsAt: 'desc' },
      take: lastLookedAt,
      select: { changeId: true },
    });
    const id = { in: there.map((each) => each.changeId) };
    const last = await tx.change.findFirst({
      where: { id, kind: 'deploy', artifact: { not: null } },
      orderBy: { startsAt: 'desc' },
    });
    const broke = Array.isArray(last?.violates) && last.violates.length > 0;
    if (!last || broke || last.state !== 'succeeded' || last.artifact !== change.artifact) return false;
  }
  return places.length > 0;
}

// Of its places, the first on which nothing else began since the ground thawed.
async function thawOf(
  tx: Tx,
  change: Change,
  at: Date,
  targets: readonly Target[],
  freezes: readonly Frozen[],
): Promise<Began['thaw']> {
  for (const target of targets) {
    const thawed = thawedAt(freezes, target, new Date(at.getTime() - thawMs), at);
    if (!thawed || (await beganBetween(tx, change, target, thawed, at))) continue;
    const ended = freezes.filter(
      (each) => covers(each.scope, target) && windowLast(each, at)?.until?.getTime() === thawed.getTime(),
    );
    return {
      freezes: ended.map((each) => each.number),
      at: thawed,
      incidentId: ended.find((each) => each.incidentId)?.incidentId ?? null,
    };
  }
  return null;
}

async function beganBetween(
  tx: Tx,
  change: Change,
  { service, environment, cluster }: Target,
  from: Date,
  until: Date,
): Promise<boolean> {
  const row = await tx.changeTarget.findFirst({
    where: {
      ...{ workspaceId: change.workspaceId, service, environment },
      ...(cluster === '' ? {} : { cluster: { in: [cluster, ''] } }),
      startsAt: { gte: from, lt: until },
      state: { notIn: ['planned', 'cancelled'] },
      changeId: { not: change.id },
    },
    select: { id: true },
  });
  return row !== null;
}

export const projections: Projection[] = [
  on(freezeViolated, async (fact, tx: Tx) => {
    const violates = fact.data.freezes.map((each) => each.number);
    await tx.change.update({ where: { id: changeIdOf(fact) }, data: { violates } });
  }),
  on(violationWithdrawn, async (fact, tx: Tx) => {
    await tx.change.update({ where: { id: changeIdOf(fact) }, data: { violates: [] } });
  }),
  on(firstAfterThaw, async (fact, tx: Tx) => {
    await tx.change.update({ where: { id: changeIdOf(fact) }, data: { afterFreeze: true } });
  }),
];
