// A page as a direct message, with a button that says "I have it"; and what it says when it is over.
import type { EffectKind, Performed } from '../core/effect.js';
import type { Performing } from './perform.js';

/** Rings in Slack, or edits what rang when it is over. */
export async function pageInSlack(
  _context: Performing,
  _effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  return [];
}
