// Slash commands as they go to the app, and what its acknowledgement shows.
import { readContent } from './api/chat.js';
import { isObject } from './blockkit/rules.js';
import { deliver, type Wire } from './delivery.js';
import { Refusal } from './errors.js';
import { messageView } from './look.js';
import { outcomeOf } from './payloads.js';
import { postReply } from './response-url.js';
import { makeResponseUrl, makeTrigger } from './tickets.js';
import type { CommandOutcome, Json } from './types.js';
import { escapeCommand } from './typing.js';
import type { Channel, User, World } from './world.js';

export async function runCommand(
  wire: Wire,
  user: User,
  channel: Channel,
  typed: string,
): Promise<CommandOutcome> {
  const { world, tickets } = wire;
  const [command = '', ...rest] = typed.trim().split(/(?<=^\S+)\s+/);
  const trigger = makeTrigger(tickets, world, user.id);
  if (world.app.commands && !world.app.commands.includes(command)) {
    const none = { triggerId: trigger.id, latencyMs: 0, status: 0, channelPosts: [] };
    return { ok: false, error: 'unknown_command', ...none };
  }
  const where = { user: user.id, channel: channel.id, ephemeral: false };
  const names = { im: 'directmessage', group: 'privategroup', mpim: channel.name, channel: channel.name };
  const payload: Json = {
    token: world.tokens.verification,
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: names[channel.kind],
    user_id: user.id,
    user_name: user.name,
    command,
    text: escapeCommand(world, rest.join(' ')),
    api_app_id: world.app.id,
    is_enterprise_install: 'false',
    response_url: makeResponseUrl(tickets, world, 'commands', where),
    trigger_id: trigger.id,
  };
  const ack = await deliver(wire, { kind: 'command', name: command, payload });
  const said = ack.ok ? sayReply(world, where, ack.body) : {};
  return { ...outcomeOf(wire, ack, trigger), channelPosts: [], ...said };
}

/** Shows what a command's acknowledgement says; an invalid one shows nothing but an error. */
function sayReply(
  world: World,
  where: { user: string; channel: string },
  body: unknown,
): Partial<CommandOutcome> {
  const reply = typeof body === 'string' ? { text: body } : body;
  if (!isObject(reply) || Object.keys(reply).length === 0) return {};
  try {
    const content = readContent(reply, 'truncate');
    const posted = postReply(world, where, reply, content, 'ack');
    const channel = world.channels.get(where.channel);
    return {
      reply: {
        text: content.text,
        blocks: content.blocks ?? [],
        response_type: posted ? 'in_channel' : 'ephemeral',
      },
      channelPosts: posted && channel ? [messageView(world, channel, posted)] : [],
    };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code };
    throw error;
  }
}
