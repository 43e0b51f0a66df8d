// How reports are shown: the question whether several are one incident, and the lists.
import type { Query } from '../../core/command.js';
import type { View } from '../../core/feature.js';
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  say,
  shorten,
} from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { componentName, findIncident, incidentKey, withMerged } from '../incident/index.js';
import { answerText } from './decide.js';
import { type Dated, withReportedAt } from './recent.js';
import type { Question } from './reply.js';
import { gatheringsOf, knownIncidents, questionOf, reportsIn, visibleReports } from './store.js';
import { underWayThere } from './underway.js';
import {
  againMinutes,
  type Gathering,
  type Report,
  reporterText,
  reportKey,
  windowMinutes,
} from './words.js';

const minuteMs = 60_000;
/** What began longer before it was reported says both. */
const sinceMinutes = 5;

const shownMax = 6;
const listedMax = 10;
const textMax = 140;
const offeredMax = 3;

/** Asks whether reports are one incident; when somebody has said it, that. */
export const gatheringView: View = async (tx, id, workspace) => {
  const [gathering] = await gatheringsOf(tx, workspace.id, [id]);
  if (!gathering) return null;
  const reports = await withReportedAt(tx, await reportsIn(tx, workspace.id, id));
  // What stood alone was gathered with others since.
  if (reports.length === 0)
    return say({ bold: reportKey(gathering) }, ' stands alone no longer: see the question about it.');
  const what = [
    line({ bold: headingOf(gathering, reports) }, ` ${whyText(gathering, reports)}`),
    list(reports.slice(-shownMax).map(itemOf)),
    reports.length > shownMax
      ? line(`… and ${reports.length - shownMax} before them: `, { code: '/report list' })
      : null,
  ];
  const { answer } = gathering;
  if (answer) return message(...what, line(`${answer.by} says: `, { bold: answerText(gathering) }, '.'));
  const open = (await knownIncidents(tx, workspace.id)).slice(0, offeredMax);
  const changes = await underWayThere(tx, workspace.id, reports, gathering.askedAt);
  return message(
    ...what,
    ...changes,
    nextLine(await questionOf(tx, workspace.id, gathering)),
    ...question(gathering, open),
  );
};

function headingOf(gathering: Gathering, reports: readonly Dated[]): string {
  const times = reports.map((each) => each.reportedAt.getTime());
  const first = Math.min(...times);
  if (gathering.why === 'alone') {
    const minutes = Math.round((gathering.askedAt.getTime() - first) / minuteMs);
    return `${reportKey(gathering)}, reported ${minutes} min before this, alone so far.`;
  }
  const people = new Set(reports.map((each) => each.byId)).size;
  const again = gathering.round > 1 && !gathering.answer ? 'Nobody has said yet: ' : '';
  const minutes = Math.max(windowMinutes, Math.ceil((Math.max(...times) - first) / minuteMs));
  return `${again}${people} people reported trouble within ${spanText(minutes)}.`;
}

const spanText = (minutes: number) => (minutes > 120 ? showDuration(minutes * minuteMs) : `${minutes} min`);

function whyText({ why, service, cluster }: Gathering, reports: readonly Report[]): string {
  if (why === 'alone') return 'Nobody was told of it before.';
  if (why === 'people') return 'It may be one trouble.';
  const vague = reports.some((each) => each.service === null) ? ' What names no service came meanwhile.' : '';
  if (why === 'service') return `${vague === '' ? 'All speak' : 'They speak'} of ${service}.${vague}`;
  const named = [...new Set(reports.flatMap((each) => each.service ?? []))].sort();
  return `${named.slice(0, 6).join(', ')} run on ${cluster}.${vague}`;
}

/** What follows when nobody answers. */
function nextLine({ gathering: { why, round, askedAt, paged }, rings, has }: Question): Part {
  const next = { at: new Date(askedAt.getTime() + againMinutes * minuteMs), format: '{time}' } as const;
  if (why === 'alone') return line('Is it an incident? Nobody is paged for it.');
  if (rings) return line('Is it an incident? Whoever is on call was paged for it.');
  if (has !== null) return line(`Is it an incident? ${has} has the page for it.`);
  if (paged) return line('Is it an incident?');
  return round === 1
    ? line(
        'Is it an incident? With no answer I ask again ',
        next,
        `, and ${againMinutes} min later somebody is paged.`,
      )
    : line('Is it an incident? With no answer whoever is on call is paged ', next, '.');
}

function question(gathering: Gathering, open: readonly { number: number; title: string }[]): Part[] {
  const key = reportKey(gathering);
  return [
    buttons(
      { label: 'Declare an incident', command: `/report declare ${key}`, style: 'danger' },
      ...open.map((each) => ({
        label: `${gathering.why === 'alone' ? 'It belongs' : 'They belong'} to ${incidentKey(each)} ${shorten(each.title, 30)}`,
        command: `/report belongs ${key} ${incidentKey(each)}`,
      })),
      { label: 'Not one', command: `/report dismiss ${key}` },
    ),
    line(
      'Or in words: ',
      { code: `/report declare ${key}` },
      ', ',
      { code: `/report belongs ${key} INC-4` },
      ', ',
      {
        code: `/report dismiss ${key}`,
      },
    ),
  ];
}

function itemOf(report: Dated): Span[] {
  const { service, environment, cluster, at, reportedAt } = report;
  const where = service
    ? componentName({ service, environment: environment ?? '', cluster: cluster ?? '' })
    : '';
  const earlier = reportedAt.getTime() - at.getTime() > sinceMinutes * minuteMs;
  return [
    { bold: reportKey(report) },
    earlier ? ' since ' : ' ',
    { at, format: '{time}' },
    ...(earlier ? [', reported ', { at: reportedAt, format: '{time}' } as const] : []),
    ` ${earlier ? 'by ' : ''}${reporterText({ id: report.byId, name: report.byName })}${where === '' ? '' : ` on ${where}`}: `,
    report.text === '' ? 'redacted' : shorten(oneLine(report.text), textMax),
  ];
}

/** `/report list`: the latest, without those of incidents that the asker may not see. */
export const listQuery: Query = {
  verb: {
    surface: 'report',
    words: ['list'],
    usage: '',
    summary: 'The latest reports, and what became of them.',
    onIncident: false,
  },
  async answer(tx: Tx, _values, ask) {
    const latest = await visibleReports(tx, ask, listedMax, { own: true });
    const dated = await withReportedAt(
      tx,
      latest.map((each) => each.report),
    );
    if (latest.length === 0) return say('Nobody has reported anything. ', { code: '/report TEXT' }, ' does.');
    return message(
      line({ bold: 'The latest reports' }),
      list(
        dated.map((report, index) => {
          const became = latest[index]?.takenUp ? 'taken up' : latest[index]?.incident;
          return became ? [...itemOf(report), ` — ${became}`] : itemOf(report);
        }),
      ),
    );
  },
};

/** `/incident reports`: those of one incident. */
export const reportsQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['reports'],
    usage: '',
    summary: 'What people reported of this incident, before and since it was declared.',
    onIncident: true,
  },
  async answer(tx: Tx, values, ask): Promise<Message> {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const where = { incidentId: { in: await withMerged(tx, found.target.id) } };
    const count = await tx.report.count({ where });
    const key = incidentKey(found.target);
    if (count === 0) return say(`Nobody reported anything of ${key}.`);
    const rows = await tx.report.findMany({ where, orderBy: { number: 'desc' }, take: listedMax });
    return message(
      line({ bold: `${count === 1 ? 'One report' : `${count} reports`} of ${key}` }),
      list((await withReportedAt(tx, rows)).map(itemOf)),
      count > listedMax && line(`… and ${count - listedMax} before them.`),
    );
  },
};
