// How the alerts of an incident are shown: the message that stays current in its channel, and the answer to `alerts`.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { componentName, incidentKey } from '../incident/index.js';
import { alertsCounted, redactedTitle } from './facts.js';
import { alertsOn } from './store.js';
import { type Alert, alertId } from './words.js';

const shownInChannel = 8;
const shownWhenAsked = 10;
const namedWhenOver = 3;
const titleMax = 100;

/** The slot of the message that shows an incident's alerts. */
export const alertsSlot = (incidentId: string) => `alerts/${incidentId}`;

/** The alerts of an incident, as they are. */
export const alertsView: View = async (tx, incidentId) => {
  const alerts = await alertsOn(tx, incidentId);
  if (alerts.length === 0) return null;
  const firing = alerts.filter((each) => each.state === 'firing');
  return message(
    heading(alerts, firing.length),
    list(firing.slice(0, shownInChannel).map(itemOf)),
    firing.length > shownInChannel && line(`… and ${firing.length - shownInChannel} more.`),
    line('All of them: ', { code: '/incident alerts' }),
  );
};

/** The view of what still fires where an incident ends. */
export const leftView = 'alertsLeft';

/** How many alerts still fire, and their names. */
export const alertsLeftView: View = async (tx, incidentId) => {
  const firing = (await alertsOn(tx, incidentId)).filter((each) => each.state === 'firing');
  if (firing.length === 0) return null;
  const names = firing.slice(0, namedWhenOver).map((each) => `“${shorten(each.title, titleMax)}”`);
  const more = firing.length - names.length;
  const count = firing.length === 1 ? 'One alert still fires' : `${firing.length} alerts still fire`;
  return message(
    line({ bold: count }, `: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`),
    line(
      'One that goes on is said once more after half an hour. If it is not over: ',
      { code: '/incident reopen REASON' },
      '. All of them: ',
      { code: '/incident alerts' },
    ),
  );
};

/** The view of the alerts of a minute that share a line. */
export const gatheredView = 'alertsGathered';

/** How many more alerts fire, and the newest of them: with the words that they have now, which may be redacted. */
export const alertsGatheredView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const data = row && alertsCounted.read(readFact(row)).data;
  if (!row || !data?.gathered) return null;
  const { newest, critical } = data.gathered;
  const ids = newest.map((each) => alertId(row.workspaceId, each));
  const alerts = await tx.alert.findMany({ where: { id: { in: ids } } });
  const named = ids.flatMap((id) => alerts.find((each) => each.id === id) ?? []).map(nameOf);
  const what = `${critical ? 'critical ' : ''}${data.fired === 1 ? 'alert fires' : 'alerts fire'}`;
  const rest = data.fired - named.length;
  return say(
    { bold: data.fired === 1 ? `Another ${what}` : `${data.fired} more ${what}` },
    `: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}. All of them: `,
    { code: '/incident alerts' },
  );
};

function nameOf(alert: Alert): string {
  if (alert.title === redactedTitle) return 'one whose words were redacted';
  const where = componentName(alert);
  return `“${shorten(alert.title, titleMax)}”${where === '' ? '' : ` (${where})`}`;
}

/** The answer to `alerts`. */
export async function listAlerts(tx: Tx, incident: { id: string; number: number }): Promise<Message> {
  const key = incidentKey(incident);
  const alerts = await alertsOn(tx, incident.id);
  if (alerts.length === 0) return say(`No alert is on ${key}.`);
  const firing = alerts.filter((each) => each.state === 'firing').length;
  return message(
    heading(alerts, firing, key),
    list(alerts.slice(0, shownWhenAsked).map(itemOf)),
    alerts.length > shownWhenAsked && line(`… and ${alerts.length - shownWhenAsked} more.`),
  );
}

function heading(alerts: readonly Alert[], firing: number, key?: string) {
  const all = alerts.length === 1 ? 'one alert' : `${alerts.length} alerts`;
  const on = key ? ` of ${key}` : '';
  return firing === 0
    ? line({ bold: 'Alerts' }, `: ${all}${on}, all quiet.`)
    : line({ bold: 'Alerts' }, `: ${firing} of ${all}${on} ${firing === 1 ? 'fires' : 'fire'}.`);
}

function itemOf(alert: Alert): Span[] {
  const where = componentName(alert);
  const firing = alert.state === 'firing';
  return [
    { bold: firing ? 'fires' : 'quiet' },
    ' since ',
    { at: firing ? alert.startsAt : (alert.endsAt ?? alert.startsAt) },
    ` · ${[alert.severity, where].filter((each) => each).join(' · ')}${alert.severity || where ? ' · ' : ''}`,
    shorten(alert.title, titleMax),
    ...(alert.url ? [' ', { url: alert.url, label: 'open' }] : []),
  ];
}
