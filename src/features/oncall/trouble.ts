// When a calendar that cannot be read, or has no shifts any more, is said aloud. Pure.
import { about } from './decide.js';
import * as facts from './facts.js';

const minuteMs = 60_000;
/** How often and how long a calendar may fail before it is said aloud. */
const oftenMs = 60 * minuteMs;

export type Loud = 'often' | 'emptied' | 'over';

export interface FeedTrouble {
  readonly schedule: string;
  readonly error: string;
  /** Since when it cannot be read; null: until now it could. */
  readonly since: Date | null;
  /** Whoever set a calendar that was never read. */
  readonly setter: { readonly id: string; readonly name: string } | null;
  /** Why it was said aloud since then. */
  readonly loud: readonly Loud[];
  readonly knownUntil: Date | null;
}

/**
 * What is stated where a calendar that had shifts to come answers without any. It may be a slip, and would take everybody
 * off call: what it said last stays in force, as if it could not be read.
 */
export function emptiedOf(trouble: Omit<FeedTrouble, 'error'>, feedUntil: Date | null, now: Date) {
  if (trouble.loud.includes('emptied')) return refusalOf({ ...trouble, error: facts.emptied }, now);
  const { schedule, setter } = trouble;
  const since = trouble.since ?? now;
  const said = { error: facts.emptied, since, loud: 'emptied' as const, setter, knownUntil: feedUntil };
  return [facts.feedRefused({ schedule, ...said }, about)];
}

/** What is stated where a calendar cannot be read; nothing where all of it was said already. */
export function refusalOf(trouble: FeedTrouble, now: Date) {
  const { schedule, error, knownUntil } = trouble;
  const since = trouble.since ?? now;
  const over = knownUntil === null || knownUntil <= now;
  const often = now.getTime() - since.getTime() >= oftenMs;
  const loud =
    over && !trouble.loud.includes('over') && (often || trouble.since !== null || knownUntil === null)
      ? 'over'
      : often && trouble.loud.length === 0
        ? 'often'
        : null;
  if (loud === null && trouble.since !== null) return [];
  const setter = trouble.since === null ? trouble.setter : null;
  return [facts.feedRefused({ schedule, error, since, loud, setter, knownUntil }, about)];
}
