// Heartbeats: what says again and again that it lives, and a page when it does not.
import type { Feature } from '../../core/feature.js';

export const heartbeatFeature: Feature = {
  name: 'heartbeat',
  facts: [],
  sharedTables: ['heartbeat'],
};
