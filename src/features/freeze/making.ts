// A new freeze: what is said of it, and from what it covers and when it is on to the fact, whoever makes it. Pure.
import type { Stated } from '../../core/fact.js';
import type { Message } from '../../core/message.js';
import type { WrittenTime } from '../../core/time/index.js';
import type { PersonRef } from '../../core/usage.js';
import { type Cord, freezeSet } from './facts.js';
import type { ScopeSaid } from './places.js';
import type { Schedule } from './schedule.js';
import type { Scope } from './scope.js';
import { type FreezeMode, freezesStream } from './words.js';

type Person = { readonly id: string; readonly name: string };

/** What is said of a new freeze, by whichever door. */
export interface OnInput extends ScopeSaid {
  readonly reason: string;
  readonly from?: WrittenTime | undefined;
  /** In milliseconds. */
  readonly for?: number | undefined;
  readonly until?: WrittenTime | undefined;
  /** `weekday 18:00 to 08:00`. */
  readonly every?: string | undefined;
  /** IANA; the asker's own where nobody said. */
  readonly zone?: string | undefined;
  readonly owner?: PersonRef | undefined;
  readonly soft: boolean;
  readonly anyway: boolean;
  readonly remarks: readonly string[];
}

/** When it is on, as far as that can be understood. */
export type TimesRead =
  | {
      readonly ok: true;
      readonly schedule: Schedule;
      readonly startsAt: Date;
      readonly overAt: Date;
      /** Nobody said how long, so it is as long as usual. */
      readonly usual: boolean;
      /** It was to begin at a time that is past. */
      readonly past: boolean;
    }
  | { readonly ok: false; readonly message: Message; readonly field: string };

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
