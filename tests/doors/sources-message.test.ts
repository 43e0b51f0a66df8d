// A message as Slack sends it: which one it is, what it says, whose it is, and who marked it.
import { expect, test } from 'vitest';
import { SlackRefused } from '../../src/slack/api.js';
import { marksOf, type Reader, type SlackMessage, seenOf } from '../../src/slack/message.js';
import { readMessage } from '../../src/slack/take-message.js';

const ts = '1773138600.000200';
const reader: Reader = {
  workspaceId: 'w',
  people: {
    byId: async (_workspace, id, fallback) => ({
      id,
      name: id === 'U1' ? 'ana' : (fallback ?? id),
      zone: null,
    }),
    byName: async () => new Map(),
    keep: async (_workspace, id) => ({ id, name: id, zone: null }),
  },
  teamUrl: 'https://t.slack.com/',
  botUserId: 'UBOT',
  emoji: 'pushpin',
};

function slackWith(answers: Record<string, readonly { ts: string }[] | string>) {
  return async (method: string) => {
    const answer = answers[method];
    if (typeof answer === 'string') throw new SlackRefused(method, answer, null, {});
    return { ok: true, messages: answer ?? [] };
  };
}

test('a neighbour is never taken for the message that was asked for', async () => {
  const neighbour = { ts: '1773138600.000100', text: 'not this one' };
  const reply = { ts, thread_ts: '1773138000.000000', text: 'this one' };
  const asked = (answers: Parameters<typeof slackWith>[0]) => readMessage(slackWith(answers), 'C1', ts);
  expect(
    await asked({ 'conversations.history': [neighbour], 'conversations.replies': [neighbour, reply] }),
  ).toEqual(reply);
  expect(
    await asked({ 'conversations.history': [neighbour], 'conversations.replies': [neighbour] }),
  ).toBeNull();
  expect(
    await asked({ 'conversations.history': [neighbour], 'conversations.replies': 'thread_not_found' }),
  ).toBe('gone');
  // A channel that Andon may not see any more tells nothing of its messages.
  await expect(
    asked({ 'conversations.history': [], 'conversations.replies': 'channel_not_found' }),
  ).rejects.toThrow('channel_not_found');
});

test.each<[string, SlackMessage, object]>([
  [
    'an alert in an attachment',
    {
      ts,
      subtype: 'bot_message',
      bot_id: 'B1',
      username: 'Grafana',
      text: '',
      attachments: [{ title: 'p99', text: 'is <https://g.example|4 s>' }],
    },
    { text: 'p99\nis 4 s (https://g.example)', author: { id: 'B1', name: 'Grafana' } },
  ],
  [
    'an alert in blocks',
    {
      ts,
      user: 'U7',
      bot_id: 'B1',
      bot_profile: { name: 'PagerDuty' },
      text: ' ',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: 'Disk &gt; 90 %' } },
        { type: 'rich_text', elements: [{ elements: [{ type: 'text', text: 'on db-1' }] }] },
      ],
    },
    { text: 'Disk > 90 %\non db-1', author: { id: 'U7', name: 'PagerDuty' } },
  ],
  [
    'names and entities',
    { ts, user: 'U1', text: '<@U1> &amp; <!here>: see <#C2|ops>' },
    { text: '@ana & @here: see #ops', author: { id: 'U1', name: 'ana' } },
  ],
  [
    'only files, one of them deleted',
    {
      ts,
      user: 'U1',
      text: '',
      files: [
        { id: 'F1', name: 'a.png', permalink: 'https://t.slack.com/files/F1' },
        { id: 'F2', mode: 'tombstone' },
      ],
    },
    {
      text: '(file: a.png)',
      files: [{ id: 'F1', name: 'a.png', permalink: 'https://t.slack.com/files/F1' }],
    },
  ],
  [
    'a reply',
    { ts, thread_ts: '1773138000.000000', user: 'U1', text: 'x', edited: { ts: '9' } },
    {
      threadTs: '1773138000.000000',
      edited: '9',
      permalink: 'https://t.slack.com/archives/C1/p1773138600000200?thread_ts=1773138000.000000&cid=C1',
    },
  ],
  ['nothing at all', { ts, bot_id: 'B1' }, { text: '(no text)', author: { id: 'B1', name: 'somebody' } }],
  ['a message of our own', { ts, user: 'UBOT', bot_id: 'B0', text: 'x' }, { ours: true }],
])('%s', async (_what, message, expected) => {
  expect(await seenOf(reader, 'C1', message)).toMatchObject(expected);
});

test('marks are of people: more than Slack names, in any skin, never Andon’s own', () => {
  const reactions = [
    { name: 'pushpin', users: ['UBOT', 'U1'], count: 2 },
    { name: 'eyes', users: ['U2'], count: 1 },
  ];
  expect(marksOf(reader, 'C1', { ts, reactions, pinned_to: ['C9'] })).toEqual({
    reactors: ['U1'],
    more: false,
    pinned: false,
  });
  const many = [{ name: 'pushpin::skin-tone-2', users: ['U1'], count: 60 }];
  expect(marksOf(reader, 'C1', { ts, reactions: many, pinned_to: ['C1'] })).toEqual({
    reactors: ['U1'],
    more: true,
    pinned: true,
  });
});
