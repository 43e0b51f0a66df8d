// Reads the calendar of a schedule: who is on call when.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused } from '../core/outside.js';
import type { Outside } from './perform.js';

/** Reads a feed, and answers with the shifts that it says. */
export async function readFeed(
  _context: Outside,
  _effect: Extract<EffectKind, { do: 'readFeed' }>,
): Promise<Performed> {
  throw new OutsideRefused('calendar', 'not_built');
}
