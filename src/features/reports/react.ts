// Who is told of reports: whoever can say whether several are one incident, and the incident that they are of.
import type { Destination, Effect, EffectKind, Later } from '../../core/effect.js';
import { on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { say, shorten } from '../../core/message.js';
import { tellIncident } from '../incident/index.js';
import { callFor, callOff } from '../paging/index.js';
import { entryRedacted, wordsRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import { type Asked, againMinutes, pageCause, reporterText, reportKey } from './words.js';

const minuteMs = 60_000;
const textMax = 300;

/** What the program decides in its turn: whether nobody has answered, and whether what is shown was redacted. */
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
    return [...told, ...(gathering ? shown(gathering.id, gathering.asked, gathering.round) : [])];
  }),
  on(facts.reportsGathered, (fact) => [
    ...ask(fact.data.id, fact.data.asked, 1),
    later(fact.data.id, fact.recordedAt),
  ]),
  on(facts.reportsReminded, (fact) => [
    ...ask(fact.data.id, fact.data.asked, 2),
    later(fact.data.id, fact.recordedAt),
  ]),
  on(facts.reportsPaged, (fact) => {
    const { service, count } = fact.data;
    return [
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
    return inLane(slot, { do: 'show', view: 'gathering', slot, destination, about: id }, true);
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
export const slotOf = (id: string, round: number, name: string) => `gathering/${id}/${round}/${name}`;

function inLane(lane: string, kind: EffectKind, first = false): Effect {
  return { lane, step: 0, incidentId: null, first, essential: true, collapse: null, kind };
}

function later(id: string, since: Date): Later {
  const at = new Date(since.getTime() + againMinutes * minuteMs);
  return { key: `gathering/${id}`, at, command: lookCommand, data: { id } };
}
