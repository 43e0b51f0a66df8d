// On call: schedules from calendars or entered in Slack, escalations, and how each person is reached.

import type { Stated } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import * as facts from './facts.js';

export * from './facts.js';
export { escalationFor, reachedBy } from './read.js';
export * from './words.js';

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
  topic: 'calling',
  facts: Object.values(facts).filter((each) => typeof each === 'function' && 'type' in each),
  sharedTables: ['escalation', 'shift', 'schedule', 'contactPath'],
};
