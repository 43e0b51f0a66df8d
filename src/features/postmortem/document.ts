// A small document: what a page says, before any format. Text in it is raw; each format escapes at its own edge.

/** Words in a line. `said` marks what a person or pipeline wrote: formats keep its lines and isolate its direction. */
export type Span =
  | { kind: 'text' | 'strong' | 'code' | 'struck'; text: string; said?: boolean }
  | { kind: 'link'; url: string };

export interface ListItem {
  spans: Span[];
  /** Makes the item a task, done or not. */
  done?: boolean;
}

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; spans: Span[] }
  | { kind: 'paragraph'; spans: Span[] }
  | { kind: 'list'; items: ListItem[] }
  | { kind: 'table'; head: string[]; rows: Span[][][] }
  /** What a person must write, put as a question that is easy to replace by its answer. */
  | { kind: 'question'; spans: Span[] }
  | { kind: 'rule' };

export interface Document {
  title: string;
  blocks: Block[];
}

/** Our own words; commands between backticks become code. Never for words of others: use `said`. */
export function words(text: string): Span[] {
  return text
    .split('`')
    .map((part, index): Span => ({ kind: index % 2 ? 'code' : 'text', text: part }))
    .filter((span) => span.kind === 'link' || span.text !== '');
}

/** Words of a person or pipeline: data, whatever they look like. */
export function said(text: string, kind: 'text' | 'strong' | 'code' | 'struck' = 'text'): Span {
  return { kind, text: visible(text).trim() === '' ? '(no text)' : text, said: true };
}

/** Our own words in bold. */
export function strong(text: string): Span {
  return { kind: 'strong', text };
}

/** An address that shows where it goes; one that is no web address stays text. */
export function link(url: string): Span {
  const safe = safeUrl(url);
  return safe === null ? said(url) : { kind: 'link', url: safe };
}

/** Builders for the blocks, so that a draft reads as the page does. */
export function heading(level: 1 | 2 | 3, ...spans: Span[]): Block {
  return { kind: 'heading', level, spans };
}

export function paragraph(...spans: Span[]): Block {
  return { kind: 'paragraph', spans };
}

export function list(items: ListItem[]): Block {
  return { kind: 'list', items };
}

export function table(head: string[], rows: Span[][][]): Block {
  return { kind: 'table', head, rows };
}

export function question(...spans: Span[]): Block {
  return { kind: 'question', spans };
}

// Characters RFC 3986 allows, so that nothing in an address can end the markup around it.
const urlCharacter = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/;

/** The address in plain ASCII (a look-alike host shows as `xn--…`), or null when it is not http or https. */
function safeUrl(url: string): string | null {
  let parsed: URL;
  try {
    parsed = new URL(url.trim());
  } catch {
    return null;
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return null;
  return [...parsed.href].map((char) => (urlCharacter.test(char) ? char : encodeURIComponent(char))).join('');
}

/** A stretch of text: plain, an address to click, or one that must be shown but not clicked (`opaque`). */
export interface Stretch {
  kind: 'plain' | 'link' | 'opaque';
  text: string;
}

// All that GitHub turns into a link by itself. Found here first, as such a link swallows the backslashes in it.
const address = /(?:https?:\/\/|ftp:\/\/|www\.)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*/gi;

/** Finds the addresses in a text. One with letters outside ASCII is not cut short: it is shown whole, unclickable. */
export function splitUrls(text: string): Stretch[] {
  const found: Stretch[] = [];
  let done = 0;
  for (const match of text.matchAll(address)) {
    if (match.index < done) continue;
    const end = match.index + match[0].length;
    const foreign = /^(?![ -~])[\p{L}\p{N}\p{M}\p{S}][^\s<>|\\`]*/u.exec(text.slice(end, end + 2000))?.[0];
    const url = foreign === undefined ? withoutClosingMarks(match[0]) : match[0] + foreign;
    const clickable = foreign === undefined && /^http/i.test(url) && safeUrl(url) !== null;
    if (match.index > done) found.push({ kind: 'plain', text: text.slice(done, match.index) });
    found.push({ kind: clickable ? 'link' : 'opaque', text: url });
    done = match.index + url.length;
  }
  if (done < text.length) found.push({ kind: 'plain', text: text.slice(done) });
  return found;
}

// "see https://example.com/a)." ends before the bracket, "https://example.com/a_(b)" does not.
function withoutClosingMarks(url: string): string {
  const trimmed = url.replace(/[.,:;!?'*_~]+$/, '');
  const open = (trimmed.match(/\(/g) ?? []).length;
  const closed = (trimmed.match(/\)/g) ?? []).length;
  if (trimmed.endsWith(']') || (trimmed.endsWith(')') && closed > open)) {
    return withoutClosingMarks(trimmed.slice(0, -1));
  }
  return trimmed;
}

/**
 * The text with everything invisible that could deceive made visible: control characters, the bidirectional
 * controls that reorder what is read, and half characters. Line ends become `\n`.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/(?!\n)[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, showCodePoint);
}

function showCodePoint(char: string): string {
  return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
