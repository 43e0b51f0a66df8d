// What a redaction needs to know of heartbeats: where people said why one is paused.
import type { Ask, Located } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { blankSaid, wordsGone, wordsRedacted } from '../timeline/index.js';
import { heartbeatPaused } from './facts.js';
import { pauseSlot } from './react.js';
import { heartbeatStream } from './words.js';

export interface PauseWords {
  readonly key: string;
  readonly id: string;
  readonly stream: string;
  /** Its pauses, with and without words. */
  readonly factIds: readonly string[];
  readonly seen: true;
}

/** Where the words of a heartbeat's pauses are on record, also of one that is watched no longer. */
export async function wordsOfPauses(tx: Tx, name: string, ask: Ask): Promise<Located<PauseWords>> {
  const stream = heartbeatStream(name);
  const rows = await tx.fact.findMany({
    where: { workspaceId: ask.workspace.id, stream, type: heartbeatPaused.type },
    orderBy: { position: 'asc' },
    select: { id: true },
  });
  const key = `heartbeat:${name}`;
  if (rows.length > 0)
    return {
      streams: [stream],
      target: { key, id: name, stream, factIds: rows.map(({ id }) => id), seen: true },
    };
  const message = say(`No pause of a heartbeat ${name} is on record. `, { code: '/incident heartbeats' });
  return { refused: { unknown: true, message } };
}

/** What was said of a pause waits in a slot of its own. */
export const redactions: readonly Projection[] = [
  on(wordsRedacted, async ({ workspaceId, data: { of, key, id: name, facts } }, tx: Tx) => {
    if (of !== 'heartbeat') return;
    for (const { at } of facts) await blankSaid(tx, workspaceId, at, pauseSlot(name, at), wordsGone(key));
  }),
];
