// Paging: whoever is on call is called, by more than one way, until somebody says that they have it.
import type { Feature } from '../../core/feature.js';
import { ack } from './ack.js';
import { againAutomatic } from './again.js';
import { askingAutomatic } from './asking.js';
import { escalate, page, pagesQuery, withdrawVerb } from './commands.js';
import * as facts from './facts.js';
import { fireSection, ringingSection } from './home.js';
import { routes } from './http.js';
import { pageJoined } from './joined.js';
import { joinedAutomatic, joinedReactions } from './joining.js';
import { ownAutomatic } from './own.js';
import { reactions, troubleName, unansweredName } from './react.js';
import { projections } from './store.js';
import { undo } from './undo.js';
import { pageView, troubleView, unansweredView } from './views.js';

export { answerLink, type Linked, readLink } from './ack.js';
export { type CallFor, callFor, callOff } from './asking.js';
export { type Call, delivered, isRinging, pageGivenUp, readCall } from './call.js';
export { openPage, withdraw } from './decide.js';
export * from './facts.js';
export { answerPager } from './from-pager.js';
export { pageSlot } from './react.js';
export { type PageWords, sentWith, wordsOfPage } from './redacted.js';
export { loadPage, type PageScene } from './scene.js';
export { answeredOn, attemptsOfPage, pagesIn, ringingOf, ringingOn } from './store.js';
export * from './words.js';

export const pagingFeature: Feature = {
  name: 'paging',
  topic: 'calling',
  facts: [...Object.values(facts).filter((each) => typeof each === 'function'), pageJoined],
  commands: [page, ack, escalate, withdrawVerb],
  queries: [pagesQuery],
  project: projections,
  react: [...reactions, ...joinedReactions],
  automatic: { ...askingAutomatic, ...ownAutomatic, ...againAutomatic, ...joinedAutomatic },
  undo,
  views: { page: pageView, [unansweredName]: unansweredView, [troubleName]: troubleView },
  home: { ringing: ringingSection, fire: fireSection },
  routes,
  sharedTables: ['pageAttempt', 'page'],
};
