// What is asked for where a way through a freeze is wanted.
import type { Component } from '../incident/index.js';
import type { Asked, ForWhat, NamedFreeze, RequestState } from './load.js';

export interface ExceptInput extends Asked {
  readonly reason: string;
  readonly for?: number | undefined;
  readonly uses?: number | undefined;
  readonly remarks: readonly string[];
}

/** What is asked for, once it is known to make sense. */
export interface Wanted {
  readonly id: string;
  readonly state: RequestState;
  readonly input: ExceptInput;
  readonly forWhat: ForWhat;
  /** What it is to cover: within the freezes that it names. */
  readonly components: readonly Component[];
  readonly minutes: number;
  readonly uses: number;
  readonly drill: boolean;
  readonly incident: NamedFreeze['incident'];
}
