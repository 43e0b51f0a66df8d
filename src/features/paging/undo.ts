// What `undo` says of pages: whoever was called was called, and whoever has it has it.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { pageAcknowledged, pageLevelReached, pageOpened, pageWithdrawn } from './facts.js';
import { pageKey } from './words.js';

export const undo: UndoRule[] = [
  on(pageOpened, ({ data }) => ({
    what: `the call ${pageKey(data)}`,
    sets: [],
    instead: `/incident withdraw ${pageKey(data)} REASON`,
    never: 'Whoever was called was called. To call nobody any more: ',
  })),
  // It comes with the call, or goes on with it.
  on(pageLevelReached, () => null),
  // The incident is taken back without it: nobody is woken a second time for what somebody has.
  on(pageAcknowledged, () => null),
  on(pageWithdrawn, ({ data }) => ({
    what: `the end of ${pageKey(data)}`,
    sets: [],
    instead: '/incident page @somebody REASON',
    never: 'It is over for those who were called. To call again: ',
  })),
];
