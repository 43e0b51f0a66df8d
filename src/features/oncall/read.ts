// What others ask of being on call: who is called for what, and how each is reached at an instant.

import { z } from 'zod';
import { isInSlack, readFact } from '../../core/fact.js';
import { sameName } from '../../core/text.js';
import { showBoth } from '../../core/time/index.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { emptied, feedRead, oncallStream } from './facts.js';
import {
  type Escalation,
  hasName,
  type Level,
  levelSchema,
  type Reached,
  type Recipient,
  type Target,
  toMinute,
  usualLevelMinutes,
  usualRepeatMinutes,
  type Way,
  type Whom,
} from './words.js';

export type ShiftRow = Prisma.ShiftGetPayload<object>;
export type ScheduleRow = Prisma.ScheduleGetPayload<object>;
type EscalationRow = Prisma.EscalationGetPayload<object>;

const ownersSchema = z.array(z.object({ id: z.string().nullable(), name: z.string() }));

/** Those to whom a service belongs, as its row keeps them. */
export function ownersOf(row: { readonly owners: unknown }): z.infer<typeof ownersSchema> {
  return ownersSchema.parse(row.owners);
}

/** The levels of an escalation, as its row keeps them. */
export function levelsOf(row: { readonly levels: unknown }): Level[] {
  return z.array(levelSchema).parse(row.levels);
}

/**
 * Who is called for a target: the escalation of its service, else of that service's team, else its owners together and
 * after them the default escalation; of a person, that person. Null: nobody is known, and that must be said loudly.
 */
export async function escalationFor(tx: Tx, workspaceId: string, target: Target): Promise<Escalation | null> {
  if (target.kind === 'person') return ofPerson(target);
  const rows = await tx.escalation.findMany({ where: { workspaceId } });
  const ofDefault = () => {
    const row = rows.find((each) => each.kind === 'default');
    return row ? escalationOf(row, 'the default') : null;
  };
  if (target.kind === 'default') return ofDefault();
  const services = await tx.service.findMany({
    where: { workspaceId },
    select: { name: true, team: true, owners: true },
    orderBy: { name: 'asc' },
  });
  const service =
    target.kind === 'service' ? services.find((each) => sameName(each.name, target.name)) : undefined;
  const team = target.kind === 'team' ? target.name : (service?.team ?? null);
  const named = (kind: string, name: string) =>
    rows.find((each) => each.kind === kind && sameName(each.name, name));
  const own = target.kind === 'service' ? named('service', target.name) : undefined;
  if (own) return escalationOf(own, `the service ${own.name}`);
  const ofTeam = team === null ? undefined : named('team', team);
  if (ofTeam) return escalationOf(ofTeam, `the team ${ofTeam.name}`);
  const theirs = service
    ? [service]
    : services.filter((each) => team !== null && sameName(each.team ?? '', team));
  const owners = theirs.flatMap(ownersOf);
  return owners.length > 0 ? ownersFirst(owners, target, ofDefault()) : ofDefault();
}

function ofPerson({ id, name }: Target): Escalation {
  return {
    levels: [{ whom: [{ kind: 'person', id, name }], minutes: usualLevelMinutes }],
    repeatMinutes: usualLevelMinutes,
    of: `${name} alone`,
  };
}

// Owners have lives: where they do not answer, whoever is on call for everything else is called.
function ownersFirst(
  owners: z.infer<typeof ownersSchema>,
  target: Target,
  after: Escalation | null,
): Escalation {
  const each = new Map(owners.map((owner) => [owner.id ?? owner.name.toLowerCase(), owner]));
  const whom: Whom[] = [...each.values()].map((owner) => ({ kind: 'person', ...owner }));
  const of = `the owners of the ${target.kind} ${target.name}`;
  return {
    levels: [{ whom, minutes: usualLevelMinutes }, ...(after?.levels ?? [])],
    repeatMinutes: after?.repeatMinutes ?? usualRepeatMinutes,
    of: after ? `${of}, then ${after.of}` : of,
  };
}

function escalationOf(row: EscalationRow, of: string): Escalation {
  return { levels: levelsOf(row), repeatMinutes: row.repeatMinutes, of };
}

/** Whom a level calls at an instant, each person once, by every way that is known of them. */
export async function reachedBy(tx: Tx, workspaceId: string, level: Level, at: Date): Promise<Reached> {
  const found: Recipient[] = [];
  const empty: string[] = [];
  for (const whom of level.whom) {
    const { recipients, nobody } = await oneOf(tx, workspaceId, whom, at);
    found.push(...recipients);
    if (nobody !== null) empty.push(nobody);
  }
  const recipients = eachOnce(found);
  const unreached = recipients.filter((each) => each.ways.length === 0);
  return {
    recipients: recipients.filter((each) => each.ways.length > 0),
    empty: [...empty, ...unreached.map((each) => `${each.name}, of whom no way to reach them is known`)],
  };
}

type OneOf = { readonly recipients: readonly Recipient[]; readonly nobody: string | null };

async function oneOf(tx: Tx, workspaceId: string, whom: Whom, at: Date): Promise<OneOf> {
  if (whom.kind === 'pager') return pagerOf(tx, workspaceId, whom.name);
  if (whom.kind === 'schedule') return onSchedule(tx, workspaceId, whom.name, at);
  const person = await personOf(tx, workspaceId, { id: whom.id, name: whom.name, mail: null });
  return { recipients: [{ ...person, schedule: null }], nobody: null };
}

// A pager may be made under another name's spelling; it is what andon pager called it.
async function pagerOf(tx: Tx, workspaceId: string, name: string): Promise<OneOf> {
  const rows = await tx.pager.findMany({ where: { workspaceId, revokedAt: null }, select: { name: true } });
  const row = rows.find((each) => each.name === name) ?? rows.find((each) => sameName(each.name, name));
  if (!row) return { recipients: [], nobody: `the pager ${name}, which is not set up` };
  const ways: Way[] = [{ path: 'webhook', address: row.name }];
  return { recipients: [{ id: null, name: row.name, ways, schedule: null }], nobody: null };
}

async function onSchedule(tx: Tx, workspaceId: string, name: string, at: Date): Promise<OneOf> {
  const schedule = await scheduleNamed(tx, workspaceId, name);
  if (!schedule) return { recipients: [], nobody: `the schedule ${name}, which there is not` };
  const shifts = await shiftsAt(tx, schedule, at);
  if (shifts.length === 0) return { recipients: [], nobody: await nobodyOn(tx, schedule, at) };
  const recipients: Recipient[] = [];
  for (const { userId: id, userName, mail } of shifts) {
    const person = await personOf(tx, workspaceId, { id, name: userName, mail });
    recipients.push({ ...person, schedule: schedule.name });
  }
  return { recipients, nobody: null };
}

/** The schedule of this name, however it is written. */
export async function scheduleNamed(tx: Tx, workspaceId: string, name: string): Promise<ScheduleRow | null> {
  const rows = await tx.schedule.findMany({ where: { workspaceId } });
  return rows.find((each) => each.name === name) ?? rows.find((each) => sameName(each.name, name)) ?? null;
}

/** What of a calendar was not understood when it was read last, in words. */
export interface FeedNews {
  readonly problems: readonly string[];
}

/** What a calendar was last read for, beside its shifts; null: it was never read. */
export async function lastRead(tx: Tx, { workspaceId, name, readAt }: ScheduleRow): Promise<FeedNews | null> {
  if (readAt === null) return null;
  const rows = await tx.fact.findMany({
    where: { workspaceId, stream: oncallStream, type: feedRead.type, recordedAt: readAt },
    orderBy: { version: 'desc' },
  });
  const all = rows.map((row) => feedRead.read(readFact(row)).data);
  return all.find((each) => each.schedule === name) ?? null;
}

/** Whose turn it is by a schedule at an instant: whoever was entered goes before what a calendar says. */
export async function shiftsAt(
  tx: Tx,
  { workspaceId, name }: { readonly workspaceId: string; readonly name: string },
  at: Date,
): Promise<ShiftRow[]> {
  const shifts = await tx.shift.findMany({
    where: { workspaceId, schedule: name, startsAt: { lte: at }, endsAt: { gt: at } },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  });
  const entered = shifts.filter((each) => each.entered);
  return entered.length > 0 ? entered : shifts;
}

async function nobodyOn(tx: Tx, schedule: ScheduleRow, at: Date): Promise<string> {
  const { workspaceId, name, zone, refused, refusedAt } = schedule;
  const last = await tx.shift.findFirst({
    where: { workspaceId, schedule: name, endsAt: { lte: at } },
    orderBy: { endsAt: 'desc' },
  });
  const since = last
    ? ` since ${showBoth(toMinute(last.endsAt), zone)}, when ${last.userName}'s shift ended`
    : '';
  const trouble = refused === emptied ? 'has no shifts' : 'is unread';
  const unread =
    refused && refusedAt ? `; its calendar ${trouble} since ${showBoth(toMinute(refusedAt), zone)}` : '';
  return `the schedule ${name}: nobody is on call${since}${unread}`;
}

/** Every way that is known of somebody: Slack, what they said themselves, what a calendar says, else their profile. */
export async function personOf(
  tx: Tx,
  workspaceId: string,
  said: { readonly id: string | null; readonly name: string; readonly mail: string | null },
): Promise<{ id: string | null; name: string; ways: Way[] }> {
  const known = said.id === null ? await theOneCalled(tx, workspaceId, said.name) : null;
  const id = said.id ?? known?.id ?? null;
  const mail =
    (id && (await contactOf(tx, workspaceId, id))) ??
    said.mail ??
    (await mailOfFeed(tx, workspaceId, id)) ??
    (await mailInSlack(tx, workspaceId, id));
  const ways: Way[] = [];
  if (id !== null && isInSlack(id)) ways.push({ path: 'slack', address: id });
  if (mail) ways.push({ path: 'mail', address: mail });
  return { id, name: known?.name ?? said.name, ways };
}

// A name that two people have is nobody's.
async function theOneCalled(tx: Tx, workspaceId: string, name: string) {
  const found = await peopleCalled(tx, workspaceId, name);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** All whom Andon knows in Slack and who are called so. */
export async function peopleCalled(tx: Tx, workspaceId: string, name: string) {
  const people = await tx.person.findMany({ where: { workspaceId, isBot: false } });
  return people.filter((each) => hasName(each, name));
}

/** The address that somebody gave for themselves. */
export async function contactOf(tx: Tx, workspaceId: string, userId: string): Promise<string | null> {
  const row = await tx.contactPath.findUnique({ where: { workspaceId_userId: { workspaceId, userId } } });
  return row?.mail ?? null;
}

/** The address that a calendar says of somebody, as it was read last. */
export async function mailOfFeed(tx: Tx, workspaceId: string, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const row = await tx.shift.findFirst({
    where: { workspaceId, userId, mail: { not: null } },
    orderBy: { endsAt: 'desc' },
  });
  return row?.mail ?? null;
}

/** The address in somebody's profile in Slack; null also where no letters go out. */
export async function mailInSlack(tx: Tx, workspaceId: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const row = await tx.person.findUnique({ where: { workspaceId_id: { workspaceId, id } } });
  return row?.mail ?? null;
}

// Whoever is named and on call is called once, by all ways together.
function eachOnce(found: readonly Recipient[]): Recipient[] {
  const once: Recipient[] = [];
  for (const each of found) {
    const at = once.findIndex((other) => isSame(other, each));
    const same = once[at];
    if (!same) once.push(each);
    else {
      const ways = [
        ...same.ways,
        ...each.ways.filter((way) => !same.ways.some((own) => isSameWay(own, way))),
      ];
      once[at] = { ...same, ways, schedule: same.schedule ?? each.schedule };
    }
  }
  return once;
}

function isSame(a: Recipient, b: Recipient): boolean {
  if (a.id !== null || b.id !== null) return a.id === b.id;
  return a.ways.some((way) => b.ways.some((other) => isSameWay(way, other)));
}

function isSameWay(a: Way, b: Way): boolean {
  return a.path === b.path && sameName(a.address, b.address);
}
