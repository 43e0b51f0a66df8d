// users.* and usergroups.*: the people of the workspace.
import { refuse } from '../errors.js';
import { channelJson, userJson } from '../format.js';
import type { Json } from '../types.js';
import { groupId, seconds, type World } from '../world.js';
import { type Context, type Handler, knownUser, page, str, withCursor } from './context.js';
import { wantedKinds } from './conversations-read.js';

function usersInfo(ctx: Context): Json {
  return { user: userJson(ctx.world, knownUser(ctx)) };
}

function usersList(ctx: Context): Json {
  const all = [...ctx.world.users.values()];
  const { items, nextCursor } = page(ctx.args, all, 1000, 1000);
  const members = items.map((user) => userJson(ctx.world, user));
  return withCursor({ members, cache_ts: seconds(ctx.world) }, nextCursor);
}

function lookupByEmail({ world, args }: Context): Json {
  const email = str(args, 'email').toLowerCase();
  const found = [...world.users.values()].find((user) => user.email?.toLowerCase() === email);
  if (!found) return refuse('users_not_found');
  return { user: userJson(world, found) };
}

/** Without a user: the bot's own conversations. Of others only what the bot can see too. */
function usersConversations(ctx: Context): Json {
  const { world, args } = ctx;
  const who = str(args, 'user') || world.app.botUserId;
  const kinds = wantedKinds(args);
  const bot = world.app.botUserId;
  const all = [...world.channels.values()].filter(
    (one) =>
      kinds.includes(one.kind) &&
      one.members.includes(who) &&
      (one.kind === 'channel' || one.members.includes(bot)) &&
      !(args.exclude_archived === true && one.isArchived),
  );
  const { items, nextCursor } = page(args, all, 100, 999);
  return withCursor({ channels: items.map((one) => channelJson(world, one)) }, nextCursor);
}

function getPresence(ctx: Context): Json {
  if (ctx.args.user !== undefined) knownUser(ctx);
  return { presence: 'active' };
}

/** User groups need a paid plan; the sandbox is on one when groups were seeded. */
function groupsOf(world: World): NonNullable<World['usergroups']> {
  return world.usergroups ?? refuse('plan_upgrade_required');
}

function usergroupsList({ world, args }: Context): Json {
  const all = groupsOf(world);
  const groups = all.map((group, index) => ({
    id: groupId(all, index),
    team_id: world.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 0,
    date_update: 0,
    date_delete: 0,
    auto_type: null,
    created_by: '',
    updated_by: '',
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    ...(args.include_users === true ? { users: group.users } : {}),
    ...(args.include_count === true ? { user_count: group.users.length } : {}),
  }));
  return { usergroups: groups };
}

function usergroupsUsersList({ world, args }: Context): Json {
  const id = str(args, 'usergroup');
  const all = groupsOf(world);
  const found = all.find((_group, index) => groupId(all, index) === id);
  if (!found) return refuse('no_such_subteam');
  return { users: found.users };
}

export const userMethods: Readonly<Record<string, Handler>> = {
  'users.info': usersInfo,
  'users.list': usersList,
  'users.lookupByEmail': lookupByEmail,
  'users.conversations': usersConversations,
  'users.getPresence': getPresence,
  'usergroups.list': usergroupsList,
  'usergroups.users.list': usergroupsUsersList,
};
