// Blocks as they are drawn: what stands in the document that a person gets.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { BLOCKS } from '../../../src/sandbox/blockkit/blocks.js';
import { ELEMENTS, INPUT_ELEMENTS } from '../../../src/sandbox/blockkit/elements.js';
import {
  Attachments,
  Blocks,
  type BlocksProps,
  type Viewer,
} from '../../../src/sandbox/browser/blocks/index.js';
import Markdown from '../../../src/sandbox/browser/blocks/markdown.js';
import type { ChannelCard, Json, PersonCard } from '../../../src/sandbox/page/contract.js';

const now = Date.parse('2026-11-21T13:00:00Z');

function person(id: string, name: string, realName: string): PersonCard {
  return { id, name, realName, zone: 'UTC', isApp: false };
}

function channel(id: string, name: string, kind: ChannelCard['kind']): ChannelCard {
  const counts = { unread: 0, mentions: 0, lastReadTs: '0' };
  const rest = {
    topic: '',
    purpose: '',
    isArchived: false,
    isMember: true,
    members: [],
    pins: [],
    bookmarks: [],
  };
  return { id, name, kind, ...rest, ...counts };
}

const viewer: Viewer = {
  zone: 'America/New_York',
  me: 'U1',
  people: [person('U1', 'ana', 'Ana Ruiz'), person('U2', 'ben', 'Ben Okafor')],
  channels: [channel('C1', 'general', 'channel'), channel('G1', 'secret', 'group')],
  usergroups: [{ id: 'S1', handle: 'oncall', name: 'On call' }],
  appUserId: 'UA',
  now: () => now,
  onChannel: () => {},
  workspaceUrl: 'https://acme.slack.com/',
};

function drawn(blocks: Json[], more: Partial<BlocksProps> = {}): string {
  return renderToStaticMarkup(createElement(Blocks, { blocks, viewer, ...more }));
}

/** What is read, without tags. */
function words(html: string): string {
  return html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}

const plain = (text: string, more: Json = {}): Json => ({ type: 'plain_text', text, ...more });
const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text });
const section = (text: string): Json => ({ type: 'section', block_id: 's', text: mrkdwn(text) });
const option = (value: string): Json => ({ text: plain(`Label ${value}`), value });

describe('words', () => {
  test('plain text is plain wherever it stands', () => {
    const raw = '*B* <@U1> _i_ `c` <!here>';
    const blocks = [
      { type: 'header', text: plain(raw) },
      { type: 'section', text: plain(raw) },
      { type: 'section', fields: [plain(raw)] },
      { type: 'context', elements: [plain(raw)] },
      { type: 'actions', elements: [{ type: 'button', action_id: 'b', text: plain(raw) }] },
      { type: 'table', rows: [[{ type: 'raw_text', text: raw }], [{ type: 'raw_text', text: raw }]] },
    ];
    for (const block of blocks) {
      const html = drawn([block]);
      expect(words(html)).toContain(raw);
      expect(html).not.toMatch(/bk-mention|<strong|<em|<code/);
    }
  });

  test('emoji of plain text are drawn unless the app said no', () => {
    expect(words(drawn([{ type: 'header', text: plain(':tada: :nope:') }]))).toBe('🎉 :nope:');
    expect(words(drawn([{ type: 'header', text: plain(':tada:', { emoji: false }) }]))).toBe(':tada:');
  });

  test('mentions show the name people know, and one of oneself stands out', () => {
    const html = drawn([section('<@U1> <@U2> <@U9|zoe> <#C1> <#C9> <!subteam^S1|@x> <!here>')]);
    expect(words(html)).toBe('@Ana Ruiz @Ben Okafor @zoe #general a private channel @oncall @here');
    expect(html).toContain('<span class="bk-mention bk-mention-me" title="@ana">@Ana Ruiz</span>');
    expect(html).toContain('<span class="bk-mention" title="@ben">@Ben Okafor</span>');
    expect(html).toMatch(/<button type="button"[^>]*>#general<\/button>/);
  });

  test('what was escaped is shown once unescaped and mentions nobody', () => {
    const html = drawn([section('&lt;@U1&gt; &lt;!here&gt; &amp;lt;b&amp;gt; <script>')]);
    expect(words(html)).toBe('<@U1> <!here> &lt;b&gt; <script>');
    expect(html).not.toMatch(/bk-mention|<script/);
  });

  test('dates are in the zone of the viewer, with the instant and the full time', () => {
    const html = drawn([section(`<!date^${now / 1000 - 3600}^{date_pretty} at {time}, {ago}|fallback>`)]);
    expect(words(html)).toBe('Today at 07:00, 1 hour ago');
    expect(html).toContain('dateTime="2026-11-21T12:00:00.000Z"');
    expect(html).toContain('title="Saturday, November 21st, 2026 at 07:00:00 EST (America/New_York)"');
  });

  test('links go to the web, by mail or to Slack, and say so where their label does not', () => {
    const html = drawn([
      section(
        '<https://x.org/a|here> <javascript:alert(1)|bad> <https://evil.org/|https://bank.com> <mailto:a@b.c|mail>',
      ),
    ]);
    expect(html).toContain(
      'href="https://x.org/a" title="https://x.org/a" target="_blank" rel="noopener noreferrer"',
    );
    expect(html).not.toContain('href="javascript');
    expect(words(html)).toBe(
      'here bad (not a link: javascript: is not opened) https://bank.com (goes to evil.org) mail',
    );
  });

  test('a link of this workspace opens in the page, seen or not; others, permalinks too, in a new tab', () => {
    const own = 'https://acme.slack.com/archives/C1/p1392734382000200';
    expect(drawn([section(`<${own}|own>`)])).not.toContain('target=');
    expect(drawn([section(`<${own.replace('C1', 'C9')}|unseen>`)])).not.toContain('target=');
    expect(drawn([section(`<${own.replace('acme', 'other')}|other>`)])).toContain('target="_blank"');
  });

  test('text without blocks is mrkdwn, and attachments are drawn with their blocks or old fields', () => {
    expect(drawn([], { text: '*b* &amp; c' })).toContain('<strong>b</strong> &amp; c');
    const attachments = [
      { color: 'b3002d', title: 'Old', title_link: 'https://x.org', text: '_words_' },
      { blocks: [section('in *blocks*')], fallback: 'unseen' },
      { fallback: 'only this' },
    ];
    const html = renderToStaticMarkup(createElement(Attachments, { attachments, viewer }));
    expect(words(html)).toBe('Old\nwordsin blocksonly this');
    expect(html).toContain('border-inline-start-color:#b3002d');
  });

  test('Markdown keeps raw HTML as words and opens nothing that Slack would not', () => {
    const html = renderToStaticMarkup(
      createElement(Markdown, {
        words: '# T\n**b** [x](javascript:alert(1)) <b>raw</b>\n\n| a |\n|--|\n| 1 |',
      }),
    );
    expect(html).toContain('<h2>T</h2>');
    expect(html).toContain('<strong>b</strong>');
    expect(html).toContain('&lt;b&gt;raw&lt;/b&gt;');
    expect(html).toContain('<table class="bk-table">');
    expect(html).not.toContain('href=');
  });
});

describe('every block and element of Block Kit', () => {
  test.each(Object.keys(BLOCKS))('a %s is drawn, or the page says that it is not', (type) => {
    const element = { type: 'plain_text_input', action_id: 'a' };
    const html = drawn([
      { type, block_id: 'x', text: mrkdwn('words'), title: plain('words'), alt_text: 'words', element },
    ]);
    expect(html.replace('<div class="bk"></div>', '')).not.toBe('');
    if (!html.includes('bk-unknown-box')) return;
    expect(words(html)).toContain(`This block is not drawn here: ${type}`);
  });

  test('the blocks that messages and views of apps are made of are all drawn', () => {
    const most = [
      'section',
      'header',
      'divider',
      'context',
      'actions',
      'image',
      'input',
      'rich_text',
      'table',
      'file',
    ];
    for (const type of [...most, 'markdown']) {
      expect(drawn([{ type, block_id: 'x', element: { type: 'plain_text_input' } }])).not.toContain(
        'bk-unknown',
      );
    }
  });

  test.each(INPUT_ELEMENTS.filter((type) => type !== 'file_input'))(
    'an input with a %s has a label',
    (type) => {
      const element = { type, action_id: 'a', options: [option('1')], is_decimal_allowed: false };
      const block = { type: 'input', block_id: 'b', label: plain('The label'), optional: true, element };
      const html = drawn([block], { onSuggest: async () => [], errors: { b: 'Wrong.' } });
      expect(html).not.toContain('bk-unknown');
      const isGroup = type === 'checkboxes' || type === 'radio_buttons';
      const labelled = isGroup ? undefined : /<label[^>]* for="([^"]+)"/.exec(html)?.[1];
      if (isGroup) expect(html).toMatch(/<fieldset[^>]*><legend[^>]*>The label/);
      else expect(html).toContain(` id="${labelled}"`);
      expect(words(html)).toContain('The label (optional)');
      const error = /<p class="bk-error" id="([^"]+)">Wrong\./.exec(html)?.[1];
      expect(html).toContain(`aria-describedby="${error}"`);
      expect(html).toContain('aria-invalid="true"');
    },
  );

  test('one that is not drawn shows what was sent', () => {
    const element = { type: 'file_input', action_id: 'f' };
    const html = drawn([{ type: 'input', block_id: 'b', label: plain('File'), element }]);
    expect(words(html)).toContain('This element is not drawn here: file_input');
    expect(words(html)).toContain('"action_id": "f"');
    expect(Object.keys(ELEMENTS)).toContain('file_input');
  });
});

describe('fields', () => {
  const select = { type: 'static_select', action_id: 'a', options: [option('1'), option('2')] };
  const input = (element: Json): Json => ({ type: 'input', block_id: 'b', label: plain('L'), element });

  test('show what the app filled in, what Slack holds before that, and what was typed before all', () => {
    const filled = input({ ...select, initial_option: option('1') });
    const state = { b: { a: { type: 'static_select', selected_option: option('2') } } };
    expect(drawn([filled])).toContain('<option value="1" selected="">');
    expect(drawn([filled], { state })).toContain('<option value="2" selected="">');
    expect(drawn([filled], { state, typed: { b: { a: '1' } } })).toContain('<option value="1" selected="">');
    expect(drawn([filled], { state, typed: { b: { a: null } } })).toContain('<option value="" selected="">');
  });

  test('of people and channels offer those of the workspace', () => {
    const users = drawn([input({ type: 'users_select', action_id: 'a', initial_user: 'U2' })]);
    expect(users).toContain('<option value="U2" selected="">Ben Okafor</option>');
    expect(words(drawn([input({ type: 'channels_select', action_id: 'a' })]))).not.toContain('secret');
    expect(words(drawn([input({ type: 'conversations_select', action_id: 'a' })]))).toContain('#secret');
  });

  test('of an instant show the wall clock of the viewer and say whose it is', () => {
    const picker = { type: 'datetimepicker', action_id: 'a', initial_date_time: now / 1000 };
    const html = drawn([input(picker)]);
    expect(html).toContain('value="2026-11-21T08:00"');
    expect(words(html)).toContain('Time in America/New_York');
  });

  test('that are no number still reach Slack, which says what is wrong with them', () => {
    const html = drawn([input({ type: 'number_input', action_id: 'a', initial_value: '7' })]);
    expect(html).toMatch(/<input[^>]*type="text"[^>]*inputMode="decimal"/);
    expect(html).toContain('value="7"');
  });
});

test('a table scrolls in a box that the keyboard reaches, with its first row as heads', () => {
  const cell = (text: string): Json => ({ type: 'raw_text', text });
  const rows = [
    [cell('A'), cell('B')],
    [cell('1'), { type: 'raw_number', value: 2, text: '2' }],
  ];
  const html = drawn([{ type: 'table', rows, column_settings: [{}, { align: 'right' }] }]);
  expect(html).toMatch(/^<div class="bk"><figure class="bk-scroll" aria-label="Table" tabindex="0">/i);
  expect(html).toMatch(/<th scope="col"[^>]*>A<\/th>/);
  expect(html).toMatch(/<td style="text-align:right[^>]*>2<\/td>/);
});

test('pictures come from this page or are named; nothing is loaded from outside', () => {
  const image = (url: string): Json => ({ type: 'image', image_url: url, alt_text: 'Error rate' });
  expect(drawn([image('data:image/png;base64,AA==')])).toContain('<img class="bk-image" src="data:image/png');
  for (const url of ['https://x.org/a.png', '//x.org/a.png'])
    expect(drawn([image(url)])).not.toContain('<img');
  expect(words(drawn([image('https://x.org/a.png')]))).toContain('Picture: Error rate');
});
