// On call: schedules from calendars or entered in Slack, escalations, and how each person is reached.

import type { Stated } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import type { Escalation, Level, Reached, Target } from './words.js';

export * from './words.js';

/**
 * Who is called for a target: the escalation of its service, else of that service's team, else its owners together,
 * else the default escalation; of a person, that person. Null: nobody is known, and that must be said loudly.
 */
export async function escalationFor(
  _tx: Tx,
  _workspaceId: string,
  _target: Target,
): Promise<Escalation | null> {
  return null;
}

/** Whom a level calls at an instant, each person once, by every way that is known of them. */
export async function reachedBy(_tx: Tx, _workspaceId: string, _level: Level, _at: Date): Promise<Reached> {
  return { recipients: [], empty: [] };
}

/** What is stated where a calendar cannot be read. */
export async function feedGivenUp(
  _tx: Tx,
  _workspaceId: string,
  _schedule: string,
  _failure: { readonly method: string; readonly error: string },
): Promise<readonly Stated[]> {
  return [];
}

export const oncallFeature: Feature = {
  name: 'oncall',
  facts: [],
  sharedTables: ['escalation', 'shift', 'schedule', 'contactPath'],
};
