// conversations.info/list/members/history/replies: reading channels.
import { refuse } from '../errors.js';
import { channelJson, messageJson } from '../format.js';
import type { Json } from '../types.js';
import { type Channel, type ChannelKind, findMessage, type Message } from '../world.js';
import {
  type Context,
  type Handler,
  isTs,
  joinedChannel,
  page,
  seenChannel,
  str,
  withCursor,
} from './context.js';

const TYPES: Readonly<Record<string, ChannelKind>> = {
  public_channel: 'channel',
  private_channel: 'group',
  im: 'im',
  mpim: 'mpim',
};

export function wantedKinds(args: Json): ChannelKind[] {
  const types = str(args, 'types') || 'public_channel';
  return types.split(',').map((one) => TYPES[one.trim()] ?? refuse('invalid_types'));
}

function info(ctx: Context): Json {
  const channel = seenChannel(ctx);
  return { channel: channelJson(ctx.world, channel, ctx.args.include_num_members === true) };
}

function list(ctx: Context): Json {
  const { world, args } = ctx;
  const kinds = wantedKinds(args);
  const bot = world.app.botUserId;
  const all = [...world.channels.values()].filter(
    (one) =>
      kinds.includes(one.kind) &&
      (one.kind === 'channel' || one.members.includes(bot)) &&
      !(args.exclude_archived === true && one.isArchived),
  );
  const { items, nextCursor } = page(args, all, 100, 999);
  return withCursor({ channels: items.map((one) => channelJson(world, one, true)) }, nextCursor);
}

function members(ctx: Context): Json {
  const channel = seenChannel(ctx);
  const { items, nextCursor } = page(ctx.args, channel.members, 100, 999);
  return withCursor({ members: items }, nextCursor);
}

function inWindow(ctx: Context, messages: Message[]): Message[] {
  const oldest = str(ctx.args, 'oldest');
  const latest = str(ctx.args, 'latest');
  if (oldest && !isTs(oldest)) refuse('invalid_ts_oldest');
  if (latest && !isTs(latest)) refuse('invalid_ts_latest');
  const inclusive = ctx.args.inclusive === true;
  return messages.filter((one) => {
    const above = !oldest || oldest === '0' || compareTs(one.ts, oldest) > (inclusive ? -1 : 0);
    const below = !latest || compareTs(one.ts, latest) < (inclusive ? 1 : 0);
    return above && below;
  });
}

/** Timestamps compare as numbers of microseconds: floats are too coarse for them. */
function compareTs(left: string, right: string): number {
  const micros = (ts: string): bigint => {
    const [whole = '0', part = ''] = ts.split('.');
    return BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, '0'));
  };
  const difference = micros(left) - micros(right);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function history(ctx: Context): Json {
  const channel = joinedChannel(ctx);
  const roots = channel.messages.filter(
    (one) => !one.threadTs || one.threadTs === one.ts || one.broadcast === true,
  );
  const wanted = inWindow(ctx, roots).reverse();
  const { items, nextCursor } = page(ctx.args, wanted, 100, 999);
  const body = {
    messages: items.map((one) => show(ctx, channel, one)),
    has_more: nextCursor !== '',
    pin_count: channel.pins.length,
    channel_actions_ts: null,
    channel_actions_count: 0,
  };
  return nextCursor ? withCursor(body, nextCursor) : body;
}

function replies(ctx: Context): Json {
  const channel = joinedReplies(ctx);
  const asked = findMessage(channel, str(ctx.args, 'ts'));
  if (!asked) return refuse('thread_not_found');
  const root = asked.threadTs ?? asked.ts;
  const parent = channel.messages.filter((one) => one.ts === root);
  const rest = channel.messages.filter((one) => one.threadTs === root && one.ts !== root);
  // A reply's own ts answers with that reply only, a parent's with the whole thread.
  const thread = asked.ts === root ? [...parent, ...inWindow(ctx, rest)] : [asked];
  const { items, nextCursor } = page(ctx.args, thread, 1000, 1000);
  const body = { messages: items.map((one) => show(ctx, channel, one)), has_more: nextCursor !== '' };
  return nextCursor ? withCursor(body, nextCursor) : body;
}

/** conversations.replies lists no not_in_channel: what the bot is not in, it cannot find. */
function joinedReplies(ctx: Context): Channel {
  const channel = seenChannel(ctx);
  return channel.members.includes(ctx.world.app.botUserId) ? channel : refuse('channel_not_found');
}

function show(ctx: Context, channel: Channel, message: Message): Json {
  const withMetadata = ctx.args.include_all_metadata === true;
  return messageJson(ctx.world, channel, message, withMetadata);
}

export const conversationReads: Readonly<Record<string, Handler>> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
};
