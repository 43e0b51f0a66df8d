// Plans and what is around them, as plain values: what a test does not name is ordinary.
import type { Environments } from '../../../src/features/catalog/index.js';
import type { Other, Plan } from '../../../src/features/change/plan.js';
import type { Change } from '../../../src/features/change/store.js';
import type { OpenIncident, Surroundings } from '../../../src/features/change/surroundings.js';
import type { Frozen } from '../../../src/features/freeze/index.js';
import type { Component } from '../../../src/features/incident/index.js';

export const now = new Date('2026-03-10T10:00:00Z');

/** A moment of that day, such as `10:30`. */
export function at(time: string): Date {
  return new Date(`2026-03-10T${time}:00Z`);
}

/** `api/prod/eks` as a component. */
export function place(name: string): Component {
  const [service = '', environment = '', cluster = ''] = name.split('/');
  return { service, environment, cluster };
}

/** From 10:00 to 10:30, a deploy of Ana's on api/prod. */
export function plan(over: Partial<Omit<Plan, 'components'>> & { on?: readonly string[] } = {}): Plan {
  const { on = ['api/prod'], ...said } = over;
  return {
    ...{ id: null, kind: 'deploy', coverId: null, reversible: 'unknown' },
    owner: { id: 'U0ANA', name: 'Ana' },
    components: on.map(place),
    ...{ startsAt: at('10:00'), endsAt: at('10:30') },
    ...said,
  };
}

/** CHG-4 “Roll out 2.1” of Bob, a deploy on api/prod, planned from 10:00 to 10:30. */
export function other(over: Partial<Change> & { on?: readonly string[] } = {}): Other {
  const { on = ['api/prod'], ...said } = over;
  const number = said.number ?? 4;
  const startsAt = said.startsAt ?? at('10:00');
  const plannedEnd =
    said.plannedEnd === undefined ? new Date(startsAt.getTime() + 1_800_000) : said.plannedEnd;
  const change: Change = {
    ...{ id: `change-${number}`, workspaceId: 'w', number, source: 'andon', key: `change-${number}` },
    ...{ sequence: null, kind: 'deploy', title: 'Roll out 2.1', state: 'planned', stateText: null },
    ...{ unchanged: false, production: true, ownerId: 'U0BOB', ownerName: 'Bob' },
    ...{ announcedById: 'U0BOB', announcedByName: 'Bob', plannedStart: startsAt, plannedEnd },
    ...{ startedAt: null, finishedAt: null, startsAt, endsAt: null, artifact: null, previousArtifact: null },
    ...{
      url: null,
      reversible: 'unknown',
      rollbackOfId: null,
      coverId: null,
      coverName: null,
      cover: 'none',
    },
    ...{ validation: 'none', validatedById: null, validatedByName: null, validatedAt: null, conflicts: [] },
    ...{ violates: [], afterFreeze: false },
    announcedAt: now,
    ...said,
  };
  return { change, components: on.map(place) };
}

const environments: Environments = {
  nameOf: (word) => (word === 'production' ? 'prod' : word),
  tierOf: (word) => (word === 'prod' ? 'production' : null),
};

interface Around {
  others?: readonly Other[];
  ofOwner?: readonly Change[];
  freezes?: readonly Frozen[];
  incidents?: readonly (Partial<Omit<OpenIncident, 'components'>> & { on?: readonly string[] })[];
  /** `api→db`: api depends on db. */
  edges?: readonly string[];
  /** `{ api: ['prod/eks'] }` */
  runsOn?: Readonly<Record<string, readonly string[]>>;
  limits?: { service?: number; person?: number };
  knownUntil?: Date;
}

/** What is around: nothing but what is named. */
export function around(it: Around = {}): Surroundings {
  const edges = (it.edges ?? []).map((each) => {
    const [service = '', dependsOn = ''] = each.split('→');
    return { service, dependsOn };
  });
  const runsOn = Object.entries(it.runsOn ?? {}).map(([name, places]) => {
    const running = places.map((each) => ({
      environment: each.split('/')[0] ?? '',
      cluster: each.split('/')[1] ?? '',
    }));
    return [name, running] as const;
  });
  return {
    now,
    environments,
    neighbourhood: { services: new Map(), dependencies: new Set(), dependents: new Set(), edges },
    runsOn: new Map(runsOn),
    settings: {
      ...{ supportChannel: null, supportPeople: [], digestAt: null, checks: [] },
      ...{ approvers: [], thawSpacing: null, cadence: {} },
      ...{ serviceLimit: it.limits?.service ?? null, personLimit: it.limits?.person ?? null },
    },
    others: it.others ?? [],
    incidents: (it.incidents ?? []).map(({ on = ['api/prod'], ...said }) => ({
      ...{ number: 3, severity: 'SEV1', ownerRoles: [] },
      components: on.map(place),
      ...said,
    })),
    freezes: it.freezes ?? [],
    silenced: [],
    ofOwner: it.ofOwner ?? [],
    knownUntil: it.knownUntil ?? new Date('2026-04-30T00:00:00Z'),
  };
}
