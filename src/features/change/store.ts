// What changes ask of the database, and how their rows follow from facts.
import type { Ask, Located, WorkspaceRef } from '../../core/command.js';
import { type Fact, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { type Component, componentName } from '../incident/index.js';
import * as facts from './facts.js';
import { type ChangeState, type Conflict, isOver, ownSource } from './words.js';

export type Change = Prisma.ChangeGetPayload<object>;
export type ChangeTarget = Prisma.ChangeTargetGetPayload<object>;

const streamPrefix = 'change/';

/** The stream of a change. */
export function changeStream(id: string): string {
  return `${streamPrefix}${id}`;
}

/** The slot of a change's message in the channel of changes. */
export const changeSlot = (changeId: string) => `change/${changeId}`;

/** The change that a fact of a change's stream is about. */
export function changeIdOf(fact: Pick<Fact, 'stream' | 'type'>): string {
  if (!fact.stream.startsWith(streamPrefix)) throw new Error(`${fact.type} is of no change`);
  return fact.stream.slice(streamPrefix.length);
}

/** The change that a number names. Refuses with what to do when there is none. */
export async function findChange(
  tx: Tx,
  input: { readonly id: number },
  ask: Pick<Ask, 'workspace'>,
): Promise<Located<Change>> {
  const workspaceId = ask.workspace.id;
  const found = await tx.change.findUnique({
    where: { workspaceId_number: { workspaceId, number: input.id } },
  });
  if (found) return { streams: [changeStream(found.id)], target: found };
  const message = say(
    `There is no CHG-${input.id}. `,
    { code: '/change list' },
    ' shows what is planned and under way. Nothing was done.',
  );
  return { refused: { unknown: true, message } };
}

/** The change's row as it is after the lock. */
export async function readChange(tx: Tx, id: string): Promise<Change> {
  return tx.change.findUniqueOrThrow({ where: { id } });
}

/** Where a change is, in the order in which it was said. */
export async function componentsOf(tx: Tx, changeId: string): Promise<Component[]> {
  const rows = await tx.changeTarget.findMany({ where: { changeId }, orderBy: { id: 'asc' } });
  return rows.map(({ service, environment, cluster }) => ({ service, environment, cluster }));
}

/** Why it collides, as was told last. */
export function conflictsOfRow(change: Pick<Change, 'conflicts'>): Conflict[] {
  // Written by the projection below from what the fact's schema checked.
  return change.conflicts as unknown as Conflict[];
}

type Named = Pick<Change, 'source' | 'key'>;

/** Whether both name the same change. */
export function isTheSame(one: Named, other: Named): boolean {
  return one.source === other.source && one.key === other.key;
}

/** Whether a program that names a change which a person announced is from now on the one that tells of it. */
export function isAdoptedBy(change: Named, report: Named): boolean {
  return change.source === ownSource && report.source !== ownSource;
}

/** Takes the workspace's next number; the row stays locked until the transaction ends. */
export async function takeChangeNumber(tx: Tx, workspace: WorkspaceRef): Promise<number> {
  const row = await tx.workspace.update({
    where: { id: workspace.id },
    data: { nextChange: { increment: 1 } },
    select: { nextChange: true },
  });
  return row.nextChange - 1;
}

export const projections: Projection[] = [
  on(facts.changeAnnounced, async (fact, tx: Tx) => {
    const { data } = fact;
    const row = announcedRow(fact);
    await tx.change.create({ data: row });
    await putTargets(tx, row, data.components);
  }),
  on(facts.changeReported, async (fact, tx: Tx) => {
    const { late, report } = fact.data;
    const { source, key } = report;
    const row = await readChange(tx, changeIdOf(fact));
    const adopts = isAdoptedBy(row, report);
    if (!adopts && !isTheSame(row, report)) return;
    const sequence = late || report.sequence === null ? {} : { sequence: BigInt(report.sequence) };
    await tx.change.update({
      where: { id: row.id },
      data: { ...(adopts ? { source, key } : {}), ...sequence },
    });
  }),
  on(facts.changeMoved, async (fact, tx: Tx) => {
    const { plannedStart, plannedEnd, conflicts } = fact.data;
    const data = { plannedStart, plannedEnd, conflicts: conflicts as unknown as Prisma.InputJsonValue };
    await retime(tx, await tx.change.update({ where: { id: changeIdOf(fact) }, data }));
  }),
  on(facts.changeDescribed, async (fact, tx: Tx) => {
    const { number: _number, components, owner, audience: _audience, ...said } = fact.data;
    const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const data = { ...known, ...(owner ? { ownerId: owner.id, ownerName: owner.name } : {}) };
    const row = await tx.change.update({ where: { id: changeIdOf(fact) }, data });
    if (components) await putTargets(tx, row, components);
    await retime(tx, row);
  }),
  on(facts.changeStateSet, async (fact, tx: Tx) => {
    const { data } = fact;
    const before = await readChange(tx, changeIdOf(fact));
    const at = fact.occurredAt ?? fact.recordedAt;
    await retime(
      tx,
      await tx.change.update({
        where: { id: before.id },
        data: {
          state: data.to,
          stateText: data.text,
          ...timesOf(before, data.to, at, data),
          ...(data.conflicts ? { conflicts: data.conflicts as unknown as Prisma.InputJsonValue } : {}),
        },
      }),
    );
  }),
];

function announcedRow(fact: Fact<ReturnType<typeof facts.changeAnnounced.read>['data']>) {
  const { data, workspaceId } = fact;
  const id = changeIdOf(fact);
  const times = {
    plannedStart: data.plannedStart,
    plannedEnd: data.plannedEnd,
    startedAt: data.startedAt,
    finishedAt: data.finishedAt,
  };
  const announcedAt = fact.recordedAt;
  return {
    ...{ id, workspaceId, number: data.number, source: data.source, key: data.key },
    sequence: data.sequence === null ? null : BigInt(data.sequence),
    ...{ kind: data.kind, title: data.title, state: data.state, stateText: data.text },
    ...{ unchanged: data.unchanged, production: data.production, reversible: data.reversible },
    ...{ ownerId: data.owner.id, ownerName: data.owner.name },
    ...{ announcedById: data.by.id, announcedByName: data.by.name, announcedAt },
    ...times,
    ...foundBy({ ...times, state: data.state, announcedAt }),
    ...{ artifact: data.artifact, previousArtifact: data.previousArtifact, url: data.url },
    rollbackOfId: data.rollbackOfId,
    ...(data.cover ? { cover: 'asked', coverId: data.cover.id, coverName: data.cover.name } : {}),
    conflicts: data.conflicts as unknown as Prisma.InputJsonValue,
  };
}

// A state that says when something began or ended says it once: what was said with it counts, else when it was said.
function timesOf(
  before: Change,
  to: ChangeState,
  at: Date,
  said: { startedAt?: Date | null | undefined; finishedAt?: Date | null | undefined },
): { startedAt?: Date | null; finishedAt?: Date | null } {
  if (to === 'planned') return { startedAt: null, finishedAt: null };
  if (to === 'started') return { startedAt: said.startedAt ?? at, finishedAt: null };
  const startedAt = said.startedAt ?? before.startedAt;
  if (to === 'validating') return { startedAt, finishedAt: said.finishedAt ?? at };
  // What was never begun has no end.
  if (to === 'cancelled') return {};
  return { startedAt, finishedAt: said.finishedAt ?? before.finishedAt ?? at };
}

/** The times by which a change is found. One that has not begun, or not ended, as far as we know, is open. */
function foundBy(it: {
  plannedStart: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  state: string;
  announcedAt: Date;
}): { startsAt: Date; endsAt: Date | null } {
  const startsAt = it.startedAt ?? it.plannedStart ?? it.finishedAt ?? it.announcedAt;
  const endsAt = isOver(it.state) || it.state === 'validating' ? (it.finishedAt ?? startsAt) : null;
  return { startsAt, endsAt: endsAt && endsAt < startsAt ? startsAt : endsAt };
}

async function retime(tx: Tx, row: Change): Promise<void> {
  const times = foundBy(row);
  await tx.change.update({ where: { id: row.id }, data: times });
  await tx.changeTarget.updateMany({
    where: { changeId: row.id },
    data: { ...times, state: row.state },
  });
}

async function putTargets(
  tx: Tx,
  row: Pick<Change, 'id' | 'workspaceId' | 'startsAt' | 'endsAt' | 'state'>,
  components: readonly Component[],
): Promise<void> {
  await tx.changeTarget.deleteMany({ where: { changeId: row.id } });
  const { workspaceId, id: changeId, startsAt, endsAt, state } = row;
  const once = [...new Map(components.map((each) => [componentName(each), each])).values()];
  await tx.changeTarget.createMany({
    data: once.map((each, i) => ({
      id: `${changeId}:${String(i).padStart(3, '0')}`,
      ...{ workspaceId, changeId, startsAt, endsAt, state },
      ...each,
    })),
  });
}
