// Slack's mrkdwn read into the parts of rich text: for what people type, and so that one drawing serves both.
import type { Json } from './page/contract.js';

export interface Style {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
}

/** What a reader takes for more than words. */
export interface Reader {
  isEmoji(name: string): boolean;
  /** Addresses outside angle brackets are links, too. */
  linksBare: boolean;
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

/** Undoes Slack's three escapes, each once: `&amp;lt;` is the text `&lt;`. */
export function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) =>
    name === 'amp' ? '&' : name === 'lt' ? '<' : '>',
  );
}

/** The parts that a rich_text block would have for this mrkdwn. */
export function readMrkdwn(text: string, reader: Reader): Json[] {
  return text.split(/(```[\s\S]+?```)/).flatMap((piece, index) => {
    if (index % 2 === 0) return readLines(piece, index > 0, reader);
    const code = unescaped(piece.slice(3, -3).replace(/^\n/, '').replace(/\n$/, ''));
    return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: code }] }];
  });
}

/** Lines with the quotes among them; the line break beside a block of code belongs to the block. */
function readLines(piece: string, afterCode: boolean, reader: Reader): Json[] {
  const lines = (afterCode ? piece.replace(/^\n/, '') : piece).replace(/\n$/, '');
  if (lines === '') return [];
  const parts: { quoted: boolean; lines: string[] }[] = [];
  let quotesRest = false;
  for (const line of lines.split('\n')) {
    const rest = /^(?:&gt;|>){3} ?/.exec(line);
    const quote = rest ?? /^(?:&gt;|>) ?/.exec(line);
    const quoted = quotesRest || quote !== null;
    const words = !quotesRest && quote ? line.slice(quote[0].length) : line;
    if (rest) quotesRest = true;
    const last = parts.at(-1);
    if (last?.quoted === quoted) last.lines.push(words);
    else parts.push({ quoted, lines: [words] });
  }
  return parts.map((part) => ({
    type: part.quoted ? 'rich_text_quote' : 'rich_text_section',
    elements: readInline(part.lines.join('\n'), reader),
  }));
}

/** Marks, entities, emoji and addresses within lines. */
export function readInline(text: string, reader: Reader, style: Style = {}): Json[] {
  const leaves: Json[] = [];
  const reading: Reading = { reader, style, open: new Map() };
  let plain = '';
  let at = 0;
  const flush = (): void => {
    if (plain !== '') leaves.push({ type: 'text', text: unescaped(plain), ...styled(style) });
    plain = '';
  };
  while (at < text.length) {
    const found = special(text, at, reading);
    if (found) {
      flush();
      leaves.push(...found.leaves);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return leaves;
}

function styled(style: Style): { style?: Style } {
  return Object.keys(style).length > 0 ? { style } : {};
}

interface Found {
  leaves: Json[];
  length: number;
}

interface Reading {
  reader: Reader;
  style: Style;
  /** For each mark, up to where none closes: a long line of opening marks is searched once, not once for each. */
  open: Map<Mark, number>;
}

function special(text: string, at: number, reading: Reading): Found | undefined {
  const { reader, style } = reading;
  const rest = text.slice(at);
  switch (text[at]) {
    case '<': {
      const inner = /^<([^<>\n]+)>/.exec(rest)?.[1];
      const leaf = inner && entity(inner, style);
      return leaf ? { leaves: [leaf], length: inner.length + 2 } : undefined;
    }
    case '`': {
      const inner = /^`([^`\n]+)`/.exec(rest)?.[1];
      if (!inner) return undefined;
      const leaf = { type: 'text', text: unescaped(inner), style: { ...style, code: true } };
      return { leaves: [leaf], length: inner.length + 2 };
    }
    case ':':
      return emoji(rest, reading);
    case 'h':
      return !reader.linksBare || isInWord(text, at) ? undefined : address(rest, style);
    case '*':
    case '_':
    case '~':
      return marked(text, at, text[at] as Mark, reading);
    default:
      return undefined;
  }
}

function isInWord(text: string, at: number): boolean {
  return at > 0 && /[\p{L}\p{N}_]/u.test(text[at - 1] ?? '');
}

function emoji(rest: string, { reader, style }: Reading): Found | undefined {
  const match = /^:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/i.exec(rest);
  if (!match?.[1] || !reader.isEmoji(match[1])) return undefined;
  const tone = match[2] ? { skin_tone: Number(match[2]) } : {};
  return {
    leaves: [{ type: 'emoji', name: match[1], ...tone, ...styled(style) }],
    length: match[0].length,
  };
}

function address(rest: string, style: Style): Found | undefined {
  const whole = /^https?:\/\/(?:&(?!lt;|gt;)|[^\s<>|*~`&])+/.exec(rest)?.[0];
  const url = whole && withoutEnding(whole);
  if (!url || /^https?:\/\/$/.test(url)) return undefined;
  return { leaves: [{ type: 'link', url: unescaped(url), ...styled(style) }], length: url.length };
}

/** What ends a sentence ends the address too, but not the `;` of an escaped `&`. */
function withoutEnding(url: string): string {
  let end = url.length;
  while (/[.,:;!?)'"\]]/.test(url[end - 1] ?? '') && !url.slice(0, end).endsWith('&amp;')) end -= 1;
  return url.slice(0, end);
}

/** `*words*`, where the marks hug the words and no word runs into them. */
function marked(text: string, at: number, mark: Mark, reading: Reading): Found | undefined {
  const { reader, style, open } = reading;
  if (at < (open.get(mark) ?? 0)) return undefined;
  const next = text[at + 1] ?? ' ';
  if (isInWord(text, at) || /\s/.test(next) || next === mark) return undefined;
  const end = closing(text, at + 1, mark);
  if (end === undefined) {
    const lineEnd = text.indexOf('\n', at);
    open.set(mark, lineEnd < 0 ? text.length : lineEnd);
    return undefined;
  }
  const inner = readInline(text.slice(at + 1, end), reader, { ...style, [MARKS[mark]]: true });
  return { leaves: inner, length: end - at + 1 };
}

/** Where the mark closes on the same line; what stands in entities and code does not count. */
function closing(text: string, from: number, mark: Mark): number | undefined {
  for (let at = from; at < text.length && text[at] !== '\n'; at += 1) {
    const encloses = text[at] === '<' || text[at] === '`';
    const whole = encloses ? /^(?:<[^<>\n]+>|`[^`\n]+`)/.exec(text.slice(at))?.[0] : undefined;
    if (whole) {
      at += whole.length - 1;
    } else if (text[at] === mark) {
      const hugs = !/\s/.test(text[at - 1] ?? ' ');
      const ends = !/[\p{L}\p{N}]/u.test(text[at + 1] ?? ' ') && text[at + 1] !== mark;
      if (hugs && ends) return at;
    }
  }
  return undefined;
}

/** What stands between angle brackets, if it is one of Slack's. */
function entity(inner: string, style: Style): Json | undefined {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : unescaped(inner.slice(bar + 1));
  const marks = styled(style);
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1), label, ...marks };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1), label, ...marks };
  if (target.startsWith('!date^')) return date(target, label, marks);
  if (target.startsWith('!subteam^')) {
    return { type: 'usergroup', usergroup_id: target.slice('!subteam^'.length), label, ...marks };
  }
  if (/^!(?:here|channel|everyone)$/.test(target)) {
    return { type: 'broadcast', range: target.slice(1), ...marks };
  }
  if (target.startsWith('!')) return { type: 'text', text: label || `<${unescaped(target)}>`, ...marks };
  if (!/^[a-z][a-z0-9+.-]*:\S/i.test(target)) return undefined;
  return { type: 'link', url: unescaped(target), ...(label ? { text: label } : {}), ...marks };
}

function date(target: string, fallback: string, marks: { style?: Style }): Json {
  const [, timestamp = '', format = '', link] = target.split('^');
  if (!/^-?\d{1,12}$/.test(timestamp)) return { type: 'text', text: fallback, ...marks };
  return {
    type: 'date',
    timestamp: Number(timestamp),
    format: unescaped(format),
    fallback,
    ...(link ? { url: unescaped(link) } : {}),
    ...marks,
  };
}
