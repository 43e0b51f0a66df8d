// The words of exceptions: keys, how long and how often one is good, and how a way through is judged.
import { z } from 'zod';
import { cleanText, oneLine } from '../../core/text.js';
import { readDuration } from '../../core/time/index.js';
import { freezeKey, readFreezeKey, reasonLimit, type Scope } from '../freeze/index.js';

/** How an exception is named. */
export function exceptionKey(exception: { readonly number: number }): string {
  return `EXC-${exception.number}`;
}

/** `FRZ-3 and FRZ-4`. */
export function freezesText(numbers: readonly number[]): string {
  const names = numbers.map((number) => freezeKey({ number }));
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The number in `EXC-3`, `exc3`, `#3` or `3`; null when it is none. */
export function readExceptionKey(word: string): number | null {
  const found = /^(?:exc-?|#)?(\d{1,9})$/i.exec(word.trim());
  return found ? Number(found[1]) : null;
}

export const exceptionWord = z
  .string({ error: 'Say which exception, such as EXC-3.' })
  .transform((word) => readExceptionKey(word) ?? Number.NaN)
  .refine((number) => Number.isSafeInteger(number), {
    error: 'Say which exception, such as EXC-3; `/freeze exceptions` shows them.',
  });

/** How long one is good, from its approval on, and how often; where nobody said, and at most. */
export const usualMinutes = 60;
export const minutesMax = 480;
export const usualUses = 1;
export const usesMax = 20;
/** Nobody answered for so long: it is asked for no more. */
export const lapseMs = 86_400_000;
/** A reason that is shorter tells the one who approves nothing. */
const reasonMin = 10;
const freezesMax = 20;

/** `FRZ-3`, or several: `FRZ-3,FRZ-4`. */
export const freezesWord = z
  .string({ error: 'Say which freezes, such as FRZ-3, or FRZ-3,FRZ-4.' })
  .transform((word, context): number[] => {
    const numbers = word.split(/[\s,]+/).flatMap((each) => (each === '' ? [] : [readFreezeKey(each)]));
    const known = numbers.filter((each) => each !== null);
    if (known.length === numbers.length && known.length > 0 && known.length <= freezesMax)
      return [...new Set(known)];
    const message = `Say which freezes, such as FRZ-3, or FRZ-3,FRZ-4; \`/freeze list\` shows them.${known.length > freezesMax ? ` At most ${freezesMax}.` : ''}`;
    context.issues.push({ code: 'custom', input: word, message });
    return z.NEVER;
  });

/** So long those who may have to answer before they are asked once more. */
export const remindMs = 15 * 60_000;

/** Why; the approver and the record read it. */
export const reasonWord = z
  .string({ error: 'Say why it cannot wait: whoever approves it, and the record, read it.' })
  .transform((text) => oneLine(cleanText(text)))
  .refine((text) => text.length >= reasonMin, {
    error: `Say why it cannot wait, in ${reasonMin} characters or more: whoever approves it, and the record, read it.`,
  })
  .refine((text) => text.length <= reasonLimit, { error: `A reason has at most ${reasonLimit} characters.` });

/** `for:30m`, in minutes. */
export const minutesWord = z.string().transform((word, context) => {
  const read = readDuration(word);
  const minutes = read.ok ? Math.ceil(read.milliseconds / 60_000) : 0;
  if (read.ok && minutes >= 1 && minutes <= minutesMax) return minutes;
  const message = read.ok
    ? `for: is a minute at least and ${minutesMax / 60} hours at most, such as for:30m.`
    : `for: ${read.reason}`;
  context.issues.push({ code: 'custom', input: word, message });
  return z.NEVER;
});

/** `uses:3`. */
export const usesWord = z
  .union([z.string(), z.number()])
  .transform(Number)
  .refine((uses) => Number.isInteger(uses) && uses >= 1 && uses <= usesMax, {
    error: `uses: is how many changes may go through, from 1 to ${usesMax}.`,
  });

/** An approved exception, as the gate judges it. */
export interface Way {
  readonly id: string;
  readonly number: number;
  /** The numbers of the freezes that it names. */
  readonly freezes: readonly number[];
  readonly scope: Scope;
  readonly changeId: string | null;
  readonly source: string | null;
  readonly key: string | null;
  readonly expiresAt: Date;
  readonly usesLeft: number;
  /** The verdicts that used it. */
  readonly usedBy: readonly string[];
  readonly emergency: boolean;
  readonly approvedBy: string;
  /** The incident on whose timeline its use stands. */
  readonly incidentId: string | null;
}

/** Which change asks: what the gate knows of it. */
export interface Asking {
  readonly changeId: string | null;
  readonly source: string | null;
  readonly key: string | null;
  /** The number of the exception that the question names. */
  readonly exception: number | null;
}
