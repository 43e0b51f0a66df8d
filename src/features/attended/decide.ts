// The rules of cover and validation: who may say yes, who may say that it works. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, isPersonInSlack, type Stated } from '../../core/fact.js';
import { buttons, joined, line, type Message, message, type Part, say } from '../../core/message.js';
import type { WrittenTime } from '../../core/time/index.js';
import {
  type Change,
  type ChangeKind,
  type ChangeState,
  changeKey,
  changeStateSet,
  changeStream,
  stateName,
} from '../change/index.js';
import { done, type OnIncident } from '../incident/index.js';
import {
  type Attendance,
  canBeCovered,
  coverAgain,
  coverOf,
  isAnnounced,
  ofChange,
  ownerOf,
  startOf,
  supportOf,
} from './due.js';
import { coverAsked, coverDeclined, coverDropped, coverGiven, validationAnswered } from './facts.js';
import { asksOf, declareLine } from './words.js';

export interface CoverInput {
  readonly id: number;
  readonly user?: { readonly id: string; readonly name: string } | undefined;
}

export interface DeclineInput {
  readonly id: number;
  readonly reason?: string | undefined;
}

export interface ValidateInput extends OnIncident {
  readonly id: number;
  readonly choice: 'good' | 'bad';
  readonly text?: string | undefined;
  readonly at?: WrittenTime | undefined;
}

/** `cover CHG-7` gives cover, `cover CHG-7 @eve` asks for it. */
export function decideCover(it: Attendance, input: CoverInput, ask: Ask): Decision {
  const { change } = it;
  const key = changeKey(change);
  if (!canBeCovered(change))
    return refuse(
      say(`${key} is ${stateName(change.state)}: there is nothing left to cover. Nothing was done.`),
    );
  const asked = input.user && input.user.id !== ask.actor.id ? input.user : null;
  return asked ? askForCover(it, asked, ask) : giveCover(it, ask);
}

function giveCover(it: Attendance, ask: Ask): Decision {
  const { change } = it;
  const key = changeKey(change);
  const { actor } = ask;
  if (!isPersonInSlack(actor))
    return refuse(say(`A person covers ${key}, and says so in Slack. Nothing was done.`));
  if (actor.id === change.ownerId) return refuse(notTheOwner(key, 'You own'), 'user');
  const cover = coverOf(change);
  if (cover?.id === actor.id)
    return refuse(
      say(`You cover ${key} already. If you cannot: `, { code: `/change decline ${key} REASON` }, '.'),
    );
  const told = it.told.some((each) => each.data.reasons.some((reason) => reason !== 'moved'));
  const given = {
    ...ofChange(change),
    person: { id: actor.id, name: actor.name },
    instead: cover,
    startsAt: startOf(change),
    asks: it.asked.flatMap(asksOf),
    support: told && isAnnounced(change) ? supportOf(it) : null,
  };
  return accept(
    [coverGiven(given, { stream: changeStream(change.id) })],
    message(
      line(
        { bold: `You cover ${key}` },
        cover ? `, instead of ${cover.name}` : '',
        `, ${change.ownerName}’s. It begins `,
        { at: startOf(change) },
        '.',
      ),
      line(
        'Be awake and able to step in until people have said that everything works. If you cannot after all: ',
        { code: `/change decline ${key} REASON` },
        '.',
      ),
    ),
  );
}

function askForCover(it: Attendance, person: { id: string; name: string }, ask: Ask): Decision {
  const { change } = it;
  const key = changeKey(change);
  if (person.id === change.ownerId) return refuse(notTheOwner(key, `${person.name} owns`), 'user');
  if (!isInSlack(person.id))
    return refuse(say(`I cannot ask ${person.name}: Slack does not know them.`), 'user');
  const cover = coverOf(change);
  if (cover)
    return refuse(
      say(
        `${cover.name} covers ${key} already; nobody else was asked. Whoever takes over says `,
        { code: `/change cover ${key}` },
        ' themselves.',
      ),
      'user',
    );
  if (change.cover === 'asked' && change.coverId === person.id && it.asked.length > 0)
    return refuse(say(`${person.name} was asked and has not answered yet. I ask again by myself.`), 'user');
  const startsAt = startOf(change);
  const again = coverAgain(ask.now, startsAt, ask.now);
  const asked = { ...ofChange(change), person, round: 1, startsAt, moved: false, again };
  return accept(
    [coverAsked(asked, { stream: changeStream(change.id) })],
    say(
      `${person.name} is asked to cover ${key}. Only a yes counts; you hear of it`,
      ...(again ? [', and I ask again ', { at: again }] : []),
      '.',
    ),
  );
}

function notTheOwner(key: string, owns: string): Message {
  return say(
    `${owns} ${key}, and cover is somebody else who can step in. Ask one: `,
    { code: `/change cover ${key} @name` },
    '. Nothing was done.',
  );
}

/** Who was asked says no, or who said yes cannot after all. */
export function decideDecline(it: Attendance, input: DeclineInput, ask: Ask): Decision {
  const { change } = it;
  const key = changeKey(change);
  const { id, name } = ask.actor;
  const mine = change.coverId === id && (change.cover === 'asked' || change.cover === 'given');
  if (!mine)
    return refuse(
      say(
        `Nobody waits for your answer on ${key}. Nothing was done. `,
        { code: `/change show ${key}` },
        ' shows it.',
      ),
    );
  if (!canBeCovered(change))
    return refuse(say(`${key} is ${stateName(change.state)}: it needs no cover any more. Nothing was done.`));
  const said = { ...ofChange(change), person: { id, name }, reason: input.reason ?? null };
  const where = { stream: changeStream(change.id) };
  const fact =
    change.cover === 'given'
      ? coverDropped(said, where)
      : coverDeclined({ ...said, asks: it.asked.flatMap(asksOf) }, where);
  return accept([fact], say(`You do not cover ${key}. ${change.ownerName} is told, and asks somebody else.`));
}

/** Somebody says whether everything still works. Anybody may; the record says who did. */
export function decideValidate(it: Attendance, input: ValidateInput, ask: Ask): Decision {
  const { change } = it;
  const to = stateSaid(change, input.choice);
  if ('refused' in to) return refuse(to.refused);
  if (!isPersonInSlack(ask.actor))
    return refuse(say(`A person has to say whether ${changeKey(change)} works. Nothing was done.`));
  const same = change.validation === input.choice && change.validatedById === ask.actor.id;
  if (same && !input.text)
    return refuse(say(`You said so of ${changeKey(change)} already. Nothing was changed.`));
  const about = { stream: changeStream(change.id), ...(input.at ? { when: input.at } : {}) };
  const facts: Stated[] = [validationAnswered(answerOf(it, input, ask), about)];
  if (to.state !== change.state) facts.push(stateSet(change, to.state, input.text ?? null, about));
  return accept(facts, withMore(done(replyText(change, to.state, input), input, ask), afterBad(it, input)));
}

function stateSaid(change: Change, answer: 'good' | 'bad'): { state: ChangeState } | { refused: Message } {
  const key = changeKey(change);
  const { state } = change;
  if (state === 'planned' || state === 'started')
    return {
      refused: say(
        `${key} is ${state === 'started' ? 'under way' : 'planned'}. Whether it works is said when it is done: `,
        { code: `/change done ${key}` },
        '. Nothing was done.',
      ),
    };
  if (state === 'validating' || state === 'succeeded')
    return { state: answer === 'good' ? 'succeeded' : 'failed' };
  if (state === 'failed' && (answer === 'bad' || change.validation === 'bad'))
    return { state: answer === 'good' ? 'succeeded' : 'failed' };
  return {
    refused: say(
      `${key} is ${stateName(state)}; what works now says nothing of it. If it goes on: `,
      { code: `/change start ${key}` },
      '. Nothing was done.',
    ),
  };
}

function answerOf(it: Attendance, input: ValidateInput, ask: Ask) {
  const { change, questions } = it;
  const people = [ownerOf(change), coverOf(change)].filter((each) => each !== null);
  const loud = questions.some((each) => each.data.level === 'loud');
  const told = isAnnounced(change) && (input.choice === 'bad' || loud) && questions.length > 0;
  return {
    ...ofChange(change),
    answer: input.choice,
    text: input.text ?? null,
    people: people.filter((each) => each.id !== ask.actor.id),
    support: told ? supportOf(it) : null,
    asks: questions.flatMap(asksOf),
    components: [...it.components],
  };
}

function stateSet(
  change: Change,
  to: ChangeState,
  text: string | null,
  about: Parameters<typeof changeStateSet>[1],
): Stated {
  // The row's columns were written from what the fact's schema checked.
  const kind = change.kind as ChangeKind;
  const from = change.state as ChangeState;
  return changeStateSet({ number: change.number, kind, from, to, text, sequence: null, said: true }, about);
}

function replyText(change: Change, to: ChangeState, input: ValidateInput): string {
  const key = changeKey(change);
  if (input.choice === 'good')
    return `${key}: everything still works, you say. It ${to === change.state ? `stays ${to}` : `is ${to} now`}.`;
  const text = input.text ? '' : ` Say what: \`/change validate ${key} bad TEXT\`.`;
  return `${key}: something is wrong, you say. It is failed now.${text}`;
}

function afterBad(it: Attendance, input: ValidateInput): Part[] {
  if (input.choice === 'good') return [];
  const { change } = it;
  const key = changeKey(change);
  const declare = declareLine(key, it.components);
  return [
    line(
      'If users notice it: ',
      { code: declare },
      '. If you take it back: ',
      { code: `/change rollback ${key}` },
      '.',
    ),
    buttons(
      { label: 'Declare an incident', command: declare, style: 'danger' },
      { label: `${key} is rolled back`, command: `/change rollback ${key}` },
    ),
  ];
}

function withMore(first: Message, more: readonly Part[]): Message {
  const second = message(...more);
  if (more.length === 0) return first;
  return joined(first, second);
}
