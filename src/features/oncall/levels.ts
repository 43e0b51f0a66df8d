// Levels of an escalation as people write them: `@ana,schedule:primary 5m then @bob,pager:pd 10m`. Pure.
import { shorten } from '../../core/message.js';
import { readDuration, showDuration } from '../../core/time/index.js';
import { type Level, usualLevelMinutes, type Whom } from './words.js';

/** Whom somebody means, before it is known whether there is such a one. */
export interface SaidWhom {
  /** `any`: a bare word, which may be a schedule or a pager. */
  readonly kind: Whom['kind'] | 'any';
  readonly id: string | null;
  readonly name: string;
}

export interface SaidLevel {
  readonly whom: readonly SaidWhom[];
  readonly minutes: number;
}

export type LevelsRead =
  | { readonly ok: true; readonly levels: readonly SaidLevel[] }
  | { readonly ok: false; readonly reason: string };

const levelsMax = 10;
const whomMax = 20;
export const minutesMax = 24 * 60;
const minuteMs = 60_000;
const quotedMax = 60;

export const howToWriteLevels =
  'Write levels like this: @ana,schedule:primary 5m then @bob,pager:pd 10m. Those of one level are called together; the time is how long they have.';

/** Reads the levels; a level without a time has as long as usual. */
export function readLevels(text: string): LevelsRead {
  const parts = text.split(/\s*(?:\bthen\b|→|->|;|\n)\s*/i).filter((part) => part.trim() !== '');
  if (parts.length === 0) return no('That names nobody.');
  if (parts.length > levelsMax) return no(`At most ${levelsMax} levels.`);
  const levels: SaidLevel[] = [];
  for (const part of parts) {
    const read = readLevel(part);
    if ('reason' in read) return no(read.reason);
    levels.push(read);
  }
  return { ok: true, levels };
}

function no(reason: string): LevelsRead {
  return { ok: false, reason: `${reason} ${howToWriteLevels}` };
}

function readLevel(part: string): SaidLevel | { readonly reason: string } {
  const words = part.match(/<@[^>]*>|(?:[a-z]+:)?"[^"]*"|[^\s,]+/gi) ?? [];
  const said = words.filter((word) => !/^(?:and|after|for|within|,)$/i.test(word));
  const last = said.at(-1);
  const time = last !== undefined && /^\d/.test(last) ? readDuration(last) : null;
  if (time && !time.ok) return { reason: time.reason };
  const minutes = time ? Math.round(time.milliseconds / minuteMs) : usualLevelMinutes;
  if (minutes < 1 || minutes > minutesMax)
    return { reason: `A level has one minute to ${showDuration(minutesMax * minuteMs)}.` };
  const whom = (time ? said.slice(0, -1) : said).map(whomOf);
  const wrong = whom.find((each) => each.name === '');
  if (wrong || whom.length === 0) return { reason: `“${shorten(part.trim(), quotedMax)}” names nobody.` };
  if (whom.length > whomMax) return { reason: `At most ${whomMax} are called together.` };
  return { whom, minutes };
}

function whomOf(word: string): SaidWhom {
  const mention = /^<@([A-Z0-9]+)(?:\|([^>]*))?>$/.exec(word);
  if (mention) return { kind: 'person', id: mention[1] ?? null, name: mention[2] || (mention[1] ?? '') };
  if (word.startsWith('@')) return { kind: 'person', id: null, name: word.slice(1) };
  const named = /^(schedule|pager):(.*)$/i.exec(word);
  const kind = named?.[1]?.toLowerCase();
  if (named && (kind === 'schedule' || kind === 'pager'))
    return { kind, id: null, name: unquoted(named[2] ?? '') };
  return { kind: 'any', id: null, name: unquoted(word) };
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1').trim();
}

/** Levels as they are written, so that what is shown can be said again. */
export function showLevels(levels: readonly Level[]): string {
  return levels
    .map(
      ({ whom, minutes }) =>
        `${whom.map(showWhom).join(',')} ${showDuration(minutes * minuteMs).replace(' ', '')}`,
    )
    .join(' then ');
}

function showWhom({ kind, name }: Whom): string {
  const shown = /\s/.test(name) ? `"${name}"` : name;
  return kind === 'person' ? `@${name}` : `${kind}:${shown}`;
}
