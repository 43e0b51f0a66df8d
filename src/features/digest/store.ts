// What the digest asks of the ledger. Its queries follow (workspaceId, state, startsAt).
import { addDays, dateAt, dayMs, startOfDay, zoneOf } from '../../core/time/index.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { attendedKinds, type Change, componentsOf } from '../change/index.js';
import { type Frozen, freezesUntil } from '../freeze/index.js';
import type { Component } from '../incident/index.js';

/** Begun or planned longer ago, nobody will say any more how it ended. */
const lookBackDays = 7;

const sections = ['underWay', 'today', 'tomorrow', 'validating', 'uncovered'] as const;
export type Section = (typeof sections)[number];
export type Counts = Readonly<Record<Section, number>>;

/** A change with where it is. */
export type Listed = Change & { readonly components: readonly Component[] };

/** Some changes of a section, and how many there are in all. */
export interface Shown {
  readonly changes: readonly Listed[];
  readonly all: number;
}

/** How many changes each section has. */
export async function countSections(tx: Tx, workspaceId: string, now: Date, zone: string): Promise<Counts> {
  const asked = wheres(workspaceId, now, zone);
  const counts = { underWay: 0, today: 0, tomorrow: 0, validating: 0, uncovered: 0 };
  for (const section of sections) counts[section] = await tx.change.count({ where: asked[section] });
  return counts;
}

/** The changes of each section, the earliest first, at most so many. */
export async function readSections(
  tx: Tx,
  workspaceId: string,
  now: Date,
  zone: string,
  limits: Counts,
): Promise<Readonly<Record<Section, Shown>>> {
  const asked = wheres(workspaceId, now, zone);
  const counts = await countSections(tx, workspaceId, now, zone);
  const read = async (section: Section): Promise<Shown> => {
    const changes = await tx.change.findMany({
      where: asked[section],
      orderBy: [{ startsAt: 'asc' }, { number: 'asc' }],
      take: limits[section],
    });
    const placed: Listed[] = [];
    // One by one: there are few, and each is found by its id.
    for (const change of changes) placed.push({ ...change, components: await componentsOf(tx, change.id) });
    return { changes: placed, all: counts[section] };
  };
  return {
    underWay: await read('underWay'),
    today: await read('today'),
    tomorrow: await read('tomorrow'),
    validating: await read('validating'),
    uncovered: await read('uncovered'),
  };
}

/** What is frozen today or tomorrow. */
export async function readFreezes(tx: Tx, workspaceId: string, now: Date, zone: string): Promise<Frozen[]> {
  const where = zoneOf({ zone });
  const end = new Date(startOfDay(addDays(dateAt(now.getTime(), where), 2), where));
  return freezesUntil(tx, workspaceId, now, end);
}

function wheres(workspaceId: string, now: Date, zone: string): Record<Section, Prisma.ChangeWhereInput> {
  const where = zoneOf({ zone });
  const today = dateAt(now.getTime(), where);
  const begins = (day: number) => new Date(startOfDay(addDays(today, day), where));
  const since = new Date(now.getTime() - lookBackDays * dayMs);
  const all = { workspaceId, production: true, unchanged: false };
  // What should have begun in the night is still to come.
  const yesterday = new Date(Math.min(begins(0).getTime(), now.getTime() - dayMs));
  return {
    underWay: { ...all, state: 'started', startsAt: { gte: since } },
    today: { ...all, state: 'planned', startsAt: { gte: yesterday, lt: begins(1) } },
    tomorrow: { ...all, state: 'planned', startsAt: { gte: begins(1), lt: begins(2) } },
    validating: { ...all, state: 'validating', startsAt: { gte: since } },
    uncovered: {
      ...all,
      state: { in: ['planned', 'started'] },
      kind: { in: [...attendedKinds] },
      cover: { not: 'given' },
      startsAt: { gte: yesterday, lt: begins(2) },
    },
  };
}
