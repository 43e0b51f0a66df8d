// The day a message belongs to, in the zone of who reads it.
import { describe, expect, test } from 'vitest';
import { dayOf } from '../../../src/sandbox/browser/channel/clock.js';

describe('a message belongs to the day', () => {
  test.each([
    ['Asia/Kathmandu', '2026-11-21T18:15:00Z', '2026-11-22'],
    ['Pacific/Chatham', '2026-11-21T10:15:00Z', '2026-11-22'],
    ['Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-22'],
    ['Europe/Berlin', '2026-11-21T23:00:00Z', '2026-11-22'],
    ['America/Los_Angeles', '2026-11-22T08:00:00Z', '2026-11-22'],
    // The day with 25 hours begins in summer time.
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25'],
  ])('that begins at midnight in %s', (zone, midnight, day) => {
    const seconds = Date.parse(midnight) / 1000;
    const before = new Date(Date.parse(`${day}T00:00:00Z`) - 1).toISOString().slice(0, 10);
    expect(dayOf(`${seconds}.000000`, zone)).toBe(day);
    expect(dayOf(`${seconds - 1}.999999`, zone)).toBe(before);
    // Asked again, in the other order.
    expect(dayOf(`${seconds + 60}.000000`, zone)).toBe(day);
  });

  test('of the zone, not of who asked before', () => {
    const ts = `${Date.parse('2026-11-21T23:30:00Z') / 1000}.000100`;
    expect(dayOf(ts, 'UTC')).toBe('2026-11-21');
    expect(dayOf(ts, 'Europe/Berlin')).toBe('2026-11-22');
  });
});
