// In time: Slack gives three seconds, the database may take longer, and the answer must come all the same.
import { publicText } from '../core/faults.js';
import { type Message, say } from '../core/message.js';
import { body as slackBody } from './post.js';
import type { DoorParts, Reply, Request } from './request.js';

/** From here on the person is told that the answer comes later. */
export const answerWithinMs = 2_000;

/**
 * Acknowledges with the reply, or after two seconds with a word that promises nothing, and answers later: `saidLater`
 * leaves out replies that come by another way. `track` keeps the door open until it is answered.
 */
export async function answerInTime(
  parts: DoorParts,
  track: <T>(work: Promise<T>) => Promise<T>,
  request: Request,
  work: Promise<Reply>,
  ack: (reply: Reply) => Promise<void>,
  saidLater: (reply: NonNullable<Reply>) => boolean = () => true,
): Promise<void> {
  const slow = Symbol('slow');
  const first = await Promise.race([
    work.catch((error: unknown) => failure(parts, request, error)),
    parts.wire.wait(answerWithinMs).then(() => slow),
  ]);
  if (first !== slow) return ack(first as Reply);
  // Promises nothing: it is not recorded yet.
  await ack({ accepted: true, message: say('Not recorded yet, I will answer here.') });
  // Who stops Andon waits for the answer too: it was promised.
  void track(
    work.then(
      (reply) => (reply && saidLater(reply) ? later(parts, request, reply.message) : undefined),
      (error: unknown) => failed(parts, request, error),
    ),
  );
}

function failure(parts: DoorParts, request: Request, error: unknown): Reply {
  parts.log.error({ err: error, requestId: request.requestId }, 'command failed');
  return { accepted: false, message: say(publicText(error, request.requestId)) };
}

/** Says that it went wrong, where no acknowledgement can carry it. */
export async function failed(parts: DoorParts, request: Request, error: unknown): Promise<void> {
  const reply = failure(parts, request, error);
  if (reply) await later(parts, request, reply.message);
}

/** Answers by response_url, or by direct message where that fails. */
export async function later(parts: DoorParts, request: Request, reply: Message): Promise<void> {
  try {
    if (!request.respondUrl) throw new Error('no response_url');
    await parts.api.respond(request.respondUrl, slackBody(reply));
  } catch {
    try {
      const opened = await parts.api.call('conversations.open', { users: request.user.id });
      await parts.api.call('chat.postMessage', {
        channel: (opened.channel as { id: string }).id,
        ...slackBody(reply),
      });
    } catch (error) {
      parts.log.error({ err: error, requestId: request.requestId }, 'late answer not delivered');
    }
  }
}
