// Times in the forms in which status pages and published postmortems print them, each with what it means.
import { describe, expect, it } from 'vitest';
import { readLeadingTime, readTime, type TimeContext } from '../../../src/core/time/index.js';

/** A Tuesday in a European March: 11:41 in Berlin. */
const context: TimeContext = { now: new Date('2026-03-31T09:41:30Z'), zone: 'Europe/Berlin' };

const rows: [text: string, meaning: string][] = [
  // Times of day, with and without a zone.
  ['[18:36 UTC]', '2026-03-30T18:36Z'],
  ['14:32:07.123Z', '2026-03-30T14:32:07.123Z'],
  ['1042 UTC', '2026-03-30T10:42Z'],
  ['10:42 Z', '2026-03-30T10:42Z'],
  ['10:42 Uhr', '2026-03-31T08:42Z'],
  ['10h42', '2026-03-31T08:42Z'],
  ['10.42am', '2026-03-31T08:42Z'],
  ['24:00', '2026-03-30T22:00Z'],
  ['12:00 midnight', '2026-03-30T22:00Z'],
  ['12:00 noon', '2026-03-30T10:00Z'],
  ['noon UTC', '2026-03-30T12:00Z'],
  ['2:31 a.m. PT', '2026-03-31T09:31Z'],
  ['7 PM ET', '2026-03-30T23:00Z'],
  ['12 AM PT', '2026-03-31T07:00Z'],
  ['10:42 UTC-07:00', '2026-03-30T17:42Z'],
  ['10:42 GMT+2', '2026-03-31T08:42Z'],
  ['10:42 +0200', '2026-03-31T08:42Z'],
  ['10:42 UTC−5', '2026-03-30T15:42Z'],
  ['10:42\u00a0UTC', '2026-03-30T10:42Z'],
  ['１０：４２', '2026-03-31T08:42Z'],
  ['10:42 PT (13:42 ET)', '2026-03-30T17:42Z'],
  ['10:42 PDT / 17:42 UTC', '2026-03-30T17:42Z'],
  ['10:42 UT', '2026-03-30T10:42Z'],
  ['10:42 GMT time', '2026-03-30T10:42Z'],
  ['10:42 EST5EDT', '2026-03-30T14:42Z'],
  // About.
  ['est. 10:42 UTC', '~2026-03-30T10:42Z'],
  ['10:42 UTC (estimated)', '~2026-03-30T10:42Z'],
  ['11:20ish', '~2026-03-31T09:20Z'],
  ['around 11:20', '~2026-03-31T09:20Z'],
  ['circa 11:20', '~2026-03-31T09:20Z'],
  ['at approximately 11:20 UTC', '~2026-03-30T11:20Z'],
  ['shortly after 11:20', '~2026-03-31T09:20Z'],
  // Dated.
  ['2023-03-08 06:00 UTC', '2023-03-08T06:00Z'],
  ['08 Mar 2023, 6:03am', '2023-03-08T05:03Z'],
  ['Mar 30, 2023 - 10:42 UTC', '2023-03-30T10:42Z'],
  ['Feb 28, 2017 at 9:37AM PST', '2017-02-28T17:37Z'],
  ['Thursday, 10 March 2022, 11:50', '2022-03-10T10:50Z'],
  ['Dec 7, 2021 7:30 AM PST', '2021-12-07T15:30Z'],
  ['On December 7th at 7:30 AM PST', '2025-12-07T15:30Z'],
  ['Jun 21, 06:27', '2025-06-21T04:27Z'],
  ['30.03.2022 12:55', '2022-03-30T10:55Z'],
  ['3/30/22 12:55', '2022-03-30T10:55Z'],
  ['2021/12/07 07:30 JST', '2021-12-06T22:30Z'],
  ['Sunday 10:42', '2026-03-29T08:42Z'],
  ['last Friday 23:58', '2026-03-27T22:58Z'],
  ['2021-12-07 07:30:00,123', '2021-12-07T06:30:00.123Z'],
  ['26-03-10 10:42', '2026-03-10T09:42Z'],
  // Ranges.
  ['09:47-10:13 BST', '2026-03-31T08:47Z 2026-03-31T09:13Z'],
  ['10:22‑10:37 UTC', '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['10:42 — 10:56 UTC', '2026-03-30T10:42Z 2026-03-30T10:56Z'],
  ['1120-1145Z', '2026-03-30T11:20Z 2026-03-30T11:45Z'],
  ['1120 - 1145 UTC', '2026-03-30T11:20Z 2026-03-30T11:45Z'],
  ['between 10:22 and 10:37', '2026-03-31T08:22Z 2026-03-31T08:37Z'],
  ['from 10:22 until 10:37 UTC', '2026-03-30T10:22Z 2026-03-30T10:37Z'],
  ['23:50:10-00:10:20', '2026-03-30T21:50:10Z 2026-03-30T22:10:20Z'],
  ['8:45 a.m. - 9:15 a.m. PT', '2026-03-30T15:45Z 2026-03-30T16:15Z'],
  ['7-8pm ET', '2026-03-30T23:00Z 2026-03-31T00:00Z'],
  ['Dec 7 7:30 AM - 2:22 PM PST', '2025-12-07T15:30Z 2025-12-07T22:22Z'],
  ['Oct 28 13:37 - Oct 31 16:45', '2025-10-28T12:37Z 2025-10-31T15:45Z'],
];

function shown(at: Date | null, until: Date | null, precision: string): string {
  const iso = (date: Date | null) => date?.toISOString().replace(/:00\.000Z$|\.000Z$/, 'Z') ?? 'unknown';
  return `${precision === 'approximate' ? '~' : ''}${iso(at)}${until ? ` ${iso(until)}` : ''}`;
}

it.each(rows)('%s', (text, meaning) => {
  const whole = readTime(text, context);
  if (!whole.ok) throw new Error(whole.reason);
  expect(shown(whole.time.at, whole.time.until, whole.time.precision)).toBe(meaning);
  // In front of a note it means the same.
  const leading = readLeadingTime(`${text} the proxy died`, context);
  if (!leading?.reading.ok) throw new Error('not read before a text');
  const { time } = leading.reading;
  expect(shown(time.at, time.until, time.precision)).toBe(meaning);
  expect(leading.rest).toBe('the proxy died');
});

describe('what nobody can place is refused', () => {
  it.each([
    '071530Z DEC 21',
    '2022-W12-3 10:42',
    '12:30 midnight',
    'T+15m',
    '7 décembre 10:42',
    'half past ten',
    'EOD',
  ])('%s', (text) => {
    expect(readTime(text, context)).toMatchObject({ ok: false });
  });
});

it.each<[string, RegExp]>([
  ['10:42 IST', /India time; write \+01:00 for Irish time or \+02:00 for Israel time/],
  ['10:42 CST', /US Central time; write \+08:00 for China time/],
  ['10:42 BST', /London time; write \+06:00 for Bangladesh time/],
  ['10:42 AST', /Atlantic time; write \+03:00 for Arabia time/],
])('letters with several meanings are remarked: %s', (text, said) => {
  const reading = readTime(text, context);
  expect(reading.ok && reading.remarks.join(' ')).toMatch(said);
});
