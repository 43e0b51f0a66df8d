// Reading instants said outright: an epoch, a Slack date, `now`, `5m ago`.
import { atBoundary, atBreak, type Cursor, peek, take } from './cursor.js';
import { readDuration } from './duration.js';

/** A time counted from now. */
export interface Relative {
  sinceNow: number;
  approximate: boolean;
  remark: string | null;
}

/** Words before a time that make it approximate. */
export const aboutWords =
  /(?:~\s{0,2}|(?:some\s?time\s)?(?:about|around|approx(?:\.|imately)?|circa|ca\.|c\.|est\.|estimated|roughly|(?:just|shortly)\s(?:before|after))\s{0,2}(?=\S))/iy;

/** Unix time in seconds or milliseconds, a Slack timestamp, a Slack date token. */
export function scanInstant(cursor: Cursor): { at: number } | null {
  const slack = take(cursor, /<!date\^(\d{1,11})\^[^>]{0,140}>/y);
  if (slack) return { at: Number(slack[1]) * 1000 };
  const match = take(cursor, /(@?)([12]\d{9})(?:(\d{3})|\.(\d{1,6}))?(?![\p{L}\p{N}_%]|[.:/-]\p{N})/uy);
  if (!match) return null;
  const [, mark, seconds = '', thousandths, fraction] = match;
  // Ten figures in running text are as likely a number of something.
  if (cursor.leading && mark === '' && fraction === undefined && !atBreak(cursor)) return null;
  const ms = thousandths ?? (fraction ?? '').padEnd(3, '0').slice(0, 3);
  return { at: Number(seconds) * 1000 + Number(ms) };
}

/** `now`, `5m ago`, `about half an hour ago`; where nothing follows also `in 30m`, `30m from now` and `-5m`. */
export function scanRelative(cursor: Cursor): Relative | null {
  const start = cursor.at;
  const about = take(cursor, aboutWords) !== null;
  const found =
    scanNow(cursor) ??
    scanAgo(cursor) ??
    (cursor.leading ? null : (scanFromNow(cursor) ?? scanAhead(cursor)));
  if (found && (atBoundary(cursor) || atBreak(cursor)))
    return { ...found, approximate: about || found.approximate };
  cursor.at = start;
  return null;
}

function scanNow(cursor: Cursor): Relative | null {
  const match = take(cursor, /(?:just |right )?now(?!\w)/iy);
  if (!match) return null;
  // "now it works" and "now, it works" are text; "now: it works" is not.
  if (!cursor.leading || peek(cursor, /\s*(?:$|:\s|-+\s)/y))
    return { sinceNow: 0, approximate: false, remark: null };
  cursor.at = match.index;
  return null;
}

function scanAgo(cursor: Cursor): Relative | null {
  const match = take(cursor, /([\w.]+(?:,?\s[\w.]+){0,5}?)\sago(?!\w)/iy);
  const length = match?.[1] ?? '';
  const read = readDuration(length);
  // Days alone leave the time of day open: `2 days ago` is a date.
  if (match && read.ok && !/^[\w.\s]*\b\d*\s?(?:d|days?|w|weeks?)$/i.test(length)) {
    return { sinceNow: -read.milliseconds, approximate: /couple/i.test(length), remark: null };
  }
  if (match) cursor.at = match.index;
  return null;
}

function scanFromNow(cursor: Cursor): Relative | null {
  const match = take(cursor, /(?:in\s)?([\w.]+(?:,?\s[\w.]+){0,5}?)\sfrom\snow(?!\w)/iy);
  const read = readDuration(match?.[1] ?? '');
  if (match && read.ok)
    return { sinceNow: read.milliseconds, approximate: /couple/i.test(match[1] ?? ''), remark: null };
  if (match) cursor.at = match.index;
  return null;
}

function scanAhead(cursor: Cursor): Relative | null {
  const match = take(cursor, /(in\s|[+-]\s?)((?:\d|an?\s|half\s)[\w.\s]{0,30})$/iy);
  const read = readDuration(match?.[2] ?? '');
  if (match && read.ok) {
    const back = match[1]?.startsWith('-') ?? false;
    const remark = back ? `Read ${match[0].trim()} as ${(match[2] ?? '').trim()} ago.` : null;
    return { sinceNow: back ? -read.milliseconds : read.milliseconds, approximate: false, remark };
  }
  if (match) cursor.at = match.index;
  return null;
}
