// Times as people write them, each with what it means.
import { describe, expect, it } from 'vitest';
import { readTime, type TimeContext } from '../../../src/core/time/index.js';

/** A Tuesday, two days after the clocks of Europe went forward: 11:41 in Berlin, 02:41 in California. */
const now = new Date('2026-03-31T09:41:30Z');
const july = new Date('2026-07-15T12:00:00Z');
const january = new Date('2026-01-15T12:00:00Z');

const berlin: TimeContext = { now, zone: 'Europe/Berlin' };
const denver: TimeContext = { now, zone: 'America/Denver', locale: 'en-US' };
const utc: TimeContext = { now, zone: 'UTC' };

function in_(zone: string, at: Date = now): TimeContext {
  return { now: at, zone };
}

/** An instant, or two for a range; `~` before an approximate one. */
function shown(text: string, context: TimeContext): string {
  const reading = readTime(text, context);
  if (!reading.ok) return `refused: ${reading.reason}`;
  const { at, until, precision, asWritten } = reading.time;
  expect(asWritten).toBe(text.trim());
  const iso = (date: Date | null) => date?.toISOString().replace(/:00\.000Z$|\.000Z$/, 'Z') ?? 'null';
  const mark = precision === 'approximate' ? '~' : precision === 'unknown' ? 'unknown ' : '';
  return `${mark}${iso(at)}${until ? ` ${iso(until)}` : ''}`;
}

function remarks(text: string, context: TimeContext): string[] {
  const reading = readTime(text, context);
  return reading.ok ? reading.remarks : [`refused: ${reading.reason}`];
}

type Row = [text: string, context: TimeContext, meaning: string];

const bare: Row[] = [
  ['10:42', berlin, '2026-03-31T08:42Z'],
  [' 10:42 ', berlin, '2026-03-31T08:42Z'],
  ['11:41', berlin, '2026-03-31T09:41Z'],
  ['11:42', berlin, '2026-03-30T09:42Z'],
  ['10:42:07.5', berlin, '2026-03-31T08:42:07.500Z'],
  ['10:42:07,250', berlin, '2026-03-31T08:42:07.250Z'],
  ['11.50', berlin, '2026-03-30T09:50Z'],
  ['10h42', berlin, '2026-03-31T08:42Z'],
  ['10:42h', berlin, '2026-03-31T08:42Z'],
  ['10:42 Uhr', berlin, '2026-03-31T08:42Z'],
  ['0942', berlin, '2026-03-31T07:42Z'],
  ['9am', berlin, '2026-03-31T07:00Z'],
  ['9 a.m.', berlin, '2026-03-31T07:00Z'],
  ['11 PM', berlin, '2026-03-30T21:00Z'],
  ['12:05 AM', berlin, '2026-03-30T22:05Z'],
  ['12:05 PM', berlin, '2026-03-30T10:05Z'],
  ['noon', berlin, '2026-03-30T10:00Z'],
  ['12 noon', berlin, '2026-03-30T10:00Z'],
  ['midnight', berlin, '2026-03-30T22:00Z'],
  ['24:00', berlin, '2026-03-30T22:00Z'],
  ['at 10:42', berlin, '2026-03-31T08:42Z'],
  ['Time: 10:42', berlin, '2026-03-31T08:42Z'],
  ['[10:42]', berlin, '2026-03-31T08:42Z'],
  ['`10:42`', berlin, '2026-03-31T08:42Z'],
  ['10：42', berlin, '2026-03-31T08:42Z'],
  ['10:42\u202fPM', berlin, '2026-03-30T20:42Z'],
  ['since 10:42', berlin, '2026-03-31T08:42Z'],
];

const doubtful: Row[] = [
  ['~11:20', berlin, '~2026-03-31T09:20Z'],
  ['≈ 11:20', berlin, '~2026-03-31T09:20Z'],
  ['about 11:20', berlin, '~2026-03-31T09:20Z'],
  ['approx. 11:20 UTC', utc, '~2026-03-30T11:20Z'],
  ['11:20 approx', berlin, '~2026-03-31T09:20Z'],
  ['11:20 (approx.)', berlin, '~2026-03-31T09:20Z'],
  ['11:20 or so', berlin, '~2026-03-31T09:20Z'],
  ['11:20?', berlin, '~2026-03-31T09:20Z'],
  ['11:20 (TBC)', berlin, '~2026-03-31T09:20Z'],
  ['11pm-ish', berlin, '~2026-03-30T21:00Z'],
  ['11ish', berlin, '~2026-03-31T09:00Z'],
  ['11:20ish', berlin, '~2026-03-31T09:20Z'],
  ['~11', berlin, '~2026-03-31T09:00Z'],
  ['around 11pm', berlin, '~2026-03-30T21:00Z'],
  ['just after 11:20', berlin, '~2026-03-31T09:20Z'],
  ['before 11:20', berlin, '~2026-03-31T09:20Z'],
  ['sometime after 11:20', berlin, '~2026-03-31T09:20Z'],
  ['about 5m ago', berlin, '~2026-03-31T09:36:30Z'],
  ['a couple of hours ago', berlin, '~2026-03-31T07:41:30Z'],
  ['March 30, about 3pm', berlin, '~2026-03-30T13:00Z'],
  ...[
    'unknown',
    'Unknown',
    'TBC',
    'tbd',
    'Time TBC',
    'time unknown',
    'exact time unknown',
    '?',
    '??',
    '??:??',
    'xx:xx',
    'n/a',
    'N/A',
    '2022-03-10 TBC',
    '30 March, time TBC',
    '2022-03-10 (time unknown)',
  ].map((text): Row => [text, berlin, 'unknown null']),
];

const zones: Row[] = [
  ['10:42 UTC', berlin, '2026-03-30T10:42Z'],
  ['10:42UTC', berlin, '2026-03-30T10:42Z'],
  ['10:42 (UTC)', berlin, '2026-03-30T10:42Z'],
  ['UTC 10:42', berlin, '2026-03-30T10:42Z'],
  ['10:42Z', berlin, '2026-03-30T10:42Z'],
  ['0942Z', berlin, '2026-03-30T09:42Z'],
  ['0930hrs PDT', berlin, '2026-03-30T16:30Z'],
  ['3 pm UTC', berlin, '2026-03-30T15:00Z'],
  ['10:42 UTC+1', berlin, '2026-03-30T09:42Z'],
  ['10:42 UTC-8', berlin, '2026-03-30T18:42Z'],
  ['10:42 UTC+05:30', berlin, '2026-03-31T05:12Z'],
  ['10:42 GMT+2', berlin, '2026-03-31T08:42Z'],
  ['10:42 +01:00', berlin, '2026-03-30T09:42Z'],
  ['10:42+01', berlin, '2026-03-30T09:42Z'],
  ['10:42 -0700', berlin, '2026-03-30T17:42Z'],
  ['10:42 −07:00', berlin, '2026-03-30T17:42Z'],
  ['2:31 AM PST', in_('America/Los_Angeles', january), '2026-01-15T10:31Z'],
  ['2:31 AM PST', in_('America/Los_Angeles', july), '2026-07-15T09:31Z'],
  ['2:31 AM PT', in_('Europe/Berlin', july), '2026-07-15T09:31Z'],
  ['2:31 AM Pacific', berlin, '2026-03-31T09:31Z'],
  ['2:31 AM Pacific Daylight Time', berlin, '2026-03-31T09:31Z'],
  ['20:09 Denver', berlin, '2026-03-31T02:09Z'],
  ['20:09 Denver time', berlin, '2026-03-31T02:09Z'],
  ['20:09 Europe/Berlin', utc, '2026-03-30T18:09Z'],
  ['20:09 europe/berlin', utc, '2026-03-30T18:09Z'],
  ['20:09 Buenos Aires', utc, '2026-03-30T23:09Z'],
  ['20:09 são paulo', utc, '2026-03-30T23:09Z'],
  ['20:09 San Francisco', utc, '2026-03-31T03:09Z'],
  ['20:09 Japan', utc, '2026-03-30T11:09Z'],
  ['20:09 local time', berlin, '2026-03-30T18:09Z'],
  ['10:42 CEST', utc, '2026-03-31T08:42Z'],
  ['10:42 CET', in_('Europe/Madrid', july), '2026-07-15T08:42Z'],
  ['10:42 CET', in_('Africa/Algiers', july), '2026-07-15T09:42Z'],
  ['10:42 BST', in_('Europe/London', january), '2026-01-15T10:42Z'],
  ['10:42 BST', in_('Asia/Dhaka', january), '2026-01-15T04:42Z'],
  ['10:42 MST', in_('America/Phoenix', july), '2026-07-14T17:42Z'],
  ['02:42 MST', in_('America/Denver', july), '2026-07-15T08:42Z'],
  ['02:42 MDT', in_('America/Phoenix', july), '2026-07-15T08:42Z'],
  ['02:42 CST', in_('America/Chicago', january), '2026-01-15T08:42Z'],
  ['10:42 CST', in_('Asia/Shanghai', january), '2026-01-15T02:42Z'],
  ['02:42 CST', in_('Europe/Berlin', january), '2026-01-15T08:42Z'],
  ['10:42 IST', in_('Asia/Kolkata'), '2026-03-31T05:12Z'],
  ['10:42 IST', in_('Asia/Calcutta'), '2026-03-31T05:12Z'],
  ['10:42 IST', in_('Europe/Dublin', july), '2026-07-15T09:42Z'],
  ['10:42 IST', in_('Asia/Jerusalem', january), '2026-01-15T08:42Z'],
  ['10:42 EST', in_('Australia/Brisbane'), '2026-03-31T00:42Z'],
  ['02:42 EST', in_('Europe/Berlin', january), '2026-01-15T07:42Z'],
  ['10:42 CEST +05:00', utc, '2026-03-31T05:42Z'],
  ['10:42 PST-0800', utc, '2026-03-30T18:42Z'],
  ['10:42 PST/PDT', utc, '2026-03-30T17:42Z'],
  ['2026-03-30 10:42:00 +0000 UTC', berlin, '2026-03-30T10:42Z'],
  ['14:02 PT (21:02 UTC)', utc, '2026-03-30T21:02Z'],
  ['14:02 PT / 21:02 UTC', utc, '2026-03-30T21:02Z'],
];

const dated: Row[] = [
  ['2022-03-10 11.50', berlin, '2022-03-10T10:50Z'],
  ['2022/03/10 11:50', berlin, '2022-03-10T10:50Z'],
  ['24/07/25 12:34', berlin, '2025-07-24T10:34Z'],
  ['24/07/25 12:34', denver, '2025-07-24T18:34Z'],
  ['03/04/2025 12:34', berlin, '2025-04-03T10:34Z'],
  ['03/04/2025 12:34', denver, '2025-03-04T19:34Z'],
  ['03/04/25 12:34', { ...utc, locale: 'en-US' }, '2025-03-04T12:34Z'],
  ['24.07.2025 12:34', berlin, '2025-07-24T10:34Z'],
  ['24.07. 12:34', berlin, '2025-07-24T10:34Z'],
  ['3.4.25 12:34', denver, '2025-04-03T18:34Z'],
  ['12:55 PM PDT on March 30', berlin, '2026-03-30T19:55Z'],
  ['March 30, 12:55 PM', berlin, '2026-03-30T10:55Z'],
  ['March 30 at 12:55pm PT', berlin, '2026-03-30T19:55Z'],
  ['30 Mar 2026 12:55', berlin, '2026-03-30T10:55Z'],
  ['30th of March 2026 at 12:55', berlin, '2026-03-30T10:55Z'],
  ['30-Mar-2026 12:55', berlin, '2026-03-30T10:55Z'],
  ['Mon 30. March 12:55', berlin, '2026-03-30T10:55Z'],
  ['12:55, Mon 30 Mar', berlin, '2026-03-30T10:55Z'],
  ['Dec 31 23:50', berlin, '2025-12-31T22:50Z'],
  ['29 Feb 10:00', utc, '2024-02-29T10:00Z'],
  ['yesterday 23:58', berlin, '2026-03-30T21:58Z'],
  ['today 9am', berlin, '2026-03-31T07:00Z'],
  ['9:05 this morning', berlin, '2026-03-31T07:05Z'],
  ['yesterday evening 8:30', berlin, '2026-03-30T18:30Z'],
  ['last night 11:30', berlin, '2026-03-30T21:30Z'],
  ['last night 01:30', berlin, '2026-03-30T23:30Z'],
  ['Monday 14:00', berlin, '2026-03-30T12:00Z'],
  ['on Monday at 14:00', berlin, '2026-03-30T12:00Z'],
  ['14:00 on Monday', berlin, '2026-03-30T12:00Z'],
  ['Tuesday 11:00', berlin, '2026-03-31T09:00Z'],
  ['Tuesday 14:00', berlin, '2026-03-24T13:00Z'],
  ['last Friday 16:00', berlin, '2026-03-27T15:00Z'],
  ['last Tuesday 10:00', berlin, '2026-03-24T09:00Z'],
  ['2 days ago 14:00', berlin, '2026-03-29T12:00Z'],
  ['the day before yesterday 14:00', berlin, '2026-03-29T12:00Z'],
  ['2026-03-30 midnight', berlin, '2026-03-29T22:00Z'],
  ['2022-03-10 - 14:02', utc, '2022-03-10T14:02Z'],
  ['2022-03-10: 14:02', utc, '2022-03-10T14:02Z'],
  ['Mon 30/03 12:55', utc, '2026-03-30T12:55Z'],
  ['30 March (Monday) 12:55', utc, '2026-03-30T12:55Z'],
];

const instants: Row[] = [
  ['2022-05-18T10:22:00Z', berlin, '2022-05-18T10:22Z'],
  ['2022-05-18t10:22:00.123456z', berlin, '2022-05-18T10:22:00.123Z'],
  ['2022-05-18T10:22:00+05:30', berlin, '2022-05-18T04:52Z'],
  ['2022-05-18T10:22-07:00', berlin, '2022-05-18T17:22Z'],
  ['2022-05-18 10:22:00-07:00', berlin, '2022-05-18T17:22Z'],
  ['2022-05-18T10:22', berlin, '2022-05-18T08:22Z'],
  ['20220518T102207Z', berlin, '2022-05-18T10:22:07Z'],
  ['Mon, 30 Mar 2026 12:55:00 -0700', berlin, '2026-03-30T19:55Z'],
  ['Mon, 30 Mar 2026 12:55:00 GMT', berlin, '2026-03-30T12:55Z'],
  ['30 Mar 2026 12:55:00 +0200 (CEST)', utc, '2026-03-30T10:55Z'],
  ['Mon Mar 30 12:55:00 UTC 2026', berlin, '2026-03-30T12:55Z'],
  ['30/Mar/2026:12:55:01 +0000', berlin, '2026-03-30T12:55:01Z'],
  ['1652868120', berlin, '2022-05-18T10:02Z'],
  ['1652868120500', berlin, '2022-05-18T10:02:00.500Z'],
  ['1652868120.500100', berlin, '2022-05-18T10:02:00.500Z'],
  ['<!date^1652868120^{date} {time}|some day>', berlin, '2022-05-18T10:02Z'],
  ['now', berlin, '2026-03-31T09:41:30Z'],
  ['5m ago', berlin, '2026-03-31T09:36:30Z'],
  ['2 hours ago', berlin, '2026-03-31T07:41:30Z'],
  ['1 hour and 5 minutes ago', berlin, '2026-03-31T08:36:30Z'],
  ['half an hour ago', berlin, '2026-03-31T09:11:30Z'],
  ['an hour and a half ago', berlin, '2026-03-31T08:11:30Z'],
  ['-5m', berlin, '2026-03-31T09:36:30Z'],
  ['in 30 minutes', berlin, '2026-03-31T10:11:30Z'],
  ['2h from now', berlin, '2026-03-31T11:41:30Z'],
  ['1 hour and 5 minutes from now', berlin, '2026-03-31T10:46:30Z'],
  ['an hour from now', berlin, '2026-03-31T10:41:30Z'],
];

const ranges: Row[] = [
  ['10:22-10:37 UTC', utc, '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['10:22–10:37', berlin, '2026-03-31T08:22Z 2026-03-31T08:37Z'],
  ['10:00-11:00', berlin, '2026-03-31T08:00Z 2026-03-31T09:00Z'],
  ['10:22 to 10:37 UTC', utc, '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['10:22 UTC-10:37', utc, '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['10:22 UTC - 10:37 UTC', utc, '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['between 10:22 and 10:37', berlin, '2026-03-31T08:22Z 2026-03-31T08:37Z'],
  ['from 10:22 until 10:37', berlin, '2026-03-31T08:22Z 2026-03-31T08:37Z'],
  ['10.22-10.37', berlin, '2026-03-31T08:22Z 2026-03-31T08:37Z'],
  ['23:50-00:10', berlin, '2026-03-30T21:50Z 2026-03-30T22:10Z'],
  ['23:50–00:10 on March 29', utc, '2026-03-29T23:50Z 2026-03-30T00:10Z'],
  ['23:50 to March 30 00:10', utc, '2026-03-29T23:50Z 2026-03-30T00:10Z'],
  ['2026-03-29 23:50 - 2026-03-30 00:10', utc, '2026-03-29T23:50Z 2026-03-30T00:10Z'],
  ['2026-03-29 10:42-12:42', utc, '2026-03-29T10:42Z 2026-03-29T12:42Z'],
  ['2022-05-18T10:22:00Z/2022-05-18T10:37:00Z', berlin, '2022-05-18T10:22Z 2022-05-18T10:37Z'],
  ['2022-05-18T10:22Z/PT15M', berlin, '2022-05-18T10:22Z 2022-05-18T10:37Z'],
  ['2:31–3:15 AM PST', in_('UTC', january), '2026-01-15T10:31Z 2026-01-15T11:15Z'],
  ['10-11am', berlin, '2026-03-31T08:00Z 2026-03-31T09:00Z'],
  ['11-1pm', utc, '2026-03-30T11:00Z 2026-03-30T13:00Z'],
  ['10pm-1am', utc, '2026-03-30T22:00Z 2026-03-31T01:00Z'],
  ['10:42 PM to 11:15', utc, '2026-03-30T22:42Z 2026-03-30T23:15Z'],
  ['09:00-22:30', utc, '2026-03-31T09:00Z 2026-03-31T22:30Z'],
  ['~10:22-10:37', berlin, '2026-03-31T08:22Z 2026-03-31T08:37Z'],
];

const clockChanges: Row[] = [
  ['2026-03-29 02:30', berlin, '2026-03-29T01:30Z'],
  ['2025-10-26 02:30', berlin, '2025-10-26T01:30Z'],
  ['2025-10-26 02:30 CEST', berlin, '2025-10-26T00:30Z'],
  ['2025-10-26 02:30 CET', berlin, '2025-10-26T01:30Z'],
  ['2025-10-26 02:30 +02:00', berlin, '2025-10-26T00:30Z'],
  // The second 02:30 has not come yet.
  ['02:30', in_('Europe/Berlin', new Date('2025-10-26T00:45:00Z')), '2025-10-26T00:30Z'],
  [
    '01:30-02:30 CET',
    in_('Europe/Berlin', new Date('2025-10-26T12:00:00Z')),
    '2025-10-25T23:30Z 2025-10-26T01:30Z',
  ],
];

describe.each([
  ['a bare time is the most recent one in the sender’s zone', bare],
  ['doubt is kept', doubtful],
  ['a zone written counts', zones],
  ['dates', dated],
  ['instants', instants],
  ['ranges', ranges],
  ['clock changes', clockChanges],
])('%s', (_, rows) => {
  it.each(rows)('%s', (text, context, meaning) => {
    expect(shown(text, context)).toBe(meaning);
  });
});

describe('a range keeps its precision', () => {
  it('is range, approximate or not', () => {
    expect(readTime('~10:22-10:37', berlin)).toMatchObject({ time: { precision: 'range' } });
    expect(readTime('10:22-10:37', berlin)).toMatchObject({ time: { precision: 'range' } });
  });
});

describe('nothing is guessed in silence', () => {
  it.each<[string, TimeContext, string[]]>([
    ['10:42', berlin, []],
    ['11:42', berlin, ['Read as yesterday, 30 March.']],
    [
      '2:31 AM PST',
      in_('America/Los_Angeles', july),
      ['PST is not in use in July; read as 02:31 Pacific time (PDT).'],
    ],
    [
      '10:42 CET',
      in_('Europe/Berlin', july),
      ['CET is not in use in July; read as 10:42 Central European time (CEST).'],
    ],
    [
      '10:42 BST',
      in_('Europe/London', january),
      ['BST is not in use in January; read as 10:42 London time (GMT).'],
    ],
    ['02:42 MST', in_('America/Phoenix', july), []],
    ['10:42 GMT', in_('Europe/London', july), ['GMT is the same as UTC; London is on BST then.']],
    [
      '02:42 CST',
      in_('Europe/Berlin', january),
      ['Read CST as US Central time; write +08:00 for China time or -05:00 for Cuba time.'],
    ],
    ['10:42 IST', in_('Asia/Kolkata'), []],
    ['10:42 CEST +05:00', utc, ['CEST is not +05:00; the offset counts.']],
    ['2026-03-30 10:42 +02:00 (CEST)', utc, []],
    ['03/04/2025 12:34', berlin, ['Read 03/04/2025 as 3 April 2025.']],
    ['03/04/2025 12:34', denver, ['Read 03/04/2025 as 4 March 2025.', 'That is more than a year ago.']],
    ['30/03/2026 08:34', berlin, []],
    ['03/03/2026 08:34', berlin, []],
    ['Dec 31 23:50', berlin, ['Read Dec 31 as 31 December 2025.']],
    ['Monday 14:00', berlin, ['Read Monday as 30 March.']],
    ['yesterday 23:58', berlin, []],
    ['Monday 31 March 2026 10:00', berlin, ['31 March is a Tuesday, not a Monday.']],
    ['today 23:59', berlin, ['That is in the future.']],
    ['2026-04-02 14:00', berlin, ['That is in the future.']],
    ['11ish', berlin, ['Read 11 as 11:00; write 11pm for 23:00.']],
    ['0942', berlin, ['Read 0942 as 09:42.']],
    ['-5m', berlin, ['Read -5m as 5m ago.']],
    ['23:50-00:10', berlin, ['Read as yesterday, 30 March.', 'The end is on the next day, 31 March.']],
    ['10:42 - TBC', berlin, ['When it ended is not known.']],
    ['10:42 - ongoing', berlin, ['When it ended is not known.']],
    [
      '08:02 PT (16:02 UTC)',
      utc,
      ['Read as yesterday, 30 March.', 'The two times differ by 1h; the first counts.'],
    ],
    ['2026-03-30 midnight', berlin, ['Read midnight as 00:00, where 30 March begins.']],
    [
      '2026-03-29 02:30',
      berlin,
      [
        '02:30 does not exist on 29 March 2026 in Europe/Berlin, where the clocks went forward; read as 03:30.',
      ],
    ],
    [
      '2025-10-26 02:30',
      berlin,
      ['02:30 came twice on 26 October 2025; read as the second (+01:00). Write +02:00 for the first.'],
    ],
    ['2025-10-26 02:30 CEST', berlin, []],
    [
      '2025-10-26 01:30 CET',
      berlin,
      ['CET is not in use at that time; read as 01:30 Central European time (CEST).'],
    ],
  ])('%s', (text, context, said) => {
    expect(remarks(text, context)).toEqual(said);
  });
});

describe('a refusal teaches', () => {
  it.each<[string, RegExp]>([
    ['13:55 PM', /may mean 13:55 or 1:55 PM/],
    ['13:55 AM', /may mean 13:55 or 1:55 AM/],
    ['00:30 PM', /may mean 00:30 or 12:30 PM/],
    ['25:10', /no hour 25.*01:10/],
    ['10:75', /no minute 75/],
    ['31 Feb 10:00', /February has 28 or 29 days/],
    ['2026-02-29 10:00', /February has 28 days in 2026/],
    ['2022-13-40 10:00', /no month 13/],
    ['22025-03-10 11:50', /year 22025 .* may mean 2025/],
    ['30 March 22025 10:00', /year 22025/],
    ['9999-01-01 10:00', /year 9999/],
    ['10:37-10:22', /before its start.*10:22-10:37/],
    ['Monday', /Say the time of day too, like "Monday 14:00"/],
    ['March 30', /Say the time of day too/],
    ['2026-03-30', /Say the time of day too/],
    ['2 days ago', /Say the time of day too/],
    ['T+15m', /counts from a start/],
    ['30m', /length of time.*30m ago/],
    ['2022', /year or a time.*20:22/],
    ['5', /05:00, or 5pm/],
    ['10:42 XYZ', /"XYZ" is not part.*Europe\/Berlin/],
    ['10:42 America/Nowhere', /"America\/Nowhere" is not part/],
    ['10:42 the proxy died', /"the proxy died" is not part/],
    ['', /Write it like 10:42/],
    ['lunch', /"lunch" is not a time/],
    ['x'.repeat(1000), /too long/],
  ])('%s', (text, reason) => {
    const reading = readTime(text, berlin);
    expect(reading).toMatchObject({ ok: false });
    expect(reading.ok ? '' : reading.reason).toMatch(reason);
  });

  it('a day that cannot be placed does not become a note at the wrong time', () => {
    expect(readTime('10:42', { ...berlin, now: new Date(Number.NaN) }).ok).toBe(false);
  });
});

describe('towards the future, as for until:', () => {
  const ahead: TimeContext = { ...berlin, direction: 'future' };
  it.each<[string, string, string[]]>([
    ['18:00', '2026-03-31T16:00Z', []],
    ['09:00', '2026-04-01T07:00Z', ['Read as tomorrow, 1 April.']],
    ['Monday 14:00', '2026-04-06T12:00Z', ['Read Monday as 6 April.']],
    ['March 30 10:00', '2027-03-30T08:00Z', ['Read March 30 as 30 March 2027.']],
    ['2026-03-30 10:00', '2026-03-30T08:00Z', ['That is in the past.']],
  ])('%s', (text, meaning, said) => {
    expect(shown(text, ahead)).toBe(meaning);
    expect(remarks(text, ahead)).toEqual(said);
  });
});

describe('settings that are wrong', () => {
  it('falls back to the workspace’s zone, then to UTC', () => {
    expect(shown('09:00', { now, zone: 'Nowhere/Bad', workspaceZone: 'Europe/Berlin' })).toBe(
      '2026-03-31T07:00Z',
    );
    expect(shown('09:00', { now, zone: '' })).toBe('2026-03-31T09:00Z');
  });
});
