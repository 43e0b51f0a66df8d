// Updates: words for people outside, when the next one is due, and who gets them.
import type { Feature } from '../../core/feature.js';
import type { Span } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from '../incident/index.js';
import { cadence, snooze, update, updatesQuery } from './commands.js';
import { automatic } from './deliver.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { routes } from './http.js';
import { readMissed, sorted } from './missed.js';
import { reactions } from './react.js';
import { isOverdue } from './remind.js';
import {
  projections,
  readDelivered,
  readPromise,
  readUpdates,
  readWaiting,
  reset,
  type Update,
} from './store.js';
import { subscribe, subscriptionsQuery, unsubscribe } from './subscriptions.js';
import { undo } from './undo.js';
import { views } from './views.js';

export { letterSent, recipientName, updateDelivered, updateGiven } from './facts.js';
export { letterOf } from './letter.js';
export { usualCadence } from './promise.js';
export type { Update } from './store.js';
export { undelivered } from './undelivered.js';
export { promisedSpans } from './words.js';

/** When the next update is due: as was promised last, else by the severity’s cadence; null: none is. */
export async function nextUpdateDue(tx: Tx, incident: Incident): Promise<Date | null> {
  return (await readPromise(tx, incident))?.due ?? null;
}

/** The same, with whether it was found that it is long past. */
export async function nextUpdate(tx: Tx, incident: Incident): Promise<{ due: Date; late: boolean } | null> {
  const waiting = await readWaiting(tx, incident);
  return waiting?.promised.due ? { due: waiting.promised.due, late: isOverdue(waiting) } : null;
}

/** What those outside were told last; null: nothing yet. */
export async function latestUpdate(tx: Tx, incidentId: string): Promise<Update | null> {
  return (await readUpdates(tx, incidentId))[0] ?? null;
}

/** One telling of people outside. */
export interface ToldOf {
  readonly at: Date;
  readonly what: facts.Telling;
  /** Of an update, its number. */
  readonly number: number | null;
  /** Whom it reached, as people read them: `#support`, `Ana`, `Bob (mail)`, `the announcement`. */
  readonly to: readonly Span[];
  /** Whom it did not reach. */
  readonly missed: readonly Span[];
}

/** Who outside was told what of an incident, in the order in which it happened; without updates that were taken back. */
export async function toldOf(tx: Tx, incidentId: string): Promise<ToldOf[]> {
  const delivered = await readDelivered(tx, incidentId);
  const lost = await readMissed(tx, incidentId);
  const rows = await tx.incidentUpdate.findMany({ where: { incidentId }, select: { id: true } });
  const stands = new Set(rows.map(({ id }) => id));
  const holds = delivered.filter(({ data }) => data.what !== 'update' || stands.has(data.factId));
  return holds.map(({ recordedAt: at, data: { what, number, factId, to } }) => {
    const { reached, missed } = sorted(factId, to, lost);
    return {
      at,
      what,
      number,
      to: reached.map(facts.recipientSpan),
      missed: missed.map(facts.recipientSpan),
    };
  });
}

export const updatesFeature: Feature = {
  name: 'updates',
  topic: 'telling',
  facts: [
    facts.updateGiven,
    facts.updateDelivered,
    facts.updateReminded,
    facts.updatesSnoozed,
    facts.updatesDueAnew,
    facts.copiesRedrawn,
    facts.subscriptionMade,
    facts.subscriptionEnded,
    facts.updateUndelivered,
    facts.letterSent,
  ],
  commands: [update, snooze, cadence, subscribe, unsubscribe],
  queries: [updatesQuery, subscriptionsQuery],
  project: projections,
  reset,
  react: reactions,
  automatic,
  undo,
  views,
  home: { waiting: waitingSection },
  routes,
  tables: ['incidentUpdate'],
  sharedTables: ['subscription'],
};
