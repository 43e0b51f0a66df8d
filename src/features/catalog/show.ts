// The catalogue as a file of its own format: what is imported from it changes nothing.
import { Document, isScalar, type Scalar, visit } from 'yaml';
import type { Catalog } from './plan.js';
import { type Cadence, type Owner, placeName } from './words.js';

/** The catalogue in YAML, and what `more` adds to it. Behind Slack's ids stands who that is. */
export function showCatalog(
  catalog: Catalog,
  more: (name: (owner: Owner) => string) => Record<string, object> = () => ({}),
): string {
  const { settings } = catalog;
  const names = new Map<string, string>();
  const nameOf = ({ id, name }: Owner) => {
    if (id !== null && id !== name) names.set(id, name);
    return id ?? `@${name}`;
  };
  const owners = (all: readonly Owner[]) => all.map(nameOf);
  const content = {
    settings: {
      support: { channel: settings.supportChannel, people: owners(settings.supportPeople) },
      digest: settings.digestAt ?? 'off',
      limits: { service: settings.serviceLimit ?? 0, person: settings.personLimit ?? 0 },
      checks: settings.checks,
      ...filled({ updates: updatesOf(settings.cadence) }),
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
    ...more(nameOf),
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

function updatesOf(cadence: Cadence): object | null {
  const said = Object.entries(cadence).map(([severity, minutes]) => [
    severity,
    minutes === null ? 'off' : `${minutes}m`,
  ]);
  return said.length > 0 ? Object.fromEntries(said) : null;
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
