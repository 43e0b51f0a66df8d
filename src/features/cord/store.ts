// What pulling the cord asks of the database: what is affected, what runs and is planned, what is frozen there already.
import type { Ask } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { type Change, componentsOf } from '../change/index.js';
import {
  cordMaxMs,
  covers,
  type Frozen,
  freezeLifted,
  freezeSet,
  freezesSince,
  knownNames,
  nextFreezeNumber,
  type Scope,
  type Target,
  targetsOf,
  windowNow,
} from '../freeze/index.js';
import { allowedNow } from '../gate/index.js';
import { affectedWhere, type Component, componentName, type Incident } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import type { CordState } from './decide.js';
import type { CordInput } from './pull.js';

/** So many of what is under way and planned are looked at. */
const changesMax = 300;
const dayMs = 86_400_000;
/** Under way for longer, its end was forgotten. */
const underWayDays = 30;

/** All that pulling the cord is decided by. */
export async function readCord(
  tx: Tx,
  { id: incidentId }: Pick<Incident, 'id'>,
  input: CordInput,
  ask: Ask,
): Promise<CordState> {
  const workspaceId = ask.workspace.id;
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const affected = await affectedBy(tx, incidentId);
  const ground = input.on.length > 0 ? input.on : affected;
  const environments = await environmentsOf(tx, workspaceId);
  const places = targetsOf(ground, environments);
  const freezes = await freezesSince(tx, workspaceId, ask.now, { drills: incident.drill });
  const since = new Date(ask.now.getTime() - underWayDays * dayMs);
  const underWay = await changesIn(tx, workspaceId, ['started', 'validating'], since, ask.now);
  const until = new Date(ask.now.getTime() + cordMaxMs);
  const planned = await changesIn(tx, workspaceId, ['planned'], ask.now, until);
  const targets = new Map<string, Target[]>();
  for (const each of [...underWay, ...planned])
    targets.set(each.id, targetsOf(await componentsOf(tx, each.id), environments));
  return {
    ...{ incident, affected, freezes, underWay, planned },
    allowed: await allowedNow(tx, workspaceId, environments, ask.now),
    id: ask.newId(),
    number: await nextFreezeNumber(tx, workspaceId),
    known: await knownNames(tx, workspaceId, { on: ground, except: [], cluster: [] }),
    isThere: (change, scope) => isThere(targets.get(change.id) ?? [], scope),
    overlaps: (freeze) => isOver(freeze, places, ask.now),
  };
}

async function affectedBy(tx: Tx, incidentId: string): Promise<Component[]> {
  const rows = await tx.impact.findMany({
    where: { incidentId, ...affectedWhere },
    orderBy: { id: 'asc' },
  });
  const places = rows.map(({ service, environment, cluster }) => ({ service, environment, cluster }));
  return [...new Map(places.map((each) => [componentName(each), each])).values()];
}

function changesIn(
  tx: Tx,
  workspaceId: string,
  states: string[],
  from: Date,
  until: Date,
): Promise<Change[]> {
  return tx.change.findMany({
    where: { workspaceId, state: { in: states }, unchanged: false, startsAt: { gte: from, lte: until } },
    orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
    take: changesMax,
  });
}

// A change of which nobody said where it is may be anywhere.
function isThere(targets: readonly Target[], scope: Scope): boolean {
  return targets.length === 0 || targets.some((each) => covers(scope, each));
}

function isOver(freeze: Frozen, places: readonly Target[], now: Date): boolean {
  if (!windowNow(freeze, now)) return false;
  return places.length === 0 || places.some((each) => covers(freeze.scope, each));
}

export const projections: Projection[] = [
  // The words of a freeze's entry on the timeline stand in its row too.
  on(entryRedacted, async ({ data: { factIds } }, tx: Tx) => {
    const types = [freezeSet.type, freezeLifted.type];
    const rows = await tx.fact.findMany({ where: { id: { in: factIds }, type: { in: types } } });
    for (const { type, data } of rows) {
      const { id } = data as { id: string };
      const words = type === freezeSet.type ? { reason: 'redacted' } : { liftText: null };
      await tx.freeze.update({ where: { id }, data: words });
    }
  }),
];
