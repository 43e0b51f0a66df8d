// What reports ask of the database, and how their rows follow from facts.
import type { Ask, Located, Refusal } from '../../core/command.js';
import { on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { showInstant } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf } from '../catalog/index.js';
import { affectedWhere, hiddenFrom, incidentKey, openWhere, withMerged } from '../incident/index.js';
import { escalationFor, reachedBy } from '../oncall/index.js';
import { entryRedacted, wordsRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { Question } from './reply.js';
import type { KnownIncident } from './rules.js';
import {
  type Asked,
  type Gathering,
  gatheringStream,
  pageCause,
  type Report,
  readReportKey,
  reporterText,
  reportKey,
  withoutReporter,
} from './words.js';

/** The number of the next report. Its stream is locked. */
export async function nextNumber(tx: Tx, workspaceId: string): Promise<number> {
  const last = await tx.report.findFirst({ where: { workspaceId }, orderBy: { number: 'desc' } });
  return (last?.number ?? 0) + 1;
}

/** The open incidents that anybody may know of, the latest first. */
export async function knownIncidents(tx: Tx, workspaceId: string): Promise<KnownIncident[]> {
  const rows = await tx.incident.findMany({
    where: { workspaceId, drill: false, private: false, ...openWhere },
    orderBy: { number: 'desc' },
  });
  const impacts = await tx.impact.findMany({
    where: {
      incidentId: { in: rows.map((each) => each.id) },
      ...affectedWhere,
    },
  });
  return rows.map(({ id, number, title }) => ({
    ...{ id, number, title },
    components: impacts.filter((each) => each.incidentId === id),
  }));
}

/** The gatherings of these ids, as their facts say. */
export async function gatheringsOf(
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<Gathering[]> {
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: { in: ids.map(gatheringStream) } },
    orderBy: [{ stream: 'asc' }, { version: 'asc' }],
  });
  const all = new Map<string, Gathering>();
  for (const row of rows) {
    const fact = readFact(row);
    const before = all.get(fact.stream);
    const next = before ? followed(before, fact) : begun(fact);
    if (next) all.set(fact.stream, next);
  }
  return [...all.values()];
}

/** What those that were gathered wait for: an answer, and a page that rings for them or that somebody has. */
export async function questionOf(tx: Tx, workspaceId: string, gathering: Gathering): Promise<Question> {
  if (!gathering.paged) return { gathering, rings: false, has: null };
  const { kind: cause, name: causeName } = pageCause(gathering);
  const page = await tx.page.findFirst({
    where: { workspaceId, cause, causeName },
    orderBy: { number: 'desc' },
    select: { state: true, answeredByName: true },
  });
  // Until it is opened it is about to ring.
  const rings = !page || page.state === 'ringing';
  return { gathering, rings, has: page?.state === 'acknowledged' ? page.answeredByName : null };
}

function begun(fact: ReturnType<typeof readFact>): Gathering | null {
  if (fact.type !== facts.reportsGathered.type) return null;
  const { id, number, why, service, cluster, asked, round } = facts.reportsGathered.read(fact).data;
  const askedAt = fact.recordedAt;
  return { id, number, why, service, cluster, asked, round, askedAt, paged: false, answer: null };
}

function followed(before: Gathering, fact: ReturnType<typeof readFact>): Gathering {
  if (fact.type === facts.reportsReminded.type)
    return { ...before, round: facts.reportsReminded.read(fact).data.round, askedAt: fact.recordedAt };
  if (fact.type === facts.reportsPaged.type) return { ...before, paged: true };
  if (fact.type !== facts.gatheringAnswered.type) return before;
  const { answer, incident } = facts.gatheringAnswered.read(fact).data;
  const number = incident && !incident.private ? incident.number : null;
  return { ...before, answer: { how: answer, by: fact.actor.name, incident: number } };
}

/** The reports of a gathering, oldest first. */
export async function reportsIn(tx: Tx, workspaceId: string, gathering: string): Promise<Report[]> {
  return tx.report.findMany({ where: { workspaceId, gathering }, orderBy: { number: 'asc' } });
}

const linesMax = 5;
const lineTextMax = 120;

/** What the first reports say for which a page with this cause was opened, a line each, as a letter says it. */
export async function linesCalledFor(tx: Tx, workspaceId: string, cause: string | null): Promise<string[]> {
  const number = readReportKey(cause ?? '');
  const first = number === null ? null : await tx.report.findFirst({ where: { workspaceId, number } });
  if (!first?.gathering) return [];
  const loose = (await reportsIn(tx, workspaceId, first.gathering)).filter(({ incidentId }) => !incidentId);
  const lines = loose.slice(0, linesMax).map((each) => {
    const words = oneLine(each.text).replace(/[“”]/g, '"');
    const said = words === '' ? 'redacted' : `“${shorten(words, lineTextMax)}”`;
    const of = each.service === null ? '' : ` on ${each.service}`;
    return oneLine(
      `- ${reportKey(each)}, ${showInstant(each.at, 'UTC')}, ${reporterText({ id: each.byId, name: each.byName })}${of}: ${said}`,
    );
  });
  return loose.length > linesMax ? [...lines, `- and ${loose.length - linesMax} more`] : lines;
}

/** A report by its number. */
export async function findReport(tx: Tx, workspaceId: string, number: number): Promise<Located<Report>> {
  const row = await tx.report.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  return row ? { streams: [], target: row } : { refused: noSuchReport(number) };
}

/** As far as the asker may know there is no such report. */
export function noSuchReport(number: number): Refusal {
  const message = say(`There is no REP-${number}. `, { code: '/report list' }, ' shows the latest.');
  return { unknown: true, message };
}

/**
 * The latest reports with the incident of each, `INC-4`; without those of incidents that the asker may not see. With
 * `own` the asker's are among them all the same, and of such an incident it is said that there is one.
 */
export async function visibleReports(
  tx: Tx,
  ask: Ask,
  take: number,
  { own = false }: { readonly own?: boolean } = {},
): Promise<Shown[]> {
  const hidden = await hiddenFrom(tx, ask);
  const among = [
    { incidentId: null },
    { incidentId: { notIn: hidden } },
    ...(own ? [{ byId: ask.actor.id }] : []),
  ];
  const latest = await tx.report.findMany({
    where: { workspaceId: ask.workspace.id, OR: among },
    orderBy: { number: 'desc' },
    take,
  });
  const unseen = new Set(hidden);
  return (await withKeys(tx, latest)).map((each) =>
    unseen.has(each.report.incidentId ?? '') ? { ...each, incident: null, takenUp: true } : each,
  );
}

/** The latest reports of an incident, with those of the ones that were merged into it, and how many there are in all. */
export async function reportsOn(
  tx: Tx,
  incidentId: string,
  take: number,
): Promise<{ reports: Shown[]; count: number }> {
  const where = { incidentId: { in: await withMerged(tx, incidentId) } };
  const latest = await tx.report.findMany({ where, orderBy: { number: 'desc' }, take });
  return { reports: await withKeys(tx, latest), count: await tx.report.count({ where }) };
}

/** A report with the incident that it is of, `INC-4`. */
interface Shown {
  readonly report: Report;
  readonly incident: string | null;
  /** It is of an incident that the asker may not see. */
  readonly takenUp: boolean;
}

async function withKeys(tx: Tx, latest: readonly Report[]): Promise<Shown[]> {
  const ids = latest.flatMap((each) => each.incidentId ?? []);
  const incidents = await tx.incident.findMany({ where: { id: { in: ids } } });
  const keys = new Map(incidents.map((each) => [each.id, incidentKey(each)]));
  return latest.map((report) => ({
    report,
    incident: keys.get(report.incidentId ?? '') ?? null,
    takenUp: false,
  }));
}

/** Whom to ask: who is on call for the service, else support, else whoever reads where incidents are announced. */
export async function whomToAsk(
  tx: Tx,
  workspaceId: string,
  service: string | null,
  at: Date,
): Promise<Asked> {
  const target = service
    ? ({ kind: 'service', id: null, name: service } as const)
    : ({ kind: 'default', id: null, name: 'whoever is on call' } as const);
  const escalation = await escalationFor(tx, workspaceId, target);
  const first = escalation?.levels[0];
  const reached = first ? await reachedBy(tx, workspaceId, first, at) : null;
  const people = (reached?.recipients ?? []).flatMap(({ id, name }) => (id ? [{ id, name }] : []));
  if (people.length > 0) return { people, channel: null };
  const { supportPeople, supportChannel } = await settingsOf(tx, workspaceId);
  const support = supportPeople.flatMap(({ id, name }) => (id ? [{ id, name }] : []));
  return { people: support, channel: supportChannel };
}

export const projections: Projection[] = [
  on(facts.reportMade, async (fact, tx: Tx) => {
    const { number, text, component, by, gathering, incident } = fact.data;
    await tx.report.create({
      data: {
        ...{ id: fact.id, workspaceId: fact.workspaceId, number, text, byId: by.id, byName: by.name },
        service: component?.service ?? null,
        environment: component?.environment || null,
        cluster: component?.cluster || null,
        at: fact.occurredAt ?? fact.recordedAt,
        gathering: gathering?.id ?? null,
        incidentId: incident?.id ?? null,
      },
    });
  }),
  on(facts.reportsGathered, async ({ workspaceId, data }, tx: Tx) => {
    await tx.report.updateMany({
      where: { workspaceId, number: { in: data.reports } },
      data: { gathering: data.id },
    });
  }),
  on(facts.reportTied, async ({ workspaceId, data }, tx: Tx) => {
    await tx.report.updateMany({
      where: { workspaceId, number: data.number },
      data: { incidentId: data.incident.id },
    });
  }),
  on(entryRedacted, ({ data }, tx: Tx) => blankTexts(tx, data.factIds)),
  on(wordsRedacted, ({ data }, tx: Tx) =>
    blankTexts(
      tx,
      data.facts.map((each) => each.id),
    ),
  ),
];

async function blankTexts(tx: Tx, factIds: readonly string[]): Promise<void> {
  const rows = await tx.report.findMany({ where: { id: { in: [...factIds] } } });
  for (const { id, number, byId, byName } of rows) {
    const by = withoutReporter({ id: byId, name: byName }, { number });
    await tx.report.update({ where: { id }, data: { text: '', byId: by.id, byName: by.name } });
  }
}
