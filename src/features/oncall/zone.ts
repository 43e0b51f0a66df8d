// Zones as people name them.
import { canonicalZone } from '../../core/time/zones.js';

/** The one spelling of a zone's name, or null where there is no such zone. */
export function zoneNamed(word: string): string | null {
  return canonicalZone(word.trim());
}
