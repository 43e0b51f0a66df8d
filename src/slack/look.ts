// Looking before repeating: a message that an earlier attempt posted is found by the mark in its metadata.
import { nextCursor, SlackRefused } from './api.js';
import type { Performing } from './context.js';

/** Where a message goes. */
export interface Target {
  readonly channel: string;
  readonly threadTs?: string;
}

/** The metadata's type by which our messages are known; its payload names the job. */
export const metadataType = 'andon_job';
/** How far before a job's making its message is looked for: clocks differ. */
const lookBackSeconds = 600;
const lookPages = 5;

/** The message that this job posted before, if there is one. */
export async function findMarked(
  context: Performing,
  target: Target,
): Promise<{ channel: string; ts: string } | null> {
  const { job } = context;
  const oldest = String(job.madeAt.getTime() / 1000 - lookBackSeconds);
  const where = target.threadTs ? { ts: target.threadTs } : {};
  const method = target.threadTs ? 'conversations.replies' : 'conversations.history';
  let cursor = '';
  for (let page = 0; page < lookPages; page += 1) {
    const answer = await look(context, method, {
      channel: target.channel,
      ...where,
      oldest,
      limit: 200,
      include_all_metadata: true,
      ...(cursor ? { cursor } : {}),
    });
    const messages = (answer?.messages ?? []) as {
      ts: string;
      metadata?: { event_payload?: { job?: string } };
    }[];
    const found = messages.find((each) => each.metadata?.event_payload?.job === job.id);
    if (found) return { channel: target.channel, ts: found.ts };
    cursor = answer ? nextCursor(answer) : '';
    if (cursor === '') return null;
  }
  return null;
}

// Where Slack does not let us look, urgent messages are repeated and all else is given up.
async function look(context: Performing, method: string, args: Record<string, unknown>) {
  try {
    return await context.call(method, args);
  } catch (error) {
    if (error instanceof SlackRefused && context.job.first) return null;
    throw error;
  }
}
