// What people say of the catalogue in Slack, read word by word: `none` takes something away.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { personSchema } from '../incident/index.js';
import {
  channelOf,
  clockOf,
  dependenciesMax,
  isName,
  labelLimit,
  limitMax,
  nameOf,
  nameRule,
  type Owner,
  ownersMax,
  placeName,
  placeOf,
  tiers,
  unique,
} from './words.js';

/** The name of something in the catalogue. */
export function nameWord(missing: string) {
  return z
    .string({ error: missing })
    .transform(nameOf)
    .refine(isName, {
      error: (issue) => `“${shorten(String(issue.input), 80)}” cannot be a name: ${nameRule}.`,
    });
}

/** Several people; none takes them away. */
export const ownersWord = z
  .array(personSchema)
  .max(ownersMax, { error: `At most ${ownersMax} people. A team is named by team:.` })
  .transform((people): Owner[] => people);

/** A few words; `none` takes them away. */
export function labelWord(what: string) {
  return z
    .string()
    .transform(oneLine)
    .refine((word) => word.length <= labelLimit, {
      error: `The name of a ${what} has at most ${labelLimit} characters.`,
    })
    .transform((word) => (isNone(word) ? null : word));
}

export const channelWord = labelWord('channel').transform((word) =>
  word === null ? null : channelOf(word) || null,
);

export const tierWord = z.string().transform((word, context) => {
  if (isNone(word)) return null;
  const found = /^(?:tier[- ]?)?([1-4])$/i.exec(word.trim());
  if (found) return Number(found[1]);
  const message = 'A tier is 1 (the most important) to 4, such as tier:1; tier:none takes it away.';
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

export const needsWord = namesWord('service', 'needs:db,cache');
export const aliasesWord = namesWord('environment', 'aliases:production,live');

/** Where it runs: `prod`, `prod/eks`; a component of a service is read as its place. */
export const placesWord = z.array(z.string()).transform((words, context) => {
  const said = withoutNone(words);
  const places = said.map((word) => {
    const parts = word.split('/');
    const place = placeOf((parts.length === 3 ? parts.slice(1) : parts).join('/'));
    if (place) return place;
    const message = `“${shorten(word, 80)}” is no place to run. Write environment/cluster, such as on:prod or on:prod/eks.`;
    context.issues.push({ code: 'custom', input: word, message });
    return { environment: '', cluster: '' };
  });
  return unique(places, placeName);
});

export const environmentTierWord = z
  .string()
  .transform((word) => word.trim().toLowerCase())
  .pipe(z.enum(tiers, { error: `An environment is for ${tiers.join(', ')}, such as tier:production.` }));

/** How many changes at once; 0 is no limit. */
export const limitWord = z.string().transform((word, context) => {
  const number = isNone(word) ? 0 : /^\d{1,5}$/.test(word.trim()) ? Number(word) : Number.NaN;
  if (number <= limitMax) return number === 0 ? null : number;
  const message = `A limit is a whole number up to ${limitMax}, such as service:1; 0 is none.`;
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

export const clockWord = z.string().transform((word, context) => {
  if (/^(?:off|none)$/i.test(word.trim())) return null;
  const clock = clockOf(word);
  if (clock) return clock;
  const message = `“${shorten(word, 40)}” is no time of the day. Write it as 08:30, or off for none.`;
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

function namesWord(what: string, example: string) {
  return z.array(z.string()).transform((words, context) => {
    const names = withoutNone(words).map(nameOf);
    const wrong = names.find((each) => !isName(each));
    const message =
      wrong !== undefined
        ? `“${shorten(wrong, 80)}” is no ${what}’s name, such as ${example}: ${nameRule}.`
        : names.length > dependenciesMax
          ? `At most ${dependenciesMax} of them.`
          : null;
    if (message === null) return unique(names);
    context.issues.push({ code: 'custom', input: words, message });
    return z.NEVER;
  });
}

function withoutNone(words: readonly string[]): string[] {
  return words.filter((each) => !isNone(each));
}

function isNone(word: string): boolean {
  return /^(?:none|-)$/i.test(word.trim());
}
