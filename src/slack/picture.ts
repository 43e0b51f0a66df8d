// Sending a picture to where it was asked for. Its file's id is written down before it is completed, so it comes once.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { line, message } from '../core/message.js';
import { SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { directTo, postMarked, record } from './post.js';
import { isShared } from './upload.js';

type SendPicture = Extract<EffectKind, { do: 'sendPicture' }>;

/** Slack's limit for a picture's words: docs.slack.dev, files.getUploadURLExternal. */
const altLimit = 1_000;
/** Andon is not there, or may not post there. */
const notThere = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'posting_to_channel_denied',
  'invalid_channel',
  'restricted_action',
]);

/** Draws and sends a picture. Where Slack refuses it for good, who asked is told so, once. */
export async function sendPicture(context: Performing, effect: SendPicture): Promise<readonly Stated[]> {
  try {
    await send(context, effect);
    return [];
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return tellOnce(context, effect, error);
  }
}

async function send(context: Performing, effect: SendPicture): Promise<void> {
  const make = context.pictures[effect.picture];
  // A name that this version does not know any more.
  if (!make) return;
  const before = context.job.notes.fileId;
  if (before && (await isShared(context, before))) return;
  const picture = await make(context.tx, effect.data, context.workspace);
  const slot = await context.call('files.getUploadURLExternal', {
    filename: picture.name,
    length: picture.content.byteLength,
    alt_txt: picture.alt.slice(0, altLimit),
  });
  const fileId = String(slot.file_id);
  await context.note({ fileId });
  await context.api.upload(String(slot.upload_url), picture.content);
  const files = [{ id: fileId, title: picture.title }];
  const complete = (channel: string, threadTs: string | null) =>
    context.call('files.completeUploadExternal', {
      files,
      channel_id: channel,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
  const direct = async () => complete((await directTo(context, effect.userId)).channel, null);
  if (!effect.channelId) return void (await direct());
  try {
    await complete(effect.channelId, effect.threadTs);
  } catch (error) {
    if (!(error instanceof SlackRefused) || !notThere.has(error.error)) throw error;
    await direct();
  }
}

// The words were said before; only that no picture comes is new, and only the first time.
async function tellOnce(
  context: Performing,
  effect: SendPicture,
  refused: SlackRefused,
): Promise<readonly Stated[]> {
  const slot = `no-picture/${effect.userId}/${refused.needed ?? refused.error}`;
  const workspaceId_slot = { workspaceId: context.job.workspaceId, slot };
  if (await context.tx.posted.findUnique({ where: { workspaceId_slot } })) return [];
  const words = message(
    line(
      'Slack does not let me send the picture that belongs to this: ',
      { code: refused.method },
      ` was refused (${refused.error}). `,
      ...(refused.needed
        ? ['Grant the app the scope ', { code: refused.needed }, ' and install it anew. ']
        : []),
      'The words that I answered hold the same figures. I say this once.',
    ),
  );
  return [record(context, slot, await postMarked(context, await directTo(context, effect.userId), words))];
}
