// What the parts of a catalogue's file are made of: lists that may be one, mappings of names, words on one line.
import { z } from 'zod';
import { oneLine } from '../../core/text.js';
import type { SaidPerson } from './said.js';
import { isName, labelLimit, nameOf, nameRule, placeOf } from './words.js';

/** Nothing behind a key is as if it had nothing in it. */
export function orEmpty<T extends z.ZodType>(of: T) {
  return z.preprocess((value) => value ?? {}, of);
}

/** One may stand without the brackets of a list. */
export function listOf<T extends z.ZodType>(item: T, most: number, what: string) {
  return z.preprocess(
    (value) => (value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(item).max(most, { error: `has more than ${most} ${what}` }),
  );
}

const anyName = z
  .string()
  .transform(nameOf)
  .refine(isName, { error: `is no name: ${nameRule}` });

/** A mapping of names to what is said of each. */
export function mapOf<T extends z.ZodType>(
  value: T,
  what: string,
  name: z.ZodType<string, string> = anyName,
) {
  return orEmpty(
    z
      .record(name, orEmpty(value), { error: `must be a mapping of ${what}` })
      .transform((map) => Object.entries(map)),
  );
}

/** Words on one line. */
export const text = (limit: number, what: string) =>
  z
    .union([z.string(), z.number()], { error: `must be ${what}` })
    .transform((value) => oneLine(String(value)))
    .refine((value) => value !== '', { error: `must be ${what}` })
    .refine((value) => value.length <= limit, { error: `is longer than ${limit} characters` });

/** Somebody, by a Slack id or a name. */
export const person = text(labelLimit, 'a Slack id or a name, such as "@ana"')
  .transform((word): SaidPerson => ({ word: word.replace(/^@/, ''), also: [] }))
  .refine(({ word }) => word !== '', { error: 'must be a Slack id or a name, such as "@ana"' });

/** Where something runs. */
export const place = text(2 * labelLimit + 1, 'environment/cluster, such as prod/eks').transform(
  (word, context) => {
    const read = placeOf(word);
    if (read) return read;
    context.issues.push({
      code: 'custom',
      input: word,
      message: 'must be environment/cluster, such as prod/eks',
    });
    return z.NEVER;
  },
);
