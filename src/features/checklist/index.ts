// Checklists of the catalogue, gone through step by step; some steps need a second person.
import type { Feature } from '../../core/feature.js';

export const checklistFeature: Feature = {
  name: 'checklist',
  facts: [],
  tables: ['checklistRun'],
  sharedTables: ['checklist'],
};
