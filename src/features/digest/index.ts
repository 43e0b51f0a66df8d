// The digest: what changes today and tomorrow, each morning.
import type { Feature } from '../../core/feature.js';

export const digestFeature: Feature = {
  name: 'digest',
  facts: [],
};
