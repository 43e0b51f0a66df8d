// Modals as a person fills them in, submits and closes them, and what the app's answer does.
import { closeAll, pushView, readView, replaceView, stackOf, viewChanged } from './api/views.js';
import { isObject } from './blockkit/rules.js';
import { deliver, type Wire } from './delivery.js';
import { Refusal } from './errors.js';
import { clientError, stateWith } from './form-state.js';
import { openViewOf } from './look.js';
import { common, findElement, stateValues, withState } from './payloads.js';
import { makeResponseUrl, makeTrigger } from './tickets.js';
import type { Json, SubmitOutcome } from './types.js';
import type { User, View } from './world.js';

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
        viewChanged(world, view);
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
    viewChanged(world, top);
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
