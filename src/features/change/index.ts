// Changes: the ledger of what alters production, announced by people and told by pipelines.
import type { Feature } from '../../core/feature.js';
import {
  askingCommands,
  askingProjections,
  askingReactions,
  automatic,
  beganView,
  changeAsked,
  changeGoesOn,
  endedView,
} from './asking.js';
import { calendarQuery } from './calendar.js';
import { commands } from './commands.js';
import * as facts from './facts.js';
import { freezeAutomatic, freezeProjections, freezeReactions, plansFrozenView } from './freezes.js';
import { changingSection, waitingSection } from './home.js';
import { routes } from './http.js';
import { listQueries } from './list.js';
import { changeUnheard, missingReactions, missingSection, unheardView } from './missing.js';
import { reactions } from './react.js';
import { projections } from './store.js';
import { saidView, toldView } from './told.js';
import { changeView } from './views.js';

export * from './announcing.js';
export { changeBody, changePatch, componentOf, link, targetWord, toldOf } from './bodies.js';
export * from './conflicts.js';
export { kindFrom } from './decide.js';
export * from './facts.js';
export { changeUnheard, unheard, unheardStream } from './missing.js';
export { amend, isOthers, reportNative, sourceOf } from './native.js';
export { changeLine, freezeMarks, kindPhrase, placesText, stateSpans, violatedBy } from './phrases.js';
export type { Other, Plan } from './plan.js';
export { refreshChange } from './react.js';
export { changeOfReport, recordReport } from './report.js';
export * from './shape.js';
export * from './store.js';
export * from './surroundings.js';
export * from './words.js';

export const changeFeature: Feature = {
  name: 'change',
  topic: 'changing',
  facts: [...Object.values(facts), changeAsked, changeGoesOn, changeUnheard],
  commands: [...commands, ...askingCommands],
  queries: [...listQueries, calendarQuery],
  project: [...projections, ...askingProjections, ...freezeProjections],
  react: [...reactions, ...askingReactions, ...missingReactions, ...freezeReactions],
  automatic: { ...automatic, ...freezeAutomatic },
  views: {
    change: changeView,
    changeTold: toldView,
    changeSaid: saidView,
    changeBegan: beganView,
    changeEnded: endedView,
    changesUnheard: unheardView,
    plansFrozen: plansFrozenView,
  },
  home: { changing: changingSection, waiting: waitingSection, missing: missingSection },
  routes,
  sharedTables: ['changeTarget', 'change'],
};
