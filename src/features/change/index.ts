// Changes: the ledger of what alters production, announced by people and told by pipelines.
import type { Feature } from '../../core/feature.js';
import * as facts from './facts.js';
import { projections } from './store.js';

export * from './announcing.js';
export * from './conflicts.js';
export * from './facts.js';
export { recordReport } from './report.js';
export * from './store.js';
export * from './surroundings.js';
export * from './words.js';

/** The slot of a change's message in the channel of changes. */
export const changeSlot = (changeId: string) => `change/${changeId}`;

export const changeFeature: Feature = {
  name: 'change',
  facts: Object.values(facts),
  project: projections,
  sharedTables: ['changeTarget', 'change'],
};
