// How the state looks on Slack's wire: messages, channels, users, views as JSON.
import { fileOf } from './format-files.js';
import type { Json } from './types.js';
import type { Channel, Message, User, View, World } from './world.js';

export function permalink(world: World, channel: string, message: { ts: string; threadTs?: string }): string {
  const base = `${world.team.url}archives/${channel}/p${message.ts.replace('.', '')}`;
  if (!message.threadTs || message.threadTs === message.ts) return base;
  return `${base}?thread_ts=${message.threadTs}&cid=${channel}`;
}

export function botProfile(world: World): Json {
  return {
    id: world.app.botId,
    app_id: world.app.id,
    user_id: world.app.botUserId,
    name: world.app.name,
    icons: {},
    deleted: false,
    updated: 0,
    team_id: world.team.id,
  };
}

function repliesOf(channel: Channel, ts: string): Message[] {
  return channel.messages.filter((one) => one.threadTs === ts && one.ts !== ts);
}

function threadFields(channel: Channel, message: Message): Json {
  if (message.threadTs && message.threadTs !== message.ts) {
    const parent = channel.messages.find((one) => one.ts === message.threadTs);
    return { thread_ts: message.threadTs, ...(parent ? { parent_user_id: parent.user } : {}) };
  }
  const replies = repliesOf(channel, message.ts);
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map((one) => one.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: last.ts,
    is_locked: false,
    subscribed: false,
  };
}

export function messageJson(world: World, channel: Channel, message: Message, withMetadata = false): Json {
  const pinned = channel.pins.some((pin) => pin.ts === message.ts);
  return {
    type: 'message',
    ...(message.subtype ? { subtype: message.subtype } : {}),
    user: message.user,
    ts: message.ts,
    ...(message.clientMsgId ? { client_msg_id: message.clientMsgId } : {}),
    ...(message.botId ? { bot_id: message.botId, app_id: world.app.id, bot_profile: botProfile(world) } : {}),
    ...(message.username ? { username: message.username } : {}),
    text: message.text,
    team: world.team.id,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0
      ? { files: message.files.map((id) => fileOf(world, id)), upload: false, display_as_bot: false }
      : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...threadFields(channel, message),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })) }
      : {}),
    ...(pinned ? { pinned_to: [channel.id] } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
    ...message.extra,
  };
}

export function channelJson(world: World, channel: Channel, withMembers = false): Json {
  if (channel.kind === 'im') {
    return {
      id: channel.id,
      created: channel.created,
      is_im: true,
      is_org_shared: false,
      is_archived: false,
      context_team_id: world.team.id,
      updated: channel.updated,
      user: channel.members.find((id) => id !== world.app.botUserId) ?? '',
      is_user_deleted: false,
      priority: 0,
      ...(withMembers ? { num_members: channel.members.length } : {}),
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'group',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    created: channel.created,
    is_archived: channel.isArchived,
    is_general: channel.isGeneral,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: false,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: world.team.id,
    updated: channel.updated,
    parent_conversation: null,
    creator: channel.creator,
    is_ext_shared: false,
    shared_team_ids: [world.team.id],
    pending_connected_team_ids: [],
    is_member: channel.members.includes(world.app.botUserId),
    topic: channel.topic,
    purpose: channel.purpose,
    properties: {},
    previous_names: channel.previousNames,
    priority: 0,
    ...(withMembers ? { num_members: channel.members.length } : {}),
  };
}

/** The zone's offset now, as users.info gives it. */
function offsetOf(tz: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(
    at,
  );
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (!match) return 0;
  const size = Number(match[2]) * 3600 + Number(match[3]) * 60;
  return match[1] === '-' ? -size : size;
}

export function userJson(world: World, user: User): Json {
  const seesEmail = world.app.scopes.has('users:read.email');
  return {
    id: user.id,
    team_id: world.team.id,
    name: user.name,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetOf(user.tz, world.now()),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.isBot ? '' : user.name,
      display_name_normalized: user.isBot ? '' : user.name,
      status_text: '',
      status_emoji: '',
      ...(user.email && seesEmail ? { email: user.email } : {}),
      ...(user.isBot ? { api_app_id: world.app.id, bot_id: world.app.botId } : {}),
      team: world.team.id,
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: user.updated,
  };
}

export function viewJson(world: World, view: View): Json {
  const source = view.source;
  const text = (key: string): Json => (source[key] ? { [key]: source[key] } : { [key]: null });
  return {
    id: view.id,
    team_id: world.team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: source.private_metadata ?? '',
    callback_id: source.callback_id ?? '',
    state: { values: view.typed },
    hash: view.hash,
    ...(view.type === 'modal' ? { ...text('title'), ...text('close'), ...text('submit') } : {}),
    clear_on_close: source.clear_on_close === true,
    notify_on_close: source.notify_on_close === true,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    app_id: world.app.id,
    external_id: view.externalId,
    app_installed_team_id: world.team.id,
    bot_id: world.app.botId,
  };
}
