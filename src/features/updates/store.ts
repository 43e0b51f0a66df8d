// What updates ask of the database, and what they keep there.
import { type Fact, on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { environmentsOf, settingsOf } from '../catalog/index.js';
import {
  announcementSlot,
  type Incident,
  idOf,
  incidentDeclared,
  incidentStream,
  isOpen,
  severitySet,
  statusSet,
  withMerged,
} from '../incident/index.js';
import { currentRoles } from '../roles/index.js';
import { entryRedacted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import { keyOf, type Scene, type Subscribed } from './audience.js';
import * as facts from './facts.js';
import { cadenceOf, type Promised, type PromiseEvent, promiseAfter } from './promise.js';
import type { Waiting } from './remind.js';

export type UpdateRow = Prisma.IncidentUpdateGetPayload<object>;
export type SubscriptionRow = Prisma.SubscriptionGetPayload<object>;

/** An update as it stands. */
export interface Update extends UpdateRow {
  readonly number: number;
  readonly redacted: boolean;
}

const events = [incidentDeclared, severitySet, statusSet, facts.updateGiven];
const besides = [facts.updateReminded, facts.updatesSnoozed, facts.updateDelivered, changeUndone];
const kinds = [...events, ...besides].map(({ type }) => type);

/** What of an incident's record bears on its updates, without what was undone. */
async function historyOf(tx: Tx, incident: Incident): Promise<Fact[]> {
  const { workspaceId, id } = incident;
  const own = await tx.fact.findMany({
    where: { workspaceId, stream: incidentStream(id), type: { in: kinds } },
    orderBy: { position: 'asc' },
  });
  // Whoever heard that another goes on in this one was told when they hear more.
  const merged = await tx.incident.findMany({ where: { mergedIntoId: id }, select: { id: true } });
  const others = await tx.fact.findMany({
    where: { type: facts.updateDelivered.type, incidentId: { in: merged.map((each) => each.id) } },
  });
  const all = [...own, ...others].sort((one, other) => Number(one.position - other.position)).map(readFact);
  const undone = undoneBy(all);
  return all.filter((fact) => !undone.has(fact.id) && !undone.has(toldOf(fact)?.data.factId ?? ''));
}

/** The facts that were taken back. */
export function undoneBy(all: readonly Fact[]): ReadonlySet<string> {
  const read = (fact: Fact) => (fact.type === changeUndone.type ? changeUndone.read(fact).data.undone : []);
  return new Set(all.flatMap(read).map(({ factId }) => factId));
}

function toldOf(fact: Fact): facts.UpdateDelivered | null {
  return fact.type === facts.updateDelivered.type ? facts.updateDelivered.read(fact) : null;
}

/** When the next update is due, and what was said of that so far; null where none can be. */
export async function readWaiting(tx: Tx, incident: Incident): Promise<Waiting | null> {
  if (!isOpen(incident.status)) return null;
  const history = await historyOf(tx, incident);
  const { cadence } = await settingsOf(tx, incident.workspaceId);
  const promised = promiseAfter(
    history.flatMap((fact) => eventOf(fact, incident.id)),
    cadence,
  );
  if (!promised) return null;
  const of = (kind: { type: string }) => history.filter(({ type }) => type === kind.type);
  const snoozes = of(facts.updatesSnoozed).map((fact) => {
    const { promise, until } = facts.updatesSnoozed.read(fact).data;
    return { promise, until, since: fact.recordedAt };
  });
  return {
    promised,
    every: cadenceOf(cadence, promised.severity),
    reminded: of(facts.updateReminded).map((fact) => {
      const { what, promise, dueAt, to } = facts.updateReminded.read(fact).data;
      return { what, promise, dueAt, at: fact.recordedAt, to: to.map(({ id }) => id) };
    }),
    snoozed: snoozes.findLast(({ promise }) => promise === promised.id) ?? null,
  };
}

function eventOf(fact: Fact, incidentId: string): PromiseEvent[] {
  const { id, recordedAt: at } = fact;
  switch (fact.type) {
    case incidentDeclared.type:
      return [{ kind: 'declared', id, at, severity: incidentDeclared.read(fact).data.severity }];
    case severitySet.type:
      return [{ kind: 'severity', at, to: severitySet.read(fact).data.to }];
    case facts.updateGiven.type: {
      const { nextAt, earlier, next } = facts.updateGiven.read(fact).data;
      return earlier && next !== 'said' ? [] : [{ kind: 'update', id, at, nextAt }];
    }
    case statusSet.type: {
      const { from, to, stays } = statusSet.read(fact).data;
      if (stays || isOpen(from) === isOpen(to)) return [];
      return [isOpen(to) ? { kind: 'reopened', id, at } : { kind: 'ended' }];
    }
    case facts.updateDelivered.type: {
      const { what, nextAt } = facts.updateDelivered.read(fact).data;
      const ofThis = what === (fact.incidentId === incidentId ? 'reopened' : 'merged');
      return ofThis && nextAt ? [{ kind: 'told', nextAt }] : [];
    }
    default:
      return [];
  }
}

/** What those outside wait for; null: nothing. */
export async function readPromise(tx: Tx, incident: Incident): Promise<Promised | null> {
  return (await readWaiting(tx, incident))?.promised ?? null;
}

/** The updates of an incident, the latest first. */
export async function readUpdates(tx: Tx, incidentId: string): Promise<Update[]> {
  const rows = await tx.incidentUpdate.findMany({ where: { incidentId }, orderBy: { at: 'desc' } });
  const known = await tx.fact.findMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  const given = new Map(known.map((row) => [row.id, facts.updateGiven.read(readFact(row))]));
  return rows
    .map((row) => {
      const fact = given.get(row.id);
      return { ...row, number: fact?.data.number ?? 0, redacted: fact?.redacted ?? false };
    })
    .sort((one, other) => other.at.getTime() - one.at.getTime() || other.number - one.number);
}

/** How many updates were ever given, those that were taken back too. */
export async function countUpdates(tx: Tx, incidentId: string): Promise<number> {
  return tx.fact.count({ where: { incidentId, type: facts.updateGiven.type } });
}

/** Who holds what, for whom to remind. */
export interface Holders {
  readonly communications: Person | null;
  readonly commander: Person | null;
  readonly declarer: Person;
}
interface Person {
  readonly id: string;
  readonly name: string;
  /** Since when they hold the role. */
  readonly since?: Date;
}

/** Who speaks for an incident: whoever has the roles, and who declared it. */
export async function readHolders(tx: Tx, incident: Incident): Promise<Holders> {
  const held = await currentRoles(tx, incident.id);
  const holder = (role: string): Person | null => {
    const found = held.find((each) => each.role === role);
    return found ? { id: found.userId, name: found.userName, since: found.since } : null;
  };
  return {
    communications: holder('communications'),
    commander: holder('commander'),
    declarer: { id: incident.declaredById, name: incident.declaredByName },
  };
}

/** Those who may see it, where it is private. */
export async function readMembers(tx: Tx, incidentId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.member.findMany({ where: { incidentId }, select: { userId: true } });
  return new Set(rows.map(({ userId }) => userId));
}

/** Everything that decides who hears of an incident. */
export async function readScene(tx: Tx, incident: Incident): Promise<Scene> {
  const { id: incidentId, workspaceId } = incident;
  const components = await tx.impact.findMany({
    where: { incidentId, level: { not: 'operational' } },
    select: { service: true, environment: true, cluster: true },
  });
  const rows = await tx.subscription.findMany({ where: { workspaceId }, orderBy: { at: 'asc' } });
  const wanting = rows.filter(({ mail }) => mail).map(({ targetId }) => targetId);
  const paths = await tx.contactPath.findMany({ where: { workspaceId, userId: { in: wanting } } });
  const slot = announcementSlot(incidentId);
  const posted = await tx.posted.findUnique({ where: { workspaceId_slot: { workspaceId, slot } } });
  const known = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const told = await readDelivered(tx, incidentId);
  const [, ...merged] = await withMerged(tx, incidentId);
  // Those too whose incident goes on in this one.
  const before = (await Promise.all(merged.map((id) => readDelivered(tx, id)))).flat();
  const { nameOf } = await environmentsOf(tx, workspaceId);
  return {
    ...{ incident, components, nameOf },
    subscriptions: rows.map(subscribedOf),
    members: await readMembers(tx, incidentId),
    addresses: new Map(paths.flatMap(({ userId, mail }) => (mail ? [[userId, mail] as const] : []))),
    // An incident that lives in the thread of its announcement hears it there already.
    announced: posted !== null && posted.ts !== '' && incident.placeKind !== 'thread',
    announcedIn: new Set([known.incidentsChannel, known.incidentsChannelId ?? known.incidentsChannel]),
    told: new Set([...before.flatMap(({ data }) => data.to.map(keyOf)), ...(await hearing(tx, incident))]),
    over: overAfter(told, await undoneOf(tx, incident)),
  };
}

// Whoever was told that nothing more comes hears of it as of any other.
async function hearing(tx: Tx, { workspaceId, id }: Incident): Promise<ReadonlySet<string>> {
  const rows = await tx.fact.findMany({
    where: {
      workspaceId,
      OR: [
        { incidentId: id, type: facts.updateDelivered.type },
        { stream: facts.copiesStream(id), type: facts.copiesRedrawn.type },
      ],
    },
    orderBy: { position: 'asc' },
  });
  const told = new Set<string>();
  for (const fact of rows.map(readFact)) {
    for (const each of toldOf(fact)?.data.to ?? []) told.add(keyOf(each));
    const drawn = fact.type === facts.copiesRedrawn.type ? facts.copiesRedrawn.read(fact).data.copies : [];
    for (const each of drawn) if (each.what === 'dropped') told.delete(keyOf(each));
  }
  return told;
}

async function undoneOf(tx: Tx, { workspaceId, id }: Incident): Promise<ReadonlySet<string>> {
  const where = { workspaceId, stream: incidentStream(id), type: changeUndone.type };
  return undoneBy((await tx.fact.findMany({ where })).map(readFact));
}

// What was taken back is told nobody as if it held; its copies say so.
function overAfter(told: readonly facts.UpdateDelivered[], undone: ReadonlySet<string>): ReadonlySet<string> {
  const over = new Set<string>();
  for (const { data } of told) {
    if (undone.has(data.factId)) continue;
    if (data.what === 'resolved' || data.what === 'merged') for (const each of data.to) over.add(keyOf(each));
    if (data.what === 'reopened') for (const each of data.to) over.delete(keyOf(each));
  }
  return over;
}

/** A row as the rules read it; what its columns of JSON hold was checked when the fact was stated. */
export function subscribedOf(row: SubscriptionRow): Subscribed {
  const { id, targetId, targetName, mail } = row;
  return {
    ...{ id, targetId, targetName, mail },
    kind: row.kind === 'channel' ? 'channel' : 'person',
    services: row.services as string[],
    environments: row.environments as string[],
    severities: row.severities as string[],
  };
}

/** Who outside was told what of an incident, in the order in which it happened. */
export async function readDelivered(tx: Tx, incidentId: string): Promise<facts.UpdateDelivered[]> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: facts.updateDelivered.type },
    orderBy: { position: 'asc' },
  });
  return rows.map((row) => facts.updateDelivered.read(readFact(row)));
}

export const projections: Projection[] = [
  on(facts.updateGiven, async (fact, tx: Tx) => {
    const { id, workspaceId, actor, data } = fact;
    await tx.incidentUpdate.create({
      data: {
        ...{ id, workspaceId, incidentId: idOf(fact), text: data.text, nextAt: data.nextAt },
        ...{ authorId: actor.id, authorName: actor.name, at: fact.occurredAt ?? fact.recordedAt },
      },
    });
  }),
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    await tx.incidentUpdate.updateMany({ where: { id: { in: factIds } }, data: { text: '' } });
  }),
  on(facts.subscriptionMade, async (fact, tx: Tx) => {
    const { actor, workspaceId, recordedAt: at, data } = fact;
    const made = { workspaceId, at, madeById: actor.id, madeByName: actor.name };
    await tx.subscription.create({ data: { ...data, ...made } });
  }),
  on(facts.subscriptionEnded, async ({ data: { id, way } }, tx: Tx) => {
    if (way === 'mail') await tx.subscription.updateMany({ where: { id }, data: { mail: false } });
    else await tx.subscription.deleteMany({ where: { id } });
  }),
];

/** Empties what was made of an incident's record. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.incidentUpdate.deleteMany({ where: { incidentId } });
}
