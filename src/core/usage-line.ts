// A usage line taken apart: what each of its words takes. How it is written is said in usage.ts.
import type { TimeContext } from './time/index.js';

/** One word of a usage line. */
export interface Item {
  readonly kind: 'word' | 'rest' | 'time' | 'person' | 'key' | 'flag' | 'choice';
  readonly name: string;
  readonly optional: boolean;
  /** A bare time is the next such instant. */
  readonly ahead?: boolean;
  readonly value?: 'TIME' | 'PHRASE' | 'list' | 'people' | 'person' | 'word';
  readonly choices?: readonly string[];
}

const restNames = new Set(['TEXT', 'TITLE', 'REASON', 'INSTRUCTIONS', 'LEVELS']);

/** Reads a usage line. Throws on one that is not well formed: a mistake of ours, found by the first test. */
export function parseUsage(usage: string): readonly Item[] {
  return (usage.match(/\[[^\]]*\]|\S+/g) ?? []).map((part) => {
    const optional = part.startsWith('[');
    const body = optional ? part.slice(1, -1) : part;
    const key = /^([a-z]+):(.*)$/.exec(body);
    const ahead = body.endsWith('WHEN');
    if (key) return { kind: 'key', name: key[1] ?? '', optional: true, value: keyValue(key[2] ?? ''), ahead };
    if (body === 'TIME' || body === 'WHEN') return { kind: 'time', name: 'time', optional, ahead };
    if (body === '@groups') return { kind: 'rest', name: 'groups', optional };
    if (body.startsWith('@')) return { kind: 'person', name: body.slice(1), optional };
    if (restNames.has(body)) return { kind: 'rest', name: body.toLowerCase(), optional };
    if (body.includes('|')) return { kind: 'choice', name: 'choice', optional, choices: body.split('|') };
    if (/^[A-Z]+$/.test(body)) return { kind: 'word', name: body.toLowerCase(), optional };
    if (/^[a-z]+$/.test(body)) return { kind: 'flag', name: body, optional: true };
    throw new Error(`usage line: cannot read ${part}`);
  });
}

function keyValue(body: string): NonNullable<Item['value']> {
  if (body === 'TIME' || body === 'WHEN') return 'TIME';
  if (body === 'PHRASE') return body;
  if (body.endsWith(',…')) return body.startsWith('@') ? 'people' : 'list';
  return body.startsWith('@') ? 'person' : 'word';
}

/** Whether it may be said in parts: `on:api on:web`. */
export function isMany(item: Item): boolean {
  return item.value === 'list' || item.value === 'people';
}

/** Whether what stands there is kept with its mentions, because they say who is meant. */
export function keepsMentions({ name }: Item): boolean {
  return name === 'levels' || name === 'groups' || name === 'target';
}

const oneWord = /^\s*(?:"[^"]*"|<@[^>]*>|\S+)/;
// "30m from now" and "in 30m" are one value too, where what follows can be of no text.
const lengthAhead =
  /(?:in\s+)?\d[\w.]*(?:\s+(?:min|hour|day|week)[a-z]*)?\s+from\s+now(?!\w)|in\s+\d[\w.]*(?:\s+(?:min|hour|day|week)[a-z]*)?(?!\S)/;
/** What the value of a key is, by what it takes. */
export const valuePatterns = {
  TIME: oneWord,
  word: new RegExp(`^\\s*(?:${lengthAhead.source}|"[^"]*"|<@[^>]*>|\\S+)`, 'i'),
  person: oneWord,
  list: /^\s*(?:"[^"]*"|[^\s,]+)(?:\s*,\s*(?:"[^"]*"|[^\s,]+))*,?/,
  people: /^\s*(?:<@[^>]*>|[^\s,]+)(?:\s*,\s*(?:<@[^>]*>|[^\s,]+))*,?/,
} as const;

/** Whether a value begins with several people. */
export function namesSeveral(value: string): boolean {
  return /^\s*(?:<@[^>]*>|@[^\s,]+)\s*,\s*<?@/.test(value);
}

/** How a time that is still to come is read. Until a length of time is said with `for:`, for it may have begun before. */
export function aheadOf(time: TimeContext, name: string): TimeContext {
  return { ...time, direction: 'future', lengths: name !== 'until' };
}

/** Without the quotes around it. */
export function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}

/** Keys whose value is no mere number. */
const samples: Readonly<Record<string, string>> = {
  next: 'next:30m or next:"15:40 UTC"',
  for: 'for:30m',
  grace: 'grace:10m',
  repeat: 'repeat:15m',
  channel: 'channel:#support',
  mail: 'mail:you@example.com',
  url: 'url:https://example.com/',
  zone: 'zone:Europe/Berlin',
};

/** A value that this key may have, for a refusal. */
export function sample(item: Item): string {
  if (item.value === 'TIME') return `${item.name}:10:42`;
  if (item.value === 'PHRASE') return `${item.name}:"weekday 18:00 to 08:00"`;
  if (item.value === 'list') return `${item.name}:api/prod,web/prod`;
  if (item.value === 'people') return `${item.name}:@ana,@bob`;
  if (item.value === 'person') return `${item.name}:@ana`;
  return samples[item.name] ?? `${item.name}:1`;
}
