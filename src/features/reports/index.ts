// Reports: single complaints, gathered into one suspected incident.
import type { Feature } from '../../core/feature.js';

export const reportsFeature: Feature = {
  name: 'reports',
  facts: [],
  sharedTables: ['report'],
};
