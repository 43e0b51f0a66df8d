// What the world is told of alerts: the incident's channel, and whoever is on call.
import { type Effect, type Later, onIncident } from '../../core/effect.js';
import { on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { say, shorten } from '../../core/message.js';
import { componentName, tellIncident } from '../incident/index.js';
import { callFor } from '../paging/index.js';
import { entryRedacted } from '../timeline/index.js';
import { quietMessage } from './decide.js';
import * as facts from './facts.js';
import { alertsSlot } from './views.js';
import { quietMinutes } from './words.js';

const minuteMs = 60_000;
const titleMax = 200;

/** What the program decides in its turn: whether all alerts of an incident are quiet. */
export const quietCommand = 'alerts.quiet';

export const reactions: Reaction[] = [
  on(facts.alertFired, (fact) => {
    const { incident, alert, said, calls, opens } = fact.data;
    if (!incident) return [];
    const where = componentName(alert);
    const text =
      alert.title === facts.redactedTitle
        ? say({ bold: 'An alert fires' }, ', whose words were redacted')
        : say(
            { bold: 'Another alert fires' },
            `: ${shorten(alert.title, titleMax)}${where === '' ? '' : ` (${where})`}`,
          );
    return [
      ...(calls ? [call(incident.id, alert, opens)] : []),
      ...(said ? [tellIncident(fact, incident.id, text)] : []),
      current(incident.id),
      quietLater(incident.id, null),
    ];
  }),
  on(facts.alertResolved, (fact) => {
    const { incident } = fact.data;
    if (!incident) return [];
    const at = new Date(fact.recordedAt.getTime() + quietMinutes * minuteMs);
    return [current(incident.id), quietLater(incident.id, at)];
  }),
  on(facts.alertFlaps, (fact) => {
    const { incident, alert } = fact.data;
    if (!incident) return [];
    const what =
      alert.title === facts.redactedTitle
        ? ', whose words were redacted'
        : `: ${shorten(alert.title, titleMax)}`;
    const text = say(
      { bold: 'An alert flaps' },
      `${what}. I say no more of it here; `,
      { code: '/incident alerts' },
      ' shows how it is.',
    );
    return [tellIncident(fact, incident.id, text)];
  }),
  on(facts.alertsQuiet, (fact) => [tellIncident(fact, fact.data.incident.id, quietMessage(fact.data))]),
  // Where an incident has no alerts, there is nothing to draw.
  on(entryRedacted, (fact) => (fact.incidentId === null ? [] : [current(fact.incidentId)])),
];

function current(incidentId: string): Effect {
  return onIncident(
    incidentId,
    { do: 'show', view: 'alerts', slot: alertsSlot(incidentId), destination: { to: 'incident' } },
    { step: 2, essential: true, collapse: `alerts/${incidentId}` },
  );
}

// One that opens its incident gave it its title; one that joins says itself what it is.
function call(incidentId: string, alert: facts.AlertData, opens: boolean): Effect {
  const { service, source } = alert;
  return callFor({
    target: service === '' ? whoeverIsOnCall : { kind: 'service', id: null, name: service },
    reason: `a critical alert${service === '' ? '' : ` on ${componentName(alert)}`}${opens ? '' : `: ${shorten(alert.title, titleMax)}`}`,
    cause: { kind: 'alert', name: service || source },
    incidentId,
  });
}

const whoeverIsOnCall = { kind: 'default', id: null, name: 'whoever is on call' } as const;

function quietLater(incidentId: string, at: Date | null): Later {
  return { key: `alerts/${incidentId}/quiet`, at, command: quietCommand, data: { incidentId } };
}
