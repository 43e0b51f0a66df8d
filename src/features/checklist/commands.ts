// The verbs of checklists.
import { z } from 'zod';
import { type Ask, type Decision, defineCommand, type Verb } from '../../core/command.js';
import { textOf } from '../../core/text.js';
import { drillPeople } from '../drill/index.js';
import { findIncident, type Incident, onIncidentInput } from '../incident/index.js';
import { type BeginState, decideBegin } from './begin.js';
import * as decide from './decide.js';
import type { StepInput, StepState } from './meant.js';
import { definedChecklists, membersOf, runsOf, slotsOf, withNames } from './store.js';
import { holdersOf } from './views.js';

const sayChecklist =
  'Say which checklist, such as `/incident checklist rollback`. `/incident checklists` lists those that there are.';
const beginInput = z.object({
  ...onIncidentInput,
  checklist: z.string({ error: sayChecklist.replaceAll('`', '') }),
});

export const begin = defineCommand<z.infer<typeof beginInput>, Incident, BeginState>({
  verb: {
    surface: 'incident',
    words: ['checklist'],
    usage: 'CHECKLIST [at:TIME]',
    summary: 'Begins a checklist of the catalogue: its steps in the channel, each with its owner.',
    example: '/incident checklist rollback',
    onIncident: true,
  },
  input: beginInput,
  locate: findIncident,
  async load(tx, _input, target, ask) {
    const drill = target.drill ? new Set(await drillPeople(tx, target)).add(ask.actor.id) : null;
    return {
      incident: await tx.incident.findUniqueOrThrow({ where: { id: target.id } }),
      drill,
      defined: await withNames(tx, ask.workspace.id, await definedChecklists(tx, ask.workspace.id)),
      runs: await runsOf(tx, target.id),
      holders: await holdersOf(tx, target.id),
      members: await membersOf(tx, target),
    };
  },
  decide: decideBegin,
});

const stepInput = {
  ...onIncidentInput,
  checklist: z.string({
    error: 'Say which step: the checklist’s name and the step’s number, such as /incident check rollback 2.',
  }),
  step: z.string().optional(),
};
const wordsOf = (name: 'text' | 'reason') => textOf({ missing: `Say the ${name}.`, limit: 2_000 }).optional();

type StepDecision = (state: StepState, input: StepInput, ask: Ask) => Decision;

function stepCommand<V extends StepInput & { readonly incident?: number | undefined }>(
  verb: Omit<Verb, 'surface' | 'onIncident'>,
  input: z.ZodType<V>,
  decideIt: StepDecision,
) {
  return defineCommand<V, Incident, StepState>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    locate: findIncident,
    async load(tx, _input, { id, workspaceId }) {
      const runs = await runsOf(tx, id);
      return {
        incident: await tx.incident.findUniqueOrThrow({ where: { id } }),
        runs,
        holders: await holdersOf(tx, id),
        shown: await slotsOf(tx, workspaceId, runs),
      };
    },
    decide: decideIt,
  });
}

export const check = stepCommand(
  {
    words: ['check'],
    usage: 'CHECKLIST [STEP] [TEXT] [at:TIME]',
    summary: 'A step of a checklist is done. Where one checklist is under way, its number is enough.',
    example: '/incident check rollback 2 the old image is out',
  },
  z.object({ ...stepInput, text: wordsOf('text') }),
  decide.decideCheck,
);

export const second = stepCommand(
  {
    words: ['second'],
    usage: 'CHECKLIST [STEP] [at:TIME]',
    summary: 'Confirms a step that somebody else did, where it needs a second person.',
    example: '/incident second rollback 2',
  },
  z.object(stepInput),
  decide.decideSecond,
);

export const uncheck = stepCommand(
  {
    words: ['uncheck'],
    usage: 'CHECKLIST [STEP] [at:TIME]',
    summary: 'A step is not done, or not skipped, after all.',
    example: '/incident uncheck rollback 2',
  },
  z.object(stepInput),
  decide.decideUncheck,
);

export const skip = stepCommand(
  {
    words: ['skip'],
    usage: 'CHECKLIST [STEP] [REASON] [at:TIME]',
    summary: 'A step of a checklist is left out, and why.',
    example: '/incident skip rollback 3 there is no cache here',
  },
  z
    .object({ ...stepInput, reason: wordsOf('reason') })
    .transform(({ reason, ...input }) => ({ ...input, text: reason })),
  decide.decideSkip,
);
