// What roles ask of the database, and how their rows follow from facts.
import type { Ask } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { beginsAt, type Incident, idOf, incidentKey, openWhere, visibleTo } from '../incident/index.js';
import * as facts from './facts.js';

export type RoleHolding = Prisma.RoleHoldingGetPayload<object>;
export type RoleDefinition = Prisma.RoleDefinitionGetPayload<object>;

/** What the workspace defined, by name. */
export function definedRoles(tx: Tx, workspaceId: string): Promise<RoleDefinition[]> {
  return tx.roleDefinition.findMany({ where: { workspaceId }, orderBy: { name: 'asc' } });
}

/** Who held one role of an incident, and since when, the first at first. */
export function heldRows(tx: Tx, incidentId: string, name: string): Promise<RoleHolding[]> {
  return tx.roleHolding.findMany({ where: { incidentId, role: name }, orderBy: { since: 'asc' } });
}

/** Of one role's intervals, which neither overlap nor run backwards: the one that a time is in, and the one after it. */
export function around(held: readonly RoleHolding[], at: Date) {
  return {
    holder: held.findLast((one) => one.since <= at && (one.until === null || one.until > at)) ?? null,
    next: held.find((one) => one.since > at) ?? null,
  };
}

/** Who holds which role now. */
export async function currentRoles(tx: Tx, incidentId: string): Promise<RoleHolding[]> {
  return tx.roleHolding.findMany({ where: { incidentId, until: null }, orderBy: { since: 'asc' } });
}

/** Without the drills that somebody has no part in: they declared it, hold or held a role there, or were let in. */
export async function partOf<T extends Drillable>(
  tx: Tx,
  incidents: readonly T[],
  userId: string,
): Promise<T[]> {
  const mine = { incidentId: { in: incidents.filter(({ drill }) => drill).map(({ id }) => id) }, userId };
  const [roles, members] = await Promise.all([
    tx.roleHolding.findMany({ where: mine, select: { incidentId: true } }),
    tx.member.findMany({ where: mine, select: { incidentId: true } }),
  ]);
  const own = new Set([...roles, ...members].map(({ incidentId }) => incidentId));
  return incidents.filter((each) => !each.drill || each.declaredById === userId || own.has(each.id));
}

type Drillable = Pick<Incident, 'id' | 'drill' | 'declaredById'>;

/** Who holds a role in an open incident, with the incident's name where the asker may know of it. */
export async function holdersOf(tx: Tx, name: string, ask: Ask) {
  const workspaceId = ask.workspace.id;
  const held = await tx.roleHolding.findMany({ where: { workspaceId, role: name, until: null } });
  const incidents = await tx.incident.findMany({
    where: {
      workspaceId,
      id: { in: held.map(({ incidentId }) => incidentId) },
      ...openWhere,
    },
    orderBy: { number: 'asc' },
  });
  const seen = await tx.incident.findMany({
    where: { id: { in: incidents.map(({ id }) => id) }, AND: [await visibleTo(tx, ask)] },
    select: { id: true },
  });
  return incidents.map((incident) => {
    const shown = seen.some(({ id }) => id === incident.id);
    const holder = held.find(({ incidentId }) => incidentId === incident.id);
    return shown ? { key: incidentKey(incident), name: holder?.userName ?? '' } : null;
  });
}

export const projections: Projection[] = [
  on(facts.roleAssigned, async (fact, tx: Tx) => {
    const incidentId = idOf(fact);
    const { since: at, sinceUnknown } = beginsAt(fact);
    const { role: name, person } = fact.data;
    const { holder, next } = around(await heldRows(tx, incidentId, name), at);
    if (holder)
      await tx.roleHolding.update({
        where: { id: holder.id },
        data: { until: at, untilUnknown: sinceUnknown },
      });
    await tx.roleHolding.create({
      data: {
        id: fact.id,
        workspaceId: fact.workspaceId,
        incidentId,
        role: name,
        userId: person.id,
        userName: person.name,
        since: at,
        sinceUnknown,
        // Said of an earlier time, it ends where the next holder begins, or where nobody held it any longer.
        until: holder?.until ?? next?.since ?? null,
        untilUnknown: (holder?.until ? holder.untilUnknown : next?.sinceUnknown) ?? false,
      },
    });
  }),
  on(facts.roleDefined, async (fact, tx: Tx) => {
    const { workspaceId, data } = fact;
    const { name, instructions, origin } = data;
    await tx.roleDefinition.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { id: fact.id, workspaceId, name, instructions, origin },
      update: { instructions, origin },
    });
  }),
  on(facts.roleUndefined, async ({ workspaceId, data: { name } }, tx: Tx) => {
    await tx.roleDefinition.deleteMany({ where: { workspaceId, name } });
  }),
];

/** Empties what was made of an incident's stream. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.roleHolding.deleteMany({ where: { incidentId } });
}
