// Deciding which zone was meant by the words for it.
import type { Zone } from 'luxon';
import { type LetterMeaning, lettersFor, meaningsOf, seasonLetters } from './letters.js';
import type { ZoneWords } from './read-zone.js';
import type { TimeContext } from './types.js';
import { dayMs, findZone, fixedZone, hourMs, wallAt, zoneOf } from './zones.js';

/** A zone, with the offset that letters ask for when they have a season. */
export interface Place {
  zone: Zone;
  wanted: { letters: string; offset: number; familyName: string; meaning: LetterMeaning } | null;
  /** Letters written beside an offset, which they may contradict. */
  beside: string | null;
  remark: string | null;
}

/** Letters whose second meaning is so rare that pointing at it would only puzzle. */
const settled = new Set(['PST']);
const othersNamedMax = 2;

/** The place that was written, else the sender's. Letters that several places use go to the sender's, else to the commonest. */
export function placeOf(words: ZoneWords | null, context: TimeContext): Place {
  const sender = zoneOf(context);
  const place = { wanted: null, beside: null, remark: null };
  if (words === null || words.kind === 'sender') return { ...place, zone: sender };
  if (words.kind === 'offset') return { ...place, zone: fixedZone(words.minutes), beside: words.letters };
  if (words.kind === 'zone') return { ...place, zone: findZone(words.name) ?? sender };
  return placeOfLetters(words.letters, sender, context.now.getTime());
}

/** What is odd about a label at this instant; null when it fits. Written with the wall clock that was taken. */
export function labelRemark(place: Place, at: number, context: TimeContext): string | null {
  if (place.wanted && place.zone.offset(at) !== place.wanted.offset) return wrongSeason(place, at);
  if (place.beside === null) return null;
  const offset = place.zone.offset(at);
  if (place.beside === 'GMT') return offset === 0 ? gmtInSummer(at, context) : null;
  if (place.beside === 'UTC')
    return offset === 0 ? null : `UTC is not ${showOffset(offset)}; the offset counts.`;
  const meanings = meaningsOf(place.beside);
  if (meanings.length === 0 || meanings.some((one) => fits(one, offset))) return null;
  return `${place.beside} is not ${showOffset(offset)}; the offset counts.`;
}

/** `+01:00`, as in RFC 3339. */
export function showOffset(minutes: number): string {
  const all = Math.abs(Math.trunc(minutes));
  const two = (number: number) => String(number).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(all / 60))}:${two(all % 60)}`;
}

/** The letters in use in a zone at an instant, else its offset; UTC is UTC. */
export function showLabel(at: number, zone: Zone): string {
  if (isUtc(zone)) return 'UTC';
  const offset = zone.offset(at);
  return lettersFor(zone.name, offset) ?? showOffset(offset);
}

export function isUtc(zone: Zone): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|Universal|Zulu)$/i.test(zone.name);
}

function placeOfLetters(letters: string, sender: Zone, now: number): Place {
  const meanings = meaningsOf(letters);
  const own = meanings.find((one) => one.family.zones.has(sender.name));
  const meaning = own ?? meanings[0];
  if (!meaning) return { zone: sender, wanted: null, beside: null, remark: null };
  const home = findZone(meaning.family.home) ?? sender;
  // Someone in Phoenix who writes MDT means Denver: their own clock never shows it.
  const zone = own && (meaning.offset === null || everInUse(sender, meaning.offset, now)) ? sender : home;
  const others = own || settled.has(letters) ? [] : meanings.slice(1, 1 + othersNamedMax);
  const howToSay = others.map((other) => `${showOffset(other.offset ?? 0)} for ${other.family.name}`);
  return {
    zone,
    wanted:
      meaning.offset === null
        ? null
        : { letters, offset: meaning.offset, familyName: meaning.family.name, meaning },
    beside: null,
    remark:
      others.length > 0 ? `Read ${letters} as ${meaning.family.name}; write ${howToSay.join(' or ')}.` : null,
  };
}

/** Whether a zone had this offset at some time within a year of an instant. */
function everInUse(zone: Zone, offset: number, around: number): boolean {
  const monthMs = 30 * 24 * hourMs;
  return Array.from({ length: 25 }, (_, month) => around + (month - 12) * monthMs).some(
    (at) => zone.offset(at) === offset,
  );
}

function wrongSeason(place: Place, at: number): string | null {
  if (!place.wanted) return null;
  const wall = wallAt(at, place.zone);
  const { letters, meaning, familyName, offset } = place.wanted;
  const inUse = seasonLetters(meaning.family, place.zone.offset(at)) ?? showOffset(place.zone.offset(at));
  // On the day of a clock change both letters are of that month.
  const changing = [at - dayMs, at + dayMs].some((near) => place.zone.offset(near) === offset);
  const when = changing ? 'at that time' : `in ${wall.toFormat('LLLL')}`;
  return `${letters} is not in use ${when}; read as ${wall.toFormat('HH:mm')} ${familyName} (${inUse}).`;
}

/** GMT is a fixed reference, but in a British summer it is often written for the time on the wall. */
function gmtInSummer(at: number, context: TimeContext): string | null {
  const zone = zoneOf(context);
  const family = meaningsOf('BST')[0]?.family;
  if (!family?.zones.has(zone.name) || zone.offset(at) === 0) return null;
  return 'GMT is the same as UTC; London is on BST then.';
}

function fits(meaning: LetterMeaning, offset: number): boolean {
  return meaning.offset === null
    ? offset === meaning.family.standard || offset === meaning.family.standard + 60
    : meaning.offset === offset;
}
