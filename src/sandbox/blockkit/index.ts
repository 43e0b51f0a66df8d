// Block Kit as the Web API checks it: messages and views, and the ids Slack fills in.
import { randomBytes } from 'node:crypto';
import type { Json } from '../types.js';
import { blocksRule } from './blocks.js';
import { plain } from './objects.js';
import { complain, flag, isObject, newCheck, object, oneOf, text } from './rules.js';

/** What is wrong with a message's blocks; empty when nothing is. */
export function checkBlocks(blocks: unknown, at = '/blocks'): string[] {
  const check = newCheck('message');
  blocksRule('message')(blocks, at, check);
  return check.messages;
}

const viewFields = {
  private_metadata: text(0, 3000),
  callback_id: text(0, 255),
  external_id: text(0, 255),
  clear_on_close: flag,
  notify_on_close: flag,
};

/** What is wrong with a view; empty when nothing is. */
export function checkView(view: unknown, only?: 'modal' | 'home'): string[] {
  if (!isObject(view)) return ['must provide an object [json-pointer:/view]'];
  const kind = view.type === 'home' ? 'home' : 'modal';
  const check = newCheck(kind);
  const allowed = only ? [only] : ['modal', 'home'];
  const base = { type: oneOf(...allowed), blocks: blocksRule(kind) };
  if (kind === 'home') {
    object({ required: base, optional: viewFields })(view, '/view', check);
    return check.messages;
  }
  object({
    required: { ...base, title: plain(24) },
    optional: { ...viewFields, submit: plain(24), close: plain(24), submit_disabled: flag },
  })(view, '/view', check);
  const blocks: unknown[] = Array.isArray(view.blocks) ? view.blocks : [];
  const hasInput = blocks.some((one) => isObject(one) && one.type === 'input');
  if (hasInput && !view.submit) complain(check, 'missing required field: submit', '/view');
  return check.messages;
}

function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}

/** Slack gives blocks and elements without an id one of its own. */
export function withIds(blocks: Json[]): Json[] {
  return blocks.map((block) => {
    const copy: Json = { ...structuredClone(block), block_id: block.block_id ?? shortId() };
    const inner = [
      copy.accessory,
      copy.element,
      ...(copy.type === 'actions' && Array.isArray(copy.elements) ? copy.elements : []),
    ];
    for (const one of inner) {
      if (isObject(one) && one.type !== 'image' && !one.action_id) one.action_id = shortId();
    }
    return copy;
  });
}
