// Freezes: changes to a scope must not start, from when to when, and why. Who asks whether they may is the gate's.
import type { Feature } from '../../core/feature.js';
import * as facts from './facts.js';
import { projections } from './store.js';

export { freezeSlot, onFreezes, showFreeze } from './effects.js';
export * from './facts.js';
export { type Freezing, freezeFacts } from './making.js';
export { freezeOn } from './on.js';
export * from './phase.js';
export { type KnownNames, nothingSaid, type ScopeSaid, scopeOf, scopeWords, unknownNames } from './places.js';
export {
  firstWindow,
  lastEnd,
  nextWindow,
  type Recurring,
  scheduleSchema,
  windowAt,
  windowsOf,
} from './schedule.js';
export { covers, type Scope, type Selector, scopeSchema, type Target } from './scope.js';
export * from './store.js';
export { showUtc, whenWords } from './when-words.js';
export * from './words.js';

export const freezeFeature: Feature = {
  name: 'freeze',
  facts: [facts.freezeSet, facts.freezeLifted, facts.freezeExtended, facts.freezeTold],
  project: projections,
  sharedTables: ['freeze'],
};
