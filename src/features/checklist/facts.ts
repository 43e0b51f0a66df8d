// What can happen to checklists: the catalogue has one, and in an incident one is gone through, step by step.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { shorten } from '../../core/message.js';
import { personSchema } from '../incident/index.js';
import { checklistSchema, stepSchema } from './words.js';

/** So much of a step is repeated on the timeline. */
const textMax = 120;

export const checklistDefined = defineFact(
  'ChecklistDefined',
  checklistSchema.extend({ origin: z.string() }),
  (it) => ({ kind: 'system', text: `The catalogue has the checklist ${it.name}` }),
);

export const checklistRemoved = defineFact('ChecklistRemoved', z.object({ name: z.string() }), (it) => ({
  kind: 'system',
  text: `The checklist ${it.name} left the catalogue`,
}));

/** Somebody who has steps to do, and is told of them. */
const toldSchema = z.object({
  person: personSchema,
  /** Their numbers, from 1. */
  steps: z.array(z.int()),
});
export type ToldOwner = z.infer<typeof toldSchema>;

// The words of steps are the catalogue's, which keeps them; nobody said them of this incident.
export const checklistBegun = defineFact(
  'ChecklistBegun',
  z.object({
    number: z.int(),
    name: z.string(),
    title: z.string(),
    steps: z.array(stepSchema),
    told: z.array(toldSchema),
  }),
  (it) => ({
    kind: 'action',
    text: `Checklist “${it.title}” begun: ${it.steps.length} ${it.steps.length === 1 ? 'step' : 'steps'}`,
  }),
);

/** A step of a checklist that is gone through. */
const stepOf = {
  run: z.string(),
  /** The incident's. */
  number: z.int(),
  name: z.string(),
  /** From 1. */
  step: z.int(),
  text: z.string(),
  /** The messages that tell people of their steps, so that they are drawn anew. */
  shown: z.array(z.string()).default([]),
};
type StepOf = { readonly name: string; readonly step: number; readonly text: string };
const named = (it: StepOf) => `${it.name} ${it.step}, ${shorten(it.text, textMax)}`;

export const checklistStepDone = defineFact(
  'ChecklistStepDone',
  z.object({
    ...stepOf,
    note: z.string().nullable(),
    /** Somebody else is to confirm it. */
    second: z.boolean(),
  }),
  (it) => ({ kind: 'action', text: `Done: ${named(it)}${it.note === null ? '' : `: ${it.note}`}` }),
  (it) => ({ ...it, note: null }),
);

export const checklistStepSeconded = defineFact(
  'ChecklistStepSeconded',
  z.object({ ...stepOf, doneBy: personSchema, asked: z.string() }),
  (it) => ({ kind: 'action', text: `Confirmed: ${named(it)}, done by ${it.doneBy.name}` }),
);

export const checklistStepUnchecked = defineFact(
  'ChecklistStepUnchecked',
  z.object({ ...stepOf, was: z.enum(['done', 'skipped']), asked: z.string().nullable() }),
  (it) => ({ kind: 'action', text: `Open again, was ${it.was}: ${named(it)}` }),
);

export const checklistStepSkipped = defineFact(
  'ChecklistStepSkipped',
  z.object({ ...stepOf, reason: z.string(), asked: z.string().nullable() }),
  (it) => ({ kind: 'action', text: `Skipped: ${named(it)}: ${it.reason}` }),
  (it) => ({ ...it, reason: 'redacted' }),
);

export const checklistFinished = defineFact(
  'ChecklistFinished',
  z.object({ run: z.string(), name: z.string(), title: z.string(), done: z.int(), skipped: z.int() }),
  (it) => ({
    kind: 'action',
    text: `Checklist “${it.title}” finished: ${it.done} done, ${it.skipped} skipped`,
  }),
);

/** Messages that show checklists are drawn anew: a step's owner is another one, or something was taken back. */
export const checklistRedrawn = defineFact(
  'ChecklistRedrawn',
  z.object({
    runs: z.array(z.string()),
    /** Those that tell people one by one. */
    shown: z.array(z.string()).default([]),
    /** Those of checklists that were taken back. */
    gone: z.array(z.string()).default([]),
    /** Who has steps now that they had not. */
    told: z.array(
      toldSchema.extend({ run: z.string(), number: z.int(), name: z.string(), title: z.string() }),
    ),
  }),
  () => null,
);
