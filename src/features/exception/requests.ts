// Asking for an exception, and breaking the glass: the same words, and another decision.
import { z } from 'zod';
import { type CommandSpec, defineCommand } from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { cleanText } from '../../core/text.js';
import { freezesStream } from '../freeze/index.js';
import { componentWord } from '../incident/index.js';
import { decideBreak, decideExcept } from './decide.js';
import { loadRequest, type RequestState } from './load.js';
import type { ExceptInput } from './wanted.js';
import {
  freezesWord,
  minutesMax,
  minutesWord,
  reasonWord,
  usesMax,
  usesWord,
  usualMinutes,
} from './words.js';

const componentsMax = 50;

const optional = (name: string, label: string, hint: string, placeholder: string) =>
  ({ kind: 'text', name, label, hint, placeholder, optional: true }) as const;

const requestFields: Form['fields'] = [
  { kind: 'text', name: 'freezes', label: 'Through which freezes?', placeholder: 'FRZ-3' },
  {
    kind: 'text',
    name: 'reason',
    label: 'Why can it not wait?',
    hint: 'Whoever approves it reads it, everybody in the channel of changes, and the record.',
    long: true,
    maxLength: 300,
  },
  optional('change', 'For which change?', 'Its number, or what it is called at the gate.', 'CHG-7'),
  optional('on', 'What may it touch?', 'Empty: what the change touches.', 'api/prod'),
  optional(
    'for',
    'For how long?',
    `From the approval on; at most ${minutesMax / 60} hours.`,
    `${usualMinutes}m`,
  ),
  optional('uses', 'How often?', `At most ${usesMax} times.`, '1'),
];

const requestInput = z.object({
  freezes: freezesWord,
  reason: reasonWord,
  change: z
    .string()
    .transform(cleanText)
    .refine((word) => word.length <= 300, { error: 'change: is CHG-7, or what the gate knows it by.' })
    .optional(),
  /** What a program calls its change; people say `change:`. */
  source: z.string().max(300).optional(),
  key: z.string().max(300).optional(),
  on: z
    .array(componentWord)
    .max(componentsMax, { error: `At most ${componentsMax} components.` })
    .optional(),
  for: minutesWord.optional(),
  uses: usesWord.optional(),
  remarks: z.array(z.string()).default([]),
});

function request(
  verb: { words: string[]; summary: string; example: string },
  title: string,
  submit: string,
  decide: CommandSpec<ExceptInput, null, RequestState>['decide'],
) {
  return defineCommand<ExceptInput, null, RequestState>({
    verb: {
      ...verb,
      surface: 'freeze',
      usage: 'FREEZES [REASON] [change:] [on:COMPONENT,…] [for:] [uses:]',
      onIncident: false,
      inDrill: 'own',
      fromLine: withAllFreezes,
      toForm: freezesAlone,
    },
    input: requestInput,
    form: { title, submit, fields: requestFields },
    locate: async () => ({ streams: [freezesStream], target: null }),
    load: (tx, input, _target, ask) => loadRequest(tx, input, ask),
    decide,
  });
}

export const except = request(
  {
    words: ['except'],
    summary: `Asks for a way through freezes, for one change. Somebody else approves it; then it is good for ${usualMinutes} minutes and one use, unless said otherwise. With no words it asks.`,
    example: '/freeze except FRZ-3 change:CHG-7 the certificate expires tonight',
  },
  'A way through',
  'Ask',
  decideExcept,
);

export const breakGlass = request(
  {
    words: ['break'],
    summary:
      'Lets you through freezes at once, without an approval: only if you hold a role in an open incident. Everybody hears it, and somebody else reviews it within a working day.',
    example: '/freeze break FRZ-3 on:api/prod the fix for the writes must go out now',
  },
  'Break the glass',
  'Let me through',
  decideBreak,
);

/** `FRZ-3, FRZ-4 the certificate expires`: what follows a comma, or is a freeze, is named too. */
function withAllFreezes(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { freezes, reason } = values;
  if (typeof freezes !== 'string' || typeof reason !== 'string') return { ...values };
  const more = /^(?:(?:,|and\s|\+)?\s*frz-?\d{1,9}[\s,]*)+/i.exec(reason)?.[0] ?? '';
  const named = `${freezes},${(more.match(/frz-?\d{1,9}/gi) ?? []).join(',')}`;
  const { reason: _all, ...rest } = values;
  const left = reason.slice(more.length).trim();
  return { ...rest, freezes: named, ...(left === '' ? {} : { reason: left }) };
}

// `/freeze except FRZ-3` leaves the rest open.
function freezesAlone(text: string): Readonly<Record<string, string>> | null {
  return /^(?:frz-?\d{1,9}[\s,]*)+$/i.test(text) ? { freezes: text.trim() } : null;
}
