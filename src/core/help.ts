// Help, made from the table of verbs: all by their names, one topic's with a sentence each, one verb with all of it.
import type { SurfaceName, Verb } from './command.js';
import type { Feature } from './feature.js';
import { guessVerb } from './guess.js';
import { line, list, type Message, message, type Part, shorten } from './message.js';

/** Where no verb is needed: what is typed is what this one is about. A word counts as a verb only before a `REP-7`, or alone. */
export const bareVerbs: Readonly<Partial<Record<SurfaceName, string>>> = { report: 'report' };

/** What is looked for at night, in this order; the other topics follow in the order of the features. */
const firstTopics: readonly string[] = ['incident', 'calling'];

/** The verbs that help lists under one word. */
interface Topic {
  readonly name: string;
  readonly verbs: readonly Verb[];
}

/** The topics of a slash command: a verb's own, else its feature's. */
export function topicsOf(features: readonly Feature[], surface: SurfaceName): Topic[] {
  const topics = new Map<string, Verb[]>();
  for (const feature of features) {
    const all = [...(feature.commands ?? []), ...(feature.queries ?? [])].map((each) => each.verb);
    for (const verb of all.filter((each) => each.surface === surface)) {
      const name = verb.topic ?? feature.topic ?? feature.name;
      topics.set(name, [...(topics.get(name) ?? []), verb]);
    }
  }
  const rank = (name: string) => firstTopics.indexOf(name) + 1 || firstTopics.length + 1;
  return [...topics].map(([name, verbs]) => ({ name, verbs })).sort((a, b) => rank(a.name) - rank(b.name));
}

/** The usage line of a verb, as it is typed. */
export function usageLine(verb: Verb): string {
  const word = isBare(verb) ? '' : ` ${verb.words[0]}`;
  return `/${verb.surface}${word}${verb.usage ? ` ${verb.usage}` : ''}`;
}

function isBare(verb: Verb): boolean {
  return verb.surface !== null && bareVerbs[verb.surface] === verb.words[0];
}

/** Help about a verb or a topic, or all that there is. A telephone shows some fifteen lines. */
export function help(surface: SurfaceName, topics: readonly Topic[], about: string): Message {
  const word = about.trim().toLowerCase();
  const verbs = topics.flatMap((topic) => topic.verbs);
  const one = verbs.find((verb) => verb.words.includes(word));
  if (one) return helpOn(one);
  const topic = topics.find(({ name }) => name === word);
  if (topic) return helpOnTopic(surface, topic);
  const strange = word !== '' && strangeLine(surface, word, verbs);
  const [only] = topics;
  if (only && topics.length === 1) return helpOnTopic(surface, only, strange);
  if (strange) return message(strange, ...topicLines(surface, topics));
  return message(
    line({ bold: `/${surface} VERB …` }, ', also as ', { code: '@andon VERB …' }, ' in a thread.'),
    list(
      topics.map(({ name, verbs: own }) => [
        { bold: name },
        `: ${own.map((verb) => verb.words[0] ?? '').join(', ')}`,
      ]),
    ),
    line(
      { code: `/${surface} help ${only?.verbs[0]?.words[0] ?? 'VERB'}` },
      ' explains a verb, ',
      { code: `/${surface} help ${only?.name ?? 'TOPIC'}` },
      ' lists what each of a topic does.',
    ),
  );
}

function strangeLine(surface: SurfaceName, word: string, verbs: readonly Verb[]): Part {
  const meant = guessVerb(
    surface,
    word,
    verbs.flatMap((verb) => verb.words),
  );
  const none = `There is no verb “${shorten(word, 40)}”.`;
  return meant ? line(`${none} Did you mean `, { code: `/${surface} ${meant}` }, '?') : line(none);
}

function topicLines(surface: SurfaceName, topics: readonly Topic[]): Part[] {
  return [
    line(`The topics: ${topics.map(({ name }) => name).join(', ')}.`),
    line(
      { code: `/${surface} help ${topics[0]?.name ?? 'TOPIC'}` },
      ' says what the verbs of one do, ',
      { code: `/${surface} help` },
      ' names all of them.',
    ),
  ];
}

function helpOnTopic(surface: SurfaceName, topic: Topic, strange: Part | false = false): Message {
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
