// The table that routes the verbs: from words to a command or a question. Help is made from the same table.

import type { Tx } from '../db/tx.js';
import type { Ask, Bound, Command, Query, Refusal, SurfaceName, Verb } from './command.js';
import type { Feature } from './feature.js';
import type { FormValues } from './form.js';
import { guessVerb, maybeSentence } from './guess.js';
import { bareVerbs, help, topicsOf, usageLine } from './help.js';
import { joined, line, type Message, message, type Span, say, shorten } from './message.js';
import { readFields, readWords, type WordsContext } from './usage.js';

export { distance } from './guess.js';
export { usageLine } from './help.js';

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
  const known = verbs.flatMap((verb) => verb.words);
  const best = guessVerb(surface, text, known);
  const suggestion: Span[] = best ? ['Did you mean ', { code: `/${surface} ${best}` }, '? '] : [];
  const sentence = surface === 'incident' && maybeSentence(surface, text, known);
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
