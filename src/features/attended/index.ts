// Upgrades are attended: cover that somebody said yes to, and people who say that everything still works.
import type { Feature } from '../../core/feature.js';

export const attendedFeature: Feature = {
  name: 'attended',
  facts: [],
};
