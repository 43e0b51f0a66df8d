// The table that routes the verbs: from words to a command or a question. Help is made from the same table.

import type { Tx } from '../db/tx.js';
import type { Ask, Bound, Command, Query, Refusal, SurfaceName, Verb } from './command.js';
import type { Feature } from './feature.js';
import type { FormValues } from './form.js';
import { joined, line, list, type Message, message, type Span, say, shorten } from './message.js';
import { readFields, readWords, type WordsContext } from './usage.js';

/** Where no verb is needed: what is typed is what this one is about. A word counts as a verb only before a `REP-7`, or alone. */
const bareVerbs: Readonly<Partial<Record<SurfaceName, string>>> = { report: 'report' };

export type Routed =
  | { readonly kind: 'command'; readonly bound: Bound }
  | { readonly kind: 'query'; answer(tx: Tx, ask: Ask): Promise<Message> }
  /** The words leave everything open: show the form. `prefix` names the incident, if the words did. */
  | {
      readonly kind: 'form';
      readonly command: Command;
      readonly incident: number | null;
      /** What the words said already. */
      readonly initial?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Surface {
  readonly commands: readonly Command[];
  readonly queries: readonly Query[];
  /** Understands a line after the slash command's name. */
  route(surface: SurfaceName, text: string, context: WordsContext): Routed;
  /** Understands what a form was filled with. */
  routeForm(
    surface: SurfaceName,
    word: string,
    values: FormValues,
    incident: number | null,
    context: WordsContext,
  ): Routed;
  verbs(surface: SurfaceName): readonly Verb[];
}

const shortWord = 4;
const incidentWord = /^inc-?(\d{1,9})$/i;

/** Makes the table of all features' verbs. Throws when two verbs share a word: a mistake of ours. */
export function makeSurface(features: readonly Feature[]): Surface {
  const commands = features.flatMap((feature) => feature.commands ?? []);
  const queries = features.flatMap((feature) => feature.queries ?? []);
  const table = new Map<string, { command: Command } | { query: Query }>();
  for (const command of commands) enter(table, command.verb, { command });
  for (const query of queries) enter(table, query.verb, { query });
  const verbs = (surface: SurfaceName) =>
    [...commands.map((each) => each.verb), ...queries.map((each) => each.verb)].filter(
      (verb) => verb.surface === surface,
    );

  return {
    commands,
    queries,
    verbs,
    route(surface, text, context) {
      const { word, rest } = wordsOf(surface, text, verbs(surface));
      if (word === '' || word === 'help')
        return { kind: 'query', answer: async () => help(surface, topicsOf(features, surface), rest) };
      const found = table.get(`${surface} ${word}`);
      if (incidentWord.test(word)) return { kind: 'refused', refusal: verbFirst(surface, word, rest) };
      if (!found) return { kind: 'refused', refusal: unknownVerb(surface, word, text, verbs(surface)) };
      const verb = 'command' in found ? found.command.verb : found.query.verb;
      const named = verb.onIncident ? takeIncident(rest, verb.usage) : { incident: null, rest };
      if ('command' in found && found.command.form && named.rest === '')
        return { kind: 'form', command: found.command, incident: named.incident };
      const initial = verb.toForm?.(named.rest);
      if ('command' in found && found.command.form && initial)
        return { kind: 'form', command: found.command, incident: named.incident, initial };
      const read = readWords(verb.usage, named.rest, context);
      if (!read.ok) return { kind: 'refused', refusal: withUsage(verb, { message: say(read.reason) }) };
      const values = verb.fromLine?.(read.values) ?? read.values;
      const routed = finish(found, { ...values, remarks: read.remarks }, named.incident);
      return routed.kind === 'refused'
        ? { kind: 'refused', refusal: withUsage(verb, routed.refusal) }
        : routed;
    },
    routeForm(surface, word, values, incident, context) {
      const found = table.get(`${surface} ${word}`);
      if (!found)
        return {
          kind: 'refused',
          refusal: { message: say('This form is of an older version. Close it and open it again.') },
        };
      const verb = 'command' in found ? found.command.verb : found.query.verb;
      const read = readFields(verb.usage, values, context);
      if (!read.ok)
        return {
          kind: 'refused',
          refusal: { message: say(read.reason), ...(read.field ? { field: read.field } : {}) },
        };
      // A form may have fields that the line has no word for, such as the kind of a note.
      const more = Object.fromEntries(
        Object.entries(values).filter(
          ([name, value]) => typeof value === 'string' && value !== '' && !(name in read.values),
        ),
      );
      return finish(found, { ...more, ...read.values, remarks: read.remarks }, incident);
    },
  };
}

/** The usage line of a verb, as it is typed. */
export function usageLine(verb: Verb): string {
  const word = isBare(verb) ? '' : ` ${verb.words[0]}`;
  return `/${verb.surface}${word}${verb.usage ? ` ${verb.usage}` : ''}`;
}

function isBare(verb: Verb): boolean {
  return verb.surface !== null && bareVerbs[verb.surface] === verb.words[0];
}

function wordsOf(surface: SurfaceName, text: string, verbs: readonly Verb[]): { word: string; rest: string } {
  const first = firstWord(text);
  const bare = bareVerbs[surface];
  if (bare === undefined) return first;
  const known = first.word === 'help' || verbs.some((verb) => verb.words.includes(first.word));
  if (known && first.rest === '') return first;
  const named = first.word === 'help' || /^rep-?\d+\b/i.test(first.rest);
  return known && named && first.word !== bare ? first : { word: bare, rest: text.trim() };
}

function finish(
  found: { command: Command } | { query: Query },
  values: Record<string, unknown>,
  incident: number | null,
): Routed {
  const all = incident === null ? values : { ...values, incident };
  if ('query' in found) return { kind: 'query', answer: (tx, ask) => found.query.answer(tx, all, ask) };
  const bound = found.command.bind(all);
  if (bound.ok) return { kind: 'command', bound: bound.bound };
  return { kind: 'refused', refusal: bound.refusal };
}

function enter(
  table: Map<string, { command: Command } | { query: Query }>,
  verb: Verb,
  entry: { command: Command } | { query: Query },
): void {
  for (const word of verb.words) {
    const key = `${verb.surface} ${word}`;
    if (table.has(key)) throw new Error(`two verbs: ${key}`);
    table.set(key, entry);
  }
}

function firstWord(text: string): { word: string; rest: string } {
  const trimmed = text.trim();
  const word = /^\S*/.exec(trimmed)?.[0] ?? '';
  return { word: word.toLowerCase(), rest: trimmed.slice(word.length).trim() };
}

function takeIncident(text: string, usage: string): { incident: number | null; rest: string } {
  const { word, rest } = firstWord(text);
  const found = incidentWord.exec(word);
  // `merge INC-7` names the other incident; `merge INC-9 INC-7` both.
  if (usage.startsWith('INC') && rest === '') return { incident: null, rest: text };
  return found ? { incident: Number(found[1]), rest } : { incident: null, rest: text };
}

function withUsage(verb: Verb, refusal: Refusal): Refusal {
  const spans: Span[] = ['Usage: ', { code: usageLine(verb) }];
  if (verb.example) spans.push(', such as ', { code: verb.example });
  const text = refusal.message.blocks.length > 0 ? refusal.message : say(refusal.message.text);
  const usage = message(line(...spans));
  return {
    ...refusal,
    message: joined(text, usage),
  };
}

function verbFirst(surface: SurfaceName, incident: string, rest: string): Refusal {
  const verb = firstWord(rest);
  const words = [verb.word || 'show', incident.toUpperCase(), shorten(verb.rest, 100)].filter(Boolean);
  return {
    message: say('The verb comes first: ', { code: `/${surface} ${words.join(' ')}` }, '. Nothing was done.'),
  };
}

function unknownVerb(surface: SurfaceName, word: string, text: string, verbs: readonly Verb[]): Refusal {
  // Of a short word two letters are most of it: “the” is not “due”.
  const far = word.length < shortWord ? 1 : 2;
  const close = verbs.flatMap((verb) => verb.words).filter((each) => distance(each, word) <= far);
  const best = close.sort((a, b) => distance(a, word) - distance(b, word))[0];
  const suggestion: Span[] = best ? ['Did you mean ', { code: `/${surface} ${best}` }, '? '] : [];
  const sentence = surface === 'incident' && text.trim().includes(' ') && !best;
  return {
    message: message(
      line(
        `I do not know “${shorten(word, 40)}”; nothing was done. `,
        ...suggestion,
        { code: `/${surface} help` },
        ' lists what there is.',
      ),
      sentence && line('To open an incident: ', { code: `/incident declare ${shorten(text.trim(), 100)}` }),
    ),
  };
}

/** The verbs that help lists under one word. */
interface Topic {
  readonly name: string;
  readonly verbs: readonly Verb[];
}

function topicsOf(features: readonly Feature[], surface: SurfaceName): Topic[] {
  const topics = new Map<string, Verb[]>();
  for (const feature of features) {
    const all = [...(feature.commands ?? []), ...(feature.queries ?? [])].map((each) => each.verb);
    const verbs = all.filter((verb) => verb.surface === surface);
    const name = feature.topic ?? feature.name;
    if (verbs.length > 0) topics.set(name, [...(topics.get(name) ?? []), ...verbs]);
  }
  return [...topics].map(([name, verbs]) => ({ name, verbs }));
}

// A telephone shows some fifteen lines: all verbs by their names, those of one topic with a sentence each.
function help(surface: SurfaceName, topics: readonly Topic[], about: string): Message {
  const word = about.toLowerCase();
  const one = topics.flatMap(({ verbs }) => verbs).find((verb) => verb.words.includes(word));
  if (one) return helpOn(one);
  const topic = topics.find(({ name }) => name === word) ?? (topics.length === 1 ? topics[0] : undefined);
  const strange =
    word !== '' && topic?.name !== word && line(`There is no verb “${shorten(word, 40)}”. There are:`);
  if (topic)
    return message(
      strange,
      line({ bold: `/${surface}` }, ', ', topic.name, '. ', { code: `/${surface} help VERB` }, ' says more.'),
      list(
        topic.verbs.map((verb) => [
          { code: isBare(verb) ? verb.usage : `${verb.words[0]}` },
          ` ${firstSentence(verb.summary)}`,
        ]),
      ),
    );
  return message(
    strange,
    line({ bold: `/${surface} VERB …` }, ', also as ', { code: '@andon VERB …' }, ' in a thread.'),
    list(
      topics.map(({ name, verbs }) => [
        { bold: name },
        `: ${verbs.map((verb) => verb.words[0] ?? '').join(', ')}`,
      ]),
    ),
    line(
      { code: `/${surface} help ${topics[0]?.verbs[0]?.words[0] ?? 'VERB'}` },
      ' explains a verb, ',
      { code: `/${surface} help ${topics[0]?.name ?? 'TOPIC'}` },
      ' lists what each of a topic does.',
    ),
  );
}

function helpOn(verb: Verb): Message {
  return message(
    line({ code: usageLine(verb) }),
    line(verb.summary, verb.words.length > 1 ? ` Also: ${verb.words.slice(1).join(', ')}.` : ''),
    verb.example !== undefined && line('Example: ', { code: verb.example }),
    verb.onIncident && line('Put INC-12 in front for another incident than this channel’s.'),
  );
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** Levenshtein's distance, for “did you mean”. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
