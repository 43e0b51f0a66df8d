// What can happen to freezes, and how each reads aloud. All are of one stream, so that two people cannot freeze at once.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { scheduleSchema } from './schedule.js';
import { scopeSchema } from './scope.js';
import { showUtc } from './when-words.js';
import { freezeKey, freezeModes, never } from './words.js';

const person = z.object({ id: z.string(), name: z.string() });
const ofFreeze = { id: z.string(), number: z.int(), mode: z.enum(freezeModes), drill: z.boolean() };
const at = z.coerce.date();
/** The incident from which the cord was pulled; `shown`: everybody may know of it. */
export const cordOf = z.object({ id: z.string(), number: z.int(), shown: z.boolean() });

export type Cord = z.infer<typeof cordOf>;

export const freezeSet = defineFact(
  'FreezeSet',
  z.object({
    ...ofFreeze,
    reason: z.string(),
    owner: person,
    by: person,
    scope: scopeSchema,
    schedule: scheduleSchema,
    /** The first instant at which it can be on, and that from which it is no more; the year 9999 for no end. */
    startsAt: at,
    overAt: at,
    incident: cordOf.nullable(),
    /** What it covers and when, in words, as everybody was told. */
    scopeText: z.string(),
    whenText: z.string(),
  }),
  (it) => ({
    kind: 'freeze',
    text: `${it.incident ? 'The cord is pulled: ' : ''}${freezeKey(it)} freezes ${it.scopeText}, ${it.whenText}: ${it.reason}`,
  }),
  (it) => ({ ...it, reason: 'redacted' }),
);

/** It is over, before its time. */
export const freezeLifted = defineFact(
  'FreezeLifted',
  z.object({
    ...ofFreeze,
    owner: person,
    text: z.string().nullable(),
    before: at,
    incident: cordOf.nullable(),
  }),
  (it) => ({ kind: 'freeze', text: `${freezeKey(it)} is lifted${it.text ? `: ${it.text}` : ''}` }),
  (it) => ({ ...it, text: null }),
);

/** It lasts longer, or ends sooner. */
export const freezeExtended = defineFact(
  'FreezeExtended',
  z.object({
    ...ofFreeze,
    owner: person,
    until: at,
    before: at,
    schedule: scheduleSchema,
    /** When it is to be looked at next; null: nothing more is to be said of it. */
    next: at.nullable(),
    incident: cordOf.nullable(),
  }),
  (it) => ({
    kind: 'freeze',
    text: `${freezeKey(it)} ${it.until >= never ? 'goes on without a last day' : `ends at ${showUtc(it.until)}`}, ${it.until > it.before ? 'later' : 'sooner'} than it was to`,
  }),
);

/** What the program says of one of its windows, once. */
export const tellings = ['near', 'began', 'reminded', 'ending', 'ended'] as const;
export type Telling = (typeof tellings)[number];

export const freezeTold = defineFact(
  'FreezeTold',
  z.object({
    ...ofFreeze,
    owner: person,
    what: z.enum(tellings),
    /** It came and went, and nobody was told when it began: Andon was down. */
    missed: z.boolean(),
    recurring: z.boolean(),
    /** The window it is said of; without an end where none is in sight. */
    window: z.object({ from: at, until: at.nullable() }),
    /** What is to be decided next of this freeze, and when; null: nothing more. */
    next: at.nullable(),
    incident: cordOf.nullable(),
  }),
  (it) => {
    if (it.what === 'began') return { kind: 'freeze', text: `${freezeKey(it)} begins` };
    return it.what === 'ended' ? { kind: 'freeze', text: `${freezeKey(it)} ended by itself` } : null;
  },
);
