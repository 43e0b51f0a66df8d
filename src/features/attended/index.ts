// Upgrades are attended: cover that somebody said yes to, and people who say that everything still works.
import { z } from 'zod';
import { accept, type CommandSpec, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { Feature } from '../../core/feature.js';
import type { Form } from '../../core/form.js';
import { message, say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { type Change, changeWord, findChange } from '../change/index.js';
import { personSchema, writtenTimeSchema } from '../incident/index.js';
import {
  type CoverInput,
  type DeclineInput,
  decideCover,
  decideDecline,
  decideValidate,
  type ValidateInput,
} from './decide.js';
import { type Attendance, whatIsDue } from './due.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { lookCommand, reactions } from './react.js';
import { locateById, projections, readAttendance } from './store.js';
import { views } from './views.js';

export { validationAnswered, validationAsked } from './facts.js';

const reasonLimit = 500;

/** A verb on one change: found by its number, locked, loaded with all that happened to it, decided. */
function changeCommand<V extends { readonly id: number }>(
  verb: { words: string[]; usage: string; summary: string; example: string },
  input: z.ZodType<V>,
  decide: CommandSpec<V, Change, Attendance>['decide'],
  form?: Form,
) {
  return defineCommand<V, Change, Attendance>({
    verb: { ...verb, surface: 'change', onIncident: false, inDrill: 'refused' },
    input,
    ...(form ? { form } : {}),
    locate: findChange,
    load: (tx, _input, target) => readAttendance(tx, target.id),
    decide,
  });
}

const reasonText = textOf({ missing: 'Say it in a few words, or leave it out.', limit: reasonLimit });

const cover = changeCommand<CoverInput>(
  {
    words: ['cover'],
    usage: 'ID [@user]',
    summary: 'You cover a change: somebody awake beside its owner. With @user, they are asked.',
    example: '/change cover CHG-7 @eve',
  },
  z.object({ id: changeWord, user: personSchema.optional() }),
  decideCover,
);

const decline = changeCommand<DeclineInput>(
  {
    words: ['decline'],
    usage: 'ID [REASON]',
    summary: 'You cannot cover a change, or not any more; its owner is told.',
    example: '/change decline CHG-7 I am on a train then',
  },
  z.object({ id: changeWord, reason: reasonText.optional() }),
  decideDecline,
);

const validateForm: Form = {
  title: 'Does everything work?',
  submit: 'Say so',
  fields: [
    { kind: 'text', name: 'id', label: 'Which change?', placeholder: 'CHG-7' },
    {
      kind: 'choice',
      name: 'choice',
      label: 'Is everything still working?',
      options: [
        { value: 'good', label: 'good: I looked, and everything works' },
        { value: 'bad', label: 'bad: something is wrong' },
      ],
    },
    {
      kind: 'text',
      name: 'text',
      label: 'What did you see?',
      optional: true,
      long: true,
      maxLength: reasonLimit,
    },
  ],
};

const validate = changeCommand<ValidateInput>(
  {
    words: ['validate'],
    usage: 'ID good|bad [TEXT] [at:TIME]',
    summary: 'Says whether everything still works after a change. Good ends it; bad makes it failed.',
    example: '/change validate CHG-7 good writes and reads are fine',
  },
  z.object({
    id: changeWord,
    choice: z.enum(['good', 'bad'], { error: 'Say good or bad.' }),
    text: reasonText.optional(),
    at: writtenTimeSchema.optional(),
    remarks: z.array(z.string()).default([]),
  }),
  decideValidate,
  validateForm,
);

const lookInput = z.object({ changeId: z.string() });

/** Whatever is due of a change's cover, support and validation. */
const look = defineCommand<{ readonly changeId: string }, Change, Attendance>({
  verb: internalVerb('attended look'),
  input: lookInput,
  locate: locateById,
  load: (tx, { changeId }) => readAttendance(tx, changeId),
  decide(state, _input, ask) {
    const due = whatIsDue(state, ask.workspace.zone, ask.now);
    return due.length > 0 ? accept(due, message()) : refuse(say('Nothing is due.'));
  },
});

export const attendedFeature: Feature = {
  name: 'attended',
  topic: 'attending',
  facts: [
    facts.coverAsked,
    facts.coverGiven,
    facts.coverDeclined,
    facts.coverDropped,
    facts.supportTold,
    facts.validationAsked,
    facts.validationAnswered,
  ],
  commands: [cover, decline, validate],
  project: projections,
  react: reactions,
  automatic: { [lookCommand]: (data) => look.given(lookInput.parse(data)) },
  views,
  home: { waiting: waitingSection },
};
