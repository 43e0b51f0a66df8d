// What the sections of a draft are written from, worked out once.
import { type Duration, measureDurations, type WallClock, wallClock } from './durations.js';
import { orderEntries } from './entries.js';
import type { IncidentRecord, TimelineEntry } from './record.js';

export interface Material {
  record: IncidentRecord;
  clock: WallClock;
  durations: Duration[];
  /** The entries that a reader of the timeline sees, in order. */
  entries: TimelineEntry[];
  /** The rest, in order: who was let in, who left. */
  housekeeping: TimelineEntry[];
}

export function gather(record: IncidentRecord): Material {
  const ordered = orderEntries(record.timeline);
  return {
    record,
    clock: wallClock(record.zone),
    durations: measureDurations(record),
    entries: ordered.filter((entry) => !isHousekeeping(entry)),
    housekeeping: ordered.filter(isHousekeeping),
  };
}

// A notice that was given up is the system's too, but says that it matters.
function isHousekeeping(entry: TimelineEntry): boolean {
  return entry.kind === 'system' && entry.matters !== true;
}
