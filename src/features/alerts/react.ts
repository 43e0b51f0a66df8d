// What the world is told of alerts: the incident's channel, and whoever is on call.
import { type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Message, say, shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import {
  componentName,
  idOf,
  incidentKey,
  incidentMerged,
  incidentSeparated,
  isEnd,
  saidSlot,
  statusSet,
  tellIncident,
} from '../incident/index.js';
import { callFor } from '../paging/index.js';
import { entryRedacted } from '../timeline/index.js';
import { targetOf } from './calling.js';
import { quietMessage } from './decide.js';
import * as facts from './facts.js';
import { alertsSlot, gatheredView, leftView } from './views.js';
import { gravityOf, quietMinutes } from './words.js';

const minuteMs = 60_000;
const titleMax = 200;
const wordMax = 40;
const mebibyte = 1024 * 1024;

/** What the program decides in its turn: whether all alerts of an incident are quiet. */
export const quietCommand = 'alerts.quiet';
/** And what one line says of the alerts of a minute. */
export const gatherCommand = 'alerts.gather';

export const reactions: Reaction[] = [
  on(facts.alertFired, (fact) => {
    const { incident, said, held, calls } = fact.data;
    if (!incident) return [];
    return [
      ...(calls ? [call(incident.id, fact.data)] : []),
      ...(said ? [tellIncident(fact, incident.id, firedText(fact.data))] : []),
      ...(held ? [gatherLater(incident.id, fact.recordedAt)] : []),
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
    const { incident, alert, said } = fact.data;
    if (!incident || !said) return [];
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
  on(facts.alertsCounted, (fact) => {
    const { incident, gathered } = fact.data;
    if (!gathered) return [];
    const [view, slot] = [gatheredView, `${gatheredView}/${fact.id}`];
    const kind = { do: 'show', view, slot, destination: { to: 'incident' }, about: fact.id } as const;
    return [onIncident(incident.id, kind, { essential: true })];
  }),
  on(facts.alertsQuiet, (fact) => [tellIncident(fact, fact.data.incident.id, quietMessage(fact.data))]),
  on(facts.alertsStillFire, (fact) => {
    const { incident, hidden, calls } = fact.data;
    const text = stillText(fact);
    const announced = onIncident(
      incident.id,
      {
        ...{ do: 'say', slot: `${saidSlot(fact.id)}/announced` },
        ...{ destination: { to: 'announcements' }, message: text },
      },
      { essential: true },
    );
    return [
      ...calls.map(({ service }) => callStill(fact, service)),
      tellIncident(fact, incident.id, text),
      ...(hidden ? [] : [announced]),
    ];
  }),
  on(facts.alertsRefused, (fact) => [refused(fact)]),
  on(statusSet, (fact) => {
    const { from, to } = fact.data;
    return isEnd(from, to) ? [left(idOf(fact), fact.id)] : [];
  }),
  // What was on the one that was merged is of the one that goes on, and whether all of it is quiet is asked there.
  on(incidentMerged, (fact) => {
    const { id } = fact.data.into;
    return [current(id), quietLater(id, new Date(fact.recordedAt.getTime() + quietMinutes * minuteMs))];
  }),
  on(incidentSeparated, (fact) => [current(idOf(fact)), current(fact.data.from.id)]),
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

type Fired = ReturnType<typeof facts.alertFired.read>['data'];

function firedText({ alert, rose }: Fired): Message {
  const critical = gravityOf(alert.severity).calls;
  if (alert.title === facts.redactedTitle)
    return say({ bold: `${critical ? 'A critical' : 'An'} alert fires` }, ', whose words were redacted');
  const what = critical ? 'critical alert' : 'alert';
  const where = componentName(alert);
  return say(
    {
      bold: rose
        ? `An alert is ${shorten(oneLine(alert.severity ?? 'worse'), wordMax)} now`
        : `Another ${what} fires`,
    },
    `: ${shorten(alert.title, titleMax)}${where === '' ? '' : ` (${where})`}`,
  );
}

// One that opens its incident gave it its title; one that joins says itself what it is.
function call(incidentId: string, { alert, opens }: Fired): Effect {
  const { service, source } = alert;
  return callFor({
    target: targetOf(alert),
    reason: `a critical alert${service === '' ? '' : ` on ${componentName(alert)}`}${opens ? '' : `: ${shorten(alert.title, titleMax)}`}`,
    cause: { kind: 'alert', name: service || source },
    incidentId,
    opens,
  });
}

type Still = Fact<ReturnType<typeof facts.alertsStillFire.read>['data']>;

function stillWords({ data, recordedAt }: Still): string {
  const what = data.count === 1 ? 'An alert' : `${data.count} alerts`;
  const fires = data.count === 1 ? 'still fires' : 'still fire';
  const after = showDuration(recordedAt.getTime() - data.resolvedAt.getTime());
  return `${what}${facts.placesText(data)} ${fires}, ${after} after ${incidentKey(data.incident)} was resolved`;
}

function stillText(fact: Still): Message {
  const key = incidentKey(fact.data.incident);
  return say(
    { bold: stillWords(fact) },
    '. If it is not over: ',
    { code: `/incident reopen ${key} REASON` },
    '. Which they are: ',
    { code: `/incident alerts ${key}` },
  );
}

function callStill(fact: Still, service: string): Effect {
  const { incident, source } = fact.data;
  return callFor({
    target: targetOf({ service }),
    reason: `${stillWords(fact)}. If it is not over: /incident reopen ${incidentKey(incident)} REASON`,
    cause: { kind: 'alert', name: service || source },
    incidentId: incident.id,
  });
}

// How many still fire where it ends, drawn when it is said.
function left(incidentId: string, factId: string): Effect {
  const slot = `alerts/left/${factId}`;
  return onIncident(
    incidentId,
    { do: 'show', view: leftView, slot, destination: { to: 'incident' } },
    { step: 2, essential: true },
  );
}

function refused(fact: Fact<ReturnType<typeof facts.alertsRefused.read>['data']>): Effect {
  const { source, bytes, maxBytes } = fact.data;
  const large = bytes === null ? 'more than may be' : `${Math.ceil(bytes / mebibyte)} MB`;
  const text = say(
    { bold: `Alerts of ${source} were refused` },
    `: what it sent is too large (${large}; at most ${maxBytes / mebibyte} MB), so nobody is called for them. Look at the monitor itself. So that it sends less at once, set `,
    { code: 'max_alerts: 500' },
    ' for this receiver, or group by fewer labels. I say this once an hour at most.',
  );
  const slot = saidSlot(fact.id);
  return {
    ...onIncident(
      '',
      { do: 'say', slot, destination: { to: 'announcements' }, message: text },
      { essential: true, first: true },
    ),
    ...{ lane: `alerts/refused/${source}`, incidentId: null },
  };
}

// One for each minute, whichever of its alerts asks for it.
function gatherLater(incidentId: string, now: Date): Later {
  const from = Math.floor(now.getTime() / minuteMs) * minuteMs;
  const to = new Date(from + minuteMs);
  const data = { incidentId, from: new Date(from).toISOString(), to: to.toISOString() };
  return { key: `alerts/${incidentId}/gather/${data.from}`, at: to, command: gatherCommand, data };
}

function quietLater(incidentId: string, at: Date | null): Later {
  return { key: `alerts/${incidentId}/quiet`, at, command: quietCommand, data: { incidentId } };
}
