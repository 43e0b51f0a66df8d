// The figures of changes: what is counted, and how shares are said. Pure.
import type { CalendarDate } from '../../core/time/index.js';
import type { Period } from './period.js';

/** What became of changes. Every change is in one of them. */
const outcomes = ['succeeded', 'failed', 'rolledBack', 'rollback', 'cancelled'] as const;
export type Outcome = (typeof outcomes)[number];
export type Tally = Readonly<Record<Outcome, number>>;

export interface Stats {
  readonly period: Period;
  /** Which components, as they were named; none for all. */
  readonly on: readonly string[];
  readonly total: Tally;
  /** Of those who were asked whether it works: of changes that are counted, not of rollbacks. */
  readonly validation: { readonly good: number; readonly bad: number; readonly waiting: number };
  readonly each: 'day' | 'week';
  readonly columns: readonly { readonly date: CalendarDate; readonly from: Date; readonly tally: Tally }[];
  /** Those with most failures first. */
  readonly places: readonly Place[];
}

export interface Place {
  readonly service: string;
  readonly environment: string;
  readonly tally: Tally;
}

export const nothing: Tally = { succeeded: 0, failed: 0, rolledBack: 0, rollback: 0, cancelled: 0 };

export function isOutcome(word: string): word is Outcome {
  return (outcomes as readonly string[]).includes(word);
}

/** Both together. */
export function added(a: Tally, b: Tally): Tally {
  return {
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    rolledBack: a.rolledBack + b.rolledBack,
    rollback: a.rollback + b.rollback,
    cancelled: a.cancelled + b.cancelled,
  };
}

/** Those that a share is a share of: rollbacks are the answer to another change, and what was called off was none. */
export function counted(tally: Tally): number {
  return tally.succeeded + tally.failed + tally.rolledBack;
}

/** Failed or rolled back: it needed somebody to step in. */
export function wentWrong(tally: Tally): number {
  return tally.failed + tally.rolledBack;
}

/** What is shown apart from the rest. */
export function apart(tally: Tally): number {
  return tally.rollback + tally.cancelled;
}

/**
 * `94% (572 of 608)`: never without the number that it is a share of, and 0% and 100% only where it is exactly that.
 * `–` where there is nothing to have a share of.
 */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  return `${percent(part, whole)} (${count(part)} of ${count(whole)})`;
}

function percent(part: number, whole: number): string {
  const rounded = Math.round((100 * part) / whole);
  if (rounded === 0 && part > 0) return 'under 1%';
  if (rounded === 100 && part < whole) return 'over 99%';
  return `${rounded}%`;
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Places with most failures first, then with most changes, then by name. */
export function byFailures(a: Place, b: Place): number {
  const names = `${a.service}/${a.environment}` < `${b.service}/${b.environment}` ? -1 : 1;
  return wentWrong(b.tally) - wentWrong(a.tally) || counted(b.tally) - counted(a.tally) || names;
}
