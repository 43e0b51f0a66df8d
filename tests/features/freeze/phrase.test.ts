// Recurring freezes as people say them: understood, shown back, or refused with what to write instead.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phraseOf, readPhrase } from '../../../src/features/freeze/phrase.js';
import { rulePhrase } from '../../../src/features/freeze/phrase-words.js';
import { scheduleSchema, windowAt, windowsOf } from '../../../src/features/freeze/schedule.js';

// Friday, 20 November 2026.
const today = { year: 2026, month: 11, day: 20 };

function read(text: string, zone = 'Europe/Berlin', day = today) {
  const found = readPhrase(text, zone, day);
  if (!found.ok) throw new Error(`${text}: ${found.reason}`);
  return found.schedule;
}

function reasonFor(text: string): string {
  const found = readPhrase(text, 'Europe/Berlin', today);
  return found.ok ? `understood as ${phraseOf(found.schedule)}` : found.reason;
}

// What was said, what is said back, and when it is on first after it was made, in UTC.
const said: [string, string, string][] = [
  ['every weekday 18:00 to 08:00', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['weekdays 6pm to 8am', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['Every Weekday 6 PM – 8 AM', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['weekday 18:00-08:00', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['“weekday 18.00 until 8.00”', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['mon-fri 18:00 - 08:00', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['Mon to Fri 18:00 to 08:00', 'every weekday 18:00 to 08:00', '11-20T17:00 11-21T07:00'],
  ['Friday 16:00 to Monday 08:00', 'every Friday 16:00 to Monday 08:00', '11-20T15:00 11-23T07:00'],
  ['Fri 4pm till Mon 8am', 'every Friday 16:00 to Monday 08:00', '11-20T15:00 11-23T07:00'],
  ['Friday 16:00 – Monday 08:00', 'every Friday 16:00 to Monday 08:00', '11-20T15:00 11-23T07:00'],
  ['Monday 9:00 to Monday 8:00', 'every Monday 09:00 to Monday 08:00', '11-16T08:00 11-23T07:00'],
  ['20 Dec to 2 Jan', 'every year 20 Dec to 2 Jan', '12-19T23:00 2027-01-02T23:00'],
  ['20 December – 2 January', 'every year 20 Dec to 2 Jan', '12-19T23:00 2027-01-02T23:00'],
  [
    'every year from 20th Dec 18:00 to 2nd Jan',
    'every year 20 Dec 18:00 to 2 Jan',
    '12-20T17:00 2027-01-02T23:00',
  ],
  ['Dec 20 noon to Jan 2 6pm', 'every year 20 Dec 12:00 to 2 Jan 18:00', '12-20T11:00 2027-01-02T17:00'],
  ['31 Dec', 'every year 31 Dec to 31 Dec', '12-30T23:00 12-31T23:00'],
  [
    'Mon, Wed and Fri 9:00 to 17:00',
    'every Monday, Wednesday and Friday 09:00 to 17:00',
    '11-20T08:00 11-20T16:00',
  ],
  ['tues & thurs 9am to 5pm', 'every Tuesday and Thursday 09:00 to 17:00', '11-24T08:00 11-24T16:00'],
  ['every day 22:00 to 06:00', 'every day 22:00 to 06:00', '11-20T21:00 11-21T05:00'],
  ['daily 20:00 to 24:00', 'every day 20:00 to 24:00', '11-20T19:00 11-20T23:00'],
  ['every day 20:00 to midnight', 'every day 20:00 to 24:00', '11-20T19:00 11-20T23:00'],
  ['every night 22:00 to 6:00', 'every day 22:00 to 06:00', '11-20T21:00 11-21T05:00'],
  ['weekends', 'every weekend', '11-20T23:00 11-22T23:00'],
  ['Sundays', 'every Sunday', '11-21T23:00 11-22T23:00'],
  ['weekend 10:00 to 12:00', 'every weekend 10:00 to 12:00', '11-21T09:00 11-21T11:00'],
  ['last Friday 16:00 to 18:00', 'every last Friday of the month 16:00 to 18:00', '11-27T15:00 11-27T17:00'],
  [
    'the last Friday of the month 16:00 to Monday 08:00',
    'every last Friday of the month 16:00 to Monday 08:00',
    '11-27T15:00 11-30T07:00',
  ],
  [
    'FREQ=MONTHLY;BYDAY=1FR 16:00 to 18:00',
    'every first Friday of the month 16:00 to 18:00',
    '12-04T15:00 12-04T17:00',
  ],
  [
    'rrule:freq=weekly;interval=2;byday=fr 16:00 to +2d 8:00',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 16:00 to +2d 08:00',
    '11-20T15:00 11-22T07:00',
  ],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 00:00 to 24:00',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 00:00 to 24:00',
    '11-29T23:00 11-30T23:00',
  ],
];

describe('understood', () => {
  test.each(said)('%s', (text, back, first) => {
    const schedule = read(text);
    expect(rulePhrase(schedule)).toBe(back);
    expect(phraseOf(schedule)).toBe(`${back} (Europe/Berlin)`);
    const [window] = windowsOf(schedule, new Date('2026-11-20T07:00:00Z'), new Date('2027-02-01T00:00:00Z'));
    const short = (at: Date | null | undefined) =>
      at
        ?.toISOString()
        .slice(0, 16)
        .replace(/^2026-/, '');
    expect(`${short(window?.from)} ${short(window?.until)}`).toBe(first);
    // What is shown means the same when it is typed.
    expect(read(back)).toEqual(schedule);
  });

  test('what is under way when it is made is on at once', () => {
    const [evening, night] = [new Date('2026-11-20T19:00:00Z'), new Date('2026-11-21T01:00:00Z')];
    const weekday = read('every weekday 18:00 to 08:00');
    expect(windowAt(weekday, evening)).not.toBeNull();
    // Made on Saturday at 02:00, in the night that began on Friday.
    const saturday = { ...today, day: 21 };
    expect(windowAt(read('every weekday 18:00 to 08:00', 'Europe/Berlin', saturday), night)).not.toBeNull();
    const holidays = read('20 Dec to 2 Jan', 'Europe/Berlin', { ...today, month: 12, day: 28 });
    expect(windowAt(holidays, new Date('2026-12-28T12:00:00Z'))?.until).toEqual(
      new Date('2027-01-02T23:00:00Z'),
    );
  });

  test('a rule that counts, or leaves weeks out, begins on the day it was made', () => {
    expect(read('FREQ=DAILY;COUNT=3 18:00 to 20:00').from).toBe('2026-11-20');
    expect(read('FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 18:00 to 20:00').from).toBe('2026-11-20');
  });

  test('days of the year hold in years with a 29 February too', () => {
    const winter = read('20 Feb to 5 Mar', 'UTC');
    const at = (year: number) => windowAt(winter, new Date(`${year}-03-01T00:00:00Z`))?.until?.toISOString();
    expect([at(2027), at(2028)]).toEqual(['2027-03-06T00:00:00.000Z', '2028-03-06T00:00:00.000Z']);
    const february = read('20 Feb to 28 Feb', 'UTC');
    expect(windowAt(february, new Date('2028-02-28T23:00:00Z'))?.until?.toISOString()).toBe(
      '2028-02-29T00:00:00.000Z',
    );
  });
});

test.each([
  ['', /Write it like “weekday 18:00 to 08:00”/],
  ['whenever', /“whenever” does not say when/],
  ['weekday 18 to 8', /“18” is no time of day.*6pm/],
  ['weekday 25:00 to 08:00', /“25:00” is no time/],
  ['weekday 24:00 to 08:00', /“24:00” is no time/],
  ['weekday 13pm to 08:00', /“13pm” is no time/],
  ['weekday 18:00 to 08:00 until 20 Dec', /last day of a rule stands apart: until:"20 Dec"/],
  ['Friday 16:00 to Monday 8am till Jan 31', /until:"Jan 31"/],
  ['20:00 to 22:00', /On which days\? “every day 20:00 to 22:00”/],
  ['wekday 18:00 to 08:00', /does not say when/],
  ['every day', /always.*every day 00:00 to 24:00/],
  ['Friday to Monday', /Say the times too: “Friday 00:00 to Monday 24:00”/],
  ['every other Friday 16:00 to 18:00', /may mean.*INTERVAL=2/],
  ['every second Friday 16:00 to 18:00', /may mean.*second Friday of the month/],
  ['weekday 18:00 to 08:00 Europe/Berlin', /zone:Europe\/Berlin/],
  ['20 Dec 2026 to 2 Jan 2027', /has no year.*from: and until:/],
  ['24/12 to 2/1', /does not say when/],
  ['29 Feb to 5 Mar', /29 February/],
  ['31 Jun to 5 Jul', /no such day/],
  ['1 Jun to 31 Aug', /lasts 62 at most/],
  ['FREQ=WEEKLY 16:00 to 18:00', /does not say on which days/],
  ['FREQ=HOURLY 16:00 to 18:00', /DAILY, WEEKLY, MONTHLY or YEARLY/],
  ['FREQ=DAILY;BYHOUR=3 16:00 to 18:00', /“BYHOUR” cannot stand/],
  ['FREQ=WEEKLY;BYDAY=XX 16:00 to 18:00', /./],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 00:00 to 24:00', /no day/],
  ['FREQ=WEEKLY;BYDAY=FR', /Behind the rule stand its times/],
  ['FREQ=DAILY 18:00 to +99d 08:00', /lasts 62 at most/],
  ['x'.repeat(301), /too long/],
])('refused, and taught: %s', (text, reason) => {
  expect(reasonFor(text)).toMatch(reason);
  expect(reasonFor(text)).not.toMatch(/^understood/);
});

const words = [
  ...[
    'every',
    'weekday',
    'weekends',
    'day',
    'Mon',
    'Friday',
    'and',
    ',',
    'to',
    '–',
    '-',
    'until',
    'last',
    'first',
  ],
  ...[
    'second',
    'of the month',
    '18:00',
    '8:00',
    '6pm',
    '24:00',
    '00:00',
    'noon',
    'midnight',
    '20',
    'Dec',
    '2',
    'Jan',
  ],
  ...[
    '29',
    'Feb',
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=FR,MO',
    'FREQ=MONTHLY;BYDAY=-1SU',
    '+3d',
    'COUNT=3',
    '2026',
  ],
];

test('whatever is written is understood or refused; what is understood can be kept, and means the same when shown', () => {
  const phrase = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(fc.constantFrom(...words), { maxLength: 9 }).map((each) => each.join(' ')),
    // Mostly right.
    fc
      .tuple(
        fc.constantFrom('weekday', 'Mon', 'sat, sun', 'last Friday', '20 Dec', 'FREQ=DAILY;INTERVAL=3'),
        fc.nat(1439),
        fc.constantFrom('', 'Monday ', '2 Jan ', '+3d '),
        fc.nat(1440),
      )
      .map(([day, from, other, to]) => `${day} ${clock(from)} to ${other}${clock(to)}`),
  );
  let understood = 0;
  fc.assert(
    fc.property(phrase, (text) => {
      const found = readPhrase(text, 'Europe/Berlin', today);
      if (!found.ok) {
        expect(found.reason.length).toBeGreaterThan(10);
        return;
      }
      understood += 1;
      expect(scheduleSchema.parse(JSON.parse(JSON.stringify(found.schedule)))).toEqual(found.schedule);
      expect(read(rulePhrase(found.schedule))).toEqual(found.schedule);
    }),
    { numRuns: 2_000 },
  );
  expect(understood).toBeGreaterThan(100);
});

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
