// Taking a message: it is read from Slack by its own timestamp, and never mistaken for its neighbour.
import type { EffectKind, Performed } from '../core/effect.js';
import { type Look, recordLooks, takenAt } from '../features/sources/index.js';
import { type Answer, SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { isTombstone, marksOf, type Reader, type SlackMessage, seenOf } from './message.js';

type Call = (method: string, args: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** Slack knows the channel and has no such message. */
const goneErrors = new Set(['thread_not_found', 'message_not_found']);
/** A thread's beginning and the reply that was asked for, with some room. */
const repliesMax = 10;

/**
 * The message at exactly this timestamp; `gone` when Slack says that there is none, null when it shows others only.
 * `conversations.history` knows no replies in threads: it would give the message before the reply instead.
 */
export async function readMessage(
  call: Call,
  channel: string,
  ts: string,
): Promise<SlackMessage | 'gone' | null> {
  const history = await call('conversations.history', {
    channel,
    oldest: ts,
    latest: ts,
    inclusive: true,
    limit: 1,
  });
  const found = at(history, ts);
  if (found) return isTombstone(found) ? 'gone' : found;
  try {
    const reply = at(await call('conversations.replies', { channel, ts, limit: repliesMax }), ts);
    return reply && isTombstone(reply) ? 'gone' : reply;
  } catch (error) {
    if (error instanceof SlackRefused && goneErrors.has(error.error)) return 'gone';
    throw error;
  }
}

/** Looks at one message and tells the record what it found. */
export async function lookAt(
  context: Performing,
  effect: Extract<EffectKind, { do: 'look' }>,
): Promise<Performed> {
  const { channelId, ts, because, by } = effect;
  const read = await readMessage(context.call, channelId, ts);
  if (read === null && because !== 'deletion') return [];
  const reader = await readerOf(context);
  const look: Look =
    read === null || read === 'gone'
      ? { channelId, ts, seen: null, marks: null, mark: null }
      : {
          channelId,
          ts,
          seen: await seenOf(reader, channelId, read),
          marks: { ...marksOf(reader, channelId, read), pinned: await isPinned(context, effect, read) },
          mark: because === 'pin' && by ? `pin:${by.id}` : null,
        };
  return { command: recordLooks.given([look]), effects: [] };
}

// Slack does not promise to say with every message that it is pinned, so before a pin counts as gone it is looked up.
async function isPinned(
  context: Performing,
  effect: Extract<EffectKind, { do: 'look' }>,
  message: SlackMessage,
): Promise<boolean> {
  const { channelId, ts, because } = effect;
  if (message.pinned_to?.includes(channelId)) return true;
  const taken = await takenAt(context.tx, context.workspace.id, channelId, ts);
  const wasPinned = ((taken?.by ?? []) as string[]).some((each) => each.startsWith('pin:'));
  if (because !== 'pin' && !wasPinned) return false;
  try {
    const answer = await context.call('pins.list', { channel: channelId });
    const items = (answer.items ?? []) as readonly { message?: { ts?: string } }[];
    return items.some((item) => item.message?.ts === ts);
  } catch (error) {
    if (error instanceof SlackRefused) return wasPinned;
    throw error;
  }
}

/** What reading messages needs to know. Who Andon is, is asked where Slack was away at the first start. */
export async function readerOf(context: Performing): Promise<Reader> {
  const botUserId = context.home.botUserId ?? String((await context.call('auth.test', {})).user_id);
  return {
    workspaceId: context.workspace.id,
    people: context.people,
    teamUrl: context.home.teamUrl,
    botUserId,
    emoji: context.emoji,
  };
}

function at(answer: Answer, ts: string): SlackMessage | null {
  const messages = (answer.messages ?? []) as readonly SlackMessage[];
  return messages.find((each) => each.ts === ts) ?? null;
}
