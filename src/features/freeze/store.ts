// What freezes ask of the database, and how their rows follow from facts.
import type { Ask, Located } from '../../core/command.js';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type Environments, environmentsOf } from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import * as facts from './facts.js';
import { type Frozen, readFrozen } from './phase.js';
import type { KnownNames, ScopeSaid } from './places.js';
import type { Target } from './scope.js';
import { freezesStream } from './words.js';

export type Freeze = Prisma.FreezeGetPayload<object>;

/** The freezes that were not over by an instant, the oldest first; drills only where they are asked for. */
export async function freezesSince(
  tx: Tx,
  workspaceId: string,
  since: Date,
  options: { readonly drills?: boolean } = {},
): Promise<Frozen[]> {
  const rows = await tx.freeze.findMany({
    where: { workspaceId, overAt: { gt: since } },
    orderBy: { number: 'asc' },
  });
  return rows.map(readFrozen).filter((each) => options.drills || !each.drill);
}

/** Places as freezes judge them: an environment by the name that the catalogue has for it, and what it is for. */
export function targetsOf(components: readonly Component[], environments: Environments): Target[] {
  return components.map(({ service, environment, cluster }) => ({
    ...{ service, cluster, environment: environment === '' ? '' : environments.nameOf(environment) },
    tier: environment === '' ? null : environments.tierOf(environment),
  }));
}

/** The freeze that a number names. Refuses with what to do when there is none. */
export async function findFreeze(
  tx: Tx,
  input: { readonly id: number },
  ask: Pick<Ask, 'workspace'>,
): Promise<Located<Freeze>> {
  const workspaceId = ask.workspace.id;
  const found = await tx.freeze.findUnique({
    where: { workspaceId_number: { workspaceId, number: input.id } },
  });
  if (found) return { streams: [freezesStream], target: found };
  const message = say(
    `There is no FRZ-${input.id}. `,
    { code: '/freeze list' },
    ' shows what is frozen and what will be. Nothing was done.',
  );
  return { refused: { unknown: true, message } };
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
  on(facts.freezeExtended, async ({ data: { id, until, schedule } }, tx: Tx) => {
    await tx.freeze.update({ where: { id }, data: { overAt: until, schedule: json(schedule) } });
  }),
  on(facts.freezeTold, async ({ data: { id, what, window }, recordedAt }, tx: Tx) => {
    const { told } = await tx.freeze.findUniqueOrThrow({ where: { id } });
    const said = what === 'reminded' ? recordedAt : window.from;
    await tx.freeze.update({
      where: { id },
      data: { told: json({ ...(told as object), [what]: said.toISOString() }) },
    });
  }),
];

function json(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
