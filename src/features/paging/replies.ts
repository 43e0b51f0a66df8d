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
import { isLast } from './due.js';
import type { Attempt } from './facts.js';
import {
  calledText,
  levelsOf,
  levelText,
  type Page,
  type PageAttempt,
  pageKey,
  pathName,
  targetText,
} from './words.js';

const reasonShown = 200;
const attemptsShown = 12;

interface Called {
  readonly number: number;
  readonly attempts: readonly Attempt[];
  readonly nextAt: Date;
  readonly level: number;
  readonly round: number;
  readonly last: boolean;
}

/** The reply to calling somebody, or to calling the next ones. */
export function calledReply(
  { number, attempts, nextAt, level, round, last }: Called,
  it: {
    readonly reached: Reached;
    readonly incident: Pick<Incident, 'number'> | null;
    readonly drill: boolean;
    readonly of: string | null;
    readonly notes: readonly string[];
  },
  ask: Ask,
): Message {
  const key = pageKey({ number });
  const about = it.incident ? `, about ${incidentKey(it.incident)}` : '';
  const simulated = attempts.filter((each) => each.simulated);
  const real = attempts.filter((each) => !each.simulated);
  const next = last ? 'it begins anew' : `level ${level + 2} is called`;
  return message(
    attempts.length === 0
      ? line({ bold: `${key}: nobody was called.` }, ` ${nobodyText(it.reached, it.of)}`)
      : line({ bold: key }, `${about}, ${levelText({ level, round })}.`),
    real.length > 0 && line(`Called now: ${calledText(real)}.`),
    simulated.length > 0 &&
      line(`A drill calls nobody outside it. Would be called: ${calledText(simulated)}.`),
    it.reached.empty.length > 0 &&
      attempts.length > 0 &&
      line({ bold: 'Not to be reached: ' }, `${it.reached.empty.join(', ')}.`),
    ...slackOnly(it.reached.recipients),
    attempts.length === 0
      ? line(`I look again at ${clock(nextAt, ask)} whether somebody can be called.`)
      : line(`Until somebody has it: ${next} at ${clock(nextAt, ask)}.`),
    ...it.notes.map((note) => line(note)),
    attempts.length === 0 && line('Page somebody by name: ', { code: '/incident page @somebody REASON' }),
    buttons(...pageButtons(number)),
  );
}

function nobodyText({ empty }: Reached, of: string | null): string {
  if (of === null)
    return 'No escalation is known for it, and no default one: /incident escalation default @somebody sets one.';
  return empty.length > 0 ? `Not to be reached: ${empty.join(', ')}.` : `${of} calls nobody at this level.`;
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
export function joinedReply(page: Page, ask: Ask): Message {
  const key = pageKey(page);
  return message(
    line(
      { bold: key },
      ` rings already for ${targetText(page)}: ${whereIs(page, ask)} Nobody was called a second time.`,
    ),
    line({ code: `/incident escalate ${key}` }, ' calls the next level now.'),
    buttons(...pageButtons(page.number)),
  );
}

/** Where a page stands, in a sentence. */
export function whereIs(page: Page, ask: Ask): string {
  if (page.state === 'acknowledged')
    return `${page.answeredByName ?? 'Somebody'} has it since ${clock(page.answeredAt ?? page.openedAt, ask)}.`;
  if (page.state === 'withdrawn') return 'it was withdrawn.';
  const levels = levelsOf(page);
  const of = levels.length > 1 ? ` of ${levels.length}` : '';
  const next = isLast({ ...page, levels }) ? 'begins anew' : 'next level';
  return `level ${page.level + 1}${of}${page.round > 0 ? `, round ${page.round + 1}` : ''}, ${next} at ${page.nextAt ? clock(page.nextAt, ask) : 'an unknown time'}.`;
}

/** A page with all its attempts. */
export function pageShown(
  page: Page,
  all: readonly PageAttempt[],
  { incident, hidden }: { readonly incident: Incident | null; readonly hidden: boolean },
  ask: Ask,
): Message {
  const about: Span[] = incident ? [`, about ${incidentKey(incident)}`] : [];
  const shown = all.slice(-attemptsShown);
  return message(
    line({ bold: pageKey(page) }, ` calls ${targetText(page)}`, ...about, `: ${whereIs(page, ask)}`),
    page.drill && line('A drill: nobody outside it is called.'),
    !hidden && page.reason !== '' && line(shorten(page.reason, reasonShown)),
    line(`Opened by ${page.openedByName} at ${clock(page.openedAt, ask)}.`),
    list(shown.map((each) => [attemptText(each, ask)])),
    all.length > shown.length && line(`The latest ${shown.length} of ${all.length} attempts.`),
    page.state === 'ringing' && buttons(...pageButtons(page.number)),
  );
}

/** What became of an attempt, with its instant. */
export function attemptText(it: PageAttempt, ask: Ask): string {
  const when = clock(it.at, ask);
  const ended = it.endedAt ? `, ${clock(it.endedAt, ask)}` : '';
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
    { label: `I have ${key}`, command: `/incident ack ${key}`, style: 'primary' },
    { label: 'Call the next level now', command: `/incident escalate ${key}` },
  ] as const;
}

/** An instant in the asker's zone, which it names, and in UTC. */
export function clock(at: Date, ask: Ask): string {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const local = showInstant(at, zone);
  return zone === 'UTC' ? local : `${local} (${at.toISOString().slice(11, 16)} UTC)`;
}
