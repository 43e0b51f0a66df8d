// Reading one moment: its time of day, date, zone and marks of doubt, in any order.
import { type Clock, scanClock } from './clock.js';
import { atBoundary, atBreak, attempt, type Cursor, peek, take } from './cursor.js';
import { type DateWords, scanDate } from './date.js';
import { aboutWords, scanInstant, scanRelative } from './instant.js';
import { scanZone, type ZoneWords } from './read-zone.js';

export type DayPart = 'morning' | 'afternoon' | 'evening' | 'night';

/** What the words of one moment say, before any calendar or zone is asked. */
export interface Draft {
  clock: Clock | null;
  date: DateWords | null;
  zone: ZoneWords | null;
  dayPart: DayPart | null;
  /** An instant said outright: an epoch, a Slack date, or how long ago. */
  instant: { at: number } | { sinceNow: number } | null;
  approximate: boolean;
  /** `TBC` in place of the time of day. */
  unknown: boolean;
  /** The date stands after the time of day, so in a range it speaks for both ends. */
  dateLast: boolean;
  remark: string | null;
}

export interface MomentHints {
  /** The end of a range whose start was written `11.50`. */
  dotted: boolean;
}

const leadWords = /(?:at|@|time:?)\s{0,2}(?=\S)/iy;
const unknownWords =
  /[?x]{2}:[?x]{2}(?!\w)|(?:(?:exact )?(?:time|date)(?: is| still)?[ :]{1,2})?(?:tb[cda]|to be confirmed|unknown|not known|unclear|unsure|\?{1,3}(?![\w:])|n\/a|na|none)(?:[ :](?:time|date))?(?![\w/])/iy;
/** In running text these belong to the sentence: `before 10:42 all was well`. */
const limitWords = /(?:some\s?time\s)?(?:by|before|after)\s+(?=\S)/iy;
/** `UTC+1 10:00`, `PST 10:00`, `[UTC] 10:00`. */
const zoneBeforeClock =
  /(?:(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[A-Z]{2,5})[)\]]?:?\s{1,2}~?\d{1,2}(?:[:.h]\d{2}|\s?[ap]\.?m)(?!\w|[.:]\d{3})/y;
const partsMax = 12;

/** The moment here: the longest that the words allow, or null when they begin with none. The cursor is left behind it. */
export function scanMoment(cursor: Cursor, hints: MomentHints): Draft | null {
  const draft: Draft = {
    clock: null,
    date: null,
    zone: null,
    dayPart: null,
    instant: null,
    approximate: false,
    unknown: false,
    dateLast: false,
    remark: null,
  };
  const start = cursor.at;
  const relative = scanRelative(cursor);
  draft.instant = relative ?? attempt(cursor, scanInstant);
  if (relative) Object.assign(draft, { approximate: relative.approximate, remark: relative.remark });
  if (draft.instant) {
    if (take(cursor, /\s?-?ish(?!\w)|\sor so(?!\w)/iy)) draft.approximate = true;
    return draft;
  }
  let end = start;
  for (let parts = 0; parts < partsMax && scanPart(cursor, draft, hints); parts += 1) {
    if (draft.clock || draft.unknown || !cursor.leading) end = cursor.at;
  }
  cursor.at = end;
  if (end === start) return null;
  return draft.clock || draft.unknown || draft.date ? draft : null;
}

/** Takes one more part that is not there yet; false when none follows. */
function scanPart(cursor: Cursor, draft: Draft, hints: MomentHints): boolean {
  const start = cursor.at;
  const begun = draft.clock !== null || draft.date !== null || draft.zone !== null || draft.unknown;
  const dashed =
    draft.date && !draft.clock
      ? /,?\s{0,3}(?:[-:|]\s(?=tb[cda]|time |unknown|~?\d{1,2}(?:[:.h]\d{2}|\s?[ap]\.?m)))?/iy
      : /,?\s{0,3}/y;
  const gap = take(cursor, begun ? dashed : /\s{0,3}/y)?.[0] ?? '';
  const open = take(cursor, /[([]\s?/y);
  const found =
    scanClockPart(cursor, draft, hints) ||
    scanZonePart(cursor, draft, gap) ||
    scanDatePart(cursor, draft, gap, open !== null) ||
    scanMarkPart(cursor, draft);
  const closed = open === null || take(cursor, open[0].startsWith('(') ? /\s?\)/y : /\s?\]/y) !== null;
  if (found && closed) return true;
  cursor.at = start;
  return false;
}

function scanClockPart(cursor: Cursor, draft: Draft, hints: MomentHints): boolean {
  if (draft.clock || draft.unknown) return false;
  const before = cursor.at;
  const unknown = scanUnknown(cursor, draft.date !== null);
  if (unknown) {
    draft.unknown = true;
    return true;
  }
  const lead = take(cursor, leadWords) !== null;
  const about = take(cursor, aboutWords) !== null || (!cursor.leading && take(cursor, limitWords) !== null);
  const later = about && !lead && take(cursor, leadWords) !== null;
  const clock = scanClock(cursor, {
    hasDate: draft.date !== null,
    hasLead: lead || about || later || draft.approximate,
    dotted: hints.dotted,
  });
  if (!clock || !endsWell(cursor, draft, clock)) {
    cursor.at = before;
    return false;
  }
  draft.clock = clock;
  draft.approximate ||= about || clock.approximate;
  draft.remark = clock.remark;
  return true;
}

/** A letter right after the figures is a zone (`10:42UTC`) or the whole was no time (`10:42nd`). */
function endsWell(cursor: Cursor, draft: Draft, clock: Clock): boolean {
  if (peek(cursor, /[\p{L}]/uy)) {
    const zone = attempt(cursor, (at) =>
      scanZone(at, { hasDate: draft.date !== null, hasSeconds: clock.hasSeconds }),
    );
    if (zone) draft.zone = zone;
    return zone !== null;
  }
  return (
    peek(cursor, /(?![\p{L}\p{N}_%$]|'\p{L}|[/\\]\p{L}|[.:]\p{N}|[-.]\p{Ll})/uy) !== null ||
    peek(cursor, /\/P/y) !== null
  );
}

function scanUnknown(cursor: Cursor, afterDate: boolean): boolean {
  const match = take(cursor, unknownWords);
  if (!match) return false;
  const spoken = /^(?:exact|time|date)|^[?x]{2}:/i.test(match[0]);
  const surely =
    !cursor.leading || spoken || (atBreak(cursor) && !/^(?:unknown|none|na|un|not)/i.test(match[0]));
  if (surely && (atBoundary(cursor) || atBreak(cursor))) return true;
  if (afterDate && !cursor.leading) return true;
  cursor.at = match.index;
  return false;
}

function scanZonePart(cursor: Cursor, draft: Draft, gap: string): boolean {
  if (draft.zone || gap.includes('-')) return false;
  // In running text a zone stands after the time of day, or directly before it.
  if (!draft.clock && cursor.leading && !peek(cursor, zoneBeforeClock)) return false;
  const zone = attempt(cursor, (at) =>
    scanZone(at, {
      hasDate: draft.date !== null,
      hasSeconds: draft.clock?.hasSeconds ?? false,
      hasMeridiem: Boolean(draft.clock?.meridiem),
      hasComma: gap.includes(','),
    }),
  );
  if (!zone) return false;
  draft.zone = zone;
  return true;
}

function scanDatePart(cursor: Cursor, draft: Draft, gap: string, open: boolean): boolean {
  if (draft.date) return scanLateYear(cursor, draft) || scanDayPart(cursor, draft);
  if (scanDayPart(cursor, draft)) return true;
  const start = cursor.at;
  const on = take(cursor, /on\s+(?=\S)/iy) !== null;
  const date = scanDate(cursor);
  if (date && (!draft.clock || on || open || gap.includes(',') || isSurelyDate(cursor, date))) {
    draft.date = date;
    draft.dateLast = draft.clock !== null;
    return true;
  }
  cursor.at = start;
  return false;
}

/** After the time, `May 5 nodes` and `Sat is slow` are text; `14:00 Monday:` and `12:55 March 30` are dates. */
function isSurelyDate(cursor: Cursor, date: DateWords): boolean {
  if (!cursor.leading || atBreak(cursor) || /\d{4}/.test(date.written)) return true;
  if (/^(?:yesterday|today|tomorrow)$/i.test(date.written)) return true;
  return (
    date.phrase !== '' &&
    /\d/.test(date.written) &&
    /^\p{Lu}|\s\p{Lu}/u.test(date.written) &&
    !/may/i.test(date.written)
  );
}

/** `Mon Mar 30 12:55:00 UTC 2026`: the year comes last, as in the output of `date`. */
function scanLateYear(cursor: Cursor, draft: Draft): boolean {
  if (!draft.clock?.hasSeconds || !draft.date?.phrase || /\d{4}/.test(draft.date.written)) return false;
  const year = take(cursor, /(?:19|20)\d{2}(?![\d:.])/y)?.[0];
  if (!year) return false;
  draft.date = {
    ...draft.date,
    phrase: `${draft.date.phrase} ${year}`,
    written: `${draft.date.written} ${year}`,
  };
  return true;
}

/** `this morning`, `last night`, and after a date `evening`: a hint at am or pm, sometimes at the day. */
function scanDayPart(cursor: Cursor, draft: Draft): boolean {
  if (draft.dayPart) return false;
  const match = draft.date
    ? take(cursor, /(?:in the\s)?(morning|afternoon|evening|night)(?!\w)/iy)
    : take(
        cursor,
        /(?:this|in the|last|at|(?:the\s)?(?:next|following))\s(morning|afternoon|evening|night)(?!\w)|tonight(?!\w)/iy,
      );
  if (!match || !atBoundary(cursor)) {
    if (match) cursor.at = match.index;
    return false;
  }
  const words = match[0].toLowerCase();
  draft.dayPart = words === 'tonight' ? 'night' : ((match[1]?.toLowerCase() ?? 'night') as DayPart);
  if (/^(?:this|last|tonight|the|next|following)/.test(words)) {
    const phrase = words.startsWith('last')
      ? 'yesterday'
      : /next|following/.test(words)
        ? 'next day'
        : 'today';
    draft.date = { written: match[0], choices: [], phrase, fault: null };
    draft.dateLast = draft.clock !== null;
  }
  return true;
}

/** `approx`, `or so`, `?`, `(TBC)` behind the time, `about` before the date. */
function scanMarkPart(cursor: Cursor, draft: Draft): boolean {
  if (draft.approximate) return false;
  const mark = draft.clock
    ? /(?:approx(?:\.|imately)?|est(?:\.|imated)(?=\s?[)\]])|or so|\?|~|tb[cd](?=\s?[)\]]|$)|to be confirmed)(?!\w)/iy
    : aboutWords;
  if (!take(cursor, mark)) return false;
  draft.approximate = true;
  return true;
}
