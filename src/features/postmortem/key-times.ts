// The key times and what they add up to, with a note wherever one is unknown, rough or nobody's word.
import { type KeyTimeName, keyTimeNames } from '../incident/index.js';
import { type Block, heading, list, type Span, table, words } from './document.js';
import {
  type Duration,
  type Face,
  howToSay,
  millis,
  showInstant,
  showOnFace,
  type WallClock,
} from './durations.js';
import type { Material } from './material.js';
import { writtenDifferently } from './phrases.js';
import type { IncidentRecord } from './record.js';

export function keyTimesSection(material: Material): Block[] {
  const { clock } = material;
  const zones = clock.utc === null ? ['UTC'] : [clock.zone, 'UTC'];
  const notes = [...new Set([...durationNotes(material), ...derivedNotes(material)])];
  return [
    heading(2, ...words('Key times and durations')),
    table(['', ...zones, 'as written'], timeRows(material)),
    table(['', 'took', 'from → to'], durationRows(material)),
    ...(notes.length > 0 ? [list(notes.map((note) => ({ spans: words(note) })))] : []),
  ];
}

function timeRows({ record, clock }: Material): Span[][][] {
  const faces = clock.utc === null ? [clock.local] : [clock.local, clock.utc];
  return keyTimeNames.map((name) => {
    const shown = faces.map((on) => keyTimeOn(record, on, name));
    return [
      words(name),
      ...shown.map(words),
      writtenDifferently(record.keyTimes?.[name]?.asWritten, shown, clock),
    ];
  });
}

function durationRows({ record, durations }: Material): Span[][][] {
  return durations.map((each) => [
    words(`to ${each.name}`),
    words(each.human === null ? 'unknown' : `${isRough(record, each) ? '~' : ''}${each.human}`),
    words(`${each.from} → ${each.to}`),
  ]);
}

function durationNotes({ record, durations }: Material): string[] {
  return durations.flatMap((each) => [
    ...each.explanations,
    ...(isRough(record, each)
      ? [`${each.human} to ${each.name} is about: one of its two times is not exact`]
      : []),
  ]);
}

function derivedNotes({ record }: Material): string[] {
  return keyTimeNames
    .filter((name) => record.keyTimes?.[name]?.derived === true && record[`${name}At`] !== null)
    .map(
      (name) =>
        `nobody said when it was ${name}, the time follows from the status: say it with ${howToSay[name]} if it was another`,
    );
}

function keyTimeOn(record: IncidentRecord, on: Face, name: KeyTimeName): string {
  const at = record[`${name}At`];
  const how = record.keyTimes?.[name];
  if (at === null || how?.precision === 'unknown') return 'unknown';
  return showOnFace(on, millis(at), how?.until ? millis(how.until) : null, how?.precision ?? 'exact');
}

/** A key time in a sentence, with its date and UTC beside it. */
export function keyTime(record: IncidentRecord, clock: WallClock, name: KeyTimeName): string {
  const about = record.keyTimes?.[name]?.precision === 'approximate' ? '~' : '';
  return about + showInstant(clock, record[`${name}At`]);
}

function isRough(record: IncidentRecord, duration: Duration): boolean {
  if (duration.seconds === null) return false;
  return [duration.from, duration.to].some(
    (name) => (record.keyTimes?.[name]?.precision ?? 'exact') !== 'exact',
  );
}
