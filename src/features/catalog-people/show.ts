// The whole catalogue as a file: what is imported from it changes nothing.
import {
  type Catalog,
  groundOf,
  isName,
  type MonitorEntry,
  type Owner,
  placeName,
  sharedPaths,
  sharedText,
  showCatalog,
} from '../catalog/index.js';
import type { ChecklistEntry } from '../checklist/index.js';
import { addressProblem, type Whom } from '../oncall/index.js';
import type { People } from './plan.js';

type Name = (owner: Owner) => string;

/** The catalogue in YAML; monitors that share a path with what they watch are named above it. */
export function showWhole(catalog: Catalog, people: People): string {
  const all = [...catalog.services.values()];
  const ground = groundOf(
    new Map(all.map((each) => [each.name, each.dependsOn])),
    new Map(all.map((each) => [each.name, each.runsOn])),
  );
  const shared = sharedPaths([...people.monitors.values()], ground);
  const head = shared.map((each) => `# Careful: ${sharedText(each).replace(/\s+/g, ' ')}\n`).join('');
  return head + showCatalog(catalog, (name) => partsOf(people, name));
}

function partsOf(people: People, name: Name): Record<string, object> {
  return {
    ...filled(
      'roles',
      mapped(people.roles, ({ instructions }) => (instructions === '' ? {} : { instructions })),
    ),
    ...filled(
      'checklists',
      mapped(people.checklists, (it) => checklist(it, name)),
    ),
    ...filled(
      'schedules',
      mapped(people.schedules, ({ zone, url }) => ({
        ...{ zone, ...(url === null ? {} : { ical: url }) },
        ...(url !== null && addressProblem(url, false) !== null ? { plain: true } : {}),
      })),
    ),
    ...filled('escalations', escalations(people, name)),
    ...filled('monitors', mapped(people.monitors, monitor)),
  };
}

function checklist({ name: own, title, steps }: ChecklistEntry, name: Name): object {
  return {
    ...(title === own ? {} : { title }),
    steps: steps.map(({ text, owner, second }) => {
      if (owner === null && !second) return text;
      const whose = owner === null ? {} : { owner: 'role' in owner ? owner.role : name(owner) };
      return { text, ...whose, ...(second ? { second } : {}) };
    }),
  };
}

// Those that call the same people in the same order stand together, named after the first.
function escalations(people: People, name: Name): Record<string, object> {
  const groups = new Map<string, { name: string; targets: string[]; rest: object }>();
  for (const each of people.escalations.values()) {
    const rest = {
      levels: each.levels.map(({ whom, minutes }) => ({
        who: whom.map((it) => whomText(it, name)),
        minutes,
      })),
      repeat: each.repeatMinutes,
    };
    const key = JSON.stringify(rest);
    const group = groups.get(key) ?? { name: each.target.name, targets: [], rest };
    group.targets.push(each.name);
    groups.set(key, group);
  }
  const taken = new Set<string>();
  return Object.fromEntries(
    [...groups.values()].map((group) => {
      const named = isName(group.name) ? group.name : 'escalation';
      let own = named;
      for (let again = 2; taken.has(own); again += 1) own = `${named} ${again}`;
      taken.add(own);
      return [own, { for: group.targets, ...group.rest }];
    }),
  );
}

function whomText(whom: Whom, name: Name): string {
  return whom.kind === 'person' ? name({ id: whom.id, name: whom.name }) : `${whom.kind}:${whom.name}`;
}

function monitor({ watches, dependsOn, runsOn, heartbeat }: MonitorEntry): object {
  return {
    ...(watches.length > 0 ? { watches } : {}),
    ...(dependsOn.length > 0 ? { depends_on: dependsOn } : {}),
    ...(runsOn.length > 0 ? { runs_on: runsOn.map(placeName) } : {}),
    ...(heartbeat === null ? {} : { heartbeat }),
  };
}

function mapped<T>(entries: ReadonlyMap<string, T>, shown: (entry: T) => object): Record<string, object> {
  return Object.fromEntries([...entries].map(([name, entry]) => [name, shown(entry)]));
}

function filled(key: string, entries: Record<string, object>): Record<string, object> {
  return Object.keys(entries).length > 0 ? { [key]: entries } : {};
}
