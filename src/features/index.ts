// The list: adding a feature is one folder and one line here. Projections run in this order.
import type { Feature } from '../core/feature.js';
import { alertsFeature } from './alerts/index.js';
import { attendedFeature } from './attended/index.js';
import { catalogFeature } from './catalog/index.js';
import { changeFeature } from './change/index.js';
import { checklistFeature } from './checklist/index.js';
import { cordFeature } from './cord/index.js';
import { digestFeature } from './digest/index.js';
import { drillFeature } from './drill/index.js';
import { exceptionFeature } from './exception/index.js';
import { freezeFeature } from './freeze/index.js';
import { gateFeature } from './gate/index.js';
import { handoverFeature } from './handover/index.js';
import { heartbeatFeature } from './heartbeat/index.js';
import { homeFeature } from './home/index.js';
import { incidentFeature } from './incident/index.js';
import { insightsFeature } from './insights/index.js';
import { linksFeature } from './links/index.js';
import { oncallFeature } from './oncall/index.js';
import { pagingFeature } from './paging/index.js';
import { permissionFeature } from './permission/index.js';
import { placesFeature } from './places/index.js';
import { postmortemFeature } from './postmortem/index.js';
import { protectionFeature } from './protection/index.js';
import { redactionFeature } from './redaction/index.js';
import { reportsFeature } from './reports/index.js';
import { rolesFeature } from './roles/index.js';
import { sourcesFeature } from './sources/index.js';
import { suspectsFeature } from './suspects/index.js';
import { tasksFeature } from './tasks/index.js';
import { timelineFeature } from './timeline/index.js';
import { undoFeature } from './undo/index.js';
import { updatesFeature } from './updates/index.js';
import { violationFeature } from './violation/index.js';

const all: readonly Feature[] = [
  incidentFeature,
  timelineFeature,
  rolesFeature,
  permissionFeature,
  placesFeature,
  linksFeature,
  sourcesFeature,
  postmortemFeature,
  changeFeature,
  attendedFeature,
  suspectsFeature,
  insightsFeature,
  catalogFeature,
  digestFeature,
  freezeFeature,
  exceptionFeature,
  gateFeature,
  protectionFeature,
  violationFeature,
  cordFeature,
  updatesFeature,
  tasksFeature,
  checklistFeature,
  handoverFeature,
  pagingFeature,
  oncallFeature,
  heartbeatFeature,
  alertsFeature,
  reportsFeature,
  redactionFeature,
];

const undone: readonly Feature[] = [...all, drillFeature, undoFeature(all)];

/** Every feature; undo knows how to take back what the others state, and App Home hears all that is stated. */
export const features: readonly Feature[] = [...undone, homeFeature(undone)];
