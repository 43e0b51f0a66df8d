// When a freeze is on: computed from the clock and never stored, so that no dead worker starts or keeps one. Pure.
import { RRuleTemporal } from 'rrule-temporal';
import { z } from 'zod';
import {
  addDays,
  type CalendarDate,
  canonicalZone,
  dateAt,
  dayMs,
  findZone,
  instantsAt,
  isRealDate,
  midnightUtc,
  minuteMs,
} from '../../core/time/zones.js';

/** Half open: it begins at `from`, and at `until` it is over. */
export interface Window {
  readonly from: Date;
  readonly until: Date;
}

const wallClock = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day is 00:00 to 23:59.' });
const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'A date is written 2026-12-20.' })
  .refine((text) => isRealDate(dateOf(text)), { error: 'There is no such date.' });
const zoneName = z
  .string()
  .refine((name) => canonicalZone(name) !== null, {
    error: 'Write an IANA time zone, such as Europe/Berlin.',
  })
  .transform((name) => canonicalZone(name) ?? name);

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
      const problem = problemOf(text);
      if (problem === null) return text.replace(/^RRULE:/i, '').toUpperCase();
      context.issues.push({ code: 'custom', input: text, message: problem });
      return z.NEVER;
    }),
    /** The first date on which it may begin. */
    from: localDate,
    start: wallClock,
    end: z.object({ days: z.int().min(0).max(windowDaysMax), time: wallClock }),
    /** Dates on which it does not begin. */
    skip: z.array(localDate).max(200).default([]),
  })
  .refine((it) => it.end.days > 0 || it.end.time > it.start, { error: 'It ends before it begins.' });

export const scheduleSchema = z.union([once, recurring]);
export type Schedule = z.infer<typeof scheduleSchema>;
export type Recurring = z.infer<typeof recurring>;

/** The windows that touch `[from, until)`, in order, those that overlap or adjoin as one. */
export function windowsOf(schedule: Schedule, from: Date, until: Date): Window[] {
  const all =
    schedule.type === 'once'
      ? [{ from: schedule.startsAt, until: schedule.endsAt }]
      : windowsOfRule(schedule, from, until);
  return joined(all.filter((each) => each.from < until && each.until > from));
}

/** The window in which an instant lies; null when the schedule leaves it free. */
export function windowAt(schedule: Schedule, at: Date): Window | null {
  const longest = schedule.type === 'once' ? 0 : schedule.end.days + 2;
  const until = new Date(at.getTime() + (longest + 1) * dayMs);
  const near = windowsOf(schedule, new Date(at.getTime() - 1), until);
  return near.find((each) => each.from <= at && at < each.until) ?? null;
}

/** When the next window begins after an instant, within the horizon; null when none does. */
export function nextWindow(schedule: Schedule, after: Date): Window | null {
  const until = new Date(after.getTime() + horizonDays * dayMs);
  return windowsOf(schedule, after, until).find((each) => each.from > after) ?? null;
}

function windowsOfRule(it: Recurring, from: Date, until: Date): Window[] {
  const zone = findZone(it.zone);
  // Refused where a freeze is made; a row that was damaged since is a fault, and the gate takes it for frozen.
  if (!zone) throw new Error(`no zone ${it.zone}`);
  const first = addDays(dateAt(from.getTime(), zone), -(it.end.days + 1));
  const last = addDays(dateAt(until.getTime(), zone), 1);
  return datesOf(it, first, last).flatMap((date) => {
    const start = instantsAt({ ...date, msOfDay: msOf(it.start) }, zone);
    const end = instantsAt({ ...addDays(date, it.end.days), msOfDay: msOf(it.end.time) }, zone);
    // Where the clock shows a time twice it begins at the first and ends at the second: frozen rather than not.
    const window = { from: new Date(start.instants[0] ?? 0), until: new Date(end.instants.at(-1) ?? 0) };
    return window.until > window.from ? [window] : [];
  });
}

// Dates alone, counted in UTC: no zone can change which they are.
function datesOf(it: Recurring, first: CalendarDate, last: CalendarDate): CalendarDate[] {
  const rule = new RRuleTemporal({ rruleString: ruleText(it.from, it.rule) });
  const skipped = new Set(it.skip);
  return rule
    .between(new Date(midnightUtc(first)), new Date(midnightUtc(last)), true)
    .map((at) => ({ year: at.year, month: at.month, day: at.day }))
    .filter((date) => !skipped.has(textOf(date)));
}

function joined(windows: readonly Window[]): Window[] {
  const sorted = [...windows].sort((a, b) => a.from.getTime() - b.from.getTime());
  const result: Window[] = [];
  for (const each of sorted) {
    const before = result.at(-1);
    if (before && each.from <= before.until)
      result[result.length - 1] = {
        from: before.from,
        until: each.until > before.until ? each.until : before.until,
      };
    else result.push(each);
  }
  return result;
}

const partsAllowed = new Set([
  'FREQ',
  'INTERVAL',
  'BYDAY',
  'BYMONTH',
  'BYMONTHDAY',
  'BYSETPOS',
  'COUNT',
  'UNTIL',
  'WKST',
]);
const ruleCharactersMax = 200;

// What is wrong with a rule, in words; null when nothing is.
function problemOf(text: string): string | null {
  const rule = text.replace(/^RRULE:/i, '').toUpperCase();
  if (rule.length > ruleCharactersMax) return 'That rule is too long.';
  const parts = rule.split(';').map((part) => part.split('=')[0] ?? '');
  const odd = parts.find((part) => !partsAllowed.has(part));
  if (odd !== undefined)
    return `“${odd.slice(0, 40)}” cannot stand in the rule of a freeze: it says days, such as FREQ=WEEKLY;BYDAY=FR; the times stand apart.`;
  if (!/(?:^|;)FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$)/.test(rule))
    return 'The rule needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.';
  try {
    new RRuleTemporal({ rruleString: ruleText('2026-01-01', rule), maxIterations: 2_000 }).all(
      (_, i) => i < 1,
    );
    return null;
  } catch (error) {
    return `The rule cannot be read: ${String(error instanceof Error ? error.message : error).slice(0, 100)}`;
  }
}

function ruleText(from: string, rule: string): string {
  return `DTSTART;TZID=UTC:${from.replaceAll('-', '')}T000000\nRRULE:${rule}`;
}

function dateOf(text: string): CalendarDate {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { year, month, day };
}

function textOf({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * minuteMs;
}
