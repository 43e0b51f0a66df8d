// What can happen to the catalogue, and how each reads aloud. All of it is on one stream.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { looseningSchema } from './loosening.js';
import {
  clusterSchema,
  environmentSchema,
  monitorSchema,
  named,
  serviceSchema,
  settingsSchema,
} from './words.js';

/** What freezes no longer hold for it; said only where there is such. */
const loosens = z.array(looseningSchema).optional();

/** The stream of the catalogue: one for a workspace. */
export const catalogStream = 'catalog';

const namesSchema = z.object({
  services: z.array(z.string()),
  environments: z.array(z.string()),
  clusters: z.array(z.string()),
});
export type Names = z.infer<typeof namesSchema>;

/** How many names there are of all kinds. */
export function countOf(names: Names): number {
  return names.services.length + names.environments.length + names.clusters.length;
}

/** A file was read, and says what it says in place of what it said before. Only what differs is kept. */
export const catalogImported = defineFact(
  'CatalogImported',
  z.object({
    /** The file, by the name under which it says everything again. */
    origin: z.string(),
    /** As they are now, whether they are new or were changed. */
    services: z.array(serviceSchema),
    environments: z.array(environmentSchema),
    clusters: z.array(clusterSchema),
    added: namesSchema,
    removed: namesSchema,
    loosens,
  }),
  (it) => {
    const put = it.services.length + it.environments.length + it.clusters.length;
    const added = countOf(it.added);
    return {
      kind: 'system',
      text: `${it.origin} imported: ${added} added, ${put - added} changed, ${countOf(it.removed)} removed`,
    };
  },
);

export const serviceSet = defineFact(
  'ServiceSet',
  z.object({ service: serviceSchema, before: serviceSchema.nullable() }),
  (it) => ({
    kind: 'system',
    text: `The catalogue has ${it.before ? 'changed' : 'the new'} service ${it.service.name}`,
  }),
);

export const environmentSet = defineFact(
  'EnvironmentSet',
  z.object({ environment: environmentSchema, loosens }),
  ({ environment }) => ({
    kind: 'system',
    text: `The environment ${environment.name} is for ${environment.tier}`,
  }),
);

export const clusterSet = defineFact('ClusterSet', z.object({ cluster: clusterSchema }), ({ cluster }) => ({
  kind: 'system',
  text: `The cluster ${cluster.name} is in ${cluster.environment}`,
}));

/** Somebody took it out of the catalogue by name. */
export const catalogEntryRemoved = defineFact(
  'CatalogEntryRemoved',
  z.object({ what: z.enum(['service', 'environment', 'cluster']), name: z.string(), loosens }),
  (it) => ({ kind: 'system', text: `The ${it.what} ${it.name} left the catalogue` }),
);

/** What a team decided of its changes; what is not named stays as it was. */
export const settingsSet = defineFact('SettingsSet', settingsSchema, (it) => ({
  kind: 'system',
  text: `The team’s settings were changed: ${named(Object.keys(it))}`,
}));

/** What watches services, and what it hangs on itself; a file says so. */
export const monitorSet = defineFact('MonitorSet', monitorSchema.extend({ origin: z.string() }), (it) => ({
  kind: 'system',
  text: `The catalogue has the monitor ${it.name}, which watches ${named(it.watches)}`,
}));

export const monitorRemoved = defineFact('MonitorRemoved', z.object({ name: z.string() }), (it) => ({
  kind: 'system',
  text: `The monitor ${it.name} left the catalogue`,
}));
