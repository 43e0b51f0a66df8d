// Text objects: plain text is plain, mrkdwn has marks.
import type { ReactNode } from 'react';
import { withEmoji } from './emoji.js';
import { isObject, text } from './json.js';
import { unescaped } from './mrkdwn.js';
import { InlineMrkdwn, Mrkdwn } from './rich-text.js';

/** A text object as a paragraph of its own. */
export function TextBlock({ of }: { of: unknown }): ReactNode {
  if (!isObject(of)) return null;
  if (of.type === 'mrkdwn') return <Mrkdwn words={text(of.text)} />;
  return <div className="bk-lines">{plainWords(of)}</div>;
}

/** A text object within a line. */
export function TextLine({ of }: { of: unknown }): ReactNode {
  if (!isObject(of)) return null;
  return of.type === 'mrkdwn' ? <InlineMrkdwn words={text(of.text)} /> : plainWords(of);
}

/** The words of a plain text: no marks; `:names:` become emoji unless the app said otherwise. */
export function plainWords(of: unknown): string {
  if (!isObject(of)) return '';
  const words = unescaped(text(of.text));
  return of.emoji === false ? words : withEmoji(words);
}
