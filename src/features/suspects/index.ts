// Suspects: which changes may have caused an incident, ranked, with reasons in words.
import type { Feature } from '../../core/feature.js';

export const suspectsFeature: Feature = {
  name: 'suspects',
  facts: [],
  tables: ['suspect', 'ranking'],
};
