// What the database has of what a catalogue's file may say of people and of what watches.
import { z } from 'zod';
import type { Tx } from '../../db/tx.js';
import { monitorsOf } from '../catalog/index.js';
import { definedChecklists } from '../checklist/index.js';
import { escalationKinds, levelSchema } from '../oncall/index.js';
import { definedRoles } from '../roles/index.js';
import type { People } from './plan.js';
import { escalationName } from './words.js';

/** All of it, each by its name, with who said so. */
export async function readPeople(tx: Tx, workspaceId: string): Promise<People> {
  const where = { workspaceId };
  const roles = await definedRoles(tx, workspaceId);
  const schedules = await tx.schedule.findMany({ where });
  const escalations = await tx.escalation.findMany({ where });
  const pagers = await tx.pager.findMany({ where: { workspaceId, revokedAt: null }, select: { name: true } });
  const services = await tx.service.findMany({ where, select: { name: true, team: true } });
  return {
    roles: byName(roles.map(({ name, instructions, origin }) => ({ name, instructions, origin }))),
    checklists: byName(await definedChecklists(tx, workspaceId)),
    schedules: byName(schedules.map(({ name, zone, url, origin }) => ({ name, zone, url, origin }))),
    escalations: byName(
      escalations.map(({ kind, name, levels, repeatMinutes, origin }) => {
        const target = { kind: z.enum(escalationKinds).parse(kind), name };
        return {
          name: escalationName(target),
          target,
          levels: z.array(levelSchema).parse(levels),
          repeatMinutes,
          origin,
        };
      }),
    ),
    monitors: byName(await monitorsOf(tx, workspaceId)),
    pagers: new Set(pagers.map((each) => each.name)),
    teams: new Set(services.flatMap((each) => each.team ?? [])),
  };
}

function byName<T extends { readonly name: string }>(entries: readonly T[]): Map<string, T> {
  // By code points, so that every machine has one order.
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((each) => [each.name, each]));
}
