// Reports: single complaints, of anybody; several of them are gathered into one suspected incident.
import { on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { belongs, declareReports, dismiss, report } from './commands.js';
import * as facts from './facts.js';
import { routes } from './http.js';
import { aloneCommand, lookCommand, reactions, redrawCommand } from './react.js';
import { projections } from './store.js';
import { alone, aloneInput, look, lookInput, redraw, redrawInput } from './turn.js';
import { gatheringView, listQuery, reportsQuery } from './views.js';

export { gatheringAnswered, reportMade, reportsGathered, reportTied } from './facts.js';
export { lettersWith, type ReportWords, wordsOfReport } from './redacted.js';
export { linesCalledFor } from './store.js';
export { reportKey, reportsStream, reportWord } from './words.js';

export const reportsFeature: Feature = {
  name: 'reports',
  topic: 'signals',
  facts: [
    facts.reportMade,
    facts.reportTied,
    facts.reportsGathered,
    facts.reportsReminded,
    facts.reportsPaged,
    facts.gatheringAnswered,
    facts.gatheringRedrawn,
  ],
  commands: [report, declareReports, belongs, dismiss],
  queries: [listQuery, reportsQuery],
  project: projections,
  react: reactions,
  // What people said stays said, when the incident on which it is was a mistake.
  undo: [on(facts.reportMade, () => null), on(facts.reportTied, () => null)],
  automatic: {
    [aloneCommand]: (data) => alone.given(aloneInput.parse(data)),
    [lookCommand]: (data) => look.given(lookInput.parse(data)),
    [redrawCommand]: (data) => redraw.given(redrawInput.parse(data)),
  },
  views: { gathering: gatheringView },
  routes,
  sharedTables: ['report'],
};
