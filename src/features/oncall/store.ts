// How the rows of being on call follow from facts, and what its decisions load.

import { on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { json } from '../../core/json.js';
import { sameName } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import * as facts from './facts.js';

/** What a line may name: schedules, pagers that work, and people by name. */
export interface Known {
  readonly schedules: readonly {
    readonly name: string;
    readonly zone: string;
    readonly url: string | null;
  }[];
  readonly pagers: readonly string[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly services: readonly string[];
  readonly teams: readonly string[];
  readonly escalations: readonly { readonly kind: string; readonly name: string; readonly levels: unknown }[];
}

/** Reads what the workspace has. Six small tables. */
export async function readKnown(tx: Tx, workspaceId: string): Promise<Known> {
  const where = { workspaceId };
  const services = await tx.service.findMany({ where, select: { name: true, team: true } });
  return {
    schedules: await tx.schedule.findMany({ where, orderBy: { name: 'asc' } }),
    pagers: (await tx.pager.findMany({ where: { ...where, revokedAt: null } })).map((each) => each.name),
    people: await tx.person.findMany({ where: { ...where, isBot: false }, select: { id: true, name: true } }),
    services: services.map((each) => each.name),
    teams: [...new Set(services.flatMap((each) => (each.team === null ? [] : [each.team])))],
    escalations: await tx.escalation.findMany({ where }),
  };
}

/** Of several names the one that is meant, however it is written. */
export function nameIn(names: readonly string[], word: string): string | null {
  return names.find((each) => each === word) ?? names.find((each) => sameName(each, word)) ?? null;
}

export const projections: Projection[] = [
  on(facts.scheduleSet, async ({ workspaceId, data: { name, zone, url, origin } }, tx: Tx) => {
    const id = `${workspaceId}/${name}`;
    const before = await tx.schedule.findUnique({ where: { id } });
    // Of another calendar nothing is known yet.
    if (before && before.url !== url)
      await tx.shift.deleteMany({ where: { workspaceId, schedule: name, entered: false } });
    const fresh = before?.url === url ? {} : { readAt: null, refused: null, refusedAt: null };
    await tx.schedule.upsert({
      where: { id },
      create: { id, workspaceId, name, zone, url, origin },
      update: { zone, url, origin, ...fresh },
    });
  }),
  on(facts.scheduleRemoved, async ({ workspaceId, data: { name } }, tx: Tx) => {
    await tx.schedule.deleteMany({ where: { workspaceId, name } });
    await tx.shift.deleteMany({ where: { workspaceId, schedule: name } });
  }),
  on(facts.shiftEntered, async ({ id, workspaceId, data }, tx: Tx) => {
    const { schedule, person, startsAt, endsAt } = data;
    const who = { userId: person.id, userName: person.name };
    await tx.shift.create({ data: { id, workspaceId, schedule, ...who, startsAt, endsAt, entered: true } });
  }),
  on(facts.shiftsRelieved, async ({ workspaceId, data: { schedule, person, at } }, tx: Tx) => {
    const theirs = { workspaceId, schedule, userId: person.id, entered: true };
    await tx.shift.deleteMany({ where: { ...theirs, startsAt: { gte: at } } });
    await tx.shift.updateMany({ where: { ...theirs, endsAt: { gt: at } }, data: { endsAt: at } });
  }),
  on(facts.escalationSet, async ({ workspaceId, data }, tx: Tx) => {
    const { kind, name, levels, repeatMinutes, origin } = data;
    const id = `${workspaceId}/${kind}/${name}`;
    const said = { levels: json(levels), repeatMinutes, origin };
    await tx.escalation.upsert({
      where: { id },
      create: { id, workspaceId, kind, name, ...said },
      update: said,
    });
  }),
  on(facts.escalationRemoved, async ({ workspaceId, data: { kind, name } }, tx: Tx) => {
    await tx.escalation.deleteMany({ where: { workspaceId, kind, name } });
  }),
  on(facts.contactSet, async ({ workspaceId, data: { person, mail } }, tx: Tx) => {
    const id = `${workspaceId}/${person.id}`;
    if (mail === null) {
      await tx.contactPath.deleteMany({ where: { id } });
      return;
    }
    const said = { userName: person.name, mail };
    await tx.contactPath.upsert({
      where: { id },
      create: { id, workspaceId, userId: person.id, ...said },
      update: said,
    });
  }),
  on(facts.feedRead, async (fact, tx: Tx) => {
    const { workspaceId, recordedAt, data } = fact;
    const { schedule, shifts } = data;
    await tx.shift.deleteMany({ where: { workspaceId, schedule, entered: false } });
    const rows = shifts.map((each, at) => ({
      ...each,
      id: `${fact.id}/${at}`,
      ...{ workspaceId, schedule, entered: false },
    }));
    for (let from = 0; from < rows.length; from += batchSize)
      await tx.shift.createMany({ data: rows.slice(from, from + batchSize) });
    await tx.schedule.updateMany({
      where: { workspaceId, name: schedule },
      data: { readAt: recordedAt, refused: null, refusedAt: null },
    });
  }),
  on(facts.peoplePlaced, async ({ workspaceId, data }, tx: Tx) => {
    for (const { said, person } of data.placed)
      await tx.shift.updateMany({
        where: { workspaceId, entered: false, userId: null, userName: said.name, mail: said.mail },
        data: { userId: person.id, userName: person.name },
      });
  }),
  on(facts.feedRefused, async ({ workspaceId, data: { schedule, error, since } }, tx: Tx) => {
    const data = { refused: error, refusedAt: since };
    await tx.schedule.updateMany({ where: { workspaceId, name: schedule }, data });
  }),
];

/** So many rows go into one statement: engines bound how many values it may have. */
const batchSize = 200;
