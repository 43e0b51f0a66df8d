// What is said where a change is announced, moved or described, and what is known where that is judged.
import type { WrittenTime } from '../../core/time/index.js';
import type { PersonRef } from '../../core/usage.js';
import type { Component } from '../incident/index.js';
import type { Change } from './store.js';
import type { Surroundings } from './surroundings.js';
import type { ChangeKind } from './words.js';

export interface AnnounceInput {
  readonly title: string;
  readonly kind?: ChangeKind | undefined;
  readonly on: readonly Component[];
  readonly at?: WrittenTime | undefined;
  /** In milliseconds. */
  readonly for?: number | undefined;
  readonly until?: WrittenTime | undefined;
  readonly cover?: PersonRef | undefined;
  readonly owner?: PersonRef | undefined;
  readonly url?: string | undefined;
  readonly reversible?: 'yes' | 'no' | 'unknown' | undefined;
  /** Boxes of the form. */
  readonly irreversible: boolean;
  readonly begun: boolean;
  readonly anyway: boolean;
  readonly remarks: readonly string[];
}

export interface AnnounceState {
  readonly id: string;
  readonly number: number;
  /** As `placesOf` gives them. */
  readonly components: readonly Component[];
  readonly around: Surroundings;
  /** What the same person announced in the last minutes. */
  readonly recent: readonly Recent[];
  /** The name of the channel of changes. */
  readonly channel: string;
}

/** What the same person announced in the last minutes. */
export interface Recent extends Pick<Change, 'number' | 'title' | 'state'> {
  readonly components: readonly Component[];
}

export interface MoveInput {
  readonly id: number;
  readonly time?: WrittenTime | undefined;
  readonly for?: number | undefined;
  readonly until?: WrittenTime | undefined;
  readonly remarks: readonly string[];
}

/** A change that is on record, and what is around it. */
export interface PlannedState {
  readonly change: Change;
  readonly components: readonly Component[];
  readonly around: Surroundings;
  /** Where it was said to be, where that is said anew. */
  readonly before?: readonly Component[];
}

export interface DescribeInput {
  readonly id: number;
  readonly title?: string | undefined;
  readonly kind?: ChangeKind | undefined;
  readonly on?: readonly Component[] | undefined;
  readonly owner?: PersonRef | undefined;
  readonly url?: string | undefined;
  readonly reversible?: 'yes' | 'no' | 'unknown' | undefined;
  readonly remarks: readonly string[];
}
