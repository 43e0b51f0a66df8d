// What can happen to exceptions, and how each reads aloud. They are of the stream of freezes, which they are about.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { cordOf, scopeSchema } from '../freeze/index.js';
import { exceptionKey, freezesText } from './words.js';

const at = z.coerce.date();
const person = z.object({ id: z.string(), name: z.string() });
const ofException = {
  id: z.string(),
  number: z.int(),
  /** The numbers of the freezes that it names. */
  freezes: z.array(z.int()).min(1),
  /** All of them are a drill's: nobody else hears of it. */
  drill: z.boolean(),
  /** The incident of the freeze, or of whoever broke the glass. */
  incident: cordOf.nullable(),
};
const forWhat = {
  scope: scopeSchema,
  /** What it covers, in words. */
  scopeText: z.string(),
  change: z.object({ id: z.string(), number: z.int(), title: z.string() }).nullable(),
  source: z.string().nullable(),
  key: z.string().nullable(),
  reason: z.string(),
  minutes: z.int(),
  uses: z.int(),
};
const because = (text: string | null) => (text ? `: ${text}` : '');

const withoutReason = <D extends { reason: string; change: { title: string } | null }>(it: D): D => ({
  ...it,
  reason: 'redacted',
  change: it.change && { ...it.change, title: 'redacted' },
});
const withoutText = <D extends { text: string | null }>(it: D): D => ({ ...it, text: null });

export const exceptionRequested = defineFact(
  'ExceptionRequested',
  z.object({
    ...ofException,
    ...forWhat,
    /** Who may approve it, and is asked. */
    asked: z.array(person),
    /** Nobody of those is left beside the requester: any other person may. */
    anybody: z.boolean(),
    /** Nobody answered until then: it is asked for no more. */
    lapsesAt: at,
  }),
  (it) => ({
    kind: 'freeze',
    text: `${exceptionKey(it)} is asked for, through ${freezesText(it.freezes)} for ${it.scopeText}: ${it.reason}`,
  }),
  withoutReason,
);

/** Somebody of an incident let themselves through. */
export const exceptionBroken = defineFact(
  'ExceptionBroken',
  z.object({
    ...ofException,
    ...forWhat,
    /** What they are there. */
    role: z.string(),
    expiresAt: at,
    reviewDueAt: at,
    /** The owners of the freezes, who hear it at once. */
    owners: z.array(person),
  }),
  (it) => ({
    kind: 'freeze',
    text: `${exceptionKey(it)}: the glass is broken, through ${freezesText(it.freezes)} for ${it.scopeText}: ${it.reason}`,
  }),
  withoutReason,
);

export const exceptionApproved = defineFact(
  'ExceptionApproved',
  z.object({
    ...ofException,
    requester: person,
    asked: z.array(person),
    expiresAt: at,
    text: z.string().nullable(),
  }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} is approved${because(it.text)}` }),
  withoutText,
);

export const exceptionDenied = defineFact(
  'ExceptionDenied',
  z.object({ ...ofException, requester: person, asked: z.array(person), text: z.string().nullable() }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} is denied${because(it.text)}` }),
  withoutText,
);

/** Nobody answered yet: those who may are asked once more. */
export const exceptionReminded = defineFact(
  'ExceptionReminded',
  z.object({
    ...ofException,
    requester: person,
    people: z.array(person),
    requestedAt: at,
    /** When it lapses. */
    next: at,
  }),
  () => null,
);

/** Nobody answered in time: it is asked for no more. */
export const exceptionLapsed = defineFact(
  'ExceptionLapsed',
  z.object({ ...ofException, requester: person, asked: z.array(person) }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} lapsed: nobody answered` }),
);

/** It counts no more, before its time. */
export const exceptionRevoked = defineFact(
  'ExceptionRevoked',
  z.object({
    ...ofException,
    requester: person,
    asked: z.array(person),
    /** Who had approved it. */
    approver: person.nullable(),
    text: z.string().nullable(),
  }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} is revoked${because(it.text)}` }),
  withoutText,
);

/** A pipeline went through on it. */
export const exceptionUsed = defineFact(
  'ExceptionUsed',
  z.object({
    id: z.string(),
    number: z.int(),
    verdictId: z.string(),
    title: z.string(),
    at,
    usesLeft: z.int(),
    drill: z.boolean(),
  }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} is used by ${it.title}` }),
  (it) => ({ ...it, title: 'redacted' }),
);

/** What was done on one's own authority is to be looked at by somebody else. */
export const exceptionReviewAsked = defineFact(
  'ExceptionReviewAsked',
  z.object({
    ...ofException,
    people: z.array(person),
    dueAt: at,
    overdue: z.boolean(),
    /** When it is asked again. */
    next: at,
  }),
  (it) => ({
    kind: 'freeze',
    text: `${exceptionKey(it)}: a review is ${it.overdue ? 'overdue' : 'asked for'}`,
  }),
);

export const exceptionReviewed = defineFact(
  'ExceptionReviewed',
  z.object({ ...ofException, requester: person, asked: z.array(person), text: z.string() }),
  (it) => ({ kind: 'freeze', text: `${exceptionKey(it)} is reviewed: ${it.text}` }),
  (it) => ({ ...it, text: 'redacted' }),
);

/** Words of its were redacted, so its messages are drawn anew. */
export const exceptionRedrawn = defineFact(
  'ExceptionRedrawn',
  z.object({
    ...ofException,
    /** Who has a message of it: those who were asked, and the requester once somebody answered. */
    asked: z.array(person),
    /** The facts of its uses whose words were redacted. */
    uses: z.array(z.object({ factId: z.string(), verdictId: z.string() })),
  }),
  () => null,
);
