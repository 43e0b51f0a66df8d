// `/freeze on`, in Slack and over HTTP: what is said of a new freeze, and what is needed to decide it.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import { textOf } from '../../core/text.js';
import { personSchema, writtenTimeSchema } from '../incident/index.js';
import { onForm } from './forms.js';
import type { OnInput } from './making.js';
import { decideOn, type OnState, repeatMs } from './on-rules.js';
import { nameWord, placeWord, tierWord } from './places.js';
import { knownNames, nextFreezeNumber, recentFreezes } from './store.js';
import { freezesStream, lengthWord, reasonLimit } from './words.js';

const namesMax = 50;
const listOf = <T>(word: z.ZodType<T>) =>
  z
    .array(word)
    .max(namesMax, { error: `At most ${namesMax} names in a list; * stands for any.` })
    .default([]);
const phraseMax = 300;

/** What is said of a new freeze; the names are those of the usage line. */
const onInput: z.ZodType<OnInput> = z.object({
  reason: textOf({
    missing: 'Say why, in a few words: whoever is stopped reads it.',
    limit: reasonLimit,
  }),
  on: listOf(placeWord),
  env: listOf(nameWord('environment')),
  cluster: listOf(nameWord('cluster')),
  tier: listOf(tierWord),
  except: listOf(placeWord),
  from: writtenTimeSchema.optional(),
  for: lengthWord.optional(),
  until: writtenTimeSchema.optional(),
  every: z.string().max(phraseMax, { error: 'every: is too long.' }).optional(),
  zone: z.string().optional(),
  owner: personSchema.optional(),
  soft: z.boolean().default(false),
  everything: z.boolean().default(false),
  anyway: z.boolean().default(false),
  remarks: z.array(z.string()).default([]),
});

/** Freezes something; the facts are `FreezeSet` alone. */
export const freezeOn = defineCommand<OnInput, { readonly id: string }, OnState>({
  verb: {
    surface: 'freeze',
    words: ['on', 'start'],
    usage:
      '[REASON] [on:COMPONENT,…] [env:NAME,…] [cluster:NAME,…] [tier:NAME,…] [except:COMPONENT,…] [from:WHEN] [for:] [until:WHEN] [every:PHRASE] [zone:] [owner:@user] [soft] [everything] [anyway]',
    summary:
      'Freezes: changes there must not start until it is over. All production where nobody says what, two hours where nobody says how long. With no words it asks.',
    example: '/freeze on rebuilding the cluster on:*/prod/eks for:3h',
    onIncident: false,
    inDrill: 'refused',
  },
  input: onInput,
  form: onForm,
  async locate(_tx, _input, ask) {
    return { streams: [freezesStream], target: { id: ask.newId() } };
  },
  async load(tx, input, { id }, ask) {
    const since = new Date(ask.now.getTime() - repeatMs);
    return {
      id,
      number: await nextFreezeNumber(tx, ask.workspace.id),
      known: await knownNames(tx, ask.workspace.id, input),
      recent: await recentFreezes(tx, ask, since),
    };
  },
  decide: decideOn,
});
