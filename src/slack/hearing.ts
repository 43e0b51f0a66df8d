// When Slack was last heard: written down now and then, so that the next start knows from where on to read.
import type { WorkspaceRef } from '../core/command.js';
import type { Log } from '../core/log.js';
import type { Database } from '../db/open.js';

export interface Hearing {
  heard(): void;
  /** Writes down that everything was heard until now, unless Slack was not connected. */
  stop(connected: boolean): Promise<void>;
}

const writtenEveryMs = 60_000;

export function keepHearing(db: Database, workspace: WorkspaceRef, now: () => Date, log: Log): Hearing {
  let written = 0;
  let writing: Promise<void> = Promise.resolve();
  const write = async (heardAt: Date) => {
    try {
      const { id } = workspace;
      await db.of(id).write((tx) => tx.workspace.update({ where: { id }, data: { heardAt } }));
    } catch (error) {
      log.warn({ err: error }, 'last hearing not written down');
    }
  };
  return {
    heard() {
      const at = now();
      // A pushed clock may go back.
      if (Math.abs(at.getTime() - written) < writtenEveryMs) return;
      written = at.getTime();
      writing = writing.then(() => write(at));
    },
    async stop(connected) {
      await writing;
      if (connected) await write(now());
    },
  };
}
