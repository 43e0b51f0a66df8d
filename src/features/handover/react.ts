// What the world is told of a handover: who is asked, who offers, the channel; and when it is looked after again.
import { type Effect, type Later, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, say } from '../../core/message.js';
import {
  idOf,
  incidentCalledOff,
  incidentMerged,
  isEnd,
  isOpen,
  memberRemoved,
  severitySet,
  statusSet,
  tellIncident,
} from '../incident/index.js';
import { roleAssigned } from '../roles/index.js';
import { changeUndone } from '../undo/index.js';
import { channelMs, remindMs } from './decide.js';
import * as facts from './facts.js';
import { graveMs, tiringRoles } from './held.js';

export const remindCommand = 'handover.remind';
export const settleCommand = 'handover.settle';
export const heldCommand = 'handover.held';

/** The slot of the offer to the one who is asked. */
const offerSlot = (offerId: string) => `handover/${offerId}`;

interface Person {
  readonly id: string;
  readonly name: string;
}

export const reactions: Reaction[] = [
  on(facts.handoverOffered, (fact) => {
    const { to, from, role, text } = fact.data;
    const who: Span = { person: to.id, name: to.name };
    return [
      tellIncident(
        fact,
        idOf(fact),
        say(
          who,
          ' is asked to take over ',
          { bold: role },
          ` from ${from.name}${text ? `: ${text}` : ''}. Until then ${from.name} holds it (${fact.actor.name})`,
        ),
      ),
      ...offer(idOf(fact), fact.id, to),
      ...tellHolder(fact),
      remindLater(fact, fact.id, new Date(fact.recordedAt.getTime() + remindMs)),
    ];
  }),
  on(facts.handoverAccepted, (fact) => {
    const { id, to, from, role } = fact.data;
    return [
      ...offer(idOf(fact), id, to),
      ...(fact.data.unread ? briefTo(fact, id, to) : []),
      ...tellPerson(
        fact,
        from,
        say({ bold: to.name }, ` took over ${role} of INC-${fact.data.number} from you.`),
      ),
    ];
  }),
  on(facts.handoverDeclined, (fact) => {
    const { id, to, from, role, reason } = fact.data;
    const words = reason ? `: ${reason}` : '';
    // The reason stands where a redaction finds it.
    const told = (why: string) =>
      say(
        { person: to.id, name: to.name },
        ` does not take over ${role}${why}. ${from.name} still holds it. `,
        { code: `/incident handover INC-${fact.data.number} ${role} @user` },
        ' asks somebody else.',
      );
    return [
      ...offer(idOf(fact), id, to),
      tellIncident(fact, idOf(fact), told(words)),
      ...tellPerson(fact, from, told('')),
    ];
  }),
  on(facts.handoverWithdrawn, (fact) => [...offer(idOf(fact), fact.data.id, fact.data.to)]),
  on(facts.handoverReminded, (fact) => {
    if (fact.data.level === 'over') return tellEnded(fact);
    return fact.data.level === 'people' ? remindPeople(fact) : remindChannel(fact);
  }),
  on(facts.roleHeldLong, (fact) => [
    ...tellPerson(fact, fact.data.person, heldLong(fact.data)),
    heldLater(idOf(fact), fact.data.role, fact.data.next),
  ]),
  on(facts.roleKept, (fact) => [
    tellIncident(fact, idOf(fact), say(`${fact.data.person.name} goes on as `, { bold: fact.data.role })),
    ...(tiringRoles.includes(fact.data.role) ? [heldLater(idOf(fact), fact.data.role, fact.data.next)] : []),
  ]),
  on(roleAssigned, (fact) => [
    settle(idOf(fact)),
    ...(tiringRoles.includes(fact.data.role)
      ? [heldLater(idOf(fact), fact.data.role, new Date(fact.recordedAt.getTime() + graveMs))]
      : []),
  ]),
  on(statusSet, (fact) => {
    const { from, to } = fact.data;
    if (isEnd(from, to)) return [settle(idOf(fact))];
    if (isOpen(from) || !isOpen(to)) return [];
    const at = new Date(fact.recordedAt.getTime() + graveMs);
    return [settle(idOf(fact)), ...tiringRoles.map((role) => heldLater(idOf(fact), role, at))];
  }),
  // A graver one has a shorter shift.
  on(severitySet, (fact) => tiringRoles.map((role) => heldLater(idOf(fact), role, fact.recordedAt))),
  on(incidentMerged, (fact) => [
    settle(idOf(fact)),
    ...fact.data.leads.flatMap((lead) => tellMoved(fact, lead)),
  ]),
  on(memberRemoved, (fact) => [settle(idOf(fact), fact.data.person.id), ...tellLeft(fact)]),
  on(incidentCalledOff, (fact) => [settle(idOf(fact))]),
  // The message to the one who was asked is no timeline's, and would offer what is offered no more.
  on(changeUndone, (fact) => [
    ...fact.data.undone.map(({ factId }) =>
      onIncident(
        idOf(fact),
        { do: 'replace', slot: offerSlot(factId), message: say('That was taken back: you are not asked.') },
        { essential: true },
      ),
    ),
    settle(idOf(fact)),
  ]),
];

// Whose role it is hears that somebody else gives it away.
function tellHolder(fact: ReturnType<typeof facts.handoverOffered.read>): Effect[] {
  const { to, from, by, role, number } = fact.data;
  const key = number === undefined ? '' : ` INC-${number}`;
  return tellPerson(
    fact,
    from,
    say(
      `${by.name} asks ${to.name} to take over ${role}${key && ` of${key}`} from you. Until they accept it is yours. To stop it: `,
      { code: `/incident decline${key} ${role}` },
    ),
  );
}

function tellMoved(fact: Fact, lead: Person): Effect[] {
  if (!isInSlack(lead.id) || lead.id === fact.actor.id) return [];
  const slot = `handoverMoved/${fact.id}/${lead.id}`;
  const destination = { to: 'person', userId: lead.id, otherwise: { to: 'incident' } } as const;
  const about = `${idOf(fact)} ${lead.id}`;
  return [
    onIncident(
      idOf(fact),
      { do: 'show', view: 'handoverMoved', slot, destination, about },
      { essential: true, step: 1 },
    ),
  ];
}

// Whoever left reads nothing of it any more, and reminders of the role reach nobody.
function tellLeft(fact: ReturnType<typeof memberRemoved.read>): Effect[] {
  const { person, roles } = fact.data;
  const [first] = roles;
  if (first === undefined) return [];
  return [
    tellIncident(
      fact,
      idOf(fact),
      say(
        `${person.name} left and is told nothing more, but is still `,
        { bold: roles.join(' and ') },
        '. Who takes it over says ',
        { code: `/incident role ${first} me` },
        '; ',
        { code: `/incident role ${first} @user` },
        ' gives it to somebody.',
      ),
    ),
  ];
}

// Drawn when it is sent: whoever is asked late is not asked what was answered meanwhile.
function offer(incidentId: string, offerId: string, to: Person): Effect[] {
  return [
    onIncident(
      incidentId,
      {
        do: 'show',
        view: 'handover',
        slot: offerSlot(offerId),
        destination: { to: 'person', userId: to.id, otherwise: { to: 'incident' } },
        about: offerId,
      },
      { essential: true, collapse: offerSlot(offerId) },
    ),
  ];
}

function briefTo(fact: Fact, offerId: string, to: Person): Effect[] {
  return [
    onIncident(
      idOf(fact),
      {
        do: 'show',
        view: 'handoverBrief',
        slot: `handoverBrief/${offerId}`,
        destination: { to: 'person', userId: to.id },
        about: offerId,
      },
      { essential: true, step: 1 },
    ),
  ];
}

function tellPerson(fact: Fact, person: Person, text: Message): Effect[] {
  if (!isInSlack(person.id) || person.id === fact.actor.id) return [];
  return [
    onIncident(
      idOf(fact),
      {
        do: 'say',
        slot: `handoverSaid/${fact.id}/${person.id}`,
        destination: { to: 'person', userId: person.id },
        message: text,
      },
      { essential: true },
    ),
  ];
}

type Reminded = ReturnType<typeof facts.handoverReminded.read>;

function remindPeople(fact: Reminded): (Effect | Later)[] {
  const { id, to, by, from, role, offeredAt, number } = fact.data;
  const asked = message(
    line(
      'Still waiting for you: will you take over ',
      { bold: role },
      ` of INC-${number} from ${from.name}?`,
    ),
    answerButtons(`INC-${number}`, role),
  );
  const offered = say(
    `${to.name} has not answered yet whether they take over ${role} of INC-${number}; ${from.name} holds it.`,
  );
  return [
    ...tellPerson(fact, to, asked),
    ...tellPerson(fact, by, offered),
    remindLater(fact, id, new Date(offeredAt.getTime() + channelMs)),
  ];
}

function tellEnded(fact: Reminded): Effect[] {
  const { to, by, from, role, number } = fact.data;
  const key = `INC-${number}`;
  const ended = `${key} goes on, but the offer of ${role} to ${to.name} ended with its end; ${from.name} holds ${role}.`;
  const again: Span = { code: `/incident handover ${key} ${role} @user` };
  const askers = [...new Map([from, by].map((each) => [each.id, each])).values()];
  return [
    ...askers.flatMap((each) => tellPerson(fact, each, say(`${ended} Offer it again: `, again))),
    ...tellPerson(fact, to, say(`${ended} If you are still to take it, they offer it again: `, again)),
  ];
}

function remindChannel(fact: Reminded): Effect[] {
  const { to, from, role, offeredAt, number } = fact.data;
  return [
    tellIncident(
      fact,
      idOf(fact),
      say(
        `${to.name} was asked `,
        { at: offeredAt },
        ` to take over ${role} and has not answered. `,
        { person: from.id, name: from.name },
        ' still holds it. ',
        { code: `/incident handover INC-${number} ${role} @user` },
        ' asks somebody else.',
      ),
    ),
  ];
}

/** What the one who is asked may press. */
export function answerButtons(key: string, role: string) {
  return buttons(
    { label: `Accept ${role} of ${key}`, command: `/incident accept ${key} ${role}`, style: 'primary' },
    { label: `Decline ${role} of ${key}`, command: `/incident decline ${key} ${role}` },
  );
}

function heldLong(it: ReturnType<typeof facts.roleHeldLong.read>['data']): Message {
  const key = `INC-${it.number}`;
  const others = it.others.flatMap((each, i): Span[] => [
    i === 0 ? '' : ', ',
    isInSlack(each.id) ? { person: each.id, name: each.name } : each.name,
  ]);
  return message(
    line(`You have been ${it.role} of ${key} for ${it.hours} hours. Nobody thinks well when tired.`),
    others.length > 0
      ? line('In the incident are also ', ...others.filter((span) => span !== ''), '.')
      : line('Nobody else was heard in the incident lately.'),
    line('To hand over: ', { code: `/incident handover ${key} ${it.role} @user` }),
    buttons({ label: `I go on as ${it.role} of ${key}`, command: `/incident stay ${key} ${it.role}` }),
  );
}

function remindLater(fact: Fact, id: string, at: Date): Later {
  return { key: `handover/${id}`, at, command: remindCommand, data: { incidentId: idOf(fact), id } };
}

function heldLater(incidentId: string, role: string, at: Date): Later {
  return { key: `held/${incidentId}/${role}`, at, command: heldCommand, data: { incidentId, role } };
}

function settle(incidentId: string, left?: string): Effect {
  return onIncident(
    incidentId,
    { do: 'decide', command: settleCommand, data: { incidentId, ...(left && { left }) } },
    { essential: true, collapse: `handoverSettle/${incidentId}${left ? `/${left}` : ''}` },
  );
}
