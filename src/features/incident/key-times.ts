// The key times of an incident's row: when each was, in whose words, and which fact said so.
import type { Fact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import type { KeyTimeName } from './words.js';

export type KeyTimes = Partial<
  Record<
    KeyTimeName,
    {
      asWritten: string | null;
      precision: string;
      until: string | null;
      derived: boolean;
      /** The fact whose time as written this is: redacted with it. */
      factId?: string;
    }
  >
>;

/** Sets a key time to when a fact says; `derived`: nobody said it of this key time. */
export async function setKeyTime(
  tx: Tx,
  incident: { id: string },
  name: KeyTimeName,
  fact: Fact,
  derived: boolean,
): Promise<void> {
  const keyTimes = await keyTimesOf(tx, incident);
  const time = {
    asWritten: fact.asWritten,
    precision: fact.precision,
    until: fact.occurredUntil?.toISOString() ?? null,
    derived,
    factId: fact.id,
  };
  await tx.incident.update({
    where: { id: incident.id },
    data: { [`${name}At`]: fact.occurredAt, keyTimes: { ...keyTimes, [name]: time } },
  });
}

/** Takes a key time away: nothing is known of it any more. */
export async function clearKeyTime(tx: Tx, incident: { id: string }, name: KeyTimeName): Promise<void> {
  const { [name]: _gone, ...keyTimes } = await keyTimesOf(tx, incident);
  await tx.incident.update({ where: { id: incident.id }, data: { [`${name}At`]: null, keyTimes } });
}

/** Takes the words of a redacted fact's time from the key times it set. */
export async function blankKeyTimes(tx: Tx, incidentId: string, factId: string): Promise<void> {
  const row = await tx.incident.findUnique({ where: { id: incidentId }, select: { keyTimes: true } });
  const before = Object.entries((row?.keyTimes ?? {}) as KeyTimes);
  if (!before.some(([, time]) => time.factId === factId && time.asWritten !== null)) return;
  const keyTimes = Object.fromEntries(
    before.map(([name, time]) => [name, time.factId === factId ? { ...time, asWritten: null } : time]),
  );
  await tx.incident.update({ where: { id: incidentId }, data: { keyTimes } });
}

// As they are now: one fact may change two of them.
async function keyTimesOf(tx: Tx, incident: { id: string }): Promise<KeyTimes> {
  const { keyTimes } = await tx.incident.findUniqueOrThrow({
    where: { id: incident.id },
    select: { keyTimes: true },
  });
  return keyTimes as KeyTimes;
}
