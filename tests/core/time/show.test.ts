// What is shown: exact, readable back, and with its zone.
import * as fc from 'fast-check';
import { IANAZone } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  readTime,
  showInstant,
  showUnderstood,
  showWritten,
  slackDate,
  type WrittenTime,
} from '../../../src/core/time/index.js';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Names that are not in the list of the runtime, or are aliases there. */
const aliases = [
  'UTC',
  'Asia/Kolkata',
  'Europe/Kyiv',
  'US/Pacific',
  'Etc/GMT+5',
  'GB',
  'EST5EDT',
  'Asia/Kathmandu',
];
const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), ...aliases])];
const from = Date.UTC(2021, 0, 1);
const to = Date.UTC(2027, 0, 1);

/** The minutes at which a zone's offset changed, found by looking. */
function clockChanges(name: string): number[] {
  const zone = IANAZone.create(name);
  const changes: number[] = [];
  const step = 6 * day;
  let offset = zone.offset(from);
  for (let at = from; at < to; at += step) {
    const next = zone.offset(at + step);
    if (next === offset) continue;
    let [before, after] = [at, at + step];
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute;
      if (zone.offset(middle) === offset) before = middle;
      else after = middle;
    }
    changes.push(after);
    offset = next;
  }
  return changes;
}

function expectReadBack(at: number, zone: string): void {
  const shown = showInstant(new Date(at), zone);
  const reading = readTime(shown, { now: new Date(at + day), zone });
  const read = reading.ok ? reading.time.at?.getTime() : reading.reason;
  if (read !== at) expect.fail(`${zone} ${new Date(at).toISOString()}: ${shown} was read as ${read}`);
}

describe('what is rendered for an instant is parsed back to it', () => {
  it('in every zone, on both sides of each clock change of the last five years', () => {
    let changes = 0;
    for (const zone of zones) {
      for (const change of clockChanges(zone)) {
        changes += 1;
        for (const minutes of [-61, -60, -30, -1, 0, 1, 29, 30, 59, 60, 61])
          expectReadBack(change + minutes * minute, zone);
      }
    }
    expect(changes).toBeGreaterThan(1000);
  });

  it('in every zone, at any second', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(1980, 0) / 1000, max: Date.UTC(2090, 0) / 1000 }),
        (zone, seconds) => {
          expectReadBack(seconds * 1000, zone);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('an instant', () => {
  it.each<[string, string, string]>([
    ['2026-11-21T09:42:00Z', 'Europe/Berlin', '2026-11-21 10:42 CET'],
    ['2026-07-21T09:42:07Z', 'Europe/Berlin', '2026-07-21 11:42:07 CEST'],
    ['2026-11-21T09:42:00Z', 'UTC', '2026-11-21 09:42 UTC'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30 +02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30 +01:00'],
    ['2026-07-21T09:42:00Z', 'America/Los_Angeles', '2026-07-21 02:42 PDT'],
    ['2026-07-21T09:42:00Z', 'America/Phoenix', '2026-07-21 02:42 MST'],
    ['2026-07-21T09:42:00Z', 'Europe/London', '2026-07-21 10:42 BST'],
    ['2026-01-21T09:42:00Z', 'Europe/London', '2026-01-21 09:42 GMT'],
    ['2026-07-21T09:42:00Z', 'Asia/Kolkata', '2026-07-21 15:12 IST'],
    // Letters that others use for something commoner are not shown.
    ['2026-07-21T09:42:00Z', 'Europe/Dublin', '2026-07-21 10:42 +01:00'],
    ['2026-07-21T09:42:00Z', 'Asia/Shanghai', '2026-07-21 17:42 +08:00'],
    ['2026-07-21T09:42:00Z', 'Asia/Dhaka', '2026-07-21 15:42 +06:00'],
    ['2026-07-21T09:42:00Z', 'Nowhere/Bad', '2026-07-21 09:42 UTC'],
  ])('%s in %s', (at, zone, shown) => {
    expect(showInstant(new Date(at), zone)).toBe(shown);
  });

  it('that is none is shown as unknown', () => {
    expect(showInstant(new Date(Number.NaN), 'UTC')).toBe('time unknown');
    expect(slackDate(new Date(Number.NaN))).toBe('time unknown');
  });
});

describe('a written time', () => {
  const exact: WrittenTime = {
    at: new Date('2026-11-21T09:42:00Z'),
    until: null,
    precision: 'exact',
    asWritten: '10:42',
  };
  const early: WrittenTime = { ...exact, at: new Date('2026-11-20T23:10:00Z') };
  const about: WrittenTime = { ...exact, precision: 'approximate', asWritten: '~10:42' };
  const range: WrittenTime = { ...exact, until: new Date('2026-11-21T09:57:00Z'), precision: 'range' };
  const night: WrittenTime = {
    at: new Date('2026-11-20T22:50:00Z'),
    until: new Date('2026-11-20T23:10:00Z'),
    precision: 'range',
    asWritten: '23:50-00:10',
  };
  const unknown: WrittenTime = { at: null, until: null, precision: 'unknown', asWritten: 'TBC' };

  it.each<[WrittenTime, string, string, string]>([
    [
      exact,
      'Europe/Berlin',
      '2026-11-21 10:42 Europe/Berlin (09:42 UTC)',
      '21 Nov 2026 10:42 CET (09:42 UTC)',
    ],
    [exact, 'UTC', '2026-11-21 09:42 UTC', '21 Nov 2026 09:42 UTC'],
    [
      early,
      'Europe/Berlin',
      '2026-11-21 00:10 Europe/Berlin (2026-11-20 23:10 UTC)',
      '21 Nov 2026 00:10 CET (20 Nov 2026 23:10 UTC)',
    ],
    [
      about,
      'Europe/Berlin',
      '~2026-11-21 10:42 Europe/Berlin (09:42 UTC)',
      'about 21 Nov 2026 10:42 CET (09:42 UTC)',
    ],
    [
      range,
      'Europe/Berlin',
      '2026-11-21 10:42–10:57 Europe/Berlin (09:42–09:57 UTC)',
      '21 Nov 2026 10:42–10:57 CET (09:42–09:57 UTC)',
    ],
    [
      night,
      'Europe/Berlin',
      '2026-11-20 23:50 – 2026-11-21 00:10 Europe/Berlin (2026-11-20 22:50–23:10 UTC)',
      '20 Nov 2026 23:50 – 21 Nov 2026 00:10 CET (20 Nov 2026 22:50–23:10 UTC)',
    ],
    [unknown, 'Europe/Berlin', 'time unknown (as written: "TBC")', 'time unknown, as written: "TBC"'],
  ])('%#', (time, zone, written, understood) => {
    expect(showWritten(time, zone)).toBe(written);
    expect(showUnderstood(time, zone)).toBe(understood);
  });
});

describe('Slack’s date token', () => {
  const at = new Date('2026-11-21T09:42:00Z');

  it('falls back to UTC', () => {
    expect(slackDate(at)).toBe('<!date^1795254120^{date_short_pretty} {time}|2026-11-21 09:42 UTC>');
  });

  it('cannot be broken out of', () => {
    expect(slackDate(at, '{time}|x><!channel>^')).toBe(
      '<!date^1795254120^{time}x!channel|2026-11-21 09:42 UTC>',
    );
  });

  it('is read back', () => {
    expect(readTime(slackDate(at), { now: at, zone: 'UTC' })).toMatchObject({ ok: true, time: { at } });
  });
});
