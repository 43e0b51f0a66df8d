// What App Home says of incidents: which are open, what the reader holds in them, and what Slack refused.
import type { Ask } from '../../core/command.js';
import { type ButtonSpec, buttons, line, list, type Part, type Span, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { type Incident, incidentKey, openIncidents, openWhere, visibleTo } from '../incident/index.js';
import { noticeSlot, shortfallSpans } from '../places/index.js';

/** More than this nobody takes in on a phone. */
const incidentsShown = 8;
const rolesShown = 8;
const shortfallsShown = 8;
const titleLimit = 120;
const dayMs = 86_400_000;

/** The open incidents that the reader may see, newest first. */
export async function onFireSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const open = await openIncidents(tx, ask, incidentsShown + 1);
  const shown = open.slice(0, incidentsShown);
  const led = await tx.roleHolding.findMany({
    where: { incidentId: { in: shown.map((each) => each.id) }, role: 'commander', until: null },
    select: { incidentId: true, userId: true, userName: true },
  });
  return [
    ...shown.flatMap((incident) => {
      const commander = led.find((each) => each.incidentId === incident.id);
      return [
        line({ bold: incidentKey(incident) }, ` ${shorten(incident.title, titleLimit)}`),
        line(
          ...stateSpans(incident),
          ' · commander: ',
          commander ? { person: commander.userId, name: commander.userName } : 'nobody yet',
        ),
        buttons(...stepsOf(incident, Boolean(commander))),
      ];
    }),
    ...(open.length > shown.length ? [line('There are more: ', { code: '/incident list' })] : []),
  ];
}

/** The roles that the reader holds in open incidents. */
export async function yourRolesSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const held = await tx.roleHolding.findMany({
    where: { workspaceId: ask.workspace.id, userId: ask.actor.id, until: null },
    orderBy: { since: 'desc' },
  });
  if (held.length === 0) return [];
  const open = await tx.incident.findMany({
    where: {
      id: { in: held.map((each) => each.incidentId) },
      ...openWhere,
      ...(await visibleTo(tx, ask)),
    },
    orderBy: { number: 'desc' },
  });
  return open.slice(0, rolesShown).flatMap((incident) => {
    const key = incidentKey(incident);
    const roles = held.filter((each) => each.incidentId === incident.id).map((each) => each.role);
    return [
      line(
        'You are ',
        { bold: [...new Set(roles)].join(' and ') },
        ' of ',
        { bold: key },
        ' · ',
        ...placeSpans(incident),
      ),
      buttons(
        { label: `Set ${key}’s status`, command: `/incident status ${key}` },
        { label: `Add a note to ${key}`, command: `/incident note ${key}` },
      ),
    ];
  });
}

/** What Slack refused in the last day, where no notice of it could be put anywhere else. */
export async function missingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const since = new Date(ask.now.getTime() - dayMs);
  const recent = { OR: [openWhere, { resolvedAt: { gte: since } }] };
  const incidents = await tx.incident.findMany({
    where: { workspaceId: ask.workspace.id, AND: [recent, await visibleTo(tx, ask)] },
    select: { id: true, number: true },
  });
  const ids = incidents.map((each) => each.id);
  const shortfalls = await tx.shortfall.findMany({
    where: { incidentId: { in: ids } },
    orderBy: { id: 'asc' },
  });
  if (shortfalls.length === 0) return [];
  // One that went through a response_url has no place: one person saw it once, and it does not stay current.
  const told = await tx.posted.findMany({
    where: { workspaceId: ask.workspace.id, slot: { in: ids.map(noticeSlot) }, channelId: { not: '' } },
    select: { slot: true },
  });
  // A shortfall bears the id of the fact that made it, and the fact its time.
  const fresh = await tx.fact.findMany({
    where: { id: { in: shortfalls.map((each) => each.id) }, recordedAt: { gte: since } },
    select: { id: true },
  });
  const untold = shortfalls.filter(
    (each) =>
      fresh.some((fact) => fact.id === each.id) &&
      !told.some((posted) => posted.slot === noticeSlot(each.incidentId)),
  );
  if (untold.length === 0) return [];
  const items = untold.slice(0, shortfallsShown).map((each): Span[] => {
    const incident = incidents.find((one) => one.id === each.incidentId);
    return [...(incident ? [{ bold: incidentKey(incident) }, ': '] : []), ...shortfallSpans(each)];
  });
  const rest = untold.length - items.length;
  return [
    list(items),
    ...(rest > 0 ? [line(`And ${rest} more; `, { code: 'andon doctor' }, ' lists them.')] : []),
  ];
}

function stateSpans(incident: Incident): Span[] {
  return [
    { bold: incident.severity },
    ' · ',
    { bold: incident.status },
    incident.drill ? ' · drill' : '',
    incident.private ? ' · private' : '',
    ' · since ',
    { at: incident.startedAt ?? incident.declaredAt },
    ' · ',
    ...placeSpans(incident),
  ].filter((span) => span !== '');
}

function placeSpans(incident: Incident): Span[] {
  if (incident.placeKind === 'channel' && incident.channelId)
    return [{ channel: incident.channelId, name: incident.channelName ?? incident.channelId }];
  if (incident.placeKind === 'thread') return ['in a thread where it was announced'];
  return [incident.placeKind === 'direct' ? 'in a direct message' : shorten(incident.title, titleLimit)];
}

// Two at the most: what an incident lacks first.
function stepsOf(incident: Incident, led: boolean): ButtonSpec[] {
  const key = incidentKey(incident);
  const steps: ButtonSpec[] = [];
  if (!led)
    steps.push({
      label: `Take command of ${key}`,
      command: `/incident role ${key} commander me`,
      style: 'primary',
    });
  if (!incident.acknowledgedAt) steps.push({ label: `I have ${key}`, command: `/incident ack ${key}` });
  steps.push({ label: `Add a note to ${key}`, command: `/incident note ${key}` });
  return steps.slice(0, 2);
}
