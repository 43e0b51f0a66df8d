// A shift moves times that were written in the wrong zone, and all rows that repeat them.
import type { Fact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';

type Shift = { milliseconds: number; entryIds: string[]; keyTimes: readonly KeyTime[] };
type KeyTime = 'started' | 'detected' | 'mitigated' | 'resolved' | 'acknowledged';

/** Moves the entries, and with them the key times, roles and impacts that they set. */
export async function projectShift(fact: Fact<Shift>, tx: Tx): Promise<void> {
  const { milliseconds, entryIds, keyTimes } = fact.data;
  const moved = (at: Date) => new Date(at.getTime() + milliseconds);
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: idOf(fact) } });
  for (const id of entryIds) {
    const entry = await tx.entry.findUnique({ where: { id } });
    if (!entry?.occurredAt) continue;
    const occurredAt = moved(entry.occurredAt);
    const occurredUntil = entry.occurredUntil && moved(entry.occurredUntil);
    await tx.entry.update({ where: { id }, data: { occurredAt, occurredUntil } });
    await moveEnds(tx, incident.id, entry.occurredAt, occurredAt);
    await tx.roleHolding.updateMany({ where: { id }, data: { since: occurredAt } });
    await tx.impact.updateMany({ where: { id: { startsWith: `${id}:` } }, data: { since: occurredAt } });
  }
  for (const name of keyTimes) {
    const at = incident[`${name}At`];
    if (!at) continue;
    await tx.incident.update({ where: { id: incident.id }, data: { [`${name}At`]: moved(at) } });
    if (name === 'started') {
      await tx.impact.updateMany({
        where: { incidentId: incident.id, since: at },
        data: { since: moved(at) },
      });
    }
  }
}

// What began then ended what was before it, and gave the status its place.
async function moveEnds(tx: Tx, incidentId: string, from: Date, to: Date): Promise<void> {
  await tx.roleHolding.updateMany({ where: { incidentId, until: from }, data: { until: to } });
  await tx.impact.updateMany({ where: { incidentId, until: from }, data: { until: to } });
  await tx.incident.updateMany({ where: { id: incidentId, statusAt: from }, data: { statusAt: to } });
}
