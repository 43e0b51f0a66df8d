// Lines of words read by a usage line, as Ana says them on 10 March 2026 at 10:45 UTC.
import type { WrittenTime } from '../../src/core/time/index.js';
import { readWords, type WordsContext } from '../../src/core/usage.js';

export const ana = { id: 'U0ANA', name: 'Ana' };
export const bob = { id: 'U0BOB', name: 'Bob' };
export const context: WordsContext = {
  me: ana,
  people: new Map([
    ['u0ana', ana],
    ['ana', ana],
    ['u0bob', bob],
    ['bob', bob],
  ]),
  time: { now: new Date('2026-03-10T10:45:00Z'), zone: 'UTC' },
};

export function read(usage: string, text: string): Record<string, unknown> {
  const result = readWords(usage, text, context);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.values;
}

export function refusal(usage: string, text: string): string {
  const result = readWords(usage, text, context);
  if (result.ok) throw new Error(`understood: ${JSON.stringify(result.values)}`);
  return result.reason;
}

export function instant(value: unknown): string | undefined {
  return (value as WrittenTime | undefined)?.at?.toISOString();
}

export const declare = '[TITLE] [sev:] [on:COMPONENT,…] [started:TIME] [detected:TIME] [private] [drill]';
