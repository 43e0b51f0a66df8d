// pins.*, bookmarks.* and reactions.*: what is attached to channels and messages.

import { refuse } from '../errors.js';
import { messageJson, permalink } from '../format.js';
import { addPin, addReaction, removePin, removeReaction } from '../item-acts.js';
import type { Bookmark, Json } from '../types.js';
import { type Channel, findMessage, nextId, seconds } from '../world.js';
import { type Context, type Handler, itemMessage, joinedChannel, seenChannel, str } from './context.js';

const PINS_MAX = 100;
const BOOKMARKS_MAX = 100;
const EMOJI_MAX = 50;
const REACTIONS_MAX = 23;

function pinsAdd(ctx: Context): Json {
  const channel = joinedChannel(ctx);
  const message = itemMessage(ctx, channel);
  if (channel.isArchived) refuse('restricted_action');
  if (channel.pins.some((pin) => pin.ts === message.ts)) refuse('already_pinned');
  if (channel.pins.length >= PINS_MAX) refuse('too_many_pins');
  addPin(ctx.world, channel, message, ctx.world.app.botUserId);
  return {};
}

function pinsRemove(ctx: Context): Json {
  const channel = memberOrHidden(ctx);
  const message = itemMessage(ctx, channel);
  if (!channel.pins.some((pin) => pin.ts === message.ts)) refuse('no_pin');
  removePin(ctx.world, channel, message, ctx.world.app.botUserId);
  return {};
}

/** For methods that list no not_in_channel. */
function memberOrHidden(ctx: Context): Channel {
  const channel = seenChannel(ctx);
  return channel.members.includes(ctx.world.app.botUserId) ? channel : refuse('channel_not_found');
}

function pinsList(ctx: Context): Json {
  const channel = memberOrHidden(ctx);
  const items = [...channel.pins].reverse().flatMap((pin) => {
    const message = findMessage(channel, pin.ts);
    if (!message) return [];
    const shown = {
      ...messageJson(ctx.world, channel, message),
      permalink: permalink(ctx.world, channel.id, message),
    };
    return [
      { type: 'message', created: pin.created, created_by: pin.user, channel: channel.id, message: shown },
    ];
  });
  return { items };
}

function reactionsAdd(ctx: Context): Json {
  const channel = memberOrHidden(ctx);
  const message = itemMessage(ctx, channel);
  if (channel.isArchived) refuse('is_archived');
  const name = emojiName(ctx);
  const bot = ctx.world.app.botUserId;
  const known = message.reactions.find((one) => one.name === name);
  if (known?.users.includes(bot)) refuse('already_reacted');
  if (!known && message.reactions.length >= EMOJI_MAX) refuse('too_many_emoji');
  if (message.reactions.filter((one) => one.users.includes(bot)).length >= REACTIONS_MAX) {
    refuse('too_many_reactions');
  }
  addReaction(ctx.world, channel, message, bot, name);
  return {};
}

function emojiName(ctx: Context): string {
  const name = str(ctx.args, 'name').replace(/^:|:$/g, '');
  return /^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name) ? name : refuse('invalid_name');
}

function reactionsRemove(ctx: Context): Json {
  if (!str(ctx.args, 'channel')) refuse('no_item_specified');
  const channel = memberOrHidden(ctx);
  const message = itemMessage(ctx, channel);
  const name = emojiName(ctx);
  const bot = ctx.world.app.botUserId;
  const mine = message.reactions.some((one) => one.name === name && one.users.includes(bot));
  if (!mine) refuse('no_reaction');
  removeReaction(ctx.world, channel, message, bot, name);
  return {};
}

function reactionsGet(ctx: Context): Json {
  if (!str(ctx.args, 'channel')) refuse('no_item_specified');
  const channel = memberOrHidden(ctx);
  const message = itemMessage(ctx, channel);
  const shown = {
    ...messageJson(ctx.world, channel, message),
    permalink: permalink(ctx.world, channel.id, message),
  };
  return { type: 'message', channel: channel.id, message: shown };
}

function bookmarkJson(channel: Channel, one: Bookmark, team: string): Json {
  return {
    id: one.id,
    channel_id: channel.id,
    title: one.title,
    link: one.link,
    emoji: one.emoji,
    icon_url: null,
    type: 'link',
    entity_id: null,
    date_created: one.created,
    date_updated: one.updated,
    rank: 'g',
    last_updated_by_user_id: one.by,
    last_updated_by_team_id: team,
    shortcut_id: null,
    app_id: null,
  };
}

function checkLink(link: string): string {
  const fine = link.length <= 2048 && /^https?:\/\/[^\s]+$/i.test(link);
  return fine ? link : refuse('invalid_link');
}

function bookmarksAdd(ctx: Context): Json {
  const { world, args } = ctx;
  const channel = bookmarkChannel(ctx);
  if (str(args, 'type') !== 'link') refuse('invalid_bookmark_type');
  const link = checkLink(str(args, 'link'));
  if (str(args, 'title').length > 256) refuse('invalid_arguments');
  if (channel.bookmarks.length >= BOOKMARKS_MAX) refuse('too_many_bookmarks');
  const one: Bookmark = {
    id: nextId(world, 'Bk'),
    title: str(args, 'title'),
    link,
    emoji: str(args, 'emoji'),
    created: seconds(world),
    updated: 0,
    by: world.app.botUserId,
  };
  channel.bookmarks.push(one);
  world.changed({ what: 'channel', channel: channel.id });
  return { bookmark: bookmarkJson(channel, one, world.team.id) };
}

function bookmarkChannel(ctx: Context): Channel {
  const channel = seenChannel(ctx, 'channel_id');
  return channel.members.includes(ctx.world.app.botUserId) ? channel : refuse('channel_not_found');
}

function bookmarkOf(ctx: Context, channel: Channel): Bookmark {
  const id = str(ctx.args, 'bookmark_id');
  return channel.bookmarks.find((one) => one.id === id) ?? refuse('not_found');
}

function bookmarksEdit(ctx: Context): Json {
  const channel = bookmarkChannel(ctx);
  const one = bookmarkOf(ctx, channel);
  if (ctx.args.link !== undefined) one.link = checkLink(str(ctx.args, 'link'));
  if (ctx.args.title !== undefined) one.title = str(ctx.args, 'title');
  if (ctx.args.emoji !== undefined) one.emoji = str(ctx.args, 'emoji');
  one.updated = seconds(ctx.world);
  ctx.world.changed({ what: 'channel', channel: channel.id });
  return { bookmark: bookmarkJson(channel, one, ctx.world.team.id) };
}

function bookmarksList(ctx: Context): Json {
  const channel = bookmarkChannel(ctx);
  return { bookmarks: channel.bookmarks.map((one) => bookmarkJson(channel, one, ctx.world.team.id)) };
}

function bookmarksRemove(ctx: Context): Json {
  const channel = bookmarkChannel(ctx);
  const one = bookmarkOf(ctx, channel);
  channel.bookmarks = channel.bookmarks.filter((other) => other !== one);
  ctx.world.changed({ what: 'channel', channel: channel.id });
  return {};
}

export const itemMethods: Readonly<Record<string, Handler>> = {
  'pins.add': pinsAdd,
  'pins.remove': pinsRemove,
  'pins.list': pinsList,
  'reactions.add': reactionsAdd,
  'reactions.remove': reactionsRemove,
  'reactions.get': reactionsGet,
  'bookmarks.add': bookmarksAdd,
  'bookmarks.edit': bookmarksEdit,
  'bookmarks.list': bookmarksList,
  'bookmarks.remove': bookmarksRemove,
};
