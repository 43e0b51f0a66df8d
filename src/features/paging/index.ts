// Paging: whoever is on call is called, by more than one way, until somebody says that they have it.
import type { Ask } from '../../core/command.js';
import type { EffectKind } from '../../core/effect.js';
import type { Stated } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from '../incident/index.js';
import type { Target } from '../oncall/index.js';
import * as facts from './facts.js';
import type { Cause } from './words.js';

export * from './facts.js';
export * from './words.js';

/** What is read for a page before it is decided: its number, and whom its first level calls. */
export interface PageScene {
  readonly id: string;
  readonly number: number;
  readonly target: Target;
  /** A page for the same is ringing already, and is joined instead of a second one. */
  readonly ringing: { readonly id: string; readonly number: number } | null;
}

/** Reads what a page needs; call it in `load`. `sameAs`: the incident, or what else tells one call from another. */
export async function loadPage(
  _tx: Tx,
  _target: Target,
  _incident: Incident | null,
  _ask: Ask,
): Promise<PageScene> {
  throw new Error('not built');
}

/** The facts that open a page and call its first level; none where one for the same rings already. Pure. */
export function openPage(
  _scene: PageScene,
  _page: { readonly reason: string; readonly cause: Cause; readonly incident: Incident | null },
  _ask: Ask,
): Stated[] {
  return [];
}

/** What is stated where an attempt came to nothing. */
export async function pageGivenUp(
  _tx: Tx,
  _effect: Extract<EffectKind, { do: 'page' }>,
  _failure: { readonly method: string; readonly error: string; readonly needed: string | null },
): Promise<readonly Stated[]> {
  return [];
}

export const pagingFeature: Feature = {
  name: 'paging',
  facts: Object.values(facts).filter((each) => typeof each === 'function'),
  sharedTables: ['pageAttempt', 'page'],
};
