// Blocks of Block Kit: their fields, limits and the surfaces they may stand on.
import { ACTIONS_ELEMENTS, contextElement, element, INPUT_ELEMENTS, SECTION_ELEMENTS } from './elements.js';
import {
  anyText,
  imageElement,
  imageSource,
  mrkdwn,
  plain,
  richText,
  richTextParts,
  slackFile,
} from './objects.js';
import {
  anything,
  both,
  type Check,
  complain,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  type Rule,
  type Shape,
  type Surface,
  text,
  typed,
  url,
  whole,
} from './rules.js';

const blockId = { block_id: text(1, 255) };
const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];
const MESSAGES: readonly Surface[] = ['message'];

const cell = typed({
  raw_text: { required: { text: text(1, 10_000) } },
  raw_number: { required: { value: anything, text: text(1, 10_000) } },
  rich_text: { required: { elements: richTextParts }, optional: blockId },
});
const rows = listOf(1, 100, listOf(1, 20, cell));

const card: Shape = {
  required: {},
  optional: {
    ...blockId,
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(150),
    subtitle: mrkdwn(150),
    body: mrkdwn(200),
    actions: listOf(1, 25, element(['button'])),
  },
};

const task: Shape = {
  required: {
    task_id: text(1, 255),
    title: text(1, 3000),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: { ...blockId, details: richText, output: richText, sources: anything },
};

export const BLOCKS: Readonly<Record<string, Shape & { surfaces: readonly Surface[] }>> = {
  section: {
    surfaces: EVERYWHERE,
    required: {},
    optional: {
      ...blockId,
      text: anyText(3000),
      fields: listOf(1, 10, anyText(2000)),
      accessory: element(SECTION_ELEMENTS),
      expand: flag,
    },
  },
  header: {
    surfaces: EVERYWHERE,
    required: { text: plain(150) },
    optional: { ...blockId, level: whole(1, 4) },
  },
  divider: { surfaces: EVERYWHERE, required: {}, optional: blockId },
  context: { surfaces: EVERYWHERE, required: { elements: listOf(1, 10, contextElement) }, optional: blockId },
  actions: {
    surfaces: EVERYWHERE,
    required: { elements: listOf(1, 25, element(ACTIONS_ELEMENTS)) },
    optional: blockId,
  },
  context_actions: {
    surfaces: MESSAGES,
    required: { elements: listOf(1, 5, element(['feedback_buttons', 'icon_button'])) },
    optional: blockId,
  },
  image: {
    surfaces: EVERYWHERE,
    required: { alt_text: text(1, 2000) },
    optional: { ...blockId, image_url: url(3000), slack_file: slackFile, title: plain(2000) },
  },
  input: {
    surfaces: EVERYWHERE,
    required: { label: plain(2000), element: element(INPUT_ELEMENTS) },
    optional: { ...blockId, hint: plain(2000), optional: flag, dispatch_action: flag },
  },
  rich_text: { surfaces: EVERYWHERE, required: { elements: richTextParts }, optional: blockId },
  markdown: { surfaces: MESSAGES, required: { text: text(1, 12_000) }, optional: blockId },
  table: {
    surfaces: MESSAGES,
    required: { rows },
    optional: {
      ...blockId,
      column_settings: listOf(
        1,
        20,
        object({ required: {}, optional: { align: oneOf('left', 'center', 'right'), is_wrapped: flag } }),
      ),
    },
  },
  data_table: {
    surfaces: MESSAGES,
    required: { rows, caption: text(1, 3000) },
    optional: { ...blockId, page_size: whole(1, 100), row_header_column_index: whole(0, 19) },
  },
  data_visualization: {
    surfaces: MESSAGES,
    required: { title: text(1, 50), chart: anything },
    optional: blockId,
  },
  file: {
    surfaces: MESSAGES,
    required: { source: oneOf('remote'), external_id: text(1, 255) },
    optional: blockId,
  },
  video: {
    surfaces: EVERYWHERE,
    required: { video_url: url(3000), thumbnail_url: url(3000), alt_text: text(1, 2000), title: plain(199) },
    optional: {
      ...blockId,
      title_url: url(3000),
      author_name: text(1, 49),
      provider_name: text(1, 255),
      provider_icon_url: url(3000),
      description: plain(199),
    },
  },
  alert: {
    surfaces: ['modal', 'message'],
    required: { text: anyText(3000) },
    optional: { ...blockId, level: oneOf('default', 'info', 'warning', 'error', 'success') },
  },
  card: { surfaces: MESSAGES, ...card },
  carousel: {
    surfaces: MESSAGES,
    required: { elements: listOf(1, 10, typed({ card })) },
    optional: blockId,
  },
  container: {
    surfaces: MESSAGES,
    required: { child_blocks: listOf(1, 10, (value, at, check) => block(value, at, check)) },
    optional: {
      ...blockId,
      title: plain(150),
      rich_text_title: richText,
      subtitle: anyText(150),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  },
  task_card: { surfaces: MESSAGES, ...task },
  plan: {
    surfaces: MESSAGES,
    required: { title: text(1, 3000) },
    optional: { ...blockId, tasks: listOf(0, 50, typed({ task_card: task })) },
  },
};

/** One block with its element ids, wherever it stands. */
export const block: Rule = both(typed(BLOCKS), (value, at, check) => {
  if (!isObject(value) || typeof value.type !== 'string') return;
  const shape = Object.hasOwn(BLOCKS, value.type) ? BLOCKS[value.type] : undefined;
  if (!shape) return;
  if (!shape.surfaces.includes(check.surface)) {
    return complain(check, `unsupported type: ${value.type}`, `${at}/type`);
  }
  if (typeof value.block_id === 'string') {
    if (check.blockIds.has(value.block_id)) {
      complain(check, `block_id "${value.block_id}" already exists`, `${at}/block_id`);
    }
    check.blockIds.set(value.block_id, at);
  }
  if (value.type === 'section' && value.text === undefined && value.fields === undefined) {
    complain(check, 'missing required field: text', at);
  }
  if (value.type === 'image') imageSource(value, at, check);
  actionIds(value, at, check);
  count(value, at, check);
});

function actionIds(value: Record<string, unknown>, at: string, check: Check): void {
  if (!Array.isArray(value.elements) || !['actions', 'context_actions'].includes(String(value.type))) return;
  const seen = new Set<string>();
  value.elements.forEach((one: unknown, index) => {
    if (!isObject(one) || typeof one.action_id !== 'string') return;
    if (seen.has(one.action_id)) {
      complain(check, `action_id "${one.action_id}" already exists`, `${at}/elements/${index}/action_id`);
    }
    seen.add(one.action_id);
  });
}

/** Limits that hold over the whole payload. */
function count(value: Record<string, unknown>, at: string, check: Check): void {
  if (value.type === 'table') {
    check.tables += 1;
    if (check.tables > 1) complain(check, 'only one table block allowed', at);
  }
  if (value.type === 'data_visualization') {
    check.charts += 1;
    if (check.charts > 2) complain(check, 'no more than 2 data_visualization blocks allowed', at);
  }
  if (value.type === 'markdown' && typeof value.text === 'string') {
    const before = check.markdownChars;
    check.markdownChars += value.text.length;
    if (before > 0 && check.markdownChars > 12_000) {
      complain(check, 'markdown blocks must be less than 12001 characters in total', at);
    }
  }
}

export function blocksRule(surface: Surface): Rule {
  return listOf(surface === 'message' ? 0 : 1, surface === 'message' ? 50 : 100, block);
}
