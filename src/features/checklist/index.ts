// Checklists of the catalogue, gone through step by step; some steps need a second person.
import type { Feature } from '../../core/feature.js';
import { begin, check, second, skip, uncheck } from './commands.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { routes } from './http.js';
import { checklistsQuery } from './list.js';
import { type LookInput, look } from './look.js';
import { lookCommand, reactions } from './react.js';
import { projections, reset } from './store.js';
import { undo } from './undo.js';
import { views } from './views.js';

export { checklistDefined, checklistRemoved } from './facts.js';
export { definedChecklists, openText, runsOf, stepsLeft } from './store.js';
export {
  type ChecklistEntry,
  checklistSchema,
  type Run,
  type RunStep,
  type Step,
  type StepOwner,
  stepsMax,
  stepTextLimit,
} from './words.js';

export const checklistFeature: Feature = {
  name: 'checklist',
  topic: 'steps',
  facts: Object.values(facts),
  commands: [begin, check, second, uncheck, skip],
  queries: [checklistsQuery],
  project: projections,
  reset,
  react: reactions,
  automatic: { [lookCommand]: (data) => look.given(data as LookInput) },
  undo,
  views,
  home: { waiting: waitingSection },
  routes,
  tables: ['checklistRun'],
  sharedTables: ['checklist'],
};
