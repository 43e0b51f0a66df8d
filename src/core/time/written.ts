// Reading a whole time: one moment, or two with a dash or words between.
import { attempt, type Cursor, peek, take } from './cursor.js';
import { type Draft, scanMoment } from './moment.js';

export interface Written {
  start: Draft;
  end: Draft | null;
  /** ISO 8601 intervals may give a length in place of the end. */
  length: string | null;
  /** `10:42 until TBC`: it went on, and nobody knows how long. */
  endUnknown: boolean;
  /** The same time in another zone, as in `14:02 PT (21:02 UTC)`. */
  also: Draft | null;
}

const betweenSeparator = /\s+and\s+|\s?-\s?/iy;
const separator =
  /\s{0,3}(?:-{1,3}>?|\.{2,3}|…|→|=>)\s{0,3}|\s{1,3}(?:to|until|till|til|through)\s{1,3}|\s?\/\s?/iy;
const closing: Readonly<Record<string, RegExp>> = {
  '[': /\s?\]/y,
  '(': /\s?\)/y,
  '*': /\*/y,
  '`': /`/y,
  _: /_/y,
  '"': /"/y,
};

/** The longest time here, brackets around it included, or null. */
export function scanWritten(cursor: Cursor): Written | null {
  const open = take(cursor, /[[(*`_"]/y)?.[0];
  const written = open === undefined ? scanRange(cursor) : attempt(cursor, (at) => scanWrapped(at, open));
  if (written) written.also = attempt(cursor, scanAlso);
  return written;
}

/** In brackets or behind a stroke, with a zone of its own; no more than its beginning is compared. */
function scanAlso(cursor: Cursor): Draft | null {
  const open = take(cursor, /\s?\(\s?|\s?\/\s?/y)?.[0];
  if (!open) return null;
  const also = scanRange(cursor);
  if (!also?.start.clock || !(also.start.zone ?? also.end?.zone)) return null;
  if (open.includes('(') && !take(cursor, /\s?\)/y)) return null;
  return { ...also.start, zone: also.start.zone ?? also.end?.zone ?? null };
}

function scanWrapped(cursor: Cursor, open: string): Written | null {
  const written = scanRange(cursor);
  const close = closing[open];
  return written && close && take(cursor, close) ? written : null;
}

function scanRange(cursor: Cursor): Written | null {
  const begin = take(cursor, /(between|from|since)\s+(?=\S)/iy)?.[1]?.toLowerCase();
  const start = attempt(cursor, (at) => scanMoment(at, { dotted: false }));
  if (!start) return null;
  const written: Written = { start, end: null, length: null, endUnknown: false, also: null };
  if (start.unknown) return begin ? null : written;
  written.length = start.clock ? (take(cursor, /\/(P(?=T?\d)[\dTWDHMS.]{1,24})(?!\w)/y)?.[1] ?? null) : null;
  if (written.length) return written;
  if (!cursor.leading && take(cursor, /\s*(?:-|to|until)?\s*(?:ongoing|onwards?|present)(?!\w)/iy))
    written.endUnknown = true;
  const end = written.endUnknown ? null : attempt(cursor, (at) => scanEnd(at, start, begin));
  if (end?.unknown) written.endUnknown = true;
  else written.end = end;
  const alone = end === null;
  // "10" of "10-11am" means nothing by itself, nor in running text does "from 10:42" without its end.
  if (
    alone &&
    !written.endUnknown &&
    (isBareHour(start) || begin === 'between' || (begin !== undefined && cursor.leading))
  )
    return null;
  return written;
}

function scanEnd(cursor: Cursor, start: Draft, begin: string | undefined): Draft | null {
  if (begin === 'since' || !(start.clock || start.instant)) return null;
  const dash = take(cursor, begin === 'between' ? betweenSeparator : separator);
  if (!dash) return null;
  const stroke = dash[0].includes('/');
  if (peek(cursor, /now(?!\w)/iy) && cursor.leading) return null;
  const end = scanMoment(cursor, { dotted: start.clock?.style === 'dot' });
  if (!end) return null;
  if (end.unknown) return cursor.leading ? null : end;
  if (!end.clock && !end.instant) return null;
  // Behind a stroke, another zone says the same time once more.
  if (stroke && start.zone && end.zone && JSON.stringify(start.zone) !== JSON.stringify(end.zone))
    return null;
  if (isBareHour(end) && !start.clock?.meridiem) return null;
  return end;
}

function isBareHour(draft: Draft): boolean {
  return (
    draft.clock?.style === 'hour' &&
    draft.clock.meridiem === null &&
    !draft.clock.approximate &&
    draft.clock.remark === null &&
    draft.clock.hour !== 0
  );
}
