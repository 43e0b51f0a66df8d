// auth, api, team, bots, emoji, dnd and apps.connections: who and where the app is.
import { refuse } from '../errors.js';
import type { Json } from '../types.js';
import { seconds } from '../world.js';
import { type Context, type Handler, knownUser, str } from './context.js';

function authTest({ world }: Context): Json {
  return {
    url: world.team.url,
    team: world.team.name,
    user: world.users.get(world.app.botUserId)?.name ?? '',
    team_id: world.team.id,
    user_id: world.app.botUserId,
    bot_id: world.app.botId,
    is_enterprise_install: false,
  };
}

function apiTest({ args }: Context): Json {
  const error = str(args, 'error');
  if (error) refuse(error, { args });
  return Object.keys(args).length > 0 ? { args } : {};
}

function teamInfo({ world, args }: Context): Json {
  const asked = str(args, 'team');
  if (asked && asked !== world.team.id) refuse('team_not_found');
  const { id, name, domain, url } = world.team;
  return { team: { id, name, domain, url, email_domain: '', icon: { image_default: true } } };
}

function botsInfo({ world, args }: Context): Json {
  const asked = str(args, 'bot');
  if (asked && asked !== world.app.botId) refuse('bot_not_found');
  const { botId, id, botUserId, name } = world.app;
  return {
    bot: { id: botId, deleted: false, name, updated: 0, app_id: id, user_id: botUserId, icons: {} },
  };
}

function emojiList(): Json {
  return { emoji: {}, cache_ts: '0' };
}

function dndInfo(ctx: Context): Json {
  if (ctx.args.user !== undefined) knownUser(ctx);
  const now = seconds(ctx.world);
  return { dnd_enabled: false, next_dnd_start_ts: now, next_dnd_end_ts: now, snooze_enabled: false };
}

function connectionsOpen(ctx: Context): Json {
  return { url: ctx.socketUrl() };
}

export const authMethods: Readonly<Record<string, Handler>> = {
  'auth.test': authTest,
  'api.test': apiTest,
  'team.info': teamInfo,
  'bots.info': botsInfo,
  'emoji.list': emojiList,
  'dnd.info': dndInfo,
  'apps.connections.open': connectionsOpen,
};
