// The list of incidents, at most a phone screen of it.
import { line, list, type Message, message, type Span } from '../../core/message.js';
import type { Incident } from './row.js';
import { incidentKey } from './store.js';

const listed = 10;

/** Incidents, newest first; says when there are more. */
export function listIncidents(incidents: readonly Incident[]): Message {
  return message(
    list(incidents.slice(0, listed).map(incidentSpans)),
    incidents.length > listed && line('There are more; the newest ten are shown.'),
    incidents.length === 0 &&
      line('There is no incident yet. ', { code: '/incident declare what is wrong' }, ' opens one.'),
  );
}

function incidentSpans(incident: Incident): Span[] {
  const flags = `${incident.drill ? ' · drill' : ''}${incident.private ? ' · private' : ''}${incident.mistaken ? ' · declared by mistake' : ''}`;
  const where: Span[] =
    incident.placeKind === 'channel' && incident.channelId
      ? [' · ', { channel: incident.channelId, name: incident.channelName ?? incident.channelId }]
      : [];
  return [
    { bold: incidentKey(incident) },
    ` ${incident.severity} · ${incident.status}${flags} · ${incident.title} · since `,
    { at: incident.startedAt ?? incident.declaredAt },
    ...where,
  ];
}
