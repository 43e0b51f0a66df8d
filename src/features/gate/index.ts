// The gate: may this change start now? Verdicts, those that wait, and the thaw that lets them go in order.
import type { Feature } from '../../core/feature.js';
import { commands, queries } from './commands.js';
import * as facts from './facts.js';
import { routes } from './http.js';
import { automatic } from './look.js';
import { reactions } from './react.js';
import { projections } from './store.js';

export { type Asking, askGate } from './ask.js';
export * from './facts.js';
export { frozenSince, ranBefore } from './proof.js';
export { allowedNow, type LetGo } from './store.js';
export * from './words.js';

export const gateFeature: Feature = {
  name: 'gate',
  topic: 'waiting',
  facts: [facts.verdictGiven, facts.verdictRevised, facts.heldLeft, facts.thawBegan, facts.gateLooked],
  commands,
  queries,
  project: projections,
  react: reactions,
  automatic,
  routes,
  sharedTables: ['verdict'],
};
