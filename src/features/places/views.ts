// The messages that stay current: the pinned summary, the announcement, and the notice of what Slack refused.
import type { WorkspaceRef } from '../../core/command.js';
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
import { showDuration } from '../../core/time/index.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { componentName, type Incident, incidentKey, isOpen, levelName } from '../incident/index.js';
import { currentRoles, type RoleHolding } from '../roles/index.js';

interface State {
  readonly incident: Incident;
  readonly roles: readonly RoleHolding[];
  readonly impacts: readonly { service: string; environment: string; cluster: string; level: string }[];
}

type Shortfall = Prisma.ShortfallGetPayload<object>;

const impactsShown = 6;

/** The kick-off message, pinned: what is known, and the next three things to do. */
export async function summaryView(tx: Tx, incidentId: string): Promise<Message | null> {
  const state = await readState(tx, incidentId);
  if (!state) return null;
  const { incident } = state;
  return message(
    title(`${incidentKey(incident)} ${incident.title}`),
    flagLine(incident),
    line(
      { bold: incident.severity },
      ' · ',
      { bold: incident.status },
      incident.statusText ? `: ${shorten(incident.statusText, 300)}` : '',
    ),
    line('Affected: ', affected(state)),
    line('Commander: ', ...holder(state, 'commander')),
    timesLine(incident),
    ...(isOpen(incident.status) ? nextSteps(state) : closing(incident)),
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
    line('Affected: ', affected(state), ' · Commander: ', ...holder(state, 'commander')),
    timesLine(incident),
  );
}

const scopeHelp = 'An admin can add it to the app under OAuth & Permissions and reinstall it.';
const effectWords: Record<string, string> = {
  openPlace: 'open a channel',
  movePlace: 'move to another place',
  postInChannel: 'write in its channel',
  show: 'post or update a message',
  say: 'post a message',
  invite: 'invite people',
  setTopic: 'set the topic',
  setPurpose: 'set the purpose',
  bookmark: 'add the bookmark',
  pin: 'pin the summary',
  look: 'read a message for the timeline',
  catchUp: 'read what was missed while I was away; mark it again with the reaction or a pin',
  catchUpPins: 'read what was pinned while I was away',
  replace: 'take redacted words out of a message of mine; delete it by hand',
  replaceFiles: 'delete a file that holds redacted words; delete it by hand',
  upload: 'upload the draft (`andon export` writes it to disk)',
};

/** What Slack refused on this incident and how to mend it, in one message however much it is. */
export async function noticeView(tx: Tx, incidentId: string): Promise<Message | null> {
  const shortfalls = await tx.shortfall.findMany({ where: { incidentId }, orderBy: { id: 'asc' } });
  if (shortfalls.length === 0) return null;
  return message(
    line({ bold: 'Slack did not let me do everything.' }, ' The incident goes on and the record is whole.'),
    list(shortfalls.map(shortfallSpans)),
  );
}

/** What Slack refused, and how to mend it. */
export function shortfallSpans(each: Shortfall): Span[] {
  const what = `I could not ${effectWords[each.effect] ?? each.effect}: Slack said `;
  const mend = each.needed ? ` The scope ${each.needed} is missing. ${scopeHelp}` : ` ${mending(each.error)}`;
  return [what, { code: `${each.error}` }, ` to ${each.method}.${mend}`];
}

function mending(error: string): string {
  if (error === 'restricted_action') return 'An admin has restricted this; ask for an exception for the app.';
  if (error === 'not_in_channel' || error === 'channel_not_found')
    return 'Invite the app into the channel: /invite @Andon.';
  if (error === 'plan_upgrade_required' || error === 'paid_teams_only')
    return 'The workspace’s plan does not have it.';
  if (error === 'is_archived') return 'The channel is archived; unarchive it to go on there.';
  return 'Do it by hand if it matters.';
}

async function readState(tx: Tx, incidentId: string): Promise<State | null> {
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  if (!incident) return null;
  const [roles, impacts] = [
    await currentRoles(tx, incidentId),
    await tx.impact.findMany({
      where: {
        incidentId,
        ...(isOpen(incident.status) ? { until: null } : { level: { not: 'operational' } }),
      },
      orderBy: { since: 'asc' },
    }),
  ];
  return { incident, roles, impacts };
}

function flagLine(incident: Incident): Part | null {
  const flags = [
    incident.drill ? 'This is a drill.' : '',
    incident.private ? 'Private: only its members see it.' : '',
  ];
  const text = flags.filter((flag) => flag !== '').join(' ');
  return text === '' ? null : line({ bold: text });
}

function affected(state: State): string {
  if (state.impacts.length === 0) return 'not said yet';
  const worst = new Map<string, string>();
  for (const each of state.impacts) {
    const name = componentName(each);
    const before = worst.get(name);
    if (before === undefined || badness(each.level) > badness(before)) worst.set(name, each.level);
  }
  const names = [...worst].map(([name, level]) => `${name} (${levelName(level)})`);
  const rest = names.length - impactsShown;
  return `${names.slice(0, impactsShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
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
  if (state.impacts.length === 0)
    steps.push(['Say what is affected: ', { code: '/incident affects api/prod major_outage' }]);
  if (!incident.startedAt) steps.push(['Say when it began: ', { code: '/incident started 20m ago' }]);
  steps.push(['Note what you see and do: ', { code: '/incident note 10:42 restarting the proxy' }]);
  if (incident.status === 'investigating')
    steps.push(['When you know what it is: ', { code: '/incident status identified …' }]);
  if (incident.status === 'identified')
    steps.push(['When the repair is in: ', { code: '/incident status monitoring …' }]);
  if (incident.status === 'monitoring') steps.push(['When it is over: ', { code: '/incident resolve …' }]);
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

function closing(incident: Incident): Part[] {
  const from = incident.startedAt ?? incident.declaredAt;
  const took = incident.resolvedAt ? showDuration(incident.resolvedAt.getTime() - from.getTime()) : null;
  return [
    line(
      took ? `Resolved ${took} after it ${incident.startedAt ? 'started' : 'was declared'}. ` : '',
      'The postmortem draft is in this channel; ',
      { code: '/incident export' },
      ' makes it anew.',
    ),
  ];
}

/** The state of an incident as an answer to `show`. */
export async function showIncident(
  tx: Tx,
  incidentId: string,
  _workspace: WorkspaceRef,
): Promise<Message | null> {
  return summaryView(tx, incidentId);
}
