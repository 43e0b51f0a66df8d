// Whom the levels of a page reach when their turns come, and which of them would call nobody new.
import type { Tx } from '../../db/tx.js';
import { type Level, type Reached, reachedBy } from '../oncall/index.js';

/** Why a level calls nobody although it reaches somebody: only whoever passed it on, or the same as the one before. */
export const skips = ['passer', 'same'] as const;
export type Skip = (typeof skips)[number];

/** A level whose turn comes. One that is skipped has no recipients. */
export interface Ahead extends Reached {
  readonly level: number;
  readonly round: number;
  readonly skipped: Skip | null;
}

interface From {
  readonly level: number;
  readonly round: number;
}

/** Whom it is no use to call. */
export interface Idle {
  /** Who passes it on; null: nobody does who was called. */
  readonly passer: string | null;
  /** The ways that were gone last in the round. */
  readonly gone: ReadonlySet<string>;
}

const noneIdle: Idle = { passer: null, gone: new Set() };

/** What a way is known by. */
export const wayKey = ({ path, address }: { readonly path: string; readonly address: string }) =>
  `${path}:${address.toLowerCase()}`;

/** The levels of a round, one after the other, until the first that reaches somebody whom it is of use to call. */
export async function reachedFrom(
  tx: Tx,
  workspaceId: string,
  levels: readonly Level[],
  from: From,
  at: Date,
  idle: Idle = noneIdle,
): Promise<readonly Ahead[]> {
  const ahead: Ahead[] = [];
  let found = false;
  for (const [level, each] of levels.entries()) {
    if (level < from.level) continue;
    const reached = await reachedBy(tx, workspaceId, each, at);
    const skipped = whyIdle(reached, idle);
    ahead.push({ ...reached, level, round: from.round, skipped });
    found = reached.recipients.length > 0 && skipped === null;
    if (found) break;
  }
  if (ahead.length === 0) return [{ recipients: [], empty: [], ...from, skipped: null }];
  return withSkips(ahead, found);
}

function whyIdle({ recipients }: Reached, { passer, gone }: Idle): Skip | null {
  if (recipients.length === 0) return null;
  if (passer !== null && recipients.every(({ id }) => id === passer)) return 'passer';
  const keys = new Set(recipients.flatMap(({ ways }) => ways.map(wayKey)));
  return keys.size === gone.size && [...keys].every((key) => gone.has(key)) ? 'same' : null;
}

// Where nobody else comes after them in the round, the same are called once more: better than silence.
function withSkips(ahead: readonly Ahead[], found: boolean): Ahead[] {
  const idle = found ? -1 : ahead.findIndex(({ skipped }) => skipped === 'same');
  const kept = idle < 0 ? ahead : ahead.slice(0, idle + 1);
  return kept.map((each, index) => {
    if (index === idle) return { ...each, skipped: null };
    return each.skipped === null ? each : { ...each, recipients: [] };
  });
}

/** Whether one of them calls somebody. */
export function callsSomebody(ahead: readonly Reached[]): boolean {
  return ahead.some(({ recipients }) => recipients.length > 0);
}
