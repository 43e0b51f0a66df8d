// A plan of a change as it is judged, and another change that it may meet.
import type { Component } from '../incident/index.js';
import type { Change } from './store.js';

/** What is planned, as it is judged. */
export interface Plan {
  /** Of a change that is on record already, so that it does not collide with itself. */
  readonly id: string | null;
  readonly kind: Change['kind'];
  readonly components: readonly Component[];
  readonly owner: { readonly id: string | null; readonly name: string };
  readonly coverId: string | null;
  readonly startsAt: Date;
  /** When it is done, without the time for which its kind is watched; null where nobody knows. */
  readonly endsAt: Date | null;
  readonly reversible: string;
  /** It takes something back: an open incident then warns and does not hold. */
  readonly rollback?: boolean | undefined;
  /** The change it takes back, which it does not collide with. */
  readonly rollbackOfId?: string | null | undefined;
}

/** Another change, and where it is. */
export interface Other {
  readonly change: Change;
  readonly components: readonly Component[];
}
