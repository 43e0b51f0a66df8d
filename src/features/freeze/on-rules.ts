// The rules of making a freeze: what it covers, from when to when, and what had better be asked first. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { type Message, say, shorten } from '../../core/message.js';
import { distance } from '../../core/surface.js';
import { oneLine } from '../../core/text.js';
import { readTime, type WrittenTime } from '../../core/time/index.js';
import {
  type CalendarDate,
  canonicalZone,
  dateAt,
  dayMs,
  findZone,
  minuteMs,
} from '../../core/time/zones.js';
import { type Freezing, freezeFacts, type OnInput, type TimesRead } from './making.js';
import type { Frozen } from './phase.js';
import { readPhrase } from './phrase.js';
import { type KnownNames, type ScopeRead, scopeOf } from './places.js';
import { askFirst, onReply } from './replies.js';
import { lastEnd, nextWindow, type Recurring, type Schedule, windowAt } from './schedule.js';
import { isEverything } from './scope.js';
import { whenWords } from './when-words.js';
import { never, onceMaxMs, usualLengthMs } from './words.js';

/** A second freeze like the first within this time is probably the same one, sent twice. */
export const repeatMs = 2 * minuteMs;
/** One that is longer was perhaps mistyped: it is asked for once more. */
const askedLengthMs = 7 * dayMs;
/** Nobody plans a freeze further ahead; a year that was mistyped is. */
const aheadMs = 366 * dayMs;
const reasonMin = 3;
/** So many windows of a rule are looked at for how long it is on. */
const windowsLooked = 8;

export interface OnState {
  readonly id: string;
  readonly number: number;
  readonly known: KnownNames;
  /** What the same person froze in the last minutes, and nobody lifted. */
  readonly recent: readonly Frozen[];
}

/** `/freeze on …`. */
export function decideOn(state: OnState, input: OnInput, ask: Ask): Decision {
  const reason = oneLine(input.reason);
  if (reason.length < reasonMin)
    return refuse(
      say('Say why, in a few words: whoever is stopped reads it. Such as ', {
        code: '/freeze on rebuilding the cluster on:*/prod/eks for:2h',
      }),
      'reason',
    );
  const slip = input.anyway ? null : slipIn(reason);
  if (slip) return refuse(slip, 'reason');
  const scope = scopeOf(input, state.known);
  if (!scope.ok) return refuse(say(`${scope.reason} Nothing was frozen.`), scope.field);
  const times = timesOf(input, ask);
  if (!times.ok) return refuse(times.message, times.field);
  const freezing = freezingOf(state, input, reason, scope, times, ask);
  const question = input.anyway ? null : whatToAsk(state, freezing, ask);
  if (question) return refuse(question, 'reason');
  return accept(freezeFacts(freezing), onReply({ freezing, input, times, unknown: scope.unknown }, ask));
}

// `untill:18:00` would be part of the reason, and freeze for as long as usual.
function slipIn(reason: string): Message | null {
  for (const word of reason.split(' ')) {
    const [, name = ''] = /^(\p{L}{2,10}):\S/u.exec(word) ?? [];
    const near = keys.find((key) => distance(name.toLowerCase(), key) <= (key.length > 4 ? 2 : 1));
    if (name === '' || !near) continue;
    return say(
      `“${shorten(word, slipShown)}” stands in the reason, and looks like `,
      { code: `${near}:` },
      '. Write it so; if it belongs to the reason, say the same with ',
      { code: 'anyway' },
      ' at the end. Nothing was frozen.',
    );
  }
  return null;
}

const keys = ['from', 'for', 'until', 'every', 'env', 'cluster', 'tier', 'except', 'on'];
const slipShown = 40;

function freezingOf(
  { id, number }: OnState,
  input: OnInput,
  reason: string,
  scope: Extract<ScopeRead, { ok: true }>,
  { schedule, startsAt, overAt }: Extract<TimesRead, { ok: true }>,
  ask: Ask,
): Freezing {
  const by = { id: ask.actor.id, name: ask.actor.name };
  return {
    ...{ id, number, reason, by, schedule, startsAt, overAt, incident: null, drill: false },
    mode: input.soft ? 'soft' : 'hard',
    owner: input.owner ?? by,
    scope: scope.scope,
    scopeText: scope.text,
    whenText: whenWords(schedule, startsAt, overAt, ask.now),
  };
}

/** From when to when, of what was said. */
export function timesOf(
  input: Pick<OnInput, 'from' | 'for' | 'until' | 'every' | 'zone'>,
  ask: Ask,
): TimesRead {
  for (const name of ['from', 'until'] as const)
    if (input[name] && input[name].at === null)
      return wrong(say(`${name}: needs a time, such as ${name}:18:00. Nothing was frozen.`), name);
  if (input.zone !== undefined && canonicalZone(input.zone) === null)
    return wrong(
      say(
        `I know no time zone “${input.zone.slice(0, 60)}”. Write an IANA name, such as `,
        { code: 'zone:Europe/Berlin' },
        '. Nothing was frozen.',
      ),
      'zone',
    );
  return input.every === undefined ? onceOf(input, ask) : recurringOf(input, input.every, ask);
}

function onceOf(input: Pick<OnInput, 'from' | 'for' | 'until' | 'zone'>, ask: Ask): TimesRead {
  if (input.zone !== undefined)
    return wrong(
      say(
        'zone: goes with every:, whose times are those of a wall clock; write the zone of another time behind it, as in ',
        {
          code: 'until:"18:00 Europe/Berlin"',
        },
      ),
      'zone',
    );
  const said = input.from?.at ?? ask.now;
  const startsAt = later(said, ask.now);
  if (startsAt.getTime() - ask.now.getTime() > aheadMs)
    return wrong(say('That is more than a year ahead: is the year right? Nothing was frozen.'), 'from');
  if (input.for !== undefined && input.until)
    return wrong(say('for: and until: both say when it ends. Leave one out. Nothing was frozen.'), 'until');
  const until = input.until ? endOf(input.until, startsAt, ask) : (input.from?.until ?? null);
  const usual = input.for === undefined && until === null;
  const overAt = until ?? new Date(startsAt.getTime() + (input.for ?? usualLengthMs));
  if (overAt <= startsAt)
    return wrong(say('It would end before it begins, or is over already. Nothing was frozen.'), 'until');
  if (overAt.getTime() - startsAt.getTime() > onceMaxMs)
    return wrong(
      say(
        `That is longer than ${Math.round(onceMaxMs / dayMs)} days. What is frozen for so long is better a rule: `,
        { code: 'every:"20 Dec to 2 Jan"' },
        '. Nothing was frozen.',
      ),
      input.until ? 'until' : 'for',
    );
  const schedule: Schedule = { type: 'once', startsAt, endsAt: overAt };
  return { ok: true, schedule, startsAt, overAt, usual, past: said.getTime() < ask.now.getTime() - minuteMs };
}

function recurringOf(
  input: Pick<OnInput, 'from' | 'for' | 'until' | 'zone'>,
  every: string,
  ask: Ask,
): TimesRead {
  if (input.for !== undefined)
    return wrong(
      say(
        'every: has its times in itself, and for: says nothing then. ',
        { code: 'until:' },
        ' says its last day. Nothing was frozen.',
      ),
      'for',
    );
  const name = canonicalZone(input.zone ?? zoneOfAsker(ask)) ?? 'UTC';
  const zone = findZone(name);
  if (!zone) return wrong(say(`I know no time zone “${name}”.`), 'zone');
  const begins = later(input.from?.at ?? ask.now, ask.now);
  const read = readPhrase(every, name, dateAt(begins.getTime(), zone));
  if (!read.ok) return wrong(say(`${read.reason} Nothing was frozen.`), 'every');
  const last = input.until?.at ? dateText(dateAt(input.until.at.getTime(), zone)) : undefined;
  const schedule: Recurring = { ...read.schedule, ...(last === undefined ? {} : { until: last }) };
  const overAt = lastEnd(schedule) ?? never;
  const first = overAt > begins ? (windowAt(schedule, begins) ?? nextWindow(schedule, begins)) : null;
  if (first === null)
    return wrong(
      say('By that rule it would never be on. Is its last day right? Nothing was frozen.'),
      'until',
    );
  if (first.until === null && overAt >= never)
    return wrong(
      say(
        'By that rule it would be on without an end: its times meet one another. Leave times free between them, or say its last day, such as ',
        { code: 'until:"20 Dec"' },
        '. Nothing was frozen.',
      ),
      'every',
    );
  const startsAt = later(first.from, begins);
  return { ok: true, schedule, startsAt, overAt, usual: false, past: false };
}

// `from:"tomorrow 18:00" until:19:00`: the end is read as of the beginning, where it would be before it.
function endOf({ at, asWritten }: WrittenTime, startsAt: Date, ask: Ask): Date | null {
  if (!at || at > startsAt) return at;
  const read = readTime(asWritten, { now: startsAt, zone: zoneOfAsker(ask), direction: 'future' });
  return read.ok && read.time.at && read.time.at > startsAt ? read.time.at : at;
}

// Everything, for long, or the same once more: most likely not what was meant.
function whatToAsk(state: OnState, freezing: Freezing, ask: Ask): Message | null {
  const twin = state.recent.find(
    (each) =>
      each.mode === freezing.mode &&
      JSON.stringify(each.scope) === JSON.stringify(freezing.scope) &&
      isSameTime(each, freezing) &&
      ask.now.getTime() - each.madeAt.getTime() <= repeatMs,
  );
  if (twin) return askFirst({ why: 'twin', twin, freezing }, ask);
  if (isEverything(freezing.scope)) return askFirst({ why: 'everything', freezing }, ask);
  const long = longestOf(freezing);
  const isLong = long !== null && long.until.getTime() - long.from.getTime() > askedLengthMs;
  return isLong ? askFirst({ why: 'long', freezing, long }, ask) : null;
}

// A rule is on for as long as its times meet one another; the first of them may be cut by when it begins.
function longestOf({ schedule, startsAt, overAt }: Freezing): { from: Date; until: Date } | null {
  if (schedule.type === 'once') return { from: startsAt, until: overAt };
  let longest: { from: Date; until: Date } | null = null;
  let each = windowAt(schedule, startsAt);
  for (let looked = 0; each && looked < windowsLooked; looked += 1) {
    const from = later(each.from, startsAt);
    const until = each.until ?? overAt;
    if (!longest || until.getTime() - from.getTime() > longest.until.getTime() - longest.from.getTime())
      longest = { from, until };
    each = each.until && nextWindow(schedule, each.until);
  }
  return longest;
}

// At once, or by the same rule: one of now and one of Christmas are two.
function isSameTime({ schedule, startsAt, overAt }: Frozen, freezing: Freezing): boolean {
  if (schedule?.type === 'once' && freezing.schedule.type === 'once')
    return startsAt < freezing.overAt && freezing.startsAt < overAt;
  if (schedule?.type !== 'recurring' || freezing.schedule.type !== 'recurring') return false;
  const rule = ({ zone, rule, start, end }: Recurring) => JSON.stringify([zone, rule, start, end]);
  return rule(schedule) === rule(freezing.schedule);
}

/** The zone in which the asker reads times. */
export function zoneOfAsker(ask: Ask): string {
  return ask.actor.zone ?? ask.workspace.zone;
}

function wrong(message: Message, field: string): TimesRead {
  return { ok: false, message, field };
}

/** `2026-12-20`. */
export function dateText({ year, month, day }: CalendarDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function later(a: Date, b: Date): Date {
  return new Date(Math.max(a.getTime(), b.getTime()));
}
