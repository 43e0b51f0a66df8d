// When a freeze is on: computed from the clock and never stored, so that no dead worker starts or keeps one. Pure.
import { z } from 'zod';
import { dayMs, isRealDate } from '../../core/time/zones.js';
import {
  dateOf,
  dayOf,
  lastDayOf,
  type Piece,
  piecesOf,
  plainRule,
  ruleHorizonDays,
  ruleProblem,
  zoneNamed,
} from './recur.js';

/** Half open: it begins at `from`, and at `until` it is over; null where no end is in sight. */
export interface Window {
  readonly from: Date;
  readonly until: Date | null;
}

const wallClock = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day is 00:00 to 23:59.' });
const yearMin = '2000';
const yearMax = '2200';
const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'A date is written 2026-12-20.' })
  .refine((text) => isRealDate(dateOf(text)) && text > yearMin && text < yearMax, {
    error: 'There is no such date.',
  });
const dayOfYear = z
  .string()
  .refine((text) => /^\d{2}-\d{2}$/.test(text) && isRealDate(dateOf(`2025-${text}`)), {
    error: 'A day of every year is written 01-02.',
  });
const zoneName = z
  .string()
  .refine((name) => zoneNamed(name) !== null, { error: 'Write an IANA time zone, such as Europe/Berlin.' })
  .transform((name) => zoneNamed(name) ?? name);

/** The longest window of a recurring freeze. */
export const windowDaysMax = 62;
/** How far ahead a transition is looked for: a freeze of every year comes round within it. */
export const horizonDays = 400;

const once = z
  .object({ type: z.literal('once'), startsAt: z.coerce.date(), endsAt: z.coerce.date() })
  .refine((it) => it.endsAt > it.startsAt, { error: 'It ends before it begins.' });

const recurring = z
  .object({
    type: z.literal('recurring'),
    /** Wall times are of this zone, whatever its clocks do. */
    zone: zoneName,
    /** RFC 5545, of whole days: on which dates it begins. */
    rule: z.string().transform((text, context) => {
      const problem = ruleProblem(text);
      if (problem === null) return plainRule(text);
      context.issues.push({ code: 'custom', input: text, message: problem });
      return z.NEVER;
    }),
    /** The first date on which it may begin. */
    from: localDate,
    /** The last one; without it, for ever. */
    until: localDate.nullish(),
    start: wallClock,
    /** So many days later, at this time; or, where there is a `date`, on that day of the year, which is not so far. */
    end: z.object({
      days: z.int().min(0).max(windowDaysMax),
      time: z.union([wallClock, z.literal('24:00')]),
      date: dayOfYear.optional(),
    }),
    /** Dates on which it does not begin. */
    skip: z.array(localDate).max(200).default([]),
  })
  .refine((it) => it.end.days > 0 || it.end.time > it.start, { error: 'It ends before it begins.' });

export const scheduleSchema = z.union([once, recurring]);
export type Schedule = z.infer<typeof scheduleSchema>;
export type Recurring = z.infer<typeof recurring>;

/** The window in which an instant lies; null when the schedule leaves it free. Windows that meet are one. */
export function windowAt(schedule: Schedule, at: Date): Window | null {
  const now = at.getTime();
  if (schedule.type === 'once') {
    const { startsAt: from, endsAt: until } = schedule;
    return from <= at && at < until ? { from, until } : null;
  }
  const run = runAt(schedule, now);
  if (!run) return null;
  const { until, over } = endOf(schedule, run.until, now + horizonDays * dayMs);
  keepRun(schedule, { from: run.from, until });
  return { from: new Date(run.from), until: over ? new Date(until) : null };
}

/** The first window that begins after an instant, within the horizon; null when none does. */
export function nextWindow(schedule: Schedule, after: Date, withinDays = horizonDays): Window | null {
  const now = after.getTime();
  const known = seenOf(schedule).next;
  if (known && known.after <= now && now < known.from) return windowAt(schedule, new Date(known.from));
  const current = windowAt(schedule, after);
  if (current?.until === null) return null;
  const since = (current?.until ?? after).getTime();
  const horizon = now + withinDays * dayMs;
  for (const [low, high] of steps(since, horizon)) {
    const found = touching(schedule, low, high).find((each) => each.from > since && each.from <= horizon);
    if (!found) continue;
    seenOf(schedule).next = { after: now, from: found.from };
    return windowAt(schedule, new Date(found.from));
  }
  return null;
}

/** The last window that began before an instant, within the horizon; it may last beyond it. */
export function windowBefore(schedule: Schedule, before: Date): Window | null {
  const now = before.getTime();
  for (const [low, high] of steps(-now, -now + horizonDays * dayMs)) {
    const found = touching(schedule, -high, -low)
      .filter((each) => each.from < now)
      .at(-1);
    if (found) return windowAt(schedule, new Date(found.from));
  }
  return null;
}

/** The windows that touch `[from, until)`, in order. */
export function windowsOf(schedule: Schedule, from: Date, until: Date): Window[] {
  const found: Window[] = [];
  let each = windowAt(schedule, from) ?? nextWindow(schedule, from);
  while (each && each.from < until) {
    found.push(each);
    each = each.until && each.until < until ? nextWindow(schedule, each.until) : null;
  }
  return found;
}

/** The window in which an instant lies, or the first after it, however far; null when none comes any more. */
export function firstWindow(schedule: Schedule, at: Date): Window | null {
  return windowAt(schedule, at) ?? nextWindow(schedule, at, ruleHorizonDays);
}

/** When its last window ends; null where it has no last one. Where it has none at all, it ends as it may first begin. */
export function lastEnd(schedule: Schedule): Date | null {
  if (schedule.type === 'once') return schedule.endsAt;
  const last = lastDayOf(schedule);
  if (last === null) return null;
  const first = dayOf(schedule.from);
  for (const [low, high] of steps(-last, -first, 1)) {
    const found = piecesOf(schedule, -high, -low);
    // All windows of a rule are of one length but for an hour, so the last to begin is the last to end.
    if (found.length > 0) return new Date(Math.max(...found.map((each) => each.until)));
  }
  return new Date(first * dayMs);
}

interface Run {
  readonly from: number;
  readonly until: number;
}

// What was found of a schedule, and follows from it alone: at most questions the same windows are asked for again.
interface Seen {
  runs: Run[];
  next: { readonly after: number; readonly from: number } | null;
}
const seen = new WeakMap<Schedule, Seen>();
const runsKept = 3;

function seenOf(schedule: Schedule): Seen {
  const known = seen.get(schedule) ?? { runs: [], next: null };
  seen.set(schedule, known);
  return known;
}

function keepRun(schedule: Schedule, run: Run): void {
  const known = seenOf(schedule);
  known.runs = [run, ...known.runs.filter((each) => each.from !== run.from)].slice(0, runsKept);
}

// Windows that meet one another around an instant: from the first of them, as far as was looked.
function runAt(schedule: Schedule, now: number): Run | null {
  const known = seenOf(schedule).runs.find((each) => each.from <= now && now < each.until);
  if (known) return known;
  const here = touching(schedule, now, now).filter((each) => each.from <= now && now < each.until);
  if (here.length === 0) return null;
  const from = startOf(schedule, Math.min(...here.map((each) => each.from)));
  return { from, until: Math.max(...here.map((each) => each.until)) };
}

// How far windows go on to meet one another, and whether that is all.
function endOf(
  schedule: Schedule,
  first: number,
  horizon: number,
): { readonly until: number; readonly over: boolean } {
  let until = first;
  for (const [low, high] of steps(first, horizon)) {
    for (const each of touching(schedule, low, high))
      if (each.from <= until && each.until > until) until = each.until;
    if (until < high) return { until, over: true };
  }
  return { until, over: false };
}

function startOf(schedule: Schedule, first: number): number {
  let from = first;
  let low = first;
  for (let step = dayMs; low >= from; step = Math.min(step * 2, stepMax)) {
    low = from - step;
    const earlier = touching(schedule, low, from).sort((a, b) => b.from - a.from);
    for (const each of earlier) if (each.until >= from && each.from < from) from = each.from;
    if (from > low) return from;
  }
  return from;
}

const stepMax = 64 * dayMs;

// From one number to another in growing steps: what is near costs little, and what is far is found.
function* steps(from: number, to: number, unit = dayMs): Generator<readonly [number, number]> {
  let low = from;
  for (let step = 2 * unit; low <= to; step = Math.min(step * 2, (stepMax / dayMs) * unit)) {
    yield [low, Math.min(low + step, to)];
    low += step;
  }
}

// The single windows of which some instant, or the end, lies between two others, by when they begin.
function touching(schedule: Schedule, low: number, high: number): Piece[] {
  if (schedule.type === 'once') {
    const [from, until] = [schedule.startsAt.getTime(), schedule.endsAt.getTime()];
    return from <= high && until >= low ? [{ day: 0, from, until }] : [];
  }
  // A date is at most a day off in any zone; one more where clocks change.
  const first = Math.floor(low / dayMs) - schedule.end.days - 2;
  const last = Math.floor(high / dayMs) + 2;
  return piecesOf(schedule, first, last).filter((each) => each.from <= high && each.until >= low);
}
