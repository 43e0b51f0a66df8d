// The rules of handing over: offering, answering, and what becomes of an offer meanwhile. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { type Message, message, say } from '../../core/message.js';
import { about, type Incident, incidentKey, isOpen, memberAdded } from '../incident/index.js';
import { findRole, type RoleHolding, roleAssigned, whichRole } from '../roles/index.js';
import * as facts from './facts.js';
import type { Offer, OfferState } from './store.js';

const minuteMs = 60_000;
/** Unanswered, those concerned are reminded after this, and the channel hears of it after that. */
export const remindMs = 5 * minuteMs;
export const channelMs = 15 * minuteMs;
/** An incident that ended for no longer never did for those who were asked. */
const slipMs = 2 * minuteMs;

interface Person {
  readonly id: string;
  readonly name: string;
}

export interface OfferInput {
  readonly role: string;
  readonly user: Person;
  readonly text?: string | undefined;
}

/** Asks somebody to take a role over from whoever holds it. */
export function decideOffer(state: OfferState, input: OfferInput, ask: Ask): Decision {
  const { incident, names, held, offers } = state;
  const found = findRole(input.role, names);
  if ('like' in found) return refuse(whichRole(input.role, found.like, names), 'role');
  const { role } = found;
  const key = incidentKey(incident);
  const to = input.user;
  const holder = held.find((each) => each.role === role);
  const refused = refusedOffer(state, role, holder, to, ask);
  if (refused) return refused;
  const from = { id: holder?.userId ?? '', name: holder?.userName ?? '' };
  const open = offers.filter((each) => each.role === role);
  const same = open.find((each) => each.toId === to.id);
  if (same)
    return refuse(
      say(
        `${to.name} is asked already, and has not answered yet; ${from.name} holds ${role}. If it cannot wait: `,
        { code: `/incident role ${key} ${role} @user` },
        ' gives it at once. Nothing was changed.',
      ),
      'user',
    );
  const where = about(incident);
  const by = { id: ask.actor.id, name: ask.actor.name };
  const { number } = incident;
  const before = open.map((each) => each.toName);
  const outside = state.outside
    ? ` They are not in this drill: they are asked in its channel alone, so tell them yourself.`
    : '';
  return accept(
    [
      ...open.map((each) => withdrawn(each, 'another', incident)),
      facts.handoverOffered({ role, from, to, by, text: input.text ?? null, number, before }, where),
    ],
    say(
      `${to.name} is asked to take over ${role} of ${key}, with what they need to know. Until they accept, ${from.name} holds it.${
        incident.private && !state.member
          ? ' They are no member: they read what it is about when they accept.'
          : ''
      }${outside}`,
      ...open.map((each) => ` ${each.toName} is no longer asked.`),
    ),
  );
}

function refusedOffer(
  { incident, bot }: OfferState,
  role: string,
  holder: RoleHolding | undefined,
  to: Person,
  ask: Ask,
): Decision | null {
  const key = incidentKey(incident);
  if (!isOpen(incident.status))
    return refuse(say(`${key} is ${incident.status}: there is nothing to hand over. Nothing was changed.`));
  if (!holder)
    return refuse(
      say(
        `Nobody is ${role} of ${key}, so there is nothing to hand over. Give it: `,
        { code: `/incident role ${key} ${role} @user` },
        '. Nothing was changed.',
      ),
      'role',
    );
  if (holder.userId === to.id)
    return refuse(
      say(`${to.name} is ${role} of ${key} already. Name somebody else. Nothing was changed.`),
      'user',
    );
  if (to.id === ask.actor.id)
    return refuse(
      say(
        `${holder.userName} holds ${role}. To take it yourself: `,
        { code: `/incident role ${key} ${role} me` },
        '. Nothing was changed.',
      ),
      'user',
    );
  if (bot || !isInSlack(to.id))
    return refuse(
      say('A role is handed over to a person, who can answer. Name one. Nothing was changed.'),
      'user',
    );
  return null;
}

export interface AnswerInput {
  readonly role: string;
  readonly reason?: string | undefined;
}

/** Takes the role over: from now on it is theirs, and what follows from that follows. */
export function decideAccept(state: OfferState, input: AnswerInput, ask: Ask): Decision {
  const meant = offerMeant(state, input.role, ask, 'accept');
  if ('accepted' in meant) return meant;
  const { incident } = state;
  const key = incidentKey(incident);
  if (meant.toId !== ask.actor.id)
    return refuse(
      say(
        `${meant.toName} was asked to take over ${meant.role}, not you. To take it all the same: `,
        { code: `/incident role ${key} ${meant.role} me` },
        '. Nothing was changed.',
      ),
    );
  const person = { id: meant.toId, name: ask.actor.name };
  const offer = ofOffer(meant, incident);
  const where = about(incident);
  const unread = incident.private && !state.member;
  const stated: Stated[] = [
    facts.handoverAccepted({ ...offer, unread }, where),
    ...(unread ? [memberAdded({ person }, where)] : []),
    roleAssigned({ role: meant.role, person, instead: offer.from, handedOver: true }, where),
  ];
  return accept(
    stated,
    say(
      `You are ${meant.role} of ${key} now; ${offer.from.name} is told. `,
      { code: `/incident brief ${key}` },
      ' shows where it stands.',
    ),
  );
}

/** Does not take it over, or takes the offer back: the old holder goes on. */
export function decideDecline(state: OfferState, input: AnswerInput, ask: Ask): Decision {
  const meant = offerMeant(state, input.role, ask, 'decline');
  if ('accepted' in meant) return meant;
  const offer = ofOffer(meant, state.incident);
  const by = { id: ask.actor.id, name: ask.actor.name };
  const concerned = [meant.toId, meant.offeredById, meant.fromId];
  if (!concerned.includes(by.id))
    return refuse(
      say(
        `${meant.toName} was asked, not you. They, or ${meant.offeredByName}, can decline. Nothing was changed.`,
      ),
    );
  if (by.id !== meant.toId)
    return accept(
      [withdrawn(meant, 'taken back', state.incident)],
      say(`${meant.toName} is no longer asked. ${offer.from.name} holds ${meant.role}.`),
    );
  return accept(
    [facts.handoverDeclined({ ...offer, by, reason: input.reason ?? null }, about(state.incident))],
    say(
      `You do not take over ${meant.role} of ${incidentKey(state.incident)}. ${offer.from.name} holds it, and is told.`,
    ),
  );
}

// The open offer that an answer is about: one's own before that of somebody else.
function offerMeant(state: OfferState, word: string, ask: Ask, verb: 'accept' | 'decline'): Offer | Decision {
  const { incident, names, offers, held } = state;
  const key = incidentKey(incident);
  const found = findRole(word, names);
  if ('like' in found) return refuse(whichRole(word, found.like, names), 'role');
  const { role } = found;
  const open = offers.filter((each) => each.role === role);
  const offer = open.find((each) => each.toId === ask.actor.id) ?? open[0];
  const holder = held.find((each) => each.role === role);
  if (!offer && verb === 'accept' && holder?.userId === ask.actor.id)
    return refuse(say(`You are ${role} of ${key} already. Nothing was changed.`), 'role');
  if (!offer && !isOpen(incident.status)) return refuse(overNow(state, verb));
  if (!offer) {
    const now = holder ? `${holder.userName} is ${role} of ${key}.` : `Nobody is ${role} of ${key}.`;
    return refuse(
      say(
        `There is nothing to ${verb}: that offer was answered or withdrawn, or there was none. ${now} To take it: `,
        { code: `/incident role ${key} ${role} me` },
        '. Nothing was changed.',
      ),
    );
  }
  if (!isOpen(incident.status)) return refuse(overNow(state, verb));
  if (holder?.userId !== offer.fromId)
    return refuse(
      say(
        `${holder ? `${holder.userName} has` : 'Nobody has'} ${role} by now, so that offer does not stand. Nothing was changed.`,
      ),
    );
  return offer;
}

function overNow({ incident, into }: OfferState, verb: string): Message {
  const key = incidentKey(incident);
  if (!into)
    return say(`${key} is ${incident.status}: there is nothing to ${verb} any more. Nothing was changed.`);
  const other = incidentKey(into);
  return say(
    `${key} was merged and goes on in ${other}: there is nothing to ${verb} any more. To lead there: `,
    { code: `/incident role ${other} commander me` },
    '. Nothing was changed.',
  );
}

/**
 * The offers that stand no longer: the role was given otherwise, the incident is over, or somebody left its private
 * channel, and an old offer is no way back.
 */
export function decideSettle(state: OfferState, left: string | undefined, ask: Ask): Decision {
  const { incident, offers, held } = state;
  const over = !isOpen(incident.status);
  const why = (each: Offer): facts.Withdrawal | null => {
    if (over) return 'over';
    if (held.find(({ role }) => role === each.role)?.userId !== each.fromId) return 'assigned';
    return each.toId === left && !state.member ? 'left' : null;
  };
  const gone = offers.flatMap((each) => {
    const because = why(each);
    return because ? [withdrawn(each, because, incident)] : [];
  });
  const stated = [...gone, ...(over ? [] : endedBySlip(state, ask))];
  return stated.length === 0 ? refuse(say('All offers stand.')) : accept(stated, message());
}

// It goes on after all, and who was asked and who asked would each wait for the other.
function endedBySlip({ incident, ended, held, offers }: OfferState, ask: Ask): Stated[] {
  return ended
    .filter((each) => ask.now.getTime() - (each.answeredAt?.getTime() ?? 0) <= slipMs)
    .filter((each) => held.find(({ role }) => role === each.role)?.userId === each.fromId)
    .filter((each) => !offers.some(({ role }) => role === each.role))
    .map((each) => {
      const by = { id: each.offeredById, name: each.offeredByName };
      const data = { ...ofOffer(each, incident), by, offeredAt: each.offeredAt };
      return facts.handoverReminded({ ...data, level: 'over' }, about(incident));
    });
}

export interface RemindState {
  readonly incident: Incident;
  readonly offer: Offer | null;
  /** What was said of it so far. */
  readonly levels: readonly string[];
}

/** Nobody answered: those concerned first, then everybody in the channel, once each. */
export function decideRemind({ incident, offer, levels }: RemindState, ask: Ask): Decision {
  if (offer?.state !== 'offered' || !isOpen(incident.status)) return refuse(say('It was answered.'));
  const waited = ask.now.getTime() - offer.offeredAt.getTime();
  const by = { id: offer.offeredById, name: offer.offeredByName };
  const due = (['people', 'channel'] as const).filter(
    (level) => waited >= (level === 'people' ? remindMs : channelMs) && !levels.includes(level),
  );
  if (due.length === 0) return refuse(say('It is not time yet.'));
  const data = { ...ofOffer(offer, incident), by, offeredAt: offer.offeredAt };
  return accept(
    due.map((level) => facts.handoverReminded({ ...data, level }, about(incident))),
    message(),
  );
}

function withdrawn(offer: Offer, because: facts.Withdrawal, incident: Incident): Stated {
  return facts.handoverWithdrawn({ ...ofOffer(offer, incident), because }, about(incident));
}

function ofOffer(offer: Offer, incident: Incident) {
  return {
    number: incident.number,
    id: offer.id,
    role: offer.role,
    from: { id: offer.fromId ?? '', name: offer.fromName ?? 'nobody' },
    to: { id: offer.toId, name: offer.toName },
  };
}
