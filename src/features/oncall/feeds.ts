// Calendars: when they are read, and what is stated of what they say, or that they say nothing.
import { z } from 'zod';
import { accept, type Decision, defineCommand, internalVerb, refuse } from '../../core/command.js';
import type { EffectKind } from '../../core/effect.js';
import type { Stated } from '../../core/fact.js';
import { isInSlack, readFact } from '../../core/fact.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { about } from './decide.js';
import * as facts from './facts.js';
import { type ScheduleRow, type ShiftRow, scheduleNamed } from './read.js';
import { refusalOf } from './trouble.js';

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
  readonly known: readonly ShiftRow[];
  readonly loud: readonly ('often' | 'over')[];
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
    return { row, known, loud: row?.refusedAt ? await saidAloud(tx, row) : [] };
  },
  decide({ row, known, loud }, { schedule, url, shifts, problems }, ask) {
    if (row?.url !== url) return nothing();
    const same = keysOf(known, ask.now) === keysOf(shifts, ask.now);
    if (same && row.readAt !== null && row.refusedAt === null) return nothing();
    const said = { schedule, shifts: [...shifts], problems: [...problems], healed: loud.length > 0 };
    return accept([facts.feedRead(said, about)], message());
  },
});

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
  const last = await tx.shift.findFirst({
    where: { workspaceId, schedule: row.name },
    orderBy: { endsAt: 'desc' },
  });
  const trouble = {
    ...{ schedule: row.name, error: failure.error, since: row.refusedAt },
    setter: row.readAt === null ? await setterOf(tx, row) : null,
    ...{ loud: await saidAloud(tx, row), knownUntil: last?.endsAt ?? null },
  };
  return refusalOf(trouble, now);
}

// Whoever has just set it waits for it; a file is no person.
async function setterOf(tx: Tx, row: ScheduleRow): Promise<{ id: string; name: string } | null> {
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
async function saidAloud(tx: Tx, row: ScheduleRow): Promise<('often' | 'over')[]> {
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
