// Drills: nothing that follows from a drill reaches anybody but its own channel and people, whichever feature asks for it.
import type { Ask } from '../../core/command.js';
import type { Effect } from '../../core/effect.js';
import type { Fact } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentHere, incidentKey, isOpen } from '../incident/index.js';
import { confined, type DrillGround, reaches } from './confine.js';
import { leaves, wouldBeReal } from './real.js';

export { confined, type DrillGround, reaches } from './confine.js';

/** A drill's own people, by Slack's ids: who declared it, who holds or held a role, who was let in. */
export async function drillPeople(
  tx: Tx,
  incident: { readonly id: string; readonly declaredById: string },
): Promise<ReadonlySet<string>> {
  const where = { incidentId: incident.id };
  const [roles, members] = await Promise.all([
    tx.roleHolding.findMany({ where, select: { userId: true } }),
    tx.member.findMany({ where, select: { userId: true } }),
  ]);
  return new Set([incident.declaredById, ...[...roles, ...members].map(({ userId }) => userId)]);
}

async function groundOf(
  tx: Tx,
  incidentId: string,
  actorId: string,
  effects: readonly Effect[],
): Promise<DrillGround | null> {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident?.drill) return null;
  const people = new Set([...(await drillPeople(tx, incident)), actorId]);
  const asked = effects.flatMap(({ kind }) =>
    'destination' in kind && kind.destination.to === 'person' ? [kind.destination.userId] : [],
  );
  const rows = await tx.person.findMany({
    where: { workspaceId: incident.workspaceId, id: { in: asked.filter((id) => !people.has(id)) } },
    select: { id: true, name: true },
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return { incidentId, channelId: incident.channelId, people, names };
}

// In somebody's own messages much else is said too: there only a drill that still runs counts.
async function drillHere(tx: Tx, ask: Ask): Promise<Incident | null> {
  const here = await incidentHere(tx, ask);
  if (!here?.drill) return null;
  return here.placeKind !== 'direct' || isOpen(here.status) ? here : null;
}

export const drillFeature: Feature = {
  name: 'drill',
  facts: [],
  async guard(tx, verb, ask, stated) {
    if (!leaves(verb, stated)) return null;
    const drill = await drillHere(tx, ask);
    return drill ? { message: wouldBeReal(verb, incidentKey(drill)) } : null;
  },
  async confine(tx: Tx, fact: Fact, effects: readonly Effect[]) {
    const grounds = new Map<string, DrillGround | null>();
    const kept: Effect[] = [];
    for (const effect of effects) {
      const incidentId = effect.incidentId ?? fact.incidentId;
      if (incidentId === null || reaches[effect.kind.do] === 'inward') {
        kept.push(effect);
        continue;
      }
      if (!grounds.has(incidentId))
        grounds.set(incidentId, await groundOf(tx, incidentId, fact.actor.id, effects));
      const ground = grounds.get(incidentId) ?? null;
      const allowed = ground ? confined(effect, ground) : effect;
      if (allowed) kept.push(allowed);
    }
    return kept;
  },
};
