// What `undo` says of pages: whoever was called was called; whoever said that they have it may take that back.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import { pageAcknowledged, pageLevelReached, pageOpened, pageWithdrawn } from './facts.js';
import { pageKey } from './words.js';

const partOf = (page: { readonly number: number }) => `page/${page.number}`;

export const undo: UndoRule[] = [
  on(pageOpened, ({ data }) => ({
    what: `the call ${pageKey(data)}`,
    sets: [],
    instead: `/incident withdraw ${pageKey(data)} REASON`,
    never: 'Whoever was called was called. To call nobody any more: ',
  })),
  // It comes with the call, or goes on with it.
  on(pageLevelReached, () => null),
  on(pageAcknowledged, ({ data }) => ({
    what: `“I have it” of ${pageKey(data)}`,
    sets: [partOf(data)],
    instead: `/incident escalate ${pageKey(data)}`,
    // What it calls now is decided behind it.
    follows: [],
    brings: `${pageKey(data)} rings again.`,
  })),
  on(pageWithdrawn, ({ data }) => ({
    what: `the end of ${pageKey(data)}`,
    sets: [partOf(data)],
    instead: '/incident page @somebody REASON',
    never: 'It is over for those who were called. To call again: ',
  })),
];
