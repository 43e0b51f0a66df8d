// What is read for a decision on exceptions: the freezes that are named, who has a say in them, and what it is for.
import { z } from 'zod';
import type { Ask } from '../../core/command.js';
import type { Tx } from '../../db/tx.js';
import { type Environments, environmentsOf, settingsOf } from '../catalog/index.js';
import { type Change, componentsOf, readChangeKey } from '../change/index.js';
import { type Frozen, freezesSince, freezesStream, isHidden, leadsOf, readFrozen } from '../freeze/index.js';
import {
  type Component,
  componentSchema,
  type Incident,
  isOpen,
  openIncidents,
  visibleTo,
} from '../incident/index.js';
import { type Permitted, permittedTo } from '../permission/index.js';
import { currentRoles } from '../roles/index.js';
import { exceptionBroken, exceptionReminded, exceptionRequested } from './facts.js';
import type { InCharge, Person } from './people.js';
import { type FreezeException, freezesOf } from './store.js';

const incidentsOffered = 3;

/** A freeze that an exception names, with who has a say in it. */
export interface NamedFreeze extends InCharge {
  readonly frozen: Frozen;
  /** The incident from which the cord was pulled. */
  readonly incident: Incident | null;
}

/** What an exception is for. */
export interface ForWhat {
  readonly change: { readonly id: string; readonly number: number; readonly title: string } | null;
  readonly source: string | null;
  readonly key: string | null;
  readonly title: string | null;
  readonly components: readonly Component[];
}

export interface RequestState {
  readonly number: number;
  readonly named: readonly NamedFreeze[];
  /** Numbers that were said, and that no freeze has. */
  readonly unknown: readonly number[];
  /** All that are not over. */
  readonly freezes: readonly Frozen[];
  readonly environments: Environments;
  readonly team: readonly { readonly id: string | null; readonly name: string }[];
  /** The groups of which any member may approve. */
  readonly permitted: Permitted;
  /** Null: what was named is not known. */
  readonly forWhat: ForWhat | null;
  /** Those that were asked for and not answered. */
  readonly open: readonly FreezeException[];
  /** The open incidents in which the asker holds a role, and which. */
  readonly mine: readonly { readonly incident: Incident; readonly role: string }[];
  /** Open incidents that the asker may see, and who could give a role there. */
  readonly others: readonly { readonly incident: Incident; readonly commander: Person | null }[];
}

export interface Asked {
  readonly freezes: readonly number[];
  readonly change?: string | undefined;
  readonly source?: string | undefined;
  readonly key?: string | undefined;
  readonly on?: readonly Component[] | undefined;
}

/** All that a request is decided by. */
export async function loadRequest(tx: Tx, input: Asked, ask: Ask): Promise<RequestState> {
  const workspaceId = ask.workspace.id;
  const named: NamedFreeze[] = [];
  for (const each of await namedFreezes(tx, workspaceId, input.freezes))
    if (!(await isHidden(tx, { ...each.frozen, workspaceId }, ask))) named.push(each);
  const known = new Set(named.map((each) => each.frozen.number));
  const last = await tx.freezeException.findFirst({
    where: { workspaceId },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return {
    number: (last?.number ?? 0) + 1,
    named,
    unknown: input.freezes.filter((each) => !known.has(each)),
    freezes: await freezesSince(tx, workspaceId, ask.now, { drills: true }),
    environments: await environmentsOf(tx, workspaceId),
    team: (await settingsOf(tx, workspaceId)).approvers,
    permitted: await permittedTo(tx, workspaceId, 'approve_exception'),
    forWhat: await whatFor(tx, input, ask),
    open: await tx.freezeException.findMany({
      where: { workspaceId, expiresAt: { gt: ask.now }, state: 'requested' },
    }),
    mine: await myIncidents(tx, ask),
    others: await ledIncidents(tx, ask),
  };
}

/** Whether the asker may not know of one: the drill of a private incident is its members’ alone. */
export async function isUnseen(
  tx: Tx,
  { incidentId }: Pick<FreezeException, 'incidentId'>,
  ask: Ask,
): Promise<boolean> {
  if (incidentId === null) return false;
  const drill = await tx.incident.findFirst({ where: { id: incidentId, private: true, drill: true } });
  if (!drill) return false;
  return (await tx.incident.count({ where: { id: incidentId, AND: [await visibleTo(tx, ask)] } })) === 0;
}

export interface AnswerState {
  readonly row: FreezeException;
  readonly named: readonly NamedFreeze[];
  readonly team: readonly { readonly id: string | null; readonly name: string }[];
  readonly permitted: Permitted;
  /** Who was asked, or told, when it came. */
  readonly asked: readonly Person[];
  /** They were asked once more. */
  readonly reminded: boolean;
}

/** All that an answer to one is decided by. */
export async function loadAnswer(tx: Tx, id: string): Promise<AnswerState> {
  const row = await tx.freezeException.findUniqueOrThrow({ where: { id } });
  return {
    row,
    named: await namedFreezes(tx, row.workspaceId, freezesOf(row)),
    team: (await settingsOf(tx, row.workspaceId)).approvers,
    permitted: await permittedTo(tx, row.workspaceId, 'approve_exception'),
    asked: await askedOf(tx, row),
    reminded: await isReminded(tx, row),
  };
}

async function isReminded(tx: Tx, { id, workspaceId, requestedAt }: FreezeException): Promise<boolean> {
  const facts = await tx.fact.findMany({
    where: { workspaceId, type: exceptionReminded.type, recordedAt: { gte: requestedAt } },
    select: { data: true },
  });
  return facts.some(({ data }) => (data as { id: string }).id === id);
}

/** The freezes of these numbers, as far as there are some, with who has a say in each. */
export async function namedFreezes(
  tx: Tx,
  workspaceId: string,
  numbers: readonly number[],
): Promise<NamedFreeze[]> {
  const rows = await tx.freeze.findMany({
    where: { workspaceId, number: { in: [...numbers] } },
    orderBy: { number: 'asc' },
  });
  const named: NamedFreeze[] = [];
  for (const row of rows) {
    const frozen = readFrozen(row);
    const { incidentId, owner } = frozen;
    const incident = incidentId ? await tx.incident.findUnique({ where: { id: incidentId } }) : null;
    const leads = await leadsOf(tx, incident?.id ?? null);
    named.push({ frozen, owner, incident, leads });
  }
  return named;
}

// The fact that made the row was recorded with it.
async function askedOf(tx: Tx, row: FreezeException): Promise<readonly Person[]> {
  const facts = await tx.fact.findMany({
    where: {
      ...{ workspaceId: row.workspaceId, stream: freezesStream, recordedAt: row.requestedAt },
      type: { in: [exceptionRequested.type, exceptionBroken.type] },
    },
    select: { data: true },
  });
  const schema = z.looseObject({
    id: z.string(),
    asked: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    owners: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
  });
  for (const { data } of facts) {
    const read = schema.safeParse(data);
    if (read.success && read.data.id === row.id) return read.data.asked ?? read.data.owners ?? [];
  }
  return [];
}

async function whatFor(tx: Tx, input: Asked, ask: Ask): Promise<ForWhat | null> {
  const workspaceId = ask.workspace.id;
  const { change: word, key = null } = input;
  // A program that says no source is one itself.
  const source = key === null ? null : (input.source ?? sourceOf(ask));
  const number = word === undefined ? null : readChangeKey(word);
  const change =
    number === null
      ? null
      : await tx.change.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  if (change) return ofChange(tx, change, input);
  if (word !== undefined && /^(?:chg|#)/i.test(word)) return null;
  if (word !== undefined) return ofHeld(tx, word, input, ask);
  if (key !== null && source !== null) return ofKey(tx, { source, key }, input, ask);
  return { ...{ change: null, source, key, title: key }, components: input.on ?? [] };
}

// A program names its change before it asks, or after: what is known by then is taken.
async function ofKey(
  tx: Tx,
  named: { readonly source: string; readonly key: string },
  input: Asked,
  ask: Ask,
): Promise<ForWhat> {
  const where = { workspaceId_source_key: { workspaceId: ask.workspace.id, ...named } };
  const change = await tx.change.findUnique({ where });
  if (change) return { ...(await ofChange(tx, change, input)), ...named };
  const held = await tx.verdict.findUnique({ where });
  const question = questionOf(held);
  return {
    ...{ change: null, ...named, title: question?.title ?? named.key },
    components: input.on?.length ? input.on : (question?.targets ?? []),
  };
}

function questionOf(verdict: { readonly question: unknown } | null) {
  const schema = z.looseObject({ title: z.string(), targets: z.array(componentSchema) });
  return schema.safeParse(verdict?.question).data ?? null;
}

function sourceOf({ actor: { kind, id, name } }: Ask): string {
  return kind === 'pipeline' ? `token:${name}` : id;
}

async function ofChange(tx: Tx, change: Change, input: Asked): Promise<ForWhat> {
  const { id, number, title } = change;
  return {
    change: { id, number, title },
    ...{ source: null, key: null, title },
    components: input.on?.length ? input.on : await componentsOf(tx, id),
  };
}

// What a pipeline calls its change is known from what waits at the gate: those are few, and are found by an index.
async function ofHeld(tx: Tx, word: string, input: Asked, ask: Ask): Promise<ForWhat | null> {
  const waiting = await tx.verdict.findMany({
    where: { workspaceId: ask.workspace.id, queue: 'waiting', key: word },
    take: 2,
  });
  const [held, another] = waiting;
  if (!held || another) return null;
  const question = questionOf(held);
  const change = held.changeId ? await tx.change.findUnique({ where: { id: held.changeId } }) : null;
  return {
    change: change && { id: change.id, number: change.number, title: change.title },
    ...{ source: held.source, key: held.key, title: question?.title ?? held.key },
    components: input.on?.length ? input.on : (question?.targets ?? []),
  };
}

async function myIncidents(tx: Tx, ask: Ask) {
  const held = await tx.roleHolding.findMany({
    where: { workspaceId: ask.workspace.id, userId: ask.actor.id, until: null },
    orderBy: { since: 'asc' },
  });
  const incidents = await tx.incident.findMany({
    where: { id: { in: held.map((each) => each.incidentId) } },
    orderBy: { number: 'desc' },
  });
  return incidents.flatMap((incident) => {
    const role = held.find((each) => each.incidentId === incident.id)?.role;
    return isOpen(incident.status) && role !== undefined ? [{ incident, role }] : [];
  });
}

async function ledIncidents(tx: Tx, ask: Ask) {
  const incidents = await openIncidents(tx, ask, incidentsOffered);
  const led = [];
  for (const incident of incidents) {
    const held = await currentRoles(tx, incident.id);
    const commander = held.find(({ role }) => role === 'commander');
    led.push({ incident, commander: commander ? { id: commander.userId, name: commander.userName } : null });
  }
  return led;
}
