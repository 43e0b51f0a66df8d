// Groups of people, as Slack has them.
import type { EffectKind, Performed } from '../core/effect.js';
import type { Performing } from './perform.js';

/** Reads who is in a group, and answers with the fact that says so. */
export async function readGroup(
  _context: Performing,
  _effect: Extract<EffectKind, { do: 'readGroup' }>,
): Promise<Performed> {
  return [];
}
