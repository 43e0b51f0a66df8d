// The rules of pages: how one opens, goes from level to level, is answered and withdrawn. Pure.
import { type Ask, accept, type Decision } from '../../core/command.js';
import { type About, isInSlack, type Stated } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import { sameName } from '../../core/text.js';
import type { WrittenTime } from '../../core/time/index.js';
import type { Incident } from '../incident/index.js';
import {
  type Escalation,
  type Level,
  type Reached,
  type Recipient,
  usualRepeatMinutes,
} from '../oncall/index.js';
import type { Ahead } from './ahead.js';
import { callsNobody, isLast, wordOf } from './due.js';
import * as facts from './facts.js';
import { dueOf, type PageScene, type Ringing } from './scene.js';
import { type AnswerWay, type Cause, levelsOf, type Page, type PageAttempt, pageStream } from './words.js';

const minuteMs = 60_000;
/** So many messages in Slack are edited when it is over: those of the first hours are read by nobody any more. */
const editedMax = 40;

export interface Opening {
  readonly reason: string;
  readonly cause: Cause;
  readonly incident: Incident | null;
}

/** The page for the same that rings already; of what is about no incident, the same words or the same cause. */
export function ringingFor(ringing: readonly Page[], { reason, cause, incident }: Opening): Page | null {
  const same = (page: Page) =>
    page.cause === cause.kind &&
    page.causeName === cause.name &&
    (cause.name !== null || page.reason === reason);
  return ringing.find((page) => incident !== null || same(page)) ?? null;
}

/** The facts that open a page and call its first level that reaches somebody; none where one for the same rings already. */
export function openPage(scene: PageScene, page: Opening, ask: Ask): Stated[] {
  if (ringingFor(scene.ringing, page)) return [];
  const { id, number, target, escalation } = scene;
  const { reason, cause, incident } = page;
  const drill = incident?.drill ?? false;
  const levels = [...(escalation?.levels ?? [])];
  const repeatMinutes = escalation?.repeatMinutes ?? usualRepeatMinutes;
  const about = aboutPage({ id, incidentId: incident?.id ?? null });
  const of = escalation?.of ?? null;
  const common = { id, number, incident: incidentOf(incident), drill };
  return [
    facts.pageOpened({ ...common, target, reason, cause, levels, repeatMinutes, of }, about),
    ...callLevels(
      {
        ...{ usual: { levels, repeatMinutes }, changed: null, round: 0, own: scene.own, drill },
        ...{ common, ahead: scene.ahead, because: 'opened', found: false, same: false },
        ...{ by: null, had: null },
      },
      about,
      ask,
    ),
  ];
}

type LevelData = ReturnType<typeof facts.pageLevelReached.read>['data'];

type Plan = Pick<Escalation, 'levels' | 'repeatMinutes'>;

interface Calling extends Pick<LevelData, 'because' | 'found' | 'by' | 'had' | 'same'> {
  readonly common: Pick<LevelData, 'id' | 'number' | 'incident' | 'drill'>;
  readonly usual: Plan;
  /** By which rounds after the present one go, where that is another. */
  readonly changed: Plan | null;
  /** The present one. */
  readonly round: number;
  readonly ahead: readonly Ahead[];
  readonly own: ReadonlySet<string>;
  readonly drill: boolean;
}

// One after the other, each on record, until one calls somebody.
function callLevels(it: Calling, about: About, ask: Ask): Stated[] {
  const { common, ahead, because, by, had, same } = it;
  return ahead.map((step, index) => {
    const { level, round, skipped } = step;
    const anew = round > it.round ? it.changed : null;
    const { levels, repeatMinutes } = anew ?? it.usual;
    const begins = ahead.findIndex((each) => each.round === round) === index;
    return facts.pageLevelReached(
      {
        ...{ ...common, by, had, same, level, round, skipped },
        ...reach({ levels, repeatMinutes, level, reached: step, own: it.own, drill: it.drill }, ask),
        because: ahead.slice(0, index).every((each) => each.skipped !== null) ? because : 'unreached',
        escalation: anew && begins ? { levels: [...levels], repeatMinutes } : null,
        found: it.found && step.recipients.length > 0,
      },
      about,
    );
  });
}

interface Reaching {
  readonly level: number;
  readonly levels: readonly Level[];
  readonly repeatMinutes: number;
  readonly reached: Reached;
  readonly own: ReadonlySet<string>;
  readonly drill: boolean;
}

function reach(it: Reaching, ask: Ask) {
  const last = isLast(it);
  const minutes = last ? it.repeatMinutes : (it.levels[it.level]?.minutes ?? it.repeatMinutes);
  return {
    last,
    empty: [...it.reached.empty],
    attempts: it.reached.recipients.flatMap((each, index, all) =>
      attemptsOf(each, all.slice(0, index), it, ask),
    ),
    nextAt: new Date(ask.now.getTime() + minutes * minuteMs),
  };
}

// In a drill Slack may write to the drill's own people, and nothing else leaves. One address gets one letter, however
// many people read there.
function attemptsOf(
  recipient: Recipient,
  before: readonly Recipient[],
  { drill, own }: Reaching,
  ask: Ask,
): facts.Attempt[] {
  const to = { id: recipient.id, name: recipient.name };
  const written = before.flatMap(({ ways }) => ways.filter(({ path }) => path === 'mail'));
  const ways = recipient.ways.filter(
    ({ path, address }) => path !== 'mail' || !written.some((each) => sameName(each.address, address)),
  );
  return ways.map(({ path, address }) => ({
    ...{ id: ask.newId(), path, to, address },
    simulated: drill && !(path === 'slack' && own.has(address)),
  }));
}

/** The next level is called, whatever the time; where it reaches nobody, those after it too. */
export function nextLevel(it: Ringing, because: Exclude<LevelData['because'], 'opened'>, ask: Ask): Stated[] {
  const { page, incident, changed, next, ahead, own } = it;
  const { id, number, drill, round } = page;
  const asked = because === 'asked';
  const had = asked && page.state === 'acknowledged' ? holderOf(page) : null;
  const found = next.round > round && callsNobody(page, it.all);
  const calling = {
    ...{ usual: { levels: levelsOf(page), repeatMinutes: page.repeatMinutes }, changed, round },
    ...{ own, drill, ahead, because, had },
    common: { id, number, drill, incident: incidentOf(incident) },
    by: asked ? { id: ask.actor.id, name: ask.actor.name } : null,
    ...{ found, same: found && because === 'time' },
  };
  const called = callLevels(calling, aboutPage(page), ask);
  // Where it said who has it, it rings again.
  return had ? [...called, redrawn(page, it.all, { sent: [], by: null, from: null, back: false })] : called;
}

function holderOf({ answeredById, answeredByName }: Page) {
  return { id: answeredById ?? '', name: answeredByName ?? 'Somebody' };
}

/** Whatever is due of a page: what is stuck is said, and the next level comes where its time has. */
export function decideLook(it: Ringing, ask: Ask): Decision {
  const { page, attempts } = it;
  const due = dueOf(it, ask.now);
  const about = aboutPage(page);
  const stuck = due.stuck.flatMap((id) => {
    const attempt = attempts.find((each) => each.id === id);
    return attempt
      ? [facts.pageStuck({ ...ofAttempt(page, attempt), ...stuckFor(it, attempt, ask) }, about)]
      : [];
  });
  const unanswered = due.next?.unanswered ? [unansweredRound(it, ask)] : [];
  const stated = [...stuck, ...unanswered, ...(due.next ? nextLevel(it, due.next.because, ask) : [])];
  if (stated.length > 0) return accept(stated, message());
  const refusal = { message: say('Nothing is due.') };
  return { accepted: false, refusal: due.again ? { ...refusal, again: due.again } : refusal };
}

function unansweredRound({ page, all, changed, promised }: Ringing, ask: Ask): Stated {
  const { id, number, round, drill } = page;
  const called = !callsNobody(page, all);
  const { levels, repeatMinutes } = changed ?? { levels: levelsOf(page), repeatMinutes: page.repeatMinutes };
  // Levels that call nobody give way at once.
  const before = called ? levels.slice(0, -1) : [];
  const roundMinutes = before.reduce((sum, { minutes }) => sum + minutes, repeatMinutes);
  const word = wordOf(round, roundMinutes * minuteMs, promised, ask.now);
  const minutes = minutesSince(page.openedAt, ask.now);
  return facts.pageUnanswered({ id, number, round, minutes, drill, called, ...word }, aboutPage(page));
}

function stuckFor({ all }: Ringing, attempt: PageAttempt, ask: Ask) {
  return { minutes: minutesSince(attempt.at, ask.now), again: failedBefore(all, attempt) };
}

/** Whether the same way to the same person came to nothing before: then it was said. */
export function failedBefore(all: readonly PageAttempt[], attempt: PageAttempt): boolean {
  return all.some(
    (each) =>
      each.id !== attempt.id &&
      each.path === attempt.path &&
      each.address === attempt.address &&
      (each.state === 'failed' || each.state === 'stuck'),
  );
}

/** What every fact of an attempt says of it. */
export function ofAttempt(page: Page, attempt: PageAttempt) {
  return {
    ...{ id: page.id, number: page.number, attemptId: attempt.id },
    path: attempt.path as facts.Attempt['path'],
    to: { id: attempt.toId, name: attempt.toName ?? attempt.address },
  };
}

export interface Answer {
  readonly by: { readonly id: string; readonly name: string };
  readonly way: AnswerWay;
  readonly at?: WrittenTime | undefined;
  /** What people call the app in which they said it. */
  readonly through?: string;
  /** The pager that told us, which need not be told. */
  readonly heardFrom?: string;
  /** Whether they are let into the place of its incident. */
  readonly invites: boolean;
}

/** The facts that say who has a page; none where somebody has it, or it was withdrawn. */
export function acknowledge(
  page: Page,
  all: readonly PageAttempt[],
  { by, way, at, invites, through, heardFrom }: Answer,
  now: Date,
): Stated[] {
  if (page.state !== 'ringing') return [];
  const when = at?.at ?? now;
  const opener = { id: page.openedById, name: page.openedByName };
  return [
    facts.pageAcknowledged(
      {
        ...{ id: page.id, number: page.number, by, way, invites, through: through ?? null },
        attempts: hearing(all.filter((each) => each.path !== 'webhook' || each.address !== heardFrom)),
        minutes: minutesSince(page.openedAt, when),
        opener: page.openedById !== by.id && isWrittenTo(opener.id) ? opener : null,
      },
      { ...aboutPage(page), ...(at ? { when: at } : {}) },
    ),
  ];
}

/** The facts that take a page back; none where it rings no more. */
export function withdraw(
  page: Page,
  all: readonly PageAttempt[],
  reason: string,
  { ended = false }: { readonly ended?: boolean } = {},
): Stated[] {
  if (page.state !== 'ringing') return [];
  const fact = { id: page.id, number: page.number, reason, attempts: hearing(all), ended };
  return [facts.pageWithdrawn(fact, aboutPage(page))];
}

/** The fact that has the messages of a page drawn anew, in Slack. */
export function redrawn(
  page: Page,
  all: readonly PageAttempt[],
  more: Pick<ReturnType<typeof facts.pageRedrawn.read>['data'], 'sent' | 'by' | 'from' | 'back'>,
): Stated {
  const slack = all.filter((each) => each.path === 'slack' && each.state !== 'simulated');
  const attempts = slack.map(({ id }) => ({ id, path: 'slack' as const }));
  return facts.pageRedrawn({ id: page.id, number: page.number, attempts, ...more }, aboutPage(page));
}

// Each message in Slack is edited, the latest first; a pager is told once.
function hearing(all: readonly PageAttempt[]) {
  const sent = all.filter((each) => each.state !== 'simulated').reverse();
  const pagers = new Map(
    sent.filter((each) => each.path === 'webhook').map((each) => [each.address, each] as const),
  );
  const slack = sent.filter((each) => each.path === 'slack').slice(0, editedMax);
  return [...slack, ...pagers.values()].map(({ id, path }) => ({ id, path: path as facts.Attempt['path'] }));
}

/** The program itself and what speaks with a token are nobody whom Slack could write to. */
function isWrittenTo(id: string): boolean {
  return isInSlack(id) && id !== 'andon';
}

/** Where facts of a page belong. */
export function aboutPage(page: { readonly id: string; readonly incidentId: string | null }): About {
  return { stream: pageStream(page.id), ...(page.incidentId ? { incidentId: page.incidentId } : {}) };
}

function incidentOf(incident: Incident | null) {
  return incident && { number: incident.number, private: incident.private };
}

/** Whole minutes from one time to another, never below none. */
function minutesSince(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / minuteMs));
}
