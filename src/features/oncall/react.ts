// What follows from being on call: calendars are read, test letters go out, and trouble is said aloud.
import type { Destination, Effect, EffectKind, Later, Sought } from '../../core/effect.js';
import { type Fact, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, list, type Message, message, type Span } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { endsMessage, endsTo, lookSoon } from './ends.js';
import * as facts from './facts.js';
import { feedMinutes, feedsCommand, unplacedIn } from './feeds.js';
import { peopleCommand, peopleSoon } from './people.js';

const announcements: Destination = { to: 'announcements' };
const minuteMs = 60_000;
const strangersShown = 8;
const problemsShown = 3;
/** So many of a calendar are looked for together: as many questions to Slack. */
const soughtMax = 50;

export const reactions: Reaction[] = [
  on(facts.scheduleSet, (fact) =>
    fact.data.url === null
      ? []
      : [read(fact.data.name), again(new Date(fact.recordedAt.getTime() + feedMinutes * minuteMs))],
  ),
  on(facts.shiftEntered, (fact) => [lookSoon(fact)]),
  on(facts.shiftsRelieved, (fact) => [lookSoon(fact)]),
  on(facts.escalationSet, (fact) => [lookSoon(fact), peopleSoon(fact)]),
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
    ...problemsSaid(fact),
    ...sought(fact),
  ]),
  on(facts.peopleAsked, ({ data }) => [
    find('oncall/people', null, data.who),
    { key: peopleCommand, at: data.next, command: peopleCommand, data: null },
  ]),
  on(facts.peoplePlaced, (fact) => [lookSoon(fact), ...strangersSaid(fact)]),
  on(facts.peopleGone, (fact) =>
    fact.data.news.length === 0 ? [] : [saidTo(fact, announcements, goneMessage(fact.data.news))],
  ),
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

// The one who set the calendar can mend it; a file is nobody.
function setterOr(setter: { readonly id: string } | null): Destination {
  return setter === null ? announcements : { to: 'person', userId: setter.id };
}

function sought(fact: Fact<Read>): Effect[] {
  const { schedule, shifts } = fact.data;
  const who = unplacedIn(shifts, fact.recordedAt).slice(0, soughtMax);
  return who.length === 0 ? [] : [find(`oncall/people/${schedule}`, schedule, who)];
}

function find(lane: string, schedule: string | null, who: readonly Sought[]): Effect {
  return effect(lane, { do: 'findPeople', schedule, who }, false);
}

function strangersSaid(fact: Fact<PlacedData>): Effect[] {
  const { schedule, strangers, setter } = fact.data;
  if (schedule === null || strangers.length === 0) return [];
  return [saidTo(fact, setterOr(setter), strangersMessage(schedule, strangers))];
}

function problemsSaid(fact: Fact<Read>): Effect[] {
  const { schedule, setter, news } = fact.data;
  return news.length === 0 ? [] : [saidTo(fact, setterOr(setter), problemsMessage(schedule, news), 'news')];
}

function strangersMessage(schedule: string, strangers: readonly string[]): Message {
  return message(
    line(
      { bold: `The calendar of the schedule ${schedule} names people whom I cannot place` },
      ': ',
      fewNames(strangers, strangersShown),
      '. No page reaches them by it.',
    ),
    line(
      'No one person in Slack has this name. Let the event carry their e-mail, or the name that they have in Slack; or say who is on call: ',
      { code: `/incident duty ${schedule} @user for:8h` },
      '.',
    ),
    line({ code: `/incident oncall ${schedule}` }, ' shows who is on call.'),
  );
}

function problemsMessage(schedule: string, problems: readonly string[]): Message {
  const more = problems.length - problemsShown;
  return message(
    line({ bold: `I did not understand all of the calendar of the schedule ${schedule}` }, ':'),
    list(problems.slice(0, problemsShown).map((each) => [each])),
    more > 0 && line(`and ${more} more. `),
    line({ code: `/incident oncall ${schedule}` }, ' shows who is on call.'),
  );
}

// Where nobody is left, a page would find out at night.
function goneMessage(news: GoneData['news']): Message {
  const shown = news.slice(0, strangersShown);
  const rest = news.length - shown.length;
  return message(
    line({ bold: 'Not active in Slack any more, and would be called' }, ':'),
    list(shown.map(({ name, by }) => [{ bold: name }, by.length > 0 ? `, by ${by.join('; ')}` : ''])),
    rest > 0 && line(`and ${rest} more.`),
    line(
      'Say who is called instead: ',
      { code: '/incident escalation' },
      ', or the calendar or the file that names them. ',
      { code: '/incident oncall' },
      ' shows who is called.',
    ),
  );
}

// What exactly was answered is for whoever has the machine: it would tell about addresses inside its network.
function refusedMessage({ schedule, error, since, loud, knownUntil }: Refused): Message {
  if (error === facts.emptied) return emptiedMessage(schedule, since, loud, knownUntil);
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

function emptiedMessage(
  schedule: string,
  since: Date,
  loud: Refused['loud'],
  knownUntil: Date | null,
): Message {
  const until: Span[] =
    loud === 'over' || knownUntil === null
      ? ['; nobody is on call by it now.']
      : ['. What it said last stays in force until ', { at: knownUntil }, '.'];
  return message(
    line(
      { bold: `The calendar of the schedule ${schedule} has no shifts any more` },
      ' since ',
      { at: since },
      ...until,
    ),
    line(
      'If that is a slip, mend the calendar, or give another address: ',
      { code: `/incident schedule ${schedule} url:https://…` },
      '. I look again every half hour.',
    ),
    line(
      'Else say who is on call: ',
      { code: `/incident duty ${schedule} @user for:8h` },
      '; if nobody is to be by it: ',
      { code: `/incident unschedule ${schedule}` },
      '.',
    ),
  );
}

type Read = ReturnType<typeof facts.feedRead.read>['data'];
type PlacedData = ReturnType<typeof facts.peoplePlaced.read>['data'];
type GoneData = ReturnType<typeof facts.peopleGone.read>['data'];

function healedMessage({ schedule, shifts }: Read): Message {
  return message(
    line(
      `The calendar of the schedule ${schedule} can be read again${shifts.length > 0 ? ' and has shifts' : ', but has no shifts'}. `,
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
