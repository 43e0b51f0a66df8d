// Block Kit as Slack checks it: limits, types, places, and the exact shape of the refusal.
import { expect, test } from 'vitest';
import { checkBlocks, checkView, openSandbox } from '../../src/sandbox/index.js';
import { call, channelId } from './help.js';

const plain = (text: string) => ({ type: 'plain_text', text });
const button = (id: number) => ({ type: 'button', action_id: `a${id}`, text: plain('Go') });
const input = { type: 'input', label: plain('L'), element: { type: 'plain_text_input' } };
const long = (count: number) => 'x'.repeat(count);

test('the refusal has the shape of the real one', async () => {
  const sandbox = await openSandbox();
  const many = Array.from({ length: 26 }, (_, at) => button(at));
  const { body } = await call(sandbox, 'chat.postMessage', {
    channel: channelId(sandbox, 'general'),
    blocks: [{ type: 'divider' }, { type: 'actions', elements: many }],
  });
  expect(body).toEqual({
    ok: false,
    error: 'invalid_blocks',
    errors: ['no more than 25 items allowed [json-pointer:/blocks/1/elements]'],
    response_metadata: {
      messages: ['[ERROR] no more than 25 items allowed [json-pointer:/blocks/1/elements]'],
    },
  });
  await sandbox.close();
});

test.each([
  ['no more than 50 items allowed [json-pointer:/blocks]', Array(51).fill({ type: 'divider' })],
  ['unsupported type: nope [json-pointer:/blocks/0/type]', [{ type: 'nope' }]],
  ['missing required field: text [json-pointer:/blocks/0]', [{ type: 'section' }]],
  ['missing required field: text [json-pointer:/blocks/0]', [{ type: 'header' }]],
  [
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    [{ type: 'header', text: plain(long(151)) }],
  ],
  [
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    [{ type: 'header', text: plain('') }],
  ],
  [
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
  ],
  [
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    [{ type: 'context', elements: Array(11).fill(plain('x')) }],
  ],
  [
    'block_id "b" already exists [json-pointer:/blocks/1/block_id]',
    [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ],
  ],
  ['invalid additional property: colour [json-pointer:/blocks/0]', [{ type: 'divider', colour: 'red' }]],
  [
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    [{ type: 'actions', elements: [{ ...button(1), text: plain(long(76)) }] }],
  ],
  [
    'action_id "a1" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    [{ type: 'actions', elements: [button(1), button(1)] }],
  ],
  [
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
    [{ type: 'actions', elements: [{ type: 'plain_text_input' }] }],
  ],
  ['missing required field: image_url [json-pointer:/blocks/0]', [{ type: 'image', alt_text: 'x' }]],
  [
    'must be less than 12001 characters [json-pointer:/blocks/0/text]',
    [{ type: 'markdown', text: long(12_001) }],
  ],
  [
    'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
    [{ type: 'table', rows: Array(101).fill([{ type: 'raw_text', text: 'x' }]) }],
  ],
  [
    'missing required field: options [json-pointer:/blocks/0/element]',
    [{ type: 'input', label: plain('L'), element: { type: 'static_select' } }],
  ],
  [
    'unsupported type: file_input [json-pointer:/blocks/0/element/type]',
    [{ type: 'input', label: plain('L'), element: { type: 'file_input' } }],
  ],
  [
    'unsupported type: rich_text_thing [json-pointer:/blocks/0/elements/0/type]',
    [{ type: 'rich_text', elements: [{ type: 'rich_text_thing', elements: [] }] }],
  ],
])('%s', (message, blocks) => {
  expect(checkBlocks(blocks)).toEqual([message]);
});

test('a text object that fits no schema says so first', () => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: long(3001) } }];
  expect(checkBlocks(blocks)).toEqual([
    'failed to match all allowed schemas [json-pointer:/blocks/0/text]',
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ]);
});

test('a message with everything in it passes', () => {
  const option = { text: plain('One'), value: '1' };
  const blocks = [
    { type: 'header', text: plain('H') },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: '*x*' },
      accessory: { type: 'overflow', action_id: 'o', options: [option] },
    },
    { type: 'section', fields: [plain('a'), { type: 'mrkdwn', text: 'b' }] },
    {
      type: 'context',
      elements: [{ type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a' }, plain('x')],
    },
    { type: 'actions', elements: [button(1), { type: 'static_select', action_id: 's', options: [option] }] },
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] },
      ],
    },
    { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] },
    { type: 'markdown', text: '# x' },
    { type: 'divider' },
  ];
  expect(checkBlocks(blocks)).toEqual([]);
});

test.each([
  ['must be less than 25 characters [json-pointer:/view/title/text]', { title: plain(long(25)) }],
  ['missing required field: submit [json-pointer:/view]', { submit: undefined }],
  [
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    { private_metadata: long(3001) },
  ],
  [
    'no more than 100 items allowed [json-pointer:/view/blocks]',
    { blocks: Array(101).fill({ type: 'divider' }) },
  ],
  [
    'unsupported type: markdown [json-pointer:/view/blocks/0/type]',
    { blocks: [{ type: 'markdown', text: 'x' }] },
  ],
  ['invalid additional property: state [json-pointer:/view]', { state: {} }],
])('views: %s', (message, change) => {
  const view = { type: 'modal', title: plain('T'), submit: plain('S'), blocks: [input], ...change };
  expect(checkView(view)).toEqual([message]);
});
