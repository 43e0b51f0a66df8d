// Input elements as the client fills them: their state values, initial values and its own checks.
import { isObject } from './blockkit/rules.js';
import type { Json } from './page/contract.js';

const INITIAL: Readonly<Record<string, [from: string, to: string, empty: unknown]>> = {
  plain_text_input: ['initial_value', 'value', null],
  email_text_input: ['initial_value', 'value', null],
  url_text_input: ['initial_value', 'value', null],
  number_input: ['initial_value', 'value', null],
  rich_text_input: ['initial_value', 'rich_text_value', null],
  static_select: ['initial_option', 'selected_option', null],
  external_select: ['initial_option', 'selected_option', null],
  radio_buttons: ['initial_option', 'selected_option', null],
  multi_static_select: ['initial_options', 'selected_options', []],
  multi_external_select: ['initial_options', 'selected_options', []],
  checkboxes: ['initial_options', 'selected_options', []],
  users_select: ['initial_user', 'selected_user', null],
  multi_users_select: ['initial_users', 'selected_users', []],
  conversations_select: ['initial_conversation', 'selected_conversation', null],
  multi_conversations_select: ['initial_conversations', 'selected_conversations', []],
  channels_select: ['initial_channel', 'selected_channel', null],
  multi_channels_select: ['initial_channels', 'selected_channels', []],
  datepicker: ['initial_date', 'selected_date', null],
  timepicker: ['initial_time', 'selected_time', null],
  datetimepicker: ['initial_date_time', 'selected_date_time', null],
  file_input: ['initial_files', 'files', []],
};

export function holdsState(element: unknown): element is Json {
  return isObject(element) && Object.hasOwn(INITIAL, String(element.type));
}

export function initialState(element: Json): Json {
  const [from, to, empty] = INITIAL[String(element.type)] ?? ['', 'value', null];
  return { type: element.type, [to]: element[from] ?? empty };
}

export function optionsOf(element: Json): Json[] {
  const flat = Array.isArray(element.options) ? element.options : [];
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  const grouped = groups.flatMap((group: unknown) =>
    isObject(group) && Array.isArray(group.options) ? group.options : [],
  );
  return [...flat, ...grouped].filter(isObject);
}

function labelOf(option: Json): string {
  return isObject(option.text) ? String(option.text.text) : '';
}

/** The option meant by its value or its label; external selects take whole options. */
function optionFor(element: Json, wanted: unknown): Json {
  if (isObject(wanted)) return wanted;
  const options = optionsOf(element);
  const found =
    options.find((one) => one.value === wanted) ?? options.find((one) => labelOf(one) === String(wanted));
  if (found) return found;
  if (String(element.type).includes('external')) {
    return { text: { type: 'plain_text', text: String(wanted), emoji: true }, value: String(wanted) };
  }
  const known = options.map((one) => String(one.value)).join(', ');
  throw new Error(
    `sandbox: no option ${String(wanted)} in ${String(element.action_id)} (there are: ${known})`,
  );
}

/** An element's state with this value in it. */
export function stateWith(element: Json, value: unknown): Json {
  const type = String(element.type);
  const [, to, empty] = INITIAL[type] ?? ['', 'value', null];
  if (value === null || value === undefined || value === '') return { type, [to]: empty };
  if (to === 'selected_option') return { type, [to]: optionFor(element, value) };
  if (to === 'selected_options') {
    const values = Array.isArray(value) ? value : [value];
    return { type, [to]: values.map((one: unknown) => optionFor(element, one)) };
  }
  if (Array.isArray(empty)) return { type, [to]: Array.isArray(value) ? value : [value] };
  if (to === 'value') return { type, [to]: String(value) };
  return { type, [to]: value };
}

export function isEmptyState(state: Json): boolean {
  const { type: _, ...rest } = state;
  return Object.values(rest).every(
    (one) => one === null || one === '' || (Array.isArray(one) && one.length === 0),
  );
}

/** Why the client would not send this input, or undefined. */
export function clientError(block: Json, state: Json): string | undefined {
  const element = block.element as Json;
  if (isEmptyState(state)) {
    return block.optional === true ? undefined : 'Please complete this required field.';
  }
  const value = String(state.value ?? '');
  switch (element.type) {
    case 'plain_text_input':
      return lengthError(value, element);
    case 'number_input':
      return numberError(value, element);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return /^https?:\/\/\S+$/i.test(value) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

function lengthError(value: string, element: Json): string | undefined {
  const min = Number(element.min_length ?? 0);
  const max = Number(element.max_length ?? 3000);
  if (value.length < min) return `Must be at least ${min} characters.`;
  return value.length > max ? `Must be at most ${max} characters.` : undefined;
}

function numberError(value: string, element: Json): string | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Please enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Must be at least ${String(element.min_value)}.`;
  }
  const tooMuch = element.max_value !== undefined && number > Number(element.max_value);
  return tooMuch ? `Must be at most ${String(element.max_value)}.` : undefined;
}

/** The action a click, choice or entry sends. */
export function actionOf(element: Json, blockId: string, value: unknown, actionTs: string): Json {
  const base = { action_id: element.action_id, block_id: blockId, type: element.type, action_ts: actionTs };
  if (element.type === 'button' || element.type === 'icon_button') {
    const { text, style, url } = element;
    const own = element.value === undefined ? {} : { value: element.value };
    return { ...base, text, ...own, ...(style ? { style } : {}), ...(url ? { url } : {}) };
  }
  if (element.type === 'overflow') return { ...base, selected_option: optionFor(element, value) };
  if (element.type === 'feedback_buttons') return { ...base, value };
  if (!holdsState(element)) return base;
  return { ...base, ...stateWith(element, value) };
}
