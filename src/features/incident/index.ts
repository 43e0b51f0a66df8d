// Incidents: declaring, and the key facts. What is said on the timeline and who does what are features of their own.
import { z } from 'zod';
import {
  type Ask,
  accept,
  defineCommand,
  internalVerb,
  type Query,
  refuse,
  type Verb,
} from '../../core/command.js';
import type { Feature } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import * as decide from './decide.js';
import * as declaring from './declare.js';
import * as facts from './facts.js';
import { affectsForm, declareForm, severityForm, statusForm } from './forms.js';
import { routes } from './http.js';
import { listIncidents } from './list.js';
import { reactions } from './react.js';
import { type Incident, leadsIn, rolesIn } from './row.js';
import * as statuses from './status.js';
import {
  findIncident,
  haveSameMembers,
  incidentStream,
  openWhere,
  projections,
  readIncidentKey,
  reset,
  takeNumber,
  visibleTo,
} from './store.js';
import { undo } from './undo.js';
import {
  componentWord,
  fromDeclareLine,
  levelWord,
  severityWord,
  slipSchema,
  statusWord,
  writtenTimeSchema,
} from './words.js';

export {
  about,
  acknowledgedWith,
  decideAck,
  done,
  type OnIncident,
  understoodLine,
  zoneAssumed,
} from './decide.js';
export {
  impactSet,
  incidentCalledOff,
  incidentDeclared,
  incidentMerged,
  incidentSeparated,
  keyTimeSet,
  memberAdded,
  memberRemoved,
  severitySet,
  statusSet,
} from './facts.js';
export { countOf, incidentParams, shapeOf, timeText } from './http.js';
export { beginsAt } from './impacts.js';
export { goesOnAs, goesOnIn, hiddenFrom, mergedInto, withMerged } from './merged.js';
export {
  announcementSlot,
  refresh,
  retopic,
  saidSlot,
  sayInstead,
  summarySlot,
  tellIncident,
} from './react.js';
export * from './row.js';
export * from './store.js';
export { entryPart, wholeState } from './undo.js';
export * from './words.js';

const minuteMs = 60_000;

/** What every verb on an incident may be given. */
export const onIncidentInput = {
  incident: z.number().int().optional(),
  at: writtenTimeSchema.optional(),
  remarks: z.array(z.string()).default([]),
};

/** A command on one incident: found by its number or its channel, locked, loaded, decided. */
export function incidentCommand<V extends { incident?: number | undefined }>(
  verb: Omit<Verb, 'surface' | 'onIncident'>,
  input: z.ZodType<V>,
  decideIt: (incident: Incident, input: V, ask: Ask) => ReturnType<typeof decide.decideAck>,
  form?: Parameters<typeof defineCommand>[0]['form'],
) {
  return defineCommand<V, Incident, Incident>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    ...(form ? { form } : {}),
    locate: findIncident,
    // Read again: between finding and locking, somebody may have changed it.
    load: (tx, _input, target) => tx.incident.findUniqueOrThrow({ where: { id: target.id } }),
    decide: decideIt,
  });
}

/** A command that sets the status. */
function statusCommand<V extends { incident?: number | undefined }>(
  verb: Omit<Verb, 'surface' | 'onIncident'>,
  input: z.ZodType<V>,
  decideIt: (state: statuses.StatusState, input: V, ask: Ask) => ReturnType<typeof decide.decideAck>,
  form?: Parameters<typeof defineCommand>[0]['form'],
) {
  return defineCommand<V, Incident, statuses.StatusState>({
    verb: { ...verb, surface: 'incident', onIncident: true },
    input,
    ...(form ? { form } : {}),
    locate: findIncident,
    load: async (tx, _input, { id }) => ({
      incident: await tx.incident.findUniqueOrThrow({ where: { id } }),
      impacts: await tx.impact.findMany({ where: { incidentId: id }, orderBy: { since: 'asc' } }),
      open: await tx.task.findMany({
        where: { incidentId: id, state: 'open' },
        orderBy: { number: 'asc' },
        select: { number: true },
      }),
    }),
    decide: decideIt,
  });
}

export const declare = defineCommand<declaring.DeclareInput, { id: string }, declaring.DeclareState>({
  verb: {
    surface: 'incident',
    words: ['declare', 'open'],
    usage:
      '[TITLE] [sev:] [on:COMPONENT,…] [started:TIME] [detected:TIME] [at:TIME] [private] [drill] [anyway]',
    summary: 'Opens an incident: a channel, an announcement, a timeline. With no words it asks.',
    example: '/incident declare writes are stuck sev:1 on:api/prod started:10:22',
    onIncident: false,
    inDrill: 'own',
    fromLine: fromDeclareLine,
  },
  input: z.object({
    title: textOf({ missing: 'Say in a few words what is wrong, such as “writes are stuck”.' }),
    sev: severityWord.optional(),
    on: z.array(componentWord).default([]),
    at: writtenTimeSchema.optional(),
    started: writtenTimeSchema.optional(),
    detected: writtenTimeSchema.optional(),
    private: z.boolean().default(false),
    drill: z.boolean().default(false),
    anyway: z.boolean().default(false),
    slip: slipSchema.optional(),
    members: z.array(z.string()).default([]),
    remarks: z.array(z.string()).default([]),
  }),
  form: declareForm,
  async locate(_tx, _input, ask) {
    const id = ask.newId();
    return { streams: [incidentStream(id)], target: { id } };
  },
  async load(tx, _input, target, ask) {
    const since = new Date(ask.now.getTime() - declaring.repeatMinutes * minuteMs);
    // The counter's row is locked first: of two like declarations the second sees the first.
    const number = await takeNumber(tx, ask.workspace);
    const recent = await tx.incident.findMany({
      where: { workspaceId: ask.workspace.id, declaredById: ask.actor.id, declaredAt: { gte: since } },
    });
    return { id: target.id, number, recent };
  },
  decide: declaring.decideDeclare,
});

const reopenInput = z.object({
  ...onIncidentInput,
  reason: textOf({ missing: 'Say why, such as “errors are back”.' }),
});
const affectsInput = z.object({ ...onIncidentInput, component: componentWord, level: levelWord });

const severity = incidentCommand(
  {
    words: ['severity', 'sev'],
    usage: 'SEV [REASON] [at:TIME]',
    summary: 'Sets how bad it is, SEV1 (worst) to SEV4.',
    example: '/incident severity 1 all writes fail',
  },
  z.object({ ...onIncidentInput, sev: severityWord, reason: textOf({ missing: '' }).optional() }),
  decide.decideSeverity,
  severityForm,
);

const status = statusCommand(
  {
    words: ['status'],
    usage: 'STATUS [TEXT] [at:TIME]',
    summary: 'investigating, identified, monitoring, resolved or closed; back is allowed.',
    example: '/incident status identified a bad merge deleted the cluster',
  },
  z.object({ ...onIncidentInput, status: statusWord, text: textOf({ missing: '' }).optional() }),
  statuses.decideStatus,
  statusForm,
);

const resolve = statusCommand(
  {
    words: ['resolve'],
    usage: '[TEXT] [at:TIME]',
    summary: 'It is over. Makes the postmortem draft.',
    example: '/incident resolve writes are back, backlog drained',
  },
  z.object({ ...onIncidentInput, text: textOf({ missing: '' }).optional() }),
  (state, input, ask) => statuses.decideStatus(state, { ...input, status: 'resolved' }, ask),
);

const affects = defineCommand<z.infer<typeof affectsInput>, Incident, decide.AffectsState>({
  verb: {
    surface: 'incident',
    words: ['affects'],
    usage: 'COMPONENT LEVEL [at:TIME]',
    summary: 'What is affected and how: operational, degraded, partial_outage, major_outage, maintenance.',
    example: '/incident affects api/prod/eu-1 major_outage',
    onIncident: true,
  },
  input: affectsInput,
  form: affectsForm,
  locate: findIncident,
  async load(tx, input, target) {
    const where = { incidentId: target.id, ...input.component };
    const rows = await tx.impact.findMany({ where, orderBy: { since: 'desc' } });
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.id } });
    return { incident, rows };
  },
  decide: decide.decideAffects,
});

const reopen = defineCommand<
  z.infer<typeof reopenInput>,
  Incident,
  { incident: Incident; into: Incident | null }
>({
  verb: {
    surface: 'incident',
    words: ['reopen'],
    usage: 'REASON [at:TIME]',
    summary: 'It is not over after all.',
    example: '/incident reopen errors are back',
    onIncident: true,
  },
  input: reopenInput,
  async locate(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    if ('refused' in found || !found.target.mergedIntoId) return found;
    return { ...found, streams: [...found.streams, incidentStream(found.target.mergedIntoId)] };
  },
  async load(tx, _input, target) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.id } });
    const id = incident.mergedIntoId;
    return { incident, into: id ? await tx.incident.findUnique({ where: { id } }) : null };
  },
  decide: statuses.decideReopen,
});

const close = statusCommand(
  { words: ['close'], usage: '[TEXT] [at:TIME]', summary: 'Nothing is left to do, the postmortem included.' },
  z.object({ ...onIncidentInput, text: textOf({ missing: '' }).optional() }),
  (state, input, ask) => statuses.decideStatus(state, { ...input, status: 'closed' }, ask),
);

const merge = defineCommand<decide.MergeInput, Incident, decide.MergeState>({
  verb: {
    surface: 'incident',
    words: ['merge'],
    usage: 'INC [at:TIME]',
    summary: 'This incident is part of that one: closes this, points there.',
    example: '/incident merge INC-7',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    inc: z
      .string({ error: 'Say into which one, such as INC-7.' })
      .transform((word) => readIncidentKey(word) ?? Number.NaN)
      .refine((number) => Number.isSafeInteger(number), { error: 'Say into which one, such as INC-7.' }),
  }),
  async locate(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    if ('refused' in found) return found;
    const into = await findIncident(tx, { incident: input.inc }, ask);
    return { streams: [...found.streams, ...('refused' in into ? [] : into.streams)], target: found.target };
  },
  async load(tx, input, target, ask) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.id } });
    const into = await findIncident(tx, { incident: input.inc }, ask);
    if ('refused' in into) return { incident, into: null, sameMembers: false };
    const sameMembers = await haveSameMembers(tx, incident, into.target);
    return { incident, into: into.target, sameMembers, leads: await leadsIn(tx, incident.id) };
  },
  decide: decide.decideMerge,
});

const keyTimes = (
  [
    ['started', 'When the impact began, as far as you know.', '/incident started 20m ago'],
    ['detected', 'When somebody or something first noticed.', '/incident detected 10:37'],
    ['mitigated', 'When the impact was over; with no time, now.', '/incident mitigated 15:26 UTC'],
  ] as const
).map(([which, summary, example]) =>
  incidentCommand(
    { words: [which], topic: 'times', usage: which === 'mitigated' ? '[TIME]' : 'TIME', summary, example },
    z.object({ ...onIncidentInput, time: writtenTimeSchema.optional() }),
    (incident, input, ask) => decide.decideKeyTime(which, incident, input, ask),
  ),
);

const list: Query = {
  verb: {
    surface: 'incident',
    words: ['list'],
    usage: '[all]',
    summary: 'The open incidents; with all, the latest of any status.',
    onIncident: false,
  },
  async answer(tx: Tx, values, ask) {
    const incidents = await tx.incident.findMany({
      where: {
        workspaceId: ask.workspace.id,
        ...(values.all ? {} : openWhere),
        ...(await visibleTo(tx, ask)),
      },
      orderBy: { number: 'desc' },
      take: 11,
    });
    if (incidents.length === 0 && !values.all)
      return say('No incident is open. ', { code: '/incident list all' }, ' shows the past ones.');
    return listIncidents(incidents);
  },
};

interface MemberInput {
  readonly channelId: string;
  readonly person: { id: string; name: string };
  readonly joined: boolean;
}

/** Somebody joined or left a private incident's channel: they may see it from now on, or no longer. */
export const recordMember = defineCommand<
  MemberInput,
  Incident | null,
  { incident: Incident | null; member: boolean; roles: string[] }
>({
  verb: internalVerb('record member'),
  input: z.custom<MemberInput>(),
  async locate(tx, input, ask) {
    const where = { workspaceId: ask.workspace.id, channelId: input.channelId, private: true };
    const incident = await tx.incident.findFirst({ where });
    return { streams: incident ? [incidentStream(incident.id)] : [], target: incident };
  },
  async load(tx, input, incident) {
    const where = { incidentId: incident?.id ?? '', userId: input.person.id };
    const roles = await rolesIn(tx, incident, input.person.id);
    return { incident, member: (await tx.member.count({ where })) > 0, roles };
  },
  decide({ incident, member, roles }, input) {
    const { person, joined } = input;
    if (!incident || member === joined) return refuse(say('Nothing to record.'));
    const where = decide.about(incident);
    const fact = joined
      ? facts.memberAdded({ person }, where)
      : facts.memberRemoved({ person, roles }, where);
    return accept([fact], say('Recorded.'));
  },
});

export const incidentFeature: Feature = {
  name: 'incident',
  facts: Object.values(facts),
  commands: [declare, severity, status, affects, ...keyTimes, resolve, reopen, close, merge],
  queries: [list],
  project: projections,
  reset,
  react: reactions,
  routes,
  undo,
  tables: ['member', 'impact', 'incident'],
};
