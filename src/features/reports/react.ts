// Who is told of reports: whoever can say whether several are one incident, and the incident that they are of.
import type { Destination, Effect, EffectKind, Later } from '../../core/effect.js';
import { on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { type Message, say, shorten } from '../../core/message.js';
import { incidentKey, tellIncident } from '../incident/index.js';
import { callFor, callOff } from '../paging/index.js';
import { entryRedacted, wordsRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import {
  type Asked,
  againMinutes,
  aloneMinutes,
  isOldAt,
  pageCause,
  reporterText,
  reportKey,
} from './words.js';

const minuteMs = 60_000;
const textMax = 300;

/** What the program decides in its turn: whether nobody took one up, or has answered, and whether what is shown was redacted. */
export const aloneCommand = 'reports.alone';
export const lookCommand = 'reports.look';
export const redrawCommand = 'reports.redraw';

export const reactions: Reaction[] = [
  on(facts.reportMade, (fact) => {
    const { incident, gathering, by, text, number } = fact.data;
    const told = incident
      ? [
          tellIncident(
            fact,
            incident.id,
            say({ bold: reportKey({ number }) }, ` ${reporterText(by)} reports: ${shorten(text, textMax)}`),
          ),
        ]
      : [];
    return [
      ...told,
      ...(gathering ? shown(gathering.id, gathering.asked, gathering.round) : []),
      ...(mayStayAlone(fact) ? [aloneLater(fact)] : []),
    ];
  }),
  on(facts.reportsGathered, (fact) => [
    ...fact.data.before.flatMap(({ id, asked, round }) => shown(id, asked, round)),
    ...ask(fact.data.id, fact.data.asked, 1),
    ...(fact.data.why === 'alone' ? [] : [later(fact.data.id, fact.recordedAt)]),
  ]),
  on(facts.reportsReminded, (fact) => [
    ...ask(fact.data.id, fact.data.asked, 2),
    later(fact.data.id, fact.recordedAt),
  ]),
  on(facts.reportsPaged, (fact) => {
    const { id, asked, round, service, count } = fact.data;
    return [
      ...shown(id, asked, round),
      callFor({
        target: service ? { kind: 'service', id: null, name: service } : whoeverIsOnCall,
        reason: `${count} reports of trouble${service ? ` with ${service}` : ''}, and nobody has said whether it is an incident: /report list`,
        cause: pageCause(fact.data),
        incidentId: null,
      }),
    ];
  }),
  on(facts.gatheringAnswered, (fact) => {
    const { id, asked, round } = fact.data;
    return [
      { ...later(id, fact.recordedAt), at: null },
      ...shown(id, asked, round),
      callOff(pageCause(fact.data), 'somebody has said what the reports are'),
      ...tellAsked(fact),
    ];
  }),
  on(entryRedacted, ({ data: { factIds } }) => [redraw(factIds)]),
  on(wordsRedacted, ({ data }) => (data.of === 'report' ? [redraw(data.facts.map(({ id }) => id))] : [])),
  on(facts.gatheringRedrawn, (fact) => shown(fact.data.id, fact.data.asked, fact.data.round)),
];

const redraw = (factIds: readonly string[]) =>
  inLane('reports', { do: 'decide', command: redrawCommand, data: { factIds } });

const whoeverIsOnCall = { kind: 'default', id: null, name: 'whoever is on call' } as const;

// Each in a lane of its own: somebody whom Slack does not let us write to holds up nobody else.
function ask(id: string, asked: Asked, round: number): Effect[] {
  return placesOf(asked).map(([name, destination]) => {
    const slot = slotOf(id, round, name);
    const kind = { do: 'show', view: 'gathering', slot, destination, about: id } as const;
    // One edit waits at most: a flood of reports would be an edit each.
    return { ...inLane(slot, kind, true), collapse: slot };
  });
}

function shown(id: string, asked: Asked, round: number): Effect[] {
  const rounds = Array.from({ length: round }, (_, index) => index + 1);
  return rounds.flatMap((each) => ask(id, asked, each).map((effect) => ({ ...effect, first: false })));
}

function placesOf({ people, channel }: Asked): [string, Destination][] {
  const otherwise: Destination = { to: 'announcements' };
  const places = people.map(({ id: userId }): [string, Destination] => [
    userId,
    { to: 'person', userId, otherwise },
  ]);
  if (channel) places.push(['channel', { to: 'channel', channel, otherwise }]);
  return places.length > 0 ? places : [['announcements', otherwise]];
}

/** The slot of a question: which time it is asked, and of whom. */
const slotOf = (id: string, round: number, name: string) => `gathering/${id}/${round}/${name}`;

function inLane(lane: string, kind: EffectKind, first = false): Effect {
  return { lane, step: 0, incidentId: null, first, essential: true, collapse: null, kind };
}

function later(id: string, since: Date): Later {
  const at = new Date(since.getTime() + againMinutes * minuteMs);
  return { key: `gathering/${id}`, at, command: lookCommand, data: { id } };
}

type Made = ReturnType<typeof facts.reportMade.read>;

function mayStayAlone({ data, occurredAt, recordedAt }: Made): boolean {
  const old = isOldAt(occurredAt ?? recordedAt, recordedAt);
  return !old && data.component !== null && data.incident === null && data.gathering === null;
}

function aloneLater({ data: { number }, recordedAt }: Made): Later {
  const at = new Date(recordedAt.getTime() + aloneMinutes * minuteMs);
  return { key: `report/${number}`, at, command: aloneCommand, data: { number } };
}

type Answered = ReturnType<typeof facts.gatheringAnswered.read>;

// Their question only changes, and of that Slack tells nobody: an answer that is somebody else's may be wrong.
function tellAsked(fact: Answered): Effect[] {
  const { actor, data } = fact;
  if (actor.kind === 'system') return [];
  return data.asked.people
    .filter((each) => each.id !== actor.id)
    .map(({ id: userId }) => {
      const slot = `gathering/${data.id}/answered/${fact.id}/${userId}`;
      const destination: Destination = { to: 'person', userId };
      return inLane(slot, { do: 'say', slot, destination, message: answeredText(fact) });
    });
}

function answeredText({ actor, data }: Answered): Message {
  const { answer, incident, number, reports } = data;
  const key = reportKey({ number });
  const those = reports.length > 1 ? `${key} and those with it` : key;
  if (answer === 'dismissed')
    return say({ bold: `${actor.name} dismissed ${those}` }, ': no incident. If that is wrong: ', {
      code: `/report declare ${key}`,
    });
  const named = incident && !incident.private ? incidentKey(incident) : null;
  const what = named ?? 'an incident';
  return say(
    {
      bold: `${actor.name} ${answer === 'declared' ? `declared ${what} from ${those}` : `put ${those} on ${what}`}`,
    },
    '.',
    ...(named ? [' ', { code: `/incident show ${named}` }] : []),
  );
}
