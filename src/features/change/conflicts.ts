// Conflicts: why a change collides with something, and when it would not. Pure.
import type { Plan, Surroundings } from './surroundings.js';
import type { Conflict } from './words.js';

/** Why a plan collides with what is around it, the gravest first; each says why. */
export function conflictsOf(_plan: Plan, _around: Surroundings): Conflict[] {
  return [];
}

/** The next instants, at most three, from which on the plan would collide with no other change. */
export function freeSlots(_plan: Plan, _around: Surroundings, _from: Date): Date[] {
  return [];
}
