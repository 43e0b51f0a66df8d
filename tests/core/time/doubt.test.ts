// Words that may belong to the time or to the text: one of the two, and always said which.
import { describe, expect, it } from 'vitest';
import { noticeTime, readLeadingTime, readTime, type TimeContext } from '../../../src/core/time/index.js';

const context: TimeContext = { now: new Date('2026-03-31T09:41:30Z'), zone: 'Europe/Berlin' };

function leading(note: string) {
  const found = readLeadingTime(note, context);
  if (!found?.reading.ok) throw new Error(`${note} begins with no time`);
  const { time, remarks } = found.reading;
  return { at: time.at?.toISOString().slice(0, 16) ?? 'unknown', rest: found.rest, remarks };
}

describe('a place directly after a time of day is its zone, and the reply says so', () => {
  it.each<[note: string, at: string, rest: string, said: string]>([
    ['20:09 Denver pods died', '2026-03-31T02:09', 'pods died', '20:09 in Denver = 02:09 UTC.'],
    ['20:09 denver pods died', '2026-03-31T02:09', 'pods died', '20:09 in denver = 02:09 UTC.'],
    ['20:09 Tokyo pods died', '2026-03-30T11:09', 'pods died', '20:09 in Tokyo = 11:09 UTC.'],
    ['20:09 Berlin pods died', '2026-03-30T18:09', 'pods died', '20:09 in Berlin = 18:09 UTC.'],
    ['20:09 New York pods died', '2026-03-31T00:09', 'pods died', '20:09 in New York = 00:09 UTC.'],
    ['20:09 Eastern pods died', '2026-03-31T00:09', 'pods died', '20:09 Eastern time = 00:09 UTC.'],
    ['20:09 US Eastern pods died', '2026-03-31T00:09', 'pods died', '20:09 US Eastern time = 00:09 UTC.'],
    ['20:09 Pacific time pods died', '2026-03-31T03:09', 'pods died', '20:09 Pacific time = 03:09 UTC.'],
    [
      '20:09 Central European pods died',
      '2026-03-30T18:09',
      'pods died',
      '20:09 Central European time = 18:09 UTC.',
    ],
    ['8:09 PM Central pods died', '2026-03-31T01:09', 'pods died', '20:09 Central time = 01:09 UTC.'],
    ['20:09 Central time pods died', '2026-03-31T01:09', 'pods died', '20:09 Central time = 01:09 UTC.'],
    ['20:09 Phoenix: pods died', '2026-03-31T03:09', 'pods died', '20:09 in Phoenix = 03:09 UTC.'],
    [
      '20:09-20:30 Denver pods died',
      '2026-03-31T02:09',
      'pods died',
      '20:09–20:30 in Denver = 02:09–02:30 UTC.',
    ],
  ])('%s', (note, at, rest, said) => {
    const read = leading(note);
    expect(read).toMatchObject({ at, rest });
    expect(read.remarks).toContain(said);
  });

  it('and how to keep it in the text', () => {
    expect(leading('20:09 Denver pods died').remarks).toContain(
      '“Denver” was taken as the zone of that time; if it belongs to the text, write “20:09: Denver pods died”.',
    );
    expect(leading('20:09: Denver pods died')).toEqual({
      at: '2026-03-30T18:09',
      rest: 'Denver pods died',
      remarks: ['Read as yesterday, 30 March.'],
    });
    // Where a mark sets it off, nothing is in doubt.
    expect(leading('20:09 Denver: pods died').remarks).toEqual(['20:09 in Denver = 02:09 UTC.']);
  });
});

describe('an ordinary word stays in the text, and the reply says how to make it the zone', () => {
  it.each<[note: string, rest: string, word: string]>([
    ['10:42 Central database is down', 'Central database is down', 'Central'],
    ['10:42 Mountain View is down', 'Mountain View is down', 'Mountain'],
    ['10:42 Nome x', 'Nome x', 'Nome'],
    ['10:42 Troll x', 'Troll x', 'Troll'],
    ['10:42 Easter x', 'Easter x', 'Easter'],
    ['10:42 Center x', 'Center x', 'Center'],
    ['10:42 Phoenix app crashed', 'Phoenix app crashed', 'Phoenix'],
    ['10:42 Sofia rolled back', 'Sofia rolled back', 'Sofia'],
    ['10:42 UK customers complain', 'UK customers complain', 'UK'],
    ['10:42 MSK cluster lost a broker', 'MSK cluster lost a broker', 'MSK'],
    // A place that the sentence needs.
    ['10:42 Denver is down', 'Denver is down', 'Denver'],
    ['10:42 Frankfurt region is slow', 'Frankfurt region is slow', 'Frankfurt'],
    ['10:42 Denver to Dallas link down', 'Denver to Dallas link down', 'Denver'],
  ])('%s', (note, rest, word) => {
    const read = leading(note);
    expect(read).toMatchObject({ at: '2026-03-31T08:42', rest });
    expect(read.remarks).toContain(
      `“${word}” stays in the text; if it is the zone of that time, write “10:42 ${word}:”.`,
    );
  });

  it('so does a day', () => {
    expect(leading('10:42 Fri deploy broke it')).toEqual({
      at: '2026-03-31T08:42',
      rest: 'Fri deploy broke it',
      remarks: ['“Fri” stays in the text; if it is the day of that time, write “Fri 10:42”.'],
    });
  });

  it.each<[note: string, said: string]>([
    [
      '10:42 in Denver it snows',
      '“in Denver” stays in the text; if it is the zone of that time, write “10:42 in Denver:”.',
    ],
    [
      '10:42 and 10:56 UTC it snows',
      '“10:56 UTC” stays in the text; for both times write “10:42-10:56 UTC”.',
    ],
    [
      '10:42 (+1 day) it snows',
      '“(+1 day)” stays in the text; where that time is of another day, write its date.',
    ],
  ])('and what else may be of the time: %s', (note, said) => {
    const read = leading(note);
    expect(read.at).toBe('2026-03-31T08:42');
    expect(note.endsWith(read.rest)).toBe(true);
    expect(read.remarks).toEqual([said]);
  });

  it.each([
    '10:42 +5 pods',
    '10:42 in production',
    '10:42 Reading timeouts',
    '10:42 Canary deploy failed',
    '10:42 Met the vendor',
    '10:42 West is slow',
  ])('%s is nothing but text', (note) => {
    expect(leading(note)).toEqual({ at: '2026-03-31T08:42', rest: note.slice(6), remarks: [] });
  });
});

it.each<[note: string, at: string]>([
  ['UTC+1 10:00 proxy died', '2026-03-31T09:00'],
  ['UTC 10:00 proxy died', '2026-03-30T10:00'],
  ['GMT-07:00 10:00 proxy died', '2026-03-30T17:00'],
  ['+02:00 10:00 proxy died', '2026-03-31T08:00'],
  ['PDT 10:00 proxy died', '2026-03-30T17:00'],
  ['10:00 UTC+1 proxy died', '2026-03-31T09:00'],
])('a zone may stand before the time: %s', (note, at) => {
  expect(leading(note)).toMatchObject({ at, rest: 'proxy died' });
});

describe('a text that begins with what may be a time, and was kept as text, is pointed at', () => {
  it.each<[text: string, words: string]>([
    ['TBC proxy died', 'TBC'],
    ['unknown: proxy died', 'unknown'],
    ['T+15m proxy died', 'T+15m'],
    ['10.42 proxy died', '10.42'],
    ['noon deploy broke it', 'noon'],
    ['before 11:20 all was well', 'before 11:20'],
    ['Denver 20:09 pods died', 'Denver 20:09'],
    ['1646900000 proxy died', '1646900000'],
    ['March 30 proxy died', 'March 30'],
    ['2022-03-10 outage again', '2022-03-10'],
    ['yesterday the proxy died', 'yesterday'],
    ['Day 2, 10:42 proxy died', '10:42'],
    ['2022-W12-3 10:42 proxy died', '10:42'],
    ['7. Dezember 10:42 proxy died', '10:42'],
    ['the 10:42 deploy', '10:42'],
  ])('%s', (text, words) => {
    expect(readLeadingTime(text, context)).toBeNull();
    expect(noticeTime(text)).toContain(`“${words}” stays in the text`);
  });

  it.each([
    '5 pods are down',
    '~11 pods',
    '1500 errors per second',
    '1/2 of the nodes',
    '24/7 support',
    '1.14.3 deployed',
    '99.95% up',
    '192.168.1.1 is down',
    '443:80 mapped',
    '16:9 video',
    'unknown error',
    '? why',
    'now it works',
    'May be the proxy',
    'Monday deploys',
    'today is bad',
    'the proxy on db-2 died, and that was 10:42 or so',
    '',
  ])('%s is text and no more', (text) => {
    expect(noticeTime(text)).toBeNull();
  });

  it('what it says to write is understood', () => {
    for (const text of ['10.42 x', 'before 11:20 x', 'Denver 20:09 x', 'March 30 x', 'TBC x', 'T+15m x']) {
      const howTo = /at:(.+?)(?:, with the time of day)?\.$/.exec(noticeTime(text) ?? '')?.[1] ?? '';
      expect(readTime(howTo, context), text).toMatchObject({ ok: true });
    }
  });
});

describe('a year that was guessed', () => {
  const remarks = (text: string, now: string, locale?: string) => {
    const reading = readTime(text, { now: new Date(now), zone: 'UTC', locale });
    return reading.ok ? reading.remarks.join(' ') : reading.reason;
  };

  it.each<[text: string, now: string, said: RegExp]>([
    [
      'March 30 10:42',
      '2026-03-10T12:00:00Z',
      /30 March 2025, last year, since 30 March 2026 is still to come\..*correct it.* 2026-03-30\./,
    ],
    ['30/03 10:42', '2026-03-10T12:00:00Z', /30 March 2025, last year/],
    ['Jun 21, 06:27', '2026-03-10T12:00:00Z', /21 June 2025, last year/],
  ])('and may well be wrong is said in words: %s', (text, now, said) => {
    expect(remarks(text, now)).toMatch(said);
  });

  it('and is likely right is named', () => {
    expect(remarks('Dec 31 23:50', '2026-03-10T12:00:00Z')).toBe('Read Dec 31 as 31 December 2025.');
  });

  it('is that of a day within a week ahead, which is remarked', () => {
    expect(remarks('March 12 10:42', '2026-03-10T12:00:00Z')).toBe('That is in the future.');
  });

  it('of two figures is not one that nobody remembers', () => {
    expect(remarks('26-03-10 10:42', '2026-03-31T12:00:00Z')).toBe('Read 26-03-10 as 10 March 2026.');
  });
});

it('an undated range that would last nearly a day is remarked', () => {
  const reading = readTime('10:42 UTC - 11:42 CEST', context);
  expect(reading).toMatchObject({
    ok: true,
    remarks: expect.arrayContaining([
      'That lasts 23h; if it does not, write the date at both ends.',
    ]) as unknown,
  });
});
