// A page by letter.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused } from '../core/outside.js';
import type { Outside } from './perform.js';

/** Rings by letter, once for each attempt; there is no letter that it is over. */
export async function pageByMail(
  _context: Outside,
  _effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  throw new OutsideRefused('smtp', 'not_built');
}
