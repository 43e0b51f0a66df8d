// Whatever is written, reading it is quick, does not throw, and does not depend on the host.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  noticeTime,
  readDuration,
  readLeadingTime,
  readTime,
  showInstant,
  type TimeContext,
} from '../../../src/core/time/index.js';
import { meaningsOf } from '../../../src/core/time/letters.js';
import { zoneOfPlace } from '../../../src/core/time/places.js';
import { canonicalZone } from '../../../src/core/time/zones.js';

const context: TimeContext = { now: new Date('2026-03-31T09:41:30Z'), zone: 'Europe/Berlin' };

/** Generous beside the few tenths that it takes, for a machine that does other things too. */
const slowMs = 25;

const pieces = [
  '10:42',
  '25:10',
  '9am',
  '11',
  '11.50',
  '0942',
  ' ',
  ' ',
  ' ',
  '-',
  ' - ',
  '–',
  '/',
  ',',
  ':',
  '(',
  ')',
  '[',
  '~',
  '?',
  'UTC',
  'PST',
  'Z',
  '+01:00',
  '-0700',
  'Denver',
  'New York',
  'Europe/Berlin',
  'A/B',
  'March',
  'May',
  '30',
  '2026',
  '22025',
  '2026-03-30',
  '24/07/25',
  'Monday',
  'last',
  'the',
  'of',
  'on',
  'at',
  'ago',
  'yesterday',
  'noon',
  'midnight',
  'now',
  'between',
  'and',
  'from',
  'to',
  'about',
  'ish',
  'TBC',
  '5m',
  'half an hour',
  'days',
  'T',
  '1652868120',
  '<!date^1^{x}|y>',
  'P',
  'PT15M',
  '\u0130',
  '💥',
  'x',
];

const written = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(' ')),
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 200 }))
    .map(([piece, times]) => piece.repeat(times)),
  fc.constantFrom(...pieces).map((piece) => `10:42 ${`${piece} `.repeat(3_000)}`.slice(0, 10_000)),
);

it('no input makes it throw or take longer than a few milliseconds', () => {
  let slowest = { text: '', ms: 0 };
  const read = (text: string) => {
    readTime(text, context);
    readLeadingTime(text, context);
    noticeTime(text);
    readDuration(text);
  };
  for (const text of ['10:42 Denver', '10:42 PST', 'March 30 10:42', 'last Friday 9am', 'x']) read(text);
  fc.assert(
    fc.property(written, (text) => {
      // The best of three: what is slow by its nature is slow each time, a busy machine is not.
      const times = [0, 1, 2].map(() => {
        const start = performance.now();
        read(text);
        return performance.now() - start;
      });
      const ms = Math.min(...times);
      if (ms > slowest.ms) slowest = { text, ms };
    }),
    { numRuns: 2000 },
  );
  expect(slowest.ms, slowest.text).toBeLessThan(slowMs);
});

it('a leading time and the rest are of the text, in order', () => {
  fc.assert(
    fc.property(written, fc.string(), (start, end) => {
      const text = `${start} ${end}`;
      const leading = readLeadingTime(text, context);
      if (!leading) return;
      expect(text.trimEnd().endsWith(leading.rest)).toBe(true);
      if (leading.reading.ok) expect(text).toContain(leading.reading.time.asWritten);
    }),
  );
});

it('strange contexts do not make it throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('10:42', 'March 30 10:42', 'Monday 9am', '10:42 CST', '23:50-00:10', '03/04 10:42'),
      fc.string(),
      fc.date({ noInvalidDate: false }),
      (text, odd, date) => {
        readTime(text, { now: date, zone: odd, workspaceZone: odd, locale: odd, day: odd, after: date });
        readTime(text, { now: context.now, zone: odd, day: odd });
      },
    ),
  );
});

it('every zone that letters and places name exists', () => {
  for (const place of [
    'Denver',
    'Pacific',
    'San Francisco',
    'Kyiv',
    'Mumbai',
    'Wellington',
    'UK',
    'Beijing',
    'New York',
  ]) {
    expect(canonicalZone(zoneOfPlace(place) ?? ''), place).not.toBeNull();
  }
  for (const letters of ['EST', 'CEST', 'IST', 'CST', 'NZDT', 'SAST', 'BRT', 'WIB']) {
    for (const meaning of meaningsOf(letters))
      expect(canonicalZone(meaning.family.home), letters).not.toBeNull();
  }
});

it('the zone of the host does not matter', () => {
  const texts = [
    '10:42',
    '02:30',
    '2026-03-29 02:30',
    '2026-03-08 02:30 PST',
    'March 30 12:55',
    'March 8 02:30',
    'last Friday 16:00',
    'yesterday 23:58',
    '3 days ago 9am',
    '10:42 BST',
    '29 Feb 10:00',
    'Monday 14:00',
    '23:50-00:10',
  ];
  const zones = ['Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati'];
  const readAll = () =>
    JSON.stringify(
      zones.map((zone) => [
        showInstant(context.now, zone),
        ...texts.map((text) => readTime(text, { ...context, zone })),
      ]),
    );
  const before = process.env.TZ;
  try {
    const [first, ...others] = ['UTC', 'Asia/Kolkata', 'America/Los_Angeles', 'Pacific/Apia'].map((host) => {
      process.env.TZ = host;
      return { offset: context.now.getTimezoneOffset(), read: readAll() };
    });
    expect(others.map((other) => other.offset)).toEqual([-330, 420, -780]);
    for (const other of others) expect(other.read).toBe(first?.read);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
