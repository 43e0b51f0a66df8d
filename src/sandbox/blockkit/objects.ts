// Composition objects: text, options, confirmations, rich text.
import {
  anything,
  both,
  complain,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  type Rule,
  type Shape,
  text,
  typed,
  union,
  url,
  whole,
} from './rules.js';

function plainShape(max: number): Shape {
  return { required: { text: text(1, max) }, optional: { emoji: flag } };
}

function mrkdwnShape(max: number): Shape {
  return { required: { text: text(1, max) }, optional: { verbatim: flag } };
}

export function plain(max: number): Rule {
  return typed({ plain_text: plainShape(max) });
}

export function mrkdwn(max: number): Rule {
  return typed({ mrkdwn: mrkdwnShape(max) });
}

export function anyText(max: number): Rule {
  return union(typed({ plain_text: plainShape(max), mrkdwn: mrkdwnShape(max) }));
}

export const confirm: Rule = object({
  required: { text: anyText(300) },
  optional: { title: plain(100), confirm: plain(30), deny: plain(30), style: oneOf('primary', 'danger') },
});

function option(label: Rule, withUrl: boolean): Rule {
  return object({
    required: { text: label, value: text(1, 150) },
    optional: { description: anyText(75), ...(withUrl ? { url: url(3000) } : {}) },
  });
}

export const plainOption = option(plain(75), false);
export const markupOption = option(anyText(75), false);
export const overflowOption = option(plain(75), true);

export const optionGroup = object({ required: { label: plain(75), options: listOf(1, 100, plainOption) } });

/** Options either flat or in groups, never both, never neither. */
export const optionsOrGroups: Rule = (value, at, check) => {
  if (!isObject(value)) return;
  const has = [value.options, value.option_groups].filter((one) => one !== undefined).length;
  if (has === 0) complain(check, 'missing required field: options', at);
  if (has === 2) complain(check, 'only one of options and option_groups may be provided', at);
};

export const slackFile: Rule = object({ required: {}, optional: { id: text(1, 255), url: url(3000) } });

/** Exactly one source for an image. */
export const imageSource: Rule = (value, at, check) => {
  if (!isObject(value)) return;
  if (value.image_url === undefined && value.slack_file === undefined) {
    complain(check, 'missing required field: image_url', at);
  }
  if (value.image_url !== undefined && value.slack_file !== undefined) {
    complain(check, 'only one of image_url and slack_file may be provided', at);
  }
};

const style = object({
  required: {},
  optional: {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
});

const RICH_LEAVES: Readonly<Record<string, Shape>> = {
  text: { required: { text: text(1, 40_000) }, optional: { style } },
  link: { required: { url: url(3000) }, optional: { text: text(0, 40_000), unsafe: flag, style } },
  emoji: {
    required: { name: text(1, 255) },
    optional: { unicode: anything, url: anything, skin_tone: anything, style },
  },
  user: { required: { user_id: text(1, 255) }, optional: { style } },
  channel: { required: { channel_id: text(1, 255) }, optional: { style } },
  usergroup: { required: { usergroup_id: text(1, 255) }, optional: { style } },
  team: { required: { team_id: text(1, 255) }, optional: { style } },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') }, optional: { style } },
  color: { required: { value: text(1, 255) }, optional: { style } },
  date: {
    required: { timestamp: whole(0, Number.MAX_SAFE_INTEGER), format: text(1, 255) },
    optional: { url: url(3000), fallback: text(1, 3000), style },
  },
};

const leaves = (only?: readonly string[]): Rule => listOf(0, 10_000, typed(RICH_LEAVES, only));
const section: Shape = { required: { elements: leaves() } };

export const richTextParts: Rule = listOf(
  1,
  10_000,
  typed({
    rich_text_section: section,
    rich_text_list: {
      required: {
        elements: listOf(1, 10_000, typed({ rich_text_section: section })),
        style: oneOf('bullet', 'ordered'),
      },
      optional: { indent: whole(0, 8), offset: whole(0, 100_000), border: whole(0, 1) },
    },
    rich_text_quote: { required: { elements: leaves() }, optional: { border: whole(0, 1) } },
    rich_text_preformatted: {
      required: { elements: leaves(['text', 'link']) },
      optional: { border: whole(0, 1), language: text(1, 100) },
    },
  }),
);

export const richText: Rule = typed({
  rich_text: { required: { elements: richTextParts }, optional: { block_id: text(1, 255) } },
});

export const imageElement: Rule = both(
  typed({
    image: {
      required: { alt_text: text(1, 2000) },
      optional: { image_url: url(3000), slack_file: slackFile },
    },
  }),
  imageSource,
);
