// What can happen to cover and validation of a change, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { changeKey, ownerSchema } from '../change/index.js';
import { personSchema } from '../incident/index.js';

/** Those of support who are told: a channel, people, or with neither the channel of changes. */
const supportSchema = z.object({ channel: z.string().nullable(), people: z.array(personSchema) });
export type Support = z.infer<typeof supportSchema>;

const ofChange = {
  number: z.number().int(),
  /** It has a message in the channel of changes. */
  announced: z.boolean(),
  owner: ownerSchema,
};
/** Our messages that asked, and say from now on what was answered. */
const asks = z.array(z.string());

export const coverAsked = defineFact(
  'CoverAsked',
  z.object({
    ...ofChange,
    person: personSchema,
    /** How often this person was asked, this time included. */
    round: z.number().int(),
    /** The start that it was asked for, so that another one asks anew. */
    startsAt: z.coerce.date(),
    moved: z.boolean(),
    /** When it is asked again if nobody answers. */
    again: z.coerce.date().nullable(),
  }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: ${it.person.name} is asked for cover${it.round > 1 ? ` (${it.round} times now)` : ''}`,
  }),
);

export const coverGiven = defineFact(
  'CoverGiven',
  z.object({
    ...ofChange,
    person: personSchema,
    instead: personSchema.nullable(),
    startsAt: z.coerce.date(),
    asks,
    /** Told before that nobody covers it. */
    support: supportSchema.nullable(),
  }),
  (it) => ({ kind: 'change', text: `${changeKey(it)}: ${it.person.name} covers it` }),
);

const withoutReason = <D extends { reason: string | null }>(it: D): D => ({ ...it, reason: null });
const because = (reason: string | null) => (reason ? `: ${reason}` : '');

export const coverDeclined = defineFact(
  'CoverDeclined',
  z.object({ ...ofChange, person: personSchema, reason: z.string().nullable(), asks }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: ${it.person.name} cannot cover it${because(it.reason)}`,
  }),
  withoutReason,
);

/** Whoever said yes cannot after all, or was never somebody else than the owner. */
export const coverDropped = defineFact(
  'CoverDropped',
  z.object({ ...ofChange, person: personSchema, reason: z.string().nullable() }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: ${it.person.name} no longer covers it${because(it.reason)}`,
  }),
  withoutReason,
);

/**
 * Why support is told: nobody was asked for cover; nobody said yes shortly before; it began without; it runs at night
 * or on a weekend; it moved since support was told of it.
 */
const supportReasons = ['unattended', 'uncovered', 'started', 'night', 'moved'] as const;
export type SupportReason = (typeof supportReasons)[number];

const reasonWords: Readonly<Record<SupportReason, string>> = {
  unattended: 'nobody was asked for cover',
  uncovered: 'nobody covers it',
  started: 'it began without cover',
  night: 'it runs at night or on a weekend',
  moved: 'it moved',
};

export const supportTold = defineFact(
  'SupportTold',
  z.object({
    ...ofChange,
    reasons: z.array(z.enum(supportReasons)),
    /** The start that was told. */
    startsAt: z.coerce.date(),
    support: supportSchema,
    tellOwner: z.boolean(),
  }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: support is told that ${it.reasons.map((each) => reasonWords[each]).join(', ')}`,
  }),
);

export const validationAsked = defineFact(
  'ValidationAsked',
  z.object({
    ...ofChange,
    round: z.number().int(),
    /** `loud`: nobody answered for so long that everybody hears it. */
    level: z.enum(['first', 'again', 'loud']),
    people: z.array(personSchema),
    support: supportSchema.nullable(),
    /** The channel of changes too. */
    channel: z.boolean(),
    checks: z.array(z.string()),
    /** When it was asked first. */
    since: z.coerce.date(),
    /** When it is asked again if nobody answers. */
    again: z.coerce.date(),
  }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: asked whether everything still works (${whomText(it)})`,
  }),
);

export const validationAnswered = defineFact(
  'ValidationAnswered',
  z.object({
    ...ofChange,
    answer: z.enum(['good', 'bad']),
    text: z.string().nullable(),
    /** Who is told, besides whoever said so. */
    people: z.array(personSchema),
    support: supportSchema.nullable(),
    asks,
    /** Where it is, as commands name it. */
    components: z.array(z.string()),
  }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)}: ${it.answer === 'good' ? 'everything still works' : 'something is wrong'}${because(it.text)}`,
  }),
  (it) => ({ ...it, text: null }),
);

function whomText(it: {
  people: readonly { name: string }[];
  support: Support | null;
  channel: boolean;
}): string {
  const whom = it.people.map((each) => each.name);
  if (it.support) whom.push('support');
  if (it.channel) whom.push('the channel of changes');
  return whom.join(', ') || 'nobody could be asked';
}
