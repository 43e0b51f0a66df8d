// Taking a beat, from whichever door: one row is written, and more only where there is more to say.
import type { Bound } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { beat } from './commands.js';
import { type BeatInput, isNews } from './decide.js';
import { keepBeat, readHeartbeat } from './store.js';

/** What taking a beat may use. */
export interface BeatDoor<R> {
  readonly workspaceId: string;
  readonly now: Date;
  readonly read: Tx;
  /** A transaction that holds nothing else. */
  write(work: (tx: Tx) => Promise<void>): Promise<void>;
  /** Executes a command; `before` is done in the same transaction. */
  execute(bound: Bound, before: (tx: Tx) => Promise<void>): Promise<R>;
}

/** Takes a beat. Null where it was one like many; else what became of the command. */
export async function takeBeat<R>(door: BeatDoor<R>, input: BeatInput): Promise<R | null> {
  const { workspaceId, now } = door;
  const row = await readHeartbeat(door.read, workspaceId, input.name);
  const keep = (tx: Tx) => keepBeat(tx, workspaceId, input.name, now);
  // Its row may say missing from now on while this is written; the look after that sees both.
  if (row && row.state !== 'missing' && !isNews(row, input)) {
    await door.write(keep);
    return null;
  }
  return door.execute(beat.given(input), keep);
}
