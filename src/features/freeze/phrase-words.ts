// A schedule in the words that would make it again: `every weekday 18:00 to 08:00 (Europe/Berlin)`. Pure.
import { monthNames } from '../../core/time/zones.js';
import { weekdayNames, weekdays } from './phrase-parts.js';
import { dateOf } from './recur.js';
import type { Recurring, Schedule } from './schedule.js';

const names: readonly string[] = weekdays;

/** When a freeze is on, for everybody: with its zone, or in UTC. */
export function phraseOf(schedule: Schedule): string {
  if (schedule.type === 'once') return `${utc(schedule.startsAt)} to ${utc(schedule.endsAt)} UTC`;
  const last = schedule.until ? `, until ${dateWords(schedule.until)}` : '';
  const skipped = schedule.skip.length > 0 ? `, but not on ${schedule.skip.map(dateWords).join(', ')}` : '';
  return `${rulePhrase(schedule)} (${schedule.zone})${last}${skipped}`;
}

/** The rule and its times alone, as `readPhrase` takes them. */
export function rulePhrase(it: Recurring): string {
  return (it.end.date ? yearly(it, it.end.date) : null) ?? weekly(it) ?? monthly(it) ?? raw(it);
}

function yearly(it: Recurring, until: string): string | null {
  const found = /^FREQ=YEARLY;BYMONTH=(\d+);BYMONTHDAY=(\d+)$/.exec(it.rule);
  const [month, day] = until.split('-').map(Number);
  if (!found) return null;
  const start = it.start === '00:00' ? '' : ` ${it.start}`;
  const end = it.end.time === '24:00' ? '' : ` ${it.end.time}`;
  return `every year ${found[2]} ${monthName(Number(found[1]))}${start} to ${day} ${monthName(month)}${end}`;
}

function weekly(it: Recurring): string | null {
  const found = /^FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,[A-Z]{2})*)$/.exec(it.rule);
  const days = it.rule === 'FREQ=DAILY' ? [...weekdays.keys()] : daysIn(found?.[1]);
  if (days === null) return null;
  const whole = it.start === '00:00' && it.end.time === '24:00' && it.end.days === 0;
  if (isNatural(it)) return `every ${dayWords(days)}${whole && days.length < 7 ? '' : ` ${times(it)}`}`;
  const [day, ...more] = days;
  if (day === undefined || more.length > 0) return null;
  return `every ${spanWords(weekdayNames[day] ?? '', day, it)}`;
}

function monthly(it: Recurring): string | null {
  const found = /^FREQ=MONTHLY;BYDAY=(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.exec(it.rule);
  const day = names.indexOf(found?.[2] ?? '');
  if (!found) return null;
  const which = { '1': 'first', '2': 'second', '3': 'third', '4': 'fourth', '-1': 'last' }[found[1] ?? ''];
  const what = `${which} ${weekdayNames[day]} of the month`;
  return `every ${isNatural(it) ? `${what} ${times(it)}` : spanWords(what, day, it)}`;
}

function raw(it: Recurring): string {
  return `${it.rule} ${it.start} to ${isNatural(it) ? '' : `+${it.end.days}d `}${it.end.time}`;
}

// It ends the first time that the clock shows its end.
function isNatural({ start, end }: Recurring): boolean {
  return end.days === (end.time > start ? 0 : 1);
}

function times({ start, end }: Recurring): string {
  return `${start} to ${end.time}`;
}

function spanWords(what: string, day: number, { rule, start, end }: Recurring): string {
  // More than a week cannot be said by the name of a day.
  if (end.days > 7 || (end.days === 7 && end.time > start))
    return `${rule} ${start} to +${end.days}d ${end.time}`;
  return `${what} ${start} to ${weekdayNames[(day + end.days) % 7]} ${end.time}`;
}

function daysIn(list: string | undefined): number[] | null {
  const days = list?.split(',').map((each) => names.indexOf(each));
  return days && !days.includes(-1) ? days.sort((a, b) => a - b) : null;
}

function dayWords(days: readonly number[]): string {
  const key = days.join('');
  if (key === '0123456') return 'day';
  if (key === '01234') return 'weekday';
  if (key === '56') return 'weekend';
  const named = days.map((day) => weekdayNames[day] ?? '');
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

function monthName(month: number | undefined): string {
  return monthNames[(month ?? 1) - 1]?.slice(0, 3) ?? '';
}

function dateWords(text: string): string {
  const { year, month, day } = dateOf(text);
  return `${day} ${monthName(month)} ${year}`;
}

function utc(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
