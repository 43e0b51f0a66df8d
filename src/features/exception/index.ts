// Exceptions: named ways through named freezes, approved by somebody else.
import type { Feature } from '../../core/feature.js';
import * as commands from './commands.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { routes } from './http.js';
import { exceptionsQuery } from './list.js';
import { lookCommand, reactions, redrawCommand } from './react.js';
import { breakGlass, except } from './requests.js';
import { projections } from './store.js';
import { exceptionUseView, exceptionView } from './views.js';

export * from './facts.js';
export { pendingFor, usesOf, waysOf } from './store.js';
export { isFor, useOf, wayThrough } from './ways.js';
export * from './words.js';

export const exceptionFeature: Feature = {
  name: 'exception',
  topic: 'excepting',
  facts: Object.values(facts),
  // By name: help stands in this order.
  commands: [
    except,
    commands.approve,
    commands.deny,
    commands.revoke,
    breakGlass,
    commands.review,
    commands.approvers,
  ],
  queries: [exceptionsQuery],
  project: projections,
  react: reactions,
  automatic: { [lookCommand]: commands.lookOf, [redrawCommand]: commands.redrawOf },
  views: { exception: exceptionView, exceptionUse: exceptionUseView },
  home: { waiting: waitingSection },
  routes,
  sharedTables: ['freezeException'],
};
