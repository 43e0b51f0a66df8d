// By which exceptions the changes near an incident went through a freeze.
import type { Tx } from '../../db/tx.js';
import { exceptionKey } from '../exception/index.js';
import type { NearChange } from './scene.js';

/** `EXC-2`: by which exceptions changes went through a freeze at the gate, by the change's id. */
export async function exceptionsOf(tx: Tx, workspaceId: string, near: readonly NearChange[]) {
  const ids = near.map(({ change }) => change.id);
  const used = await tx.verdict.findMany({
    where: { workspaceId, changeId: { in: ids }, exceptionId: { not: null } },
    select: { changeId: true, exceptionId: true },
  });
  if (used.length === 0) return new Map<string, string[]>();
  const rows = await tx.freezeException.findMany({
    where: { id: { in: used.flatMap((each) => each.exceptionId ?? []) } },
    select: { id: true, number: true },
  });
  const keys = new Map(rows.map((row) => [row.id, exceptionKey(row)]));
  const found = new Map<string, string[]>();
  for (const { changeId, exceptionId } of used) {
    const key = keys.get(exceptionId ?? '');
    if (changeId && key) found.set(changeId, [...(found.get(changeId) ?? []), key]);
  }
  return found;
}
