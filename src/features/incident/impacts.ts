// Impacts: how long each component was affected, and how that follows from facts.
import type { Fact } from '../../core/fact.js';
import type { Prisma, Tx } from '../../db/tx.js';
import type { incidentDeclared } from './facts.js';
import { type Incident, idOf } from './row.js';
import { type Component, componentName, isOpen } from './words.js';

export type Impact = Prisma.ImpactGetPayload<object>;
type Interval = Pick<Impact, 'since' | 'until' | 'sinceUnknown' | 'untilUnknown'>;

/** Where something begins: of an unknown time only its place in the order is known, which is when it was told. */
export interface Beginning {
  readonly since: Date;
  readonly sinceUnknown: boolean;
}

/** When a level ends. */
export interface End {
  readonly at: Date;
  readonly unknown: boolean;
  readonly withIncident: boolean;
}

/** When what a fact says began. */
export function beginsAt(fact: Fact): Beginning {
  return { since: fact.occurredAt ?? fact.recordedAt, sinceUnknown: fact.occurredAt === null };
}

/** When what is affected at a declaration began to be: with the incident, where that was said. */
export function beginningOf(fact: Fact<ReturnType<typeof incidentDeclared.read>['data']>): Beginning {
  const { started } = fact.data;
  if (!started) return beginsAt(fact);
  return { since: started.at ?? fact.occurredAt ?? fact.recordedAt, sinceUnknown: started.at === null };
}

export function impactRow(fact: Fact, component: Component, level: string, beginning: Beginning) {
  return {
    id: `${fact.id}:${componentName(component)}`,
    workspaceId: fact.workspaceId,
    incidentId: idOf(fact),
    ...component,
    level,
    ...beginning,
  };
}

/** From then on it is as said, until the next thing that was said of a later time, which stays. */
export async function projectImpact(
  fact: Fact<{ component: Component; level: string }>,
  tx: Tx,
): Promise<void> {
  const { since: at, sinceUnknown } = beginsAt(fact);
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: idOf(fact) } });
  const { service, environment, cluster } = fact.data.component;
  const component = { incidentId: incident.id, service, environment, cluster };
  const rows = await tx.impact.findMany({ where: component });
  const replaced = rows.filter((row) => isReplaced(row, at, incident)).map((row) => row.id);
  await tx.impact.deleteMany({ where: { id: { in: replaced } } });
  const lasting = { OR: [{ until: null }, { until: { gt: at } }] };
  await tx.impact.updateMany({
    where: { ...component, since: { lt: at }, ...lasting },
    data: { until: at, untilUnknown: sinceUnknown, overWithIncident: false },
  });
  // Well again: what was open is closed, and nothing new begins.
  if (fact.data.level === 'operational') return;
  const row = impactRow(fact, fact.data.component, fact.data.level, { since: at, sinceUnknown });
  const end = endOfImpact(rows, { at, until: fact.occurredUntil }, incident);
  await tx.impact.create({
    data: {
      ...row,
      until: end?.at ?? null,
      untilUnknown: end?.unknown ?? false,
      overWithIncident: end?.withIncident ?? false,
    },
  });
}

/**
 * When a level that is said of a time ends: at the end that was said with it, or where something else was said of a
 * later time, be it another level, that all is well, or that the incident is over. Null when it lasts.
 */
export function endOfImpact(
  rows: readonly Interval[],
  said: { at: Date; until: Date | null },
  incident: Incident,
): End | null {
  const ends = rows.map((row) =>
    row.since > said.at && !isReplaced(row, said.at, incident)
      ? end(row.since, row.sinceUnknown)
      : end(row.until, row.untilUnknown),
  );
  const over = incident.resolvedAt ?? (isOpen(incident.status) ? null : incident.statusAt);
  const last = over && { at: over, unknown: incident.resolvedAt === null, withIncident: true };
  const later = [last, end(said.until, false), ...ends].filter((each) => each !== null && each.at > said.at);
  return later.sort((a, b) => (a as End).at.getTime() - (b as End).at.getTime())[0] ?? null;
}

function end(at: Date | null, unknown: boolean): End | null {
  return at && { at, unknown, withIncident: false };
}

/** The level of the declaration was assumed: what is said of an earlier time takes its place. */
export function isReplaced(row: { since: Date }, at: Date, incident: Incident): boolean {
  const assumed = (incident.startedAt ?? incident.declaredAt).getTime();
  return row.since.getTime() === at.getTime() || (row.since > at && row.since.getTime() === assumed);
}

/** The incident is over, and with it what lasted; said again of another time, what ended with it moves along. */
export async function endImpacts(tx: Tx, fact: Fact): Promise<void> {
  const { since: until, sinceUnknown: untilUnknown } = beginsAt(fact);
  await tx.impact.updateMany({
    where: { incidentId: idOf(fact), OR: [{ until: null }, { overWithIncident: true }] },
    data: { until, untilUnknown, overWithIncident: true },
  });
}

/** The incident is open again, and what ended with it goes on. */
export async function goOnWithImpacts(tx: Tx, incidentId: string): Promise<void> {
  await tx.impact.updateMany({
    where: { incidentId, overWithIncident: true },
    data: { until: null, untilUnknown: false, overWithIncident: false },
  });
}
