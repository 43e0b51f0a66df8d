// What interaction payloads have in common, and finding what a person acts on.
import { isObject } from './blockkit/rules.js';
import type { Ack, Wire } from './delivery.js';
import { holdsState, initialState } from './form-state.js';
import { viewJson } from './format.js';
import { openViewOf } from './look.js';
import type { Trigger } from './tickets.js';
import type { InteractionOutcome, Json } from './types.js';
import type { User, View, World } from './world.js';

export function common(wire: Wire, user: User): Json {
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

export function outcomeOf(wire: Wire, ack: Ack, trigger: Trigger): InteractionOutcome {
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

export interface Target {
  element: Json;
  blockId: string;
}

/** The element with this action_id, in whatever block of these it stands. */
export function findElement(blocks: Json[], actionId: string, blockId?: string): Target {
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

export function withState(world: World, view: View): Json {
  return { ...viewJson(world, view), state: { values: stateValues(view.blocks, view.typed) } };
}
