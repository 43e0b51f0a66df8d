import { describe, expect, test } from 'vitest';
import { dayName, timeOf } from '../../../src/sandbox/browser/channel/clock.js';
import { asPlain, asTyped } from '../../../src/sandbox/browser/channel/typed.js';
import {
  placeOfPermalink,
  readPerson,
  readPlace,
  writePlace,
} from '../../../src/sandbox/browser/state/address.js';
import { titleOf, unreadWords } from '../../../src/sandbox/browser/state/titles.js';
import { ana, andon, bob, channel } from './kit.js';

describe('where one is', () => {
  test.each(['#/home', '#/C1', '#/C1/thread/1700000000.000100', '#/D1/at/1700000000.000100', '#/'])(
    '%s is read and written alike',
    (hash) => {
      expect(writePlace(readPlace(hash))).toBe(hash);
    },
  );

  test.each(['', '#/<script>', '#/C1x', '#/%E0%A4%A'])('%s is the start', (hash) => {
    expect(readPlace(hash)).toEqual({ at: 'start' });
  });

  test('a thread that is no time is left out', () => {
    expect(readPlace('#/C1/thread/now')).toEqual({ at: 'channel', channel: 'C1' });
  });

  test('who one is stands in the address', () => {
    expect(readPerson('?as=U0BOB')).toBe('U0BOB');
    expect(readPerson('')).toBe('');
  });

  test('a permalink is a place, of a reply the thread', () => {
    const base = 'https://sandbox.slack.com/archives/C1/p1700000000000100';
    expect(placeOfPermalink(base)).toEqual({ at: 'channel', channel: 'C1', message: '1700000000.000100' });
    expect(placeOfPermalink(`${base}?thread_ts=1690000000.000001&cid=C1`)).toEqual({
      at: 'channel',
      channel: 'C1',
      thread: '1690000000.000001',
    });
    expect(placeOfPermalink('https://sandbox.slack.com/archives/C1')).toEqual({
      at: 'channel',
      channel: 'C1',
    });
    expect(placeOfPermalink('https://example.com/')).toBeNull();
  });
});

describe('times', () => {
  // 2026-03-29 00:30 UTC, in the night in which Berlin's clocks go forward.
  const ts = `${Date.UTC(2026, 2, 29, 0, 30) / 1000}.000000`;
  const noonAfter = Date.UTC(2026, 2, 29, 10);

  test('are those of who reads', () => {
    expect(timeOf(ts, 'Europe/Berlin')).toBe('01:30');
    expect(timeOf(ts, 'America/New_York')).toBe('20:30');
  });

  test('name the day by the calendar of who reads, also over a day of 23 hours', () => {
    expect(dayName(ts, 'Europe/Berlin', noonAfter)).toBe('Today');
    expect(dayName(ts, 'America/New_York', noonAfter)).toBe('Yesterday');
    const dayBefore = `${Date.UTC(2026, 2, 28, 12) / 1000}.000000`;
    expect(dayName(dayBefore, 'Europe/Berlin', Date.UTC(2026, 2, 29, 21, 59))).toBe('Yesterday');
    expect(dayName(dayBefore, 'Europe/Berlin', Date.UTC(2026, 2, 29, 22))).toBe('Saturday 28 March 2026');
  });
});

describe('what was typed', () => {
  const channels = [channel('C1', 'general')];
  const people = [ana, bob, andon];

  test('comes back to be edited as it was typed', () => {
    const sent = 'ask <@U0BOB> in <#C1|> &lt;b&gt; &amp;amp; <https://a.example/?a=1&amp;b=2> <!here>';
    expect(asTyped(sent, people, channels)).toBe(
      'ask @bob in #general <b> &amp; https://a.example/?a=1&b=2 @here',
    );
  });

  test('is one line where it is only told', () => {
    expect(asPlain('one\n two <@U0GONE|gone>', people, channels)).toBe('one two @gone');
    expect(asPlain('at <!date^1^{time}|10:42> <!subteam^S1|@sre>', people, channels)).toBe('at 10:42 @sre');
  });
});

test('a channel’s name has a sign, a conversation’s has not', () => {
  expect(titleOf(channel('C1', 'general'), ana.id)).toBe('#general');
  expect(titleOf(channel('D1', 'Bob Castle', { kind: 'im' }), ana.id)).toBe('Bob Castle');
});

test('unread is a word, and mentions are counted', () => {
  expect(unreadWords(channel('C1', 'general'))).toBe('');
  expect(unreadWords(channel('C1', 'general', { unread: 3 }))).toBe(', unread');
  expect(unreadWords(channel('C1', 'general', { unread: 3, mentions: 1 }))).toBe(', unread, 1 mention');
  expect(unreadWords(channel('C1', 'general', { unread: 3, mentions: 2 }))).toBe(', unread, 2 mentions');
});
