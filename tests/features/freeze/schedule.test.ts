// When a freeze is on: in wall time of its zone, whatever clocks and hosts do.
import { expect, test } from 'vitest';
import {
  firstWindow,
  lastEnd,
  nextWindow,
  type Recurring,
  type Schedule,
  scheduleSchema,
  windowAt,
  windowBefore,
} from '../../../src/features/freeze/schedule.js';

const at = (text: string) => new Date(text);

function rule(text: string, start: string, days: number, end: string, more: object = {}): Recurring {
  return scheduleSchema.parse({
    ...{ type: 'recurring', zone: 'Europe/Berlin', rule: text, from: '2026-01-01', start },
    end: { days, time: end },
    ...more,
  }) as Recurring;
}

function shown(found: { from: Date; until: Date | null } | null): string | null {
  return (
    found && `${found.from.toISOString().slice(0, 16)} ${found.until?.toISOString().slice(0, 16) ?? 'on'}`
  );
}

const nights = rule('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '18:00', 1, '08:00');

test('it begins at its first instant and is over at its last', () => {
  // Friday, 20 November 2026, in winter time.
  expect(windowAt(nights, at('2026-11-20T16:59:59.999Z'))).toBeNull();
  expect(shown(windowAt(nights, at('2026-11-20T17:00:00Z')))).toBe('2026-11-20T17:00 2026-11-21T07:00');
  expect(shown(windowAt(nights, at('2026-11-21T06:59:59.999Z')))).toBe('2026-11-20T17:00 2026-11-21T07:00');
  expect(windowAt(nights, at('2026-11-21T07:00:00Z'))).toBeNull();
  expect(shown(nextWindow(nights, at('2026-11-20T17:00:00Z')))).toBe('2026-11-23T17:00 2026-11-24T07:00');
  expect(shown(windowBefore(nights, at('2026-11-22T12:00:00Z')))).toBe('2026-11-20T17:00 2026-11-21T07:00');
});

test('windows that meet are one, for however long', () => {
  const always = rule('FREQ=DAILY', '00:00', 1, '00:00');
  expect(shown(windowAt(always, at('2026-11-20T12:00:00Z')))).toBe('2025-12-31T23:00 on');
  expect(nextWindow(always, at('2026-11-20T12:00:00Z'))).toBeNull();
  const tillJune = rule('FREQ=DAILY', '00:00', 1, '00:00', { until: '2026-06-30' });
  expect(shown(windowAt(tillJune, at('2026-01-02T12:00:00Z')))).toBe('2025-12-31T23:00 2026-06-30T22:00');
  const weeks = rule('FREQ=WEEKLY;BYDAY=MO', '06:00', 7, '06:00');
  expect(shown(windowAt(weeks, at('2026-11-20T12:00:00Z')))).toBe('2026-01-05T05:00 on');
  const overlapping = rule('FREQ=DAILY;INTERVAL=5;COUNT=4', '12:00', 6, '11:00');
  expect(shown(windowAt(overlapping, at('2026-01-10T12:00:00Z')))).toBe('2026-01-01T11:00 2026-01-22T10:00');
});

test('a rule that ends is over, and says when', () => {
  expect(lastEnd(nights)).toBeNull();
  expect(lastEnd({ ...nights, until: '2026-11-22' })).toEqual(at('2026-11-21T07:00:00Z'));
  expect(lastEnd(rule('FREQ=DAILY;COUNT=3', '18:00', 1, '08:00'))).toEqual(at('2026-01-04T07:00:00Z'));
  expect(lastEnd(rule('FREQ=DAILY;UNTIL=20260105', '18:00', 0, '20:00'))).toEqual(at('2026-01-05T19:00:00Z'));
  expect(lastEnd(rule('FREQ=DAILY;COUNT=3', '18:00', 1, '08:00', { skip: ['2026-01-03'] }))).toEqual(
    at('2026-01-03T07:00:00Z'),
  );
  const ended = { ...nights, until: '2026-11-22' };
  expect(shown(windowAt(ended, at('2026-11-20T20:00:00Z')))).toBe('2026-11-20T17:00 2026-11-21T07:00');
  expect(windowAt(ended, at('2026-11-23T20:00:00Z'))).toBeNull();
  expect(firstWindow(ended, at('2026-11-23T20:00:00Z'))).toBeNull();
  const never: Schedule = { ...nights, from: '2026-11-28', until: '2026-11-29' };
  expect(firstWindow(never, at('2026-11-23T20:00:00Z'))).toBeNull();
  expect(lastEnd(never)).toEqual(at('2026-11-28T00:00:00Z'));
});

test('what comes round rarely is found', () => {
  const leap = rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '00:00', 1, '00:00');
  expect(shown(firstWindow(leap, at('2026-11-20T12:00:00Z')))).toBe('2028-02-28T23:00 2028-02-29T23:00');
  const turn = rule('FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20', '00:00', 14, '00:00');
  expect(shown(nextWindow(turn, at('2026-01-10T12:00:00Z')))).toBe('2026-12-19T23:00 2027-01-02T23:00');
  expect(shown(windowAt(turn, at('2027-01-02T22:59:00Z')))).toBe('2026-12-19T23:00 2027-01-02T23:00');
  const lastFriday = rule('FREQ=MONTHLY;BYDAY=-1FR', '16:00', 3, '08:00');
  expect(shown(nextWindow(lastFriday, at('2026-11-20T12:00:00Z')))).toBe('2026-11-27T15:00 2026-11-30T07:00');
});
