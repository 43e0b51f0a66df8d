// Calendars: when they are read, and what is stated of what they say, or that they say nothing.
import { z } from 'zod';
import { accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { EffectKind, Sought } from '../../core/effect.js';
import type { Stated } from '../../core/fact.js';
import { isInSlack, readFact } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { about } from './decide.js';
import * as facts from './facts.js';
import { type FeedNews, lastRead, type ScheduleRow, type ShiftRow, scheduleNamed } from './read.js';
import { emptiedOf, type FeedTrouble, type Loud, refusalOf } from './trouble.js';

/** What the program decides when calendars are to be read again. */
export const feedsCommand = 'oncall.feeds';
/** So often calendars are read. */
export const feedMinutes = 30;
const minuteMs = 60_000;

const onOncall = async () => ({ streams: [facts.oncallStream], target: null });
const nothing = () => refuse(say('Nothing is due.'));

const askFeeds = defineCommand<null, null, readonly ScheduleRow[]>({
  verb: internalVerb('read feeds'),
  input: z.null(),
  locate: onOncall,
  load: (tx, _input, _target, ask) =>
    tx.schedule.findMany({
      where: { workspaceId: ask.workspace.id, url: { not: null } },
      orderBy: { name: 'asc' },
    }),
  decide(rows, _input, ask): Decision {
    if (rows.length === 0) return nothing();
    const next = new Date(ask.now.getTime() + feedMinutes * minuteMs);
    return accept([facts.feedsAsked({ schedules: rows.map((each) => each.name), next }, about)], message());
  },
});

/** Reads all calendars now; nothing where there is none. */
export const readFeeds = () => askFeeds.given(null);

/** What a calendar said. */
export interface FeedSaid {
  readonly schedule: string;
  /** Where it was read: meanwhile it may be another one. */
  readonly url: string;
  readonly shifts: readonly facts.FeedShift[];
  readonly problems: readonly string[];
}

interface FeedState {
  readonly row: ScheduleRow | null;
  /** What it said last. */
  readonly known: readonly ShiftRow[];
  readonly before: FeedNews | null;
  readonly trouble: Omit<FeedTrouble, 'error'> | null;
}

/** Records what a calendar said, where that is something else than is known. */
export const recordFeed = defineCommand<FeedSaid, null, FeedState>({
  verb: internalVerb('record feed'),
  input: z.custom<FeedSaid>(),
  locate: onOncall,
  async load(tx, { schedule }, _target, ask) {
    const row = await scheduleNamed(tx, ask.workspace.id, schedule);
    const where = { workspaceId: ask.workspace.id, schedule, entered: false };
    const known = await tx.shift.findMany({ where });
    if (!row) return { row, known, before: null, trouble: null };
    return { row, known, before: await lastRead(tx, row), trouble: await troubleOf(tx, row) };
  },
  decide({ row, known, before, trouble }, { schedule, url, shifts, problems }, ask) {
    if (!trouble || row?.url !== url) return nothing();
    if (!hasMore(shifts, ask.now) && (hasMore(known, ask.now) || trouble.loud.includes('emptied'))) {
      const stated = emptiedOf(trouble, latestOf(known), ask.now);
      return stated.length > 0 ? accept(stated, message()) : nothing();
    }
    const isSame =
      keysOf(known, ask.now) === keysOf(shifts, ask.now) && isSameSet(before?.problems ?? [], problems);
    if (isSame && row.readAt !== null && row.refusedAt === null) return nothing();
    const news = problems.filter((each) => !before?.problems.includes(each));
    const { setter } = trouble;
    const healed = trouble.loud.length > 0;
    const said = { schedule, shifts: [...shifts], problems: [...problems], healed, news, setter };
    return accept([facts.feedRead(said, about)], message());
  },
});

function hasMore(shifts: readonly { readonly endsAt: Date }[], now: Date): boolean {
  return shifts.some((each) => each.endsAt > now);
}

function latestOf(shifts: readonly { readonly endsAt: Date }[]): Date | null {
  const ends = shifts.map((each) => each.endsAt.getTime());
  return ends.length === 0 ? null : new Date(ends.reduce((a, b) => Math.max(a, b)));
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every((each) => other.includes(each)) && other.every((each) => one.includes(each));
}

/** Those whose shift it is or will be, and of whom nobody knows who they are in Slack; each once. */
export function unplacedIn(shifts: readonly facts.FeedShift[], now: Date): Sought[] {
  const unplaced = shifts.filter(({ userId, endsAt }) => userId === null && endsAt > now);
  const who = unplaced.map(({ userName: name, mail }) => ({ id: null, name, mail }));
  return [...new Map(who.map((each) => [`${each.name}|${each.mail}`, each])).values()];
}

// What is over needs no comparing: it leaves the calendar's days by itself.
function keysOf(shifts: readonly (facts.FeedShift | ShiftRow)[], now: Date): string {
  return shifts
    .filter((each) => each.endsAt > now)
    .map(({ userId, userName, mail, startsAt, endsAt }) =>
      JSON.stringify([startsAt, endsAt, userId, userName, mail]),
    )
    .sort()
    .join('\n');
}

/** What is stated where a calendar cannot be read. */
export async function feedGivenUp(
  tx: Tx,
  workspaceId: string,
  schedule: string,
  failure: { readonly method: string; readonly error: string },
  now: Date,
): Promise<readonly Stated[]> {
  const row = await scheduleNamed(tx, workspaceId, schedule);
  if (!row?.url) return [];
  const trouble = await troubleOf(tx, row);
  const setter = row.readAt === null ? trouble.setter : null;
  return refusalOf({ ...trouble, setter, error: failure.error }, now);
}

async function troubleOf(tx: Tx, row: ScheduleRow): Promise<Omit<FeedTrouble, 'error'>> {
  const last = await tx.shift.findFirst({
    where: { workspaceId: row.workspaceId, schedule: row.name },
    orderBy: { endsAt: 'desc' },
  });
  return {
    ...{ schedule: row.name, since: row.refusedAt, setter: await setterOf(tx, row) },
    ...{ loud: await saidAloud(tx, row), knownUntil: last?.endsAt ?? null },
  };
}

/** Whoever set the calendar last, and waits for it; null where a file did, which is no person. */
export async function setterOf(tx: Tx, row: ScheduleRow): Promise<{ id: string; name: string } | null> {
  const { workspaceId } = row;
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: facts.oncallStream, type: facts.scheduleSet.type },
    orderBy: { version: 'desc' },
  });
  const found = rows
    .map((each) => readFact(each))
    .find((each) => facts.scheduleSet.read(each).data.name === row.name);
  return found?.actor.kind === 'person' && isInSlack(found.actor.id)
    ? { id: found.actor.id, name: found.actor.name }
    : null;
}

// Few: one at the beginning, and one for each reason to say it aloud.
async function saidAloud(tx: Tx, row: ScheduleRow): Promise<Loud[]> {
  if (row.refusedAt === null) return [];
  const rows = await tx.fact.findMany({
    where: {
      workspaceId: row.workspaceId,
      stream: facts.oncallStream,
      type: facts.feedRefused.type,
      recordedAt: { gte: row.refusedAt },
    },
    orderBy: { version: 'asc' },
  });
  return rows
    .map((each) => facts.feedRefused.read(readFact(each)).data)
    .flatMap(({ schedule, loud }) => (schedule === row.name && loud !== null ? [loud] : []));
}

type MailEffect = Extract<EffectKind, { do: 'mail' }>;

/** What is stated when a server took a letter: nothing, unless somebody wanted to know. */
export function mailTaken({ to, tested }: MailEffect): Stated[] {
  return tested ? [facts.contactTested({ person: tested, mail: to, error: null }, about)] : [];
}

/** The same where it was given up. */
export function mailGivenUp(
  { to, tested }: MailEffect,
  { error, needed }: { readonly error: string; readonly needed: string | null },
): Stated[] {
  if (!tested) return [];
  const words = error === 'not_set_up' ? 'no mail server is set up' : error;
  const mend = needed ? `${words} (${needed})` : words;
  return [facts.contactTested({ person: tested, mail: to, error: mend }, about)];
}
