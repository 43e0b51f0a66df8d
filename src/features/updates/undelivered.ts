// What is stated where something that was subscribed to did not get through: whoever subscribed is told, and it ends after a while.
import type { Stated } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { subscriptionEnded, subscriptionsStream, updateUndelivered } from './facts.js';
import { unreachableMax } from './react.js';
import { ofLane } from './words.js';

interface Refusal {
  readonly method: string;
  readonly error: string;
  readonly needed: string | null;
}

/** The facts of a job that was given up; none where it was for no subscription. */
export async function undelivered(tx: Tx, lane: string, failure: Refusal): Promise<readonly Stated[]> {
  const from = ofLane(lane);
  const row = from && (await tx.subscription.findUnique({ where: { id: from.subscription } }));
  if (!row) return [];
  const { workspaceId, targetName } = row;
  const madeBy = { id: row.madeById, name: row.madeByName };
  // What got through is stated on the same stream, as where it was posted.
  const last = await tx.fact.findMany({
    where: { workspaceId, stream: lane },
    orderBy: { version: 'desc' },
    take: unreachableMax - 1,
    select: { type: true },
  });
  const through = last.findIndex(({ type }) => type !== updateUndelivered.type);
  const times = (through < 0 ? last.length : through) + 1;
  const { error, needed } = failure;
  const missed = updateUndelivered(
    { subscription: row.id, way: from.way, targetName, error, needed, times, madeBy },
    { stream: lane },
  );
  if (times < unreachableMax) return [missed];
  const kind = row.kind === 'channel' ? 'channel' : 'person';
  const over = subscriptionEnded(
    { id: row.id, kind, targetName, because: 'unreachable', madeBy },
    { stream: subscriptionsStream },
  );
  return [missed, over];
}
