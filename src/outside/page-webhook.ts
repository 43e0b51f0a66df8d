// A page to a system that calls people: PagerDuty, Opsgenie, or anything that takes a signed request.
import type { EffectKind, Performed } from '../core/effect.js';
import { OutsideRefused } from '../core/outside.js';
import type { Outside } from './perform.js';

/** Rings there, or says that it is over. */
export async function pageByWebhook(
  _context: Outside,
  _effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  throw new OutsideRefused('webhook', 'not_built');
}
