// The timeline as Slack shows it: each reader's own zone, the newest last, at most a phone screen.
import { line, list, type Message, message, type Span, shorten } from '../../core/message.js';
import { type Incident, incidentKey } from '../incident/index.js';
import { type Entry, filesOf } from './store.js';

/** What fits a phone screen, and what `timeline all` shows. */
export const screenEntries = 10;
export const allEntriesMax = 100;
const entryTextLimit = 160;
const filesShown = 3;
const fileNameLimit = 60;

/** Entries as lines; says how many older ones there are and how to see them. */
export function showTimeline(
  incident: Incident,
  entries: readonly Entry[],
  total: number,
  all: boolean,
): Message {
  const older = total - entries.length;
  return message(
    line({ bold: `${incidentKey(incident)} timeline` }, ' in your time zone'),
    older > 0 &&
      line(
        `${older} older ${older === 1 ? 'entry' : 'entries'}: `,
        { code: `/incident ${all ? 'export' : 'timeline all'}` },
        all ? ' gives the whole record as a file.' : ' shows them.',
      ),
    // A list block may not hold them all; Slack takes 50 blocks.
    ...chunks(entries, 30).map((chunk) => list(chunk.map((entry) => entrySpans(entry, entries)))),
  );
}

/** When an entry happened, for people: a range as a range, an approximate time with ~. */
export function whenSpans(
  entry: Pick<Entry, 'occurredAt' | 'occurredUntil' | 'precision' | 'asWritten'>,
): Span[] {
  if (!entry.occurredAt)
    return [`time unknown${entry.asWritten ? ` (“${shorten(entry.asWritten, 40)}”)` : ''}`];
  const from: Span[] = [entry.precision === 'approximate' ? '~' : '', { at: entry.occurredAt }];
  return (entry.occurredUntil ? [...from, '–', { at: entry.occurredUntil, format: '{time}' }] : from).filter(
    (span) => span !== '',
  );
}

function entrySpans(entry: Entry, all: readonly Entry[]): Span[] {
  const text = entry.redacted ? 'redacted' : shorten(entry.text.replace(/\n+/g, ' / '), entryTextLimit);
  const gone = entry.struck || entry.takenBackAt !== null || entry.correctedBy !== null;
  const kind = entry.kind === 'note' ? '' : `${entry.kind} · `;
  return [
    { bold: `#${entry.seq}` },
    ' ',
    ...whenSpans(entry),
    ` · ${kind}`,
    gone ? { strike: text } : text,
    ...(entry.struck
      ? [` ruled out${entry.strikeReason ? `: ${shorten(entry.strikeReason, 80)}` : ''}`]
      : []),
    ` — ${entry.authorName}`,
    ...(gone ? [] : fileSpans(entry)),
    ...mendedSpans(entry, all),
  ];
}

function fileSpans(entry: Entry): Span[] {
  const files = filesOf(entry);
  const shown = files.slice(0, filesShown);
  return [
    ...shown.flatMap(({ name, permalink }): Span[] => {
      const label = shorten(name, fileNameLimit);
      return [' · file: ', permalink ? { url: permalink, label } : label];
    }),
    ...(files.length > shown.length ? [` and ${files.length - shown.length} more`] : []),
  ];
}

// Who changed what the record says, and when.
function mendedSpans(entry: Entry, all: readonly Entry[]): Span[] {
  const better = all.find((each) => each.id === entry.correctedBy);
  const old = all.find((each) => each.id === entry.corrects);
  return [
    ...(entry.corrects
      ? [
          `, corrected${old ? ` from #${old.seq}` : ''} by ${entry.recordedByName} `,
          { at: entry.recordedAt, format: '{time}' as const },
        ]
      : []),
    ...(better ? [`, now #${better.seq}`] : []),
    ...(entry.takenBackAt
      ? [`, undone by ${entry.takenBackByName} `, { at: entry.takenBackAt, format: '{time}' as const }]
      : []),
  ];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
