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
import type { Tx } from '../../db/tx.js';
import { componentName, findIncident, incidentKey, withMerged } from '../incident/index.js';
import { answerText } from './decide.js';
import { gatheringsOf, knownIncidents, reportsIn, visibleReports } from './store.js';
import { type Gathering, type Report, reporterText, reportKey, windowMinutes } from './words.js';

const shownMax = 6;
const listedMax = 10;
const textMax = 140;
const offeredMax = 3;

/** Asks whether reports are one incident; when somebody has said it, that. */
export const gatheringView: View = async (tx, id, workspace) => {
  const [gathering] = await gatheringsOf(tx, workspace.id, [id]);
  if (!gathering) return null;
  const reports = await reportsIn(tx, workspace.id, id);
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
  return message(...what, ...question(gathering, open));
};

function headingOf(gathering: Gathering, reports: readonly Report[]): string {
  const people = new Set(reports.map((each) => each.byId)).size;
  const again = gathering.round > 1 && !gathering.answer ? 'Nobody has said yet: ' : '';
  return `${again}${people} people reported trouble within ${windowMinutes} min.`;
}

function whyText({ why, service, cluster }: Gathering, reports: readonly Report[]): string {
  if (why === 'service') return `All speak of ${service}.`;
  if (why === 'people') return 'It may be one trouble.';
  const services = [...new Set(reports.flatMap((each) => each.service ?? []))].sort().slice(0, 6).join(', ');
  return `${services} run on ${cluster}.`;
}

function question(gathering: Gathering, open: readonly { number: number; title: string }[]): Part[] {
  const key = reportKey(gathering);
  return [
    line('Is it an incident? With no answer I ask again, and then somebody is paged.'),
    buttons(
      { label: 'Declare an incident', command: `/report declare ${key}`, style: 'danger' },
      ...open.map((each) => ({
        label: `They belong to ${incidentKey(each)} ${shorten(each.title, 30)}`,
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

function itemOf(report: Report): Span[] {
  const { service, environment, cluster } = report;
  const where = service
    ? componentName({ service, environment: environment ?? '', cluster: cluster ?? '' })
    : '';
  return [
    { bold: reportKey(report) },
    ' ',
    { at: report.at, format: '{time}' },
    ` ${reporterText({ id: report.byId, name: report.byName })}${where === '' ? '' : ` on ${where}`}: `,
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
    const latest = await visibleReports(tx, ask, listedMax);
    if (latest.length === 0) return say('Nobody has reported anything. ', { code: '/report TEXT' }, ' does.');
    return message(
      line({ bold: 'The latest reports' }),
      list(latest.map(({ report, incident }) => withIncident(report, incident))),
    );
  },
};

function withIncident(report: Report, key: string | null): Span[] {
  return key ? [...itemOf(report), ` — ${key}`] : itemOf(report);
}

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
      list(rows.map(itemOf)),
      count > listedMax && line(`… and ${count - listedMax} before them.`),
    );
  },
};
