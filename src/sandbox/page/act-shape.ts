// What a person may do on the page, checked where it comes in.
import { z } from 'zod';
import type { Act } from './contract.js';

const WORDS_MAX = 40_000;

const id = z.string().min(1).max(200);
const words = z.string().max(WORDS_MAX, { error: `must have ${WORDS_MAX} characters at most` });
const at = { channel: id, ts: id };

const shape = z.discriminatedUnion('do', [
  z.object({ do: z.literal('command'), channel: id, text: words }),
  z.object({ do: z.literal('say'), channel: id, text: words, threadTs: id.optional() }),
  z.object({ do: z.literal('edit'), ...at, text: words }),
  z.object({ do: z.enum(['remove', 'pin', 'unpin', 'read']), ...at }),
  z.object({ do: z.enum(['react', 'unreact']), ...at, name: z.string().regex(/^[\p{L}\p{N}_+'-]{1,100}$/u) }),
  z.object({ do: z.enum(['join', 'leave']), channel: id }),
  z.object({ do: z.literal('invite'), channel: id, who: id }),
  z.object({ do: z.literal('openDm'), who: id }),
  z.object({
    do: z.literal('upload'),
    channel: id,
    name: z.string().min(1).max(255),
    base64: z.base64({ error: 'must be base64' }),
    threadTs: id.optional(),
  }),
  z.object({ do: z.literal('click'), ...at, actionId: id, blockId: id, value: z.unknown().optional() }),
  z.object({
    do: z.literal('clickInView'),
    viewId: id,
    actionId: id,
    blockId: id,
    value: z.unknown().optional(),
  }),
  z.object({ do: z.literal('suggest'), viewId: id, actionId: id, blockId: id.optional(), typed: words }),
  z.object({ do: z.literal('shortcut'), callbackId: id }),
  z.object({ do: z.literal('messageShortcut'), callbackId: id, ...at }),
  z.object({ do: z.literal('submit'), viewId: id, values: z.record(z.string(), z.unknown()) }),
  z.object({ do: z.literal('closeView'), all: z.boolean() }),
  z.object({ do: z.literal('openHome') }),
]);

/** An act as it came, or what is wrong with it. */
export function readAct(given: unknown): { act: Act } | { wrong: string } {
  const parsed = shape.safeParse(given);
  if (parsed.success) return { act: parsed.data };
  const issue = parsed.error.issues[0];
  const where = ['act', ...(issue?.path ?? [])].join('.');
  return { wrong: `${where}: ${issue?.message ?? 'is wrong'}` };
}
