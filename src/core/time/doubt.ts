// Where words may belong to a time or to the text: what was decided, and how to write the other.
import type { Zone } from 'luxon';
import { atBoundary, type Cursor, openCursor } from './cursor.js';
import { scanDate } from './date.js';
import { isRegion } from './places.js';
import { scanZone } from './read-zone.js';
import { scanWritten, type Written } from './written.js';
import { findZone, fixedZone, wallAt } from './zones.js';

const wordsRepeatedMax = 2;
/** A time of day this far into a text may still be meant as its time: `Day 2, 10:42 …`. */
const noticedCharactersMax = 24;

/** `10:42 and 10:56 UTC`: one note has one time, and the zone of the second may be meant for both. */
const secondTime = /^(?:\s?,|\s(?:and|or|&))\s(\d{1,2}:\d{2}(?:\s(?:UTC|GMT|[A-Z]{2,4}T|[ap]m)(?!\w))?)/i;

/** What was decided of a word that may be of the time or of the text. */
export interface Doubt {
  remark: string;
  leftInText: boolean;
}

/** `20:09 in Denver = 02:09 UTC.`: a name may be another place than was meant, so what it became is said. */
export function whatPlace(written: Written, at: number, until: number | null): string[] {
  const zone = written.start.zone ?? written.end?.zone;
  if (zone?.kind !== 'zone' || !zone.isPlace) return [];
  const ends = until === null ? [at] : [at, until];
  const clocks = (of: Zone) => ends.map((end) => wallAt(end, of).toFormat('HH:mm')).join('–');
  const name = isRegion(zone.written) ? `${zone.written} time` : `in ${zone.written}`;
  return [`${clocks(findZone(zone.name) ?? fixedZone(0))} ${name} = ${clocks(fixedZone(0))} UTC.`];
}

/**
 * Where a name stands between a time and a text without a mark, it may belong to either. Null where there is no such
 * name. `text` begins with `asWritten`, the words taken for the time.
 */
export function zoneInDoubt(written: Written, text: string, asWritten: string): Doubt | null {
  const zone = written.end?.zone ?? written.start.zone;
  const rest = text.slice(asWritten.length);
  const second = secondTime.exec(rest)?.[1];
  if (second !== undefined)
    return kept(`“${second}” stays in the text; for both times write “${asWritten}-${second}”.`);
  const later = /^\s(\(\+\s?\d\s?(?:d|days?)?\)|\+\s?\d\s?(?:d|days?)|\+1)(?=\s|$)/i.exec(rest)?.[1];
  if (later !== undefined)
    return kept(`“${later}” stays in the text; where that time is of another day, write its date.`);
  if (/^\s*(?:$|[^\s\p{L}\p{N}])/u.test(rest)) return null;
  if (zone?.kind === 'zone' && zone.isPlace && asWritten.endsWith(zone.written)) {
    const clock = asWritten.slice(0, -zone.written.length).trim();
    const words = rest.trim().split(/\s+/).slice(0, wordsRepeatedMax).join(' ');
    const remark = `“${zone.written}” was taken as the zone of that time; if it belongs to the text, write “${clock}: ${zone.written} ${words}”.`;
    return { remark, leftInText: false };
  }
  if (written.start.zone || written.end?.zone || !(written.start.clock || written.end?.clock)) return null;
  const day = written.start.date ? null : dayLeft(openCursor(rest.trimStart(), false));
  if (day !== null)
    return kept(`“${day}” stays in the text; if it is the day of that time, write “${day} ${asWritten}”.`);
  const name = nameLeft(openCursor(rest.trimStart(), false));
  if (name === null) return null;
  return kept(`“${name}” stays in the text; if it is the zone of that time, write “${asWritten} ${name}:”.`);
}

function kept(remark: string): Doubt {
  return { remark, leftInText: true };
}

/** `10:42 Fri …`, `10:42 May 5 …`: a day, or the beginning of a sentence. */
function dayLeft(cursor: Cursor): string | null {
  if (!/^\p{Lu}/u.test(cursor.text)) return null;
  const date = scanDate(cursor);
  return date?.phrase && atBoundary(cursor) ? date.written : null;
}

/** A name of a place or letters of a zone, where ordinary words go on behind it. */
function nameLeft(cursor: Cursor): string | null {
  const zone = scanZone(cursor, { hasDate: false, hasSeconds: false });
  const name = cursor.text.slice(0, cursor.at).trim();
  if (zone?.kind === 'zone') return name;
  return zone?.kind === 'letters' && /^[A-Z]{3,5}$/.test(name) ? name : null;
}

/**
 * For a text that was kept whole: says so where its beginning looks like a time, since the sender may have meant it as
 * one. Null where it does not. `howToSay` ends the sentence: what to do with a time.
 */
export function noticeTime(
  text: string,
  howToSay: (time: string) => string = (time) => `write at:${time}`,
): string | null {
  const begin = text.trim().replace(/^[-*\u2022]\s+/, '');
  const counted = /^T\s?[+-]\s?\d[\w:]{0,8}/i.exec(begin)?.[0];
  if (counted)
    return `“${counted}” stays in the text: it counts from a start that is not known here. For the time itself, ${howToSay('10:42')}.`;
  const cursor = openCursor(begin, false);
  const written = scanWritten(cursor);
  const words = begin
    .slice(0, cursor.at)
    .replace(/[\s,;:.-]+$/, '')
    .trim();
  if (written && words !== '') {
    const { clock, date, instant, unknown, zone } = written.start;
    if (unknown) return isUnknownSaid(begin, words) ? left(words, 'not known', howToSay('unknown')) : null;
    if (clock?.fault) return null;
    const plainNumber =
      (clock?.style === 'compact' || clock?.style === 'hour') && !clock.meridiem && !zone && !date;
    if ((clock && !plainNumber) || (instant && 'at' in instant)) return left(words, words, howToSay(words));
    const day = date?.written ?? '';
    if (!clock && (date?.phrase ? /\d|yesterday|last/i : /\d{4}/).test(day))
      return `“${day}” stays in the text: where that is its day, ${howToSay(`${day} 14:00`)}, with the time of day.`;
  }
  const near = takeNearClock(begin);
  return near === null ? null : left(near, near, howToSay(near));
}

/** `TBC x`, `unknown: x`; `unknown error` and `? why` say nothing of a time. */
function isUnknownSaid(text: string, words: string): boolean {
  return /^tb[cda]|time/i.test(words) || /^\s*[:;,|-]/.test(text.slice(words.length));
}

function takeNearClock(text: string): string | null {
  const match = /(?<![\w:./@#-])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\w:/%]|[.-]\d)/.exec(
    text.slice(0, noticedCharactersMax + 8),
  );
  return match && match.index <= noticedCharactersMax ? match[0] : null;
}

function left(words: string, meaning: string, howToSay: string): string {
  const isIt = meaning === words ? 'if that is the time' : `if the time is ${meaning}`;
  return `“${words}” stays in the text and was not taken as the time; ${isIt}, ${howToSay}.`;
}
