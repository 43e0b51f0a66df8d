// Whether an exception lets a change through the freezes over one place. Pure: the gate asks it of every place.
import type { Stated } from '../../core/fact.js';
import { covers, freezesStream, type Scope, type Target } from '../freeze/index.js';
import { exceptionUsed } from './facts.js';
import type { Asking, Way } from './words.js';

const everywhere = [{ services: [], environments: [], clusters: [], tiers: [] }];

/** The exception that lets a change through at a place; null when none does. It must name every hard freeze there. */
export function wayThrough(
  ways: readonly Way[],
  asking: Asking,
  target: Target,
  hardFreezes: readonly number[],
): Way | null {
  const fits = ways.filter(
    (way) =>
      way.usesLeft > 0 &&
      isFor(way, asking) &&
      hardFreezes.every((number) => way.freezes.includes(number)) &&
      coversSurely(way.scope, target),
  );
  // The one that the question names, else the one that is good for the shortest time.
  const named = fits.find((way) => way.number === asking.exception);
  return named ?? fits.toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())[0] ?? null;
}

/** That a verdict used a way; stated once for each verdict that it let through. */
export function useOf(
  way: Way,
  verdict: { readonly id: string; readonly title: string; readonly drill: boolean },
  at: Date,
): Stated {
  const { id, number, usesLeft, incidentId } = way;
  const { id: verdictId, title, drill } = verdict;
  return exceptionUsed(
    { id, number, verdictId, title, at, drill, usesLeft: Math.max(0, usesLeft - 1) },
    { stream: freezesStream, ...(incidentId ? { incidentId } : {}) },
  );
}

/**
 * It is tied to this change; or it is tied to none, and the question names it. One of which nobody knows what it is may be
 * anything: naming the exception of another change does not make it that change.
 */
export function isFor(way: Pick<Way, 'changeId' | 'source' | 'key' | 'number'>, asking: Asking): boolean {
  if (way.changeId !== null && way.changeId === asking.changeId) return true;
  if (way.key !== null && way.key === asking.key && way.source === asking.source) return true;
  return way.changeId === null && way.key === null && way.number === asking.exception;
}

/** What a place does not say is not let through: it may be anywhere, and an exception is for what was said. */
function coversSurely(scope: Scope, target: Target): boolean {
  const included = !covers({ include: everywhere, exclude: scope.include }, target);
  const excluded = scope.exclude.length > 0 && covers({ include: scope.exclude, exclude: [] }, target);
  return included && !excluded;
}
