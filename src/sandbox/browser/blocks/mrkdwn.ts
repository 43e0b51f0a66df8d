// Slack's mrkdwn as the page reads it, with the emoji that it can draw.
import { readInline as inline, type Reader, readMrkdwn as whole } from '../../mrkdwn.js';
import type { Json } from '../../page/contract.js';
import { emojiOf } from './emoji.js';

export { unescaped } from '../../mrkdwn.js';

const page: Reader = { isEmoji: (name) => emojiOf(name) !== undefined, linksBare: true };

/** The parts that a rich_text block would have for this mrkdwn. */
export function readMrkdwn(text: string): Json[] {
  return whole(text, page);
}

/** Marks, entities, emoji and addresses within lines. */
export function readInline(text: string): Json[] {
  return inline(text, page);
}
