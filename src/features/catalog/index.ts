// The catalogue: services, environments, clusters, owners, dependencies, tiers, and what a team decided.
import type { Feature } from '../../core/feature.js';

export * from './read.js';
export * from './words.js';

export const catalogFeature: Feature = {
  name: 'catalog',
  facts: [],
  sharedTables: ['dependency', 'service', 'environment', 'cluster', 'teamSetting'],
};
