// Posting: where a message goes, messages said once, and answers that only one person sees.
import type { Destination, EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { escapeSlack, joined, type Message, say, shorten } from '../core/message.js';
import { messagePosted, noticeSlot, placeStream } from '../features/places/index.js';
import { SlackRefused } from './api.js';
import { findChannel } from './channels.js';
import { incidentOf, type Performing } from './context.js';
import { findMarked, metadataType, type Target } from './look.js';

export type Show = Extract<EffectKind, { do: 'show' }>;
export type Say = Extract<EffectKind, { do: 'say' }>;

/** Stands for the place of a message that went through a response_url: it was said, and cannot be edited. */
export const saidOnly = '';
/** A message that is too old to be edited; the next one can be again, for a while. */
export const tooOld: ReadonlySet<string> = new Set(['edit_window_closed', 'cant_update_message']);
/** Nothing can be posted there, nor edited. */
export const closed: ReadonlySet<string> = new Set([
  'is_archived',
  'is_inactive',
  'channel_not_found',
  'not_in_channel',
]);
const fallbackTextLimit = 3_900;

/** Posts; what Slack refuses to take to a person or a channel goes where the effect says otherwise, and says so. */
export async function post(
  context: Performing,
  effect: Show | Say,
  text: Message,
  destination: Destination = effect.destination,
  attempt = 1,
): Promise<readonly Stated[]> {
  try {
    const target = await targetOf(context, effect, destination);
    if (!target) return [];
    return [record(context, effect.slot, await postMarked(context, target, text))];
  } catch (error) {
    const otherwise =
      destination.to === 'person' || destination.to === 'channel' ? destination.otherwise : null;
    if (error instanceof SlackRefused && otherwise)
      return post(context, effect, withWhom(destination, error, text), otherwise);
    if (!(error instanceof SlackRefused) || !closed.has(error.error) || attempt > 1) throw error;
    if (!(await forgetChanges(context, destination))) throw error;
    return post(context, effect, text, destination, attempt + 1);
  }
}

/** Its channel was archived or is gone: the next attempt looks for one of its name. False: it was not remembered. */
export async function forgetChanges(context: Performing, destination: Destination): Promise<boolean> {
  if (destination.to !== 'changes') return false;
  const { changesChannelId } = await context.tx.workspace.findUniqueOrThrow({
    where: { id: context.workspace.id },
  });
  if (changesChannelId === null) return false;
  await context.learnChannel('changes', null);
  return true;
}

function withWhom(destination: Destination, refused: SlackRefused, text: Message): Message {
  const first =
    destination.to === 'person'
      ? say(
          'For ',
          { person: destination.userId, name: destination.userId },
          `, whom I could not write to (${refused.error}):`,
        )
      : say(
          `For the channel ${destination.to === 'channel' ? destination.channel : ''}, where Slack does not let me post (${refused.error}):`,
        );
  return joined(first, text);
}

/** Posts a message once, however often it is tried. */
export async function sayOnce(context: Performing, effect: Say): Promise<readonly Stated[]> {
  return post(context, effect, effect.message);
}

/** Puts other words into a message of ours; one that was never posted, or is gone, has none to replace. */
export async function replaceMessage(
  context: Performing,
  effect: Extract<EffectKind, { do: 'replace' }>,
): Promise<readonly Stated[]> {
  const posted = await context.tx.posted.findUnique({
    where: { workspaceId_slot: { workspaceId: context.job.workspaceId, slot: effect.slot } },
  });
  if (posted) await takeOut(context, posted, effect.message);
  return [];
}

/** Puts other words into a message of ours; one that is too old to be edited is deleted. */
export async function takeOut(
  context: Performing,
  posted: { channelId: string; ts: string },
  message: Message,
): Promise<void> {
  try {
    await edit(context, posted, message);
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    const { channelId: channel, ts } = posted;
    await context.call('chat.delete', { channel, ts }).catch((refused: unknown) => {
      if (!(refused instanceof SlackRefused) || refused.error !== 'message_not_found') throw refused;
    });
  }
}

/** Says something that only one person sees; at most once, since nobody can look whether it arrived. */
export async function postEphemeral(
  context: Performing,
  effect: Extract<EffectKind, { do: 'sayOnly' }>,
): Promise<readonly Stated[]> {
  if (context.job.attempts > 1) return [];
  const { channelId, userId, threadTs, message } = effect;
  try {
    await context.call('chat.postEphemeral', {
      channel: channelId,
      user: userId,
      ...(threadTs ? { thread_ts: threadTs } : {}),
      ...body(message),
    });
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    await postMarked(context, await directTo(context, userId), message);
  }
  return [];
}

/** Answers through a response_url, else by direct message. */
export async function respond(
  context: Performing,
  effect: Extract<EffectKind, { do: 'respond' }>,
): Promise<readonly Stated[]> {
  try {
    if (context.job.attempts === 1) await context.api.respond(effect.url, body(effect.message));
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    await postMarked(context, await directTo(context, effect.userId), effect.message);
  }
  return [];
}

/** Posts with a mark by which a repeated attempt finds it; looks first when this job was begun before. */
export async function postMarked(
  context: Performing,
  target: Target,
  message: Message,
): Promise<{ channel: string; ts: string }> {
  const { job } = context;
  if (job.attempts > 1) {
    const found = await findMarked(context, target);
    if (found) return found;
  }
  const answer = await context.call('chat.postMessage', {
    channel: target.channel,
    ...(target.threadTs ? { thread_ts: target.threadTs } : {}),
    ...body(message),
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: metadataType, event_payload: { job: job.id } },
  });
  return { channel: String(answer.channel), ts: String(answer.ts) };
}

/** The id of the channel where incidents, or changes, are announced; found by name once, joined, and remembered. */
export async function announcementsChannel(
  context: Performing,
  which: 'incidents' | 'changes' = 'incidents',
): Promise<string> {
  const known = await context.tx.workspace.findUniqueOrThrow({ where: { id: context.workspace.id } });
  const id = which === 'incidents' ? known.incidentsChannelId : known.changesChannelId;
  if (id) return id;
  const found = await channelNamed(
    context,
    which === 'incidents' ? context.home.announcements : context.home.changes,
  );
  await context.learnChannel(which, found);
  return found;
}

// A channel by its id, or by its name, which is looked for and joined.
async function channelNamed(context: Performing, channel: string): Promise<string> {
  const name = channel.replace(/^#/, '');
  if (/^[CG][A-Z0-9]{8,}$/.test(name)) return name;
  const found = await findChannel(
    context.call,
    'conversations.list',
    'public_channel',
    (channel) => channel.name === name,
  );
  if (!found) throw new SlackRefused('conversations.list', 'channel_not_found', null, {});
  await context.call('conversations.join', { channel: found.id }).catch((error: unknown) => {
    // Posting does not need membership where chat:write.public is granted.
    if (!(error instanceof SlackRefused)) throw error;
  });
  return found.id;
}

async function targetOf(
  context: Performing,
  effect: Show | Say,
  destination: Destination = effect.destination,
): Promise<Target | null> {
  if (destination.to === 'thread') return { channel: destination.channelId, threadTs: destination.threadTs };
  if (destination.to === 'person') return directTo(context, destination.userId);
  if (destination.to === 'announcements') return { channel: await announcementsChannel(context) };
  if (destination.to === 'changes') return { channel: await announcementsChannel(context, 'changes') };
  if (destination.to === 'channel') return { channel: await channelNamed(context, destination.channel) };
  if (destination.to === 'under') {
    const workspaceId_slot = { workspaceId: context.job.workspaceId, slot: destination.slot };
    const over = await context.tx.posted.findUnique({ where: { workspaceId_slot } });
    if (over && over.ts !== saidOnly) return { channel: over.channelId, threadTs: over.ts };
    return targetOf(context, effect, destination.otherwise);
  }
  const incident = await incidentOf(context);
  if (incident.placeKind === 'none' || !incident.channelId) {
    if (effect.do === 'show' && effect.slot === noticeSlot(incident.id))
      return directTo(context, incident.declaredById);
    throw new SlackRefused('chat.postMessage', 'no_place', null, {});
  }
  return { channel: incident.channelId, ...(incident.threadTs ? { threadTs: incident.threadTs } : {}) };
}

/** Puts other words into a posted message. False: somebody deleted it. */
export async function edit(
  context: Performing,
  posted: { channelId: string; ts: string },
  message: Message,
): Promise<boolean> {
  try {
    await context.call('chat.update', { channel: posted.channelId, ts: posted.ts, ...body(message) });
    return true;
  } catch (error) {
    if (error instanceof SlackRefused && error.error === 'message_not_found') return false;
    throw error;
  }
}

export async function directTo(context: Performing, userId: string): Promise<Target> {
  const answer = await context.call('conversations.open', { users: userId });
  return { channel: (answer.channel as { id: string }).id };
}

export function record(context: Performing, slot: string, posted: { channel: string; ts: string }): Stated {
  const { incidentId, lane } = context.job;
  return messagePosted(
    { incidentId, slot, channelId: posted.channel, ts: posted.ts },
    { stream: incidentId ? placeStream(incidentId) : lane },
  );
}

/** A message as the Web API takes it. The text is only for notifications: the blocks hold all. */
export function body(message: Message): { text: string; blocks?: unknown } {
  if (message.blocks.length === 0) return { text: cutText(escapeSlack(message.text)) };
  return { text: cutText(message.text), blocks: message.blocks };
}

// Text as Slack reads it, cut where nothing is torn: neither `&amp;` nor a date token.
function cutText(text: string): string {
  if (text.length <= fallbackTextLimit) return text;
  return shorten(text, fallbackTextLimit).replace(/(?:&[a-z]{0,3}|<[^>]*)…$/, '…');
}
