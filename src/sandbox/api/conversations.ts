// conversations.*: creating, naming, joining, inviting, archiving.
import { tell } from '../acts.js';
import { addMember, removeMember, renameChannel, setArchived, setHeadline } from '../channel-acts.js';
import { Refusal, refuse } from '../errors.js';
import { channelJson } from '../format.js';
import type { Json } from '../types.js';
import { type Channel, directMessage, newChannel, type World } from '../world.js';
import { type Context, type Handler, joinedChannel, knownUser, seenChannel, str } from './context.js';

const NAME_MAX = 80;
const HEADLINE_MAX = 250;
const INVITE_MAX = 100;

function checkName(world: World, name: string, except?: Channel): void {
  const detail = (text: string): Json => ({ detail: text });
  if (name.trim() === '') refuse('invalid_name_required', detail('Value passed for `name` was empty.'));
  if (name.length > NAME_MAX) {
    refuse('invalid_name_maxlength', detail('Value passed for `name` exceeded max length.'));
  }
  if (!/[\p{L}\p{N}]/u.test(name)) {
    refuse('invalid_name_punctuation', detail('Value passed for `name` contained only punctuation.'));
  }
  if (/\p{Lu}/u.test(name) || !/^[\p{Ll}\p{Lo}\p{Lm}\p{N}_-]+$/u.test(name)) {
    refuse(
      'invalid_name_specials',
      detail('Value passed for `name` contained unallowed special characters or upper case characters.'),
    );
  }
  // An archived channel keeps its name.
  const taken = [...world.channels.values()].some((one) => one.name === name && one !== except);
  if (taken) refuse('name_taken');
}

function notDirect(channel: Channel): Channel {
  if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
  return channel;
}

function create({ world, args }: Context): Json {
  const name = str(args, 'name');
  checkName(world, name);
  const bot = world.app.botUserId;
  const kind = args.is_private === true ? 'group' : 'channel';
  const channel = newChannel(world, { name, kind, creator: bot, members: [] });
  if (kind === 'channel') {
    const { id, created } = channel;
    tell(world, 'channel_created', { channel: { id, name, created, creator: bot } });
  }
  addMember(world, channel, bot);
  return { channel: channelJson(world, channel) };
}

function rename(ctx: Context): Json {
  const channel = notDirect(joinedChannel(ctx));
  if (channel.isArchived) refuse('is_archived');
  // A bot may rename only what it made.
  if (channel.creator !== ctx.world.app.botUserId) refuse('not_authorized');
  const name = str(ctx.args, 'name');
  checkName(ctx.world, name, channel);
  renameChannel(ctx.world, channel, ctx.world.app.botUserId, name);
  return { channel: channelJson(ctx.world, channel) };
}

function headline(which: 'topic' | 'purpose'): Handler {
  return (ctx) => {
    const channel = joinedChannel(ctx);
    if (channel.isArchived) refuse('is_archived');
    const value = str(ctx.args, which);
    if (value.length > HEADLINE_MAX) refuse('too_long');
    setHeadline(ctx.world, channel, ctx.world.app.botUserId, which, value);
    return { channel: channelJson(ctx.world, channel), [which]: value };
  };
}

function join(ctx: Context): Json {
  const channel = seenChannel(ctx);
  if (channel.kind !== 'channel') refuse('method_not_supported_for_channel_type');
  if (channel.isArchived) refuse('is_archived');
  const bot = ctx.world.app.botUserId;
  if (channel.members.includes(bot)) {
    return {
      channel: channelJson(ctx.world, channel),
      warning: 'already_in_channel',
      response_metadata: { warnings: ['already_in_channel'] },
    };
  }
  addMember(ctx.world, channel, bot);
  return { channel: channelJson(ctx.world, channel) };
}

function leave(ctx: Context): Json {
  const channel = notDirect(seenChannel(ctx));
  if (channel.isArchived) refuse('is_archived');
  if (channel.isGeneral) refuse('cant_leave_general');
  const bot = ctx.world.app.botUserId;
  if (!channel.members.includes(bot)) return { not_in_channel: true };
  if (channel.kind === 'group' && channel.members.length === 1) refuse('last_member');
  removeMember(ctx.world, channel, bot);
  return {};
}

/** What stands in the way of inviting one person, or null. */
function inviteError(ctx: Context, channel: Channel, id: string): string | null {
  if (id === ctx.world.app.botUserId) return 'cant_invite_self';
  const user = ctx.world.users.get(id);
  if (!user || user.deleted) return 'user_not_found';
  return channel.members.includes(id) ? 'already_in_channel' : null;
}

function invite(ctx: Context): Json {
  const channel = notDirect(joinedChannel(ctx));
  if (channel.isArchived) refuse('is_archived');
  const ids = str(ctx.args, 'users')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  if (ids.length === 0) refuse('no_user');
  if (ids.length > INVITE_MAX) refuse('invalid_arguments', { detail: `no more than ${INVITE_MAX} users` });
  const errors = ids.flatMap((user) => {
    const error = inviteError(ctx, channel, user);
    return error ? [{ user, ok: false, error }] : [];
  });
  const good = ids.filter((id) => !errors.some((one) => one.user === id));
  const first = errors[0];
  if (first && (ctx.args.force !== true || good.length === 0)) throw new Refusal(first.error, { errors });
  for (const id of new Set(good)) addMember(ctx.world, channel, id, ctx.world.app.botUserId);
  return { channel: channelJson(ctx.world, channel), ...(first ? { errors } : {}) };
}

function kick(ctx: Context): Json {
  const channel = notDirect(joinedChannel(ctx));
  const user = knownUser(ctx);
  if (user.id === ctx.world.app.botUserId) refuse('cant_kick_self');
  if (channel.isGeneral) refuse('cant_kick_from_general');
  if (!channel.members.includes(user.id)) refuse('not_in_channel');
  removeMember(ctx.world, channel, user.id);
  return {};
}

function archive(ctx: Context): Json {
  const channel = notDirect(seenChannel(ctx));
  if (channel.isArchived) refuse('already_archived');
  if (channel.isGeneral) refuse('cant_archive_general');
  if (!channel.members.includes(ctx.world.app.botUserId)) refuse('not_in_channel');
  setArchived(ctx.world, channel, ctx.world.app.botUserId, true);
  return {};
}

function unarchive(ctx: Context): Json {
  const channel = notDirect(seenChannel(ctx));
  if (!channel.isArchived) refuse('not_archived');
  // Slack asks for membership here without listing an error of its own for it.
  if (!channel.members.includes(ctx.world.app.botUserId)) refuse('channel_not_found');
  setArchived(ctx.world, channel, ctx.world.app.botUserId, false);
  return {};
}

function open(ctx: Context): Json {
  const { world, args } = ctx;
  if (str(args, 'channel')) {
    const channel = seenChannel(ctx);
    return { no_op: true, already_open: true, channel: show(world, channel, args) };
  }
  const ids = [...new Set(str(args, 'users').split(',').filter(Boolean))];
  if (ids.length === 0) refuse('users_list_not_supplied');
  if (ids.length > 8) refuse('too_many_users');
  for (const id of ids) if (!world.users.has(id)) refuse('user_not_found');
  if (ids.some((id) => world.users.get(id)?.deleted)) refuse('user_disabled');
  if (ids.length === 1 && ids[0] === world.app.botUserId) refuse('not_enough_users');
  const before = world.channels.size;
  const channel = directMessage(world, ids);
  const known = world.channels.size === before;
  return {
    ...(known ? { no_op: true, already_open: true } : {}),
    channel: show(world, channel, args),
  };
}

function show(world: World, channel: Channel, args: Json): Json {
  return args.return_im === true ? channelJson(world, channel) : { id: channel.id };
}

export const conversationMethods: Readonly<Record<string, Handler>> = {
  'conversations.create': create,
  'conversations.rename': rename,
  'conversations.setTopic': headline('topic'),
  'conversations.setPurpose': headline('purpose'),
  'conversations.join': join,
  'conversations.leave': leave,
  'conversations.invite': invite,
  'conversations.kick': kick,
  'conversations.archive': archive,
  'conversations.unarchive': unarchive,
  'conversations.open': open,
};
