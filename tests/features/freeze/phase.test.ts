// Which freezes are on, where, and until when: of rows and an instant alone, and frozen rather than not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/core/command.js';
import type { OnInput } from '../../../src/features/freeze/making.js';
import { timesOf } from '../../../src/features/freeze/on-rules.js';
import {
  asOf,
  type Frozen,
  freeAt,
  freezesOver,
  nextTransition,
  phaseAt,
  readFrozen,
  strongest,
  thawedAt,
  windowAfter,
  windowLast,
  windowNow,
  windowsIn,
} from '../../../src/features/freeze/phase.js';
import { readPhrase } from '../../../src/features/freeze/phrase.js';
import { lastEnd, type Schedule, windowAt, windowsOf } from '../../../src/features/freeze/schedule.js';
import type { Target } from '../../../src/features/freeze/scope.js';
import { never } from '../../../src/features/freeze/words.js';
import { built, runChild } from '../../helpers/child.js';

const runs = { numRuns: 300 };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const t0 = Date.parse('2026-11-20T11:17:00Z');
const at = (text: string | number) => new Date(text);
const api: Target = { service: 'api', environment: 'prod', cluster: 'eks', tier: 'production' };
const everywhere = { services: [], environments: [], clusters: [], tiers: [] };

function row(more: object = {}) {
  const [startsAt, overAt] = [at(t0), at(t0 + 2 * hour)];
  const schedule: unknown = { type: 'once', startsAt: startsAt.toISOString(), endsAt: overAt.toISOString() };
  return {
    ...{ id: 'a', number: 1, mode: 'hard', reason: 'rebuilt', ownerId: 'U1', ownerName: 'Ana' },
    ...{ madeAt: startsAt, startsAt, overAt, liftedAt: null, incidentId: null, drill: false },
    scope: { include: [everywhere] } as unknown,
    schedule,
    ...more,
  };
}

/** A freeze from one hour to another, counted from 11:17. */
function frozen(number: number, from: number, until: number, more: object = {}): Frozen {
  const [startsAt, overAt] = [at(t0 + from * hour), at(t0 + until * hour)];
  const schedule = { type: 'once', startsAt: startsAt.toISOString(), endsAt: overAt.toISOString() };
  return readFrozen(row({ id: `f${number}`, number, startsAt, overAt, schedule, ...more }));
}

function recurring(number: number, phrase: string, zone: string, more: object = {}): Frozen {
  const read = readPhrase(phrase, zone, { year: 2026, month: 3, day: 1 });
  if (!read.ok) throw new Error(read.reason);
  const startsAt = at('2026-03-01T00:00:00Z');
  const overAt = lastEnd(read.schedule) ?? never;
  return readFrozen(row({ number, startsAt, madeAt: startsAt, overAt, schedule: read.schedule, ...more }));
}

const h = (hours: number) => at(t0 + hours * hour);

describe('one after the other', () => {
  test('a place is free when the last of those that overlap or meet is over', () => {
    const all = [frozen(1, 0, 2), frozen(2, 1, 3), frozen(3, 3, 4), frozen(4, 5, 6)];
    expect(freeAt(all, api, h(0))).toEqual(h(4));
    expect(freeAt(all, api, h(4))).toEqual(h(4));
    expect(freeAt(all, api, h(-1))).toEqual(h(-1));
    expect(freeAt(all, api, h(5.5))).toEqual(h(6));
    // Soft ones, and those of elsewhere, keep nobody waiting.
    const web = { scope: { include: [{ ...everywhere, services: ['web'] }] } };
    expect(freeAt([frozen(1, 0, 2, { mode: 'soft' }), frozen(2, 0, 2, web)], api, h(1))).toEqual(h(1));
    expect(
      freeAt([frozen(1, 0, 2), frozen(2, 1, 9, { overAt: never, schedule: 'x' })], api, h(1)),
    ).toBeNull();
  });

  test('none shortens another, and a lift ends its own alone', () => {
    const lifted = frozen(1, 0, 1, { liftedAt: h(1), schedule: row().schedule });
    expect(freeAt([frozen(1, 0, 4), frozen(2, 1, 2)], api, h(1.5))).toEqual(h(4));
    expect(windowNow(lifted, h(0.5))?.until).toEqual(h(1));
    expect(phaseAt(lifted, h(1))).toBe('ended');
    expect(freezesOver([lifted, frozen(2, 0, 2)], api, h(1)).map((each) => each.number)).toEqual([2]);
  });

  test('it thawed when the last that met the wait ended', () => {
    const all = [frozen(1, 0, 2), frozen(2, 1, 3), frozen(3, 5, 6)];
    expect(thawedAt(all, api, h(0.5), h(4))).toEqual(h(3));
    expect(thawedAt(all, api, h(0.5), h(3))).toEqual(h(3));
    expect(thawedAt(all, api, h(0.5), h(2.5))).toBeNull();
    expect(thawedAt(all, api, h(3), h(4))).toBeNull();
    expect(thawedAt(all, api, h(0.5), h(7))).toEqual(h(6));
    expect(thawedAt([frozen(1, 0, 2, { mode: 'soft' })], api, h(0), h(4))).toBeNull();
    const nights = recurring(9, 'every weekday 18:00 to 08:00', 'Europe/Berlin');
    expect(thawedAt([nights], api, at('2026-11-19T18:00:00Z'), at('2026-11-20T12:00:00Z'))).toEqual(
      at('2026-11-20T07:00:00Z'),
    );
  });

  test('the next transition is the next beginning or end over the place', () => {
    const all = [frozen(1, 0, 2), frozen(2, 1, 3, { mode: 'soft' }), frozen(3, 5, 6)];
    const told = [-1, 0, 1, 2, 3, 5, 6].map((hours) => nextTransition(all, api, h(hours)));
    expect(told).toEqual([h(0), h(1), h(2), h(3), h(5), h(6), null]);
    expect(nextTransition([frozen(1, 0, 9, { overAt: never, schedule: null })], api, h(1))).toBeNull();
  });

  test('a hard one stands before all soft ones', () => {
    const [soft, hard] = [frozen(1, 0, 2, { mode: 'soft' }), frozen(2, 0, 1)];
    expect(freezesOver([soft, hard], api, h(0)).map((each) => each.number)).toEqual([2, 1]);
    expect(strongest([soft, hard])?.number).toBe(2);
    expect(strongest([])).toBeNull();
  });

  test('a window under way when the freeze was made begins with it, and is cut off when it is over', () => {
    const [startsAt, overAt] = [at('2026-11-20T19:00:00Z'), at('2026-11-24T01:00:00Z')];
    const more = { startsAt, overAt, liftedAt: overAt };
    const made = recurring(1, 'every weekday 18:00 to 08:00', 'Europe/Berlin');
    const schedule = { ...made.schedule, from: '2026-11-18' };
    const nights = readFrozen(row({ ...more, madeAt: startsAt, schedule }));
    expect(windowNow(nights, at('2026-11-20T18:59:59Z'))).toBeNull();
    expect(windowAfter(nights, at('2026-11-20T18:00:00Z'))?.from).toEqual(at('2026-11-20T19:00:00Z'));
    expect(windowsIn(nights, at('2026-11-01T00:00:00Z'), at('2027-01-01T00:00:00Z'))).toEqual([
      { from: at('2026-11-20T19:00:00Z'), until: at('2026-11-21T07:00:00Z') },
      { from: at('2026-11-23T17:00:00Z'), until: at('2026-11-24T01:00:00Z') },
    ]);
    expect(windowLast(nights, at('2026-12-24T00:00:00Z'))?.until).toEqual(at('2026-11-24T01:00:00Z'));
    expect(windowLast(nights, at('2026-11-20T19:00:00Z'))).toBeNull();
  });
});

test('what another replica recorded with a clock ahead of ours has happened', () => {
  const [ahead, lifted] = [frozen(1, 0, 2), frozen(2, -2, 0, { liftedAt: h(0) })];
  const now = at(t0 - 2_000);
  expect(asOf([ahead], now)).toEqual(h(0));
  expect(freezesOver([ahead], api, asOf([ahead], now))).toHaveLength(1);
  expect(freezesOver([lifted], api, asOf([lifted], now))).toEqual([]);
  expect(asOf([frozen(1, 5, 6, { madeAt: h(-1) })], now)).toEqual(now);
  // A clock that is an hour off is wrong, and is not followed.
  expect(asOf([ahead], h(-1))).toEqual(h(-1));
});

// Four zones: Berlin and New York change by an hour, Lord Howe by half of one, Kolkata never.
describe('wall time holds where clocks change', () => {
  const on = (phrase: string, zone: string, from: string, until: string) =>
    windowsIn(recurring(1, phrase, zone), at(from), at(until)).map(
      ({ from, until }) => `${from.toISOString().slice(0, 16)} ${until?.toISOString().slice(0, 16)}`,
    );
  test.each([
    // A night in which clocks go forward is an hour shorter; one in which they go back, an hour longer.
    ['Europe/Berlin', '2026-03-28T12:00Z', '2026-03-28T21:00 2026-03-29T04:00'],
    ['Europe/Berlin', '2026-10-24T12:00Z', '2026-10-24T20:00 2026-10-25T05:00'],
    ['America/New_York', '2026-03-07T18:00Z', '2026-03-08T03:00 2026-03-08T10:00'],
    ['America/New_York', '2026-10-31T18:00Z', '2026-11-01T02:00 2026-11-01T11:00'],
    ['Australia/Lord_Howe', '2026-04-04T06:00Z', '2026-04-04T11:00 2026-04-04T19:30'],
    ['Australia/Lord_Howe', '2026-10-03T06:00Z', '2026-10-03T11:30 2026-10-03T19:00'],
    ['Asia/Kolkata', '2026-03-28T12:00Z', '2026-03-28T16:30 2026-03-29T00:30'],
  ])('every day 22:00 to 06:00 in %s at %s', (zone, from, expected) => {
    expect(
      on('every day 22:00 to 06:00', zone, from, at(Date.parse(from) + 12 * hour).toISOString()),
    ).toEqual([expected]);
  });

  test('of a time that is skipped it begins at the jump, and of one that comes twice it is frozen from first to second', () => {
    // Berlin: 02:30 is not on 29 March, and twice on 25 October.
    const berlin = ['2026-03-29T00:00Z', '2026-03-29T06:00Z'] as const;
    expect(on('every day 02:30 to 05:00', 'Europe/Berlin', ...berlin)).toEqual([
      '2026-03-29T01:00 2026-03-29T03:00',
    ]);
    expect(on('every day 02:10 to 02:50', 'Europe/Berlin', ...berlin)).toEqual([
      '2026-03-29T01:00 2026-03-29T01:50',
    ]);
    expect(on('every day 02:30 to 03:15', 'Europe/Berlin', ...berlin)).toEqual([
      '2026-03-29T01:00 2026-03-29T01:15',
    ]);
    expect(on('every day 01:00 to 02:30', 'Europe/Berlin', ...berlin)).toEqual([
      '2026-03-29T00:00 2026-03-29T01:30',
    ]);
    const autumn = ['2026-10-24T22:30Z', '2026-10-25T06:00Z'] as const;
    expect(on('every day 02:30 to 05:00', 'Europe/Berlin', ...autumn)).toEqual([
      '2026-10-25T00:30 2026-10-25T04:00',
    ]);
    expect(on('every day 01:00 to 02:30', 'Europe/Berlin', ...autumn)).toEqual([
      '2026-10-24T23:00 2026-10-25T01:30',
    ]);
    // Lord Howe: half an hour only. 02:15 is skipped on 4 October; 01:45 comes twice on 5 April.
    expect(
      on('every day 02:15 to 04:00', 'Australia/Lord_Howe', '2026-10-03T14:00Z', '2026-10-03T20:00Z'),
    ).toEqual(['2026-10-03T15:30 2026-10-03T17:00']);
    expect(
      on('every day 01:45 to 04:00', 'Australia/Lord_Howe', '2026-04-04T14:00Z', '2026-04-04T20:00Z'),
    ).toEqual(['2026-04-04T14:45 2026-04-04T17:30']);
  });
});

const phrases = [
  'every weekday 18:00 to 08:00',
  'Friday 16:00 to Monday 08:00',
  'every day 22:00 to 06:00',
  'every day 00:00 to 24:00',
  'every day 02:30 to 03:15',
  'Mon, Wed and Fri 9:00 to 17:00',
  'weekends',
  '20 Dec to 2 Jan',
  'last Friday 16:00 to Monday 08:00',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH 12:00 to +2d 11:00',
  'FREQ=DAILY;COUNT=40 12:00 to 12:00',
];
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];

const anyRecurring = fc.record({ phrase: fc.constantFrom(...phrases), zone: fc.constantFrom(...zones) });
// Near the edges of daylight saving more often than elsewhere.
const edges = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'].map(
  (text) => Date.parse(text),
);
const anyInstant = fc.oneof(
  fc.integer({ min: Date.parse('2026-03-02'), max: Date.parse('2027-12-31') }),
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -36 * 60, max: 36 * 60 }))
    .map(([edge, minutes]) => edge + minutes * minute),
);

describe('properties', () => {
  test('the window of an instant holds it, is the same for each of its instants, and is among the windows', () => {
    fc.assert(
      fc.property(anyRecurring, anyInstant, fc.double({ min: 0, max: 1, noNaN: true }), (it, now, part) => {
        const schedule = recurring(1, it.phrase, it.zone).schedule as Schedule;
        const window = windowAt(schedule, at(now));
        const listed = windowsOf(schedule, at(now), at(now + 1));
        expect(listed).toEqual(window ? [window] : []);
        if (!window) return;
        const end = window.until?.getTime() ?? now + day;
        expect(window.from.getTime() <= now && now < end).toBe(true);
        const other = Math.floor(window.from.getTime() + part * (end - 1 - window.from.getTime()));
        expect(windowAt(schedule, at(other))?.from).toEqual(window.from);
        if (window.until) {
          expect(windowAt(schedule, at(other))).toEqual(window);
          expect(windowAt(schedule, window.until)).toBeNull();
        }
        expect(windowAt(schedule, at(window.from.getTime() - 1))).toBeNull();
      }),
      runs,
    );
  });

  test('two evaluations agree, whatever was asked before', () => {
    fc.assert(
      fc.property(anyRecurring, fc.array(anyInstant, { minLength: 2, maxLength: 6 }), (it, instants) => {
        const tell = (now: number) => {
          const each = recurring(1, it.phrase, it.zone);
          return JSON.stringify([
            windowNow(each, at(now)),
            windowAfter(each, at(now)),
            phaseAt(each, at(now)),
          ]);
        };
        const first = instants.map(tell);
        expect([...instants].reverse().map(tell).reverse()).toEqual(first);
      }),
      runs,
    );
  });

  const span = fc.tuple(fc.integer({ min: -48, max: 48 }), fc.integer({ min: 1, max: 24 }));

  test('a place is frozen exactly where one of them is on; free at the first instant without; no transition is missed', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), fc.integer({ min: -60, max: 100 }), (spans, quarter) => {
        const all = spans.map(([from, length], i) => frozen(i + 1, from / 2, (from + length) / 2));
        const now = h(quarter / 4);
        const isOn = (t: number) =>
          spans.some(
            ([from, length]) => t >= t0 + (from * hour) / 2 && t < t0 + ((from + length) * hour) / 2,
          );
        expect(freezesOver(all, api, now).length > 0).toBe(isOn(now.getTime()));
        let free = now.getTime();
        while (isOn(free)) free += 15 * minute;
        expect(freeAt(all, api, now)).toEqual(at(free));
        const set = (t: Date) => JSON.stringify(freezesOver(all, api, t).map((each) => each.number));
        const next = nextTransition(all, api, now);
        const last = next ?? h(60);
        for (let t = now.getTime(); t < last.getTime(); t += 30 * minute) expect(set(at(t))).toBe(set(now));
        if (next) expect(set(at(next.getTime() - 1))).toBe(set(now));
      }),
      runs,
    );
  });

  test('it thawed at the last end, by a lift too, after which it was open', () => {
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 40 }),
        (spans, wait) => {
          const all = spans.map(([from, length], i) => frozen(i + 1, from / 2, (from + length) / 2));
          const [since, now] = [h(0), h(wait)];
          const thawed = thawedAt(all, api, since, now);
          const ends = spans.map(([from, length]) => t0 + ((from + length) * hour) / 2);
          const open = freezesOver(all, api, now).length === 0;
          const last = Math.max(
            ...ends.filter((end, i) => end > t0 && end <= now.getTime() && (spans[i]?.[0] ?? 0) / 2 < wait),
          );
          expect(thawed?.getTime() ?? null).toBe(open && Number.isFinite(last) ? last : null);
          if (thawed) expect(freezesOver(all, api, thawed)).toEqual([]);
        },
      ),
      runs,
    );
  });

  test('bad data freezes everything, hard, from its beginning until it is over', () => {
    const damaged = fc.record(
      {
        scope: fc.jsonValue().filter((it) => JSON.stringify(it) !== JSON.stringify(row().scope)),
        schedule: fc.jsonValue(),
        mode: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(damaged, fc.integer({ min: 0, max: 2 * hour - 1 }), (more, after) => {
        const it = readFrozen(row(more));
        const now = at(t0 + after);
        expect(freezesOver([it], api, now)).toHaveLength(1);
        expect(it.mode).toBe('mode' in more && more.mode === 'soft' ? 'soft' : 'hard');
        expect(freezesOver([it], api, at(t0 - 1))).toEqual([]);
        expect(freezesOver([it], api, at(t0 + 2 * hour))).toEqual([]);
      }),
      runs,
    );
  });
});

describe('a row that says one thing here and another there', () => {
  const invalid = at('garbage');
  const instant = fc.oneof(
    fc.constantFrom(invalid, at(0), at(5), never, h(-1), h(1), h(3), at('2030-01-01T00:00:00Z')),
    fc.date({ noInvalidDate: false }),
  );
  const anything = fc.oneof(fc.jsonValue(), fc.anything());
  const columns: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    id: fc.string(),
    number: fc.integer(),
    mode: fc.string().filter((it) => it !== 'soft'),
    reason: fc.string(),
    ownerId: fc.string(),
    ownerName: fc.string(),
    madeAt: instant,
    scope: anything.filter((it) => JSON.stringify(it)?.includes('include') !== true),
    schedule: fc.oneof(
      anything,
      fc.record({
        type: fc.constant('once'),
        startsAt: fc.oneof(instant, fc.integer()),
        endsAt: fc.oneof(instant, fc.integer()),
      }),
    ),
    startsAt: instant,
    overAt: instant,
    liftedAt: instant.filter((it) => it.getTime() !== t0 + 2 * hour),
    drill: fc.constant(true),
  };

  test('whichever column was damaged, it denies while it would have, and names an instant for each of its times', () => {
    const nights = recurring(1, 'every weekday 18:00 to 08:00', 'Europe/Berlin');
    const { startsAt, overAt, schedule } = nights;
    const rows = [
      { whole: row(), now: h(1) },
      { whole: row({ startsAt, madeAt: startsAt, overAt, schedule }), now: at('2026-11-20T20:00:00Z') },
    ];
    const damage = fc
      .constantFrom(...Object.keys(columns))
      .chain((name) => fc.tuple(fc.constant(name), columns[name] as fc.Arbitrary<unknown>));
    fc.assert(
      fc.property(fc.constantFrom(...rows), damage, ({ whole, now }, [name, value]) => {
        const it = readFrozen({ ...whole, [name]: value });
        expect(freezesOver([it], api, now)).toHaveLength(1);
        expect([it.mode, it.drill]).toEqual(['hard', false]);
        for (const each of [it.startsAt, it.overAt, it.madeAt]) expect(each.getTime()).not.toBeNaN();
        expect(asOf([it], now).getTime()).not.toBeNaN();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['an end before its beginning', { overAt: at(5) }, h(0), h(2)],
    ['an end that is no time', { overAt: invalid }, h(0), h(2)],
    ['an earlier end, and nobody lifted it', { overAt: h(1) }, h(0), h(2)],
    ['a later end', { overAt: h(3) }, h(0), h(3)],
    ['a later beginning', { startsAt: at('2030-01-01T00:00:00Z') }, h(0), h(2)],
    ['a beginning that is no time', { startsAt: invalid }, h(0), h(2)],
    ['a lift that did not end it', { liftedAt: h(1) }, h(0), h(2)],
    ['no end at all', { overAt: at(5), schedule: 'x' }, h(0), never],
    ['no times at all', { startsAt: invalid, overAt: invalid, schedule: 'x' }, h(0), never],
  ])('%s: everything, hard, from the earliest of what it says to the latest', (_what, more, from, until) => {
    const it = readFrozen(row({ ...more, mode: 'soft' }));
    expect(it).toMatchObject({ damaged: true, mode: 'hard', startsAt: from, overAt: until, liftedAt: null });
    expect(freezesOver([it], { ...api, service: 'web', environment: 'dev' }, h(1))).toHaveLength(1);
    const end = until >= never ? null : until;
    expect(windowNow(it, h(1))).toEqual({ from, until: end });
    // A lift is the way out, whatever else is wrong.
    const lifted = readFrozen(row({ ...more, mode: 'soft', overAt: h(1.5), liftedAt: h(1.5) }));
    expect([phaseAt(lifted, h(1.5)), lifted.liftedAt]).toEqual(['ended', h(1.5)]);
  });

  test.each([
    ['an early end', { overAt: at('2026-11-19T00:00:00Z') }],
    ['a late beginning', { startsAt: at('2030-01-01T00:00:00Z') }],
  ])('so does a rule with %s', (_what, more) => {
    const { startsAt, overAt, schedule } = recurring(1, 'every weekday 18:00 to 08:00', 'Europe/Berlin');
    const it = readFrozen(row({ startsAt, madeAt: startsAt, overAt, schedule, ...more }));
    expect([it.damaged, it.overAt, windowNow(it, at('2026-11-20T12:00:00Z'))?.until]).toEqual([
      true,
      never,
      null,
    ]);
  });

  test('as they are made, all rules and their rows agree, whenever they are made and to whatever last day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...phrases),
        fc.constantFrom(...zones),
        anyInstant,
        fc.option(fc.integer({ min: 1, max: 400 })),
        (phrase, zone, now, days) => {
          const until = days === null ? [] : [` until:"${days}d"`];
          const ask = { now: at(now), actor: { id: 'U1', name: 'Ana', zone }, workspace: { zone: 'UTC' } };
          const last = days === null ? undefined : { at: at(now + days * day), asWritten: until.join('') };
          const times = timesOf({ every: phrase, zone, until: last } as OnInput, ask as unknown as Ask);
          if (!times.ok) return;
          const { startsAt, overAt, schedule } = times;
          expect(readFrozen(row({ madeAt: at(now), startsAt, overAt, schedule })).damaged).toBe(false);
        },
      ),
      runs,
    );
  });
});

test('a schedule that this host cannot follow is on, and says that it was damaged where it cannot be read', () => {
  const nights = recurring(1, 'every weekday 18:00 to 08:00', 'Europe/Berlin');
  // Read on a host that knew the zone, judged on one that does not.
  const strange = { ...nights, schedule: { ...nights.schedule, zone: 'Mars/Olympus' } as Schedule };
  expect(windowNow(strange, at('2026-11-20T12:00:00Z'))).toEqual({ from: strange.startsAt, until: null });
  expect(readFrozen(row({ schedule: strange.schedule })).damaged).toBe(true);
  const nothing = { include: [everywhere], exclude: [everywhere] };
  expect(freezesOver([readFrozen(row({ scope: nothing }))], api, h(0))).toHaveLength(1);
  const misspelt = { include: [everywhere], exclude: [{ service: ['web'] }] };
  expect(freezesOver([readFrozen(row({ scope: misspelt }))], api, h(0))).toHaveLength(1);
});

test('twenty freezes are judged in far less than five milliseconds', () => {
  const all = Array.from({ length: 20 }, (_, i) => {
    const phrase = phrases[i % phrases.length] ?? '';
    const each = recurring(i + 1, phrase, zones[i % zones.length] ?? 'UTC');
    return row({ number: i + 1, startsAt: each.startsAt, overAt: each.overAt, schedule: each.schedule });
  });
  const judge = (now: Date) => {
    const read = all.map(readFrozen);
    return [freezesOver(read, api, now).length, nextTransition(read, api, now), freeAt(read, api, now)];
  };
  judge(at(t0));
  const rounds = 200;
  // Of the processor, because others may run on this machine at the same time.
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i += 1) judge(at(t0 + i * minute));
  const { user, system } = process.cpuUsage(before);
  // Measured: 0.5 ms.
  expect((user + system) / 1000 / rounds).toBeLessThan(5);
});

// A table of instants for all phrases and zones, as a process of its own in this zone makes it.
function tableIn(host: string): string {
  return `
    process.env.TZ = ${JSON.stringify(host)};
    const { readPhrase } = await import(${built('features/freeze/phrase.js')});
    const { windowNow, windowAfter, nextTransition, readFrozen } = await import(${built('features/freeze/phase.js')});
    const { lastEnd } = await import(${built('features/freeze/schedule.js')});
    const asked = new Set();
    process.env = new Proxy(process.env, { get: (env, name) => (asked.add(name), env[name]) });
    const startsAt = new Date('2026-03-01T00:00:00Z');
    const row = ${JSON.stringify(row())};
    const told = [];
    for (const phrase of ${JSON.stringify(phrases)})
      for (const zone of ${JSON.stringify(zones)}) {
        const { schedule } = readPhrase(phrase, zone, { year: 2026, month: 3, day: 1 });
        const overAt = lastEnd(schedule) ?? new Date('9999-12-31');
        const it = readFrozen({ ...row, schedule, startsAt, madeAt: startsAt, overAt });
        for (const edge of ${JSON.stringify(edges)})
          for (const minutes of [-1500, -61, 0, 15, 90, 119, 121, 600, 1500]) {
            const at = new Date(edge + minutes * 60000);
            told.push([windowNow(it, at), windowAfter(it, at), nextTransition([it], ${JSON.stringify(api)}, at)]);
          }
      }
    console.log(JSON.stringify({ offset: new Date(0).getTimezoneOffset(), asked: asked.has('TZ'), told }));`;
}

test('the zone of the host is nothing to it', { timeout: 120_000 }, async () => {
  const tables = [];
  for (const host of ['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Australia/Lord_Howe']) {
    const { code, output } = await runChild(tableIn(host));
    expect(code, output).toBe(0);
    tables.push(JSON.parse(output));
  }
  // The control: the hosts do differ.
  expect(tables.map((each) => each.offset)).toEqual([0, -540, 480, -600]);
  expect(tables.map((each) => each.asked)).toEqual([false, false, false, false]);
  expect(tables[0].told.length).toBe(phrases.length * zones.length * edges.length * 9);
  expect(tables[0].told.some((each: unknown[]) => each[0] === null)).toBe(true);
  for (const each of tables) expect(each.told).toEqual(tables[0].told);
});
