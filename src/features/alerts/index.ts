// Alerts of monitors: they open an incident, or join an open one.
import type { Feature } from '../../core/feature.js';

export const alertsFeature: Feature = {
  name: 'alerts',
  facts: [],
  sharedTables: ['alert'],
};
