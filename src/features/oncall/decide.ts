// The rules of being on call: who may be named, what a shift may be, and when a calendar's trouble is said. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { line, message, type Span, say, shorten } from '../../core/message.js';
import { quoted } from '../../core/text.js';
import { showBoth, type WrittenTime } from '../../core/time/index.js';
import * as facts from './facts.js';
import { type Known, nameIn } from './store.js';
import { type Level, toMinute } from './words.js';
import { zoneNamed } from './zone.js';

export const about = { stream: facts.oncallStream };
/** The origin of what was said in Slack; every other one is a file's. */
export const slackOrigin = 'slack';
const dayMs = 86_400_000;
const shiftMaxMs = 400 * dayMs;
/** Longer than a month is worth a look. */
const usualDaysMax = 31;
const daysOfMonth = 30.44;
/** So many names a refusal shows. */
const namesShown = 8;

export interface ScheduleInput {
  readonly name: string;
  readonly zone?: string | undefined;
  readonly url?: string | undefined;
  readonly plain?: boolean | undefined;
}

/** Whether a calendar may be at this address; null when it may, else why not. `plain`: somebody said that they know. */
export function addressProblem(address: string, plain: boolean): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol))
    return 'The address of a calendar begins with https://. It is what the calendar calls its secret or private iCal address.';
  if (url.username !== '' || url.password !== '') return 'The address may hold no user and no password.';
  if (url.protocol === 'https:' || plain) return null;
  return 'Over http:// anybody on the way could change who is called. If you know that, add the word plain at the end.';
}

/** What somebody wrote as a calendar's address: webcal is https by another name. */
export function addressOf(word: string): string {
  return word.trim().replace(/^webcals?:/i, 'https:');
}

/** A schedule is made or changed: its zone, and the calendar it is read from. */
export function decideSchedule(known: Known, input: ScheduleInput, ask: Ask): Decision {
  const name =
    nameIn(
      known.schedules.map((each) => each.name),
      input.name,
    ) ?? input.name;
  const before = known.schedules.find((each) => each.name === name) ?? null;
  const zone = input.zone === undefined ? (before?.zone ?? ask.workspace.zone) : zoneNamed(input.zone);
  if (zone === null)
    return refuse(
      say(`“${shorten(input.zone ?? '', 60)}” is no zone. Write it as `, { code: 'zone:Europe/Berlin' }, '.'),
      'zone',
    );
  const none = input.url !== undefined && /^none$/i.test(input.url);
  const url = input.url === undefined ? (before?.url ?? null) : none ? null : addressOf(input.url);
  const problem = url !== null && input.url !== undefined ? addressProblem(url, input.plain === true) : null;
  if (problem !== null) return refuse(say(problem), 'url');
  if (before && before.zone === zone && before.url === url)
    return refuse(say(`The schedule ${name} is so already. `, ...lookAt(name)));
  const how: Span[] = url
    ? [
        ' is read from a calendar: it will be read now, and every half hour; I tell you here if it cannot be. ',
      ]
    : [' is entered in Slack: ', { code: `/incident duty ${name} @user for:8h` }, '. '];
  return accept(
    [facts.scheduleSet({ name, zone, url, origin: slackOrigin }, about)],
    say(`The schedule ${name} (${zone})`, ...how, ...lookAt(name)),
  );
}

/** How one sees who is on call by it. */
export function lookAt(name: string): Span[] {
  return [{ code: `/incident oncall ${name}` }, ' shows who is on call.'];
}

/** A schedule is removed, unless an escalation calls it. */
export function decideUnschedule(known: Known, word: string): Decision {
  const name = nameIn(
    known.schedules.map((each) => each.name),
    word,
  );
  if (name === null) return noSchedule(known, word);
  const used = known.escalations.filter((each) => JSON.stringify(each.levels).includes(`"schedule"`));
  const by = used.filter((each) =>
    (each.levels as Level[]).some((level) =>
      level.whom.some((whom) => whom.kind === 'schedule' && whom.name === name),
    ),
  );
  if (by.length > 0)
    return refuse(
      say(
        `The schedule ${name} is called by the escalation of ${by.map((each) => (each.kind === 'default' ? 'the default' : each.name)).join(', ')}. Change that first: `,
        { code: '/incident escalation NAME LEVELS' },
        '.',
      ),
    );
  return accept(
    [facts.scheduleRemoved({ name }, about)],
    say(`The schedule ${name} is gone, with its shifts.`),
  );
}

/** The refusal of a word that names no schedule. */
export function noSchedule(known: Known, word: string): Decision {
  const names = known.schedules.map((each) => each.name);
  const there: Span[] =
    names.length > 0
      ? [
          `There are: ${names.slice(0, namesShown).join(', ')}${names.length > namesShown ? ' and more' : ''}.`,
        ]
      : ['There is none yet: ', { code: '/incident schedule primary' }, ' makes one.'];
  return refuse(say(`There is no schedule “${shorten(word, 60)}”. `, ...there), 'schedule');
}

export interface DutyInput {
  readonly schedule: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly from?: WrittenTime | undefined;
  readonly until?: WrittenTime | undefined;
  readonly forMs?: number | undefined;
}

/** A shift is put into a schedule by hand. */
export function decideDuty(known: Known, hasOther: boolean, input: DutyInput, ask: Ask): Decision {
  const name = nameIn(
    known.schedules.map((each) => each.name),
    input.schedule,
  );
  if (name === null) return noSchedule(known, input.schedule);
  const startsAt = input.from?.at ?? ask.now;
  const endsAt =
    input.until?.at ?? (input.forMs === undefined ? null : new Date(startsAt.getTime() + input.forMs));
  if (input.until && input.forMs !== undefined) return refuse(say('Say until: or for:, not both.'), 'until');
  if (endsAt === null)
    return refuse(
      say('Say how long: ', { code: 'for:8h' }, ' or ', { code: 'until:tomorrow 09:00' }, '.'),
      'until',
    );
  if (endsAt <= startsAt || endsAt <= ask.now)
    return refuse(say('That shift would be over before it begins, or is over already.'), 'until');
  if (endsAt.getTime() - startsAt.getTime() > shiftMaxMs)
    return refuse(say('A shift lasts at most 400 days.'), 'until');
  const { user: person } = input;
  const from = startsAt <= ask.now ? 'from now' : `from ${shownTo(ask, startsAt)}`;
  return accept(
    [facts.shiftEntered({ schedule: name, person, startsAt, endsAt }, about)],
    message(
      line(
        `${person.name} is on call by the schedule ${name} ${from} until ${shownTo(ask, endsAt)}, whatever its calendar says.`,
      ),
      longRemark(name, person, startsAt, endsAt, ask),
      !hasOther && onlySlack(person, ask),
    ),
  );
}

// `400d` may be a slip for `40d`, and nobody looks so far ahead.
function longRemark(name: string, person: { readonly name: string }, from: Date, until: Date, ask: Ask) {
  const days = Math.round((until.getTime() - from.getTime()) / dayMs);
  if (days <= usualDaysMax) return false;
  const length = days < 60 ? `${days} days` : `${Math.round(days / daysOfMonth)} months`;
  return line(
    { bold: `That is ${length}, until ${shownTo(ask, until)}.` },
    ' Meant shorter? ',
    { code: `/incident relieve ${quoted(name)} ${mentioned(person)}` },
    ' takes it out, then ',
    { code: `/incident duty ${quoted(name)} ${mentioned(person)} for:8h` },
    '.',
  );
}

/** Somebody as they are written in a line: by their first name, which has no spaces. */
export function mentioned({ name }: { readonly name: string }): string {
  return `@${name.split(/\s+/)[0]}`;
}

/** What is said where Slack is the only way to somebody: a page hangs on it then. */
export function onlySlack(person: { readonly id: string; readonly name: string }, ask: Ask) {
  const own = person.id === ask.actor.id;
  return line(
    own ? 'You are' : `${person.name} is`,
    ' reached only by Slack; if Slack fails, no page arrives. ',
    own ? 'Give' : 'They give',
    ' an address: ',
    { code: '/incident contact mail:name@example.com' },
  );
}

/** A time as its reader sees it: in their zone and in UTC. */
export function shownTo(ask: Ask, at: Date): string {
  return showBoth(toMinute(at), ask.actor.zone ?? ask.workspace.zone);
}
