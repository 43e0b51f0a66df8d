// What follows from being on call: calendars are read, test letters go out, and trouble is said aloud.
import type { Destination, Effect, EffectKind, Later } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, type Message, message } from '../../core/message.js';
import { endsMessage, endsTo, lookSoon } from './ends.js';
import * as facts from './facts.js';
import { feedMinutes, feedsCommand } from './feeds.js';

const announcements: Destination = { to: 'announcements' };
const minuteMs = 60_000;

export const reactions: Reaction[] = [
  on(facts.scheduleSet, (fact) =>
    fact.data.url === null
      ? []
      : [read(fact.data.name), again(new Date(fact.recordedAt.getTime() + feedMinutes * minuteMs))],
  ),
  on(facts.shiftEntered, (fact) => [lookSoon(fact)]),
  on(facts.shiftsRelieved, (fact) => [lookSoon(fact)]),
  on(facts.escalationSet, (fact) => [lookSoon(fact)]),
  on(facts.scheduleEnds, (fact) => [lookSoon(fact), saidTo(fact, endsTo, endsMessage(fact.data))]),
  on(facts.feedsAsked, ({ data }) => [...data.schedules.map(read), again(data.next)]),
  on(facts.feedRefused, (fact) => {
    const { loud, setter } = fact.data;
    const words = refusedMessage(fact.data);
    return [
      ...(loud === null ? [] : [saidTo(fact, announcements, words)]),
      ...(setter === null ? [] : [saidTo(fact, { to: 'person', userId: setter.id }, words, 'setter')]),
    ];
  }),
  on(facts.feedRead, (fact) => [
    lookSoon(fact),
    ...(fact.data.healed ? [saidTo(fact, announcements, healedMessage(fact.data))] : []),
  ]),
  on(facts.contactTried, (fact) => {
    const { person, mail } = fact.data;
    const kind: EffectKind = {
      do: 'mail',
      to: mail,
      subject: 'Andon can reach you here',
      text: `This is a test that ${person.name} asked for. Pages come to this address too, also where Slack does not work.\n`,
      tested: person,
    };
    return [effect(`oncall/contact/${person.id}`, kind, true)];
  }),
  on(facts.contactTested, (fact) => {
    const { person } = fact.data;
    return [saidTo(fact, { to: 'person', userId: person.id }, testedMessage(fact.data))];
  }),
];

function read(schedule: string): Effect {
  const made = effect(`oncall/feed/${schedule}`, { do: 'readFeed', schedule }, false);
  return { ...made, collapse: 'read' };
}

function again(at: Date): Later {
  return { key: 'oncall/feeds', at, command: feedsCommand, data: null };
}

function effect(lane: string, kind: EffectKind, first: boolean): Effect {
  return { lane, step: 0, incidentId: null, first, essential: false, collapse: null, kind };
}

function saidTo(fact: Fact, destination: Destination, words: Message, whom = ''): Effect {
  const slot = `oncall/${fact.id}${whom === '' ? '' : `/${whom}`}`;
  const kind: EffectKind = { do: 'say', slot, destination, message: words };
  return { ...effect(`oncall/said/${fact.id}${whom}`, kind, true), essential: true };
}

type Refused = ReturnType<typeof facts.feedRefused.read>['data'];

// What exactly was answered is for whoever has the machine: it would tell about addresses inside its network.
function refusedMessage({ schedule, since, loud, knownUntil }: Refused): Message {
  const known =
    knownUntil === null
      ? ['Nobody is known to be on call by it.']
      : loud === 'over'
        ? ['The last shift that I know of ended ', { at: knownUntil }, '; nobody is on call by it now.']
        : ['What it said last stays in force, and ends ', { at: knownUntil }, '.'];
  return message(
    line(
      { bold: `I cannot read the calendar of the schedule ${schedule}` },
      ' since ',
      { at: since },
      '. ',
      { code: 'andon doctor' },
      ' says why.',
    ),
    line(...known),
    line(
      'See that its address still works, or give another one: ',
      { code: `/incident schedule ${schedule} url:https://…` },
      '. Until then say who is on call: ',
      { code: `/incident duty ${schedule} @user for:8h` },
      '. I try again every half hour.',
    ),
  );
}

function healedMessage({ schedule }: { readonly schedule: string }): Message {
  return message(
    line(
      `The calendar of the schedule ${schedule} can be read again. `,
      {
        code: `/incident oncall ${schedule}`,
      },
      ' shows who is on call.',
    ),
  );
}

type Tested = ReturnType<typeof facts.contactTested.read>['data'];

function testedMessage({ mail, error }: Tested): Message {
  if (error === null)
    return message(
      line(
        `The mail server took a letter to ${mail}. If it is not there in a few minutes, look into the spam folder.`,
      ),
    );
  return message(
    line({ bold: `The letter to ${mail} did not go out` }, `: ${error}. So no page arrives there either.`),
    line(
      'Another address: ',
      { code: '/incident contact mail:name@example.com' },
      '. If the server is to blame, whoever runs Andon asks ',
      { code: 'andon doctor' },
      '.',
    ),
  );
}
