// What whoever calls, answers or passes on is told: whom it calls now, by which ways, and when the next ones are called.
import type { Ask } from '../../core/command.js';
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { showInstant } from '../../core/time/index.js';
import { type Incident, incidentKey } from '../incident/index.js';
import type { Reached, Recipient } from '../oncall/index.js';
import type { Skip } from './ahead.js';
import { callsNobody, isLast } from './due.js';
import type { Attempt } from './facts.js';
import {
  calledText,
  holderText,
  levelsOf,
  levelText,
  type Page,
  type PageAttempt,
  pageKey,
  pathName,
  skipText,
  targetText,
} from './words.js';

const reasonShown = 200;
const attemptsShown = 12;
const emptyShown = 400;
const looksAgain = 'I look again every minute whether somebody can be called.';

/** A level whose turn came, as its fact says. */
export interface Called {
  readonly number: number;
  readonly attempts: readonly Attempt[];
  readonly empty: readonly string[];
  readonly nextAt: Date;
  readonly level: number;
  readonly round: number;
  readonly last: boolean;
  readonly skipped: Skip | null;
  readonly by: { readonly name: string } | null;
}

interface AboutCall {
  /** Whom the levels reach whose turn came. */
  readonly ahead: readonly Reached[];
  readonly incident: Pick<Incident, 'number' | 'drill' | 'placeKind' | 'channelId'> | null;
  readonly of: string | null;
  readonly notes: readonly string[];
  /** Its round called somebody before. */
  readonly calledBefore: boolean;
}

/** The reply to calling somebody, or to calling the next ones: the levels whose turn came, the last one called. */
export function calledReply(levels: readonly Called[], it: AboutCall, ask: Ask): Message {
  const called = levels.at(-1);
  if (!called) throw new Error('no level had its turn');
  return called.attempts.length === 0
    ? nobodyReply(called, levels, it, ask)
    : somebodyReply(called, levels.slice(0, -1), it, ask);
}

function somebodyReply(
  { number, attempts, empty, nextAt, level, round, last }: Called,
  skipped: readonly Called[],
  it: AboutCall,
  ask: Ask,
): Message {
  const about = it.incident ? `, about ${incidentKey(it.incident)}` : '';
  const simulated = attempts.filter((each) => each.simulated);
  const real = attempts.filter((each) => !each.simulated);
  const drill = it.incident?.drill ?? false;
  const next = last
    ? `it ${drill ? 'would begin' : 'begins'} anew`
    : `level ${level + 2} ${drill ? 'would be' : 'is'} called`;
  const now = skipped.length > 0 ? `Level ${level + 1} is called now` : 'Called now';
  return message(
    line({ bold: pageKey({ number }) }, `${about}, ${levelText({ level, round })}.`),
    skipped.length > 0 && line(shorten(skipped.map(emptyLevel).join(' '), emptyShown)),
    real.length > 0 && line(`${now}: ${calledText(real)}.`),
    simulated.length > 0 &&
      line(`A drill calls nobody outside it. Would be called: ${calledText(simulated)}.`),
    empty.length > 0 && line({ bold: 'Not to be reached: ' }, `${empty.join(', ')}.`),
    ...(drill ? [] : slackOnly(it.ahead.flatMap(({ recipients }) => recipients))),
    line(`Until somebody has it: ${next} at ${clock(nextAt, ask)}.`),
    ...it.notes.map((note) => line(note)),
    buttons(...pageButtons(number)),
  );
}

function emptyLevel({ level, empty, skipped, by }: Called): string {
  if (skipped) return `Level ${level + 1} is skipped: ${skipText(skipped, by)}.`;
  return `Level ${level + 1} reaches nobody (${empty.join('; ') || 'nobody is known'}).`;
}

function nobodyReply(
  { number, nextAt }: Called,
  levels: readonly Called[],
  { of, notes, calledBefore }: AboutCall,
  ask: Ask,
): Message {
  const empty = [...new Set(levels.flatMap((each) => each.empty))].join('; ');
  const why =
    of === null
      ? 'No escalation is known for it, and no default one: /incident escalation default @somebody sets one.'
      : empty === ''
        ? `${of} calls nobody.`
        : `Not to be reached: ${shorten(empty, emptyShown)}.`;
  return message(
    line({ bold: `${pageKey({ number })}: nobody was called.` }, ` ${why}`),
    line(calledBefore ? `Until somebody has it: it begins anew at ${clock(nextAt, ask)}.` : looksAgain),
    ...notes.map((note) => line(note)),
    line('Page somebody by name: ', { code: '/incident page @somebody REASON' }),
    buttons(...pageButtons(number)),
  );
}

/** That whoever passes a page on is the only one whom it would call. */
export function nobodyElse(page: Page, called: boolean, ask: Ask): Message {
  const key = pageKey(page);
  const mine = page.answeredById === ask.actor.id;
  const stands =
    page.state === 'acknowledged' && mine ? 'stays with you' : `goes on: ${whereIs(page, called, ask)}`;
  return message(
    line({ bold: 'There is nobody else to call by this escalation.' }, ' Name somebody: ', {
      code: '/incident page @name REASON',
    }),
    line(`${key} ${stands.replace(/\.$/, '')}. Nobody was called.`),
  );
}

/** Those who hear of it by Slack alone: where Slack fails, they hear nothing. */
export function slackOnly(recipients: readonly Recipient[]): Part[] {
  const names = recipients
    .filter(({ ways }) => ways.length > 0 && ways.every(({ path }) => path === 'slack'))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    line(
      { bold: `By Slack only: ${names.join(', ')}.` },
      ' If Slack does not reach them, nothing does. They name another way with ',
      { code: '/incident contact mail:name@example.com' },
      '.',
    ),
  ];
}

/** The reply where a page for the same rings already. */
export function joinedReply(page: Page, called: boolean, ask: Ask): Message {
  const key = pageKey(page);
  if (!called)
    return message(
      line(
        { bold: `${key}: nobody was called.` },
        ` It waits already for ${targetText(page)}: ${whereIs(page, called, ask)}`,
      ),
      line('Page somebody by name: ', { code: '/incident page @somebody REASON' }),
      buttons(...pageButtons(page.number)),
    );
  return message(
    line(
      { bold: key },
      ` rings already for ${targetText(page)}: ${whereIs(page, called, ask)} Nobody was called a second time.`,
    ),
    line({ code: `/incident escalate ${key}` }, ' calls the next level now.'),
    buttons(...pageButtons(page.number)),
  );
}

/** Where a page stands, in a sentence. `called`: whether its present round called anybody. */
export function whereIs(page: Page, called: boolean, ask: Ask): string {
  if (page.state === 'acknowledged')
    return `${holderText(page)} has it since ${clock(page.answeredAt ?? page.openedAt, ask)}.`;
  if (page.state === 'withdrawn') return 'it was withdrawn.';
  if (!called)
    return `nobody can be reached${page.round > 0 ? `, round ${page.round + 1}` : ''}. ${looksAgain}`;
  const levels = levelsOf(page);
  const of = levels.length > 1 ? ` of ${levels.length}` : '';
  const next = isLast({ ...page, levels }) ? 'begins anew' : 'next level';
  return `level ${page.level + 1}${of}${page.round > 0 ? `, round ${page.round + 1}` : ''}, ${next} at ${page.nextAt ? clock(page.nextAt, ask) : 'an unknown time'}.`;
}

interface About {
  readonly incident: Incident | null;
  readonly hidden: boolean;
  readonly redacted: boolean;
}

/** The reply where the page itself stands below it; null where it stands elsewhere, and where there is more to say. */
export function besideReply(
  levels: readonly Called[],
  { incident, notes }: AboutCall,
  ask: Ask,
): Message | null {
  const [called] = levels;
  const here = incident?.placeKind === 'channel' && incident.channelId === ask.channelId;
  if (!here || !called || levels.length > 1 || called.attempts.length === 0) return null;
  const real = called.attempts.filter(({ simulated }) => !simulated);
  const calls =
    real.length > 0 ? `calls ${calledText(real)} now` : `would call ${calledText(called.attempts)}`;
  return message(
    line({ bold: pageKey(called) }, ` ${calls}; it stands below.`),
    ...notes.map((note) => line(note)),
  );
}

/** A page with all its attempts. */
export function pageShown(
  page: Page,
  all: readonly PageAttempt[],
  { incident, hidden, redacted }: About,
  ask: Ask,
): Message {
  const about: Span[] = incident ? [`, about ${incidentKey(incident)}`] : [];
  const shown = all.slice(-attemptsShown);
  return message(
    line(
      { bold: pageKey(page) },
      ` calls ${targetText(page)}`,
      ...about,
      `: ${whereIs(page, !callsNobody(page, all), ask)}`,
    ),
    page.drill && line('A drill: nobody outside it is called.'),
    !hidden && page.reason !== '' && line(shorten(page.reason, reasonShown)),
    !hidden && redacted && line('Its reason was redacted.'),
    line(`Opened by ${page.openedByName} at ${clock(page.openedAt, ask)}.`),
    ...attemptParts(shown, ask),
    all.length > shown.length && line(`The latest ${shown.length} of ${all.length} attempts.`),
    page.state === 'ringing' && buttons(...pageButtons(page.number)),
  );
}

// By the time of day; the day and the zone are said once.
function attemptParts(shown: readonly PageAttempt[], ask: Ask): Part[] {
  const days = new Map<string, PageAttempt[]>();
  for (const each of shown) {
    const { day, zone } = wallOf(each.at, ask);
    const key = `${day}, in ${zone}`;
    days.set(key, [...(days.get(key) ?? []), each]);
  }
  return [...days].flatMap(([day, rows]) => {
    const at = rows[0]?.at ?? new Date(0);
    const { time, zone } = wallOf(at, ask);
    const utc = zone === 'UTC' ? '' : ` (${time} is ${at.toISOString().slice(11, 16)} UTC)`;
    return [line(`${day}${utc}:`), list(rows.map((each) => [attemptText(each, ask)]))];
  });
}

function wallOf(at: Date, { actor, workspace }: Ask) {
  const [day = '', time = '', ...zone] = showInstant(at, actor.zone ?? workspace.zone).split(' ');
  return { day, time: time.slice(0, 5), zone: zone.join(' ') };
}

// What became of an attempt, with its time of day.
function attemptText(it: PageAttempt, ask: Ask): string {
  const { day, time: when } = wallOf(it.at, ask);
  const end = it.endedAt && wallOf(it.endedAt, ask);
  const ended = end ? `, ${end.day === day ? '' : `${end.day} `}${end.time}` : '';
  const states: Readonly<Record<string, string>> = {
    sent: 'under way',
    delivered: `taken${ended}`,
    failed: `failed${ended}: ${it.error ?? 'no reason was given'}`,
    stuck: `stuck on its way${ended}`,
    simulated: 'not sent: a drill',
  };
  return `${levelText(it)}: ${it.toName ?? it.address} by ${pathName(it.path)}, ${when}: ${states[it.state] ?? it.state}`;
}

/** The two answers to a page. */
export function pageButtons(number: number) {
  const key = pageKey({ number });
  return [
    { label: 'I have it', command: `/incident ack ${key}`, style: 'primary' },
    { label: 'Pass it on', command: `/incident escalate ${key}` },
  ] as const;
}

/** An instant in the asker's zone, which it names, and in UTC. */
export function clock(at: Date, ask: Ask): string {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const local = showInstant(at, zone);
  return zone === 'UTC' ? local : `${local} (${at.toISOString().slice(11, 16)} UTC)`;
}
