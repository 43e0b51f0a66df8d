// HTML: one page that fetches nothing, and in which data is never markup.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { link, list, paragraph, said } from '../../../src/features/postmortem/document.js';
import { draftPostmortem } from '../../../src/features/postmortem/draft.js';
import { renderHtml } from '../../../src/features/postmortem/html.js';
import { hostileText, recordOf } from './hostile.js';
import { deletedCluster } from './sample.js';

const page = renderHtml(draftPostmortem(deletedCluster()));

test('the page says what the draft says', () => {
  expect(page).toContain('<title>INC-12: Production cluster in central-eu is gone</title>');
  expect(page).toContain('<strong>12:22–12:37</strong> (10:22–10:37 UTC) observation');
  expect(page).toContain('<del>Reverting the merge brings it back</del>');
  expect(page).toContain('<input type="checkbox" disabled aria-label="open">');
});

test('the page is whole by itself: a language, a viewport, no script, nothing fetched', () => {
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<(script|link|img|iframe|object)|\ssrc=|@import|url\(/);
  expect(page.match(/<h1>/g)).toHaveLength(1);
});

test('the colours can be read in light and in dark', () => {
  const schemes = [
    ...page.matchAll(
      /--ink: (#\w+); --soft: (#\w+); --paper: (#\w+); --line: #\w+; --tint: (#\w+); --link: (#\w+)/g,
    ),
  ];
  expect(schemes).toHaveLength(2);
  for (const [, ink = '', soft = '', paper = '', tint = '', anchor = ''] of schemes) {
    for (const text of [ink, soft, anchor]) {
      for (const ground of [paper, tint]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('our dates and durations stay in one piece, the words of others are left alone', () => {
  const html = renderHtml({
    title: '',
    blocks: [
      paragraph({ kind: 'text', text: 'at ~2022-05-18 12:22 (10:22 UTC), 5h 4m' }, said('2022-05-18 12:22')),
    ],
  });
  expect(html).toContain(
    'at <span class="whole">~2022-05-18 12:22</span> <span class="whole">(10:22 UTC)</span>, <span class="whole">5h 4m</span><bdi class="said">2022-05-18 12:22</bdi>',
  );
});

test('an address is clickable as itself only', () => {
  const html = renderHtml({
    title: '',
    blocks: [
      paragraph(said('see https://a.b/?x=1&y="2".')),
      list([{ spans: [link('javascript:alert(1)')] }]),
    ],
  });
  expect(html).toContain(
    '<a href="https://a.b/?x=1&amp;y=" rel="noopener noreferrer nofollow">https://a.b/?x=1&amp;y=</a>&quot;2&quot;.',
  );
  expect(html).not.toContain('href="javascript');
});

test('right-to-left words are isolated and their controls shown', () => {
  const html = renderHtml({ title: 'a\u202eb', blocks: [paragraph(said('مرحبا\u202e'))] });
  expect(html).toContain('<bdi class="said">مرحبا⟨U+202E⟩</bdi>');
  expect(html).toContain('<title>a⟨U+202E⟩b</title>');
});

test('a page has the same tags whatever is written in its record', () => {
  const tags = (text: string) =>
    (renderHtml(draftPostmortem(recordOf(text))).match(/<[^>]*>/g) ?? []).filter(
      (tag) => !/^<(a |\/a>)/.test(tag),
    );
  const plain = tags('plain');
  fc.assert(
    fc.property(hostileText(), (text) => {
      expect(tags(text)).toEqual(plain);
    }),
    { numRuns: 150 },
  );
});

// WCAG 2: relative luminance of the lighter over that of the darker.
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const wide = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(wide.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
