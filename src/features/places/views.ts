// The messages that stay current: the pinned summary and the announcement.
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
  title,
} from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import {
  componentName,
  goesOnIn,
  type Incident,
  incidentKey,
  isOpen,
  type KeyTimes,
  levelName,
} from '../incident/index.js';
import { currentRoles, type RoleHolding } from '../roles/index.js';
import { suspectParts } from '../suspects/index.js';
import { toDoLine } from '../tasks/index.js';
import { latestUpdate, nextUpdate, promisedSpans, type Update } from '../updates/index.js';

interface State {
  readonly incident: Incident;
  readonly roles: readonly RoleHolding[];
  readonly impacts: readonly Impact[];
  /** Its postmortem draft is where it lives. */
  readonly drafted: boolean;
  /** Slack took no file. */
  readonly draftRefused: boolean;
  /** What those outside were told last, and when they are to hear again. */
  readonly told: Update | null;
  readonly next: { readonly due: Date; readonly late: boolean } | null;
  /** Where a merged one goes on. */
  readonly into: Incident | null;
}

type Impact = {
  readonly service: string;
  readonly environment: string;
  readonly cluster: string;
  readonly level: string;
  readonly until: Date | null;
};

const impactsShown = 6;
const updateShown = 500;

/** The kick-off message, pinned: what is known, and the next three things to do. */
export function summaryView(tx: Tx, incidentId: string): Promise<Message | null> {
  return summaryWith(tx, incidentId, async (incident) => [await toDoLine(tx, incident)]);
}

/** The same, with what is under way said by whoever asks for it. */
export async function summaryWith(
  tx: Tx,
  incidentId: string,
  underWay: (incident: Incident) => Promise<readonly (Part | null)[]>,
): Promise<Message | null> {
  const state = await readState(tx, incidentId);
  if (!state) return null;
  const { incident } = state;
  return message(
    title(`${incidentKey(incident)} ${incident.title}`),
    flagLine(incident),
    mistakenLine(incident),
    goesOnLine(state),
    line(
      { bold: incident.severity },
      ' · ',
      { bold: incident.status },
      incident.statusText ? `: ${shorten(incident.statusText, 300)}` : '',
    ),
    line(affected(state)),
    line('Commander: ', ...holder(state, 'commander')),
    timesLine(incident),
    toldLine(state),
    ...(incident.mistaken ? [] : await suspectParts(tx, incident)),
    ...(await underWay(incident)),
    ...(isOpen(incident.status) ? nextSteps(state) : closing(state)),
  );
}

/** One message in the channel where incidents are announced. Private incidents and drills have none. */
export async function announcementView(tx: Tx, incidentId: string): Promise<Message | null> {
  const state = await readState(tx, incidentId);
  if (!state || state.incident.private || state.incident.drill) return null;
  const { incident } = state;
  const where: Span[] =
    incident.placeKind === 'channel' && incident.channelId
      ? [{ channel: incident.channelId, name: incident.channelName ?? incident.channelId }]
      : ['in this thread'];
  return message(
    line({ bold: incidentKey(incident) }, ` ${incident.title}`),
    line(
      { bold: incident.severity },
      ' · ',
      { bold: incident.status },
      ' · ',
      ...where,
      ` · declared by ${incident.declaredByName}`,
    ),
    mistakenLine(incident),
    goesOnLine(state),
    !incident.mistaken && line(affected(state), ' · Commander: ', ...holder(state, 'commander')),
    timesLine(incident),
    ...toldLines(state),
  );
}

// To the team: when those outside are to hear again, since that is what is theirs to do.
function toldLine({ incident, told, next }: State): Part | null {
  if (!isOpen(incident.status) || incident.mistaken || (!told && !next)) return null;
  const last: Span[] = told
    ? [`Update ${told.number} was given `, { at: told.at }, '. ']
    : ['no update yet. '];
  const which = `The ${told ? 'next' : 'first'}`;
  const due: Span[] = !next
    ? ['No next one is promised.']
    : next.late
      ? [`${which} was due `, { at: next.due }, ': ', { bold: 'it is late' }, '.']
      : [`${which} is due `, { at: next.due }, '.'];
  return line('For those outside: ', ...last, ...due);
}

// To those outside: the words, and when there will be more.
function toldLines({ incident, told, next }: State): Part[] {
  if (!told || incident.mistaken) return [];
  const cut = !told.redacted && told.text.length > updateShown;
  const words = told.redacted
    ? 'redacted'
    : `${shorten(told.text, updateShown)}${cut ? ' (more in the thread)' : ''}`;
  const open = isOpen(incident.status);
  return [
    line({ bold: `Update ${told.number}` }, ' (', { at: told.at }, `): ${words}`),
    ...(open && next ? [line(...promisedSpans(next))] : []),
  ];
}

async function readState(tx: Tx, incidentId: string): Promise<State | null> {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident) return null;
  return {
    incident,
    roles: await currentRoles(tx, incidentId),
    impacts: await tx.impact.findMany({
      where: { incidentId, level: { not: 'operational' } },
      orderBy: { since: 'asc' },
    }),
    drafted: (await tx.uploadedFile.count({ where: { incidentId, removed: false } })) > 0,
    draftRefused: (await tx.shortfall.count({ where: { incidentId, effect: 'upload' } })) > 0,
    told: await latestUpdate(tx, incidentId),
    next: await nextUpdate(tx, incident),
    into: await goesOnIn(tx, incident),
  };
}

function flagLine(incident: Incident): Part | null {
  const flags = [
    incident.drill ? 'This is a drill.' : '',
    incident.private ? 'Private: only its members see it.' : '',
  ];
  const text = flags.filter((flag) => flag !== '').join(' ');
  return text === '' ? null : line({ bold: text });
}

function mistakenLine(incident: Incident): Part | null {
  return incident.mistaken ? line({ bold: 'Declared by mistake: there is no such incident.' }) : null;
}

function goesOnLine({ into }: State): Part | null {
  if (!into) return null;
  return line({ bold: `It goes on in ${incidentKey(into)}.` });
}

// While it lasts, what is affected now; afterwards, what was.
function affected(state: State): string {
  if (state.impacts.length === 0) return 'Affected: not said yet';
  if (!isOpen(state.incident.status)) return `Was affected: ${named(state.impacts)}`;
  const now = state.impacts.filter((each) => each.until === null);
  return now.length > 0
    ? `Affected: ${named(now)}`
    : `Affected: nothing any more (was: ${named(state.impacts)})`;
}

function named(impacts: readonly Impact[]): string {
  const worst = new Map<string, string>();
  for (const each of impacts) {
    const name = componentName(each);
    const before = worst.get(name);
    if (before === undefined || badness(each.level) > badness(before)) worst.set(name, each.level);
  }
  const names = [...worst].map(([name, level]) => `${name} (${levelName(level)})`);
  return fewNames(names, impactsShown);
}

function badness(level: string): number {
  return ['operational', 'maintenance', 'degraded', 'partial_outage', 'major_outage'].indexOf(level);
}

function holder(state: State, role: string): Span[] {
  const held = state.roles.find((each) => each.role === role);
  return held ? [{ person: held.userId, name: held.userName }] : ['nobody yet'];
}

function timesLine(incident: Incident): Part {
  const started: Span[] = incident.startedAt
    ? ['Started ', { at: incident.startedAt }]
    : ['Started: unknown'];
  return line(...started, ' · declared ', { at: incident.declaredAt });
}

// Three things at the most: at 3 a.m. nobody reads a fourth.
function nextSteps(state: State): Part[] {
  const { incident } = state;
  const key = incidentKey(incident);
  const led = state.roles.some((each) => each.role === 'commander');
  const steps: Span[][] = [];
  if (!led) steps.push(['Take command: ', { code: '/incident role commander me' }]);
  if (incident.status === 'monitoring') steps.push(['When it is over: ', { code: '/incident resolve …' }]);
  if (state.impacts.length === 0)
    steps.push(['Say what is affected: ', { code: '/incident affects api/prod major_outage' }]);
  if (!(incident.keyTimes as KeyTimes).started)
    steps.push(['Say when it began: ', { code: '/incident started 20m ago' }]);
  steps.push(['Note what you see and do: ', { code: '/incident note 10:42 restarting the proxy' }]);
  if (incident.status === 'investigating')
    steps.push(['When you know what it is: ', { code: '/incident status identified …' }]);
  if (incident.status === 'identified')
    steps.push(['When the repair is in: ', { code: '/incident status monitoring …' }]);
  return [
    line({ bold: 'Next' }),
    list(steps.slice(0, 3), { ordered: true }),
    buttons(
      ...(led
        ? []
        : [
            {
              label: 'Take command',
              command: `/incident role ${key} commander me`,
              style: 'primary' as const,
            },
          ]),
      { label: 'Add a note', command: `/incident note ${key}` },
      { label: 'Set status', command: `/incident status ${key}` },
    ),
  ];
}

function closing(state: State): Part[] {
  const { incident, drafted, draftRefused } = state;
  const draft: Span[] = drafted
    ? ['The postmortem draft is where the incident lives; ', { code: '/incident export' }, ' makes it anew.']
    : [
        ...(draftRefused
          ? [
              'Slack took no postmortem draft. ',
              { code: `GET /api/v1/incidents/${incident.number}/postmortem.md` },
              ' gives it to who has a token; where the app runs, ',
            ]
          : [
              'For the postmortem draft say ',
              { code: `/incident export ${incidentKey(incident)}` },
              '; where the app runs, ',
            ]),
        { code: `andon export ${incidentKey(incident)}` },
        ' writes it to disk.',
      ];
  return [line(lasted(incident), ...draft)];
}

function lasted(incident: Incident): string {
  if (!incident.resolvedAt) return '';
  const from = incident.startedAt ?? incident.declaredAt;
  const ms = incident.resolvedAt.getTime() - from.getTime();
  const since = incident.startedAt ? 'started' : 'was declared';
  if (ms >= 0) return `Resolved ${showDuration(ms)} after it ${since}. `;
  return `Resolved ${showDuration(-ms)} before it ${since}: check the times. `;
}
