// Freezes: changes to a scope must not start, from when to when, and why. Who asks whether they may is the gate's.
import type { Feature } from '../../core/feature.js';
import * as facts from './facts.js';
import { projections } from './store.js';

export * from './facts.js';
export * from './phase.js';
export { nextWindow, type Schedule, scheduleSchema, type Window, windowAt, windowsOf } from './schedule.js';
export { covers, type Scope, type Selector, scopeSchema, type Target } from './scope.js';
export * from './store.js';
export * from './words.js';

export const freezeFeature: Feature = {
  name: 'freeze',
  facts: [facts.freezeSet, facts.freezeLifted, facts.freezeExtended, facts.freezeTold],
  project: projections,
  sharedTables: ['freeze'],
};
