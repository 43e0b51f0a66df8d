// Calendars as their programs write them: rules, exceptions, zones, and the nights in which the clocks change.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { zoneOf } from '../../src/core/time/index.js';
import { NoCalendar, occurrencesMax, readCalendar } from '../../src/outside/calendar.js';

const berlin = zoneOf({ zone: 'Europe/Berlin' });

function calendar(...events: string[][]): string {
  const lines = events.flatMap((event, at) => [
    'BEGIN:VEVENT',
    ...(event.some((each) => each.startsWith('UID')) ? [] : [`UID:${at}`]),
    ...event,
    'END:VEVENT',
  ]);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function read(text: string, from = '2026-03-01T00:00:00Z', until = '2026-04-05T00:00:00Z') {
  const { occurrences, problems } = readCalendar(text, berlin, new Date(from), new Date(until));
  return { problems, shifts: occurrences.map((it) => [iso(it.startsAt), iso(it.endsAt), it.summary]) };
}

const iso = (at: Date) => at.toISOString().slice(0, 16);

describe('times', () => {
  test('in UTC, in a named zone, in none, and by the day', () => {
    const { shifts, problems } = read(
      calendar(
        ['DTSTART:20260310T080000Z', 'DTEND:20260310T160000Z', 'SUMMARY:utc'],
        ['DTSTART;TZID=America/New_York:20260310T080000', 'DURATION:PT8H', 'SUMMARY:named'],
        ['DTSTART:20260310T080000', 'DTEND:20260310T160000', 'SUMMARY:floating'],
        ['DTSTART;VALUE=DATE:20260310', 'DTEND;VALUE=DATE:20260312', 'SUMMARY:days'],
        ['DTSTART;VALUE=DATE:20260315', 'SUMMARY:day'],
      ),
    );
    expect(problems).toEqual([]);
    expect(shifts).toEqual([
      ['2026-03-10T08:00', '2026-03-10T16:00', 'utc'],
      ['2026-03-10T12:00', '2026-03-10T20:00', 'named'],
      ['2026-03-10T07:00', '2026-03-10T15:00', 'floating'],
      ['2026-03-09T23:00', '2026-03-11T23:00', 'days'],
      ['2026-03-14T23:00', '2026-03-15T23:00', 'day'],
    ]);
  });

  test('in a zone that only the calendar itself describes', () => {
    const text = [
      'BEGIN:VCALENDAR',
      'BEGIN:VTIMEZONE',
      'TZID:Our Office',
      'BEGIN:STANDARD',
      'DTSTART:20001029T030000',
      'TZOFFSETFROM:+0300',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:20000326T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0300',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:1',
      'DTSTART;TZID=Our Office:20260327T090000',
      'DTEND;TZID=Our Office:20260327T170000',
      'RRULE:FREQ=DAILY;COUNT=4',
      'SUMMARY:Ana',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\n');
    expect(read(text).shifts.map(([from]) => from)).toEqual([
      '2026-03-27T07:00',
      '2026-03-28T07:00',
      '2026-03-29T06:00',
      '2026-03-30T06:00',
    ]);
  });

  test('a zone that nobody knows is said, and the schedule’s own is taken', () => {
    const { shifts, problems } = read(
      calendar(['DTSTART;TZID=Moon/Crater:20260310T080000', 'DURATION:PT1H', 'SUMMARY:Ana']),
    );
    expect(shifts).toEqual([['2026-03-10T07:00', '2026-03-10T08:00', 'Ana']]);
    expect(problems.join()).toContain('Moon/Crater');
  });
});

describe('what repeats', () => {
  test('excluded days, moved and changed times, and what was cancelled', () => {
    const { shifts } = read(
      calendar(
        [
          'UID:a',
          'DTSTART;TZID=Europe/Berlin:20260302T090000',
          'DTEND;TZID=Europe/Berlin:20260302T170000',
          'RRULE:FREQ=WEEKLY;UNTIL=20260330T070000Z',
          'EXDATE;TZID=Europe/Berlin:20260309T090000',
          'RDATE;TZID=Europe/Berlin:20260311T090000',
          'SUMMARY:Ana',
          'TRANSP:TRANSPARENT',
        ],
        [
          'UID:a',
          'RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000',
          'DTSTART;TZID=Europe/Berlin:20260317T090000',
          'DTEND;TZID=Europe/Berlin:20260317T120000',
          'SUMMARY:Bob',
        ],
        [
          'UID:a',
          'RECURRENCE-ID;TZID=Europe/Berlin:20260323T090000',
          'DTSTART;TZID=Europe/Berlin:20260323T090000',
          'STATUS:CANCELLED',
        ],
        ['DTSTART:20260305T080000Z', 'DURATION:PT1H', 'STATUS:CANCELLED', 'SUMMARY:gone'],
      ),
    );
    expect(shifts).toEqual([
      ['2026-03-02T08:00', '2026-03-02T16:00', 'Ana'],
      ['2026-03-11T08:00', '2026-03-11T16:00', 'Ana'],
      ['2026-03-30T07:00', '2026-03-30T15:00', 'Ana'],
      ['2026-03-17T08:00', '2026-03-17T11:00', 'Bob'],
    ]);
  });

  test('a time that was moved into these days from behind them is there', () => {
    const { shifts } = read(
      calendar(
        ['UID:a', 'DTSTART:20260601T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY', 'SUMMARY:Ana'],
        [
          'UID:a',
          'RECURRENCE-ID:20260608T080000Z',
          'DTSTART:20260310T080000Z',
          'DURATION:PT1H',
          'SUMMARY:Eve',
        ],
      ),
    );
    expect(shifts).toEqual([['2026-03-10T08:00', '2026-03-10T09:00', 'Eve']]);
  });

  test.each([
    ['names no date', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'],
    ['every second', 'RRULE:FREQ=SECONDLY'],
    ['without end, from long ago', 'RRULE:FREQ=HOURLY;INTERVAL=1'],
  ])('a rule that %s takes no time', (_what, rule) => {
    const began = performance.now();
    const { shifts } = read(calendar(['DTSTART:19900101T080000Z', 'DURATION:PT30M', rule, 'SUMMARY:Ana']));
    expect(shifts.length).toBeLessThanOrEqual(occurrencesMax);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  const daily = [
    'UID:a',
    'DTSTART;TZID=Europe/Berlin:20260301T200000',
    'DURATION:PT12H',
    'RRULE:FREQ=DAILY',
    'SUMMARY:Ana',
  ];
  const changed = (recurrence: string, ...more: string[]) => [
    ...['UID:a', recurrence, 'DTSTART;TZID=Europe/Berlin:20260328T200000', 'DURATION:PT12H'],
    ...more,
  ];
  const fromTo = (events: string[][]) =>
    read(calendar(...events), '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z');

  test('a changed time is found also where it names it in UTC', () => {
    const { shifts } = fromTo([daily, changed('RECURRENCE-ID:20260328T190000Z', 'SUMMARY:Bob')]);
    expect(shifts).toEqual([
      ['2026-03-29T18:00', '2026-03-30T06:00', 'Ana'],
      ['2026-03-28T19:00', '2026-03-29T07:00', 'Bob'],
    ]);
  });

  test.each([
    ['the later comes last', ['SEQUENCE:1', 'SUMMARY:Bob'], ['SEQUENCE:2', 'SUMMARY:Eve'], 'Eve'],
    ['the later comes first', ['SEQUENCE:2', 'SUMMARY:Eve'], ['SEQUENCE:1', 'SUMMARY:Bob'], 'Eve'],
    ['the later is a cancellation', ['SUMMARY:Bob'], ['SEQUENCE:2', 'STATUS:CANCELLED'], undefined],
  ])('of two words on one time the later counts: %s', (_what, one, other, who) => {
    const recurrence = 'RECURRENCE-ID;TZID=Europe/Berlin:20260328T200000';
    for (const series of [[daily], []]) {
      const { shifts } = fromTo([...series, changed(recurrence, ...one), changed(recurrence, ...other)]);
      const onDay = shifts.filter(([start]) => start === '2026-03-28T19:00');
      expect(onDay.map(([, , summary]) => summary)).toEqual(who ? [who] : []);
    }
  });

  test('a time that is changed with all later ones changes them, also their hour', () => {
    const recurrence = 'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260328T200000';
    const later = [
      ...['UID:a', recurrence, 'DTSTART;TZID=Europe/Berlin:20260328T220000', 'DURATION:PT8H', 'SUMMARY:Bob'],
    ];
    const { shifts } = read(calendar(daily, later), '2026-03-27T12:00:00Z', '2026-03-30T22:00:00Z');
    expect([...shifts].sort()).toEqual([
      ['2026-03-27T19:00', '2026-03-28T07:00', 'Ana'],
      ['2026-03-28T21:00', '2026-03-29T05:00', 'Bob'],
      ['2026-03-29T20:00', '2026-03-30T04:00', 'Bob'],
      ['2026-03-30T20:00', '2026-03-31T04:00', 'Bob'],
    ]);
  });

  test('what is long over counts towards no limit', () => {
    const past = Array.from({ length: 6_000 }, () => [
      'DTSTART:20250101T000000Z',
      'DURATION:PT1H',
      'SUMMARY:x',
    ]);
    const ended = ['DTSTART:20250101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20250201T000000Z'];
    const now = ['DTSTART:20260310T080000Z', 'DURATION:PT1H', 'SUMMARY:Bob'];
    const { shifts, problems } = read(calendar(...past, ended, now));
    expect(shifts).toEqual([['2026-03-10T08:00', '2026-03-10T09:00', 'Bob']]);
    expect(problems).toEqual([]);
  });

  test('of too many single events the nearest are read, whatever their order', () => {
    const later = Array.from({ length: occurrencesMax }, () => [
      ...['DTSTART:20260401T000000Z', 'DURATION:PT1H', 'SUMMARY:x'],
    ]);
    const { shifts, problems } = read(
      calendar(...later, ['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'SUMMARY:Bob']),
    );
    expect(shifts[0]?.[2]).toBe('Bob');
    expect(shifts).toHaveLength(occurrencesMax);
    expect(problems).toEqual(['of more than 2000 events only the nearest are read']);
  });

  test('of too many times of events the nearest are read, and that is said', () => {
    const events = Array.from({ length: 4 }, (_each, at) => [
      `UID:${at}`,
      'DTSTART:20260301T000000Z',
      'DURATION:PT10M',
      'RRULE:FREQ=HOURLY',
      'SUMMARY:Ana',
    ]);
    const { shifts, problems } = read(calendar(...events));
    expect(shifts).toHaveLength(occurrencesMax);
    expect(problems.join()).toContain('only the nearest');
    // Of all four as many, for they go by turns.
    expect(shifts.at(-1)?.[0]).toBe('2026-03-21T19:00');
  });

  test('a broken event is said, and the others are read', () => {
    const { shifts, problems } = read(
      calendar(
        ['DTSTART:20260310T080000Z', 'DTEND:20260309T080000Z', 'SUMMARY:backwards'],
        ['DTSTART:20260310T080000Z', 'DURATION:PT1H', 'SUMMARY:Ana'],
      ),
    );
    expect(shifts).toHaveLength(1);
    expect(problems.join()).toContain('backwards');
  });
});

describe('the clocks', () => {
  // Spring: 29 March 2026; autumn: 25 October 2026.
  test.each([
    ['spring', '20260327T200000', '2026-03-26T00:00:00Z', '2026-03-31T00:00:00Z'],
    ['autumn', '20261023T200000', '2026-10-22T00:00:00Z', '2026-10-27T00:00:00Z'],
  ])('in %s the night shift ends when the day shift begins', (_when, start, from, until) => {
    const day = start.slice(0, 8);
    const { occurrences } = readCalendar(
      calendar(
        [
          `DTSTART;TZID=Europe/Berlin:${start}`,
          `DTEND;TZID=Europe/Berlin:${String(Number(day) + 1)}T080000`,
          'RRULE:FREQ=DAILY',
          'SUMMARY:Night',
        ],
        [
          `DTSTART;TZID=Europe/Berlin:${day}T080000`,
          `DTEND;TZID=Europe/Berlin:${day}T200000`,
          'RRULE:FREQ=DAILY',
          'SUMMARY:Day',
        ],
      ),
      berlin,
      new Date(from),
      new Date(until),
    );
    const sorted = [...occurrences].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    expect(sorted.length).toBeGreaterThan(5);
    for (const [at, each] of sorted.slice(0, -1).entries())
      expect(each.endsAt).toEqual(sorted[at + 1]?.startsAt);
  });

  test('weekly shifts in any zone meet, whatever the clocks do between', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 364 }),
        fc.integer({ min: 0, max: 23 }),
        (name, day, hour) => {
          const start = DateTime.fromObject({ year: 2026, month: 1, day: 1, hour }, { zone: name });
          const local = (at: DateTime) => at.toFormat("yyyyMMdd'T'HHmmss");
          const text = calendar([
            `DTSTART;TZID=${name}:${local(start)}`,
            `DTEND;TZID=${name}:${local(start.plus({ weeks: 1 }))}`,
            'RRULE:FREQ=WEEKLY',
            'SUMMARY:Ana',
          ]);
          const from = new Date(Date.UTC(2026, 0, 2) + day * 86_400_000);
          const until = new Date(from.getTime() + 36 * 86_400_000);
          const { occurrences } = readCalendar(text, berlin, from, until);
          const sorted = [...occurrences].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
          // Somebody is on call at every instant of these days.
          expect(sorted[0]?.startsAt.getTime()).toBeLessThanOrEqual(
            Math.max(from.getTime(), start.toMillis()),
          );
          expect(sorted.at(-1)?.endsAt.getTime()).toBeGreaterThanOrEqual(until.getTime());
          for (const [at, each] of sorted.slice(0, -1).entries())
            expect(each.endsAt).toEqual(sorted[at + 1]?.startsAt);
          for (const each of sorted)
            expect(DateTime.fromJSDate(each.startsAt, { zone: name }).hour).toBe(hour);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the host’s own zone plays no part', () => {
    const text = calendar(
      ['DTSTART:20260310T080000', 'DURATION:PT1H', 'SUMMARY:floating'],
      ['DTSTART;VALUE=DATE:20260310', 'SUMMARY:day'],
    );
    const before = process.env.TZ;
    try {
      const shifts = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'].map((zone) => {
        process.env.TZ = zone;
        return read(text).shifts;
      });
      expect(shifts[1]).toEqual(shifts[0]);
      expect(shifts[2]).toEqual(shifts[0]);
    } finally {
      process.env.TZ = before;
    }
  });
});

test('what is no calendar is refused', () => {
  expect(() => read('<html>log in</html>')).toThrow(NoCalendar);
  expect(() => read('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n')).toThrow(NoCalendar);
  expect(read('BEGIN:VCALENDAR\r\nEND:VCALENDAR').shifts).toEqual([]);
});
