// What fields hold and send: Slack's state, read and written as the server reads and writes it.
import { describe, expect, test } from 'vitest';
import { chosenItems, groupsOf, matching } from '../../../src/sandbox/browser/blocks/elements/items.js';
import { heldBy, sentFor, tellsOn } from '../../../src/sandbox/browser/blocks/values.js';
import type { Viewer } from '../../../src/sandbox/browser/blocks/viewer.js';
import { valuesToSubmit } from '../../../src/sandbox/browser/modal/form.js';
import { isEmptyState, stateWith } from '../../../src/sandbox/form-state.js';
import type { Json, PageView } from '../../../src/sandbox/page/contract.js';

const option = (value: string, label = value): Json => ({ text: { type: 'plain_text', text: label }, value });
const options = [option('1', 'One'), option('2', 'Two')];

const FILLED: [element: Json, held: unknown][] = [
  [{ type: 'plain_text_input' }, 'words'],
  [{ type: 'email_text_input' }, 'a@b.c'],
  [{ type: 'url_text_input' }, 'https://x.org'],
  [{ type: 'number_input' }, '7.5'],
  [{ type: 'rich_text_input' }, 'two\nlines'],
  [{ type: 'static_select', options }, '2'],
  [{ type: 'static_select', option_groups: [{ label: option('g').text, options }] }, '2'],
  [{ type: 'external_select' }, option('api')],
  [{ type: 'radio_buttons', options }, '1'],
  [{ type: 'checkboxes', options }, ['1', '2']],
  [{ type: 'checkboxes', options }, []],
  [{ type: 'multi_static_select', options }, ['2']],
  [{ type: 'multi_external_select' }, [option('api'), option('web')]],
  [{ type: 'users_select' }, 'U1'],
  [{ type: 'multi_users_select' }, ['U1', 'U2']],
  [{ type: 'conversations_select' }, 'C1'],
  [{ type: 'multi_conversations_select' }, ['C1']],
  [{ type: 'channels_select' }, 'C1'],
  [{ type: 'multi_channels_select' }, []],
  [{ type: 'datepicker' }, '2026-11-21'],
  [{ type: 'timepicker' }, '10:42'],
  [{ type: 'datetimepicker' }, 1795257000],
];

describe('a field', () => {
  test.each(FILLED)('%j keeps what it holds on the way to Slack’s state and back', (element, held) => {
    expect(heldBy(element, stateWith(element, sentFor(element, held)))).toEqual(held);
  });

  test.each(FILLED)('%j that is emptied is empty for Slack', (element) => {
    const none = Array.isArray(heldBy(element)) ? [] : null;
    expect(isEmptyState(stateWith(element, sentFor(element, none)))).toBe(true);
    expect(heldBy(element)).toEqual(none);
  });

  test('holds what the app filled in as long as Slack knows nothing else', () => {
    expect(heldBy({ type: 'static_select', options, initial_option: options[1] })).toBe('2');
    expect(heldBy({ type: 'checkboxes', options, initial_options: options })).toEqual(['1', '2']);
    expect(
      heldBy({ type: 'plain_text_input', initial_value: 'x' }, { type: 'plain_text_input', value: null }),
    ).toBe(null);
  });

  test('of text tells the app on Enter, unless the app asked otherwise', () => {
    expect(tellsOn({})).toEqual({ enter: true, typing: false });
    const config = (...on: string[]): Json => ({ dispatch_action_config: { trigger_actions_on: on } });
    expect(tellsOn(config('on_character_entered'))).toEqual({ enter: false, typing: true });
    expect(tellsOn(config('on_enter_pressed', 'on_character_entered'))).toEqual({
      enter: true,
      typing: true,
    });
  });
});

test('only touched inputs are submitted, by block_id; what is gone from the view is not', () => {
  const input = (blockId: string, element: Json): Json => ({ type: 'input', block_id: blockId, element });
  const blocks = [
    input('title', { type: 'plain_text_input', action_id: 'value' }),
    input('details', { type: 'rich_text_input', action_id: 'value' }),
    input('untouched', { type: 'plain_text_input', action_id: 'value', initial_value: 'x' }),
    { type: 'section', block_id: 'told', accessory: { type: 'users_select', action_id: 'value' } },
  ];
  const view: PageView = {
    id: 'V',
    hash: '1',
    depth: 0,
    title: '',
    submit: null,
    close: null,
    blocks,
    state: {},
  };
  const typed = {
    title: { value: 'Stuck', other: 'x' },
    details: { value: 'words' },
    told: { value: 'U1' },
    gone: { value: 'x' },
  };
  expect(valuesToSubmit(view, typed)).toEqual({
    title: 'Stuck',
    details: {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'words' }] }],
    },
  });
});

describe('what a select offers', () => {
  const viewer: Viewer = { zone: 'UTC', people: [], channels: [], usergroups: [], appUserId: '' };

  test('comes in the groups of the app, and is found by any part of its words', () => {
    const element = { type: 'static_select', option_groups: [{ label: option('g', 'Group').text, options }] };
    const [group] = groupsOf(element, viewer);
    expect(group?.label).toBe('Group');
    expect(matching(group?.items ?? [], 'wO').map((one) => one.key)).toEqual(['2']);
    expect(matching(group?.items ?? [], ' ')).toHaveLength(2);
  });

  test('an option that the app looked up goes back to it whole; what nobody knows keeps its id', () => {
    expect(chosenItems([option('api', 'API')], [])).toMatchObject([
      { label: 'API', value: option('api', 'API') },
    ]);
    expect(chosenItems(['U9'], [])).toEqual([{ key: 'U9', label: 'U9', value: 'U9' }]);
    expect(chosenItems(null, [])).toEqual([]);
  });
});
