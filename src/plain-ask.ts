// An ask that no door made: of the program itself, or of the command line.
import { randomUUID } from 'node:crypto';
import type { Ask, WorkspaceRef } from './core/command.js';

/** An ask of the program itself or of the command line, without Slack. */
export function plainAsk(
  workspace: WorkspaceRef,
  actor: Ask['actor'],
  source: Ask['source'],
  now: Date,
): Ask {
  return {
    requestId: `own/${randomUUID()}`,
    workspace,
    actor,
    now,
    newId: randomUUID,
    source,
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}
