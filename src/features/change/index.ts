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
import { commands } from './commands.js';
import * as facts from './facts.js';
import { reactions } from './react.js';
import { projections } from './store.js';
import { saidView, toldView } from './told.js';
import { changeView } from './views.js';

export * from './announcing.js';
export * from './conflicts.js';
export * from './facts.js';
export { changeLine, kindPhrase, placesText, windowSpans } from './phrases.js';
export { refreshChange } from './react.js';
export { recordReport } from './report.js';
export * from './store.js';
export * from './surroundings.js';
export * from './words.js';

export const changeFeature: Feature = {
  name: 'change',
  facts: [...Object.values(facts), changeAsked, changeGoesOn],
  commands: [...commands, ...askingCommands],
  project: [...projections, ...askingProjections],
  react: [...reactions, ...askingReactions],
  automatic,
  views: {
    change: changeView,
    changeTold: toldView,
    changeSaid: saidView,
    changeBegan: beganView,
    changeEnded: endedView,
  },
  sharedTables: ['changeTarget', 'change'],
};
