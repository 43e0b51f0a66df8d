// A new freeze: from what it covers and when it is on to the fact, whoever makes it. Pure.
import type { Stated } from '../../core/fact.js';
import { type Cord, freezeSet } from './facts.js';
import type { Schedule } from './schedule.js';
import type { Scope } from './scope.js';
import { type FreezeMode, freezesStream } from './words.js';

type Person = { readonly id: string; readonly name: string };

/** A new freeze. */
export interface Freezing {
  readonly id: string;
  /** From `nextFreezeNumber`, after the lock of `freezesStream`. */
  readonly number: number;
  readonly mode: FreezeMode;
  readonly reason: string;
  readonly owner: Person;
  readonly by: Person;
  readonly scope: Scope;
  /** In words, as `scopeWords` gives it: “api/prod”, “all production”. */
  readonly scopeText: string;
  readonly schedule: Schedule;
  /** In words, as `whenWords` gives it. */
  readonly whenText: string;
  /** The first instant at which it can be on, and that from which it is no more. */
  readonly startsAt: Date;
  readonly overAt: Date;
  /** The incident from which the cord is pulled; it becomes an entry of its timeline. */
  readonly incident: Cord | null;
  readonly drill: boolean;
}

/** States that a freeze is made. */
export function freezeFacts(it: Freezing): Stated[] {
  const { schedule, ...rest } = it;
  const where = { stream: freezesStream, ...(it.incident ? { incidentId: it.incident.id } : {}) };
  return [freezeSet({ ...rest, schedule, scope: it.scope }, where)];
}
