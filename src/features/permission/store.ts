// What permissions ask of the database, and how their rows follow from facts.
import { z } from 'zod';
import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import type { Prisma, Tx } from '../../db/tx.js';
import * as facts from './facts.js';
import { type Group, groupSchema, type PermittedAction } from './words.js';

export type PermissionRow = Prisma.PermissionGetPayload<object>;
export type UserGroupRow = Prisma.UserGroupGetPayload<object>;

/** Who may: `anybody` where it was given to no group, or to none that was ever read; else those in the groups. */
export type Permitted =
  | { readonly anybody: true }
  | { readonly anybody: false; readonly people: ReadonlySet<string>; readonly handles: readonly string[] };

/** What holds where nothing was given to groups. */
export const anybody: Permitted = { anybody: true };

/** Who may do this. Of `see_private`, `anybody` means that nobody may but the members. */
export async function permittedTo(tx: Tx, workspaceId: string, action: PermittedAction): Promise<Permitted> {
  const row = await tx.permission.findUnique({ where: { workspaceId_action: { workspaceId, action } } });
  const groups = row ? groupsOf(row) : [];
  if (groups.length === 0) return anybody;
  return whoMay(groups, await groupRows(tx, workspaceId, groups));
}

/** The same of rows that were read. A group that nobody ever read keeps nobody out. */
export function whoMay(groups: readonly Group[], rows: readonly UserGroupRow[]): Permitted {
  const read = rows.filter((row) => row.readAt !== null && groups.some(({ id }) => id === row.groupId));
  if (read.length === 0) return anybody;
  return {
    anybody: false,
    people: new Set(read.flatMap(membersOf)),
    handles: groups.map(({ id, handle }) => rows.find((row) => row.groupId === id)?.handle ?? handle),
  };
}

/** The groups that a permission names. */
export function groupsOf({ groups }: Pick<PermissionRow, 'groups'>): Group[] {
  return z.array(groupSchema).catch([]).parse(groups);
}

/** Slack's ids of who was in a group when it was read last. */
export function membersOf({ members }: Pick<UserGroupRow, 'members'>): string[] {
  return z.array(z.string()).catch([]).parse(members);
}

/** What is known of these groups. */
export function groupRows(tx: Tx, workspaceId: string, groups: readonly Group[]): Promise<UserGroupRow[]> {
  return tx.userGroup.findMany({ where: { workspaceId, groupId: { in: groups.map(({ id }) => id) } } });
}

/** Whether somebody leads an incident, as its commander or operations, that is open and no drill. */
export async function leadsAny(tx: Tx, workspaceId: string, userId: string): Promise<boolean> {
  const held = await tx.roleHolding.findMany({
    where: { workspaceId, userId, role: { in: ['commander', 'operations'] }, until: null },
    select: { incidentId: true },
  });
  const id = { in: held.map(({ incidentId }) => incidentId) };
  const where = { id, drill: false, status: { notIn: ['resolved', 'closed'] } };
  return held.length > 0 && (await tx.incident.count({ where })) > 0;
}

/** All that is given to groups. */
export function permissionRows(tx: Tx, workspaceId: string): Promise<PermissionRow[]> {
  return tx.permission.findMany({ where: { workspaceId }, orderBy: { action: 'asc' } });
}

export const projections: Projection[] = [
  on(facts.permissionSet, async (fact, tx: Tx) => {
    const { workspaceId, data, recordedAt } = fact;
    const { action } = data;
    if (data.groups.length === 0) {
      await tx.permission.deleteMany({ where: { workspaceId, action } });
      return;
    }
    const groups = json(data.groups);
    const set = { groups, setById: data.by.id, setByName: data.by.name, setAt: recordedAt };
    await tx.permission.upsert({
      where: { workspaceId_action: { workspaceId, action } },
      create: { id: fact.id, workspaceId, action, ...set },
      update: set,
    });
    for (const { id, handle } of data.groups) {
      await tx.userGroup.upsert({
        where: { workspaceId_groupId: { workspaceId, groupId: id } },
        create: { ...newRow(workspaceId, id), handle },
        update: {},
      });
    }
  }),
  on(facts.groupRead, async (fact, tx: Tx) => {
    const { workspaceId, recordedAt } = fact;
    const { groupId, handle, members } = fact.data;
    const read = { handle, members: json(members), readAt: recordedAt, refused: null };
    await tx.userGroup.upsert({
      where: { workspaceId_groupId: { workspaceId, groupId } },
      create: { ...newRow(workspaceId, groupId), ...read },
      update: read,
    });
  }),
  on(facts.groupRefused, async (fact, tx: Tx) => {
    const { workspaceId } = fact;
    const { groupId, handle, error } = fact.data;
    await tx.userGroup.upsert({
      where: { workspaceId_groupId: { workspaceId, groupId } },
      create: { ...newRow(workspaceId, groupId), handle, refused: error },
      update: { refused: error },
    });
  }),
];

function newRow(workspaceId: string, groupId: string) {
  return { id: `${workspaceId}:${groupId}`, workspaceId, groupId, members: json([]) };
}
