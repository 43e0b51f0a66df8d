// What the world is told of exceptions: who may is asked, the channel knows, the requester hears the answer.
import type { Destination, Effect, EffectOptions, Later } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, say } from '../../core/message.js';
import { settingsSet } from '../catalog/index.js';
import { onFreezes } from '../freeze/index.js';
import { tellIncident } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';
import type { Person } from './people.js';
import { exceptionKey, freezesText, remindMs } from './words.js';

/** What the program decides in its turn: whether a review is still to be asked for. */
export const lookCommand = 'exception.look';

/** Whether messages repeat what was redacted. */
export const redrawCommand = 'exception.redraw';

/** The slot of an exception's message in the channel of changes; with a person, of the one that they got. */
const exceptionSlot = (id: string, userId?: string) =>
  userId === undefined ? `exception/${id}` : `exception/${id}/${userId}`;

interface OfException {
  readonly id: string;
  readonly number: number;
  readonly drill: boolean;
}

export const reactions: Reaction[] = [
  on(facts.exceptionRequested, (fact) => [
    ...inChannel(fact),
    ...toPeople(fact, fact.data.asked),
    ...onTimeline(
      fact,
      say(
        `${fact.actor.name} asks for `,
        { bold: exceptionKey(fact.data) },
        ` through ${freezesText(fact.data.freezes)}.`,
      ),
    ),
    lookLater(fact.data.id, new Date(fact.recordedAt.getTime() + remindMs)),
  ]),
  on(facts.exceptionReminded, (fact) => [...remind(fact), lookLater(fact.data.id, fact.data.next)]),
  on(facts.exceptionLapsed, (fact) => {
    const told = say({ bold: exceptionKey(fact.data) }, ' lapsed: nobody answered.');
    return [
      lookLater(fact.data.id, null),
      ...answered(fact),
      ...inThread(fact, told),
      ...onTimeline(fact, told),
    ];
  }),
  on(facts.exceptionBroken, (fact) => {
    const { data } = fact;
    const key = exceptionKey(data);
    return [
      ...inChannel(fact),
      ...toPeople(fact, data.owners),
      ...onTimeline(
        fact,
        say(
          { bold: `${key}: the glass is broken` },
          ` by ${fact.actor.name}, through ${freezesText(data.freezes)} for ${data.scopeText}. Somebody else reviews it by `,
          { at: data.reviewDueAt },
          '.',
        ),
      ),
      // While it is used they have other things to do: it is asked when it is over.
      lookLater(data.id, new Date(Math.min(data.expiresAt.getTime(), data.reviewDueAt.getTime()))),
    ];
  }),
  on(facts.exceptionApproved, (fact) => {
    const told = say(
      { bold: exceptionKey(fact.data) },
      ` is approved by ${fact.actor.name}, until `,
      { at: fact.data.expiresAt },
      '.',
    );
    return [
      lookLater(fact.data.id, null),
      ...answered(fact),
      ...inThread(fact, told),
      ...onTimeline(fact, told),
    ];
  }),
  on(facts.exceptionDenied, (fact) => {
    const told = say({ bold: exceptionKey(fact.data) }, ` is denied by ${fact.actor.name}.`);
    return [
      lookLater(fact.data.id, null),
      ...answered(fact),
      ...inThread(fact, told),
      ...onTimeline(fact, told),
    ];
  }),
  on(facts.exceptionRevoked, (fact) => {
    const { approver } = fact.data;
    const told = say({ bold: exceptionKey(fact.data) }, ` counts no more: ${fact.actor.name} took it back.`);
    const also = approver && approver.id !== fact.actor.id ? [approver] : [];
    return [...answered(fact, also), ...inThread(fact, told), ...onTimeline(fact, told)];
  }),
  on(facts.exceptionUsed, (fact) => {
    const { data } = fact;
    const left = data.usesLeft === 0 ? 'It is used up' : `${data.usesLeft} left`;
    return [
      ...(data.drill ? [] : [use(data.id, fact.id, data.verdictId), current(data.id)]),
      ...onTimeline(fact, say({ bold: exceptionKey(data) }, ` was used by ${fact.actor.name}. ${left}.`)),
    ];
  }),
  on(facts.exceptionReviewAsked, (fact) => [...askReview(fact), lookLater(fact.data.id, fact.data.next)]),
  on(facts.exceptionReviewed, (fact) => {
    const told = say({ bold: exceptionKey(fact.data) }, ` is reviewed by ${fact.actor.name}.`);
    return [
      lookLater(fact.data.id, null),
      ...answered(fact),
      ...inThread(fact, told),
      ...onTimeline(fact, told),
    ];
  }),
  on(settingsSet, (fact) => (fact.data.approvers ? [approversSaid(fact, fact.data.approvers)] : [])),
  on(entryRedacted, ({ data: { factIds } }) => [
    onFreezes({ do: 'decide', command: redrawCommand, data: { factIds } }),
  ]),
  on(facts.exceptionRedrawn, (fact) => {
    const { id, uses, drill } = fact.data;
    const drawn = drill ? [] : uses.map(({ factId, verdictId }) => use(id, factId, verdictId));
    return [...inChannel(fact), ...toPeople(fact, fact.data.asked), ...drawn];
  }),
];

// Once more to those who may, each alone; where that is nobody in particular, under the request.
function remind(fact: Fact<ReturnType<typeof facts.exceptionReminded.read>['data']>): Effect[] {
  const { people, requester, requestedAt, freezes, drill } = fact.data;
  const key = exceptionKey(fact.data);
  const said: Message = message(
    line(
      { bold: key },
      ` still waits for an answer: ${requester.name} asked for a way through ${freezesText(freezes)} `,
      { at: requestedAt },
      '. ',
      { code: `/freeze exceptions ${key}` },
      ' shows it.',
    ),
    buttons(
      { label: `Approve ${key}`, command: `/freeze approve ${key}`, style: 'primary' },
      { label: `Deny ${key}`, command: `/freeze deny ${key}` },
    ),
  );
  const asked = people.filter(({ id }) => isInSlack(id));
  if (asked.length === 0) return inThread(fact, said);
  const otherwise = drill ? {} : { otherwise: { to: 'changes' } as const };
  return asked.map(({ id }) =>
    onFreezes(
      {
        do: 'say',
        slot: `exceptionRemind/${fact.id}/${id}`,
        destination: { to: 'person', userId: id, ...otherwise },
        message: said,
      },
      essential,
    ),
  );
}

// Asked of those who may; where that is nobody, or it is late, so that everybody hears it.
function askReview(fact: Fact<ReturnType<typeof facts.exceptionReviewAsked.read>['data']>): Effect[] {
  const { people, overdue, dueAt, drill } = fact.data;
  const key = exceptionKey(fact.data);
  const ask: Message = message(
    line(
      { bold: overdue ? `The review of ${key} is overdue` : `Please review ${key}` },
      ': the glass was broken, and nobody else has looked at it yet. ',
      overdue ? 'It was due by ' : 'It is due by ',
      { at: dueAt },
      '.',
    ),
    line(
      { code: `/freeze review ${key} TEXT` },
      ' says what you found; ',
      { code: `/freeze exceptions ${key}` },
      ' shows it.',
    ),
    buttons({ label: `Review ${key}`, command: `/freeze review ${key}` }),
  );
  const sayTo = (where: string, destination: Destination) =>
    onFreezes(
      { do: 'say', slot: `exceptionReview/${fact.id}/${where}`, destination, message: ask },
      essential,
    );
  const otherwise = drill ? {} : { otherwise: { to: 'changes' } as const };
  const asked = people
    .filter(({ id }) => isInSlack(id))
    .map(({ id }) => sayTo(id, { to: 'person', userId: id, ...otherwise }));
  if (drill) return [...asked, ...onTimeline(fact, ask)];
  return overdue || asked.length === 0 ? [...asked, sayTo('changes', { to: 'changes' })] : asked;
}

// Whoever names themselves gives themselves leave: everybody reads who named whom.
function approversSaid(
  { id, actor }: Fact,
  named: readonly { readonly id: string | null; readonly name: string }[],
): Effect {
  const who: Span = actor.kind === 'person' ? { person: actor.id, name: actor.name } : actor.name;
  const people = named.flatMap((each, i): Span[] => [
    i === 0 ? '' : ', ',
    each.id === null ? each.name : { person: each.id, name: each.name },
  ]);
  const told = message(
    line(
      who,
      ...(named.length > 0
        ? [
            ` named who may approve exceptions of any freeze, besides its owner and who leads its incident: `,
            ...people,
            '.',
          ]
        : [
            ' took away who may approve exceptions of any freeze: only its owner and who leads its incident may.',
          ]),
    ),
    line({ code: '/freeze approvers' }, ' shows and changes it.'),
  );
  const kind = { do: 'say', slot: `approvers/${id}`, destination: { to: 'changes' }, message: told } as const;
  return onFreezes(kind, essential);
}

const essential: EffectOptions = { essential: true };

function lookLater(id: string, at: Date | null): Later {
  return { key: `exception/${id}`, at, command: lookCommand, data: { id } };
}

// A drill is its own channel's, and nobody else's.
function inChannel({ data }: Fact<OfException>): Effect[] {
  return data.drill ? [] : [current(data.id)];
}

function current(id: string): Effect {
  return shown(id, exceptionSlot(id), { to: 'changes' });
}

// Drawn from the row, so that a redaction takes its words too.
function use(id: string, factId: string, verdictId: string): Effect {
  return onFreezes(
    {
      do: 'show',
      view: 'exceptionUse',
      slot: `exceptionUse/${factId}`,
      destination: { to: 'changes' },
      about: `${id} ${verdictId}`,
    },
    essential,
  );
}

function toPeople({ data, actor }: Fact<OfException>, people: readonly Person[]): Effect[] {
  const ids = new Set(people.map(({ id }) => id).filter((id) => isInSlack(id) && id !== actor.id));
  const otherwise = data.drill ? {} : { otherwise: { to: 'changes' } as const };
  return [...ids].map((userId) =>
    shown(data.id, exceptionSlot(data.id, userId), { to: 'person', userId, ...otherwise }),
  );
}

function shown(id: string, slot: string, destination: Destination): Effect {
  return onFreezes(
    { do: 'show', view: 'exception', slot, destination, about: id },
    { essential: true, collapse: slot },
  );
}

// What was asked says who answered; the requester hears it.
function answered(
  fact: Fact<OfException & { readonly requester: Person; readonly asked: readonly Person[] }>,
  also: readonly Person[] = [],
): Effect[] {
  const { data, actor } = fact;
  const asked = data.asked.map(({ id }) => id);
  const others = [data.requester, ...also].filter(({ id }) => id !== actor.id && !asked.includes(id));
  const refreshed = data.asked
    .filter(({ id }) => isInSlack(id))
    .map(({ id }) => shown(data.id, exceptionSlot(data.id, id), { to: 'person', userId: id }));
  return [...inChannel(fact), ...refreshed, ...toPeople(fact, others)];
}

function inThread({ id, data }: Fact<OfException>, told: Message): Effect[] {
  if (data.drill) return [];
  const destination: Destination = {
    to: 'under',
    slot: exceptionSlot(data.id),
    otherwise: { to: 'changes' },
  };
  return [
    onFreezes(
      { do: 'say', slot: `exceptionSaid/${id}`, destination, message: told },
      { ...essential, step: 1 },
    ),
  ];
}

function onTimeline(fact: Fact, told: Message): Effect[] {
  return fact.incidentId === null ? [] : [tellIncident(fact, fact.incidentId, told)];
}
