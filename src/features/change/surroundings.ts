// What a change is judged by: who owns what it touches, what hangs on that, and what else happens there meanwhile.
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import {
  type Environments,
  environmentsOf,
  type Neighbourhood,
  neighboursOf,
  type Silenced,
  settingsOf,
  silencedBy,
  type TeamSettings,
} from '../catalog/index.js';
import { type Frozen, freezesSince } from '../freeze/index.js';
import { type Component, isOpen, statuses } from '../incident/index.js';
import { type Area, clustersOf, mayBeIn, nearnessOf } from './near.js';
import { changesOfOwner, nearChanges, placeOf, type Reading, type Span } from './neighbours.js';
import type { Other, Plan } from './plan.js';
import type { Change } from './store.js';
import { earlier, hoursBefore, isLive, later, minutesAfter, windowOf, windowOfPlan } from './windows.js';
import { isAttended, isOver } from './words.js';

/** So far ahead free slots are looked for, in days. */
export const slotDays = 14;
const incidentsMax = 50;
const dayHours = 24;
const minuteMs = 60_000;

export interface OpenIncident {
  readonly number: number;
  readonly severity: string;
  /** What it affects now. */
  readonly components: readonly Component[];
  /** What the plan's owner does there. */
  readonly ownerRoles: readonly string[];
}

export interface Surroundings extends Area {
  /** When it was looked at: what has not ended by then goes on. */
  readonly now: Date;
  readonly environments: Environments;
  readonly neighbourhood: Neighbourhood;
  readonly settings: TeamSettings;
  /** Changes near it that are under way, still watched, or planned for the next days, the earliest first. */
  readonly others: readonly Other[];
  /** Open ones that everybody may see, SEV1 and SEV2, wherever they are; no drills. */
  readonly incidents: readonly OpenIncident[];
  /** Those that are on or to come, wherever they are; no drills. */
  readonly freezes: readonly Frozen[];
  /** What watches others and may fall silent with what it touches in production. */
  readonly silenced: readonly Silenced[];
  /** Of its owner, planned or under way, wherever they are. */
  readonly ofOwner: readonly Change[];
  /** Until when all of them are known: where very many are near, it is not looked further. */
  readonly knownUntil: Date;
}

/** Reads what a plan is judged by. Its queries follow indexes, so they do not grow with the ledger. */
export async function surroundingsOf(tx: Tx, plan: Plan, ask: Ask): Promise<Surroundings> {
  const { now, workspace } = ask;
  const services = plan.components.map((each) => each.service);
  const environments = await environmentsOf(tx, workspace.id);
  const neighbourhood = await neighboursOf(tx, workspace.id, services);
  const span = spanOf(plan, now);
  const read: Reading = { tx, workspaceId: workspace.id, plan, span, environments, neighbourhood };
  const near = await nearChanges(read);
  const ofOwner = await changesOfOwner(read);
  const area = { environments, neighbourhood, runsOn: near.runsOn };
  const others = near.others.filter((each) => {
    const { change } = each;
    const counts = isOver(change.state)
      ? windowOf(change, now).watchedUntil > span.from
      : isLive(change, now);
    return counts && nearnessOf(plan, each, area) !== null;
  });
  return {
    ...area,
    now,
    settings: await settingsOf(tx, workspace.id),
    others,
    incidents: await openIncidentsAround(read),
    freezes: await freezesSince(tx, workspace.id, earlier(plan.startsAt, now)),
    silenced: await silencedAround(read, area),
    ofOwner: ofOwner.filter((each) => isLive(each, now)),
    knownUntil: near.knownUntil,
  };
}

// Of an environment that nobody knows it is taken for granted that it is production.
function silencedAround({ tx, workspaceId, plan }: Reading, area: Area): Promise<Silenced[]> {
  const { tierOf } = area.environments;
  const touched = plan.components.filter(({ environment }) =>
    ['production', null].includes(tierOf(environment)),
  );
  // What reaches all that runs there reaches the monitor too.
  const clusters = isAttended(plan.kind) ? touched.flatMap((each) => clustersOf(each, area)) : [];
  return silencedBy(
    tx,
    workspaceId,
    touched.map((each) => each.service),
    (place) =>
      clusters.some(
        (each) => each.cluster === place.cluster && mayBeIn(each.environment, place.environment, area),
      ),
  );
}

// From the plan's start or now, whichever is first, to the last slot that may be offered.
function spanOf(plan: Plan, now: Date): Span {
  const { start, end, watchedUntil } = windowOfPlan(plan);
  const early = start < now ? start : now;
  const lasts = (watchedUntil.getTime() - start.getTime()) / minuteMs;
  return {
    from: later(early, hoursBefore(now, dayHours)),
    until: minutesAfter(later(now, end), slotDays * dayHours * 60 + lasts),
  };
}

// What is said of them is told to everybody: private ones do not exist here, whoever asks.
async function openIncidentsAround({ tx, workspaceId, plan }: Reading): Promise<OpenIncident[]> {
  const rows = await tx.incident.findMany({
    where: {
      workspaceId,
      status: { in: statuses.filter(isOpen) },
      severity: { in: ['SEV1', 'SEV2'] },
      private: false,
      drill: false,
    },
    orderBy: { number: 'desc' },
    take: incidentsMax,
    select: { id: true, number: true, severity: true },
  });
  if (rows.length === 0) return [];
  const incidentId = { in: rows.map((each) => each.id) };
  const impacts = await tx.impact.findMany({
    where: { workspaceId, incidentId, until: null },
    orderBy: { id: 'asc' },
  });
  const userId = plan.owner.id;
  const held = await tx.roleHolding.findMany({
    where: { workspaceId, incidentId, userId: userId ?? '', until: null },
  });
  return rows.map(({ id, number, severity }) => ({
    ...{ number, severity },
    components: impacts.filter((each) => each.incidentId === id).map(placeOf),
    ownerRoles: held.filter((each) => each.incidentId === id).map((each) => each.role),
  }));
}
