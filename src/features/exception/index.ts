// Exceptions: named ways through named freezes, approved by somebody else.
import type { Feature } from '../../core/feature.js';
import * as facts from './facts.js';
import { projections } from './store.js';

export * from './facts.js';
export { pendingFor, waysOf } from './store.js';
export { useOf, wayThrough } from './ways.js';
export * from './words.js';

export const exceptionFeature: Feature = {
  name: 'exception',
  facts: Object.values(facts),
  project: projections,
  sharedTables: ['freezeException'],
};
