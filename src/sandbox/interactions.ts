// Clicks, option lookups and shortcuts as they go to the app.
import { isObject } from './blockkit/rules.js';
import { deliver, type Wire } from './delivery.js';
import { actionOf, holdsState, stateWith } from './form-state.js';
import { messageJson } from './format.js';
import { common, findElement, outcomeOf, stateValues, withState } from './payloads.js';
import { makeResponseUrl, makeTrigger } from './tickets.js';
import type { InteractionOutcome, Json } from './types.js';
import { type Channel, eventTs, findMessage, type Message, type User, type View } from './world.js';

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
