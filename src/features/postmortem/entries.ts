// Entries of the timeline: their order, what points at what, and one entry as a line.
import { link, type Span, said, strong, words } from './document.js';
import { type Face, millis, showOnFace, type WallClock } from './durations.js';
import { writtenDifferently } from './phrases.js';
import type { TimelineEntry } from './record.js';

/** Entries as they happened. One whose time is unknown stands where it was recorded. */
export function orderEntries(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  return timeline
    .map((entry) => ({ entry, at: placeOf(entry) }))
    .sort((a, b) => a.at - b.at || a.entry.seq - b.entry.seq)
    .map(({ entry }) => entry);
}

/** The instant at which an entry stands in the order. */
export function placeOf(entry: TimelineEntry): number {
  return millis(timeOf(entry) ?? entry.recordedAt);
}

/** When it happened, or null where that is unknown. */
export function timeOf(entry: TimelineEntry): string | null {
  return entry.precision === 'unknown' ? null : entry.occurredAt;
}

/** Entries that others point at, by id: only these need to show their number. */
export type References = Map<string, { seq: number; correctedBy: number | null }>;

export function referencedEntries(entries: TimelineEntry[]): References {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const references: References = new Map();
  for (const entry of entries) {
    const old = entry.corrects === null ? undefined : byId.get(entry.corrects);
    if (!old) continue;
    const correctedBy = Math.max(entry.seq, references.get(old.id)?.correctedBy ?? 0);
    references.set(old.id, { seq: old.seq, correctedBy });
    references.set(entry.id, { seq: entry.seq, correctedBy: references.get(entry.id)?.correctedBy ?? null });
  }
  return references;
}

/** An entry as a line. Of a redacted one nothing is shown but that it was there, when, and of what kind. */
export function entrySpans(
  entry: TimelineEntry,
  clock: WallClock,
  day: string,
  references: References,
): Span[] {
  const shown = entryTimes(entry, clock, day);
  const [local = '', utc] = shown;
  const time = [strong(local), ...words(utc === undefined ? ' ' : ` (${utc} UTC) `)];
  if (entry.redacted)
    return [...time, ...words(`${entry.kind} · redacted: its words were taken out of the record`)];
  const reference = references.get(entry.id);
  const gone = entry.struck || (reference?.correctedBy ?? null) !== null;
  const written = writtenDifferently(entry.asWritten, shown, clock);
  return [
    ...time,
    ...words(`${entry.kind}${reference ? ` (${entryNumbers(entry, references)})` : ''} · `),
    said(entry.text, gone ? 'struck' : 'text'),
    ...(entry.struck && !entry.undone ? strikeSpans(entry) : []),
    ...(entry.author
      ? [...words(' — '), said(entry.author.name)]
      : words(entry.source === 'pipeline' ? ' — a pipeline' : '')),
    ...(gone ? [] : fileSpans(entry)),
    ...mendedSpans(entry, clock, day),
    ...(written.length > 0 ? [...words(', written “'), ...written, ...words('”')] : []),
  ];
}

// By reference: only who may see them in Slack can open them.
function fileSpans(entry: TimelineEntry): Span[] {
  return (entry.files ?? []).flatMap(({ name, permalink }) => [
    ...words(' · file: '),
    said(name),
    ...(permalink ? [...words(' '), link(permalink)] : []),
  ]);
}

// Who changed what the record says, and when: of a correction the author is whose words it corrects.
function mendedSpans(entry: TimelineEntry, clock: WallClock, day: string): Span[] {
  const at = (instant: string) => showOnFace(clock.local, millis(instant), null, 'exact', day);
  return [
    ...(entry.corrects !== null && entry.recordedBy
      ? [...words(', corrected by '), said(entry.recordedBy.name), ...words(` ${at(entry.recordedAt)}`)]
      : []),
    ...(entry.undone
      ? [...words(', undone by '), said(entry.undone.by.name), ...words(` ${at(entry.undone.at)}`)]
      : []),
  ];
}

function entryTimes(entry: TimelineEntry, clock: WallClock, day: string): string[] {
  const at = timeOf(entry);
  const faces = clock.utc ? [clock.local, clock.utc] : [clock.local];
  // Beside the local time, UTC says its day only where that is another.
  const known = (on: Face) => (on === clock.local ? day : clock.local.date(placeOf(entry)));
  if (at === null) {
    const recorded = faces.map((on) => showOnFace(on, millis(entry.recordedAt), null, 'exact', known(on)));
    return recorded.map((text, index) => (index === 0 ? `time unknown, recorded ${text}` : text));
  }
  const until = entry.occurredUntil === null ? null : millis(entry.occurredUntil);
  return faces.map((on) => showOnFace(on, millis(at), until, entry.precision, known(on)));
}

function entryNumbers(entry: TimelineEntry, references: References): string {
  const old = entry.corrects === null ? undefined : references.get(entry.corrects);
  const correctedBy = references.get(entry.id)?.correctedBy ?? null;
  return [
    `entry ${entry.seq}`,
    old ? `corrects entry ${old.seq}` : '',
    correctedBy === null ? '' : `corrected by entry ${correctedBy}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function strikeSpans(entry: TimelineEntry): Span[] {
  const verb = entry.kind === 'hypothesis' ? 'ruled out' : 'struck';
  return entry.strikeReason ? [...words(` ${verb}: `), said(entry.strikeReason)] : words(` ${verb}`);
}
