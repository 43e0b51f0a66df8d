// All who would be called by anything, and by what.
import type { Sought } from '../../core/effect.js';
import { sameName } from '../../core/text.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type EscalationKind, ownerOf } from './facts.js';
import { levelsOf, ownersOf } from './read.js';

type EscalationRow = Prisma.EscalationGetPayload<object>;

/** Somebody who would be called. */
export interface Called extends Sought {
  /** What would call them, for people: `the escalation of the default`. */
  readonly by: readonly string[];
}

/** By escalations, by shifts that are not over, and as the owners of what has no escalation; each once. */
export async function calledPeople(tx: Tx, workspaceId: string, now: Date): Promise<Called[]> {
  const escalations = await tx.escalation.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } });
  const found = new Map<string, Called>();
  for (const each of [
    ...byEscalation(escalations),
    ...(await byOwning(tx, workspaceId, escalations)),
    ...(await byShift(tx, workspaceId, now)),
  ]) {
    const key = each.id ?? each.mail ?? each.name;
    const before = found.get(key);
    found.set(key, before ? { ...before, by: [...new Set([...before.by, ...each.by])] } : each);
  }
  return [...found.values()];
}

function byEscalation(rows: readonly EscalationRow[]): Called[] {
  return rows.flatMap((row) =>
    levelsOf(row)
      .flatMap((level) => level.whom)
      .filter((whom) => whom.kind === 'person')
      .map(({ id, name }) => {
        const of = ownerOf({ kind: row.kind as EscalationKind, name: row.name });
        return { id, name, mail: null, by: [`the escalation of ${of}`] };
      }),
  );
}

async function byOwning(
  tx: Tx,
  workspaceId: string,
  escalations: readonly EscalationRow[],
): Promise<Called[]> {
  const services = await tx.service.findMany({
    where: { workspaceId },
    select: { name: true, team: true, owners: true },
    orderBy: { name: 'asc' },
  });
  const has = (kind: EscalationKind, name: string) =>
    escalations.some((each) => each.kind === kind && sameName(each.name, name));
  // A page for the team calls the owners of all its services, also of one that has an escalation.
  return services
    .filter(({ name, team }) => (team === null ? !has('service', name) : !has('team', team)))
    .flatMap((row) =>
      ownersOf(row).map((owner) => ({ ...owner, mail: null, by: [`the service ${row.name}, as its owner`] })),
    );
}

async function byShift(tx: Tx, workspaceId: string, now: Date): Promise<Called[]> {
  const shifts = await tx.shift.findMany({
    where: { workspaceId, endsAt: { gt: now } },
    distinct: ['userId', 'userName', 'mail', 'schedule'],
    orderBy: [{ schedule: 'asc' }, { userName: 'asc' }],
  });
  return shifts.map(({ userId: id, userName: name, mail, schedule }) => ({
    ...{ id, name, mail },
    by: [`the schedule ${schedule}`],
  }));
}
