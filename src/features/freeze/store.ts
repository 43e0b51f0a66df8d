// What freezes ask of the database, and how their rows follow from facts.
import { z } from 'zod';
import type { Ask, Located } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import { say } from '../../core/message.js';
import { dayMs } from '../../core/time/zones.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type Environments, environmentsOf } from '../catalog/index.js';
import { type Component, visibleTo } from '../incident/index.js';
import { permittedTo } from '../permission/index.js';
import { currentRoles } from '../roles/index.js';
import type { FreezeState } from './decide.js';
import { saidOf, type Told, toldOfEnd } from './due.js';
import * as facts from './facts.js';
import { type Frozen, readFrozen, windowNow } from './phase.js';
import { type KnownNames, type ScopeSaid, scopeWords } from './places.js';
import { anyTier, overlap, type Target } from './scope.js';
import { freezesStream, onceMaxMs } from './words.js';

export type Freeze = Prisma.FreezeGetPayload<object>;

/**
 * The freezes that were not over by an instant, the oldest first; drills only where they are asked for. Nobody lifted
 * one whose row has a wrong end: it is found by its beginning, or by an end that is older than any freeze.
 */
export async function freezesSince(
  tx: Tx,
  workspaceId: string,
  since: Date,
  options: { readonly drills?: boolean } = {},
): Promise<Frozen[]> {
  const rows = await tx.freeze.findMany({
    where: {
      workspaceId,
      OR: [
        { overAt: { gt: since } },
        { liftedAt: null, startsAt: { gt: new Date(since.getTime() - onceMaxMs - dayMs) } },
        { liftedAt: null, overAt: { lt: oldest } },
      ],
    },
    orderBy: { number: 'asc' },
  });
  return rows
    .map(readFrozen)
    .filter((each) => each.overAt > since)
    .filter((each) => options.drills || !each.drill);
}

/** No freeze is so old: an end before it is none. */
const oldest = new Date('2020-01-01T00:00:00Z');

/** The same where somebody asks: in the channel of a drill its own are there too. */
export async function freezesHere(tx: Tx, ask: Ask, since: Date): Promise<Frozen[]> {
  const all = await freezesSince(tx, ask.workspace.id, since, { drills: true });
  const ids = all.flatMap((each) => (each.drill && each.incidentId ? [each.incidentId] : []));
  if (ids.length === 0 || ask.channelId === null) return all.filter((each) => !each.drill);
  const where = { workspaceId: ask.workspace.id, channelId: ask.channelId, id: { in: ids } };
  const here = (await tx.incident.findMany({ where, select: { id: true } })).map((each) => each.id);
  return all.filter((each) => !each.drill || here.includes(each.incidentId ?? ''));
}

/** Places as freezes judge them: an environment by the name that the catalogue has for it, and what it is for. */
export function targetsOf(components: readonly Component[], environments: Environments): Target[] {
  return components.map(({ service, environment, cluster }) => {
    if (environment === '') return { service, cluster, environment, tier: null };
    const aliases = environments.aliasesOf?.(environment) ?? [];
    return {
      ...{ service, cluster, environment: environments.nameOf(environment) },
      tier: environments.isDamaged?.(environment) ? anyTier : environments.tierOf(environment),
      ...(aliases.length > 0 ? { aliases } : {}),
    };
  });
}

/** The freeze that a number names. Refuses with what to do when there is none. */
export async function findFreeze(tx: Tx, input: { readonly id: number }, ask: Ask): Promise<Located<Freeze>> {
  const workspaceId = ask.workspace.id;
  const found = await tx.freeze.findUnique({
    where: { workspaceId_number: { workspaceId, number: input.id } },
  });
  if (found && !(await isHidden(tx, found, ask))) return { streams: [freezesStream], target: found };
  const message = say(
    `There is no FRZ-${input.id}. `,
    { code: '/freeze list' },
    ' shows what is frozen and what will be. Nothing was done.',
  );
  return { refused: { unknown: true, message } };
}

/** Whether the asker may not know of it: the drill of a private incident is its members’ alone, and stops nobody else. */
export async function isHidden(
  tx: Tx,
  { drill, incidentId, workspaceId }: Pick<Freeze, 'drill' | 'incidentId' | 'workspaceId'>,
  ask: Ask,
): Promise<boolean> {
  if (!drill || incidentId === null) return false;
  const where = { workspaceId, id: incidentId, AND: [await visibleTo(tx, ask)] };
  return (await tx.incident.count({ where })) === 0;
}

/** The next number; after the lock of the stream, so that no two freezes have one. */
export async function nextFreezeNumber(tx: Tx, workspaceId: string): Promise<number> {
  const last = await tx.freeze.findFirst({
    where: { workspaceId },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return (last?.number ?? 0) + 1;
}

/** The names that the catalogue has, in the letters in which it has them. */
export async function knownNames(
  tx: Tx,
  workspaceId: string,
  said: Pick<ScopeSaid, 'on' | 'except' | 'cluster'>,
): Promise<KnownNames> {
  const places = [...said.on, ...said.except];
  const some = (words: readonly string[]) => words.some((word) => word !== '' && !word.endsWith('*'));
  // All of them, because only so can one be found that is written in other letters; a freeze is made seldom.
  const services = some(places.map((each) => each.service))
    ? await tx.service.findMany({ where: { workspaceId }, select: { name: true } })
    : [];
  const clusters = some([...places.map((each) => each.cluster), ...said.cluster])
    ? await tx.cluster.findMany({ where: { workspaceId }, select: { name: true } })
    : [];
  return {
    services: services.map((each) => each.name),
    clusters: clusters.map((each) => each.name),
    environments: await environmentsOf(tx, workspaceId),
  };
}

/** What the asker froze since an instant, and nobody lifted. */
export async function recentFreezes(tx: Tx, ask: Ask, since: Date): Promise<Frozen[]> {
  const rows = await tx.freeze.findMany({
    where: {
      ...{ workspaceId: ask.workspace.id, madeById: ask.actor.id, liftedAt: null, drill: false },
      overAt: { gt: ask.now },
      madeAt: { gte: since },
    },
  });
  return rows.map(readFrozen);
}

/** A freeze with what is known of it; after the lock, so that what was said of it is what was said last. */
export async function loadFreeze(tx: Tx, id: string, ask: Ask): Promise<FreezeState> {
  const row = await tx.freeze.findUniqueOrThrow({ where: { id } });
  const freeze = readFrozen(row);
  const all = await freezesSince(tx, row.workspaceId, ask.now, { drills: true });
  return {
    freeze,
    scopeText: scopeWords(freeze.scope),
    told: readTold(row.told),
    liftedBy: row.liftedByName,
    ...(await cordSeen(tx, row, ask)),
    still: await stillOver(tx, row, ask.now),
    others: all.filter((each) => each.id !== id && windowNow(each, ask.now) !== null),
    permitted: await permittedTo(tx, row.workspaceId, 'lift_freeze'),
    leads: (await leadsOf(tx, row.incidentId)).map(({ id: lead }) => lead),
  };
}

/** Who leads the incident from which the cord was pulled: its commander and operations. */
export async function leadsOf(tx: Tx, incidentId: string | null) {
  const held = incidentId === null ? [] : await currentRoles(tx, incidentId);
  return held
    .filter(({ role }) => leading.has(role))
    .map(({ userId, userName }) => ({ id: userId, name: userName }));
}

const leading: ReadonlySet<string> = new Set(['commander', 'operations']);

/** The hard freezes that are on over some of the ground of one, at an instant; a drill's hold drills alone. */
export async function stillOver(tx: Tx, row: Freeze, at: Date): Promise<Frozen[]> {
  const { scope } = readFrozen(row);
  const { tierOf } = await environmentsOf(tx, row.workspaceId);
  const all = await freezesSince(tx, row.workspaceId, at, { drills: row.drill });
  return all.filter(
    (each) =>
      each.id !== row.id &&
      each.mode === 'hard' &&
      windowNow(each, at) !== null &&
      overlap(scope, each.scope, tierOf),
  );
}

/** The incident from which the cord was pulled, and whether everybody may know of it. */
export async function readCord(
  tx: Tx,
  { incidentId }: Pick<Freeze, 'incidentId'>,
): Promise<facts.Cord | null> {
  if (incidentId === null) return null;
  const incident = await tx.incident.findUnique({ where: { id: incidentId } });
  return incident && { id: incident.id, number: incident.number, shown: !incident.private };
}

async function cordSeen(tx: Tx, row: Freeze, ask: Ask) {
  const cord = await readCord(tx, row);
  if (!cord || cord.shown) return { cord, seesCord: true };
  const where = { workspaceId: row.workspaceId, id: cord.id, AND: [await visibleTo(tx, ask)] };
  return { cord, seesCord: (await tx.incident.count({ where })) > 0 };
}

/** What was said of a freeze. What cannot be read was not said: it is said again rather than never. */
function readTold(told: unknown): Told {
  const read = toldSchema.safeParse(told);
  return read.success ? read.data : {};
}

const toldSchema = z
  .object({
    near: z.coerce.date(),
    began: z.coerce.date(),
    reminded: z.coerce.date(),
    ending: z.coerce.date(),
    ended: z.coerce.date(),
  })
  .partial();

/** The titles of what waits for a freeze to end, the first to come first. */
export async function heldBy(tx: Tx, { workspaceId, number }: Pick<Freeze, 'workspaceId' | 'number'>) {
  const waiting = await tx.verdict.findMany({
    where: { workspaceId, queue: 'waiting' },
    orderBy: { heldAt: 'asc' },
    take: heldRead,
    select: { heldBy: true, question: true },
  });
  return waiting
    .filter((each) => Array.isArray(each.heldBy) && each.heldBy.includes(number))
    .map(({ question }) => titleSchema.safeParse(question).data?.title ?? 'a change');
}

/** More than so many are not looked at to be counted. */
const heldRead = 1_000;
const titleSchema = z.object({ title: z.string() });

export const projections: Projection[] = [
  on(facts.freezeSet, async (fact, tx: Tx) => {
    const { workspaceId, data, recordedAt } = fact;
    const { id, number, mode, reason, owner, by, scope, schedule, startsAt, overAt, drill, incident } = data;
    await tx.freeze.create({
      data: {
        ...{ id, workspaceId, number, mode, reason, startsAt, overAt, drill, madeAt: recordedAt },
        ...{ ownerId: owner.id, ownerName: owner.name, madeById: by.id, madeByName: by.name },
        scope: json(scope),
        schedule: json(schedule),
        incidentId: incident?.id ?? null,
      },
    });
  }),
  on(facts.freezeLifted, async (fact, tx: Tx) => {
    const at = fact.recordedAt;
    await tx.freeze.update({
      where: { id: fact.data.id },
      data: {
        ...{ overAt: at, liftedAt: at, liftText: fact.data.text },
        ...{ liftedById: fact.actor.id, liftedByName: fact.actor.name },
      },
    });
  }),
  on(facts.freezeExtended, async ({ data: { id, until, schedule }, recordedAt }, tx: Tx) => {
    const { told } = await tx.freeze.findUniqueOrThrow({ where: { id } });
    const said = { ...(told as object), ...toldOfEnd(until, recordedAt) };
    const data = { overAt: until, schedule: json(schedule), told: json(said) };
    await tx.freeze.update({ where: { id }, data });
  }),
  on(facts.freezeTold, async ({ data: { id, what, window }, recordedAt }, tx: Tx) => {
    const { told } = await tx.freeze.findUniqueOrThrow({ where: { id } });
    const said = saidOf(what, window, recordedAt);
    await tx.freeze.update({
      where: { id },
      data: { told: json({ ...(told as object), [what]: said.toISOString() }) },
    });
  }),
];
