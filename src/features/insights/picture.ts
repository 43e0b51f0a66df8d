// Statistics as a picture: columns of days, which can be told apart without colour. Pure: words and figures to SVG.
import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { shorten } from '../../core/message.js';
import { cleanText } from '../../core/text.js';
import { apart, count, counted, type Stats, share, type Tally } from './figures.js';
import { showPeriod } from './period.js';
import { scopeWords, tellPicture } from './told.js';

/** In the units of a phone's screen, so that what is written is read there without making it larger. */
export const pictureWidth = 390;
export const pictureHeight = 320;
const plot = { left: 38, right: 12, top: 62, bottom: 82 };
const smallest = 11;
/** So that one failure on a day of thousands is seen. */
const segmentMin = 1.5;
const labelsMax = 5;
/** Longer than this a headline is written smaller, in characters. */
const headlineWide = 38;
const widestColumn = 48;

type Part = 'failed' | 'rolledBack' | 'succeeded' | 'other';
/** From below: what went wrong stands on the line, where days can be compared. */
const parts: readonly { readonly name: Part; readonly label: string; readonly fill: string }[] = [
  { name: 'failed', label: 'Failed', fill: '#7a1020' },
  { name: 'rolledBack', label: 'Rolled back', fill: 'url(#stripes)' },
  { name: 'succeeded', label: 'Succeeded', fill: '#9cc9e0' },
  { name: 'other', label: 'Other', fill: 'url(#dots)' },
];
const ink = '#1d1c1d';
const faint = '#d6d6d6';

const patterns = `<defs>
<pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#f6c26b"/><rect width="2" height="5" fill="#5c3a00"/></pattern>
<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#ececec"/><circle cx="2" cy="2" r="0.9" fill="#444444"/></pattern>
</defs>`;

/** The picture of statistics. What people and pipelines named is escaped in it. */
export function drawStats(stats: Stats): string {
  const { period, total } = stats;
  const n = counted(total);
  const headline = n > 0 ? `Succeeded: ${share(total.succeeded, n)}` : 'No change ended';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${pictureHeight}" viewBox="0 0 ${pictureWidth} ${pictureHeight}" font-family="DejaVu Sans" role="img">`,
    `<title>${escapeXml(tellPicture(stats))}</title>`,
    patterns,
    `<rect width="${pictureWidth}" height="${pictureHeight}" fill="#ffffff"/>`,
    text(12, 20, headline, { size: headline.length > headlineWide ? smallest : 13, bold: true }),
    text(12, 37, shorten(`Per ${stats.each}, ${scopeWords(stats)}`, 60), { size: smallest }),
    text(12, 52, shorten(`${showPeriod(period)}, days of ${period.zone}`, 60), { size: smallest }),
    ...columnsAndAxes(stats),
    ...legend(stats),
    '</svg>',
  ].join('\n');
}

function columnsAndAxes(stats: Stats): string[] {
  const highest = Math.max(0, ...stats.columns.map(({ tally }) => counted(tally) + apart(tally)));
  const floor = pictureHeight - plot.bottom;
  const y = scaleLinear()
    .domain([0, Math.max(1, highest)])
    .nice(4)
    .range([floor, plot.top + 6]);
  const x = scaleBand<number>()
    .domain(stats.columns.map((_, i) => i))
    .range([plot.left, pictureWidth - plot.right])
    .paddingInner(stats.columns.length > 40 ? 0.15 : 0.25)
    .paddingOuter(0.1);
  const ticks = y.ticks(4).filter((tick) => Number.isInteger(tick));
  const grid = ticks.flatMap((tick) => [
    `<line x1="${plot.left}" x2="${pictureWidth - plot.right}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="${tick === 0 ? ink : faint}"/>`,
    text(plot.left - 5, y(tick) + 4, short(tick), { size: smallest, anchor: 'end' }),
  ]);
  const width = Math.min(x.bandwidth(), widestColumn);
  const inset = (x.bandwidth() - width) / 2;
  const stacked = stack<{ tally: Tally }, Part>()
    .keys(parts.map((part) => part.name))
    .value(({ tally }, name) => amount(tally, name))(stats.columns.map(({ tally }) => ({ tally })));
  const raised = stats.columns.map(() => floor);
  const rects = stacked.flatMap((series, k) =>
    series.flatMap(([low, high], i) => {
      if (high <= low) return [];
      const height = Math.max(segmentMin, y(low) - y(high));
      const top = (raised[i] ?? floor) - height;
      raised[i] = top;
      return [
        `<rect x="${at((x(i) ?? 0) + inset)}" y="${at(top)}" width="${at(width)}" height="${at(height)}" fill="${parts[k]?.fill}"${width > 6 ? ` stroke="${ink}" stroke-width="0.5"` : ''}/>`,
      ];
    }),
  );
  const dates = labelled(stats.columns.length).map((i) => {
    const anchor = anchorAt(i, stats.columns.length);
    const along = anchor === 'middle' ? 0.5 : anchor === 'start' ? 0 : 1;
    const place = (x(i) ?? 0) + along * x.bandwidth();
    return text(place, floor + 16, dayWords(stats, i), { size: smallest, anchor });
  });
  return [
    ...grid,
    ...rects,
    `<line x1="${plot.left}" x2="${pictureWidth - plot.right}" y1="${floor}" y2="${floor}" stroke="${ink}"/>`,
    ...dates,
  ];
}

// Two rows of two: what each fill means, with its number.
function legend({ total }: Stats): string[] {
  const order: readonly Part[] = ['succeeded', 'failed', 'rolledBack', 'other'];
  return order.flatMap((name, i) => {
    const part = parts.find((each) => each.name === name);
    const left = i % 2 === 0 ? plot.left : pictureWidth / 2 + 10;
    const top = pictureHeight - 46 + Math.floor(i / 2) * 20;
    return [
      `<rect x="${left}" y="${top}" width="14" height="14" fill="${part?.fill}" stroke="${ink}" stroke-width="0.5"/>`,
      text(left + 20, top + 11, `${part?.label}: ${count(amount(total, name))}`, { size: 12 }),
    ];
  });
}

function amount(tally: Tally, name: Part): number {
  return name === 'other' ? apart(tally) : tally[name];
}

/** Which columns have their date under them: the first, the last, and some between. */
function labelled(columns: number): number[] {
  if (columns <= labelsMax) return [...Array(columns).keys()];
  const step = (columns - 1) / (labelsMax - 1);
  return [...Array(labelsMax).keys()].map((i) => Math.round(i * step));
}

function anchorAt(i: number, columns: number): 'start' | 'middle' | 'end' {
  if (columns <= labelsMax) return 'middle';
  if (i === 0) return 'start';
  return i === columns - 1 ? 'end' : 'middle';
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function dayWords({ columns }: Stats, i: number): string {
  const date = columns[i]?.date;
  return date ? `${date.day} ${months[date.month - 1]}` : '';
}

function short(value: number): string {
  return value >= 10_000 ? `${value / 1000}k` : count(value);
}

function text(
  x: number,
  y: number,
  words: string,
  style: { size: number; bold?: boolean; anchor?: 'start' | 'middle' | 'end' },
): string {
  const anchor = style.anchor ? ` text-anchor="${style.anchor}"` : '';
  return `<text x="${at(x)}" y="${at(y)}" font-size="${style.size}"${style.bold ? ' font-weight="bold"' : ''}${anchor} fill="${ink}">${escapeXml(words)}</text>`;
}

function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

// Of what XML has no place for, the cleaning leaves two; the rest of its signs are escaped.
function escapeXml(words: string): string {
  return cleanText(words)
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
