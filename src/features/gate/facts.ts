// What can happen at the gate, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { type Answer, answerSchema, decisions, questionSchema } from './words.js';

const at = z.coerce.date();
const told = {
  deny: 'is denied',
  hold: 'is held',
  allow: 'may start',
  warn: 'may start, with a warning',
} as const;
/** Where the answer is sent besides, for senders that do not ask again. */
export const callbackSchema = z.looseObject({ kind: z.string() });

/** An answer without what people wrote. */
export function withoutWords(answer: Answer): Answer {
  const reasons = answer.reasons.map((each) => ({
    ...each,
    text: 'redacted',
    reason: each.reason && 'redacted',
  }));
  return { ...answer, reasons, howToProceed: answer.howToProceed && 'redacted' };
}

/** A pipeline asked, and this is the verdict. Stated again only when another one is due, so that polling is no history. */
export const verdictGiven = defineFact(
  'VerdictGiven',
  z.object({
    id: z.string(),
    question: questionSchema,
    answer: answerSchema,
    changeId: z.string().nullable(),
    exceptionId: z.string().nullable(),
    /** `waiting`: it joins, or stays among, those that wait; `gone`: it was among them and is let through. */
    queue: z.enum(['none', 'waiting', 'gone']),
    /** When it joined; kept while it waits. */
    heldAt: at.nullable(),
    turnAt: at.nullable(),
    /** The numbers of the freezes that hold it, or that held it. */
    heldBy: z.array(z.int()),
    callback: callbackSchema.nullable(),
    /** When those that wait are to be looked at again; null: not because of this. */
    next: at.nullable(),
    /** Whether everybody may hear of it: a drill is nobody else's. */
    drill: z.boolean(),
  }),
  ({ answer, question, heldBy, exceptionId }) => {
    const held = heldBy.map((each) => `FRZ-${each}`).join(', ');
    const by = heldBy.length === 0 ? '' : ` by ${held}`;
    const passes = exceptionId ? `passes ${held} by ${answer.exceptionId}` : `passes ${held} as a rollback`;
    const isRollback = answer.reasons.some((each) => each.type === 'rollback');
    const goes = answer.decision === 'allow' || answer.decision === 'warn';
    const does = goes && (exceptionId || isRollback) ? passes : `${told[answer.decision]}${goes ? '' : by}`;
    return {
      kind: 'freeze',
      text: `${question.title} (${question.actor ?? question.source.replace(/^token:/, '')}) ${does}`,
    };
  },
  (it) => ({ ...it, question: { ...it.question, title: 'redacted' }, answer: withoutWords(it.answer) }),
);

/** Another verdict than was given, by the program: a freeze began, or its turn came. Whoever asked is told. */
export const verdictRevised = defineFact(
  'VerdictRevised',
  z.object({
    id: z.string(),
    title: z.string(),
    from: z.enum(decisions),
    /** When it was given, as people were told. */
    givenAt: at,
    answer: answerSchema,
    turnAt: at.nullable(),
    heldBy: z.array(z.int()),
    callback: callbackSchema.nullable(),
    /** Who hears of it: the owner of the change, where one is known. */
    owner: z.object({ id: z.string(), name: z.string() }).nullable(),
    url: z.string().nullable(),
    drill: z.boolean(),
    /** Its turn had come, and it had not asked again: nothing was let go, and it waits as before. */
    untaken: z.boolean().default(false),
  }),
  ({ title, answer }) => ({ kind: 'freeze', text: `${title}: now it ${told[answer.decision]}` }),
  (it) => ({ ...it, title: 'redacted', answer: withoutWords(it.answer) }),
);

/** Why what waited waits no more, in words. */
export const leftBecause = {
  lapsed: 'its turn came and it did not',
  cancelled: 'it was cancelled',
  began: 'it began without waiting',
} as const;

/** It waits no more, and did not go. */
export const heldLeft = defineFact(
  'HeldLeft',
  z.object({
    id: z.string(),
    title: z.string(),
    why: z.enum(['lapsed', 'cancelled', 'began']),
    callback: callbackSchema.nullable(),
    owner: z.object({ id: z.string(), name: z.string() }).nullable(),
    drill: z.boolean(),
  }),
  ({ title, why }) => ({ kind: 'freeze', text: `${title} waits no more: ${leftBecause[why]}` }),
  (it) => ({ ...it, title: 'redacted' }),
);

/** What was held may go again, in this order. */
export const thawBegan = defineFact(
  'ThawBegan',
  z.object({
    /** The numbers of the freezes that ended. */
    freezes: z.array(z.int()),
    spacingSeconds: z.int(),
    held: z.array(z.object({ id: z.string(), title: z.string(), source: z.string(), turnAt: at })),
    drill: z.boolean(),
  }),
  ({ freezes, held }) => ({
    kind: 'freeze',
    text: `The thaw of ${freezes.map((each) => `FRZ-${each}`).join(', ')}: ${held.length === 0 ? 'nothing waits' : `${held.length} held, in this order: ${held.map((each) => each.title).join('; ')}`}`,
  }),
  (it) => ({ ...it, held: it.held.map((each) => ({ ...each, title: 'redacted' })) }),
);

/** Those that wait were looked at, and somebody's turn is still to come. */
export const gateLooked = defineFact('GateLooked', z.object({ next: at.nullable() }), () => null);
