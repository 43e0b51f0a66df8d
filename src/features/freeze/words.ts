// The words of freezes: modes, keys, how long the cord holds, and how a number is read.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { readDuration } from '../../core/time/index.js';
import { dayMs, hourMs, minuteMs } from '../../core/time/zones.js';

/** `hard`: changes to its scope must not start; `soft`: they may, and are warned. */
export const freezeModes = ['hard', 'soft'] as const;
export type FreezeMode = (typeof freezeModes)[number];

/** The stream of all freezes and exceptions of a workspace. */
export const freezesStream = 'freezes';

/** How a freeze is named. */
export function freezeKey(freeze: { readonly number: number }): string {
  return `FRZ-${freeze.number}`;
}

/** The number in `FRZ-3`, `frz3`, `#3` or `3`; null when it is none. */
export function readFreezeKey(word: string): number | null {
  const found = /^(?:frz-?|#)?(\d{1,9})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

export const freezeWord = z
  .string({ error: 'Say which freeze, such as FRZ-3.' })
  .transform((word) => readFreezeKey(word) ?? Number.NaN)
  .refine((number) => Number.isSafeInteger(number), {
    error: 'Say which freeze, such as FRZ-3; /freeze list shows them.',
  });

/** How long a freeze lasts where nobody said, and for how long at most the cord may be pulled at once. */
export const usualLengthMs = 2 * hourMs;
export const cordMaxMs = 24 * hourMs;
/** A one-off freeze that is longer than this was mistyped, or is a rule: then it recurs. */
export const onceMaxMs = 93 * dayMs;
/** So long before it begins it is said, and so often while it is on. */
export const nearMs = 15 * minuteMs;
export const reminderMs = 2 * hourMs;
/** So long before its end it is said that it ends. */
export const endingMs = 15 * minuteMs;
/** The end of what has none. */
export const never = new Date('9999-12-31T00:00:00Z');
export const reasonLimit = 300;

/** `45m`, `3h`, `2d`, in milliseconds. */
export const lengthWord = z.string().transform((word, context) => {
  const read = readDuration(word);
  if (read.ok && read.milliseconds > 0) return read.milliseconds;
  const message = read.ok
    ? 'for: takes more than nothing, such as 45m or 3h.'
    : `for: “${shorten(word, 40)}”: ${read.reason}`;
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

/** The same words, as a sentence begins. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
