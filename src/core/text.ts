// Text that people write, as the record keeps it: their words, without what could make them read as something else.
import { z } from 'zod';

// C0 and C1 controls but tab and newline; the bidirectional overrides and isolates (UAX #9), with which one text can
// be shown as another; and lone surrogates, which PostgreSQL refuses.
const unwanted =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The longest text of one entry; Slack's own messages end at 40,000 characters, and nobody reads a tenth of that. */
export const textLimit = 10_000;

/** Cleans text for the record: one line ending, no control characters, no spaces around it. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unwanted, '').trim();
}

/** A schema for text of at most `limit` characters; `missing` and `tooLong` are what the person is told. */
export function textOf(options: { missing: string; limit?: number }) {
  const limit = options.limit ?? textLimit;
  return z
    .string({ error: options.missing })
    .transform(cleanText)
    .refine((text) => text !== '', { error: options.missing })
    .refine((text) => text.length <= limit, {
      error: (issue) =>
        `That is ${String(issue.input).length.toLocaleString('en')} characters; ${limit.toLocaleString('en')} is the most. Nothing was recorded. Send it in parts, or attach it to the channel as a file.`,
    });
}

/** The same words on one line, for titles and names. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ');
}

/** `3 tasks`, `1 task`, `1,000 tasks`; `many` where it is not the word with an s. */
export function counted(count: number, word: string, many = `${word}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? word : many}`;
}

/** A name as a line takes it: in quotes where there are spaces in it. */
export function quoted(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}

/** `a, b and 3 more`: the first `shown` of many. */
export function fewNames(names: readonly string[], shown: number): string {
  const more = names.length - shown;
  return `${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whether two names are one, in capitals or not. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether two texts say the same words, whatever stands between them; of emoji alone, whether they are the same. */
export function sameWords(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  return a === '' || b === '' ? one.trim() === other.trim() : a === b;
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Text for an element of HTML, or an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
