// Reading the zone that follows a time: an offset, letters, an IANA name, a place.
import { atBoundary, atBreak, attempt, type Cursor, peek, take } from './cursor.js';
import { meaningsOf } from './letters.js';
import { isOrdinaryName, isRegion, lettersOfLongName, zoneOfPlace } from './places.js';
import { canonicalZone } from './zones.js';

/** What was written. An offset and letters may both be: the offset counts. */
export type ZoneWords =
  | { kind: 'offset'; minutes: number; letters: string | null }
  | { kind: 'letters'; letters: string }
  | { kind: 'zone'; name: string; written: string; isPlace: boolean }
  | { kind: 'sender' };

/** What went before: after a date or seconds, a sign is more surely that of an offset. */
export interface ZoneHints {
  hasDate: boolean;
  hasSeconds: boolean;
  /** After `9am`, `Central` is surely a zone. */
  hasMeridiem?: boolean;
  /** In `10:42, Denver pods died` the comma begins the text, as does `in` of `10:42 in Denver it rained`. */
  hasComma?: boolean;
}

const offsetHoursMax = 14;
/** Letters that are also words or names of software: in running text they count only when a break follows. */
const wordLike = new Set([
  'MSK',
  'ART',
  'CAT',
  'EAT',
  'PET',
  'COT',
  'WIT',
  'WAT',
  'SST',
  'EST',
  'MET',
  'WET',
  'CT',
  'MT',
  'ET',
  'PT',
  'WEST',
  'AST',
  'GST',
  'CLT',
]);

/** The zone here, or null. Leading blanks are the caller's. */
export function scanZone(cursor: Cursor, hints: ZoneHints): ZoneWords | null {
  const zone =
    attempt(cursor, (at) => scanOffset(at, hints)) ??
    attempt(cursor, scanUniversal) ??
    attempt(cursor, scanLongName) ??
    attempt(cursor, scanIana) ??
    attempt(cursor, scanLetters) ??
    attempt(cursor, (at) => scanPlace(at, hints));
  if (zone?.kind === 'letters') return withOffset(cursor, zone, hints);
  if (zone?.kind === 'offset' && zone.letters === null) return withLetters(cursor, zone);
  return zone;
}

/** `+01:00`, `-0700`, `+01`, `UTC+1`, `GMT-07:00` (RFC 3339, RFC 2822 and what people make of them). */
function scanOffset(cursor: Cursor, hints: ZoneHints): ZoneWords | null {
  const named = take(cursor, /(?:UTC|GMT)\s?([+-])(\d{1,2})(?::?(00|15|30|45))?(?![\d:])/iy);
  const match = named ?? scanBareOffset(cursor, hints);
  if (!match || !atBoundary(cursor)) return null;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > offsetHoursMax || minutes > 59) return null;
  const east = match[1] === '-' ? -1 : 1;
  return { kind: 'offset', minutes: east * (hours * 60 + minutes), letters: null };
}

/**
 * A sign and digits. A minus may also be the dash of a range (`10:22-10:37`) and a number may be a number
 * (`10:42 +1000 errors`), so the less that went before, the more is asked of it.
 */
function scanBareOffset(cursor: Cursor, hints: ZoneHints): RegExpExecArray | null {
  const spaced = cursor.text[cursor.at - 1] === ' ';
  const match = peek(cursor, /([+-])(\d{2})(?:(:?)(\d{2}))?(?![\d:])/y);
  if (!match) return null;
  const [written, sign = '', hours = '', colon, minutes] = match;
  const minus = sign === '-';
  if (Number(minutes ?? 0) % 15 !== 0) return null;
  if (minus && (Number(hours) > 12 || !['00', '30', undefined].includes(minutes))) return null;
  if (minus && colon === ':' && !spaced && !hints.hasSeconds && !afterIsoT(cursor)) return null;
  if (minutes === undefined && (minus || spaced) && !afterIsoT(cursor)) return null;
  const sure = hints.hasDate || hints.hasSeconds || colon === ':' || !spaced || hours.startsWith('0');
  if (cursor.leading && !sure) return null;
  cursor.at += written.length;
  return Object.assign(match, { 3: minutes });
}

/** Whether the time before is in the form of RFC 3339, where a minus begins an offset and nothing else. */
function afterIsoT(cursor: Cursor): boolean {
  return /\dT\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?$/i.test(
    cursor.text.slice(Math.max(0, cursor.at - 26), cursor.at),
  );
}

function scanUniversal(cursor: Cursor): ZoneWords | null {
  const match = take(
    cursor,
    /(?:Etc\/)?(?:UTC|UCT|Zulu)(?:\s?time)?(?!\w)|UT(?!\w)|Z(?!\w)|(?<=\d)z(?!\w)/iy,
  );
  if (!match || !atWordEnd(cursor)) return null;
  return match[0] === 'z' && cursor.text[match.index - 1] === ' '
    ? null
    : { kind: 'offset', minutes: 0, letters: null };
}

function scanLongName(cursor: Cursor): ZoneWords | null {
  const match = take(cursor, /(?:[a-z]{2,12}\s){1,4}time(?!\w)/iy);
  if (!match) return null;
  const name = match[0].replace(/\s+/g, ' ');
  if (/^(?:local|my|our) time$/i.test(name)) return { kind: 'sender' };
  const letters = lettersOfLongName(name);
  if (letters === 'UTC' || letters === 'GMT')
    return { kind: 'offset', minutes: 0, letters: letters === 'GMT' ? 'GMT' : null };
  if (letters) return { kind: 'letters', letters };
  const place = name.replace(/ time$/i, '');
  if (/^GMT$/i.test(place)) return { kind: 'offset', minutes: 0, letters: 'GMT' };
  const zone = zoneOfPlace(place);
  if (zone) return { kind: 'zone', name: zone, written: place, isPlace: true };
  return /^[A-Z]{2,5}$/.test(place) && meaningsOf(place).length > 0
    ? { kind: 'letters', letters: place }
    : null;
}

/** `Europe/Berlin`, `US/Pacific`, `America/Argentina/Ushuaia`; single words such as `Japan` only where no text follows. */
function scanIana(cursor: Cursor): ZoneWords | null {
  const match = take(cursor, /[A-Za-z][A-Za-z_]{1,19}(?:\/[A-Za-z][\w+-]{0,29}){1,2}|[ECMP]ST[5-8][ECMP]DT/y);
  const name = match?.[0];
  if (!name) return null;
  const zone = atBoundary(cursor) ? canonicalZone(name) : null;
  return zone ? { kind: 'zone', name: zone, written: name, isPlace: false } : null;
}

function scanLetters(cursor: Cursor): ZoneWords | null {
  const match = take(cursor, /[A-Za-z]{2,5}(?![\p{L}\p{N}_])/uy);
  const written = match?.[0];
  if (!written || !atWordEnd(cursor)) return null;
  const letters = written.toUpperCase();
  if (letters === 'GMT') return { kind: 'offset', minutes: 0, letters: 'GMT' };
  if (meaningsOf(letters).length === 0) return null;
  const pair = scanOtherSeason(cursor, letters);
  if (pair) return pair;
  const wordy = wordLike.has(letters) && written !== letters;
  if (cursor.leading && (wordy || (wordLike.has(letters) && !isUsual(letters))) && !setOff(cursor))
    return null;
  return { kind: 'letters', letters };
}

/** `PST/PDT`, `CET/CEST`: the wall clock, whatever the season. */
function scanOtherSeason(cursor: Cursor, letters: string): ZoneWords | null {
  const match = peek(cursor, /\/([A-Za-z]{2,5})(?!\w)/y);
  const others = meaningsOf(match?.[1] ?? '');
  const shared = meaningsOf(letters).find((one) => others.some((other) => other.family === one.family));
  if (!match || !shared) return null;
  cursor.at += match[0].length;
  return { kind: 'zone', name: shared.family.home, written: `${letters}${match[0]}`, isPlace: false };
}

/** Like a boundary, but a sign and figures may follow letters: `PST-0800`, `10:22 UTC-10:37`. */
function atWordEnd(cursor: Cursor): boolean {
  return peek(cursor, /[+-]\d|\/[A-Z]{2,5}(?!\w)/y) !== null || atBoundary(cursor);
}

/** Letters of the commonest zones count in capitals even when text follows at once. */
function isUsual(letters: string): boolean {
  return ['EST', 'ET', 'CT', 'MT', 'PT'].includes(letters);
}

/** `20:09 Denver`, `9am New York`. */
function scanPlace(cursor: Cursor, hints: ZoneHints): ZoneWords | null {
  const inPlace = take(cursor, /in\s(?=\p{L})/iuy) !== null;
  const start = cursor.at;
  const match = peek(cursor, /\p{L}[\p{L}.'-]{1,20}(?:[ _]\p{L}[\p{L}.'-]{0,20}){0,3}/uy);
  const words = match?.[0].split(/[ _]/) ?? [];
  for (let count = words.length; count > 0; count -= 1) {
    const written = words
      .slice(0, count)
      .join(' ')
      .replace(/[.'-]+$/, '');
    cursor.at = start + written.length;
    if (!cursor.leading && count === 1 && /^local$/i.test(written)) return { kind: 'sender' };
    const name = zoneOfPlace(written) ?? (cursor.leading || count > 1 ? null : canonicalZone(written));
    if (
      name &&
      atBoundary(cursor) &&
      (!cursor.leading || isMeantAsPlace(cursor, written, { ...hints, hasComma: hints.hasComma || inPlace }))
    )
      return { kind: 'zone', name, written, isPlace: true };
  }
  return null;
}

/** What makes the name before it a part of the sentence: `Denver is down`, `Denver office lost power`. */
const sentenceGoesOn =
  /\s(?:is|isn't|are|aren't|was|wasn't|were|weren't|has|had|have|will|can|can't|cannot|does|did|goes|went|and|or|to|&|regions?|offices?|sites?|teams?|clusters?|data\s?cent(?:er|re)s?|dc|pops?|edge|zone|az)(?!\w)/iy;

/** Directly after a time of day a place is its zone, except where the name is an ordinary word, or the sentence needs it. */
function isMeantAsPlace(cursor: Cursor, written: string, hints: ZoneHints): boolean {
  if (setOff(cursor)) return true;
  if (hints.hasComma) return false;
  if (hints.hasMeridiem && isRegion(written)) return true;
  return !isOrdinaryName(written) && !peek(cursor, sentenceGoesOn);
}

/** What follows a name that could also be text: a break, or the date or second half of the time. */
function setOff(cursor: Cursor): boolean {
  return atBreak(cursor) || peek(cursor, /\s(?:on\s|to\s\d|-\s?\d)/iy) !== null;
}

/** `CET (+01:00)`, `PST-0800`: an offset after letters counts instead of them. */
function withOffset(cursor: Cursor, zone: ZoneWords & { kind: 'letters' }, hints: ZoneHints): ZoneWords {
  const offset = attempt(cursor, (at) => {
    const open = take(at, /\s?\(?\s?(?=[+-]\d|UTC|GMT)/iy)?.[0].includes('(');
    const found = scanOffset(at, { ...hints, hasSeconds: true });
    return found && (!open || take(at, /\)/y)) ? found : null;
  });
  return offset?.kind === 'offset' ? { ...offset, letters: zone.letters } : zone;
}

/** `+0200 (CEST)` is the comment of RFC 2822; `+01:00 CET` people write. */
function withLetters(cursor: Cursor, zone: ZoneWords & { kind: 'offset' }): ZoneWords {
  const letters = attempt(cursor, (at) => {
    const open = take(at, /\s?(\()?/y)?.[1];
    const found = take(at, /UTC(?!\w)/iy) ? ({ kind: 'letters', letters: 'UTC' } as const) : scanLetters(at);
    return found && (!open || take(at, /\)/y)) && (open || !at.leading || setOff(at)) ? found : null;
  });
  return letters?.kind === 'letters' ? { ...zone, letters: letters.letters } : zone;
}
