// Reading a log: each time follows the entry before it, not the present.
import { expect, it } from 'vitest';
import { readTime, type TimeContext } from '../../../src/core/time/index.js';

const now = new Date('2026-07-01T12:00:00Z');

/** Reads a log as a drill does: the day first, then each entry after the one before. */
function readLog(zone: string, day: string, times: string[], locale?: string): string[] {
  let after: Date | undefined;
  return times.map((text) => {
    const context: TimeContext = { now, zone, day, after, locale };
    const reading = readTime(text, context);
    if (!reading.ok) return reading.reason;
    after = reading.time.until ?? reading.time.at ?? after;
    return reading.time.at?.toISOString().slice(0, 16) ?? 'unknown';
  });
}

it('bare times fall on the day of the log, in its zone', () => {
  expect(readLog('America/New_York', '2022-03-14', ['10:15', '16:00', '2022-03-15 09:30', '10:00'])).toEqual([
    '2022-03-14T14:15',
    '2022-03-14T20:00',
    '2022-03-15T13:30',
    '2022-03-15T14:00',
  ]);
});

it('a time after midnight is of the next day', () => {
  expect(readLog('UTC', '2024-02-28', ['22:10', '23:55 UTC', '00:05', '03:00', '18:00', '02:00'])).toEqual([
    '2024-02-28T22:10',
    '2024-02-28T23:55',
    '2024-02-29T00:05',
    '2024-02-29T03:00',
    '2024-02-29T18:00',
    '2024-03-01T02:00',
  ]);
});

it('a small step back stays on its day and is remarked', () => {
  expect(readLog('UTC', '2024-02-28', ['10:22-10:56', '10:42'])).toEqual([
    '2024-02-28T10:22',
    '2024-02-28T10:42',
  ]);
  const reading = readTime('10:42', { now, zone: 'UTC', after: new Date('2024-02-28T10:56:00Z') });
  expect(reading).toMatchObject({ ok: true, remarks: ['That is before the entry before it.'] });
});

it('a time before midnight never falls on the day before', () => {
  expect(readLog('UTC', '2024-02-28', ['00:05', '23:55'])).toEqual(['2024-02-28T00:05', '2024-02-28T23:55']);
});

it('other zones are placed by the instant', () => {
  expect(
    readLog('America/Denver', '2025-07-24', ['20:09 Denver', '02:15 UTC', '8:30 PM PDT', '11pm-ish']),
  ).toEqual(['2025-07-25T02:09', '2025-07-25T02:15', '2025-07-25T03:30', '2025-07-25T05:00']);
});

it('the days around settle what a date in figures means, before any locale', () => {
  expect(readLog('UTC', '2025-07-24', ['24/07/25 12:34', '25/07 09:00'])).toEqual([
    '2025-07-24T12:34',
    '2025-07-25T09:00',
  ]);
  expect(readLog('UTC', '2025-03-04', ['03/04/25 12:34'])).toEqual(['2025-03-04T12:34']);
  expect(readLog('UTC', '2024-07-25', ['24/07/25 12:34'])).toEqual(['2024-07-25T12:34']);
});

it('a date without a year is the nearest', () => {
  expect(
    readLog('America/Los_Angeles', '2022-12-31', [
      '11:50 PM on December 31',
      '12:55 AM PST on January 1',
      '1:10 AM',
    ]),
  ).toEqual(['2023-01-01T07:50', '2023-01-01T08:55', '2023-01-01T09:10']);
});

it('weekdays and relative days follow the log', () => {
  expect(readLog('UTC', '2024-02-28', ['Wednesday 10:00', 'Thursday 09:00', 'yesterday 23:00'])).toEqual([
    '2024-02-28T10:00',
    '2024-02-29T09:00',
    '2024-02-28T23:00',
  ]);
});

it('what is not known leaves the day where it was', () => {
  expect(readLog('Europe/London', '2026-03-12', ['14:06', 'Time TBC', '14:10'])).toEqual([
    '2026-03-12T14:06',
    'unknown',
    '2026-03-12T14:10',
  ]);
});

it('a date that jumps is remarked', () => {
  const reading = readTime('2024-04-28 10:42', { now, zone: 'UTC', after: new Date('2024-02-28T10:56:00Z') });
  expect(reading).toMatchObject({ ok: true, remarks: ['That is 59 days after the entry before it.'] });
});

it('at the clock change the first such time after the entry before is meant', () => {
  expect(readLog('Europe/Berlin', '2025-10-26', ['02:10', '02:50', '02:20', '03:00'])).toEqual([
    '2025-10-26T00:10',
    '2025-10-26T00:50',
    '2025-10-26T00:20',
    '2025-10-26T02:00',
  ]);
});

it('the next day is that after the entry before', () => {
  expect(readLog('UTC', '2024-02-28', ['22:10', 'next day 09:30', 'the following morning at 9:15'])).toEqual([
    '2024-02-28T22:10',
    '2024-02-29T09:30',
    '2024-03-01T09:15',
  ]);
});
