// When a freeze is on, in words for everybody: UTC is named, and the zone of a rule. Pure.
import { phraseOf } from './phrase.js';
import type { Schedule } from './schedule.js';
import { never } from './words.js';

/** `2026-03-10 13:00 UTC`. */
export function showUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** “until 2026-03-10 13:00 UTC”, “from … until …”, “every weekday 18:00 to 08:00 (Europe/Berlin)”. */
export function whenWords(schedule: Schedule, startsAt: Date, overAt: Date, now: Date): string {
  if (schedule.type === 'recurring') return phraseOf(schedule);
  const begins = startsAt > now ? `from ${showUtc(startsAt)} ` : '';
  return `${begins}${overAt >= never ? 'without an end' : `until ${showUtc(overAt)}`}`;
}
