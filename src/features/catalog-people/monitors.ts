// What a file says of monitors, against what there is once it is taken over. Pure.
import {
  type Catalog,
  type Environments,
  environmentsIn,
  type Ground,
  groundOf,
  type MonitorEntry,
  named,
  type Place,
  placeName,
  type SaidCatalog,
  unique,
} from '../catalog/index.js';

/** The monitors of a file, where they run by the names that environments have. */
export function monitorsIn(said: SaidCatalog, catalog: Catalog): MonitorEntry[] {
  const environments = environmentsAfter(said, catalog);
  return said.people.monitors.map((each) => ({ ...each, runsOn: placesIn(each.runsOn, environments) }));
}

/** What each service needs and where it runs, once the file is taken over. */
export function groundAfter(said: SaidCatalog, catalog: Catalog): Ground {
  const environments = environmentsAfter(said, catalog);
  const kept = [...catalog.services.values()].filter((each) => each.origin !== said.origin);
  const all = [
    ...kept,
    ...said.services.map((each) => ({ ...each, runsOn: placesIn(each.runsOn, environments) })),
  ];
  return groundOf(
    new Map(all.map((each) => [each.name, each.dependsOn])),
    new Map(all.map((each) => [each.name, each.runsOn])),
  );
}

/** What monitors hang on and the catalogue does not have: nothing follows from it. */
export function unknownNeeds(
  monitors: readonly MonitorEntry[],
  said: SaidCatalog,
  catalog: Catalog,
): string[] {
  const known = new Set([...groundAfter(said, catalog).needs.keys(), ...monitors.map((each) => each.name)]);
  const unknown = unique(monitors.flatMap((each) => each.dependsOn)).filter((each) => !known.has(each));
  if (unknown.length === 0) return [];
  const clusters = new Set([...catalog.clusters.keys(), ...said.clusters.map((each) => each.name)]);
  const cluster = unknown.find((each) => clusters.has(each));
  const hint =
    cluster === undefined
      ? ''
      : ` ${cluster} is a cluster: where a monitor runs is runs_on: [ENVIRONMENT/${cluster}].`;
  return [`Monitors depend on what the catalogue does not have as a service: ${named(unknown)}.${hint}`];
}

function placesIn(places: readonly Place[], { nameOf }: Environments): Place[] {
  return unique(
    places.map((each) => ({ ...each, environment: nameOf(each.environment) })),
    placeName,
  );
}

function environmentsAfter(said: SaidCatalog, catalog: Catalog): Environments {
  return environmentsIn(
    unique([...catalog.environments.values(), ...said.environments], (each) => each.name),
  );
}
