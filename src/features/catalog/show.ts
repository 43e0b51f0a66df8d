// The catalogue as a file of its own format: what is imported from it changes nothing.
import { Document, isScalar, type Scalar, visit } from 'yaml';
import type { Catalog } from './plan.js';
import { type Owner, placeName } from './words.js';

/** The catalogue in YAML. Behind Slack's ids stands who that is. */
export function showCatalog(catalog: Catalog): string {
  const { settings } = catalog;
  const names = new Map<string, string>();
  const owners = (all: readonly Owner[]) =>
    all.map(({ id, name }) => {
      if (id !== null && id !== name) names.set(id, name);
      return id ?? `@${name}`;
    });
  const content = {
    settings: {
      support: { channel: settings.supportChannel, people: owners(settings.supportPeople) },
      digest: settings.digestAt ?? 'off',
      limits: { service: settings.serviceLimit ?? 0, person: settings.personLimit ?? 0 },
      checks: settings.checks,
    },
    environments: mapped(catalog.environments, ({ tier, aliases }) => ({ tier, ...filled({ aliases }) })),
    clusters: mapped(catalog.clusters, (it) => ({
      environment: it.environment,
      ...filled({ owners: owners(it.owners) }),
    })),
    services: mapped(catalog.services, ({ team, tier, channel, checks, ...it }) =>
      filled({
        owners: owners(it.owners),
        team,
        tier,
        channel,
        depends_on: it.dependsOn,
        runs_on: it.runsOn.map(placeName),
        checks,
      }),
    ),
  };
  const document = new Document(content);
  visit(document, {
    Scalar(key, node: Scalar) {
      if (key === 'key') return;
      const name = typeof node.value === 'string' ? names.get(node.value) : undefined;
      if (name !== undefined && isScalar(node)) node.comment = ` ${name.replace(/\s+/g, ' ')}`;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function mapped<T>(entries: ReadonlyMap<string, T>, shown: (entry: T) => object): Record<string, object> {
  // By code points, so that every machine writes the same file.
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, entry]) => [name, shown(entry)]));
}

function filled(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
