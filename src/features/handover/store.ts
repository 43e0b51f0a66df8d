// What handing over asks of the database, and how its rows follow from facts.
import type { Ask } from '../../core/command.js';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { goesOnIn, type Incident, idOf, isOpen, statusSet } from '../incident/index.js';
import { currentRoles, definedRoles, partOf, type RoleHolding, roleNames } from '../roles/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { HeldState } from './held.js';

export type Offer = Prisma.HandoverGetPayload<object>;

/** What is known of a role of an incident, and of what was offered. */
export interface OfferState {
  readonly incident: Incident;
  /** All roles that there are. */
  readonly names: readonly string[];
  readonly held: readonly RoleHolding[];
  /** The offers that were not answered. */
  readonly offers: readonly Offer[];
  /** Those that ended with the incident, and nobody heard since that it goes on. */
  readonly ended: readonly Offer[];
  /** The one who is asked is a member; of a public incident everybody is. */
  readonly member: boolean;
  readonly bot: boolean;
  /** It is a drill, and they have no part in it. */
  readonly outside?: boolean;
  /** Where it goes on, if it was merged. */
  readonly into?: Incident | null;
}

const lately = 6 * 3_600_000;
const othersMax = 6;

/** Loads what is decided upon, with whether the one who is asked may see it. */
export async function loadOffers(tx: Tx, incidentId: string, userId: string | null): Promise<OfferState> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const { workspaceId } = incident;
  const person = userId
    ? await tx.person.findUnique({ where: { workspaceId_id: { workspaceId, id: userId } } })
    : null;
  return {
    incident,
    names: roleNames(await definedRoles(tx, workspaceId)),
    held: await currentRoles(tx, incidentId),
    offers: await openOffers(tx, incidentId),
    ended: await endedOffers(tx, incidentId),
    member: await isMember(tx, incident, userId ?? ''),
    bot: person?.isBot ?? false,
    outside: userId !== null && (await partOf(tx, [incident], userId)).length === 0,
    into: await goesOnIn(tx, incident),
  };
}

/** The offers of an incident that wait for an answer. */
async function openOffers(tx: Tx, incidentId: string): Promise<Offer[]> {
  return tx.handover.findMany({ where: { incidentId, state: 'offered' }, orderBy: { offeredAt: 'asc' } });
}

/** The offers that ended with their incident, the latest of each role, of which nobody heard yet that it goes on. */
async function endedOffers(tx: Tx, incidentId: string): Promise<Offer[]> {
  const where = { incidentId, state: 'withdrawn', answerText: 'over' };
  const rows = await tx.handover.findMany({ where, orderBy: { offeredAt: 'asc' } });
  const last = [...new Map(rows.map((each) => [each.role, each])).values()];
  const levels = await Promise.all(last.map((each) => levelsOf(tx, each)));
  return last.filter((_each, i) => !levels[i]?.includes('over'));
}

/** The words of an offer are in its fact alone: a redaction takes them there. */
export async function textOf(tx: Tx, offer: Pick<Offer, 'id'>): Promise<{ text: string | null }> {
  const row = await tx.fact.findUniqueOrThrow({ where: { id: offer.id } });
  const data = row.data as { text?: string | null };
  return { text: row.type === facts.handoverOffered.type ? (data.text ?? null) : null };
}

/** What somebody was told by the one before them of each role that they hold now. */
export async function wordsFor(tx: Tx, incidentId: string, userId: string) {
  const taken = await tx.handover.findMany({
    where: { incidentId, toId: userId, state: 'accepted' },
    orderBy: { answeredAt: 'asc' },
  });
  const mine = (await currentRoles(tx, incidentId)).filter((each) => each.userId === userId);
  const found = await Promise.all(
    mine.map(async ({ role }) => {
      const last = taken.findLast((each) => each.role === role);
      const text = last ? (await textOf(tx, last)).text : null;
      return last && text ? [{ role, from: last.fromName, text }] : [];
    }),
  );
  return found.flat();
}

/** The offers that wait for somebody’s answer, of any incident: what they may not see yet is offered to them too. */
export async function offersTo(tx: Tx, ask: Ask): Promise<Offer[]> {
  return tx.handover.findMany({
    where: { workspaceId: ask.workspace.id, toId: ask.actor.id, state: 'offered' },
    orderBy: { offeredAt: 'asc' },
  });
}

/** Whether somebody may read an incident. */
export async function isMember(tx: Tx, incident: Incident, userId: string): Promise<boolean> {
  if (!incident.private) return true;
  return (await tx.member.count({ where: { incidentId: incident.id, userId } })) > 0;
}

/** What was said so far of an offer that waits. */
export async function levelsOf(tx: Tx, offer: Offer): Promise<string[]> {
  const rows = await tx.fact.findMany({
    where: { incidentId: offer.incidentId, type: facts.handoverReminded.type },
    select: { data: true },
  });
  const told = rows.map((row) => row.data as { id: string; level: string });
  return told.filter((each) => each.id === offer.id).map((each) => each.level);
}

/** What is known of how long somebody has held a role. */
export async function loadHeld(
  tx: Tx,
  incidentId: string,
  role: string | null,
  now: Date,
): Promise<HeldState> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const held = await currentRoles(tx, incidentId);
  const holder = held.find((each) => each.role === role);
  const rows = await tx.fact.findMany({
    where: { incidentId, type: { in: [facts.roleHeldLong.type, facts.roleKept.type] } },
    orderBy: { seq: 'asc' },
    select: { type: true, data: true, recordedAt: true },
  });
  const last = (type: string) =>
    rows.findLast((row) => {
      const data = row.data as { role: string; person: { id: string } };
      return row.type === type && data.role === role && data.person.id === holder?.userId;
    })?.recordedAt ?? null;
  return {
    incident,
    names: roleNames(await definedRoles(tx, incident.workspaceId)),
    held,
    member: holder !== undefined && (await isMember(tx, incident, holder.userId)),
    told: last(facts.roleHeldLong.type),
    kept: last(facts.roleKept.type),
    reopened: await reopenedAt(tx, incidentId),
    others: holder ? await othersIn(tx, incidentId, holder.userId, held, now) : [],
  };
}

// Nobody tires while it is over.
async function reopenedAt(tx: Tx, incidentId: string): Promise<Date | null> {
  const rows = await tx.fact.findMany({
    where: { incidentId, type: statusSet.type },
    orderBy: { seq: 'desc' },
    select: { data: true, recordedAt: true },
  });
  const opens = rows.find(({ data }) => {
    const { from, to } = data as { from: string; to: string };
    return !isOpen(from) && isOpen(to);
  });
  return opens?.recordedAt ?? null;
}

// Those who hold a role, and those who said something lately.
async function othersIn(
  tx: Tx,
  incidentId: string,
  userId: string,
  held: readonly { userId: string; userName: string }[],
  now: Date,
) {
  const since = new Date(now.getTime() - lately);
  const spoke = await tx.fact.findMany({
    where: { incidentId, actorKind: 'person', recordedAt: { gte: since } },
    orderBy: { seq: 'desc' },
    select: { actorId: true, actorName: true },
    take: 200,
  });
  const all = [
    ...held.map((each) => ({ id: each.userId, name: each.userName })),
    ...spoke.map((each) => ({ id: each.actorId, name: each.actorName })),
  ].filter(({ id }) => id !== userId);
  return [...new Map(all.map((each) => [each.id, each])).values()].slice(0, othersMax);
}

export const projections: Projection[] = [
  on(facts.handoverOffered, async (fact, tx: Tx) => {
    const { role, from, to, by } = fact.data;
    await tx.handover.create({
      data: {
        ...{ id: fact.id, workspaceId: fact.workspaceId, incidentId: idOf(fact), role },
        ...{ fromId: from.id, fromName: from.name, toId: to.id, toName: to.name },
        ...{ offeredById: by.id, offeredByName: by.name, offeredAt: fact.recordedAt, state: 'offered' },
      },
    });
  }),
  on(facts.handoverAccepted, (fact, tx: Tx) => answer(fact, tx, 'accepted', null)),
  on(facts.handoverDeclined, (fact, tx: Tx) => answer(fact, tx, 'declined', fact.data.reason)),
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    const where = { id: { in: factIds }, type: facts.handoverDeclined.type };
    const rows = await tx.fact.findMany({ where, select: { data: true } });
    const ids = rows.map(({ data }) => (data as { id: string }).id);
    await tx.handover.updateMany({ where: { id: { in: ids } }, data: { answerText: null } });
  }),
  on(facts.handoverWithdrawn, (fact, tx: Tx) => answer(fact, tx, 'withdrawn', fact.data.because)),
];

/** Empties what was made of an incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.handover.deleteMany({ where: { incidentId } });
}

async function answer(fact: Fact<{ id: string }>, tx: Tx, state: string, text: string | null): Promise<void> {
  await tx.handover.updateMany({
    where: { id: fact.data.id },
    data: { state, answeredAt: fact.recordedAt, answerText: text },
  });
}
