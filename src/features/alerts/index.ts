// Alerts of monitors: they open an incident, or join an open one. None ever ends one.
import type { Feature } from '../../core/feature.js';
import { alertsQuery, lookQuiet, quietInput } from './commands.js';
import * as facts from './facts.js';
import { gather, gatherInput } from './gathered.js';
import { routes } from './http.js';
import { gatherCommand, quietCommand, reactions } from './react.js';
import { projections } from './store.js';
import { alertsGatheredView, alertsLeftView, alertsView, gatheredView, leftView } from './views.js';

export { recordAlerts } from './commands.js';
export {
  alertFired,
  alertFlaps,
  alertResolved,
  alertsCounted,
  alertsQuiet,
  alertsRefused,
  alertsStillFire,
} from './facts.js';
export { type Refused, recordRefused } from './refused.js';
export { type Delivered, deliveryMax, type Heard } from './words.js';

export const alertsFeature: Feature = {
  name: 'alerts',
  topic: 'signals',
  facts: [
    ...[facts.alertFired, facts.alertResolved, facts.alertFlaps, facts.alertsCounted, facts.alertsQuiet],
    ...[facts.alertsStillFire, facts.alertsRefused],
  ],
  queries: [alertsQuery],
  project: projections,
  react: reactions,
  automatic: {
    [quietCommand]: (data) => lookQuiet.given(quietInput.parse(data)),
    [gatherCommand]: (data) => gather.given(gatherInput.parse(data)),
  },
  views: { alerts: alertsView, [leftView]: alertsLeftView, [gatheredView]: alertsGatheredView },
  routes,
  sharedTables: ['alert'],
};
