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
  serviceSet,
  settingsSet,
} from './facts.js';
export { readCatalog } from './file.js';
export { importCatalog, importReport, looseningsIn } from './import.js';
export { holdingsOf, type Loosening, looseningSchema, lost } from './loosening.js';
export { planImport } from './plan.js';
export * from './read.js';
export { BadCatalog, fileBytesMax } from './said.js';
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
