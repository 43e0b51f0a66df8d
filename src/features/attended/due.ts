// What is due of cover, support and validation at an instant, and when to look again. Pure.
import { DateTime } from 'luxon';
import { type Fact, isInSlack, type Stated } from '../../core/fact.js';
import type { TeamSettings } from '../catalog/index.js';
import { type Change, changeStream, isAttended, isUnderWay, usualMinutes } from '../change/index.js';
import {
  coverAsked,
  coverDropped,
  type Support,
  type SupportReason,
  supportTold,
  validationAsked,
} from './facts.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Asked for cover and silent: asked again after this, and so long before the start. */
const coverAgainMs = hourMs;
const beforeStartMs = 30 * minuteMs;
/** Announced so late, whoever was asked has this long to answer before others are told. */
const graceMs = 10 * minuteMs;
/** Who was told so lately that nobody covers it need not hear it again. */
const toldLatelyMs = hourMs;
/** A yes holds for a start that moves no further than this. */
const sameStartMs = 30 * minuteMs;
/** Nobody said whether it works: the cover is asked after this, and then everybody, again and again. */
const validationAgainMs = 30 * minuteMs;
const validationLoudMs = hourMs;
const loudEveryMs = 2 * hourMs;
/** From here on once a day. */
const loudUntilMs = dayMs;
const nightBegins = 20;
const nightEnds = 8;
const saturday = 6;
const checksShown = 8;

/** Where nobody said what to look at. The last one: monitors that hang on what was changed fall silent with it. */
const usualChecks: readonly string[] = [
  'A user can read and write: try one of each yourself.',
  'Errors and response times are as they were before.',
  'Queues, jobs and replicas are not behind.',
  'The monitors still see it: their graphs go on, and none of them fell silent.',
];

export type Asked = Fact<ReturnType<typeof coverAsked.read>['data']>;
export type Told = Fact<ReturnType<typeof supportTold.read>['data']>;
export type Question = Fact<ReturnType<typeof validationAsked.read>['data']>;

/** What is known of a change's cover and validation. */
export interface Attendance {
  readonly change: Change;
  readonly settings: Pick<TeamSettings, 'supportChannel' | 'supportPeople' | 'checks'>;
  readonly components: readonly string[];
  /** When it was announced, or moved last. */
  readonly plannedSince: Date;
  /** Since somebody answered last. */
  readonly asked: readonly Asked[];
  /** The start that the present cover said yes to. */
  readonly givenFor: Date | null;
  readonly told: readonly Told[];
  /** Since it came to be validated last. */
  readonly questions: readonly Question[];
  /** What to look at, of the services it touches and of what depends on them. */
  readonly checks: readonly string[];
}

/** When it begins, or began. */
export function startOf(change: Change): Date {
  return change.startedAt ?? change.plannedStart ?? change.announcedAt;
}

/** When it is to end. */
export function endOf(change: Change): Date {
  return change.plannedEnd ?? new Date(startOf(change).getTime() + usualMinutes * minuteMs);
}

/** People and channels other than the owner's concern themselves with it: it is, or may be, in production. */
export function isAnnounced(change: Pick<Change, 'production' | 'unchanged'>): boolean {
  return change.production && !change.unchanged;
}

/** What every fact of a change's attendance says of the change. */
export function ofChange(change: Change) {
  return {
    number: change.number,
    announced: isAnnounced(change),
    owner: { id: change.ownerId, name: change.ownerName },
  };
}

/** When those who are to know are told that still nobody covers it. */
export function uncoveredAt(start: Date, plannedSince: Date): Date {
  const late = Math.max(start.getTime() - beforeStartMs, plannedSince.getTime() + graceMs);
  return new Date(Math.min(start.getTime(), late));
}

/** When somebody who was asked first at `first` is asked again; null: not any more. */
export function coverAgain(first: Date, start: Date, now: Date): Date | null {
  return coverTimes(first, start).find((at) => at > now) ?? null;
}

/** When it is asked again whether it works, and so on for as long as nobody says. */
export function validationAgain(since: Date, now: Date): Date {
  const elapsed = now.getTime() - since.getTime();
  if (elapsed < validationAgainMs) return new Date(since.getTime() + validationAgainMs);
  if (elapsed < validationLoudMs) return new Date(since.getTime() + validationLoudMs);
  const next = lastLoud(elapsed) + loudEveryMs;
  if (next <= loudUntilMs) return new Date(since.getTime() + next);
  return new Date(since.getTime() + (Math.floor(elapsed / dayMs) + 1) * dayMs);
}

/** Whether any of it is at night or on a weekend in a zone. */
export function touchesNight(from: Date, until: Date, zone: string): boolean {
  const start = DateTime.fromJSDate(from, { zone });
  if (start.weekday >= saturday || start.hour >= nightBegins || start.hour < nightEnds) return true;
  return until > start.startOf('day').set({ hour: nightBegins }).toJSDate();
}

/** Who of support is told, by channel or one by one. */
export function supportOf({ settings }: Pick<Attendance, 'settings'>): Support {
  const people = settings.supportPeople.flatMap(({ id, name }) =>
    id !== null && isInSlack(id) ? [{ id, name }] : [],
  );
  return { channel: settings.supportChannel, people };
}

/** The owner, where Slack can write to them. */
export function ownerOf(change: Pick<Change, 'ownerId' | 'ownerName'>) {
  if (change.ownerId === null || !isInSlack(change.ownerId)) return null;
  return { id: change.ownerId, name: change.ownerName };
}

/** Who is on record as its cover, having said yes. */
export function coverOf(change: Pick<Change, 'cover' | 'coverId' | 'coverName'>) {
  if (change.cover !== 'given' || change.coverId === null) return null;
  return { id: change.coverId, name: change.coverName ?? change.coverId };
}

/** What is to be stated now; nothing, when there is nothing to do. */
export function whatIsDue(it: Attendance, zone: string, now: Date): Stated[] {
  const { state } = it.change;
  if (state === 'validating') return validationDue(it, now);
  if (state !== 'planned' && state !== 'started') return [];
  return [...coverDue(it, now), ...supportDue(it, zone, now)];
}

function coverDue(it: Attendance, now: Date): Stated[] {
  const { change } = it;
  if (change.coverId === null || (change.cover !== 'asked' && change.cover !== 'given')) return [];
  const person = { id: change.coverId, name: change.coverName ?? change.coverId };
  const where = { stream: changeStream(change.id) };
  if (person.id === change.ownerId) {
    const reason = 'cover is somebody else than the owner';
    return [coverDropped({ ...ofChange(change), person, reason }, where)];
  }
  const start = startOf(change);
  const before = sinceFirst(it.asked.filter((each) => each.data.person.id === person.id));
  const last = before.at(-1);
  const meant = change.cover === 'given' ? it.givenFor : (last?.data.startsAt ?? null);
  const moved = change.state === 'planned' && meant !== null && !isSameStart(meant, start);
  const planned = change.plannedStart ?? start;
  const first = !moved && before[0] ? before[0].recordedAt : now;
  const due = change.cover === 'asked' && (!last || coverTimes(first, planned).some(since(last, now)));
  if (!moved && !due) return [];
  const round = moved ? 1 : before.length + 1;
  const again = coverAgain(first, planned, now);
  return [coverAsked({ ...ofChange(change), person, round, startsAt: start, moved, again }, where)];
}

function supportDue(it: Attendance, zone: string, now: Date): Stated[] {
  const { change } = it;
  if (!isAnnounced(change)) return [];
  const reasons = reasonsOf(it, zone, now);
  if (reasons.length === 0) return [];
  // At its announcement the owner hears of it with the announcement.
  const tellOwner = reasons.includes('uncovered') || reasons.includes('started');
  const told = { reasons, startsAt: startOf(change), support: supportOf(it), tellOwner };
  return [supportTold({ ...ofChange(change), ...told }, { stream: changeStream(change.id) })];
}

function reasonsOf(it: Attendance, zone: string, now: Date): SupportReason[] {
  const { change, told } = it;
  const start = startOf(change);
  const planned = change.state === 'planned';
  const alone = isAttended(change.kind) && change.cover !== 'given';
  const ever = (reason: SupportReason) => told.some((each) => each.data.reasons.includes(reason));
  const forThis = (reason: SupportReason) =>
    told.some((each) => each.data.reasons.includes(reason) && isSame(each.data.startsAt, start));
  const reasons: SupportReason[] = [];
  if (alone && planned && change.cover === 'none' && !ever('unattended')) reasons.push('unattended');
  const lately = told.some(
    (each) =>
      each.data.reasons.includes('unattended') &&
      now.getTime() - each.recordedAt.getTime() < toldLatelyMs &&
      isSame(each.data.startsAt, start),
  );
  const silent = alone && planned && now >= uncoveredAt(start, it.plannedSince);
  if (silent && !forThis('uncovered') && !lately && reasons.length === 0) reasons.push('uncovered');
  if (alone && !planned && !forThis('started')) reasons.push('started');
  const ahead = planned && (isAttended(change.kind) || start > now);
  const night = ahead || (!planned && isAttended(change.kind) && !ever('night'));
  if (night && touchesNight(start, endOf(change), zone) && !forThis('night')) reasons.push('night');
  const last = told.at(-1);
  if (planned && last && reasons.length === 0 && !isSame(last.data.startsAt, start)) reasons.push('moved');
  return reasons;
}

function validationDue(it: Attendance, now: Date): Stated[] {
  const { change, questions } = it;
  if (!isAttended(change.kind)) return [];
  const asked = questions[0]?.recordedAt ?? now;
  const last = questions.at(-1);
  const elapsed = now.getTime() - asked.getTime();
  if (last && asked.getTime() + lastQuestion(elapsed) <= last.recordedAt.getTime()) return [];
  const level = !last ? 'first' : elapsed < validationLoudMs ? 'again' : 'loud';
  const whom = whomToAsk(it, level);
  const question = { level, ...whom, checks: checksOf(it), since: asked } as const;
  const again = validationAgain(asked, now);
  return [
    validationAsked(
      { ...ofChange(change), ...question, round: questions.length + 1, again },
      { stream: changeStream(change.id) },
    ),
  ];
}

// An ask must reach somebody: where neither owner nor cover can be written to, everybody is asked.
function whomToAsk(it: Attendance, level: 'first' | 'again' | 'loud') {
  const { change } = it;
  const support = isAnnounced(change) ? supportOf(it) : null;
  const [owner, cover] = [ownerOf(change), coverOf(change)];
  if (level === 'first') {
    const people = owner ? [owner] : cover ? [cover] : [];
    return { people, support, channel: people.length === 0 && support === null };
  }
  if (level === 'again') {
    const people = [cover ?? owner].filter((each) => each !== null);
    return { people, support: null, channel: people.length === 0 };
  }
  if (support) return { people: [], support, channel: true };
  const people = [owner, cover].filter((each) => each !== null);
  return { people, support: null, channel: people.length === 0 };
}

function checksOf(it: Attendance): string[] {
  const own = it.checks.length > 0 ? it.checks : it.settings.checks;
  return [...new Set(own.length > 0 ? own : usualChecks)].slice(0, checksShown);
}

// A first ask begins anew: it moved, or another person was asked between.
function sinceFirst(asked: readonly Asked[]): readonly Asked[] {
  return asked.slice(Math.max(0, asked.map((each) => each.data.round).lastIndexOf(1)));
}

function coverTimes(first: Date, start: Date): Date[] {
  const times = [first.getTime() + coverAgainMs, start.getTime() - beforeStartMs];
  const useful = times.filter((at) => at > first.getTime() && at < start.getTime());
  return useful.sort((a, b) => a - b).map((at) => new Date(at));
}

// The latest instant, from the first question on, at which it was to be asked.
function lastQuestion(elapsed: number): number {
  if (elapsed < validationAgainMs) return 0;
  if (elapsed < validationLoudMs) return validationAgainMs;
  if (elapsed < loudUntilMs) return lastLoud(elapsed);
  return Math.floor(elapsed / dayMs) * dayMs;
}

function lastLoud(elapsed: number): number {
  return validationLoudMs + Math.floor((elapsed - validationLoudMs) / loudEveryMs) * loudEveryMs;
}

function since(last: Asked, now: Date): (at: Date) => boolean {
  return (at) => at > last.recordedAt && at <= now;
}

function isSame(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}

function isSameStart(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) <= sameStartMs;
}

/** It may still be covered: it is planned or under way. */
export function canBeCovered(change: Pick<Change, 'state'>): boolean {
  return change.state === 'planned' || isUnderWay(change.state);
}
