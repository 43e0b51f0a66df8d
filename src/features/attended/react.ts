// Who is told of cover and validation, and when the program looks after them again.
import { type Destination, type Effect, type EffectKind, type Later, onChange } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, say } from '../../core/message.js';
import {
  changeAnnounced,
  changeDescribed,
  changeIdOf,
  changeKey,
  changeMoved,
  changeSlot,
  changeStateSet,
  isAttended,
  isOver,
  refreshChange,
} from '../change/index.js';
import { uncoveredAt } from './due.js';
import {
  coverAsked,
  coverDeclined,
  coverDropped,
  coverGiven,
  supportTold,
  validationAnswered,
  validationAsked,
} from './facts.js';
import { declareLine, type Place, placesFor } from './words.js';

/** What the program decides in its turn: whatever is due of a change's cover, support and validation. */
export const lookCommand = 'attended.look';

interface OfChange {
  readonly number: number;
  readonly announced: boolean;
  readonly owner: { readonly id: string | null; readonly name: string };
}

export const reactions: Reaction[] = [
  on(changeAnnounced, (fact) => {
    const { kind, state, cover, production, unchanged, plannedStart } = fact.data;
    const attended = isAttended(kind);
    const concerns = production && !unchanged && (attended || state === 'planned');
    if (cover === null && !concerns && !(attended && state === 'validating')) return [];
    const id = changeIdOf(fact);
    return [lookNow(id), ...(attended && state === 'planned' ? [before(id, fact, plannedStart)] : [])];
  }),
  on(changeMoved, (fact) => {
    const id = changeIdOf(fact);
    return [lookNow(id), before(id, fact, fact.data.plannedStart)];
  }),
  // Taken for another kind, or known to be in production, it may want cover now.
  on(changeDescribed, (fact) => {
    const { kind, components } = fact.data;
    return kind === undefined && components === undefined ? [] : [lookNow(changeIdOf(fact))];
  }),
  on(changeStateSet, (fact) => {
    const { kind, to, from } = fact.data;
    const id = changeIdOf(fact);
    if (isOver(to)) return isAttended(kind) || from === 'validating' ? forgetAll(id) : [];
    return isAttended(kind) || to === 'planned' ? [lookNow(id)] : [];
  }),
  on(coverAsked, (fact) => {
    const id = changeIdOf(fact);
    const places = placesFor(fact, { people: [fact.data.person], support: null });
    return [...showAt(fact, 'coverAsk', places), lookLater(id, 'cover', fact.data.again), ...redraw(fact)];
  }),
  on(coverGiven, (fact) => {
    const { person, instead, asks, support } = fact.data;
    const key = changeKey(fact.data);
    const spans: Span[] = [{ person: person.id, name: person.name }, ` covers ${key}`];
    if (instead) spans.push(`, instead of ${instead.name}`);
    const told = say(...spans, '.');
    const call = say(...spans, '. If users report trouble with it, call them first.');
    return [
      lookLater(changeIdOf(fact), 'cover', null),
      ...answered(fact, asks, told),
      ...tellOwner(fact, told),
      ...(instead ? sayAt(fact, placesFor(fact, { people: [instead], support: null }), told) : []),
      ...(support ? sayAt(fact, placesFor(fact, { people: [], support }), call) : []),
      ...inThread(fact, told),
      ...redraw(fact),
    ];
  }),
  on(coverDeclined, (fact) => [
    lookLater(changeIdOf(fact), 'cover', null),
    ...answered(fact, fact.data.asks, noCover(fact)),
    ...withoutCover(fact),
  ]),
  on(coverDropped, (fact) => [...withoutCover(fact), ...inThread(fact, noCover(fact))]),
  on(supportTold, (fact) => {
    const { support, tellOwner: owner } = fact.data;
    const urgent = fact.data.reasons.includes('started');
    return [
      ...showAt(fact, 'supportNotice', placesFor(fact, { people: [], support }), urgent),
      ...(owner ? showAt(fact, 'ownerNotice', ownerPlaces(fact), urgent) : []),
    ];
  }),
  on(validationAsked, (fact) => [
    lookLater(changeIdOf(fact), 'validation', fact.data.again),
    ...showAt(fact, 'validationAsk', placesFor(fact, fact.data), fact.data.level === 'loud'),
    ...redraw(fact),
  ]),
  on(validationAnswered, (fact) => {
    const { answer, people, support, asks, announced } = fact.data;
    const told = answer === 'good' ? stillWorks(fact) : somethingIsWrong(fact);
    return [
      lookLater(changeIdOf(fact), 'validation', null),
      ...answered(fact, asks, stillWorksOrNot(fact)),
      ...sayAt(
        fact,
        placesFor(fact, { people, support: announced ? support : null }),
        told,
        answer === 'bad',
      ),
      ...inThread(fact, told),
      ...redraw(fact),
    ];
  }),
];

/** Looks at once, behind what announces the change. */
function lookNow(id: string): Effect {
  return onChange(
    id,
    { do: 'decide', command: lookCommand, data: { changeId: id } },
    { step: 1, essential: true },
  );
}

function lookLater(id: string, what: 'cover' | 'before' | 'validation', at: Date | null): Later {
  return { key: `attended/${id}/${what}`, at, command: lookCommand, data: { changeId: id } };
}

function forgetAll(id: string): Later[] {
  return (['cover', 'before', 'validation'] as const).map((what) => lookLater(id, what, null));
}

function before(id: string, fact: Fact, plannedStart: Date | null): Later {
  return lookLater(id, 'before', uncoveredAt(plannedStart ?? fact.recordedAt, fact.recordedAt));
}

function effect(fact: Fact, kind: EffectKind, first = false): Effect {
  return onChange(changeIdOf(fact), kind, { essential: true, first });
}

// Drawn when it is sent: whoever is asked late is not asked what was answered meanwhile.
function showAt(fact: Fact, view: string, places: readonly Place[], first = false): Effect[] {
  return places.map(({ slot, destination }) =>
    effect(fact, { do: 'show', view, slot, destination, about: fact.id }, first),
  );
}

function sayAt(fact: Fact, places: readonly Place[], text: Message, first = false): Effect[] {
  return places.map(({ slot, destination }) =>
    effect(fact, { do: 'say', slot, destination, message: text }, first),
  );
}

function answered(fact: Fact, asks: readonly string[], text: Message): Effect[] {
  return asks.map((slot) => effect(fact, { do: 'replace', slot, message: text }));
}

function redraw(fact: Fact): Effect[] {
  return [refreshChange(changeIdOf(fact))];
}

function threadOf(fact: Fact): Destination {
  return { to: 'under', slot: changeSlot(changeIdOf(fact)), otherwise: { to: 'changes' } };
}

function inThread(fact: Fact<OfChange>, text: Message): Effect[] {
  if (!fact.data.announced) return [];
  return sayAt(fact, [{ slot: `attended/${fact.id}/thread`, destination: threadOf(fact) }], text);
}

// Whoever did it themselves knows. An owner whom Slack does not know reads it where the change is announced.
function ownerPlaces(fact: Fact<OfChange>): Place[] {
  const { id } = fact.data.owner;
  if (id !== null && isInSlack(id))
    return id === fact.actor.id
      ? []
      : placesFor({ id: `${fact.id}/owner` }, { people: [{ id }], support: null });
  const slot = `attended/${fact.id}/owner`;
  return fact.data.announced ? [{ slot, destination: threadOf(fact) }] : [];
}

function tellOwner(fact: Fact<OfChange>, text: Message): Effect[] {
  return sayAt(fact, ownerPlaces(fact), text);
}

function noCover(
  fact: Fact<OfChange & { person: { id: string; name: string }; reason: string | null }>,
): Message {
  const { person, reason } = fact.data;
  return say(
    { person: person.id, name: person.name },
    ` cannot cover ${changeKey(fact.data)}`,
    reason ? `: ${reason}` : '.',
  );
}

function withoutCover(
  fact: Fact<OfChange & { person: { id: string; name: string }; reason: string | null }>,
): Effect[] {
  const { text, blocks } = noCover(fact);
  const next = message(
    line('Nobody covers it now. Ask somebody else: ', {
      code: `/change cover ${changeKey(fact.data)} @name`,
    }),
  );
  const told = { text: `${text}\n${next.text}`, blocks: [...blocks, ...next.blocks] };
  return [...tellOwner(fact, told), lookNow(changeIdOf(fact)), ...redraw(fact)];
}

type Answered = Fact<ReturnType<typeof validationAnswered.read>['data']>;

function stillWorksOrNot(fact: Answered): Message {
  const { answer, text } = fact.data;
  const says = answer === 'good' ? 'everything still works' : 'something is wrong';
  return say(
    { person: fact.actor.id, name: fact.actor.name },
    ` says of ${changeKey(fact.data)}: `,
    { bold: says },
    text ? `: ${text}` : '.',
  );
}

function stillWorks(fact: Answered): Message {
  return stillWorksOrNot(fact);
}

function somethingIsWrong(fact: Answered): Message {
  const key = changeKey(fact.data);
  const declare = declareLine(key, fact.data.components);
  const { text, blocks } = stillWorksOrNot(fact);
  const next = message(
    line(
      `${key} is failed now. If users notice it: `,
      { code: declare },
      '. If it is taken back: ',
      { code: `/change rollback ${key}` },
      '.',
    ),
    buttons(
      { label: 'Declare an incident', command: declare, style: 'danger' },
      { label: `${key} is rolled back`, command: `/change rollback ${key}` },
    ),
  );
  return { text: `${text}\n${next.text}`, blocks: [...blocks, ...next.blocks] };
}
