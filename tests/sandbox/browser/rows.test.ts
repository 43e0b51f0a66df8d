import { describe, expect, test } from 'vitest';
import { rangeWith } from '../../../src/sandbox/browser/channel/range.js';
import {
  channelRows,
  lastOwn,
  type Row,
  threadRows,
  threadsOf,
} from '../../../src/sandbox/browser/channel/rows.js';
import { ana, bob, message, ts } from './kit.js';

const berlin = { zone: 'Europe/Berlin', me: ana.id, readTo: null };

function told(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'message') return `${row.head ? 'head' : 'more'} ${row.message.text}`;
    return row.kind === 'small' ? `small ${row.message.text}` : row.kind;
  });
}

describe('rows of a channel', () => {
  test('messages of one author within five minutes stand under one name', () => {
    const rows = channelRows(
      [message(0, 'a'), message(299, 'b'), message(600, 'c'), message(601, 'd', { user: bob.id })],
      berlin,
    );
    expect(told(rows)).toEqual(['day', 'head a', 'more b', 'head c', 'head d']);
  });

  test('a day begins at midnight of who reads', () => {
    // 22:59:59 and 23:00:00 UTC: midnight in Berlin, one evening in New York.
    const messages = [message(39_599, 'before'), message(39_600, 'after')];
    expect(told(channelRows(messages, berlin))).toEqual(['day', 'head before', 'day', 'head after']);
    expect(told(channelRows(messages, { ...berlin, zone: 'America/New_York' }))).toEqual([
      'day',
      'head before',
      'more after',
    ]);
  });

  test('the new line stands once, above the first message of somebody else that one has not read', () => {
    const rows = channelRows(
      [
        message(1, 'read', { user: bob.id }),
        message(2, 'mine'),
        message(3, 'only me', { user: bob.id, ephemeral: true }),
        message(4, 'new', { user: bob.id }),
        message(5, 'newer', { user: bob.id }),
      ],
      { ...berlin, readTo: ts(1) },
    );
    expect(told(rows)).toEqual([
      'day',
      'head read',
      'head mine',
      'head only me',
      'new',
      'head new',
      'more newer',
    ]);
  });

  test('replies are counted and stay in their thread, unless they were sent to the channel too', () => {
    const rows = channelRows(
      [
        message(1, 'root', { threadTs: ts(1) }),
        message(2, 'reply', { threadTs: ts(1), user: bob.id }),
        message(3, 'only me', { threadTs: ts(1), ephemeral: true }),
        message(4, 'both', { threadTs: ts(1), subtype: 'thread_broadcast' }),
      ],
      berlin,
    );
    expect(told(rows)).toEqual(['day', 'head root', 'more both']);
    expect(rows[1]).toMatchObject({ thread: { count: 2, lastTs: ts(4), users: [bob.id, ana.id] } });
  });

  test('who joined is a small line, and interrupts a group', () => {
    const rows = channelRows(
      [message(1, 'a'), message(2, 'joined', { subtype: 'channel_join' }), message(3, 'b')],
      berlin,
    );
    expect(told(rows)).toEqual(['day', 'head a', 'small joined', 'head b']);
  });
});

test('a thread shows its first message, how many replies, and them', () => {
  const rows = threadRows(
    [
      message(1, 'root'),
      message(2, 'beside it'),
      message(3, 'reply', { threadTs: ts(1) }),
      message(4, 'only me', { threadTs: ts(1), ephemeral: true }),
    ],
    ts(1),
  );
  expect(told(rows)).toEqual(['head root', 'replies', 'head reply', 'head only me']);
  expect(rows[1]).toMatchObject({ count: 1 });
});

test('a thread whose first message is gone still shows its replies', () => {
  const replies = [message(3, 'reply', { threadTs: ts(1) })];
  expect(told(threadRows(replies, ts(1)))).toEqual(['replies', 'head reply']);
  expect(threadsOf(replies).get(ts(1))).toMatchObject({ count: 1 });
});

test('the arrow up edits the last message of one’s own, not what only oneself sees', () => {
  const rows = channelRows(
    [message(1, 'mine'), message(2, 'theirs', { user: bob.id }), message(3, 'only me', { ephemeral: true })],
    berlin,
  );
  expect(lastOwn(rows, ana.id)).toBe(ts(1));
  expect(lastOwn(rows, 'U0DEE')).toBeNull();
});

test('the message with the focus stays in the document, wherever one scrolls', () => {
  const range = { startIndex: 50, endIndex: 52, overscan: 1, count: 100 };
  expect(rangeWith(range, -1)).toEqual([49, 50, 51, 52, 53]);
  expect(rangeWith(range, 3)).toEqual([3, 49, 50, 51, 52, 53]);
  expect(rangeWith(range, 99)).toEqual([49, 50, 51, 52, 53, 99]);
  expect(rangeWith(range, 51)).toEqual([49, 50, 51, 52, 53]);
  expect(rangeWith({ startIndex: 0, endIndex: 0, overscan: 6, count: 0 }, -1)).toEqual([]);
});
