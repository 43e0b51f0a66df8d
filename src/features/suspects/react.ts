// What follows from facts: the suspects are ranked anew, their owners asked, and the answers said.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, message, type Span, say } from '../../core/message.js';
import {
  changeAnnounced,
  changeDescribed,
  changeIdOf,
  changeMoved,
  changeStateSet,
} from '../change/index.js';
import {
  idOf,
  impactSet,
  incidentDeclared,
  isOpen,
  keyTimeSet,
  saidSlot,
  statusSet,
  summarySlot,
  tellIncident,
} from '../incident/index.js';
import { timelineShifted } from '../timeline/index.js';
import { changeUndone } from '../undo/index.js';
import { firstAfterThaw, freezeViolated, violationWithdrawn } from '../violation/index.js';
import { causeSuggested, suspectAnswered, suspectsRanked } from './facts.js';
import { suspectId } from './store.js';
import { answerWords } from './words.js';

/** The slot of the message that asks an owner. */
const askSlot = (incidentId: string, changeId: string) => `suspect/${suspectId(incidentId, changeId)}`;

export const reactions: Reaction[] = [
  // Beside the opening of the channel, so that the first message in it has them.
  on(incidentDeclared, (fact) => [rank(idOf(fact), true)]),
  on(impactSet, (fact) => [rank(idOf(fact))]),
  on(keyTimeSet, (fact) => (fact.data.which === 'mitigated' ? [] : [rank(idOf(fact))])),
  on(timelineShifted, (fact) => (fact.data.keyTimes.length > 0 ? [rank(idOf(fact))] : [])),
  on(changeUndone, (fact) => [rank(idOf(fact))]),
  on(statusSet, (fact) => {
    const { from, to } = fact.data;
    const again = isOpen(to) && !isOpen(from);
    const recovered = to === 'monitoring' || to === 'resolved';
    return [...(again ? [rank(idOf(fact))] : []), ...(recovered ? [suggest(idOf(fact))] : [])];
  }),
  on(changeAnnounced, (fact) => {
    const { unchanged, state, plannedStart } = fact.data;
    // What is still to come broke nothing.
    const later = state === 'planned' && plannedStart !== null && plannedStart > fact.recordedAt;
    return unchanged || later ? [] : [consider(fact)];
  }),
  on(changeStateSet, (fact) => [consider(fact)]),
  on(changeMoved, (fact) => [consider(fact)]),
  on(freezeViolated, (fact) => [consider(fact)]),
  on(violationWithdrawn, (fact) => [consider(fact)]),
  on(firstAfterThaw, (fact) => [consider(fact)]),
  on(changeDescribed, (fact) => (fact.data.components || fact.data.startedAt ? [consider(fact)] : [])),
  on(suspectsRanked, ({ id, data: { incidentId, asked } }) => [
    showSummary(incidentId),
    ...(asked.length > 0 ? [saidAsked(id, incidentId, asked)] : []),
    ...asked.flatMap(({ changeId, owner, how }) =>
      how === 'direct' && owner.id !== null ? [askOwner(incidentId, changeId, owner.id)] : [],
    ),
  ]),
  on(suspectAnswered, (fact) => {
    const id = idOf(fact);
    const { changeId, number, answer, text, askedId } = fact.data;
    const spans: Span[] = [
      { bold: `#${fact.seq} CHG-${number} is ${answerWords[answer]}` },
      text ? `: ${text}` : '',
      ` — ${fact.actor.name}`,
    ];
    return [
      tellIncident(fact, id, say(...spans.filter((span) => span !== ''))),
      showSummary(id),
      ...(askedId === null ? [] : [askOwner(id, changeId, askedId)]),
      rank(id),
    ];
  }),
  on(causeSuggested, ({ id, data: { incidentId, incident, changes } }) => [
    onIncident(
      incidentId,
      {
        do: 'say',
        slot: saidSlot(id),
        destination: { to: 'incident' },
        message: message(
          line(
            `${named(changes)} ${changes.length === 1 ? 'was' : 'were'} rolled back and it recovered. Confirm what was a cause: `,
            { code: `/incident suspect ${named(changes.slice(0, 1))} cause` },
            '. It stays a suspect until somebody does.',
          ),
          buttons(
            ...changes.slice(0, 3).map(({ number }) => ({
              label: `CHG-${number} was a cause`,
              command: `/incident suspect INC-${incident} CHG-${number} cause`,
            })),
          ),
        ),
      },
      { essential: true },
    ),
  ]),
];

function rank(incidentId: string, first = false): Effect {
  return onIncident(
    incidentId,
    { do: 'decide', command: 'suspects.rank', data: { incidentId } },
    { first, collapse: `suspects/${incidentId}` },
  );
}

function suggest(incidentId: string): Effect {
  return onIncident(incidentId, { do: 'decide', command: 'suspects.suggest', data: { incidentId } });
}

// In a lane of its own: what is told of a change may have to wait for Slack.
function consider(fact: Fact): Effect {
  const changeId = changeIdOf(fact);
  return {
    ...{ lane: 'suspects', step: 0, incidentId: null, first: false, essential: false },
    collapse: `suspects/${changeId}`,
    kind: { do: 'decide', command: 'suspects.consider', data: { changeId } },
  };
}

function showSummary(incidentId: string): Effect {
  return onIncident(
    incidentId,
    { do: 'show', view: 'summary', slot: summarySlot(incidentId), destination: { to: 'incident' } },
    { essential: true, collapse: `summary/${incidentId}` },
  );
}

function askOwner(incidentId: string, changeId: string, userId: string): Effect {
  return onIncident(
    incidentId,
    {
      do: 'show',
      view: 'suspect',
      about: suspectId(incidentId, changeId),
      slot: askSlot(incidentId, changeId),
      destination: { to: 'person', userId },
    },
    { step: 1, collapse: askSlot(incidentId, changeId) },
  );
}

type Asked = ReturnType<typeof suspectsRanked.read>['data']['asked'];

// A drill mentions nobody: whoever is not in it would be called.
function saidAsked(factId: string, incidentId: string, asked: Asked): Effect {
  const direct = asked.some(({ how }) => how === 'direct');
  const of = asked.flatMap(({ number, owner, how }, i): Span[] => [
    i === 0 ? '' : ', ',
    how === 'direct' && owner.id !== null ? { person: owner.id, name: owner.name } : owner.name,
    ` (CHG-${number})`,
  ]);
  const first = `/incident suspect CHG-${asked[0]?.number ?? 0} related`;
  const text = line(
    direct
      ? 'I asked the owners of the suspects: '
      : 'In a drill nobody is asked. The owners of the suspects: ',
    ...of.filter((span) => span !== ''),
    '. Whoever knows may answer: ',
    { code: first },
    ', or unrelated, rollback, cause.',
  );
  return onIncident(
    incidentId,
    { do: 'say', slot: saidSlot(factId), destination: { to: 'incident' }, message: message(text) },
    { step: 1 },
  );
}

function named(changes: readonly { readonly number: number }[]): string {
  return changes.map(({ number }) => `CHG-${number}`).join(', ');
}
