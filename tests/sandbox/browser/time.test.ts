// Dates as the page shows them: Slack's tokens, in the zone of the person who looks.
import { describe, expect, test } from 'vitest';
import { agoWords, formatDate, fullTime, secondsOf, wallOf } from '../../../src/sandbox/browser/time.js';

const at = (iso: string): number => Date.parse(iso) / 1000;
/** Slack's own example in its documentation. */
const example = 1392734382;
const inCalifornia = (format: string, now = '2020-01-01T00:00:00Z'): string =>
  formatDate(example, format, 'then', 'America/Los_Angeles', Date.parse(now));

describe('the tokens', () => {
  test.each([
    ['{date_num}', '2014-02-18'],
    ['{date_slash}', '02/18/2014'],
    ['{date}', 'February 18th, 2014'],
    ['{date_short}', 'Feb 18, 2014'],
    ['{date_long}', 'Tuesday, February 18th, 2014'],
    ['{date_pretty}', 'February 18th, 2014'],
    ['{date_short_pretty}', 'Feb 18, 2014'],
    ['{date_long_pretty}', 'Tuesday, February 18th, 2014'],
    ['{time}', '06:39'],
    ['{time_secs}', '06:39:42'],
    ['{ago}', '5 years ago'],
    ['Posted {date_num} {time_secs}', 'Posted 2014-02-18 06:39:42'],
  ])('%s', (format, words) => {
    expect(inCalifornia(format)).toBe(words);
  });

  test('one that Slack does not know, or none at all, shows the fallback', () => {
    expect(inCalifornia('{hour}')).toBe('then');
    expect(inCalifornia('on {date} at {hour}')).toBe('then');
    expect(inCalifornia('soon')).toBe('then');
    expect(inCalifornia('{constructor}')).toBe('then');
    expect(formatDate(Number.NaN, '{date}', 'then', 'UTC')).toBe('then');
  });

  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [22, '22nd'],
    [30, '30th'],
  ])('the %ith is written %s', (day, words) => {
    const instant = Date.UTC(2026, 0, day, 12) / 1000;
    expect(formatDate(instant, '{date}', '', 'UTC')).toBe(`January ${words}, 2026`);
  });
});

describe('today and yesterday', () => {
  const pretty = (instant: string, now: string, zone: string): string =>
    formatDate(at(instant), '{date_short_pretty}', '', zone, Date.parse(now));

  test('are days of the calendar there, not spans of 24 hours', () => {
    expect(pretty('2026-11-20T23:58:00Z', '2026-11-21T00:02:00Z', 'UTC')).toBe('Yesterday');
    expect(pretty('2026-11-20T00:01:00Z', '2026-11-20T23:59:00Z', 'UTC')).toBe('Today');
    expect(pretty('2026-11-21T00:01:00Z', '2026-11-20T23:59:00Z', 'UTC')).toBe('Tomorrow');
    expect(pretty('2026-11-18T23:59:00Z', '2026-11-20T00:01:00Z', 'UTC')).toBe('Nov 18, 2026');
  });

  test('one instant is today for one person and yesterday for another', () => {
    const now = '2026-11-21T00:30:00Z';
    expect(pretty('2026-11-20T22:30:00Z', now, 'America/New_York')).toBe('Today');
    expect(pretty('2026-11-20T22:30:00Z', now, 'Europe/London')).toBe('Yesterday');
    expect(pretty('2026-11-20T22:30:00Z', now, 'Asia/Tokyo')).toBe('Today');
  });

  test('hold on the days of 23 and 25 hours when clocks change', () => {
    // Berlin: 29 March 2026 has 23 hours, 25 October 2026 has 25.
    expect(pretty('2026-03-28T23:30:00Z', '2026-03-29T21:30:00Z', 'Europe/Berlin')).toBe('Today');
    expect(pretty('2026-03-28T22:30:00Z', '2026-03-29T21:30:00Z', 'Europe/Berlin')).toBe('Yesterday');
    expect(pretty('2026-10-24T22:30:00Z', '2026-10-25T22:30:00Z', 'Europe/Berlin')).toBe('Today');
    expect(pretty('2026-10-24T21:30:00Z', '2026-10-25T22:30:00Z', 'Europe/Berlin')).toBe('Yesterday');
  });
});

test('the wall clock follows daylight saving of the zone, and half-hour zones', () => {
  const time = (instant: string, zone: string): string =>
    formatDate(at(instant), '{date_num} {time}', '', zone);
  expect(time('2026-03-29T00:59:00Z', 'Europe/Berlin')).toBe('2026-03-29 01:59');
  expect(time('2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe('2026-03-29 03:00');
  expect(time('2026-11-01T05:30:00Z', 'America/New_York')).toBe('2026-11-01 01:30');
  expect(time('2026-11-01T06:30:00Z', 'America/New_York')).toBe('2026-11-01 01:30');
  expect(time('2026-06-01T00:00:00Z', 'Asia/Kolkata')).toBe('2026-06-01 05:30');
});

test('the two 1:30s of a night are told apart by the full time', () => {
  expect(fullTime(at('2026-11-01T05:30:00Z'), 'America/New_York')).toBe(
    'Sunday, November 1st, 2026 at 01:30:00 EDT (America/New_York)',
  );
  expect(fullTime(at('2026-11-01T06:30:00Z'), 'America/New_York')).toBe(
    'Sunday, November 1st, 2026 at 01:30:00 EST (America/New_York)',
  );
});

test('a zone nobody knows shows UTC instead of nothing', () => {
  expect(formatDate(example, '{date_num} {time}', '', 'Mars/Olympus')).toBe('2014-02-18 14:39');
});

test.each([
  [0, 'just now'],
  [59_000, 'just now'],
  [60_000, '1 minute ago'],
  [3 * 3_600_000, '3 hours ago'],
  [86_400_000, '1 day ago'],
  [-120_000, 'in 2 minutes'],
  [-10_000, 'in a moment'],
])('%i ms passed: %s', (passed, words) => {
  expect(agoWords(passed)).toBe(words);
});

describe('a picker of date and time', () => {
  test('shows and reads the wall clock of the person, both ways', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata']) {
      for (const iso of ['2026-03-29T00:59:00Z', '2026-07-01T12:00:00Z', '2026-12-31T23:59:00Z']) {
        expect(secondsOf(wallOf(at(iso), zone), zone)).toBe(at(iso));
      }
    }
    expect(wallOf(at('2026-07-01T12:00:00Z'), 'Europe/Berlin')).toBe('2026-07-01T14:00');
  });

  test('moves a time that the clocks skip forward, and reads no time as none', () => {
    expect(secondsOf('2026-03-29T02:30', 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'));
    expect(secondsOf('', 'UTC')).toBeNull();
    expect(secondsOf('soon', 'UTC')).toBeNull();
    expect(wallOf(null, 'UTC')).toBe('');
  });
});
