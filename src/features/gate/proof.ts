// What proves that a rollback is one: the version ran there, to a good end, and we were told so before the ground was frozen.
import { readFact } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import type { Environments } from '../catalog/index.js';
import {
  type ChangeKind,
  changeAnnounced,
  changeDescribed,
  changeStateSet,
  changeStream,
} from '../change/index.js';
import {
  covers,
  type Frozen,
  folded,
  freezesSince,
  type Target,
  windowLast,
  windowNow,
} from '../freeze/index.js';
import type { Component } from '../incident/index.js';

/** Of a place this many of the last changes are looked at for the version that a rollback goes back to. */
const ranMax = 500;
/** Of those with this version so many are looked at closely. */
const closelyMax = 20;
/** It ended so long before the freeze began: what ended as it began may have been what led to it. */
const wellBeforeMs = 5 * 60_000;
/** So far back one looks for when frozen ground began to be frozen. */
const chainDays = 35;
const chainMax = 100;
const dayMs = 86_400_000;

/** What delivers a version; only such a change shows that the version ran. */
const delivering: readonly string[] = ['deploy', 'config', 'flag'] satisfies ChangeKind[];
/** Since when one of these places is frozen hard; freezes that follow each other without a gap are one. */
export async function frozenSince(
  tx: Tx,
  on: {
    readonly workspaceId: string;
    readonly targets: readonly Target[];
    readonly at: Date;
    readonly drills: boolean;
  },
): Promise<Date> {
  const { workspaceId, targets, at, drills } = on;
  const back = new Date(at.getTime() - chainDays * dayMs);
  const freezes = await freezesSince(tx, workspaceId, back, { drills });
  const starts = targets.map((target) => startOf(freezes, target, at));
  return new Date(Math.min(at.getTime(), ...starts.map((each) => each.getTime())));
}

function startOf(freezes: readonly Frozen[], target: Target, at: Date): Date {
  const hard = freezes.filter((each) => each.mode === 'hard' && covers(each.scope, target));
  let since = at;
  for (let i = 0; i < chainMax; i += 1) {
    const before = hard.flatMap((each) => {
      const window = windowNow(each, since) ?? endedAt(each, since);
      return window && window.from < since ? [window.from] : [];
    });
    if (before.length === 0) return since;
    since = new Date(Math.min(...before.map((each) => each.getTime())));
  }
  return since;
}

// The window that ended right where another one begins.
function endedAt(freeze: Frozen, at: Date) {
  const last = windowLast(freeze, at);
  return last?.until && last.until.getTime() >= at.getTime() - wellBeforeMs ? last : null;
}

/** What is to be shown: that this version ran at this place, before an instant where one is said. */
export interface Ran {
  readonly workspaceId: string;
  readonly place: Component;
  readonly environments: Environments;
  readonly artifact: string;
  /** Since when it is frozen; null where nothing is. */
  readonly before: Date | null;
  readonly now: Date;
  /** The change that goes back: it proves nothing of itself. */
  readonly not?: string;
}

/** Whether it ran there to a good end, broke no freeze by it, and was told of in time. */
export async function ranBefore(tx: Tx, ran: Ran): Promise<boolean> {
  const named = namedAs(ran);
  if (await ranAs(tx, ran, named)) return true;
  const other = await inOtherLetters(tx, ran.workspaceId, named);
  return other !== null && (await ranAs(tx, ran, other));
}

/** The names under which a place may stand on record. */
interface Named {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly clusters: readonly string[];
}

// What was recorded before the environment got another name has the old one.
function namedAs({ place: { service, environment, cluster }, environments }: Ran): Named {
  const other = environment === '' ? [] : (environments.aliasesOf?.(environment) ?? []);
  return { services: [service], environments: [environment, ...other], clusters: [cluster] };
}

// A freeze fits a name in whatever letters it is written, and so does what proves that one may pass it.
async function inOtherLetters(tx: Tx, workspaceId: string, named: Named): Promise<Named | null> {
  const alike = (all: readonly string[], [name = '']: readonly string[]) =>
    name === '' ? [''] : all.filter((each) => folded(each) === folded(name));
  const services = alike(await allServices(tx, workspaceId), named.services);
  const isPlain = named.clusters[0] === '';
  const clusters = isPlain ? [''] : alike(await allClusters(tx, workspaceId), named.clusters);
  const found = services.length + clusters.length;
  return found === 0 ? null : { ...named, services, clusters };
}

// Each name once: from one to the next by the index, however many changes there were at each.
async function allServices(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    WITH RECURSIVE names(name) AS (
      SELECT ''
      UNION ALL
      SELECT (SELECT MIN("service") FROM "ChangeTarget" WHERE "workspaceId" = ${workspaceId} AND "service" > names.name)
      FROM names WHERE names.name IS NOT NULL
    ) SELECT name FROM names WHERE name IS NOT NULL AND name <> ''`;
  return rows.map((row) => row.name);
}

async function allClusters(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    WITH RECURSIVE names(name) AS (
      SELECT ''
      UNION ALL
      SELECT (SELECT MIN("cluster") FROM "ChangeTarget" WHERE "workspaceId" = ${workspaceId} AND "cluster" > names.name)
      FROM names WHERE names.name IS NOT NULL
    ) SELECT name FROM names WHERE name IS NOT NULL AND name <> ''`;
  return rows.map((row) => row.name);
}

async function ranAs(tx: Tx, ran: Ran, named: Named): Promise<boolean> {
  const { workspaceId, artifact, before, now, not } = ran;
  const ended = before === null ? now : new Date(before.getTime() - wellBeforeMs);
  const at = await tx.changeTarget.findMany({
    where: {
      ...{ workspaceId, startsAt: { gt: new Date(0), lte: ended } },
      ...{ service: { in: [...named.services] }, environment: { in: [...named.environments] } },
      cluster: { in: [...named.clusters] },
    },
    orderBy: { startsAt: 'desc' },
    take: ranMax,
    select: { changeId: true },
  });
  const rows = await tx.change.findMany({
    where: {
      id: { in: at.map((each) => each.changeId).filter((id) => id !== not) },
      ...{ artifact, state: 'succeeded', kind: { in: [...delivering] } },
      endsAt: { lte: ended },
      announcedAt: { lt: before ?? new Date(now.getTime() + 1) },
    },
    orderBy: { startsAt: 'desc' },
    take: closelyMax,
    select: { id: true, violates: true },
  });
  for (const { id, violates } of rows) {
    if (Array.isArray(violates) && violates.length > 0) continue;
    if (before === null || (await wasTold(tx, ran, named, id, before))) return true;
  }
  return false;
}

// As it was on record when the freeze began: whoever plans a change beforehand can say later that it ran long ago.
async function wasTold(
  tx: Tx,
  { workspaceId, artifact }: Ran,
  { services, environments, clusters }: Named,
  id: string,
  by: Date,
): Promise<boolean> {
  const rows = await tx.fact.findMany({
    where: {
      ...{ workspaceId, stream: changeStream(id), recordedAt: { lt: by } },
      type: { in: [changeAnnounced.type, changeDescribed.type, changeStateSet.type] },
    },
    orderBy: { version: 'asc' },
  });
  let known: { state?: string; artifact?: string | null; places?: readonly Component[] } = {};
  for (const fact of rows.map(readFact)) {
    if (fact.type === changeAnnounced.type) {
      const { state, artifact: version, components } = changeAnnounced.read(fact).data;
      known = { state, artifact: version, places: components };
    } else if (fact.type === changeStateSet.type)
      known = { ...known, state: changeStateSet.read(fact).data.to };
    else {
      const { artifact: version, components } = changeDescribed.read(fact).data;
      if (version !== undefined) known = { ...known, artifact: version };
      if (components !== undefined) known = { ...known, places: components };
    }
  }
  const there =
    known.places?.some(
      (each) =>
        services.includes(each.service) &&
        environments.includes(each.environment) &&
        clusters.includes(each.cluster),
    ) ?? false;
  return known.state === 'succeeded' && known.artifact === artifact && there;
}
