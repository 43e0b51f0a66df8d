// Between what a field on the page holds and what Slack's state says of it.

import { initialState } from '../../form-state.js';
import type { Json } from '../../page/contract.js';
import { isObject, objects, text } from './json.js';

export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a field holds for a state of Slack's; for none yet, what the app filled in. */
export function heldBy(element: Json, state?: unknown): unknown {
  const held = isObject(state) ? state : initialState(element);
  const raw = Object.entries(held).find(([key]) => key !== 'type')?.[1];
  if (String(element.type).includes('external')) return raw ?? null;
  if (isObject(raw) && raw.type === 'rich_text') return wordsOfRichText(raw);
  if (isObject(raw)) return raw.value ?? null;
  if (Array.isArray(raw)) return raw.map((one: unknown) => (isObject(one) ? (one.value ?? one) : one));
  return raw ?? null;
}

/** What the client sends for what a field holds. */
export function sentFor(element: Json, value: unknown): unknown {
  if (element.type !== 'rich_text_input') return value;
  const words = text(value);
  return words === '' ? null : richTextOf(words);
}

function richTextOf(words: string): Json {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text: words }] };
  return { type: 'rich_text', elements: [section] };
}

function wordsOfRichText(block: Json): string {
  return objects(block.elements)
    .map((part) =>
      objects(part.elements)
        .map(
          (leaf) =>
            text(leaf.text) ||
            objects(leaf.elements)
              .map((one) => text(one.text))
              .join(''),
        )
        .join(part.type === 'rich_text_list' ? '\n' : ''),
    )
    .join('\n');
}

/** When a text field tells the app before it is submitted. */
export function tellsOn(element: Json): { enter: boolean; typing: boolean } {
  const config = isObject(element.dispatch_action_config) ? element.dispatch_action_config : {};
  const on = Array.isArray(config.trigger_actions_on) ? config.trigger_actions_on : ['on_enter_pressed'];
  return { enter: on.includes('on_enter_pressed'), typing: on.includes('on_character_entered') };
}
