// The topic of the channel of changes: what is frozen, before what people wrote there.
import type { Performed } from '../core/effect.js';
import { line, message } from '../core/message.js';
import { freezesSince, onFreezes, topicOf } from '../features/freeze/index.js';
import { recordResult } from '../features/places/index.js';
import { SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { announcementsChannel } from './post.js';

/** Nothing can be said there either; posting the freeze itself finds another way, or says so. */
const noChannel = new Set(['channel_not_found', 'is_archived', 'is_inactive']);

/** Sets the topic where it is another one than is to be; Slack tells the channel of every setting. */
export async function setChangesTopic(context: Performing): Promise<Performed> {
  try {
    const channel = await announcementsChannel(context, 'changes');
    // Without what is there now, the words of people would be lost.
    const answer = await context.call('conversations.info', { channel });
    const before = (answer.channel as { topic?: { value?: string } }).topic?.value ?? '';
    const freezes = await freezesSince(context.tx, context.workspace.id, context.now);
    const topic = topicOf(before, freezes, context.now);
    if (topic !== before) await context.call('conversations.setTopic', { channel, topic });
    return [];
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return noChannel.has(error.error) ? [] : sayOnce(context, error);
  }
}

// A nicety is missing; that is said once, and freezes go on without it.
async function sayOnce(context: Performing, refused: SlackRefused): Promise<Performed> {
  const slot = `changes-topic/${refused.method}/${refused.error}`;
  const workspaceId_slot = { workspaceId: context.workspace.id, slot };
  if (await context.tx.posted.findUnique({ where: { workspaceId_slot } })) return [];
  const mend = refused.needed
    ? ` The scope ${refused.needed} is missing. An admin can add it to the app under OAuth & Permissions and reinstall it.`
    : ' Whoever manages this channel can let the app set it, or invite the app: /invite @Andon.';
  const text = message(
    line(
      'I could not say in the topic of this channel what is frozen: Slack said ',
      { code: refused.error },
      ` to ${refused.method}.${mend} Freezes hold all the same; `,
      { code: '/freeze status' },
      ' says what is frozen.',
    ),
  );
  const said = onFreezes({ do: 'say', slot, destination: { to: 'changes' }, message: text });
  return { command: recordResult.given([]), effects: [said] };
}
