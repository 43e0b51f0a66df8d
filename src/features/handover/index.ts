// Handover: a role is offered with a brief made from the record, and is the old holder’s until it is accepted.
import type { Feature } from '../../core/feature.js';

export const handoverFeature: Feature = {
  name: 'handover',
  facts: [],
  tables: ['handover'],
};
