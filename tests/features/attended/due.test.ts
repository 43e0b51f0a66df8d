// The times of cover and validation, as plain values: nights in a zone, and when somebody is asked again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coverAgain,
  touchesNight,
  uncoveredAt,
  validationAgain,
} from '../../../src/features/attended/due.js';
import { declareLine } from '../../../src/features/attended/words.js';

const at = (text: string) => new Date(text);
const hourMs = 3_600_000;

describe('night and weekend, in the workspace’s zone', () => {
  test.each([
    ['2026-03-10T09:00:00Z', '2026-03-10T19:00:00Z', 'UTC', false],
    ['2026-03-10T09:00:00Z', '2026-03-10T20:00:00Z', 'UTC', false],
    ['2026-03-10T09:00:00Z', '2026-03-10T20:01:00Z', 'UTC', true],
    ['2026-03-10T07:59:00Z', '2026-03-10T09:00:00Z', 'UTC', true],
    ['2026-03-10T09:00:00Z', '2026-03-11T09:00:00Z', 'UTC', true],
    // A Friday in Berlin is a Saturday in Auckland.
    ['2026-03-13T12:00:00Z', '2026-03-13T13:00:00Z', 'Europe/Berlin', false],
    ['2026-03-13T12:00:00Z', '2026-03-13T13:00:00Z', 'Pacific/Auckland', true],
    // 20:00 in Berlin is 19:00 UTC before the clocks change, and 18:00 UTC after.
    ['2026-03-27T17:00:00Z', '2026-03-27T18:30:00Z', 'Europe/Berlin', false],
    ['2026-03-30T17:00:00Z', '2026-03-30T18:30:00Z', 'Europe/Berlin', true],
  ])('%s to %s in %s: %s', (from, until, zone, night) => {
    expect(touchesNight(at(from), at(until), zone)).toBe(night);
  });
});

test('a question is always asked again: later, within a day, and never twice within half an hour', () => {
  const since = at('2026-03-10T15:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * 24 * 60 }), (minutes) => {
      const now = new Date(since.getTime() + minutes * 60_000);
      const again = validationAgain(since, now);
      const wait = again.getTime() - now.getTime();
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(24 * hourMs);
      expect(validationAgain(since, again).getTime() - again.getTime()).toBeGreaterThanOrEqual(hourMs / 2);
    }),
  );
});

test('who is asked for cover is asked again after an hour and half an hour before, and not after the start', () => {
  const [first, start] = [at('2026-03-10T10:00:00Z'), at('2026-03-10T14:00:00Z')];
  expect(coverAgain(first, start, first)).toEqual(at('2026-03-10T11:00:00Z'));
  expect(coverAgain(first, start, at('2026-03-10T11:00:00Z'))).toEqual(at('2026-03-10T13:30:00Z'));
  expect(coverAgain(first, start, at('2026-03-10T13:30:00Z'))).toBeNull();
  expect(coverAgain(first, at('2026-03-10T10:20:00Z'), first)).toBeNull();
});

test('others hear that nobody covers it half an hour before, or so soon that there is time to answer', () => {
  const start = at('2026-03-10T14:00:00Z');
  expect(uncoveredAt(start, at('2026-03-10T10:00:00Z'))).toEqual(at('2026-03-10T13:30:00Z'));
  expect(uncoveredAt(start, at('2026-03-10T13:45:00Z'))).toEqual(at('2026-03-10T13:55:00Z'));
  expect(uncoveredAt(start, at('2026-03-10T13:58:00Z'))).toEqual(start);
});

test('a button that declares names as many components as Slack lets it hold', () => {
  expect(declareLine('CHG-7', [])).toBe('/incident declare something is wrong since CHG-7');
  const many = Array.from({ length: 50 }, (_, i) => `service-${i}/prod/eu-${i}`);
  const line = declareLine('CHG-7', many);
  expect(line.length).toBeLessThanOrEqual(200);
  expect(line).toContain(' on:service-0/prod/eu-0,service-1/prod/eu-1');
});
