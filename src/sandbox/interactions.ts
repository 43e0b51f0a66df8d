// Commands, clicks, shortcuts and modal submissions as they go to the app, and what its answer does.
import { readContent } from './api/chat.js';
import { closeAll, pushView, readView, replaceView, stackOf } from './api/views.js';
import { isObject } from './blockkit/rules.js';
import { type Ack, deliver, type Wire } from './delivery.js';
import { Refusal } from './errors.js';
import { actionOf, clientError, holdsState, initialState, stateWith } from './form-state.js';
import { messageJson, viewJson } from './format.js';
import { messageView, openViewOf } from './look.js';
import { postReply } from './response-url.js';
import { makeResponseUrl, makeTrigger, type Trigger } from './tickets.js';
import type { CommandOutcome, InteractionOutcome, Json, SubmitOutcome } from './types.js';
import { escapeCommand } from './typing.js';
import {
  type Channel,
  eventTs,
  findMessage,
  type Message,
  type User,
  type View,
  type World,
} from './world.js';

function common(wire: Wire, user: User): Json {
  const { world } = wire;
  return {
    team: { id: world.team.id, domain: world.team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: world.team.id },
    api_app_id: world.app.id,
    token: world.tokens.verification,
    enterprise: null,
    is_enterprise_install: false,
  };
}

function outcomeOf(wire: Wire, ack: Ack, trigger: Trigger): InteractionOutcome {
  const opened = trigger.openedView ? wire.world.views.get(trigger.openedView) : undefined;
  return {
    ok: ack.ok,
    ...(ack.error ? { error: ack.error } : {}),
    triggerId: trigger.id,
    latencyMs: ack.latencyMs,
    status: ack.status,
    ...(opened?.open ? { view: openViewOf(wire.world, opened) } : {}),
  };
}

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

interface Target {
  element: Json;
  blockId: string;
}

/** The element with this action_id, in whatever block of these it stands. */
function findElement(blocks: Json[], actionId: string, blockId?: string): Target {
  for (const block of blocks) {
    if (blockId !== undefined && block.block_id !== blockId) continue;
    const inner = [block.accessory, block.element, ...(Array.isArray(block.elements) ? block.elements : [])];
    for (const element of inner) {
      if (isObject(element) && element.action_id === actionId) {
        return { element, blockId: String(block.block_id) };
      }
    }
  }
  throw new Error(`sandbox: nothing to click with action_id ${actionId}`);
}

/** state.values of every element that holds one, over what was typed so far. */
export function stateValues(blocks: Json[], typed: View['typed']): Record<string, Record<string, Json>> {
  const values: Record<string, Record<string, Json>> = {};
  for (const block of blocks) {
    const blockId = String(block.block_id);
    const inner = [
      block.accessory,
      block.element,
      ...(block.type === 'actions' ? (block.elements as Json[]) : []),
    ];
    for (const element of inner) {
      if (!holdsState(element)) continue;
      const actionId = String(element.action_id);
      values[blockId] = {
        ...values[blockId],
        [actionId]: typed[blockId]?.[actionId] ?? initialState(element),
      };
    }
  }
  return values;
}

export interface Click {
  actionId: string;
  value?: unknown;
  blockId?: string;
}

export async function clickMessage(
  wire: Wire,
  user: User,
  channel: Channel,
  ts: string,
  click: Click,
): Promise<InteractionOutcome> {
  const { world, tickets } = wire;
  const message = findMessage(channel, ts);
  const shown = world.ephemerals.find((one) => one.ts === ts && one.user === user.id);
  if (!message && !shown) throw new Error(`sandbox: ${user.name} sees no message ${ts} in ${channel.name}`);
  const attached = (message?.attachments ?? shown?.attachments ?? []).flatMap((one) =>
    Array.isArray(one.blocks) ? (one.blocks as Json[]) : [],
  );
  const blocks = [...(message?.blocks ?? shown?.blocks ?? []), ...attached];
  const { element, blockId } = findElement(blocks, click.actionId, click.blockId);
  const trigger = makeTrigger(tickets, world, user.id);
  const threadTs = message?.threadTs ?? shown?.threadTs;
  const ephemeral = message === undefined;
  const where = { user: user.id, channel: channel.id, messageTs: ts, ephemeral };
  const payload: Json = {
    type: 'block_actions',
    ...common(wire, user),
    container: {
      type: 'message',
      message_ts: ts,
      ...(threadTs ? { thread_ts: threadTs } : {}),
      channel_id: channel.id,
      is_ephemeral: ephemeral,
    },
    trigger_id: trigger.id,
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    // An ephemeral message is not sent along.
    ...(message ? { message: messageJson(world, channel, message) } : {}),
    state: { values: stateValues(blocks, {}) },
    response_url: makeResponseUrl(tickets, world, 'actions', {
      ...where,
      ...(threadTs ? { threadTs } : {}),
    }),
    actions: [actionOf(element, blockId, click.value, eventTs(world))],
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'block_actions', payload });
  return outcomeOf(wire, ack, trigger);
}

export async function clickView(
  wire: Wire,
  user: User,
  view: View,
  click: Click,
): Promise<InteractionOutcome> {
  const { world, tickets } = wire;
  const { element, blockId } = findElement(view.blocks, click.actionId, click.blockId);
  if (holdsState(element)) {
    view.typed[blockId] = { ...view.typed[blockId], [click.actionId]: stateWith(element, click.value) };
  }
  const trigger = makeTrigger(tickets, world, user.id, view.id);
  const block = view.blocks.find((one) => one.block_id === blockId);
  if (block?.type === 'input' && block.dispatch_action !== true) {
    // An input block tells the app nothing before it is submitted.
    return { ok: true, triggerId: trigger.id, latencyMs: 0, status: 0 };
  }
  const payload: Json = {
    type: 'block_actions',
    ...common(wire, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: trigger.id,
    view: withState(world, view),
    actions: [actionOf(element, blockId, click.value, eventTs(world))],
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'block_actions', payload });
  return outcomeOf(wire, ack, trigger);
}

function withState(world: World, view: View): Json {
  return { ...viewJson(world, view), state: { values: stateValues(view.blocks, view.typed) } };
}

export async function askOptions(wire: Wire, user: User, view: View, click: Click): Promise<Json[]> {
  const { blockId } = findElement(view.blocks, click.actionId, click.blockId);
  const payload: Json = {
    type: 'block_suggestion',
    ...common(wire, user),
    container: { type: 'view', view_id: view.id },
    view: withState(wire.world, view),
    action_id: click.actionId,
    block_id: blockId,
    value: String(click.value ?? ''),
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'block_suggestion', payload });
  const body = isObject(ack.body) ? ack.body : {};
  if (Array.isArray(body.options)) return body.options as Json[];
  const groups = Array.isArray(body.option_groups) ? (body.option_groups as Json[]) : [];
  return groups.flatMap((group) => (Array.isArray(group.options) ? (group.options as Json[]) : []));
}

export async function globalShortcut(
  wire: Wire,
  user: User,
  callbackId: string,
): Promise<InteractionOutcome> {
  const trigger = makeTrigger(wire.tickets, wire.world, user.id);
  const payload: Json = {
    type: 'shortcut',
    ...common(wire, user),
    action_ts: eventTs(wire.world),
    callback_id: callbackId,
    trigger_id: trigger.id,
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'shortcut', payload });
  return outcomeOf(wire, ack, trigger);
}

export async function messageShortcut(
  wire: Wire,
  user: User,
  callbackId: string,
  channel: Channel,
  message: Message,
): Promise<InteractionOutcome> {
  const { world, tickets } = wire;
  const trigger = makeTrigger(tickets, world, user.id);
  const where = { user: user.id, channel: channel.id, messageTs: message.ts, ephemeral: false };
  const payload: Json = {
    type: 'message_action',
    ...common(wire, user),
    action_ts: eventTs(world),
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    callback_id: callbackId,
    trigger_id: trigger.id,
    message_ts: message.ts,
    message: messageJson(world, channel, message),
    response_url: makeResponseUrl(tickets, world, 'app', where),
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'message_action', payload });
  return outcomeOf(wire, ack, trigger);
}

export async function submitView(
  wire: Wire,
  user: User,
  view: View,
  values: Record<string, unknown>,
): Promise<SubmitOutcome> {
  typeInto(view, values);
  const state = stateValues(view.blocks, view.typed);
  const refused = clientErrors(view, state);
  if (Object.keys(refused).length > 0) {
    return { ok: false, closed: false, errors: refused, refusedByClient: true, latencyMs: 0 };
  }
  const trigger = makeTrigger(wire.tickets, wire.world, user.id, view.id);
  const payload: Json = {
    type: 'view_submission',
    ...common(wire, user),
    trigger_id: trigger.id,
    view: withState(wire.world, view),
    response_urls: responseUrls(wire, user, view, state),
  };
  const ack = await deliver(wire, { kind: 'interaction', name: 'view_submission', payload });
  if (!ack.ok) {
    return { ok: false, closed: false, error: ack.error ?? 'dispatch_failed', latencyMs: ack.latencyMs };
  }
  return { ...respond(wire, user, view, ack.body), latencyMs: ack.latencyMs };
}

/** Values by block_id or action_id; a name that is nowhere in the view is the caller's mistake. */
function typeInto(view: View, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    const block = view.blocks.find(
      (one) => one.block_id === name || (isObject(one.element) && one.element.action_id === name),
    );
    const target = isObject(block?.element)
      ? { element: block.element, blockId: String(block.block_id) }
      : findElement(view.blocks, name);
    const { element, blockId } = target;
    view.typed[blockId] = { ...view.typed[blockId], [String(element.action_id)]: stateWith(element, value) };
  }
}

function clientErrors(view: View, state: Record<string, Record<string, Json>>): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const blockId = String(block.block_id);
    const value = state[blockId]?.[String(block.element.action_id)];
    const error = value && clientError(block, value);
    if (error) errors[blockId] = error;
  }
  return errors;
}

function responseUrls(
  wire: Wire,
  user: User,
  view: View,
  state: Record<string, Record<string, Json>>,
): Json[] {
  return view.blocks.flatMap((block) => {
    const { element } = block;
    if (block.type !== 'input' || !isObject(element) || element.response_url_enabled !== true) return [];
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const value = state[blockId]?.[actionId];
    const channel = value?.selected_conversation ?? value?.selected_channel;
    if (typeof channel !== 'string') return [];
    const where = { user: user.id, channel, ephemeral: false };
    const url = makeResponseUrl(wire.tickets, wire.world, 'app', where);
    return [{ block_id: blockId, action_id: actionId, channel_id: channel, response_url: url }];
  });
}

/** What the acknowledgement does to the modal; an empty one closes the submitted view only. */
function respond(wire: Wire, user: User, view: View, body: unknown): Omit<SubmitOutcome, 'latencyMs'> {
  const { world } = wire;
  const action = isObject(body) ? body : {};
  try {
    switch (action.response_action) {
      case undefined: {
        view.open = false;
        const stack = stackOf(world, user.id);
        world.stacks.set(
          user.id,
          stack.filter((one) => one !== view),
        );
        return { ok: true, closed: true };
      }
      case 'clear':
        closeAll(world, user.id);
        return { ok: true, closed: true };
      case 'errors':
        return showErrors(view, action.errors);
      case 'update':
        replaceView(world, view, readView(world, action.view, 'modal', view));
        return { ok: true, closed: false, view: openViewOf(world, view) };
      case 'push': {
        const pushed = pushView(world, user.id, readView(world, action.view, 'modal'));
        return { ok: true, closed: false, view: openViewOf(world, pushed) };
      }
      default:
        return { ok: false, closed: false, error: 'invalid_response_action' };
    }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, closed: false, error: error.code };
    throw error;
  }
}

/** Errors must name input blocks of the view, otherwise the client shows only that something went wrong. */
function showErrors(view: View, given: unknown): Omit<SubmitOutcome, 'latencyMs'> {
  if (!isObject(given) || Object.keys(given).length === 0) {
    return { ok: false, closed: false, error: 'invalid_response_action' };
  }
  const inputs = view.blocks.filter((one) => one.type === 'input').map((one) => String(one.block_id));
  const stray = Object.keys(given).some((id) => !inputs.includes(id));
  if (stray) return { ok: false, closed: false, error: 'invalid_response_action' };
  const errors = Object.fromEntries(Object.entries(given).map(([id, text]) => [id, String(text)]));
  return { ok: true, closed: false, errors };
}

export async function closeView(wire: Wire, user: User, all: boolean): Promise<void> {
  const { world } = wire;
  const stack = stackOf(world, user.id);
  const top = stack.at(-1);
  if (!top) return;
  const told = all ? stack[0] : top;
  if (all) closeAll(world, user.id);
  else {
    top.open = false;
    stack.pop();
  }
  if (told?.source.notify_on_close !== true) return;
  const payload: Json = {
    type: 'view_closed',
    ...common(wire, user),
    view: withState(world, told),
    is_cleared: all,
  };
  await deliver(wire, { kind: 'interaction', name: 'view_closed', payload });
}
