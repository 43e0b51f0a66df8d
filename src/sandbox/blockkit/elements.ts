// Interactive elements of Block Kit and where each may stand.
import {
  anyText,
  confirm,
  imageElement,
  imageSource,
  markupOption,
  optionGroup,
  optionsOrGroups,
  overflowOption,
  plain,
  plainOption,
  richText,
  slackFile,
} from './objects.js';
import {
  anything,
  both,
  complain,
  flag,
  isObject,
  listOf,
  matches,
  object,
  oneOf,
  type Rule,
  type Shape,
  text,
  typed,
  url,
  whole,
} from './rules.js';

const actionId = { action_id: text(1, 255) };
const focus = { focus_on_load: flag };
const placeholder = { placeholder: plain(150) };
const select = { ...actionId, ...focus, ...placeholder, confirm };
const several = { ...select, max_selected_items: whole(1, 100) };
const dispatch = {
  dispatch_action_config: object({
    required: {},
    optional: { trigger_actions_on: listOf(1, 2, oneOf('on_enter_pressed', 'on_character_entered')) },
  }),
};
const typing = { ...actionId, ...focus, ...placeholder, ...dispatch };
const filter = object({
  required: {},
  optional: {
    include: listOf(1, 4, oneOf('im', 'mpim', 'private', 'public')),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
});
const choices = { options: listOf(1, 100, plainOption), option_groups: listOf(1, 100, optionGroup) };
const date = matches(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD');
const time = matches(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:mm');
const id = text(1, 255);
const ids = listOf(0, 100, id);
const scheme = oneOf('primary', 'danger');
const number = matches(/^-?\d+(\.\d+)?$/, 'must be a number');

const feedback = object({
  required: { text: plain(75), value: text(0, 2000) },
  optional: { accessibility_label: text(1, 75) },
});

export const ELEMENTS: Readonly<Record<string, Shape>> = {
  button: {
    required: { text: plain(75) },
    optional: {
      ...actionId,
      value: text(0, 2000),
      url: url(3000),
      style: scheme,
      confirm,
      accessibility_label: text(1, 75),
    },
  },
  checkboxes: {
    required: { options: listOf(1, 10, markupOption) },
    optional: { ...actionId, ...focus, confirm, initial_options: listOf(1, 10, markupOption) },
  },
  radio_buttons: {
    required: { options: listOf(1, 10, markupOption) },
    optional: { ...actionId, ...focus, confirm, initial_option: markupOption },
  },
  overflow: { required: { options: listOf(1, 5, overflowOption) }, optional: { ...actionId, confirm } },
  datepicker: { required: {}, optional: { ...select, initial_date: date } },
  timepicker: { required: {}, optional: { ...select, initial_time: time, timezone: text(1, 255) } },
  datetimepicker: {
    required: {},
    optional: { ...actionId, ...focus, confirm, initial_date_time: whole(1_000_000_000, 9_999_999_999) },
  },
  static_select: { required: {}, optional: { ...select, ...choices, initial_option: plainOption } },
  multi_static_select: {
    required: {},
    optional: { ...several, ...choices, initial_options: listOf(1, 100, plainOption) },
  },
  external_select: {
    required: {},
    optional: { ...select, initial_option: plainOption, min_query_length: whole(0, 255) },
  },
  multi_external_select: {
    required: {},
    optional: { ...several, initial_options: listOf(1, 100, plainOption), min_query_length: whole(0, 255) },
  },
  users_select: { required: {}, optional: { ...select, initial_user: id } },
  multi_users_select: { required: {}, optional: { ...several, initial_users: ids } },
  conversations_select: {
    required: {},
    optional: {
      ...select,
      initial_conversation: id,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  },
  multi_conversations_select: {
    required: {},
    optional: { ...several, initial_conversations: ids, default_to_current_conversation: flag, filter },
  },
  channels_select: {
    required: {},
    optional: { ...select, initial_channel: id, response_url_enabled: flag },
  },
  multi_channels_select: { required: {}, optional: { ...several, initial_channels: ids } },
  plain_text_input: {
    required: {},
    optional: {
      ...typing,
      initial_value: text(0, 3000),
      multiline: flag,
      min_length: whole(0, 3000),
      max_length: whole(1, 3000),
    },
  },
  email_text_input: { required: {}, optional: { ...typing, initial_value: text(0, 3000) } },
  url_text_input: { required: {}, optional: { ...typing, initial_value: text(0, 3000) } },
  number_input: {
    required: { is_decimal_allowed: flag },
    optional: { ...typing, initial_value: number, min_value: number, max_value: number },
  },
  rich_text_input: {
    required: {},
    optional: { ...typing, initial_value: richText, min_lines: whole(1, 100), max_lines: whole(1, 100) },
  },
  file_input: {
    required: {},
    optional: { ...actionId, filetypes: listOf(0, 100, text(1, 20)), max_files: whole(1, 10) },
  },
  workflow_button: {
    required: { text: plain(75), workflow: anything },
    optional: { ...actionId, style: scheme, confirm, accessibility_label: text(1, 75) },
  },
  feedback_buttons: {
    required: { positive_button: feedback, negative_button: feedback },
    optional: actionId,
  },
  icon_button: {
    required: { icon: text(1, 255), text: plain(75) },
    optional: {
      ...actionId,
      confirm,
      value: text(0, 2000),
      accessibility_label: text(1, 75),
      visible_to_user_ids: ids,
    },
  },
  image: { required: { alt_text: text(1, 2000) }, optional: { image_url: url(3000), slack_file: slackFile } },
};

const SELECTS = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
];
const MULTI_SELECTS = SELECTS.map((name) => `multi_${name}`);
const CHOOSERS = [...SELECTS, ...MULTI_SELECTS, 'checkboxes', 'radio_buttons', 'datepicker', 'timepicker'];

export const SECTION_ELEMENTS = [...CHOOSERS, 'button', 'overflow', 'image', 'workflow_button'];
export const ACTIONS_ELEMENTS = [
  ...CHOOSERS,
  'button',
  'overflow',
  'datetimepicker',
  'workflow_button',
  'rich_text_input',
];
export const INPUT_ELEMENTS = [
  ...CHOOSERS,
  'datetimepicker',
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
  'file_input',
];

/** What a shape cannot say about an element. */
const extras: Rule = (value, at, check) => {
  if (!isObject(value)) return;
  const type = String(value.type);
  if (type === 'static_select' || type === 'multi_static_select') optionsOrGroups(value, at, check);
  if (type === 'image') imageSource(value, at, check);
  if (type === 'file_input' && check.surface !== 'modal')
    complain(check, 'unsupported type: file_input', `${at}/type`);
  if (type === 'plain_text_input' && Number(value.min_length) > Number(value.max_length)) {
    complain(check, 'min_length must be less than or equal to max_length', at);
  }
  initialFits(value, at, check);
};

/** An initial option must be one of the options, letter for letter. */
const initialFits: Rule = (value, at, check) => {
  if (!isObject(value) || (value.options === undefined && value.option_groups === undefined)) return;
  const flat = Array.isArray(value.options) ? value.options : [];
  const grouped = Array.isArray(value.option_groups)
    ? value.option_groups.flatMap((group: unknown) =>
        isObject(group) && Array.isArray(group.options) ? group.options : [],
      )
    : [];
  const known = new Set([...flat, ...grouped].map((one) => (isObject(one) ? `${String(one.value)}` : '')));
  const wanted: [unknown, string][] = [[value.initial_option, `${at}/initial_option`]];
  if (Array.isArray(value.initial_options)) {
    value.initial_options.forEach((one: unknown, index) => {
      wanted.push([one, `${at}/initial_options/${index}`]);
    });
  }
  for (const [one, where] of wanted) {
    if (isObject(one) && !known.has(String(one.value))) {
      complain(check, 'could not find initial option in options', where);
    }
  }
};

export function element(only: readonly string[]): Rule {
  return both(typed(ELEMENTS, only), extras);
}

export const contextElement: Rule = (value, at, check) => {
  const type = isObject(value) ? value.type : undefined;
  if (type === 'image') imageElement(value, at, check);
  else if (type === 'plain_text' || type === 'mrkdwn') anyText(3000)(value, at, check);
  else element([])(value, at, check);
};
