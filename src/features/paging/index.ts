// Paging: whoever is on call is called, by more than one way, until somebody says that they have it.
import type { Feature } from '../../core/feature.js';
import { askingAutomatic } from './asking.js';
import * as facts from './facts.js';
import { projections } from './store.js';

export { type CallFor, callFor, callOff } from './asking.js';
export { type Call, delivered, isRinging, pageGivenUp, readCall } from './call.js';
export { openPage, withdraw } from './decide.js';
export * from './facts.js';
export { loadPage, type PageScene } from './scene.js';
export { attemptsOfPage, ringingOf, ringingOn } from './store.js';
export * from './words.js';

export const pagingFeature: Feature = {
  name: 'paging',
  facts: Object.values(facts).filter((each) => typeof each === 'function'),
  project: projections,
  automatic: askingAutomatic,
  sharedTables: ['pageAttempt', 'page'],
};
