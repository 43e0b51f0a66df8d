// Updates: words for people outside, when the next one is due, and who gets them.
import type { Feature } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import type { Incident } from '../incident/index.js';

/** When the next update is due: as was promised last, else by the severity’s cadence; null: none is. */
export async function nextUpdateDue(_tx: Tx, _incident: Incident): Promise<Date | null> {
  return null;
}

export const updatesFeature: Feature = {
  name: 'updates',
  facts: [],
  tables: ['incidentUpdate'],
  sharedTables: ['subscription'],
};
