// What can happen to suspects, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { ownerSchema } from '../change/index.js';
import { answers, answerWords, rankedSchema, strongPoints } from './words.js';

/** Who is asked whether a change of theirs is related; in a drill they are only named in its channel. */
const askedSchema = z.object({
  changeId: z.string(),
  number: z.number().int(),
  owner: ownerSchema,
  how: z.enum(['direct', 'here']),
});

/** Which changes may have caused the incident, as far as was known then. */
export const suspectsRanked = defineFact(
  'SuspectsRanked',
  z.object({
    incidentId: z.string(),
    onset: z.coerce.date(),
    /** How many changes were looked at. */
    considered: z.number().int(),
    list: z.array(rankedSchema),
    asked: z.array(askedSchema),
    /** The timeline has it already: the same changes in the same order. */
    quiet: z.boolean(),
  }),
  (it) => (it.quiet ? null : { kind: 'change', text: rankingText(it.list) }),
);

/** Somebody said what a change has to do with the incident. */
export const suspectAnswered = defineFact(
  'SuspectAnswered',
  z.object({
    incidentId: z.string(),
    changeId: z.string(),
    number: z.number().int(),
    answer: z.enum(answers),
    text: z.string().nullable(),
    /** The owner was asked by direct message, which shows what was answered. */
    askedId: z.string().nullable(),
    /** It had been confirmed as a cause. */
    wasCause: z.boolean().optional(),
  }),
  (it) => ({
    kind: 'change',
    text: `CHG-${it.number} is ${answerWords[it.answer]}${it.wasCause ? ', and no longer held for a cause' : ''}${it.text ? `: ${it.text}` : ''}`,
  }),
  (it) => ({ ...it, text: null }),
);

/** It recovered after changes were rolled back: somebody was asked to confirm them as causes. */
export const causeSuggested = defineFact(
  'CauseSuggested',
  z.object({
    incidentId: z.string(),
    incident: z.number().int(),
    changes: z.array(z.object({ changeId: z.string(), number: z.number().int() })),
  }),
  () => null,
);

function rankingText(list: readonly z.infer<typeof rankedSchema>[]): string {
  const ranked = list.filter((each) => each.rank !== null);
  const names = (some: typeof ranked) => some.map((each) => `CHG-${each.number}`).join(', ');
  const after = list.filter((each) => each.after);
  const fixes = after.length > 0 ? `; began after it: ${names(after)}` : '';
  const strong = ranked.filter((each) => each.points >= strongPoints);
  if (strong.length > 0) return `Suspects: ${names(strong)}${fixes}`;
  const latest = ranked.length > 0 ? `; the latest changes there: ${names(ranked)}` : '';
  return `No strong suspect${latest}${fixes}`;
}
