// The picture says what the words say, whoever named the services, and can be read on a phone.
import { expect, test } from 'vitest';
import { added, nothing, type Stats, share, type Tally } from '../../../src/features/insights/figures.js';
import { columnsOf, periodBefore } from '../../../src/features/insights/period.js';
import { drawStats, pictureHeight, pictureWidth } from '../../../src/features/insights/picture.js';
import { renderPng } from '../../../src/features/insights/render.js';
import { tellPicture } from '../../../src/features/insights/told.js';

const dayMs = 86_400_000;

function statsOf(days: number, tallyOf: (day: number) => Partial<Tally>, on: string[] = []): Stats {
  const period = periodBefore(new Date('2026-03-11T14:20:00Z'), days * dayMs, 'Europe/Berlin');
  const { columns, each } = columnsOf(period);
  const filled = columns.map((column, i) => ({ ...column, tally: { ...nothing, ...tallyOf(i) } }));
  return {
    ...{ period, on, each, columns: filled, places: [] },
    total: filled.map(({ tally }) => tally).reduce(added, nothing),
    validation: { good: 0, bad: 0, waiting: 0 },
  };
}

const heights = (svg: string, fill: string) =>
  [
    ...svg.matchAll(
      new RegExp(`height="([\\d.]+)" fill="${fill}" ?(?!stroke="#1d1c1d" stroke-width="0.5"/>\\n<text)`, 'g'),
    ),
  ].map((found) => Number(found[1]));

test('every number stands beside its word, and the axis has dates of the zone that is named', () => {
  const svg = drawStats(
    statsOf(30, (i) => ({ succeeded: 19, failed: i === 3 ? 24 : 0, rolledBack: i === 4 ? 12 : 0 })),
  );
  for (const words of ['Succeeded: 570', 'Failed: 24', 'Rolled back: 12', 'Other: 0', '94% (570 of 606)'])
    expect(svg).toContain(words);
  expect(svg).toContain('days of Europe/Berlin');
  expect(svg).toContain('>10 Feb<');
  expect(svg).toContain('>11 Mar<');
});

test('words are no smaller than eleven points on a phone 390 wide', () => {
  const svg = drawStats(statsOf(90, () => ({ succeeded: 12_345 })));
  const sizes = [...svg.matchAll(/font-size="(\d+)"/g)].map((found) => Number(found[1]));
  expect(pictureWidth).toBe(390);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
});

test('one failure beside a day of thousands is drawn', () => {
  const svg = drawStats(
    statsOf(30, (i) => (i === 12 ? { succeeded: 25_000 } : { succeeded: 3, failed: i === 20 ? 1 : 0 })),
  );
  expect(heights(svg, '#7a1020').length).toBeGreaterThan(0);
  expect(Math.min(...heights(svg, '#7a1020'))).toBeGreaterThanOrEqual(1.5);
});

test('what fills differ by is not colour alone: two of the four have a pattern, and all have their word', () => {
  const svg = drawStats(statsOf(7, () => ({ succeeded: 5, failed: 2, rolledBack: 2, rollback: 2 })));
  expect(svg).toContain('fill="url(#stripes)"');
  expect(svg).toContain('fill="url(#dots)"');
});

test.each([1, 7, 30, 90, 366])('%i days: a PNG of twice the points', async (days) => {
  const png = await renderPng(
    drawStats(statsOf(days, (i) => ({ succeeded: i % 9, failed: i % 2 }))),
    pictureWidth,
  );
  expect(sizeOf(png)).toEqual([2 * pictureWidth, 2 * pictureHeight]);
  expect(png.byteLength).toBeLessThan(200_000);
});

test('of nothing there is a picture as well, and what it says are no shares', async () => {
  const svg = drawStats(statsOf(30, () => ({})));
  expect(svg).toContain('No change ended');
  expect(svg).not.toMatch(/\d%|NaN|Infinity/);
  expect(sizeOf(await renderPng(svg, pictureWidth))).toEqual([780, 640]);
});

test('letters are drawn without any font of the machine', async () => {
  const blank = '<svg xmlns="http://www.w3.org/2000/svg" width="390" height="40">';
  const words = await renderPng(
    `${blank}<text x="9" y="20" font-family="DejaVu Sans">Failed</text></svg>`,
    390,
  );
  expect(words.byteLength).toBeGreaterThan((await renderPng(`${blank}</svg>`, 390)).byteLength + 200);
});

test.each([
  '</text><script>alert(1)</script>',
  '"><image href="file:///etc/passwd"/>',
  '&amp;<!DOCTYPE x [<!ENTITY a "b">]>]]>',
  'a\u0000b\u0008\ud800\uffff\u202e',
])('a service called %j is words, never markup', async (name) => {
  const svg = drawStats(statsOf(7, () => ({ succeeded: 1 }), [name]));
  for (const markup of ['<script', '<image', '<!', '\u0000', '\u0008', '\uffff', '\u202e'])
    expect(svg).not.toContain(markup);
  expect(svg.match(/<svg|<title>|<\/svg>/g)).toHaveLength(3);
  expect(sizeOf(await renderPng(svg, pictureWidth))).toEqual([780, 640]);
});

test('whoever does not see it is told the same', () => {
  const words = tellPicture(statsOf(30, (i) => (i === 12 ? { succeeded: 9, failed: 1 } : {})));
  expect(words).toContain('succeeded 9, failed 1, rolled back 0, other 0');
  expect(words).toContain('Most in one day: 10, 2026-02-22');
  expect(words.length).toBeLessThan(1_000);
});

test('a share is exact at its ends', () => {
  expect(share(0, 0)).toBe('–');
  expect(share(1, 1)).toBe('100% (1 of 1)');
  expect(share(9_999, 10_000)).toBe('over 99% (9,999 of 10,000)');
  expect(share(1, 10_000)).toBe('under 1% (1 of 10,000)');
  expect(share(572, 608)).toBe('94% (572 of 608)');
});

/** The size that a PNG's header names. */
function sizeOf(png: Uint8Array): [number, number] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
