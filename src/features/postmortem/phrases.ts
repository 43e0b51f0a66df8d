// Turns of phrase that several sections share.
import { type Span, said, words } from './document.js';
import type { WallClock } from './durations.js';

/** People and components named in a sentence before it says "and N more". */
const mostNamed = 3;

/** `a, b and 2 more`: a sentence stays a sentence. */
export function named(spans: Span[], between = ''): Span[] {
  const first = spans.slice(0, mostNamed + 1);
  if (spans.length > first.length) first.splice(mostNamed);
  const rest = spans.length - first.length;
  const joined = first.flatMap((span, index) => {
    if (index === 0) return [span];
    const isLast = rest === 0 && index === first.length - 1;
    return [...words(isLast && !between ? ' and ' : `, ${between}`), span];
  });
  return rest === 0 ? joined : [...joined, ...words(` and ${rest} more`)];
}

/** What is known of these, in brackets. */
export function aside(parts: (string | null | undefined)[]): Span[] {
  const known = parts.filter((part): part is string => Boolean(part));
  return known.length === 0 ? [] : [...words(' ('), said(known.join(', ')), ...words(')')];
}

export function onComponents(components: string[] | null | undefined): Span[] {
  if (!components || components.length === 0) return [];
  return [...words(' on '), ...named(components.map((each) => said(each, 'code')))];
}

/** The words a person used, unless they say what is shown already. */
export function writtenDifferently(
  asWritten: string | null | undefined,
  shown: string[],
  clock: WallClock,
): Span[] {
  if (!asWritten) return [];
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, '').replace(/[–—]/g, '-');
  const [local = '', utc = local] = shown.map(plain);
  const same = [local, `${local}${clock.zone.toLowerCase()}`, `${utc}utc`, `${utc}z`];
  const without = same.map((text) => text.replace(/^(~?)\d{4}-\d\d-\d\d/, '$1'));
  return [...same, ...without].includes(plain(asWritten)) ? [] : [said(asWritten)];
}

/** `1 entry`, `2 entries`. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
