// What people say of a freeze that there is, and what the program looks at in its turn.
import { z } from 'zod';
import { type Ask, type Command, defineCommand, internalVerb, type Located } from '../../core/command.js';
import { line, list, type Message, message, type Span, say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { writtenTimeSchema } from '../incident/index.js';
import {
  decideExtend,
  decideLift,
  decideLook,
  type ExtendInput,
  type FreezeState,
  type LiftInput,
} from './decide.js';
import { freezeOn } from './on.js';
import { type Frozen, phaseAt } from './phase.js';
import { scopeWords } from './places.js';
import { type Freeze, findFreeze, freezesSince, loadFreeze } from './store.js';
import { freezeKey, freezesStream, freezeWord, lengthWord, readFreezeKey } from './words.js';

const textLimit = 500;
const candidatesShown = 6;
const text = textOf({ missing: 'Say it in a few words, or leave it out.', limit: textLimit });

export const lift = defineCommand<LiftInput, Freeze, FreezeState>({
  verb: {
    surface: 'freeze',
    words: ['lift', 'off', 'end'],
    usage: '[ID] [TEXT]',
    summary: 'Ends a freeze at once; what it held goes, one after the other. Its owner is told.',
    example: '/freeze lift FRZ-3 the cluster is back',
    onIncident: false,
    fromLine: withBareText,
  },
  input: z.object({ id: freezeWord.optional(), text: text.optional() }),
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
  },
  input: z.object({
    id: freezeWord,
    for: lengthWord.optional(),
    until: writtenTimeSchema.optional(),
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

// `lift all is well`: the first word is no key, so it belongs to the text.
function withBareText(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id, text, ...rest } = values;
  if (typeof id !== 'string' || readFreezeKey(id) !== null || /^(?:frz|#)/i.test(id)) return { ...values };
  return { ...rest, text: [id, text].filter((each) => each !== undefined).join(' ') };
}

// The one that is named; else the only one that is on.
async function locateMeant(tx: Tx, input: LiftInput, ask: Ask): Promise<Located<Freeze>> {
  if (input.id !== undefined) return findFreeze(tx, { id: input.id }, ask);
  const all = await freezesSince(tx, ask.workspace.id, ask.now);
  const on = all.filter((each) => phaseAt(each, ask.now) === 'active');
  const [only] = on;
  if (only && on.length === 1) return findFreeze(tx, { id: only.number }, ask);
  return { refused: { message: whichOne(on, all), field: 'id' } };
}

function whichOne(on: readonly Frozen[], all: readonly Frozen[]): Message {
  const listed = on.length > 0 ? on : all;
  if (listed.length === 0)
    return say('Nothing is frozen, and nothing will be. ', { code: '/freeze list all' }, ' shows what was.');
  return message(
    line(
      on.length > 0 ? 'Which one? Several are on. Nothing was lifted.' : 'None is on now. These are to come:',
    ),
    list(
      listed
        .slice(0, candidatesShown)
        .map((each): Span[] => [
          { code: `/freeze lift ${freezeKey(each)}` },
          ` ${scopeWords(each.scope)}: ${each.reason} (${each.owner.name})`,
        ]),
    ),
    listed.length > candidatesShown && line({ code: '/freeze list' }, ' shows all of them.'),
  );
}
