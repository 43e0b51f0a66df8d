// What can happen to a cord when its incident is over: its owner is asked, and may keep it.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { cordOf, freezeKey } from '../freeze/index.js';

const person = z.object({ id: z.string(), name: z.string() });

/** Its incident is over and it is still on: its owner is asked, and after a while everybody there. */
export const freezeOwnerAsked = defineFact(
  'FreezeOwnerAsked',
  z.object({
    id: z.string(),
    number: z.int(),
    owner: person,
    incident: cordOf,
    drill: z.boolean(),
    /** 1: the owner; 2: they said nothing, so the commander is asked, and everybody there; more: both, anew. */
    round: z.int(),
    /** It was asked before, of this end or another: a message that is edited is not heard. */
    anew: z.boolean().default(false),
    /** When the incident was over, from where the rounds are counted. */
    since: z.coerce.date().optional(),
    /** Where the incident goes on that this one was merged into: it is asked there. */
    into: z.object({ id: z.string(), number: z.int() }).nullable().default(null),
    /** Who is asked one by one. */
    people: z.array(person),
    /** When the next are asked; null: nobody more. */
    next: z.coerce.date().nullable(),
  }),
  () => null,
);

/** It stays on although its incident is over. */
export const freezeKept = defineFact(
  'FreezeKept',
  z.object({
    id: z.string(),
    number: z.int(),
    text: z.string().nullable(),
    incident: cordOf,
    drill: z.boolean(),
  }),
  (it) => ({
    kind: 'freeze',
    text: `${freezeKey(it)} is kept although the incident is over${it.text ? `: ${it.text}` : ''}`,
  }),
  (it) => ({ ...it, text: null }),
);
