// The verbs of checklists.
import { z } from 'zod';
import {
  type Ask,
  accept,
  type Decision,
  defineCommand,
  internalVerb,
  refuse,
  type Verb,
} from '../../core/command.js';
import { say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { about, findIncident, type Incident, incidentStream, onIncidentInput } from '../incident/index.js';
import * as decide from './decide.js';
import { checklistRedrawn } from './facts.js';
import { definedChecklists, runsOf } from './store.js';
import { holdersOf } from './views.js';
import { type Holder, isOver, type Run } from './words.js';

const sayChecklist =
  'Say which checklist, such as `/incident checklist rollback`. `/incident checklists` lists those that there are.';
const beginInput = z.object({
  ...onIncidentInput,
  checklist: z.string({ error: sayChecklist.replaceAll('`', '') }),
});

export const begin = defineCommand<z.infer<typeof beginInput>, Incident, decide.BeginState>({
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
    return {
      incident: await tx.incident.findUniqueOrThrow({ where: { id: target.id } }),
      defined: await definedChecklists(tx, ask.workspace.id),
      runs: await runsOf(tx, target.id),
      holders: await holdersOf(tx, target.id),
      members: await membersOf(tx, target),
    };
  },
  decide: decide.decideBegin,
});

const stepInput = {
  ...onIncidentInput,
  checklist: z.string({
    error: 'Say which step: the checklist’s name and the step’s number, such as /incident check rollback 2.',
  }),
  step: z.string().optional(),
};
const wordsOf = (name: 'text' | 'reason') => textOf({ missing: `Say the ${name}.`, limit: 2_000 }).optional();

type StepDecision = (state: decide.StepState, input: decide.StepInput, ask: Ask) => Decision;

function stepCommand<V extends decide.StepInput & { readonly incident?: number | undefined }>(
  verb: Omit<Verb, 'surface' | 'onIncident'>,
  input: z.ZodType<V>,
  decideIt: StepDecision,
) {
  return defineCommand<V, Incident, decide.StepState>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    locate: findIncident,
    load: async (tx, _input, { id }) => ({
      incident: await tx.incident.findUniqueOrThrow({ where: { id } }),
      runs: await runsOf(tx, id),
      holders: await holdersOf(tx, id),
    }),
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

// Who may know of a private incident.
async function membersOf(tx: Tx, incident: Incident): Promise<ReadonlySet<string> | null> {
  if (!incident.private) return null;
  const rows = await tx.member.findMany({ where: { incidentId: incident.id }, select: { userId: true } });
  return new Set(rows.map((each) => each.userId));
}

export interface LookInput {
  readonly incidentId: string;
  /** Somebody has it now; null: something was taken back. */
  readonly role: string | null;
  /** Where on the record of the incident that was said. */
  readonly seq: number;
}

interface LookState {
  readonly incident: Incident;
  readonly runs: readonly Run[];
  /** Where on the record each was begun, which told those who had roles by then. */
  readonly begun: ReadonlyMap<string, number>;
  readonly holders: readonly Holder[];
  readonly members: ReadonlySet<string> | null;
}

/** What checklists have to show after a role was given, or something was taken back. */
export const look = defineCommand<LookInput, string, LookState>({
  verb: internalVerb('look at checklists'),
  input: z.custom<LookInput>(),
  locate: async (_tx, { incidentId }) => ({ streams: [incidentStream(incidentId)], target: incidentId }),
  async load(tx, _input, id) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id } });
    const runs = await runsOf(tx, id);
    const ids = runs.map((run) => run.id);
    const facts = await tx.fact.findMany({ where: { id: { in: ids } }, select: { id: true, seq: true } });
    return {
      ...{ incident, runs },
      begun: new Map(facts.map((fact) => [fact.id, fact.seq ?? 0])),
      holders: await holdersOf(tx, id),
      members: await membersOf(tx, incident),
    };
  },
  decide: decideLook,
});

function decideLook(
  { incident, runs, begun, holders, members }: LookState,
  { role, seq }: LookInput,
): Decision {
  const concerned = runs.filter(
    (run) => role === null || (run.endedAt === null && stepsOf(run, role).length > 0),
  );
  if (concerned.length === 0) return refuse(say('No checklist has to do with it.'));
  const holder = holders.find((each) => each.role === role);
  const person = holder && { id: holder.userId, name: holder.userName };
  const knows = person && (members?.has(person.id) ?? true);
  const told = concerned.flatMap((run) => {
    const steps = role === null ? [] : stepsOf(run, role);
    const { id, name, title } = run;
    const known = (begun.get(id) ?? 0) > seq;
    return person && knows && !known && steps.length > 0
      ? [{ person, steps, run: id, number: incident.number, name, title }]
      : [];
  });
  return accept(
    [checklistRedrawn({ runs: concerned.map((run) => run.id), told }, about(incident))],
    say('Drawn anew.'),
  );
}

// The steps of a role of which something is left to do.
function stepsOf(run: Run, role: string): number[] {
  return run.steps.flatMap((step, at) =>
    step.owner && 'role' in step.owner && step.owner.role === role && !isOver(step) && !step.done
      ? [at + 1]
      : [],
  );
}
