// Durations and clock faces: nothing clamped, nothing guessed, no zone of the host.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  durationsOf,
  measureDuration,
  showInstant,
  showOnFace,
  wallClock,
} from '../../../src/features/postmortem/durations.js';
import { bareRecord, deletedCluster } from './sample.js';

describe('durations', () => {
  test('are those of the record of a real incident', () => {
    expect(durationsOf(deletedCluster())).toEqual(deletedCluster().durations);
  });

  test('an unknown end gives null, and says how to make it known', () => {
    const detect = measureDuration('detect', bareRecord({ detectedAt: '2022-05-18T10:37:00Z' }));
    expect(detect).toMatchObject({ seconds: null, iso: null, human: null });
    expect(detect.explanations).toEqual(['started is unknown: say it with `/incident started TIME`']);
  });

  test('a negative one is kept and explained', () => {
    const moments = bareRecord({ startedAt: '2022-05-18T10:42:00Z', detectedAt: '2022-05-18T10:37:00Z' });
    const detect = measureDuration('detect', moments);
    expect(detect).toMatchObject({ seconds: -300, iso: '-PT5M', human: '-5m' });
    expect(detect.explanations[0]).toContain('detected 5m before it started: either a warning came before');
  });

  test.each([
    [0, 'PT0S', '0s'],
    [40, 'PT40S', '40s'],
    [860, 'PT14M20S', '14m 20s'],
    [5460, 'PT1H31M', '1h 31m'],
    [93_600, 'PT26H', '1d 2h'],
    [-300, '-PT5M', '-5m'],
  ])('%i seconds read %s and %s', (seconds, iso, human) => {
    expect(detectedAfter(seconds)).toMatchObject({ seconds, iso, human });
  });

  test('the ISO form loses no second', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (seconds) => {
        const [, sign, h = 0, m = 0, s = 0] =
          /^(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(detectedAfter(seconds).iso ?? '') ?? [];
        const total = Number(h) * 3600 + Number(m) * 60 + Number(s);
        expect(sign === '-' ? -total : total).toBe(seconds);
      }),
    );
  });
});

/** The duration to detect, where the detection came so much later than the start. */
function detectedAfter(seconds: number) {
  const startedAt = '2022-05-18T10:22:00Z';
  const detectedAt = new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
  return measureDuration('detect', bareRecord({ startedAt, detectedAt }));
}

describe('clock faces', () => {
  test('one hour that comes twice is told apart by UTC', () => {
    const berlin = wallClock('Europe/Berlin');
    expect(showInstant(berlin, '2026-10-25T00:30:00Z')).toBe('2026-10-25 02:30 (00:30 UTC)');
    expect(showInstant(berlin, '2026-10-25T01:30:00Z')).toBe('2026-10-25 02:30 (01:30 UTC)');
  });

  test('UTC has a date of its own where its day is another', () => {
    expect(showInstant(wallClock('Asia/Tokyo'), '2026-03-29T22:10:00Z')).toBe(
      '2026-03-30 07:10 (2026-03-29 22:10 UTC)',
    );
    expect(showInstant(wallClock('UTC'), '2026-03-29T22:10:00+02:00')).toBe('2026-03-29 20:10 UTC');
  });

  test.each(['local', 'system', 'Mars/Base', '', 'Etc/UTC'])(
    'the zone %j reads as UTC and never as the host',
    (zone) => {
      expect(wallClock(zone)).toMatchObject({ zone: 'UTC', utc: null });
    },
  );

  test('a range keeps both ends, with the date when the day changes', () => {
    const { local } = wallClock('UTC');
    const [from, until] = [Date.parse('2026-03-29T23:50:00Z'), Date.parse('2026-03-30T00:20:00Z')];
    expect(showOnFace(local, from, until, 'range', '2026-03-29')).toBe('23:50–2026-03-30 00:20');
    expect(showOnFace(local, from, null, 'approximate', '2026-03-29')).toBe('~23:50');
  });
});
