// A document as one self-contained page: no script, nothing fetched, readable on a phone, in the dark and on paper.
import { escapeHtml } from '../../core/text.js';
import { type Block, type Document, type ListItem, type Span, splitUrls, visible } from './document.js';

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #4d5661; --paper: #fff; --line: #c9d1d9; --tint: #f3f5f7; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #aab4bf; --paper: #14181d; --line: #3d4651; --tint: #1f252c; --link: #8ab8ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 54rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.2rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin-bottom: .4rem; font-size: 1rem; }
ul { padding-left: 1.2rem; }
li { margin: .3rem 0; }
a { color: var(--link); }
code { padding: .05em .3em; border-radius: .25em; background: var(--tint); font: .92em ui-monospace, monospace; }
.said { white-space: pre-wrap; }
.whole { white-space: nowrap; }
.wide { margin: 1rem 0; overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--link); }
table { border-collapse: collapse; font-size: .95rem; }
th, td { padding: .3rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
th { background: var(--tint); }
.question { margin: .8rem 0; padding: .5rem .8rem; border-left: .25rem solid var(--link); background: var(--tint); }
.task { list-style: none; }
.task input { margin: 0 .1rem 0 -1.2rem; }
del { color: var(--soft); }
hr { margin-top: 2.5rem; border: 0; border-top: 1px solid var(--line); }
@media (max-width: 36rem) { table { font-size: .9rem; } th, td { padding: .25rem .4rem; } }
@media print { main { max-width: none; padding: 0; } li, tr, .question { break-inside: avoid; } h2, h3 { break-after: avoid; } .wide { overflow: visible; } }
`;

/** The whole page. */
export function renderHtml(document: Document): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(visible(document.title).replace(/\s+/g, ' '))}</title>
<style>${style}</style>
</head>
<body>
<main>
${document.blocks.map(renderBlock).join('\n')}
</main>
</body>
</html>
`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${renderSpans(block.spans)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${renderSpans(block.spans)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map(renderItem).join('\n')}\n</ul>`;
    case 'table':
      return renderTable(block.head, block.rows);
    case 'question':
      return `<p class="question"><strong>To write:</strong> ${renderSpans(block.spans)}</p>`;
    case 'rule':
      return '<hr>';
  }
}

function renderItem(item: ListItem): string {
  if (item.done === undefined) return `<li>${renderSpans(item.spans)}</li>`;
  const box = `<input type="checkbox" disabled${item.done ? ' checked' : ''} aria-label="${item.done ? 'done' : 'open'}">`;
  return `<li class="task">${box} ${renderSpans(item.spans)}</li>`;
}

// A wide table scrolls in its own box, which the keyboard can reach; the page itself never scrolls sideways.
function renderTable(head: string[], rows: Span[][][]): string {
  const titles = head.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${renderSpans(cell)}</td>`).join('')}</tr>`);
  return `<div class="wide" role="region" aria-label="${escapeHtml(head.filter(Boolean).join(', '))}" tabindex="0">
<table>
<thead><tr>${titles}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function renderSpans(spans: Span[]): string {
  return spans.map(renderSpan).join('');
}

// A date, its time and a duration are read in one piece: no line may end inside one.
const whole = /~?\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: UTC)?|\(\d\d:\d\d UTC\)|~?-?\d+[dhm](?: \d+[hms])+/g;

const tags = { text: null, strong: 'strong', code: 'code', struck: 'del' } as const;

function renderSpan(span: Span): string {
  if (span.kind === 'link') return anchor(span.url);
  const text = visible(span.text);
  const inner = span.kind === 'code' ? escapeHtml(text) : linked(text);
  const tag = tags[span.kind];
  const kept = span.said ? inner : inner.replace(whole, '<span class="whole">$&</span>');
  const marked = tag === null ? kept : `<${tag}>${kept}</${tag}>`;
  // Isolated, so that right-to-left words of one person cannot reorder the line around them.
  return span.said ? `<bdi class="said">${marked}</bdi>` : marked;
}

function linked(text: string): string {
  return splitUrls(text)
    .map((stretch) => (stretch.kind === 'link' ? anchor(stretch.text) : escapeHtml(stretch.text)))
    .join('');
}

function anchor(url: string): string {
  return `<a href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${escapeHtml(url)}</a>`;
}
