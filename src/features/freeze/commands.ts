// What people say of a freeze that there is, and what the program looks at in its turn.
import { z } from 'zod';
import { type Command, defineCommand, internalVerb } from '../../core/command.js';
import { say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { readDuration } from '../../core/time/index.js';
import { writtenTimeSchema } from '../incident/index.js';
import {
  decideExtend,
  decideLift,
  decideLook,
  type ExtendInput,
  type FreezeState,
  type LiftInput,
} from './decide.js';
import { locateMeant, withBareText } from './meant.js';
import { freezeOn } from './on.js';
import { type Freeze, findFreeze, loadFreeze } from './store.js';
import { freezesStream, freezeWord, lengthWord, readFreezeKey } from './words.js';

const textLimit = 500;
const text = textOf({ missing: 'Say it in a few words, or leave it out.', limit: textLimit });

export const lift = defineCommand<LiftInput, Freeze, FreezeState>({
  verb: {
    surface: 'freeze',
    words: ['lift', 'off', 'end'],
    usage: '[ID] [TEXT]',
    summary: 'Ends a freeze at once; what it held goes, one after the other. Its owner is told.',
    example: '/freeze lift FRZ-3 the cluster is back',
    onIncident: false,
    inDrill: 'own',
    fromLine: withBareText,
  },
  input: z.object({ id: freezeWord.optional(), text: text.optional(), bare: z.boolean().optional() }),
  locate: locateMeant,
  load: (tx, _input, target, ask) => loadFreeze(tx, target.id, ask),
  decide: decideLift,
});

const extend = defineCommand<ExtendInput, Freeze, FreezeState>({
  verb: {
    surface: 'freeze',
    words: ['extend'],
    usage: 'ID [for:] [until:WHEN]',
    summary: 'Gives a freeze another end, later or sooner; for: counts from the end that it has.',
    example: '/freeze extend FRZ-3 for:1h',
    onIncident: false,
    inDrill: 'own',
    fromLine: withBareLength,
  },
  input: z.object({
    id: freezeWord,
    for: lengthWord.optional(),
    until: writtenTimeSchema.optional(),
    words: z.string().optional(),
    remarks: z.array(z.string()).default([]),
  }),
  locate: findFreeze,
  load: (tx, _input, target, ask) => loadFreeze(tx, target.id, ask),
  decide: decideExtend,
});

const lookInput = z.object({ id: z.string() });

/** Whatever is to be said of a freeze now. */
const look = defineCommand<{ readonly id: string }, Freeze, FreezeState>({
  verb: internalVerb('freeze look'),
  input: lookInput,
  async locate(tx, { id }, ask) {
    const found = await tx.freeze.findFirst({ where: { id, workspaceId: ask.workspace.id } });
    if (found) return { streams: [freezesStream], target: found };
    return { refused: { unknown: true, message: say('There is no such freeze.') } };
  },
  load: (tx, _input, target, ask) => loadFreeze(tx, target.id, ask),
  decide: (state, _input, ask) => decideLook(state, ask),
});

/** Looks whether something is to be said of a freeze. */
export const lookAt = (data: unknown) => look.given(lookInput.parse(data));

export const commands: readonly Command[] = [freezeOn, lift, extend];

// `extend FRZ-3 1h`: what follows the key is a length, or words that nobody guesses at.
function withBareLength(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id, ...rest } = values;
  const [, key = '', words = ''] = /^(\S+)\s+(.*)$/s.exec(String(id ?? '')) ?? [];
  if (readFreezeKey(key) === null) return { ...values };
  const length = words.replace(/^(?:for|by)\s+/i, '');
  const isLength = rest.for === undefined && rest.until === undefined && readDuration(length).ok;
  return { ...rest, id: key, ...(isLength ? { for: length } : { words }) };
}
