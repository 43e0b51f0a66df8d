// Messages for Slack, built of plain words: what a person wrote can never become markup, a mention or a link.
import type { ActionsBlock, Button, KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';

/** A piece of a line. A bare string is shown exactly as it is. */
export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly strike: string }
  | { readonly person: string; readonly name: string }
  | { readonly channel: string; readonly name: string }
  | { readonly at: Date; readonly format?: string }
  | { readonly url: string; readonly label: string };

export interface Message {
  /** For notifications and screen readers, and what is shown where blocks cannot be. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export interface ButtonSpec {
  readonly label: string;
  /** The command line that the button stands for, such as `/incident resolve INC-12`. */
  readonly command: string;
  readonly style?: 'primary' | 'danger';
}

export type Part =
  | { readonly kind: 'line'; readonly spans: readonly Span[] }
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[]; readonly ordered: boolean }
  | { readonly kind: 'buttons'; readonly buttons: readonly ButtonSpec[] }
  | { readonly kind: 'divider' };

// Slack's limits for a header and a button's label: docs.slack.dev, Block Kit reference.
const headerLimit = 150;
const labelLimit = 75;
const listItemLimit = 60;
/** An action id that begins so runs the command line in the button's value. */
export const runPrefix = 'run:';
/** Undocumented total for blocks (about 13,000 were seen to fail); one piece of text stays well below it. */
export const spanLimit = 2900;

export function line(...spans: Span[]): Part {
  return { kind: 'line', spans: spans.filter((span) => span !== '') };
}

export function title(text: string): Part {
  return { kind: 'title', text };
}

export function list(items: readonly (readonly Span[])[], options: { ordered?: boolean } = {}): Part {
  // What says nothing is left out: Slack takes no empty text, and a blank in its place is seen.
  const shown = items.slice(0, listItemLimit).map((item) => item.filter((span) => span !== ''));
  return { kind: 'list', items: shown, ordered: options.ordered ?? false };
}

export function buttons(...specs: ButtonSpec[]): Part {
  return { kind: 'buttons', buttons: specs };
}

export const divider: Part = { kind: 'divider' };

/** Puts a message together; the fallback text is made from the same parts. */
export function message(...parts: (Part | null | undefined | false)[]): Message {
  const present = parts.filter((part): part is Part => Boolean(part) && !isEmpty(part as Part));
  return {
    text: present
      .map(partText)
      .filter((text) => text !== '')
      .join('\n'),
    blocks: present.map(partBlock),
  };
}

/** A message of one sentence. */
export function say(...spans: Span[]): Message {
  return message(line(...spans));
}

/** `a, b and 3 more`: the first `shown` of many, as they are named in a sentence. */
export function fewSpans(spans: readonly Span[], shown: number): Span[] {
  const more = spans.length - shown;
  const first = spans.slice(0, shown).flatMap((each, i): Span[] => (i === 0 ? [each] : [', ', each]));
  return more > 0 ? [...first, ` and ${more} more`] : first;
}

/** One message before another, as one. */
export function joined(first: Message, then: Message): Message {
  return { text: `${first.text}\n${then.text}`, blocks: [...first.blocks, ...then.blocks] };
}

/** Text for the places where Slack reads markup whatever we do: the three control characters, as Slack asks. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The words of a message as plain text, for programs and terminals, nothing escaped: times in UTC unless told how. */
export function plainMessage(message: Message, showTime?: (at: Date) => string): string {
  return message.text
    .replace(/<!date\^(\d+)\^[^|>]*\|([^>]*)>/g, (_token, seconds: string, utc: string) =>
      showTime ? showTime(new Date(Number(seconds) * 1_000)) : utc,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** At most `limit` characters, cut at a word where one is near, with an ellipsis. Never splits a surrogate pair. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > limit * 0.7 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

// Slack refuses a whole message for one empty list.
function isEmpty(part: Part): boolean {
  if (part.kind === 'list') return part.items.length === 0;
  if (part.kind === 'buttons') return part.buttons.length === 0;
  return part.kind === 'line' && part.spans.length === 0;
}

function partBlock(part: Part): KnownBlock {
  switch (part.kind) {
    case 'line':
      return richText([{ type: 'rich_text_section', elements: part.spans.map(spanElement) }]);
    case 'title':
      return {
        type: 'header',
        text: { type: 'plain_text', text: shorten(part.text, headerLimit) || ' ', emoji: false },
      };
    case 'list':
      return richText([
        {
          type: 'rich_text_list',
          style: part.ordered ? 'ordered' : 'bullet',
          elements: part.items.map((item) => ({
            type: 'rich_text_section',
            elements: item.map(spanElement),
          })),
        },
      ]);
    case 'buttons':
      return { type: 'actions', elements: part.buttons.map(button) } satisfies ActionsBlock;
    case 'divider':
      return { type: 'divider' };
  }
}

function richText(elements: RichTextBlock['elements']): RichTextBlock {
  return { type: 'rich_text', elements };
}

function button(spec: ButtonSpec): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: shorten(spec.label, labelLimit) || ' ', emoji: false },
    action_id: `${runPrefix}${spec.command}`,
    value: spec.command,
    ...(spec.style ? { style: spec.style } : {}),
  };
}

function spanElement(span: Span): RichTextElement {
  if (typeof span === 'string') return { type: 'text', text: shorten(span, spanLimit) || ' ' };
  if ('bold' in span)
    return { type: 'text', text: shorten(span.bold, spanLimit) || ' ', style: { bold: true } };
  if ('code' in span)
    return { type: 'text', text: shorten(span.code, spanLimit) || ' ', style: { code: true } };
  if ('strike' in span)
    return { type: 'text', text: shorten(span.strike, spanLimit) || ' ', style: { strike: true } };
  if ('person' in span) return { type: 'user', user_id: span.person };
  if ('channel' in span) return { type: 'channel', channel_id: span.channel };
  if ('at' in span)
    return {
      type: 'date',
      timestamp: Math.floor(span.at.getTime() / 1000),
      format: span.format ?? '{date_short_pretty} {time}',
      fallback: utcMinute(span.at, span.format),
    };
  return { type: 'link', url: span.url, text: shorten(span.label, spanLimit) || span.url };
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'line':
      return part.spans.map(spanText).join('');
    case 'title':
      return escapeSlack(part.text);
    case 'list':
      return part.items
        .map((item, index) => `${part.ordered ? `${index + 1}.` : '•'} ${item.map(spanText).join('')}`)
        .join('\n');
    case 'buttons':
    case 'divider':
      return '';
  }
}

function spanText(span: Span): string {
  if (typeof span === 'string') return escapeSlack(span);
  if ('bold' in span) return escapeSlack(span.bold);
  if ('code' in span) return escapeSlack(span.code);
  if ('strike' in span) return escapeSlack(span.strike);
  if ('person' in span) return `@${escapeSlack(span.name)}`;
  if ('channel' in span) return `#${escapeSlack(span.name)}`;
  if ('at' in span) return slackDateToken(span.at, span.format ?? '{date_short_pretty} {time}');
  return `${escapeSlack(span.label)} (${escapeSlack(span.url)})`;
}

function slackDateToken(at: Date, format: string): string {
  return `<!date^${Math.floor(at.getTime() / 1000)}^${format}|${utcMinute(at, format)}>`;
}

function utcMinute(at: Date, format?: string): string {
  const iso = at.toISOString();
  return format === '{time}' ? `${iso.slice(11, 16)} UTC` : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
