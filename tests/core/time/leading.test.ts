// The time a note begins with, and notes that begin with none.
import { describe, expect, it } from 'vitest';
import { readLeadingTime, type TimeContext } from '../../../src/core/time/index.js';

const context: TimeContext = { now: new Date('2026-03-31T09:41:30Z'), zone: 'Europe/Berlin' };

describe('a note that begins with a time', () => {
  it.each<[note: string, asWritten: string, at: string | null, rest: string]>([
    ['10:42 the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42 - the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42 – the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42: the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42, the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42. The proxy died', '10:42', '2026-03-31T08:42', 'The proxy died'],
    ['10:42|the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['[10:42] the proxy died', '[10:42]', '2026-03-31T08:42', 'the proxy died'],
    ['*10:42* the proxy died', '*10:42*', '2026-03-31T08:42', 'the proxy died'],
    ['- 10:42 the proxy died', '10:42', '2026-03-31T08:42', 'the proxy died'],
    ['at 10:42 the proxy died', 'at 10:42', '2026-03-31T08:42', 'the proxy died'],
    ['~10:42 the proxy died', '~10:42', '2026-03-31T08:42', 'the proxy died'],
    ['10:42 UTC the proxy died', '10:42 UTC', '2026-03-30T10:42', 'the proxy died'],
    ['10:42 UTC - the proxy died', '10:42 UTC', '2026-03-30T10:42', 'the proxy died'],
    ['0942Z the proxy died', '0942Z', '2026-03-30T09:42', 'the proxy died'],
    ['10:22-10:37 UTC the proxy died', '10:22-10:37 UTC', '2026-03-30T10:22', 'the proxy died'],
    [
      'between 10:22 and 10:37 the proxy died',
      'between 10:22 and 10:37',
      '2026-03-31T08:22',
      'the proxy died',
    ],
    ['2-3pm load test', '2-3pm', '2026-03-30T12:00', 'load test'],
    [
      '12:55 PM PDT on March 30 the proxy died',
      '12:55 PM PDT on March 30',
      '2026-03-30T19:55',
      'the proxy died',
    ],
    ['March 30, 12:55 PM: the proxy died', 'March 30, 12:55 PM', '2026-03-30T10:55', 'the proxy died'],
    ['Mar 30 12:55:01 host sshd: refused', 'Mar 30 12:55:01', '2026-03-30T10:55', 'host sshd: refused'],
    ['2022-03-10 11.50 the proxy died', '2022-03-10 11.50', '2022-03-10T10:50', 'the proxy died'],
    ['2026-03-30T10:42:00Z the proxy died', '2026-03-30T10:42:00Z', '2026-03-30T10:42', 'the proxy died'],
    ['11.50: the proxy died', '11.50', '2026-03-30T09:50', 'the proxy died'],
    ['yesterday 23:58 the proxy died', 'yesterday 23:58', '2026-03-30T21:58', 'the proxy died'],
    ['5m ago the proxy died', '5m ago', '2026-03-31T09:36', 'the proxy died'],
    ['11pm-ish the proxy died', '11pm-ish', '2026-03-30T21:00', 'the proxy died'],
    ['20:09 Denver: the proxy died', '20:09 Denver', '2026-03-31T02:09', 'the proxy died'],
    ['20:09 Denver time the proxy died', '20:09 Denver time', '2026-03-31T02:09', 'the proxy died'],
    ['2:31 AM PDT the proxy died', '2:31 AM PDT', '2026-03-31T09:31', 'the proxy died'],
    ['14:02 PT (21:02 UTC) the proxy died', '14:02 PT (21:02 UTC)', '2026-03-30T21:02', 'the proxy died'],
    ['2022-03-10 - 14:02 the proxy died', '2022-03-10 - 14:02', '2022-03-10T13:02', 'the proxy died'],
    ['10:42 (see above) the proxy died', '10:42', '2026-03-31T08:42', '(see above) the proxy died'],
    ['midnight: the proxy died', 'midnight', '2026-03-30T22:00', 'the proxy died'],
    ['now: the proxy died', 'now', '2026-03-31T09:41', 'the proxy died'],
    ['Time TBC: the proxy died', 'Time TBC', null, 'the proxy died'],
    ['TBC - the proxy died', 'TBC', null, 'the proxy died'],
    ['10:42', '10:42', '2026-03-31T08:42', ''],
    // What follows looks like more of a time, and is not.
    ['10:42 to be safe we rolled back', '10:42', '2026-03-31T08:42', 'to be safe we rolled back'],
    ['10:42 - 5 pods down', '10:42', '2026-03-31T08:42', '5 pods down'],
    ['10:42 May 5 nodes are down', '10:42', '2026-03-31T08:42', 'May 5 nodes are down'],
    ['10:42 sat is slow', '10:42', '2026-03-31T08:42', 'sat is slow'],
    ['10:42 +500 errors', '10:42', '2026-03-31T08:42', '+500 errors'],
    ['10:42 +1000 errors', '10:42', '2026-03-31T08:42', '+1000 errors'],
    ['10:42 Central cluster died', '10:42', '2026-03-31T08:42', 'Central cluster died'],
    ['10:42 MSK cluster lost a broker', '10:42', '2026-03-31T08:42', 'MSK cluster lost a broker'],
    ['10:42 GET /health fails', '10:42', '2026-03-31T08:42', 'GET /health fails'],
    ['10:42 monday.com is down', '10:42', '2026-03-31T08:42', 'monday.com is down'],
    ["10:42 today's deploy failed", '10:42', '2026-03-31T08:42', "today's deploy failed"],
  ])('%s', (note, asWritten, at, rest) => {
    const leading = readLeadingTime(note, context);
    expect(leading?.rest).toBe(rest);
    const time = leading?.reading.ok ? leading.reading.time : null;
    expect(time?.asWritten).toBe(asWritten);
    expect(time?.at?.toISOString().slice(0, 16) ?? null).toBe(at);
  });
});

describe('a note that begins with words or numbers', () => {
  it.each(
    [
      '5 pods are down',
      'May be the proxy',
      'now it works',
      'now, it works',
      '500 errors seen',
      '3 of 5 nodes',
      '10.2 deployed',
      '10.22 deployed',
      '1.14.3 deployed',
      'sat is slow',
      'noon deploy broke it',
      'midnight job failed',
      '~11 pods',
      'about 11 pods',
      'around 5 errors',
      '192.168.1.1 is down',
      '443:80 mapped',
      '50:50 split',
      '16:9 video',
      '1:1 with Ana',
      '99.95 percent',
      '99.95% up',
      '12.50 dollars',
      '24/7 support',
      '1/2 of the nodes',
      'today is bad',
      '5m users affected',
      '2 hours of downtime',
      'in 5 minutes we roll back',
      'March 30 release is bad',
      '2022-03-10 outage again',
      'TBC whether it was',
      'unknown error',
      'unknown: host key',
      '? why',
      '1652868120 rows',
      '0942 is the pin',
      '20.04 upgraded',
      '2.5 hours lost',
      '2-3 pods',
      'from 10:42 on',
      'at the office',
      "10:42's deploy",
      'a: b',
      'Monday',
      '',
      'second try',
      'mar is short',
      'T+15m x',
      'the 10:42 deploy',
    ].filter((note) => note !== '10 am'),
  )('%s', (note) => {
    expect(readLeadingTime(note, context)).toBeNull();
  });
});

it.each<[string, RegExp, string]>([
  ['13:55 PM proxy died', /13:55 or 1:55 PM/, 'proxy died'],
  ['25:10 proxy died', /no hour 25/, 'proxy died'],
  ['10:37-10:22 proxy died', /before its start/, 'proxy died'],
  ['2022-13-40 10:00 proxy died', /no month 13/, 'proxy died'],
])('an impossible time is refused and not swallowed: %s', (note, reason, rest) => {
  const leading = readLeadingTime(note, context);
  expect(leading?.rest).toBe(rest);
  expect(leading?.reading.ok === false && leading.reading.reason).toMatch(reason);
});
