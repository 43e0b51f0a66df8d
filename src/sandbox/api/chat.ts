// chat.*: posting, changing and deleting messages, ephemerals, permalinks.
import { addMessage, botMessage, changeMessage, deleteMessage } from '../acts.js';
import { checkBlocks, withIds } from '../blockkit/index.js';
import { isObject } from '../blockkit/rules.js';
import { refuse, refuseInvalid } from '../errors.js';
import { messageJson, permalink } from '../format.js';
import type { Json, Metadata } from '../types.js';
import {
  type Channel,
  directMessage,
  eventTs,
  findMessage,
  type Message,
  messageTs,
  type World,
} from '../world.js';
import { type Context, type Handler, seenChannel, str } from './context.js';

const TEXT_MAX = 40_000;
const SHORT_TEXT_MAX = 4000;
const ATTACHMENTS_MAX = 100;
const MARKDOWN_MAX = 12_000;
const METADATA_MAX = 16_000;

export interface Content {
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Metadata;
  truncated: boolean;
}

/** The content of a message as the methods and response URLs take it. */
export function readContent(args: Json, limit: 'truncate' | 'refuse'): Content {
  const markdown = str(args, 'markdown_text');
  const text = str(args, 'text');
  const blocks = readBlocks(args.blocks);
  const attachments = readAttachments(args.attachments);
  if (markdown && (text || blocks)) refuse('markdown_text_conflict');
  if (markdown.length > MARKDOWN_MAX) refuse('msg_too_long');
  if (limit === 'refuse' && text.length > SHORT_TEXT_MAX) refuse('msg_too_long');
  if (!text && !markdown && !blocks?.length && !attachments?.length) refuse('no_text');
  const metadata = readMetadata(args.metadata);
  return {
    text: (text || markdown).slice(0, TEXT_MAX),
    ...(blocks?.length ? { blocks } : {}),
    ...(attachments?.length ? { attachments } : {}),
    ...(metadata ? { metadata } : {}),
    truncated: text.length > TEXT_MAX,
  };
}

function readBlocks(given: unknown): Json[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) return refuse('invalid_blocks_format');
  const wrong = checkBlocks(given);
  if (wrong.length > 0) refuseInvalid('invalid_blocks', wrong);
  return withIds(given as Json[]);
}

function readAttachments(given: unknown): Json[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || !given.every(isObject)) return refuse('invalid_arguments');
  if (given.length > ATTACHMENTS_MAX) refuse('too_many_attachments');
  return given.map((one, index) => {
    if (one.blocks === undefined) return { id: index + 1, ...one };
    const wrong = checkBlocks(one.blocks, `/attachments/${index}/blocks`);
    if (wrong.length > 0) refuseInvalid('invalid_blocks', wrong);
    return { id: index + 1, ...one, blocks: withIds(one.blocks as Json[]) };
  });
}

/** `{}` stands for "none", as chat.update takes it. */
function readMetadata(given: unknown): Metadata | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given)) return refuse('invalid_metadata_format');
  if (Object.keys(given).length === 0) return undefined;
  const { event_type, event_payload } = given;
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload)) {
    return refuse('invalid_metadata_schema');
  }
  if (JSON.stringify(event_payload).length > METADATA_MAX) refuse('metadata_too_large');
  return { event_type, event_payload };
}

/** Where a post goes: a channel by id or #name, or a person's direct messages by user id. */
function postTarget(ctx: Context): Channel {
  const { world, args } = ctx;
  const given = str(args, 'channel');
  if (world.users.has(given)) return directMessage(world, [given]);
  const plain = given.replace(/^#/, '');
  const named = [...world.channels.values()].find((one) => one.name === plain && one.kind === 'channel');
  const channel = seenChannel(named ? { ...ctx, args: { ...args, channel: named.id } } : ctx);
  if (channel.isArchived) refuse('is_archived');
  const member = channel.members.includes(world.app.botUserId);
  if (!member && !world.app.scopes.has('chat:write.public')) refuse('not_in_channel');
  return channel;
}

/** The root of the thread a reply goes to; a reply's own ts leads to its parent. */
export function threadRoot(channel: Channel, threadTs: string): string | undefined {
  if (!threadTs) return undefined;
  const message = findMessage(channel, threadTs);
  if (!message) return refuse('cannot_reply_to_message');
  return message.threadTs ?? message.ts;
}

function postMessage(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = postTarget(ctx);
  const { truncated, ...content } = readContent(args, 'truncate');
  const threadTs = threadRoot(channel, str(args, 'thread_ts'));
  const customized = world.app.scopes.has('chat:write.customize') ? str(args, 'username') : '';
  const broadcast = args.reply_broadcast === true && threadTs !== undefined;
  const message = addMessage(world, channel, {
    ...botMessage(world),
    ...content,
    ...(threadTs ? { threadTs } : {}),
    ...(customized ? { username: customized } : {}),
    ...(broadcast ? { broadcast, subtype: 'thread_broadcast' } : {}),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageJson(world, channel, message, true),
    ...(truncated
      ? { warning: 'message_truncated', response_metadata: { warnings: ['message_truncated'] } }
      : {}),
  };
}

function ownMessage(ctx: Context, error: string): { channel: Channel; message: Message } {
  const channel = seenChannel(ctx);
  const message = findMessage(channel, str(ctx.args, 'ts'));
  if (!message || message.subtype === 'tombstone') return refuse('message_not_found');
  if (message.botId !== ctx.world.app.botId) refuse(error);
  return { channel, message };
}

function update(ctx: Context): Json {
  const { world, args } = ctx;
  const { channel, message } = ownMessage(ctx, 'cant_update_message');
  if (channel.isArchived) refuse('is_inactive');
  // Blocks stay only when the text is left out; a text without blocks removes them.
  const keep = args.text === undefined && args.markdown_text === undefined && args.blocks === undefined;
  const given = keep && args.attachments === undefined ? { ...args, text: message.text } : args;
  const content = readContent(given, 'refuse');
  const isEdited = content.blocks === undefined && message.blocks === undefined;
  const hasText = args.text !== undefined || args.markdown_text !== undefined;
  changeMessage(world, channel, message, {
    text: hasText ? content.text : message.text,
    blocks: keep ? message.blocks : content.blocks,
    attachments: args.attachments === undefined && keep ? message.attachments : content.attachments,
    metadata: args.metadata === undefined ? message.metadata : content.metadata,
    ...(isEdited ? { edited: { user: world.app.botUserId, ts: eventTs(world) } } : {}),
  });
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: messageJson(world, channel, message, true),
  };
}

function remove(ctx: Context): Json {
  const { channel, message } = ownMessage(ctx, 'cant_delete_message');
  deleteMessage(ctx.world, channel, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = seenChannel(ctx);
  if (channel.isArchived) refuse('is_archived');
  const member = channel.members.includes(world.app.botUserId);
  if (!member && !world.app.scopes.has('chat:write.public')) refuse('not_in_channel');
  if (!channel.members.includes(str(args, 'user'))) refuse('user_not_in_channel');
  const content = readContent(args, 'refuse');
  const threadTs = threadRoot(channel, str(args, 'thread_ts'));
  const ts = addEphemeral(world, channel.id, str(args, 'user'), content, 'chat.postEphemeral', threadTs);
  return { message_ts: ts };
}

export function addEphemeral(
  world: World,
  channel: string,
  user: string,
  content: Content,
  via: 'chat.postEphemeral' | 'response_url' | 'ack',
  threadTs?: string,
): string {
  // A client shows it among the channel's messages and tells them apart by their ts.
  const shownIn = world.channels.get(channel);
  const ts = shownIn ? messageTs(world, shownIn) : eventTs(world);
  world.ephemerals.push({
    ts,
    channel,
    user,
    text: content.text,
    blocks: content.blocks ?? [],
    via,
    ...(content.attachments ? { attachments: content.attachments } : {}),
    ...(threadTs ? { threadTs } : {}),
  });
  world.changed({ what: 'message', channel, ts, onlyFor: user });
  return ts;
}

function getPermalink(ctx: Context): Json {
  const channel = seenChannel(ctx);
  const message = findMessage(channel, str(ctx.args, 'message_ts'));
  if (!message) return refuse('message_not_found');
  return { channel: channel.id, permalink: permalink(ctx.world, channel.id, message) };
}

export const chatMethods: Readonly<Record<string, Handler>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
