// Statistics of changes, as words and as a picture.
import type { Feature } from '../../core/feature.js';

export const insightsFeature: Feature = {
  name: 'insights',
  facts: [],
};
