// An incident as it stands in the database, and the incident that a fact is about.
import type { Fact } from '../../core/fact.js';
import type { Prisma } from '../../db/tx.js';

export type Incident = Prisma.IncidentGetPayload<object>;

/** The incident that a fact of an incident's stream is about. */
export function idOf(fact: Fact): string {
  if (fact.incidentId === null) throw new Error(`${fact.type} names no incident`);
  return fact.incidentId;
}
