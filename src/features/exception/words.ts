// The words of exceptions: keys, how long and how often one is good, and how a way through is judged.
import { z } from 'zod';
import { freezeKey, type Scope } from '../freeze/index.js';

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

export const usualMinutes = 60;
export const minutesMax = 480;
export const usualUses = 1;
export const usesMax = 20;

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
