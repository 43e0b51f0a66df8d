// Lengths of time, read and shown.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDuration, readDuration, showDuration } from '../../../src/core/time/index.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('reading', () => {
  it.each<[string, number]>([
    ['30m', 30 * minute],
    ['2h', 2 * hour],
    ['1h30m', 90 * minute],
    ['1h 30m', 90 * minute],
    ['1h30', 90 * minute],
    ['90 min', 90 * minute],
    ['1.5h', 90 * minute],
    ['1,5 h', 90 * minute],
    ['1 day', day],
    ['2d 3h', 51 * hour],
    ['2 weeks', 14 * day],
    ['45s', 45_000],
    ['half an hour', 30 * minute],
    ['an hour', hour],
    ['an hour and a half', 90 * minute],
    ['1 hour and 31 minutes', 91 * minute],
    ['PT1H31M', 91 * minute],
    ['P1DT2H', 26 * hour],
    ['0m', 0],
    [' 5 MINUTES ', 5 * minute],
  ])('%s', (text, milliseconds) => {
    expect(readDuration(text)).toEqual({ ok: true, milliseconds });
  });

  it.each<[string, RegExp]>([
    ['30', /30m for minutes or 30h/],
    ['1:30', /time of day/],
    ['3 months', /no fixed length/],
    ['-2h', /cannot be negative/],
    ['soon', /"soon" is not a length/],
    ['', /like 30m/],
    ['9999999d', /ten years/],
    ['5m later', /not a length/],
    ['1h'.repeat(60), /too long/],
  ])('%s is refused', (text, reason) => {
    const reading = readDuration(text);
    expect(reading.ok ? '' : reading.reason).toMatch(reason);
  });

  it('a sign is allowed where it is asked for', () => {
    expect(readDuration('-2h', { negative: true })).toEqual({ ok: true, milliseconds: -2 * hour });
    expect(readDuration('−30m', { negative: true })).toEqual({ ok: true, milliseconds: -30 * minute });
    expect(readDuration('+2h')).toEqual({ ok: true, milliseconds: 2 * hour });
  });
});

describe('showing', () => {
  it.each<[number, string, string]>([
    [91 * minute, '1h 31m', 'PT1H31M'],
    [-5 * minute, '-5m', '-PT5M'],
    [45_000, '45s', 'PT45S'],
    [51 * hour, '2d 3h', 'PT51H'],
    [0, '0s', 'PT0S'],
    [90_500, '1m 30s', 'PT1M30S'],
    [-500, '0s', 'PT0S'],
    [day, '1d', 'PT24H'],
    [Number.NaN, '0s', 'PT0S'],
    [hour + 5000, '1h', 'PT1H5S'],
  ])('%d', (milliseconds, shown, iso) => {
    expect(showDuration(milliseconds)).toBe(shown);
    expect(isoDuration(milliseconds)).toBe(iso);
  });

  it('what is shown in whole minutes is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (minutes) => {
        const milliseconds = minutes * minute;
        expect(readDuration(showDuration(milliseconds), { negative: true })).toEqual({
          ok: true,
          milliseconds,
        });
        if (minutes >= 0) expect(readDuration(isoDuration(milliseconds))).toEqual({ ok: true, milliseconds });
      }),
    );
  });
});
