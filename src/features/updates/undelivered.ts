// What is stated where something that was subscribed to did not get through: whoever subscribed is told, and it ends after a while.
import { isInSlack, type Stated } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { subscriptionEnded, subscriptionsStream, updateUndelivered } from './facts.js';
import { unreachableMax } from './react.js';
import { readDelivered, readHolders, readMembers } from './store.js';
import { copySlot, ofLane } from './words.js';

interface Refusal {
  readonly method: string;
  readonly error: string;
  readonly needed: string | null;
}

type Way = 'person' | 'channel' | 'mail';

/** The facts of a job that was given up; none where it was for no subscription. `about`: of which telling it was. */
export async function undelivered(
  tx: Tx,
  lane: string,
  failure: Refusal,
  about: string | null = null,
): Promise<readonly Stated[]> {
  const from = ofLane(lane);
  if (!from) return [];
  const row = await tx.subscription.findUnique({ where: { id: from.subscription } });
  const of = about === null ? null : await tellingOf(tx, about, from);
  const target = row ? { id: row.targetId, name: row.targetName } : of?.target;
  if (!target) return [];
  const times = await inARow(tx, lane);
  // Where it has ended meanwhile, nobody is told once more.
  const madeBy = row ? { id: row.madeById, name: row.madeByName } : { id: 'andon:ended', name: '' };
  const { error, needed } = failure;
  const missed = updateUndelivered(
    {
      ...{ subscription: from.subscription, way: from.way, targetId: target.id, targetName: target.name },
      ...{ error, needed, times, madeBy, telling: of?.telling ?? null },
    },
    { stream: lane, ...(of ? { incidentId: of.incidentId } : {}) },
  );
  if (!row || times < unreachableMax) return [missed];
  const kind = row.kind === 'channel' ? 'channel' : 'person';
  const ended = { id: row.id, kind, targetId: target.id, targetName: target.name } as const;
  const over = subscriptionEnded(
    { ...ended, because: 'unreachable', madeBy },
    { stream: subscriptionsStream },
  );
  return [missed, over];
}

// What got through is stated on the same stream, as where it was posted.
async function inARow(tx: Tx, lane: string): Promise<number> {
  const last = await tx.fact.findMany({
    where: { stream: lane },
    orderBy: { version: 'desc' },
    take: unreachableMax - 1,
    select: { type: true },
  });
  const through = last.findIndex(({ type }) => type !== updateUndelivered.type);
  return (through < 0 ? last.length : through) + 1;
}

// What it would have told of which incident, and who there is to know that it did not; null where that was told before.
async function tellingOf(tx: Tx, about: string, from: { readonly subscription: string; readonly way: Way }) {
  const [what = '', factId = ''] = about.split('/');
  const fact = await tx.fact.findUnique({ where: { id: factId } });
  if (!fact?.incidentId) return null;
  const { workspaceId, incidentId } = fact;
  const delivered = await readDelivered(tx, incidentId);
  const told = delivered.find(({ data }) => data.factId === factId && data.what === what)?.data;
  const target = told?.to.find((each) => each.subscription === from.subscription && each.way === from.way);
  if (!told || !target) return null;
  const slot = copySlot(factId, target);
  const posted = await tx.posted.findUnique({ where: { workspaceId_slot: { workspaceId, slot } } });
  if (posted) return null;
  const telling = { what: told.what, factId, number: told.number, id: target.id };
  return { incidentId, target, telling: { ...telling, tell: await whoTells(tx, incidentId) } };
}

async function whoTells(tx: Tx, incidentId: string): Promise<{ id: string; name: string } | null> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const { communications, commander } = await readHolders(tx, incident);
  const holder = communications ?? commander;
  if (!holder || !isInSlack(holder.id)) return null;
  if (incident.private && !(await readMembers(tx, incidentId)).has(holder.id)) return null;
  return holder;
}
