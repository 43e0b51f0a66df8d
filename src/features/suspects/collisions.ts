// Since when the changes and incidents were there that others collided with: only those were ignored that were known then.
import type { Tx } from '../../db/tx.js';
import { conflictsOfRow } from '../change/index.js';
import type { Incident } from '../incident/index.js';
import type { NearChange, Presence } from './scene.js';

/**
 * What these changes collided with, by its key: an incident since it began, a change since it began and was told. The
 * incident they are ranked for is none, nor one that not everybody may see, nor a change that never began.
 */
export async function collisionsOf(
  tx: Tx,
  incident: Incident,
  near: readonly NearChange[],
): Promise<ReadonlyMap<string, Presence>> {
  const { workspaceId } = incident;
  const keys = new Set(
    near.flatMap(({ change }) => conflictsOfRow(change).flatMap((each) => each.with ?? [])),
  );
  const numbers = (prefix: string) =>
    [...keys].filter((key) => key.startsWith(prefix)).map((key) => Number(key.slice(prefix.length)));
  const incidents = await tx.incident.findMany({
    where: {
      workspaceId,
      number: { in: numbers('INC-') },
      id: { not: incident.id },
      private: false,
      mistaken: false,
    },
  });
  const others = numbers('CHG-');
  // Asked for none, a database reads the whole ledger to find none.
  const changes =
    others.length === 0
      ? []
      : await tx.change.findMany({
          where: { workspaceId, number: { in: others }, startedAt: { not: null } },
          select: { number: true, startedAt: true, announcedAt: true },
        });
  return new Map([
    ...incidents.map(({ number, startedAt, declaredAt, resolvedAt }): [string, Presence] => [
      `INC-${number}`,
      { from: startedAt && startedAt < declaredAt ? startedAt : declaredAt, until: resolvedAt },
    ]),
    ...changes.flatMap(({ number, startedAt, announcedAt }): [string, Presence][] =>
      startedAt === null
        ? []
        : [
            [
              `CHG-${number}`,
              { from: new Date(Math.max(startedAt.getTime(), announcedAt.getTime())), until: null },
            ],
          ],
    ),
  ]);
}
