// What checklists have to show after a role was given, somebody was let in, or something was taken back.
import { z } from 'zod';
import { accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { about, type Incident, incidentStream } from '../incident/index.js';
import { roleAssigned } from '../roles/index.js';
import { checklistRedrawn } from './facts.js';
import { membersOf, runsOf, type Slots, slotsOf } from './store.js';
import { holdersOf } from './views.js';
import { type Holder, isOver, ownerOf, type Run, type RunStep } from './words.js';

export interface LookInput {
  readonly incidentId: string;
  /** Somebody has it now. */
  readonly role: string | null;
  /** Who was let in. Neither this nor a role: something was taken back. */
  readonly member?: string;
  /** What was taken back: a checklist is called after the fact that began it. */
  readonly gone?: readonly string[];
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
  readonly shown: Slots;
  /** The messages of checklists that were taken back. */
  readonly gone: readonly string[];
  /** The roles given with letting somebody in, or afterwards: their holders are told for themselves. */
  readonly apart: ReadonlySet<string>;
}

export const look = defineCommand<LookInput, string, LookState>({
  verb: internalVerb('look at checklists'),
  input: z.custom<LookInput>(),
  locate: async (_tx, { incidentId }) => ({ streams: [incidentStream(incidentId)], target: incidentId }),
  async load(tx, { seq, member, gone = [] }, id) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id } });
    const runs = await runsOf(tx, id);
    const ids = runs.map((run) => run.id);
    const facts = await tx.fact.findMany({ where: { id: { in: ids } }, select: { id: true, seq: true } });
    const back = gone.filter((each) => !ids.includes(each)).map((each) => ({ id: each }));
    const taken = await slotsOf(tx, incident.workspaceId, back);
    return {
      ...{ incident, runs },
      gone: [...taken.values()].flat(),
      begun: new Map(facts.map((fact) => [fact.id, fact.seq ?? 0])),
      holders: await holdersOf(tx, id),
      members: await membersOf(tx, incident),
      shown: await slotsOf(tx, incident.workspaceId, runs),
      apart: member === undefined ? new Set() : await rolesWith(tx, id, seq),
    };
  },
  decide: decideLook,
});

async function rolesWith(tx: Tx, incidentId: string, seq: number): Promise<Set<string>> {
  const letIn = await tx.fact.findFirst({ where: { incidentId, seq }, select: { requestId: true } });
  const given = await tx.fact.findMany({ where: { incidentId, type: roleAssigned.type } });
  const apart = given.filter((each) => each.requestId === letIn?.requestId || (each.seq ?? 0) > seq);
  return new Set(apart.map((each) => (each.data as { role: string }).role));
}

function decideLook(state: LookState, { role, member, seq }: LookInput): Decision {
  const { incident, runs, begun, holders, members, shown, apart, gone } = state;
  const back = role === null && member === undefined;
  const meant = (step: RunStep): boolean => {
    const own = step.owner && 'role' in step.owner ? step.owner.role : null;
    if (role !== null) return own === role;
    return !(own !== null && apart.has(own)) && ownerOf(step.owner, holders)?.id === member;
  };
  const concerned = runs.filter((run) => back || (run.endedAt === null && stepsOf(run, meant).length > 0));
  if (concerned.length + gone.length === 0) return refuse(say('No checklist has to do with it.'));
  const told = concerned.flatMap((run) => {
    const steps = back ? [] : stepsOf(run, meant);
    const person = ownerOf(run.steps[(steps[0] ?? 0) - 1]?.owner ?? null, holders);
    const knows = person && (members?.has(person.id) ?? true);
    const known = (begun.get(run.id) ?? 0) > seq;
    const { id, name, title } = run;
    return knows && !known ? [{ person, steps, run: id, number: incident.number, name, title }] : [];
  });
  const data = {
    runs: concerned.map((run) => run.id),
    shown: concerned.flatMap(({ id }) => shown.get(id) ?? []),
    ...{ told, gone: [...gone] },
  };
  return accept([checklistRedrawn(data, about(incident))], say('Drawn anew.'));
}

// Those of which something is left to do.
function stepsOf(run: Run, meant: (step: RunStep) => boolean): number[] {
  return run.steps.flatMap((step, at) => (meant(step) && !isOver(step) && !step.done ? [at + 1] : []));
}
