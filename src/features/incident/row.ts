// An incident as it stands in the database, and the incident that a fact is about.
import type { Fact } from '../../core/fact.js';
import type { Prisma, Tx } from '../../db/tx.js';

export type Incident = Prisma.IncidentGetPayload<object>;

/** The incident that a fact of an incident's stream is about. */
export function idOf(fact: Fact): string {
  if (fact.incidentId === null) throw new Error(`${fact.type} names no incident`);
  return fact.incidentId;
}

/** Who has a role in an incident now, each once. */
export async function leadsIn(tx: Tx, incidentId: string): Promise<{ id: string; name: string }[]> {
  const held = await tx.roleHolding.findMany({
    where: { incidentId, until: null },
    orderBy: { since: 'asc' },
  });
  return [...new Map(held.map(({ userId, userName }) => [userId, { id: userId, name: userName }])).values()];
}

/** The roles that somebody has in an incident that is open. */
export async function rolesIn(tx: Tx, incident: Incident | null, userId: string): Promise<string[]> {
  if (!incident || incident.status === 'resolved' || incident.status === 'closed') return [];
  const where = { incidentId: incident.id, userId, until: null };
  return (await tx.roleHolding.findMany({ where, orderBy: { since: 'asc' } })).map(({ role }) => role);
}
