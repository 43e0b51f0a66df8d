// chat.scheduleMessage and its list: messages for later, posted when the record's clock gets there.
import { addMessage, botMessage } from '../acts.js';
import { refuse } from '../errors.js';
import type { Json } from '../types.js';
import { nextId, type Scheduled, seconds, type World } from '../world.js';
import { readContent, threadRoot } from './chat.js';
import { type Context, type Handler, int, page, seenChannel, str, withCursor } from './context.js';

const DAYS_MAX = 120;
const WINDOW_S = 300;
const WINDOW_MAX = 30;

function schedule(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = seenChannel(ctx);
  if (channel.isArchived) refuse('is_archived');
  const member = channel.members.includes(world.app.botUserId);
  if (!member && !world.app.scopes.has('chat:write.public')) refuse('not_in_channel');
  const postAt = int(args, 'post_at') ?? refuse('invalid_time');
  if (!Number.isInteger(postAt)) refuse('invalid_time');
  const now = seconds(world);
  if (postAt <= now) refuse('time_in_past');
  if (postAt > now + DAYS_MAX * 86_400) refuse('time_too_far');
  const close = world.scheduled.filter(
    (one) => one.channel === channel.id && Math.abs(one.postAt - postAt) < WINDOW_S,
  );
  if (close.length >= WINDOW_MAX) refuse('restricted_too_many');
  const content = readContent(args, 'refuse');
  const threadTs = threadRoot(channel, str(args, 'thread_ts'));
  const one: Scheduled = {
    id: nextId(world, 'Q'),
    channel: channel.id,
    postAt,
    created: now,
    text: content.text,
    ...(content.blocks ? { blocks: content.blocks } : {}),
    ...(threadTs ? { threadTs } : {}),
    neverPosts: content.metadata !== undefined,
  };
  world.scheduled.push(one);
  return {
    channel: channel.id,
    scheduled_message_id: one.id,
    post_at: String(postAt),
    message: {
      type: 'delayed_message',
      text: one.text,
      bot_id: world.app.botId,
      ...(one.blocks ? { blocks: one.blocks } : {}),
    },
  };
}

function remove(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = seenChannel(ctx);
  const id = str(args, 'scheduled_message_id');
  const found = world.scheduled.find((one) => one.id === id && one.channel === channel.id);
  if (!found) return refuse('invalid_scheduled_message_id');
  world.scheduled = world.scheduled.filter((one) => one !== found);
  return {};
}

function list(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = str(args, 'channel');
  if (channel && !world.channels.has(channel)) refuse('invalid_channel');
  const oldest = Number(str(args, 'oldest') || 0);
  const latest = Number(str(args, 'latest') || Number.POSITIVE_INFINITY);
  const all = world.scheduled.filter(
    (one) => (!channel || one.channel === channel) && one.postAt >= oldest && one.postAt <= latest,
  );
  const { items, nextCursor } = page(args, all, 100, 100);
  const shown = items.map((one) => ({
    id: one.id,
    channel_id: one.channel,
    post_at: one.postAt,
    date_created: one.created,
    text: one.text,
  }));
  return withCursor({ scheduled_messages: shown }, nextCursor);
}

/** Posts what is due. Messages with metadata stay for ever: Slack never posts them. */
export function postScheduled(world: World): void {
  const now = seconds(world);
  const due = world.scheduled.filter((one) => one.postAt <= now && !one.neverPosts);
  world.scheduled = world.scheduled.filter((one) => !due.includes(one));
  for (const one of due) {
    const channel = world.channels.get(one.channel);
    if (!channel || channel.isArchived) continue;
    addMessage(world, channel, {
      ...botMessage(world),
      text: one.text,
      ...(one.blocks ? { blocks: one.blocks } : {}),
      ...(one.threadTs ? { threadTs: one.threadTs } : {}),
    });
  }
}

export const scheduleMethods: Readonly<Record<string, Handler>> = {
  'chat.scheduleMessage': schedule,
  'chat.deleteScheduledMessage': remove,
  'chat.scheduledMessages.list': list,
};
