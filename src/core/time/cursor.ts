// A place in the words, which moves on as parts are recognised.

/** Longer words are never a time; this bounds the work on any input. */
export const timeCharactersMax = 160;

/** `leading` is stricter than the whole text: what follows may be ordinary words, which must not be eaten. */
export interface Cursor {
  readonly text: string;
  readonly leading: boolean;
  at: number;
}

/** Begins at the start of `text`, with dashes, spaces and digits of other alphabets made plain, one for one. */
export function openCursor(text: string, leading: boolean): Cursor {
  return { text: plainCharacters(text.slice(0, timeCharactersMax)), leading, at: 0 };
}

/** Matches a sticky pattern here and moves past it, or returns null and stays. */
export function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  const match = peek(cursor, pattern);
  if (match) cursor.at += match[0].length;
  return match;
}

/** Matches a sticky pattern here without moving. */
export function peek(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text);
}

/** Runs a scanner; when it finds nothing, the cursor is where it was. */
export function attempt<T>(cursor: Cursor, scan: (cursor: Cursor) => T | null): T | null {
  const start = cursor.at;
  const found = scan(cursor);
  if (found === null) cursor.at = start;
  return found;
}

/** Whether nothing that belongs to a word or number goes on here. */
export function atBoundary(cursor: Cursor): boolean {
  return (
    peek(
      cursor,
      /(?![\p{L}\p{N}_%$]|['\\@#+&=][\p{L}\p{N}]|\/(?!P?T?\d)[\p{L}\p{N}]|[-.:][\p{L}\p{N}])/uy,
    ) !== null
  );
}

/** Whether the words end here, or a mark follows that sets off what comes next. */
export function atBreak(cursor: Cursor): boolean {
  return peek(cursor, /\s*(?:$|[:;,|)\]](?!\p{N})|\.(?:\s|$)|-+>?\s|→|=>)/uy) !== null;
}

/** The same text with each odd character replaced by one plain one, so that positions stay true. */
function plainCharacters(text: string): string {
  return text
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, '-')
    .replace(/[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/[\uff1a\ufe30]/g, ':')
    .replace(/[\u2248\u223c\uff5e]/g, '~')
    .replace(/[\u2018\u2019\u2032]/g, "'")
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}
