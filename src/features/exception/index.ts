// Exceptions: named ways through named freezes, approved by somebody else.
import type { Feature } from '../../core/feature.js';

export * from './words.js';

export const exceptionFeature: Feature = {
  name: 'exception',
  facts: [],
  sharedTables: ['freezeException'],
};
