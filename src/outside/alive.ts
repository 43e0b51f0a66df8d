// Andon's own life: since when it listens without a gap, and a sign of life to something else while it really works.
import type { WorkspaceRef } from '../core/command.js';
import type { Log } from '../core/log.js';
import type { Wire } from '../core/wire.js';
import type { Database } from '../db/open.js';
import { keepBeat, ownBeats } from '../features/heartbeat/index.js';

export interface AliveParts {
  readonly db: Database;
  readonly workspace: WorkspaceRef;
  readonly wire: Wire;
  /** The record's clock. */
  readonly now: () => Date;
  readonly log: Log;
  /** What is asked for once a minute; none: nobody waits for it. */
  readonly url?: string | undefined;
  /** When the worker last began a round, by the wire's clock; null before the first. */
  roundAt(): number | null;
  /** Something was written: the database answers. */
  wrote?(): void;
}

export interface Alive {
  /** Before anything due is decided: says that Andon is up, and where it was not, from when on it listens again. */
  awake(): Promise<void>;
  /** From now on says so by itself, and gives the sign of life once a minute. */
  begin(): void;
  /** Gives it once, where Andon works. True: it was taken. */
  turn(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Andon writes that it is up so often, whether there is anything to do or not. */
export const upEveryMs = 10_000;
// Whoever else asks meanwhile finds it written, and a timer that is a little early does not leave one out.
const upFreshMs = upEveryMs / 2;
/** For longer without a word Andon was not there, or could not write: no beat could be heard meanwhile. */
export const gapMs = 2 * upEveryMs;
const outEveryMs = 60_000;
const outTimeoutMs = 5_000;
/** A worker that goes round comes by more often than this. */
export const roundMaxMs = 60_000;
const lastOut = 'andon/out';

/** Keeps Andon's own life. Does nothing until its functions are called. */
export function keepAlive(parts: AliveParts): Alive {
  const { wire, log, url } = parts;
  const stopping = new AbortController();
  const awake = ownBeat(parts);
  const turn = outBeat(parts, stopping.signal);
  let running: Promise<unknown> = Promise.resolve();

  // Where it fails, the worker's round fails by the same, and says so.
  async function sayUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      await awake().catch(() => {});
      await wire.wait(upEveryMs, stopping.signal);
    }
  }

  async function giveSigns(): Promise<void> {
    while (!stopping.signal.aborted) {
      await turn().catch((error: unknown) => log.error({ err: error }, 'sign of life failed'));
      await wire.wait(outEveryMs, stopping.signal);
    }
  }

  return {
    awake,
    turn,
    begin() {
      running = Promise.all([sayUp(), ...(url ? [giveSigns()] : [])]);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

// That Andon is up, and since when without a gap.
function ownBeat(parts: AliveParts): Alive['awake'] {
  const { db, workspace, wire, now } = parts;
  const rows = db.of(workspace.id);
  let written = Number.NEGATIVE_INFINITY;

  // A machine that slept, a database that was away and a process that was down look the same here: nothing was written.
  return async function awake(): Promise<void> {
    if (Math.abs(wire.now() - written) < upFreshMs) return;
    written = await rows.write(async (tx) => {
      // Only now: for this transaction to begin may have taken as long as the database was away.
      const at = wire.now();
      // One replica's own word is enough, so that clocks that differ are no gap.
      const since = at - written <= gapMs ? {} : { at: { gte: new Date(at - gapMs) } };
      const where = { workspaceId: workspace.id, name: ownBeats.up, ...since };
      const up = await tx.beat.updateMany({ where, data: { at: new Date(at) } });
      if (up.count === 0) {
        await keepBeat(tx, workspace.id, ownBeats.since, now());
        await keepBeat(tx, workspace.id, ownBeats.up, new Date(at));
      }
      return at;
    });
    parts.wrote?.();
  };
}

// The sign of life to something else, where Andon really works.
function outBeat(parts: AliveParts, stopping: AbortSignal): Alive['turn'] {
  const { db, workspace, wire, log, url } = parts;
  const rows = db.of(workspace.id);
  let last = 'well';

  async function whatFails(): Promise<string | null> {
    const roundAt = parts.roundAt();
    if (roundAt === null || wire.now() - roundAt > roundMaxMs) return 'the worker does not go round';
    const at = new Date(wire.now());
    try {
      await rows.write((tx) => keepBeat(tx, workspace.id, lastOut, at));
      const where = { workspaceId_name: { workspaceId: workspace.id, name: lastOut } };
      return (await rows.read.beat.findUnique({ where })) ? null : 'what was written cannot be read';
    } catch {
      return 'the database does not answer';
    }
  }

  // Said once when it changes. The address may hold a secret, and stays out of the log.
  function tell(how: string): void {
    if (how === last) return;
    last = how;
    if (how === 'well') log.info({}, 'sign of life taken again');
    else log.warn({ reason: how }, 'no sign of life given');
  }

  return async function turn(): Promise<boolean> {
    if (!url) return false;
    const how = (await whatFails()) ?? (await askFor(url, stopping));
    tell(how);
    return how === 'well';
  };
}

async function askFor(url: string, stopping: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([stopping, AbortSignal.timeout(outTimeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok ? 'well' : `it was answered with HTTP ${response.status}`;
  } catch {
    return 'its address does not answer';
  }
}
