// What a redaction needs to know of reports: where their words are on record, and who has them by letter.
import type { Ask, Located } from '../../core/command.js';
import { readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { findIncident } from '../incident/index.js';
import { pageOpened, pagesIn, sentWith } from '../paging/index.js';
import { reportTied } from './facts.js';
import { findReport, noSuchReport, reportsIn } from './store.js';
import { pageCause, reportKey, reportsStream } from './words.js';

export interface ReportWords {
  readonly key: string;
  readonly id: string;
  readonly stream: string;
  /** The fact that it was made, and where it was put on an incident later, that. */
  readonly factIds: readonly string[];
  /** Whether the asker may see the incident that it is of: it may be theirs, and the incident a private one. */
  readonly seen: boolean;
}

/** Where the words of a report are on record. One of a private incident exists for its members, and for who made it. */
export async function wordsOfReport(tx: Tx, number: number, ask: Ask): Promise<Located<ReportWords>> {
  const found = await findReport(tx, ask.workspace.id, number);
  if ('refused' in found) return found;
  const { id, incidentId, byId } = found.target;
  const seen = incidentId === null || (await sees(tx, incidentId, ask));
  if (!seen && byId !== ask.actor.id) return { refused: noSuchReport(number) };
  const rows = incidentId ? await tx.fact.findMany({ where: { incidentId, type: reportTied.type } }) : [];
  const tied = rows.filter((row) => reportTied.read(readFact(row)).data.reportId === id);
  const factIds = [id, ...tied.map((row) => row.id)];
  const stream = reportsStream;
  return { streams: [stream], target: { key: reportKey({ number }), id, stream, factIds, seen } };
}

async function sees(tx: Tx, incidentId: string, ask: Ask): Promise<boolean> {
  const { number } = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  return !('refused' in (await findIncident(tx, { incident: number }, ask)));
}

/** Who has the words of these facts by letter or by pager, whether they are a page's or a report's for which somebody was called. */
export async function lettersWith(
  tx: Tx,
  workspaceId: string,
  factIds: readonly string[],
): Promise<string[]> {
  const ids = [...factIds];
  const opened = await pagesIn(tx, { id: { in: ids } }, pageOpened.type);
  const called: string[] = [];
  const reports = await tx.report.findMany({ where: { id: { in: ids }, gathering: { not: null } } });
  for (const gathering of new Set(reports.flatMap((each) => each.gathering ?? []))) {
    const [first] = await reportsIn(tx, workspaceId, gathering);
    const { kind: cause, name: causeName } = first ? pageCause(first) : { kind: '', name: '' };
    const pages = await tx.page.findMany({ where: { workspaceId, cause, causeName }, select: { id: true } });
    called.push(...pages.map(({ id }) => id));
  }
  // A pager is told that there are reports, a letter lists them.
  return [...new Set([...(await sentWith(tx, opened)), ...(await sentWith(tx, called, ['mail']))])];
}
