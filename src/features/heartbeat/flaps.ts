// A heartbeat that comes and goes: when it counts as that, and how long it must be heard until that is over. Pure.
const secondMs = 1_000;
const minuteMs = 60 * secondMs;
/** Missed so often, and within so long of the first time, it comes and goes. */
export const flapsAfter = 3;
export const flapMinutes = 30;

/** A time that it was missed, as its fact says. */
export interface Missed {
  readonly at: Date;
  /** When it was heard last before that; null: never. */
  readonly lastAt: Date | null;
  /** It came and went by then. */
  readonly flaps: boolean;
}

/** It comes and goes, and since when it was missed for that. */
export interface Flapping {
  readonly since: Date;
  /** From now on. */
  readonly begins: boolean;
}

/** How long it must be heard without a gap: ten minutes, or three intervals where that is longer; an hour at most. */
export function steadyMs({ everySeconds }: { readonly everySeconds: number }): number {
  return Math.min(60 * minuteMs, Math.max(10 * minuteMs, 3 * everySeconds * secondMs));
}

/** Whether one that is missed now comes and goes. `lately`: the times before, the latest first; since `aliveSince` it was heard. */
export function flapsNow(
  it: { readonly everySeconds: number; readonly aliveSince: Date },
  lately: readonly Missed[],
  now: Date,
): Flapping | null {
  const [last] = lately;
  if (last?.flaps && now.getTime() - it.aliveSince.getTime() < steadyMs(it))
    return { since: last.at, begins: false };
  const first = lately[flapsAfter - 2];
  return first && now.getTime() - first.at.getTime() <= flapMinutes * minuteMs
    ? { since: first.at, begins: true }
    : null;
}
