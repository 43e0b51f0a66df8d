// A digest is due once on each day that a zone has, at the time that its clocks show.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { slotAfter, slotBefore } from '../../../src/features/digest/when.js';

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
const daysOf2026 = 365;
const everyDay = Array.from({ length: daysOf2026 }, (_, i) => i + 1).join();

/** Every digest of a year, each planned from the one before. */
function aYear(clock: string, zone: string): DateTime[] {
  const slots: DateTime[] = [];
  let now = DateTime.fromISO('2025-12-31T23:59:59.999', { zone });
  for (let i = 0; i < daysOf2026; i += 1) {
    now = DateTime.fromJSDate(slotAfter(now.toJSDate(), clock, zone).at, { zone });
    slots.push(now);
  }
  return slots;
}

/** What the clocks of a day show first at or after this time, found by looking at every minute of it. */
function firstMinute(day: DateTime, clock: string): string {
  const begins = day.startOf('day');
  for (let minute = begins; minute.hasSame(begins, 'day'); minute = minute.plus({ minutes: 1 }))
    if (minute.toFormat('HH:mm') >= clock) return minute.toISO() ?? '';
  return '';
}

test.each(zones)('%s: at 08:30 on each of 365 days', (zone) => {
  const slots = aYear('08:30', zone);
  expect(slots.map((slot) => slot.toFormat('HH:mm')).every((clock) => clock === '08:30')).toBe(true);
  expect(new Set(slots.map((slot) => slot.toISODate())).size).toBe(daysOf2026);
  expect(slots.at(-1)?.toISODate()).toBe('2026-12-31');
});

test.each(zones)(
  '%s: at any time of the night too, also when the clocks leave it out or show it twice',
  (zone) => {
    const anyClock = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.oneof(anyClock, fc.constantFrom('00:00', '01:59', '02:00', '02:15', '02:30', '03:00', '23:59')),
        (clock) => {
          const slots = aYear(clock, zone);
          expect(slots.map((slot) => slot.ordinal).join()).toBe(everyDay);
          const odd = slots.filter(
            (slot) => slot.toFormat('HH:mm') !== clock || slot.offset !== slot.plus({ days: 1 }).offset,
          );
          for (const slot of odd) expect(slot.toISO()).toBe(firstMinute(slot, clock));
        },
      ),
      { numRuns: 8 },
    );
  },
);

test('one that is due is the latest that is not after now, and the next is after it', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2026-01-02'), max: new Date('2026-12-30'), noInvalidDate: true }),
      fc.constantFrom(...zones),
      (now, zone) => {
        const due = slotBefore(now, '08:30', zone);
        const next = slotAfter(now, '08:30', zone);
        expect(due.at <= now && now < next.at).toBe(true);
        expect(slotAfter(due.at, '08:30', zone)).toEqual(next);
      },
    ),
  );
});

test('a day that an island leaves out has none', () => {
  // Samoa went from 29 to 31 December 2011.
  const before = new Date('2011-12-29T20:00:00Z');
  const first = slotAfter(before, '08:30', 'Pacific/Apia');
  const second = slotAfter(first.at, '08:30', 'Pacific/Apia');
  expect([first.date.day, second.date.day]).toEqual([31, 1]);
});
