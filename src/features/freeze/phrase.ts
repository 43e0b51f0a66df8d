// A recurring freeze as people say it: `every weekday 18:00 to 08:00`, `Friday 16:00 to Monday 08:00`, `20 Dec to 2 Jan`. Pure.
import { addDays, type CalendarDate, daysBetween, daysInMonth } from '../../core/time/zones.js';
import { clockOf, dayOf, daysOf, monthOf, ordinalOf, weekdays } from './phrase-parts.js';
import { plainRule, ruleProblem, textOf } from './recur.js';
import { type Recurring, windowDaysMax } from './schedule.js';

export { phraseOf } from './phrase-words.js';

/** What was understood, or what to write instead. */
export type PhraseRead =
  | { readonly ok: true; readonly schedule: Recurring }
  | { readonly ok: false; readonly reason: string };

const howToWrite =
  'Write it like “weekday 18:00 to 08:00”, “Friday 16:00 to Monday 08:00”, “20 Dec to 2 Jan”, or a rule of RFC 5545 with times: “FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 16:00 to 18:00”.';
const phraseCharactersMax = 300;

type Part = Pick<Recurring, 'rule' | 'start' | 'end'>;
type Reading = Part | { readonly reason: string } | null;

/** Reads a phrase; its times are wall times of `zone`, and it is on from `today` on. Never throws. */
export function readPhrase(text: string, zone: string, today: CalendarDate): PhraseRead {
  if (text.length > phraseCharactersMax) return { ok: false, reason: `That is too long. ${howToWrite}` };
  const words = plain(text);
  const read = wrongFor(words) ?? readWords(words);
  if (read === null) return { ok: false, reason: `“${text.trim()}” does not say when. ${howToWrite}` };
  if ('reason' in read) return { ok: false, reason: read.reason };
  if (read.end.days > windowDaysMax)
    return {
      ok: false,
      reason: `That would last ${read.end.days} days; a freeze that comes again lasts ${windowDaysMax} at most.`,
    };
  // What began before today may still be on. A rule that counts, or leaves weeks out, counts from the day it was made.
  const counted = /(?:^|;)(?:COUNT|INTERVAL)=/.test(read.rule);
  const from = counted ? today : addDays(today, -read.end.days - 1);
  return { ok: true, schedule: { type: 'recurring', zone, from: textOf(from), skip: [], ...read } };
}

function readWords(words: string): Reading {
  return readRule(words) ?? readDays(words) ?? readSpan(words) ?? readYearly(words);
}

// One spelling for what people and their keyboards make of it: `Fri 4pm – Mon 8am`.
function plain(text: string): string {
  return text
    .replace(/["“”]/g, '')
    .replace(/\s*[–—]\s*/g, ' to ')
    .replace(/(?<![=;,\w])-(?!\w)|(?<=[\d\w])-(?=\d{1,2}[:.apm])|\s-\s/g, ' to ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:every|each)\s+(?=\S)/i, '')
    .replace(/^(?:year|month|week)\s+(?=\S)/i, '')
    .replace(/^(?:from|on|the)\s+(?=\S)/i, '')
    .replace(/\s(?:until|till|through)\s/gi, ' to ');
}

// What looks right and may mean two things, or is no rule.
function wrongFor(words: string): { readonly reason: string } | null {
  const zone = /\s(?:UTC|GMT|[A-Z][a-z]+\/[\w/]+)$/.exec(words);
  if (zone) return { reason: `The zone stands apart: zone:${zone[0].trim()}.` };
  if (/\b20\d\d\b/.test(words) && !/^(?:RRULE:)?FREQ=/i.test(words))
    return {
      reason: 'A rule has no year: for once write from: and until:, and for a last day of the rule until:.',
    };
  const last = / to .* to (\d.*|[a-z]+ \d+)$/i.exec(words);
  if (last && readWords(words) === null && readWords(words.slice(0, words.lastIndexOf(' to '))))
    return { reason: `The last day of a rule stands apart: until:"${last[1]}".` };
  const bare = /^(\S+(?: ?[ap]m)?) to (\S+(?: ?[ap]m)?)$/i.exec(words);
  if (bare && clockOf(bare[1] ?? '') !== null && clockOf(bare[2] ?? '', 'end') !== null)
    return { reason: `On which days? “every day ${words}”, for instance.` };
  const odd = /^(?:other|second|third|fourth|2nd|3rd|4th) ([a-z]+)(?! of)\b/i.exec(words);
  if (odd && !/ of (?:the|every|each) month/i.test(words) && dayOf(odd[1] ?? '') !== null)
    return {
      reason: `“every ${words.split(' ').slice(0, 2).join(' ')}” may mean every few weeks, or a week of the month. Write “FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 16:00 to 18:00”, or “second Friday of the month 16:00 to 18:00”.`,
    };
  return null;
}

// `weekday 18:00 to 08:00`, `Mon, Wed and Fri 9am to 5pm`, `Mon to Fri 09:00 to 17:00`, `weekends`.
function readDays(words: string): Reading {
  const timed = /^(.+?) (\S+(?: ?[ap]\.?m\.?)?) to (\S+(?: ?[ap]\.?m\.?)?)$/i.exec(words);
  const days = daysOf(timed?.[1] ?? words);
  if (!timed) return days === null ? null : (bareSpan(words) ?? wholeDays(days, words));
  const monthly = ordinalOf(timed[1] ?? '');
  if (days === null && monthly === null) return null;
  const [start, end] = [clockOf(timed[2] ?? ''), clockOf(timed[3] ?? '', 'end')];
  if (start === null || end === null) return noTime(start === null ? timed[2] : timed[3]);
  const rule =
    monthly === null ? weekly(days ?? []) : `FREQ=MONTHLY;BYDAY=${monthly.place}${weekdays[monthly.day]}`;
  return { rule, start, end: { days: end > start ? 0 : 1, time: end } };
}

function weekly(days: readonly number[]): string {
  return days.length === 7 ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${days.map((day) => weekdays[day]).join(',')}`;
}

function wholeDays(days: readonly number[], words: string): Reading {
  if (days.length === 7)
    return {
      reason: `“${words}” is always. Say the times, or “every day 00:00 to 24:00” with until: its last day, where it is meant.`,
    };
  return { rule: weekly(days), start: '00:00', end: { days: 0, time: '24:00' } };
}

// `Friday 16:00 to Monday 08:00`, `last Friday 16:00 to Monday 08:00`.
function readSpan(words: string): Reading {
  const found = /^(.+?) (\S+(?: ?[ap]\.?m\.?)?) to ([a-z]+) (\S+(?: ?[ap]\.?m\.?)?)$/i.exec(words);
  const monthly = ordinalOf(found?.[1] ?? '');
  const [from, to] = [monthly?.day ?? dayOf(found?.[1] ?? ''), dayOf(found?.[3] ?? '')];
  if (!found || from === null || to === null) return bareSpan(words);
  const [start, end] = [clockOf(found[2] ?? ''), clockOf(found[4] ?? '', 'end')];
  if (start === null || end === null) return noTime(start === null ? found[2] : found[4]);
  const days = (to - from + 7) % 7 || (end > start ? 0 : 7);
  const rule = monthly ? `FREQ=MONTHLY;BYDAY=${monthly.place}${weekdays[from]}` : weekly([from]);
  return { rule, start, end: { days, time: end } };
}

// `Friday to Monday`: with Monday, or until it?
function bareSpan(words: string): Reading {
  const [from = '', to = '', ...more] = words.split(/ to |-/);
  if (more.length > 0 || dayOf(from) === null || dayOf(to) === null) return null;
  return { reason: `Say the times too: “${from} 00:00 to ${to} 24:00”, for instance.` };
}

const dayOfMonth = String.raw`(?:the )?(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? ([a-z]+)\.?`;
const monthFirst = String.raw`([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?`;
const side = new RegExp(`^(?:${dayOfMonth}|${monthFirst})(?:,? (?:at )?(.+))?$`, 'i');

// `20 Dec to 2 Jan`, `20 Dec 18:00 to 2 Jan 08:00`. Without a time a day is meant whole, the last one too.
function readYearly(words: string): Reading {
  const [left = '', right = '', ...more] = words.split(' to ');
  const [from, to] = [sideOf(left), sideOf(right === '' ? left : right)];
  if (more.length > 0 || from === null || to === null) return null;
  const wrong = [from, to].find((each) => each.day < 1 || each.day > daysInMonth(2025, each.month));
  if (wrong?.month === 2 && wrong.day === 29)
    return { reason: '29 February is not in every year: take 28 February or 1 March.' };
  if (wrong) return { reason: 'There is no such day of the month.' };
  const start = from.clock === null ? '00:00' : clockOf(from.clock);
  const end = to.clock === null ? '24:00' : clockOf(to.clock, 'end');
  if (start === null || end === null) return noTime(start === null ? from.clock : to.clock);
  const wraps =
    to.month < from.month ||
    (to.month === from.month && (to.day < from.day || (to.day === from.day && end <= start)));
  // As long as it can be: with 29 February in between.
  const days = daysBetween({ ...from, year: wraps ? 2027 : 2028 }, { ...to, year: 2028 });
  const rule = `FREQ=YEARLY;BYMONTH=${from.month};BYMONTHDAY=${from.day}`;
  return { rule, start, end: { days, time: end, date: `${two(to.month)}-${two(to.day)}` } };
}

function sideOf(words: string): { month: number; day: number; clock: string | null } | null {
  const found = side.exec(words.trim());
  const month = monthOf(found?.[2] ?? found?.[3] ?? '');
  if (!found || month === null) return null;
  return { month, day: Number(found[1] ?? found[4]), clock: found[5] ?? null };
}

// `FREQ=MONTHLY;BYDAY=1FR 16:00 to 18:00`, `… 16:00 to +2d 08:00`.
function readRule(words: string): Reading {
  const found =
    /^((?:RRULE:)?FREQ=\S+) (\S+(?: ?[ap]\.?m\.?)?) to (?:\+(\d{1,2})d )?(\S+(?: ?[ap]\.?m\.?)?)$/i.exec(
      words,
    );
  if (!found) {
    if (!/^(?:RRULE:)?FREQ=/i.test(words)) return null;
    return { reason: `Behind the rule stand its times: “${words.split(' ')[0]} 16:00 to 18:00”.` };
  }
  const [start, end] = [clockOf(found[2] ?? ''), clockOf(found[4] ?? '', 'end')];
  if (start === null || end === null) return noTime(start === null ? found[2] : found[4]);
  const days = found[3] === undefined ? (end > start ? 0 : 1) : Number(found[3]);
  if (days === 0 && end <= start) return { reason: 'It ends before it begins.' };
  const problem = ruleProblem(found[1] ?? '');
  return problem === null
    ? { rule: plainRule(found[1] ?? ''), start, end: { days, time: end } }
    : { reason: problem };
}

function noTime(word: string | null | undefined): { readonly reason: string } {
  return { reason: `“${word ?? ''}” is no time of day. Write 00:00 to 24:00, or 6pm. ${howToWrite}` };
}

const two = (number: number) => String(number).padStart(2, '0');
