// Drills: nothing that follows from a drill reaches anybody but its own channel and people, whichever feature asks for it.
import type { Effect } from '../../core/effect.js';
import type { Fact } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { confined, type DrillGround, reaches } from './confine.js';

export { confined, type DrillGround, reaches } from './confine.js';

async function groundOf(tx: Tx, incidentId: string, actorId: string): Promise<DrillGround | null> {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident?.drill) return null;
  const [roles, members] = await Promise.all([
    tx.roleHolding.findMany({ where: { incidentId }, select: { userId: true } }),
    tx.member.findMany({ where: { incidentId }, select: { userId: true } }),
  ]);
  const people = [...roles, ...members].map(({ userId }) => userId);
  return {
    incidentId,
    channelId: incident.channelId,
    people: new Set([...people, incident.declaredById, actorId]),
  };
}

export const drillFeature: Feature = {
  name: 'drill',
  facts: [],
  async confine(tx: Tx, fact: Fact, effects: readonly Effect[]) {
    const grounds = new Map<string, DrillGround | null>();
    const kept: Effect[] = [];
    for (const effect of effects) {
      const incidentId = effect.incidentId ?? fact.incidentId;
      if (incidentId === null || reaches[effect.kind.do] === 'inward') {
        kept.push(effect);
        continue;
      }
      if (!grounds.has(incidentId)) grounds.set(incidentId, await groundOf(tx, incidentId, fact.actor.id));
      const ground = grounds.get(incidentId) ?? null;
      const allowed = ground ? confined(effect, ground) : effect;
      if (allowed) kept.push(allowed);
    }
    return kept;
  },
};
