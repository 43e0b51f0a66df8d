// Tasks: work during an incident, and follow-ups after it.
import type { Feature } from '../../core/feature.js';

export const tasksFeature: Feature = {
  name: 'tasks',
  facts: [],
  tables: ['task'],
};
