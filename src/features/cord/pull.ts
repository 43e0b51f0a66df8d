// What is said where the cord is pulled, and what that means: what it freezes, and what it meets.
import type { WrittenTime } from '../../core/time/index.js';
import type { Change } from '../change/index.js';
import type { Freezing, Frozen } from '../freeze/index.js';
import type { LetGo } from '../gate/index.js';
import type { Component, Incident, OnIncident } from '../incident/index.js';

export interface CordInput extends OnIncident {
  readonly incident?: number | undefined;
  readonly reason?: string | undefined;
  readonly for?: number | undefined;
  readonly on: readonly Component[];
  readonly now: boolean;
  readonly at?: WrittenTime | undefined;
}

/** A word of a reason that would be read as a key or a flag where it stands in a line. */
export const readsOtherwise = /(?:^|\s)(?:on|for|at):|(?:^|\s)now$|^\s*$/i;

/** What would be, or is, frozen, and what that meets. */
export interface Pull {
  readonly incident: Incident;
  readonly freezing: Freezing;
  /** The places that were named, or that are affected; none: all production. */
  readonly on: readonly Component[];
  /** Nobody said what is affected, so it is all production. */
  readonly unknownGround: boolean;
  readonly usual: boolean;
  readonly goesOn: readonly Change[];
  readonly allowed: readonly LetGo[];
  readonly held: readonly Change[];
  readonly already: readonly Frozen[];
  readonly unknown: readonly string[];
}
