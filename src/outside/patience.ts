// Being asked to come back later: a few times it is done, then it was a no.
import { OutsideBusy, OutsideRefused } from '../core/outside.js';
import type { Outside } from './context.js';

const busyMaxMs = 300_000;
const noteName = 'askedToWait';

/**
 * Throws OutsideBusy as often as there are `waits`, in milliseconds, and then OutsideRefused with its words: whoever
 * waits for ever tells nobody. How often it was is written down with the job.
 */
export async function notNow(
  context: Pick<Outside, 'job' | 'note'>,
  method: string,
  words: string,
  waits: readonly number[],
  asked: number | null = null,
): Promise<never> {
  const before = Number(context.job.notes[noteName] ?? 0);
  const wait = waits[before];
  if (wait === undefined) throw new OutsideRefused(method, words);
  await context.note({ [noteName]: String(before + 1) });
  throw new OutsideBusy(method, Math.min(busyMaxMs, Math.max(wait, asked ?? 0)));
}

/** A page waits little: whoever is next is called meanwhile, and this one again in the next round. */
export const pageWaits: readonly number[] = [15_000, 30_000, 60_000];
/** A server that takes nothing from strangers at once does so within a quarter of an hour. */
export const letterWaits: readonly number[] = [60_000, 300_000, 300_000, 300_000];
/** Whoever tries whether a letter gets through waits for the answer. */
export const testWaits: readonly number[] = [5_000];
