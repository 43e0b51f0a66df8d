// What becomes of a report, and of the answers to what reports were gathered into. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { type Message, message, say, shorten } from '../../core/message.js';
import { fewNames, oneLine } from '../../core/text.js';
import { exactly, type WrittenTime } from '../../core/time/index.js';
import { type Component, componentName, type Incident, incidentKey } from '../incident/index.js';
import * as facts from './facts.js';
import { type Outcome, type Question, reportReply, type Told } from './reply.js';
import { belongsTo, type Complaint, gather, type KnownIncident } from './rules.js';
import {
  type Asked,
  type Gathering,
  type GatheringAnswer,
  gatheringStream,
  type Report,
  reportKey,
  reportsStream,
  windowMinutes,
} from './words.js';

const minuteMs = 60_000;
const titleMax = 80;
/** Clocks differ by so much. */
const skewMs = minuteMs;

export interface ReportInput {
  readonly text: string;
  readonly at?: WrittenTime | undefined;
  readonly url?: string | undefined;
  readonly reporter?: string | undefined;
  readonly remarks: readonly string[];
}

export interface ReportState extends Told {
  readonly id: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly mine: Complaint;
  /** Of the last ones, those that belong to nothing yet. */
  readonly loose: readonly Complaint[];
  /** Gathered, and nobody has said yet what they are. */
  readonly open: readonly (Question & { readonly reports: readonly Complaint[] })[];
  /** Whom to ask, where this report makes several of them one suspected incident. */
  readonly asked: Asked | null;
  /** The same words by the same person, a moment ago. */
  readonly twin: Report | null;
}

/** When a report is made, as far as that is said; a time that is still to come is now. */
export function madeAt(input: Pick<ReportInput, 'at'>, ask: Ask): Date {
  const at = input.at?.at;
  return at && at < ask.now ? at : (ask.saidAt ?? ask.now);
}

/** What the latest report comes to. One that stood alone until now is gathered with it as any other is. */
export function outcomeOf(state: Pick<ReportState, 'known' | 'mine' | 'loose' | 'open' | 'old'>): Outcome {
  const { mine, loose, open } = state;
  if (state.known || state.old) return { joined: null, found: null };
  const belonging = (it: Question & { readonly reports: readonly Complaint[] }) =>
    belongsTo(mine, { why: it.gathering.why, reports: it.reports, rings: it.rings });
  const [alone, several] = [open.filter(isAlone), open.filter((each) => !isAlone(each))];
  const joined = several.find(belonging);
  if (joined) return { joined, found: null };
  const found = gather(mine, [...loose, ...alone.flatMap((each) => each.reports)]);
  return { joined: found ? null : (alone.find(belonging) ?? null), found };
}

const isAlone = ({ gathering }: Question) => gathering.why === 'alone';

/** A complaint is recorded: on an incident, gathered with others, or alone. */
export function decideReport(state: ReportState, input: ReportInput, ask: Ask): Decision {
  const { twin, known, number, by, component, named } = state;
  if (twin && isInSlack(by.id))
    return refuse(say(`You said so already: it is ${reportKey(twin)}. Nothing was recorded twice.`), 'text');
  if (input.at?.at && input.at.at.getTime() > ask.now.getTime() + skewMs)
    return refuse(
      say(
        'That time is still to come. Say when it was seen, such as ',
        { code: 'at:10:42' },
        ', or leave it out: then it is now. Nothing was recorded.',
      ),
      'at',
    );
  const outcome = outcomeOf(state);
  const { found } = outcome;
  const joined = outcome.joined?.gathering ?? null;
  const incident = known && { id: known.id, number: known.number };
  const made = facts.reportMade(
    {
      ...{ number, text: input.text, component, named, by: { ...by }, url: input.url ?? null, incident },
      gathering: joined && { id: joined.id, round: joined.round, asked: joined.asked },
    },
    {
      stream: reportsStream,
      ...(known ? { incidentId: known.id } : {}),
      ...(input.at ? { when: input.at } : {}),
    },
  );
  const gathered =
    found && state.asked
      ? [
          facts.reportsGathered(
            {
              ...{ id: state.id, number: found.reports[0]?.number ?? number, asked: state.asked, round: 1 },
              ...{ why: found.why, service: found.service, cluster: found.cluster },
              reports: found.reports.map((each) => each.number),
              before: aloneAmong(state, found.reports),
            },
            { stream: gatheringStream(state.id) },
          ),
        ]
      : [];
  return accept([made, ...gathered], reportReply(state, input, outcome, ask));
}

// What was asked of them while they stood alone is answered by what is asked now.
function aloneAmong({ open }: ReportState, reports: readonly Complaint[]) {
  const numbers = new Set(reports.map((each) => each.number));
  const taken = open.filter((each) => isAlone(each) && each.reports.some((it) => numbers.has(it.number)));
  return taken.map(({ gathering: { id, round, asked } }) => ({ id, round, asked: { ...asked } }));
}

/** Reports whose meaning somebody says: those of one gathering, or one alone. */
export interface AnswerState {
  readonly report: Report;
  readonly gathering: Gathering | null;
  /** Those that belong to no incident yet. */
  readonly reports: readonly Report[];
}

/** They are of an incident: each becomes an entry of it, at its own time. */
export function tie(
  { gathering, reports }: AnswerState,
  incident: { readonly id: string; readonly number: number; readonly private: boolean },
  how: GatheringAnswer,
): Stated[] {
  const tied = reports.map((each) =>
    facts.reportTied(
      {
        ...{ reportId: each.id, number: each.number, text: each.text },
        ...{
          by: { id: each.byId, name: each.byName },
          incident: { id: incident.id, number: incident.number },
        },
      },
      { stream: reportsStream, incidentId: incident.id, when: exactly(each.at) },
    ),
  );
  return [...tied, ...(gathering ? [answered(gathering, how, reports, incident)] : [])];
}

function answered(
  { id, number, asked, round }: Gathering,
  answer: GatheringAnswer,
  reports: readonly Report[],
  incident: { readonly number: number; readonly private: boolean } | null,
): Stated {
  const about = incident && { number: incident.number, private: incident.private };
  return facts.gatheringAnswered(
    { id, number, asked, round, answer, incident: about, reports: reports.map((each) => each.number) },
    { stream: gatheringStream(id) },
  );
}

/** Why it can be said of no incident any more; null where it can: that it is none may have been wrong. */
export function answeredBefore({ report, gathering, reports }: AnswerState): Message | null {
  const key = reportKey(report);
  if (gathering?.answer && gathering.answer.how !== 'dismissed')
    return say(`${gathering.answer.by} has said already what ${key} is: ${answerText(gathering)}.`);
  if (reports.length === 0) return say(`${key} is on an incident already. Nothing was changed.`);
  return null;
}

/** The reports that were asked about belong to an incident that is open. */
export function decideBelongs(state: AnswerState & { incident: Incident }): Decision {
  const before = answeredBefore(state);
  if (before) return refuse(before, 'rep');
  const { incident, reports } = state;
  if (incident.drill)
    return refuse(
      say(
        `${incidentKey(incident)} is a drill, and reports are of real trouble: name a real incident. If they are none: `,
        { code: `/report dismiss ${reportKey(state.report)}` },
        '. Nothing was changed.',
      ),
      'inc',
    );
  return accept(
    tie(state, incident, 'belongs'),
    say(`${listed(reports)} ${reports.length === 1 ? 'is' : 'are'} on ${incidentKey(incident)} now.`),
  );
}

/** The reports that were asked about are no incident. */
export function decideDismiss(state: AnswerState): Decision {
  const before = answeredBefore(state);
  if (before) return refuse(before, 'rep');
  const { gathering, report, reports } = state;
  if (gathering?.answer)
    return refuse(
      say(`${gathering.answer.by} has said already that ${reportKey(report)} is no incident.`),
      'rep',
    );
  if (!gathering) return refuse(say(`${reportKey(report)} stands alone: nobody was asked about it.`), 'rep');
  return accept(
    [answered(gathering, 'dismissed', reports, null)],
    say(`${listed(reports)}: no incident, you say. They stay on record; new ones are gathered anew.`),
  );
}

const reportsNamed = 5;

function listed(reports: readonly Report[]): string {
  return fewNames(reports.map(reportKey), reportsNamed);
}

/** What was said of gathered reports, for people. */
export function answerText({ answer }: Pick<Gathering, 'answer'>): string {
  if (!answer) return 'nobody has said yet';
  if (answer.how === 'dismissed') return 'no incident';
  return answer.incident === null ? 'an incident' : `INC-${answer.incident}`;
}

/** What an incident of gathered reports is called until somebody knows better. */
export function titleOf(reports: readonly Pick<Report, 'text' | 'service'>[]): string {
  // What names no service may be of something else.
  const said = reports.filter((each) => each.text !== '');
  const first = said.find((each) => each.service !== null) ?? said[0];
  const text = shorten(oneLine(first?.text ?? ''), titleMax);
  const service = reports.find((each) => each.service !== null)?.service;
  if (text === '') return `Reports of trouble${service ? ` with ${service}` : ''}`;
  return !service || text.toLowerCase().includes(service.toLowerCase()) ? text : `${service}: ${text}`;
}

/** What gathered reports are about, each once. */
export function componentsOf(reports: readonly Report[]): Component[] {
  const all = reports.flatMap(({ service, environment, cluster }) =>
    service ? [{ service, environment: environment ?? '', cluster: cluster ?? '' }] : [],
  );
  return [...new Map(all.map((each) => [componentName(each), each])).values()].slice(0, 6);
}

export interface LookState {
  readonly gathering: Gathering | null;
  readonly reports: readonly Report[];
  /** By now an incident is open that they are about. */
  readonly known: KnownIncident | null;
}

/** Nobody answered in time: it is asked again, then somebody is called. An incident that is known by now answers it. */
export function decideLook({ gathering, reports, known }: LookState): Decision {
  if (!gathering || gathering.answer || gathering.paged) return refuse(say('Nothing is due.'));
  const [report] = reports;
  if (known && report) {
    const loose = reports.filter((each) => each.incidentId === null);
    return accept(
      tie({ report, gathering, reports: loose }, { ...known, private: false }, 'belongs'),
      message(),
    );
  }
  if (gathering.why === 'alone') return refuse(say('Nobody is called for one report.'));
  const { id, number, asked, round } = gathering;
  const about = { stream: gatheringStream(id) };
  if (round === 1) return accept([facts.reportsReminded({ id, number, asked, round: 2 }, about)], message());
  return accept(
    [
      facts.reportsPaged(
        { id, number, asked, round, service: gathering.service, count: reports.length },
        about,
      ),
    ],
    message(),
  );
}

export interface AloneState {
  readonly report: Report;
  /** What is asked of it would be this. */
  readonly id: string;
  /** By now an incident is open that it is about. */
  readonly known: KnownIncident | null;
  /** Those that nobody took up and that would be gathered with it, were there several people. */
  readonly reports: readonly Report[];
  /** Whom it is shown; null where the catalogue does not know its service. */
  readonly keeper: Asked | null;
}

/** Nobody took it up: whoever is on call for its service is shown it, once. An open incident takes it in. */
export function decideAlone({ report, id, known, reports, keeper }: AloneState): Decision {
  if (report.gathering !== null || report.incidentId !== null) return refuse(say('It was taken up.'));
  if (known)
    return accept(
      tie({ report, gathering: null, reports: [report] }, { ...known, private: false }, 'belongs'),
      message(),
    );
  if (!keeper) return refuse(say('Nobody knows whose it is.'));
  const gathered = facts.reportsGathered(
    {
      ...{
        id,
        number: reports[0]?.number ?? report.number,
        asked: keeper,
        round: 1,
        why: 'alone',
        before: [],
      },
      ...{ service: report.service, cluster: null, reports: reports.map((each) => each.number) },
    },
    { stream: gatheringStream(id) },
  );
  return accept([gathered], message());
}

/** The same words by the same person within the window. */
export function twinOf<R extends Report & { readonly reportedAt: Date }>(
  reports: readonly R[],
  text: string,
  by: string,
  now: Date,
): R | null {
  const normal = (it: string) => oneLine(it).toLowerCase();
  const since = now.getTime() - windowMinutes * minuteMs;
  return (
    reports.find(
      (each) => each.byId === by && each.reportedAt.getTime() >= since && normal(each.text) === normal(text),
    ) ?? null
  );
}
