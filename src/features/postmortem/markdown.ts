// A document as GitHub-flavoured Markdown that also reads well unrendered. Whatever a person wrote stays plain text.
import { type Block, type Document, type ListItem, type Span, splitUrls, visible } from './document.js';

/** Where text stands decides what could become markup there. */
interface Place {
  /** What a continued line begins with, so that it stays in its list item or quote. */
  indent: string;
  /** A heading or a table row is one line. */
  oneLine: boolean;
  inTable: boolean;
}

const inParagraph: Place = { indent: '', oneLine: false, inTable: false };
const inItem: Place = { indent: '  ', oneLine: false, inTable: false };
const inQuote: Place = { indent: '> ', oneLine: false, inTable: false };
const inHeading: Place = { indent: '', oneLine: true, inTable: false };
const inCell: Place = { indent: '', oneLine: true, inTable: true };

/** Columns are padded so that they align in a plain editor, but no long cell may stretch all others. */
const widestPaddedCell = 48;

/** The whole document, ending with a line end. */
export function renderMarkdown(document: Document): string {
  return `${document.blocks.map(renderBlock).join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${withoutClosingHashes(renderSpans(block.spans, inHeading))}`;
    case 'paragraph':
      return renderSpans(block.spans, inParagraph);
    case 'list':
      return block.items.map(renderItem).join('\n');
    case 'table':
      return renderTable(block.head, block.rows);
    case 'question':
      return `> **To write:** ${renderSpans(block.spans, inQuote)}`;
    case 'rule':
      return '---';
  }
}

function renderItem(item: ListItem): string {
  const box = item.done === undefined ? '' : item.done ? '[x] ' : '[ ] ';
  return `- ${box}${renderSpans(item.spans, inItem)}`;
}

// `# Title #` would lose its last mark.
function withoutClosingHashes(line: string): string {
  return line.replace(/(^|\s)(#+)$/, '$1\\$2');
}

function renderTable(head: string[], rows: Span[][][]): string {
  const cells = [
    head.map((title) => renderSpans([{ kind: 'text', text: title }], inCell)),
    ...rows.map((row) => row.map((cell) => renderSpans(cell, inCell))),
  ];
  const widths = head.map((_, column) => {
    const lengths = cells.map((row) => [...(row[column] ?? '')].length);
    return lengths.reduce((widest, each) => (each > widestPaddedCell ? widest : Math.max(widest, each)), 3);
  });
  const lines = cells.map((row) => `| ${widths.map((width, i) => pad(row[i] ?? '', width)).join(' | ')} |`);
  const dashes = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], dashes, ...lines.slice(1)].join('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

function renderSpans(spans: Span[], place: Place): string {
  let out = '';
  for (const span of spans) {
    if (span.kind === 'link') out += `<${span.url}>`;
    else if (span.kind === 'code') out += renderCode(span.text, place);
    else out += renderLines(span, out === '', place);
  }
  return out.replace(/\s+$/, '');
}

// Lines of a note stay lines: two spaces before the end keep them in GitHub and trouble no other reader.
function renderLines(span: Exclude<Span, { kind: 'link' }>, first: boolean, place: Place): string {
  const struck = span.kind === 'struck';
  // A blank line at either end would let the next words fall out of their list item.
  const text = visible(span.text).replace(/^\s*\n|\n\s*$/g, '');
  if (place.oneLine)
    return mark(span.kind, escapeLine(text.replace(/\s*\n\s*/g, ' '), { atStart: false, struck }));
  const rows = text.replace(/\n\s*\n/g, '\n\n').split('\n');
  let out = '';
  for (const [index, row] of rows.entries()) {
    const blank = row.trim() === '';
    const next = rows[index + 1];
    if (!blank || rows.length === 1) {
      out += mark(span.kind, escapeLine(row, { atStart: index > 0 || first, struck }));
    }
    if (next === undefined) break;
    const nextBlank = next.trim() === '';
    out += `${blank || nextBlank ? '' : '  '}\n${nextBlank ? place.indent.trimEnd() : place.indent}`;
  }
  return out;
}

function mark(kind: Span['kind'], line: string): string {
  if (kind !== 'strong' && kind !== 'struck') return line;
  const sign = kind === 'strong' ? '**' : '~~';
  const inner = line.replace(/^[\s\u00a0]+|[\s\u00a0]+$/g, '');
  return inner === '' ? line : sign + inner + sign;
}

function renderCode(text: string, place: Place): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  // A table splits its row at pipes before it looks for code, so there such text cannot be code.
  if (line === '') return '';
  if (place.inTable && /[|\\]/.test(line)) return escapeLine(line, { atStart: false });
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + space + line + space + fence;
}

/**
 * One line of text that reads as itself in rendered Markdown. Mentions and `#12` become code: GitHub looks for
 * them after it has removed backslashes, so a backslash would still ping `@name`.
 */
export function escapeLine(line: string, { atStart = true, struck = false } = {}): string {
  const leading = /^[ \u00a0]*/.exec(line)?.[0] ?? '';
  const kept = atStart ? '\u00a0'.repeat(leading.length) : leading;
  const body = joinPieces(
    splitUrls(line.slice(leading.length).trimEnd()).flatMap(({ kind, text }): Piece[] => {
      return kind === 'plain' ? splitReferences(text) : [{ kind: kind === 'link' ? 'link' : 'code', text }];
    }),
    struck,
  );
  const trailing = /[ \u00a0]+$/.test(line) && body !== '' ? ' ' : '';
  // Spaces that the reader sees (no-break) instead of four that would make the line a code block.
  return kept + (atStart && leading === '' ? escapeLineStart(body) : body) + trailing;
}

interface Piece {
  kind: 'plain' | 'link' | 'code';
  text: string;
}

// Everything around an @ at once, as GitHub looks again at what follows the mail address it has found.
const reference = /[A-Za-z0-9_.+-]*@[A-Za-z0-9_](?:[A-Za-z0-9_./@+-]*[A-Za-z0-9_])?|#\d+/g;
const mailAddress = /^[A-Za-z0-9_.+-]*[A-Za-z0-9]@[A-Za-z0-9_.+-]+$/;

function splitReferences(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(reference)) {
    if (mailAddress.test(match[0])) continue;
    pieces.push({ kind: 'plain', text: text.slice(done, match.index) }, { kind: 'code', text: match[0] });
    done = match.index + match[0].length;
  }
  return [...pieces, { kind: 'plain', text: text.slice(done) }];
}

// Neighbouring pieces of code become one: their backticks would otherwise meet and mean something else.
function joinPieces(pieces: Piece[], struck: boolean): string {
  let out = '';
  let code = '';
  for (const { kind, text } of pieces.filter((piece) => piece.text !== '')) {
    if (kind === 'code') {
      code += text;
      continue;
    }
    out += renderCode(code, inParagraph) + (kind === 'link' ? `<${text}>` : escapeMarks(text, struck));
    code = '';
  }
  return out + renderCode(code, inParagraph);
}

// Escapes only what could act, so that `max_connections` and `~11:20` stay readable in a plain editor.
function escapeMarks(text: string, struck: boolean): string {
  return text
    .replace(/\\(?![A-Za-z0-9 ])|[`*[\]<|$]|&(?=#?[A-Za-z0-9]+;)/g, '\\$&')
    .replace(/_+/g, (run, at: number, whole: string) => {
      const inWord = isWordCharacter(whole[at - 1]) && isWordCharacter(whole[at + run.length]);
      return inWord ? run : run.replaceAll('_', '\\_');
    })
    .replace(/~+/g, (run, at: number, whole: string) => {
      const about = run === '~' && /[\s(]/.test(whole[at - 1] ?? ' ') && /\d/.test(whole[at + 1] ?? '');
      return about && !struck ? run : run.replaceAll('~', '\\~');
    });
}

function isWordCharacter(char: string | undefined): boolean {
  return char !== undefined && /[A-Za-z0-9]/.test(char);
}

function escapeLineStart(line: string): string {
  return line
    .replace(/^(?:#{1,6}(?=\s|$)|[-+](?=[\s:+-]|$)|=(?=[=\s]|$)|:(?=-)|>)/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}
