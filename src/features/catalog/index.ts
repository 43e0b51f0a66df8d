// The catalogue: services, environments, clusters, owners, dependencies, tiers, and what a team decided.
import type { Feature } from '../../core/feature.js';
import * as commands from './commands.js';
import * as kinds from './facts.js';
import { servicesQuery } from './list.js';
import * as settings from './settings.js';
import { projections } from './store.js';

export {
  catalogEntryRemoved,
  catalogImported,
  catalogStream,
  clusterSet,
  environmentSet,
  monitorRemoved,
  monitorSet,
  serviceSet,
  settingsSet,
} from './facts.js';
export { readCatalog } from './file.js';
export {
  decideImport,
  type ImportMore,
  type ImportState,
  importReport,
  looseningsIn,
  nothingMore,
  readImport,
} from './import.js';
export { holdingsOf, type Loosening, looseningSchema, lost } from './loosening.js';
export { monitorsOf, type Silenced, sharedPathsOf, silencedBy } from './monitors.js';
export {
  type Catalog,
  type Compared,
  compare,
  finderOf,
  type ImportPlan,
  isSlackId,
  type Known,
  type KnownPerson,
  ownerKey,
  planImport,
} from './plan.js';
export * from './read.js';
export * from './said.js';
export { type Ground, groundOf, type SharedPath, sharedPaths, sharedText } from './shared.js';
export { showCatalog } from './show.js';
export { knownPeople, readWhole } from './store.js';
export * from './words.js';

export const catalogFeature: Feature = {
  name: 'catalog',
  topic: 'catalogue',
  facts: [
    kinds.catalogImported,
    kinds.serviceSet,
    kinds.environmentSet,
    kinds.clusterSet,
    kinds.catalogEntryRemoved,
    kinds.settingsSet,
    kinds.monitorSet,
    kinds.monitorRemoved,
  ],
  // By name: a module's own order differs from one loader to the next, and help stands in this one.
  commands: [
    commands.service,
    commands.remove,
    commands.environment,
    commands.cluster,
    settings.limits,
    settings.support,
    settings.digest,
  ],
  queries: [servicesQuery],
  project: projections,
  sharedTables: ['monitor', 'dependency', 'service', 'environment', 'cluster', 'teamSetting'],
};
