// A freeze's row as it is judged: what of it cannot be read, or says one thing here and another there, freezes everything, hard. Pure.
import type { z } from 'zod';
import { type Memo, memo } from '../../core/memo.js';
import { dayMs, hourMs } from '../../core/time/zones.js';
import { dayOf } from './recur.js';
import { firstWindow, lastEnd, type Recurring, type Schedule, scheduleSchema } from './schedule.js';
import { type Scope, scopeSchema } from './scope.js';
import { type FreezeMode, freezeModes, never } from './words.js';

/** A freeze as it is judged. What of its row cannot be read freezes everything, hard: bad data never means “go”. */
export interface Frozen {
  readonly id: string;
  readonly number: number;
  readonly mode: FreezeMode;
  readonly reason: string;
  readonly owner: { readonly id: string; readonly name: string };
  readonly madeAt: Date;
  readonly scope: Scope;
  /** Null where it cannot be read, or its row says other times: then it is on from `startsAt` to `overAt`. */
  readonly schedule: Schedule | null;
  readonly startsAt: Date;
  readonly overAt: Date;
  readonly liftedAt: Date | null;
  readonly incidentId: string | null;
  readonly drill: boolean;
  readonly damaged: boolean;
}

/** The row of a freeze, as far as it is judged. */
export interface FreezeRow {
  readonly id: string;
  readonly number: number;
  readonly mode: string;
  readonly reason: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly madeAt: Date;
  readonly scope: unknown;
  readonly schedule: unknown;
  readonly startsAt: Date;
  readonly overAt: Date;
  readonly liftedAt: Date | null;
  readonly incidentId: string | null;
  readonly drill: boolean;
}

const everything: Scope = {
  include: [{ services: [], environments: [], clusters: [], tiers: [] }],
  exclude: [],
};

/** Reads a row; see `Frozen` for what becomes of one that was damaged. */
export function readFrozen(row: FreezeRow): Frozen {
  const scope = readAs(scopes, scopeSchema, row.scope);
  const schedule = readAs(schedules, scheduleSchema, row.schedule);
  const mode = freezeModes.find((each) => each === row.mode);
  const times = timesOf(row, schedule);
  // Only a cord is ever a drill's.
  const drill = row.drill && row.incidentId !== null;
  const isWhole = times.agree && isInstant(row.madeAt) && drill === row.drill;
  const damaged = scope === null || schedule === null || mode === undefined || !isWhole;
  const { id, number, reason, incidentId } = row;
  const { startsAt, overAt, liftedAt } = times;
  return {
    ...{ id, number, reason, startsAt, overAt, liftedAt, incidentId, drill },
    madeAt: isInstant(row.madeAt) ? row.madeAt : startsAt,
    owner: { id: row.ownerId, name: row.ownerName },
    // Of a row that was damaged nobody knows what else is wrong with it.
    mode: damaged || mode === undefined ? 'hard' : mode,
    scope: damaged || scope === null ? everything : scope,
    schedule: times.agree ? schedule : null,
    damaged,
  };
}

// Every question of the gate reads all rows that are not over, and reading takes longer than judging them.
const rowsKept = 512;
const textMax = 8_000;
const scopes = memo<Scope | null>(rowsKept);
const schedules = memo<Schedule | null>(rowsKept);

function readAs<T>(kept: Memo<T | null>, schema: z.ZodType<T>, value: unknown): T | null {
  const read = () => schema.safeParse(value).data ?? null;
  const text = JSON.stringify(value) ?? '';
  return text.length > textMax ? read() : kept.of(text, read);
}

interface Times {
  readonly startsAt: Date;
  readonly overAt: Date;
  readonly liftedAt: Date | null;
  /** Whether the row and its schedule say the same. */
  readonly agree: boolean;
}

// Row and schedule say the times twice, and an end before its time says that it was lifted. Where they do not agree it
// is on from the earliest of what is said to the latest, and without an end where none can be read.
function timesOf(row: FreezeRow, schedule: Schedule | null): Times {
  const isLifted = isInstant(row.liftedAt) && row.liftedAt.getTime() === row.overAt.getTime();
  const limits = schedule && limitsOf(schedule);
  const { startsAt, overAt } = row;
  const agree =
    isInstant(startsAt) &&
    isInstant(overAt) &&
    (isLifted || (row.liftedAt === null && overAt > startsAt)) &&
    (schedule === null || limits?.fit(startsAt, isLifted ? null : overAt) === true);
  const liftedAt = isLifted ? row.liftedAt : null;
  if (agree) return { startsAt, overAt, liftedAt, agree };
  const starts = [startsAt, limits?.from].filter(isInstant);
  const first = earliest(starts) ?? (isInstant(row.madeAt) ? row.madeAt : new Date(0));
  const ends = [overAt, limits?.until].filter(isInstant).filter((end) => end > first);
  const last = ends.reduce<Date | null>((latest, each) => (latest && latest > each ? latest : each), null);
  return { startsAt: first, overAt: isLifted ? overAt : (last ?? never), liftedAt, agree };
}

function isInstant(value: Date | null | undefined): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function earliest(all: readonly Date[]): Date | null {
  return all.reduce<Date | null>((first, each) => (first && first < each ? first : each), null);
}

/** What a schedule says of the times of its row. */
interface Limits {
  readonly from: Date;
  readonly until: Date;
  /** Whether a row with these times may be its; without an end, of one that was lifted. */
  fit(startsAt: Date, overAt: Date | null): boolean;
}

const seen = new WeakMap<Schedule, Limits | null>();

function limitsOf(schedule: Schedule): Limits | null {
  let found = seen.get(schedule);
  if (found !== undefined) return found;
  try {
    found = schedule.type === 'once' ? limitsOfOnce(schedule) : limitsOfRule(schedule);
  } catch {
    // A rule that cannot be followed.
    found = null;
  }
  seen.set(schedule, found);
  return found;
}

function limitsOfOnce({ startsAt: from, endsAt: until }: Extract<Schedule, { type: 'once' }>): Limits {
  const fit = (startsAt: Date, overAt: Date | null) =>
    startsAt.getTime() === from.getTime() && (overAt === null || overAt.getTime() === until.getTime());
  return { from, until, fit };
}

/** A government may have moved a clock since the row was written. */
const clockMovedMs = 3 * hourMs;

// A rule is made with a first date that lies so far before it that a window under way is found, and so with a first
// window that nobody who made it could miss: a row that begins after that one says something else.
function limitsOfRule(schedule: Recurring): Limits {
  const since = (days: number) => new Date((dayOf(schedule.from) + days) * dayMs);
  const until = lastEnd(schedule) ?? never;
  const missed = firstWindow(schedule, since(schedule.end.days + 4));
  const fit = (startsAt: Date, overAt: Date | null) =>
    (missed?.until == null || startsAt < missed.until) &&
    (overAt === null || Math.abs(overAt.getTime() - until.getTime()) <= clockMovedMs);
  return { from: firstWindow(schedule, since(-1))?.from ?? since(-1), until, fit };
}
