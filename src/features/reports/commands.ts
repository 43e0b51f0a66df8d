// What people say with reports: that something is wrong, and what several of them are.
import { z } from 'zod';
import { type Ask, type CommandSpec, defineCommand, type Located, type Verb } from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { oneLine, textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import {
  componentWord,
  declare,
  findIncident,
  type Incident,
  readIncidentKey,
  severityWord,
  writtenTimeSchema,
} from '../incident/index.js';
import * as decide from './decide.js';
import { complaintsOf, type Dated, recentReports } from './recent.js';
import { type Complaint, knownFor, serviceIn, within } from './rules.js';
import {
  findReport,
  gatheringsOf,
  knownIncidents,
  nextNumber,
  questionOf,
  reportsIn,
  whomToAsk,
} from './store.js';
import {
  gatheringStream,
  isOldAt,
  type Report,
  reporterId,
  reporterMax,
  reportsStream,
  reportTextMax,
  reportWord,
} from './words.js';

/** Of open incidents so many are named, where the catalogue does not know what a report is about. */
const maybeMax = 3;

const reportForm: Form = {
  title: 'Report a trouble',
  submit: 'Report',
  fields: [
    {
      kind: 'text',
      name: 'text',
      label: 'What does not work?',
      long: true,
      placeholder: 'The checkout hangs after “pay”',
      maxLength: reportTextMax,
    },
    {
      kind: 'text',
      name: 'on',
      label: 'What is it about?',
      hint: 'service/environment/cluster; left open, the words above decide',
      placeholder: 'checkout/prod',
      optional: true,
    },
    {
      kind: 'text',
      name: 'at',
      label: 'Since when?',
      hint: 'As you would write it. Empty: now.',
      optional: true,
    },
  ],
};

const reportInput = z.object({
  text: textOf({ missing: 'Say what does not work, such as “the checkout hangs”.', limit: reportTextMax }),
  on: componentWord.optional(),
  at: writtenTimeSchema.optional(),
  url: z.string().optional(),
  /** Who complained, where that is not who tells us. */
  reporter: textOf({ missing: 'Say who, or leave it out.', limit: reporterMax })
    .transform(oneLine)
    .optional(),
  remarks: z.array(z.string()).default([]),
});
type ReportInput = z.infer<typeof reportInput>;

export const report = defineCommand<ReportInput, { readonly id: string }, decide.ReportState>({
  verb: {
    surface: 'report',
    words: ['report'],
    usage: 'TEXT [on:COMPONENT] [at:TIME]',
    summary: 'Says that something does not work. Anybody may; you hear whether it is known.',
    example: '/report the checkout hangs on:checkout/prod',
    onIncident: false,
    inDrill: 'refused',
  },
  input: reportInput,
  form: reportForm,
  async locate(_tx, _input, ask) {
    const id = ask.newId();
    return { streams: [reportsStream, gatheringStream(id)], target: { id } };
  },
  load: (tx, input, { id }, ask) => readState(tx, id, input, ask),
  decide: decide.decideReport,
});

async function readState(tx: Tx, id: string, input: ReportInput, ask: Ask): Promise<decide.ReportState> {
  const workspaceId = ask.workspace.id;
  const by = byOf(input.reporter, ask);
  const { component, named, inCatalogue } = await about(tx, workspaceId, input);
  const number = await nextNumber(tx, workspaceId);
  const { nameOf } = await environmentsOf(tx, workspaceId);
  const incidents = await knownIncidents(tx, workspaceId);
  const known = knownFor(component, incidents, nameOf);
  const recent = await recentReports(tx, workspaceId, ask.now);
  const row = {
    ...{ number, byId: by.id, reportedAt: ask.now, service: component?.service ?? null },
    ...{ environment: component?.environment ?? null, cluster: component?.cluster ?? null },
  };
  const all = await complaintsOf(tx, workspaceId, [...recent, row]);
  const mine = all.find((each) => each.number === number);
  if (!mine) throw new Error('a report is among those that are read');
  const old = isOldAt(decide.madeAt(input, ask), ask.now);
  const { loose, open } = await gatheredSoFar(tx, workspaceId, recent, all);
  const { found } = decide.outcomeOf({ known, mine, loose, open, old });
  const near = within(mine, all).map((each) => each.by);
  return {
    ...{ id, number, component, named, by, known, mine, loose, open, old },
    asked: found ? await whomToAsk(tx, workspaceId, found.service, ask.now) : null,
    keeper: inCatalogue && component ? await whomToAsk(tx, workspaceId, component.service, ask.now) : null,
    maybe: known || old || inCatalogue ? [] : incidents.slice(0, maybeMax),
    twin: decide.twinOf(recent, input.text, by.id, ask.now),
    others: new Set(near.filter((each) => each !== by.id)).size,
  };
}

/** Of the latest ones, those that belong to nothing yet, and those of which nobody has said yet what they are. */
async function gatheredSoFar(
  tx: Tx,
  workspaceId: string,
  recent: readonly Dated[],
  all: readonly Complaint[],
): Promise<Pick<decide.ReportState, 'loose' | 'open'>> {
  const complaintsIn = (gathering: string | null) => {
    const numbers = new Set(recent.flatMap((it) => (it.gathering === gathering ? [it.number] : [])));
    return all.filter((each) => numbers.has(each.number));
  };
  const ids = [...new Set(recent.flatMap((each) => each.gathering ?? []))];
  const open: decide.ReportState['open'][number][] = [];
  for (const gathering of await gatheringsOf(tx, workspaceId, ids))
    if (!gathering.answer)
      open.push({
        ...(await questionOf(tx, workspaceId, gathering)),
        reports: complaintsIn(gathering.id),
      });
  return { loose: complaintsIn(null), open };
}

function byOf(reporter: string | undefined, ask: Ask): { id: string; name: string } {
  const { id, name } = ask.actor;
  return reporter ? { id: reporterId(id, reporter), name: reporter } : { id, name };
}

async function about(
  tx: Tx,
  workspaceId: string,
  { on, text }: ReportInput,
): Promise<Pick<decide.ReportState, 'component' | 'named'> & { inCatalogue: boolean }> {
  const rows = await tx.service.findMany({ where: { workspaceId }, select: { name: true } });
  const names = rows.map((each) => each.name);
  if (on) {
    // A phone writes `Api`.
    const service = names.find((name) => name.toLowerCase() === on.service.toLowerCase());
    const component = { ...on, service: service ?? on.service };
    return { component, named: 'said', inCatalogue: service !== undefined };
  }
  const service = serviceIn(text, names);
  if (service === null) return { component: null, named: 'none', inCatalogue: false };
  return { component: { service, environment: '', cluster: '' }, named: 'text', inCatalogue: true };
}

interface OnReport {
  readonly rep: number;
}

function reportVerb<V extends OnReport>(
  verb: Omit<Verb, 'surface' | 'onIncident' | 'inDrill'>,
  input: z.ZodType<V>,
) {
  return {
    verb: { ...verb, surface: 'report', onIncident: false, inDrill: 'refused' } satisfies Verb,
    input,
  };
}

// The gathering of a report may only be known once its stream is locked: so it is read before, and once more after.
async function locateReport(tx: Tx, { rep }: OnReport, ask: Ask): Promise<Located<Report>> {
  const found = await findReport(tx, ask.workspace.id, rep);
  if ('refused' in found) return found;
  const { gathering } = found.target;
  const streams = [reportsStream, ...(gathering ? [gatheringStream(gathering)] : [])];
  return { streams, target: found.target };
}

async function readAnswer(tx: Tx, target: Report): Promise<decide.AnswerState> {
  const row = await tx.report.findUniqueOrThrow({ where: { id: target.id } });
  // Gathered between finding and locking: of what nobody has locked nothing is said.
  const id = row.gathering === target.gathering ? row.gathering : null;
  const [gathering = null] = id ? await gatheringsOf(tx, row.workspaceId, [id]) : [];
  const all = id ? await reportsIn(tx, row.workspaceId, id) : [row];
  return { report: row, gathering, reports: all.filter((each) => each.incidentId === null) };
}

const incidentWord = z
  .string({ error: 'Name the incident, such as INC-4.' })
  .transform((word) => readIncidentKey(word) ?? Number.NaN)
  .refine((number) => Number.isSafeInteger(number), { error: 'Name the incident, such as INC-4.' });

interface BelongsInput extends OnReport {
  readonly inc: number;
}

export const belongs = defineCommand<
  BelongsInput,
  { report: Report; incident: Incident },
  decide.AnswerState & { incident: Incident }
>({
  ...reportVerb<BelongsInput>(
    {
      words: ['belongs'],
      usage: 'REP INC',
      summary:
        'A report, with those gathered with it, is of an incident: they become entries of its timeline.',
      example: '/report belongs REP-3 INC-4',
    },
    z.object({ rep: reportWord, inc: incidentWord }),
  ),
  async locate(tx, input, ask) {
    const found = await locateReport(tx, input, ask);
    if ('refused' in found) return found;
    const incident = await findIncident(tx, { incident: input.inc }, ask);
    if ('refused' in incident) return incident;
    return {
      streams: [...found.streams, ...incident.streams],
      target: { report: found.target, incident: incident.target },
    };
  },
  async load(tx, _input, { report: row, incident }) {
    const state = await readAnswer(tx, row);
    return { ...state, incident: await tx.incident.findUniqueOrThrow({ where: { id: incident.id } }) };
  },
  decide: decide.decideBelongs,
});

export const dismiss = defineCommand<OnReport, Report, decide.AnswerState>({
  ...reportVerb<OnReport>(
    {
      words: ['dismiss'],
      usage: 'REP',
      summary: 'Gathered reports are no incident. They stay on record.',
      example: '/report dismiss REP-3',
    },
    z.object({ rep: reportWord }),
  ),
  locate: locateReport,
  load: (tx, _input, target) => readAnswer(tx, target),
  decide: decide.decideDismiss,
});

type DeclareSpec = CommandSpec<
  OnReport & { readonly sev?: z.infer<typeof severityWord> | undefined },
  { report: Report; declared: () => ReturnType<Awaited<LocatedDeclaration>['decide']> },
  { state: decide.AnswerState; declared: Awaited<ReturnType<Awaited<LocatedDeclaration>['decide']>> }
>;
type LocatedDeclaration = Promise<
  Exclude<Awaited<ReturnType<ReturnType<typeof declare.given>['locate']>>, { refused: unknown }>
>;

const declareSpec: DeclareSpec = {
  ...reportVerb<OnReport & { sev?: z.infer<typeof severityWord> | undefined }>(
    {
      words: ['declare'],
      usage: 'REP [sev:]',
      summary: 'Gathered reports are an incident: declares it, with them as its first entries.',
      example: '/report declare REP-3 sev:2',
    },
    z.object({ rep: reportWord, sev: severityWord.optional() }),
  ),
  async locate(tx, input, ask) {
    const found = await locateReport(tx, input, ask);
    if ('refused' in found) return found;
    const { target } = found;
    const all = target.gathering ? await reportsIn(tx, ask.workspace.id, target.gathering) : [target];
    const bound = await declaration(all, input.sev).locate(tx, ask);
    if ('refused' in bound) return bound;
    return {
      streams: [...found.streams, ...bound.streams],
      target: { report: target, declared: () => bound.decide() },
    };
  },
  async load(tx, _input, { report: row, declared }) {
    const state = await readAnswer(tx, row);
    // Its number is taken only where it is declared.
    const before = decide.answeredBefore(state);
    if (before) return { state, declared: { accepted: false, refusal: { message: before } } };
    return { state, declared: await declared() };
  },
  decide({ state, declared }) {
    if (!declared.accepted) return declared;
    const [fact] = declared.facts;
    const id = fact?.about.incidentId ?? '';
    const { number } = z.object({ number: z.int() }).parse(fact?.data);
    const tied = decide.tie(state, { id, number, private: false }, 'declared');
    return { ...declared, facts: [...declared.facts, ...tied] };
  },
};
export const declareReports = defineCommand(declareSpec);

// Declared as anybody would declare it: by the words of the first report, since it was made.
function declaration(reports: readonly Report[], sev: z.infer<typeof severityWord> | undefined) {
  const first = new Date(Math.min(...reports.map((each) => each.at.getTime())));
  const time = { at: first, until: null, asWritten: '' };
  return declare.given({
    title: decide.titleOf(reports),
    ...(sev ? { sev } : {}),
    on: decide.componentsOf(reports),
    started: { ...time, precision: 'approximate' },
    detected: { ...time, precision: 'exact' },
    ...{ private: false, drill: false, anyway: true, remarks: [] },
  });
}
