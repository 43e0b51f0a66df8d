// The timeline, day by day, with a question at every long silence.
import { showDuration } from '../../core/time/index.js';
import { type Block, heading, type ListItem, list, paragraph, question, words } from './document.js';
import { millisOr, showOnFace } from './durations.js';
import { entrySpans, placeOf, referencedEntries, timeOf } from './entries.js';
import type { Material } from './material.js';
import { count } from './phrases.js';

/** A silence longer than this asks what happened in it. */
const longSilenceMinutes = 30;
/** Only the longest silences are asked about: nobody answers twenty such questions. */
const mostSilencesAsked = 5;

export function timelineSection(material: Material): Block[] {
  const { clock, entries, housekeeping } = material;
  const blocks: Block[] = [
    heading(2, ...words('Timeline')),
    paragraph(...words(timelineIntroduction(material))),
  ];
  const silences = new Map(findSilences(material).map((silence) => [silence.after, silence]));
  const references = referencedEntries(entries);
  let day = '';
  let offset = entries[0] ? clock.local.offset(placeOf(entries[0])) : '';
  let items: ListItem[] = [];
  const flush = () => {
    if (items.length > 0) blocks.push(list(items));
    items = [];
  };
  for (const entry of entries) {
    const at = placeOf(entry);
    if (clock.local.offset(at) !== offset) {
      flush();
      const before = offset;
      offset = clock.local.offset(at);
      blocks.push(
        paragraph(...words(`The clocks changed: from here ${clock.zone} is ${offset}, it was ${before}.`)),
      );
    }
    if (clock.local.date(at) !== day) {
      flush();
      day = clock.local.date(at);
      blocks.push(heading(3, ...words(clock.local.longDate(at))));
    }
    items.push({ spans: entrySpans(entry, clock, day, references) });
    const silence = silences.get(entry.id);
    if (silence) {
      flush();
      blocks.push(question(...words(silence.question)));
    }
  }
  flush();
  if (housekeeping.length > 0) {
    const leftOut = count(housekeeping.length, 'entry', 'entries');
    blocks.push(paragraph(...words(`${leftOut} of housekeeping left out here: see “People and roles”.`)));
  }
  return blocks;
}

function timelineIntroduction({ clock, entries }: Material): string {
  const first = entries[0];
  if (!first) return 'The record has no entries.';
  if (!clock.utc) return 'All times are UTC.';
  return `Times are ${clock.zone} (${clock.local.offset(placeOf(first))}), with UTC in brackets.`;
}

interface Silence {
  /** The entry after which the question stands. */
  after: string;
  seconds: number;
  question: string;
}

// Before the detection nobody could write, and after the end nobody must: only the time between is asked about.
function findSilences({ record, clock, entries }: Material): Silence[] {
  const timed = entries.filter((entry) => timeOf(entry) !== null);
  const begin = millisOr(record.detectedAt ?? record.declaredAt, Number.NEGATIVE_INFINITY);
  const end = millisOr(record.resolvedAt, Number.POSITIVE_INFINITY);
  const found: Silence[] = [];
  let quietSince = Number.NEGATIVE_INFINITY;
  for (const [index, entry] of timed.entries()) {
    quietSince = Math.max(quietSince, placeOf(entry), millisOr(entry.occurredUntil));
    const next = timed[index + 1];
    const from = Math.max(quietSince, begin);
    const until = Math.min(next ? placeOf(next) : record.resolvedAt === null ? from : end, end);
    const seconds = Math.trunc((until - from) / 1000);
    if (seconds <= longSilenceMinutes * 60) continue;
    const between = `${showOnFace(clock.local, from, null, 'exact', clock.local.date(placeOf(entry)))} and ${showOnFace(clock.local, until, null, 'exact', clock.local.date(from))}`;
    found.push({
      after: entry.id,
      seconds,
      question: `Nothing is recorded between ${between} (${showDuration(seconds * 1000)}). What happened then?`,
    });
  }
  return found.sort((a, b) => b.seconds - a.seconds).slice(0, mostSilencesAsked);
}
