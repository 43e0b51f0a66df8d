// The usage line is the grammar: "ROLE @user [at:TIME]" is the help, the manifest's hint and the parser.
//
//   UPPER        a word to be replaced, in quotes if it has spaces; TEXT, TITLE, REASON and LEVELS take all that is left, and
//                where there is none of them the last word does
//   TIME         a time at the beginning, as people write it; at:TIME at the beginning or the end is the same
//   WHEN         the same, where a bare time is still to come; until:WHEN may be a day, and is its last minute then
//   @user        a person
//   @groups      all that is left, in which groups of people are still to be read
//   key:         a key with a value; key:TIME and key:WHEN a time; key:@user a person; key:X,… a list, key:@user,… of people;
//                key:PHRASE several words, in quotes or up to the next key or the flags at the end
//   lower        a flag, typed as it stands, after the text; a|b|c a choice
//   [ ]          may be left out
import { shorten } from './message.js';
import { cleanText } from './text.js';
import {
  noticeTime,
  readBegunTime,
  readLeadingTime,
  readTime,
  type TimeContext,
  type TimeReading,
  type WrittenTime,
} from './time/index.js';

import {
  aheadOf,
  type Item,
  isMany,
  keepsMentions,
  namesSeveral,
  parseUsage,
  sample,
  unquoted,
  valuePatterns,
} from './usage-line.js';

export { parseUsage };

export interface PersonRef {
  readonly id: string;
  readonly name: string;
}

/** What reading words needs to know of the asker. */
export interface WordsContext {
  readonly time: TimeContext;
  readonly me: PersonRef;
  /** People named in the words, by lower-case name without the @. */
  readonly people: ReadonlyMap<string, PersonRef>;
}

export type WordsRead =
  | { readonly ok: true; readonly values: Record<string, unknown>; readonly remarks: readonly string[] }
  | { readonly ok: false; readonly reason: string; readonly field?: string };

/** What a key is followed by, and where that ends. */
interface TimeValue {
  readonly reading: TimeReading;
  readonly end: number;
}
type Value = TimeValue | { readonly text: string; readonly end: number };

/** How much of what somebody wrote a refusal quotes. */
const quotedMax = 80;
/** A time and the flags behind it are shorter than this. */
const valueCharactersMax = 200;
const mention = /^<@([A-Z0-9]+)(?:\|([^>]*))?>$/;

/** Reads what a person typed after the verb. */
export function readWords(usage: string, text: string, context: WordsContext): WordsRead {
  const items = parseUsage(usage);
  const reading = new Reading(text, context, items);
  for (const item of items) if (item.kind === 'key') reading.takeKey(item);
  for (const item of reading.order(items)) reading.takeFromFront(item);
  reading.takeFlags(items.filter((item) => item.kind === 'flag'));
  reading.takeRest(items);
  const key =
    ['started', 'from'].find((name) => items.some((it) => it.kind === 'key' && it.name === name)) ?? 'at';
  reading.noticeLeft((time) => `write ${key}:${time}`);
  return reading.result();
}

/** Reads what a person put into a form: the same names, one value each. */
export function readFields(
  usage: string,
  fields: Readonly<Record<string, string | readonly string[]>>,
  context: WordsContext,
): WordsRead {
  const items = parseUsage(usage);
  const reading = new Reading('', context, items);
  for (const item of items) {
    const value = fields[item.name];
    if (typeof value === 'string' && cleanText(value) !== '') reading.put(item, cleanText(value));
  }
  for (const value of Object.values(fields)) {
    if (Array.isArray(value)) for (const flag of value) reading.values[flag] = true;
  }
  reading.noticeLeft((time) => `say it as the time, not in the text: ${time}`);
  return reading.result();
}

/** People's names that the words may mean, for whoever looks them up beforehand. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s:,])@([\p{L}\p{N}][\p{L}\p{N}._-]*)/gu)].map((m) =>
    (m[1] ?? '').toLowerCase(),
  );
}

/** Text as the record keeps it: a mention becomes the person's name, or the group's handle. */
export function plainWords(text: string): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|([^>]*))?>/g, (_all, id: string, name?: string) => `@${name || id}`)
    .replace(/<!subteam\^[A-Z0-9]+(?:\|([^>]*))?>/g, (_all, handle?: string) => handle || '@group');
}

class Reading {
  readonly values: Record<string, unknown> = {};
  readonly #context: WordsContext;
  readonly #remarks: string[] = [];
  #text: string;
  #problem: { reason: string; field: string } | null = null;
  readonly #items: readonly Item[];

  constructor(text: string, context: WordsContext, items: readonly Item[]) {
    this.#text = cleanText(text);
    this.#context = context;
    this.#items = items;
  }

  result(): WordsRead {
    if (this.#problem) return { ok: false, ...this.#problem };
    return { ok: true, values: this.values, remarks: this.#remarks };
  }

  takeKey(item: Item): void {
    while (this.#takeOnce(item)) {
      // A list may be said in parts: on:api on:web.
    }
  }

  /** `role @bob commander` is `role commander @bob`. */
  order(items: readonly Item[]): readonly Item[] {
    const person = items.find((item) => item.kind === 'person');
    if (!person || !/^(?:<?@|me\s)/i.test(this.#text)) return items;
    return [person, ...items.filter((item) => item !== person)];
  }

  #takeOnce(item: Item): boolean {
    const found = new RegExp(`(?:^|\\s)${item.name}:`, 'i').exec(this.#text);
    if (!found) return false;
    const after = found.index + found[0].length;
    const attached = /^\S/.test(this.#text.slice(after));
    const value = this.#valueAt(after, item);
    if (value === null) this.#noValue(item, after, attached);
    if (value === null) return false;
    const several = item.value === 'person' && namesSeveral(this.#text.slice(after));
    this.#cut(found.index, value.end);
    if (!isMany(item) && item.name in this.values)
      this.#fail(`${item.name}: stands there twice. Say it once.`, item.name);
    else if (several) this.#fail(`${item.name}: takes one person. Nothing was done.`, item.name);
    else if ('reading' in value) this.#putReading(item.name, value.reading);
    else this.put(item, value.text);
    return true;
  }

  takeFromFront(item: Item): void {
    if (item.kind === 'time') return this.#takeLeadingTime();
    if (item.kind !== 'word' && item.kind !== 'person' && item.kind !== 'choice') return;
    // A mention carries a name, which may have spaces.
    const pattern = item.kind === 'word' ? /^(?:"[^"]*"(?=\s|$)|\S+)/ : /^(?:<@[^>]*>|\S+)/;
    const first = pattern.exec(this.#text)?.[0];
    if (first === undefined) return;
    if (item.kind === 'choice' && !item.choices?.includes(first.toLowerCase())) return;
    if (item.kind === 'person' && item.optional && !this.#person(first)) return;
    this.#text = this.#text.slice(first.length).trimStart();
    this.put(item, item.kind === 'word' ? unquoted(first) : first);
  }

  // "private key leaked" is a title: a flag counts only behind the text.
  takeFlags(flags: readonly Item[]): void {
    const names = new Set(flags.map((flag) => flag.name));
    for (;;) {
      const last = /^(.*\S)\s+(\S+)$/s.exec(this.#text);
      const word = last?.[2]?.toLowerCase();
      if (!last || word === undefined || !names.has(word)) return;
      this.values[word] = true;
      this.#text = last[1] ?? '';
    }
  }

  takeRest(items: readonly Item[]): void {
    const flags = items.filter((item) => item.kind === 'flag');
    const rest = items.find((item) => item.kind === 'rest');
    if (rest) {
      const text = keepsMentions(rest) ? this.#text : plainWords(this.#text);
      if (text !== '') this.values[rest.name] = text;
      return;
    }
    // With no text in the grammar a flag may stand alone: `timeline all`.
    const alone = flags.find((flag) => flag.name === this.#text.toLowerCase());
    if (alone) this.values[alone.name] = true;
    else if (this.#text !== '') this.#takeLeft(items);
  }

  // `affects api/prod major outage`: what is left belongs to the last word.
  #takeLeft(items: readonly Item[]): void {
    const last = items.filter((item) => item.kind !== 'key' && item.kind !== 'flag').at(-1);
    const begun = last?.kind === 'word' ? this.values[last.name] : undefined;
    if (last && typeof begun === 'string') return this.put(last, `${begun} ${this.#text}`);
    const reading =
      last?.kind === 'time' && !this.values.time ? readTime(this.#text, this.#timeContext('time')) : null;
    if (reading && !reading.ok) this.#fail(reading.reason, 'time');
    else this.#fail(`I do not know what to do with “${shorten(plainWords(this.#text), quotedMax)}”.`, 'text');
  }

  put(item: Item, text: string): void {
    if (item.kind === 'time' || item.value === 'TIME') return this.#putTime(item.name, text);
    if (item.kind === 'person' || item.value === 'person') return this.#putPerson(item, text);
    if (item.value === 'people') return this.#putPeople(item, text);
    if (item.value === 'list') {
      const parts = (text.match(/"[^"]*"|[^,]+/g) ?? []).map((part) => unquoted(part.trim()));
      const before = (this.values[item.name] as string[] | undefined) ?? [];
      this.values[item.name] = [...before, ...parts.filter((part) => part !== '')];
      return;
    }
    const plain = keepsMentions(item) ? text : plainWords(text);
    this.values[item.name] = item.kind === 'choice' ? text.toLowerCase() : plain;
  }

  #takeLeadingTime(): void {
    const rest = this.#items.find((item) => item.kind === 'rest');
    // With no text to follow, all of it is the time: `started unknown`, `correct #7 10.42`.
    const whole = !rest || rest.optional ? readTime(unquoted(this.#text), this.#timeContext('time')) : null;
    if (whole?.ok) {
      this.#text = '';
      return this.#putReading('time', whole);
    }
    const leading = readLeadingTime(this.#text, this.#timeContext('time'));
    if (!leading) return this.#takeTimeAfterAt();
    this.#putReading('time', leading.reading);
    if (leading.reading.ok) this.#text = leading.rest;
  }

  #takeTimeAfterAt(): void {
    const found = /(?:^|\s)at:(?=\S)/i.exec(this.#text);
    if (!found) return;
    const after = found.index + found[0].length;
    const value = this.#timeAt(after, 'time');
    if (value) {
      this.#cut(found.index, value.end);
      return this.#putReading('time', value.reading);
    }
    const word = /^\S+/.exec(this.#text.slice(after))?.[0] ?? '';
    // `at:13:55 PM` is a mistake, `look at:the logs` is a sentence.
    if (found.index === 0 || /^\d/.test(word)) this.#putTime('time', this.#text.slice(after));
    else this.#remarks.push(`“at:${shorten(word, quotedMax)}” is no time and stays in the text.`);
  }

  #putTime(name: string, text: string): void {
    this.#putReading(name, this.#readTime(text, name));
  }

  #putReading(name: string, reading: TimeReading): void {
    if (!reading.ok) return this.#fail(reading.reason, name);
    this.values[name] = reading.time satisfies WrittenTime;
    this.#remarks.push(...reading.remarks);
  }

  /** Where no time was said and the text begins as one does, the sender is told that it was not taken. */
  noticeLeft(howToSay: (time: string) => string): void {
    const rest = this.#items.find((item) => item.kind === 'rest');
    const times = this.#items.filter((item) => item.kind === 'time' || item.value === 'TIME');
    const text = rest && this.values[rest.name];
    if (times.length === 0 || typeof text !== 'string') return;
    if (times.some((item) => item.name in this.values)) return;
    const notice = noticeTime(text, howToSay);
    if (notice) this.#remarks.push(notice);
  }

  #putPerson(item: Item, text: string): void {
    const person = this.#person(text);
    if (person) this.values[item.name] = person;
    else this.#unknownPerson(item, text);
  }

  // `owner:none` says that there is nobody.
  #putPeople(item: Item, text: string): void {
    const before = (this.values[item.name] as PersonRef[] | undefined) ?? [];
    const named = text.toLowerCase() === 'none' ? [] : (text.match(/<@[^>]*>|[^\s,]+/g) ?? []);
    const people = named.flatMap((each) => this.#person(each) ?? this.#unknownPerson(item, each));
    this.values[item.name] = [...new Map([...before, ...people].map((each) => [each.id, each])).values()];
  }

  #unknownPerson(item: Item, text: string): [] {
    const shown = shorten(plainWords(text), quotedMax);
    this.#fail(
      `I do not know ${shown.startsWith('@') ? shown : `“${shown}”`}. Type @ and pick the person from the list that Slack offers.`,
      item.name,
    );
    return [];
  }

  #person(text: string): PersonRef | null {
    const token = mention.exec(text);
    if (token?.[1]) {
      const named = this.#context.people.get(token[1].toLowerCase());
      return named ?? null;
    }
    const name = text.replace(/^@/, '').toLowerCase();
    if (name === 'me') return this.#context.me;
    return this.#context.people.get(name) ?? null;
  }

  // Takes a key and its value out, and leaves the spaces and lines of the text as they were.
  #cut(start: number, end: number): void {
    const before = this.#text.slice(0, start);
    const after = this.#text.slice(end);
    const newLine = this.#text[start] === '\n' && !after.startsWith('\n');
    const rest = newLine ? `\n${after.trimStart()}` : /^(\s|$)/.test(after) ? after : ` ${after}`;
    this.#text = `${before}${rest}`.trim();
  }

  // A name is that of one item: what is planned lies ahead, what is told lies behind.
  #timeContext(name: string): TimeContext {
    const ahead = this.#items.some((item) => item.name === name && item.ahead);
    return ahead ? aheadOf(this.#context.time, name) : this.#context.time;
  }

  #valueAt(start: number, item: Item): Value | null {
    if (item.value === 'TIME') return this.#timeAt(start, item.name);
    return item.value === 'PHRASE' ? this.#phraseAt(start) : this.#wordAt(start, item.value ?? 'word');
  }

  #phraseAt(start: number): Value | null {
    const quoted = /^\s*"([^"]*)"/.exec(this.#text.slice(start));
    if (quoted) return { text: quoted[1] ?? '', end: start + quoted[0].length };
    const found = /^[^\n]*/.exec(this.#text.slice(start, this.#endOfValue(start)))?.[0] ?? '';
    return found.trim() === '' ? null : { text: found.trim(), end: start + found.length };
  }

  #timeAt(start: number, name: string): TimeValue | null {
    const time = this.#timeContext(name);
    const quoted = /^"([^"]*)"/.exec(this.#text.slice(start));
    if (quoted) return { end: start + quoted[0].length, reading: this.#readTime(quoted[1] ?? '', name) };
    const text = this.#text.slice(start, this.#endOfValue(start));
    const begun = readBegunTime(text, time);
    const day = begun?.reading.ok ? null : this.#lastMinuteOf(text, name);
    if (day) return { end: start + text.length, reading: day };
    return begun && { end: start + begun.length, reading: begun.reading };
  }

  #readTime(text: string, name: string): TimeReading {
    const reading = readTime(text, this.#timeContext(name));
    return reading.ok ? reading : (this.#lastMinuteOf(text, name) ?? reading);
  }

  // What lasts until Friday lasts all of it.
  #lastMinuteOf(text: string, name: string): TimeReading | null {
    if (!this.#items.some((item) => item.name === name && item.ahead && name === 'until')) return null;
    const reading = readTime(`${text.trim()} 23:59`, this.#timeContext(name));
    return reading.ok ? { ...reading, time: { ...reading.time, asWritten: text.trim() } } : null;
  }

  // A value goes no further than the next key, or the flags at the end.
  #endOfValue(start: number): number {
    const named = (kind: Item['kind']) =>
      this.#items.filter((item) => item.kind === kind).map((item) => item.name);
    const [keys, flags] = [named('key'), named('flag')];
    const value = this.#text.slice(start);
    const nextKey = keys.length > 0 ? value.search(new RegExp(`\\s(?:${keys.join('|')}):`, 'i')) : -1;
    const upToKey = nextKey < 0 ? value : value.slice(0, nextKey);
    // Far behind, a flag is not in the way of a time; and looking for it would take long on a long text.
    if (flags.length === 0 || upToKey.length > valueCharactersMax) return start + upToKey.length;
    return start + upToKey.replace(new RegExp(`(?:\\s+(?:${flags.join('|')}))+$`, 'i'), '').length;
  }

  #wordAt(start: number, kind: keyof typeof valuePatterns): Value | null {
    const found = valuePatterns[kind].exec(this.#text.slice(start));
    if (!found) return null;
    const raw = found[0].trim();
    const text = kind === 'list' ? raw : unquoted(raw);
    // "an alert on: nobody knows" is a sentence; "on: api/prod" is not.
    if (kind === 'list' && /^\s/.test(found[0]) && !/[/,]/.test(text)) return null;
    return { text, end: start + found[0].length };
  }

  // `at:nonsense` is a mistake worth telling; "meet at: noon-ish place" is text.
  #noValue(item: Item, after: number, attached: boolean): void {
    const word = /^\s*(\S*)/.exec(this.#text.slice(after))?.[1] ?? '';
    if (!attached && word !== '') return;
    const reading = word === '' ? null : readTime(word, this.#timeContext(item.name));
    const reason =
      reading && !reading.ok ? reading.reason : `${item.name}: needs a value, such as ${sample(item)}.`;
    this.#fail(reason, item.name);
  }

  #fail(reason: string, field: string): void {
    this.#problem ??= { reason, field };
  }
}
