// What incidents ask of the database, and how their rows follow from facts.
import type { Ask, Located, WorkspaceRef } from '../../core/command.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import { say, shorten } from '../../core/message.js';
import type { WrittenTime } from '../../core/time/index.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { permittedTo } from '../permission/index.js';
import * as facts from './facts.js';
import { beginningOf, endImpacts, goOnWithImpacts, impactRow, projectImpact } from './impacts.js';
import { clearKeyTime, type KeyTimes, setKeyTime } from './key-times.js';
import { type Incident, idOf } from './row.js';
import { isOpen } from './words.js';

export { blankKeyTimes, type KeyTimes } from './key-times.js';
/** The stream of an incident. */
export function incidentStream(id: string): string {
  return `incident/${id}`;
}

/** The stream of what Slack answered about an incident. */
export function placeStream(incidentId: string): string {
  return `place/${incidentId}`;
}

/** How an incident is named. */
export function incidentKey(incident: { number: number }): string {
  return `INC-${incident.number}`;
}

/** The number in `INC-12`, `inc12` or `#12`; null when it is none. */
export function readIncidentKey(word: string): number | null {
  const found = /^(?:inc-?|#)(\d{1,9})$/i.exec(word);
  return found ? Number(found[1]) : null;
}

/**
 * The incident that the words mean: the one they name, else the channel's. Refuses with the open ones that the asker
 * may see. A private incident does not exist for others.
 */
export async function findIncident(
  tx: Tx,
  input: { incident?: number | undefined },
  ask: Ask,
): Promise<Located<Incident>> {
  const workspaceId = ask.workspace.id;
  if (input.incident !== undefined) {
    const found = await tx.incident.findUnique({
      where: { workspaceId_number: { workspaceId, number: input.incident } },
    });
    if (found && (await maySee(tx, found, ask)))
      return { streams: [incidentStream(found.id)], target: found };
    return {
      refused: {
        unknown: true,
        message: say(
          `There is no INC-${input.incident}. `,
          { code: '/incident list' },
          ' shows the open incidents.',
        ),
      },
    };
  }
  const incident = await incidentHere(tx, ask);
  if (incident && (await maySee(tx, incident, ask)))
    return { streams: [incidentStream(incident.id)], target: incident };
  return { refused: { message: await whichOne(tx, ask) } };
}

/** The incident whose place this is. A direct message may be the place of several: the open one, if there is but one. */
export async function incidentHere(tx: Tx, ask: Ask): Promise<Incident | null> {
  const all = await incidentsIn(tx, ask);
  const open = all.filter((each) => isOpen(each.status));
  if (open.length > 1) return null;
  return open[0] ?? all[0] ?? null;
}

/** The incidents whose place this is, newest first: its channel, its thread, or the direct message of its members. */
export async function incidentsIn(tx: Tx, ask: Ask): Promise<Incident[]> {
  if (!ask.channelId) return [];
  const where = { workspaceId: ask.workspace.id, channelId: ask.channelId };
  const places: Prisma.IncidentWhereInput[] = [{ placeKind: 'channel' }, { placeKind: 'direct' }];
  if (ask.threadTs) places.push({ placeKind: 'thread', threadTs: ask.threadTs });
  return tx.incident.findMany({ where: { ...where, OR: places }, orderBy: { number: 'desc' } });
}

/** The filter of those that go on: what `isOpen` says of one. */
export const openWhere: Prisma.IncidentWhereInput = { status: { notIn: ['resolved', 'closed'] } };

/** The filter of what is still affected. An end that nobody knows is an end: its time is kept, and said to be unknown. */
export const affectedWhere: Prisma.ImpactWhereInput = { until: null, level: { not: 'operational' } };

/** Open incidents that the asker may see, newest first. */
export async function openIncidents(tx: Tx, ask: Ask, limit: number): Promise<Incident[]> {
  return tx.incident.findMany({
    where: {
      workspaceId: ask.workspace.id,
      ...openWhere,
      ...(await visibleTo(tx, ask)),
    },
    orderBy: { number: 'desc' },
    take: limit,
  });
}

/** The filter that hides private incidents from everybody but their members, and whom the workspace lets see them. */
export async function visibleTo(tx: Tx, ask: Ask): Promise<Prisma.IncidentWhereInput> {
  if (await seesAll(tx, ask)) return {};
  const mine = await tx.member.findMany({
    where: { workspaceId: ask.workspace.id, userId: ask.actor.id },
    select: { incidentId: true },
  });
  return { OR: [{ private: false }, { id: { in: mine.map((each) => each.incidentId) } }] };
}

async function maySee(tx: Tx, incident: Incident, ask: Ask): Promise<boolean> {
  if (!incident.private || (await seesAll(tx, ask))) return true;
  const member = await tx.member.findUnique({
    where: { incidentId_userId: { incidentId: incident.id, userId: ask.actor.id } },
  });
  return member !== null;
}

// Whoever is in a group that may see private incidents is no member of them: nothing is sent to them.
async function seesAll(tx: Tx, { actor, seesPrivate, workspace }: Ask): Promise<boolean> {
  if (actor.kind === 'system' || seesPrivate) return true;
  if (actor.kind !== 'person') return false;
  const permitted = await permittedTo(tx, workspace.id, 'see_private');
  return !permitted.anybody && permitted.people.has(actor.id);
}

/** Whether nobody sees one of two incidents without the other. */
export async function haveSameMembers(tx: Tx, one: Incident, other: Incident): Promise<boolean> {
  const members = await tx.member.findMany({ where: { incidentId: { in: [one.id, other.id] } } });
  // Each is a member of an incident once.
  return members.length === 2 * new Set(members.map((each) => each.userId)).size;
}

async function whichOne(tx: Tx, ask: Ask) {
  const open = await openIncidents(tx, ask, 5);
  if (open.length === 0) {
    return say(
      'This is not an incident’s channel, and no incident is open. ',
      { code: '/incident declare what is wrong' },
      ' opens one.',
    );
  }
  const names = open.map((each) => `${incidentKey(each)} ${shorten(each.title, 40)}`).join(', ');
  return say(
    'Which incident? Put its number first, such as ',
    { code: incidentKey(open[0] as Incident) },
    `. Open: ${names}.`,
  );
}

/** The next number of the workspace; the row stays locked until the transaction ends, so no number is given twice. */
export async function takeNumber(tx: Tx, workspace: WorkspaceRef): Promise<number> {
  const row = await tx.workspace.update({
    where: { id: workspace.id },
    data: { nextIncident: { increment: 1 } },
    select: { nextIncident: true },
  });
  return row.nextIncident - 1;
}

export const projections: Projection[] = [
  on(facts.incidentDeclared, async (fact, tx: Tx) => {
    const { data } = fact;
    const row = declaredRow(fact);
    // Its place may be written meanwhile, by what Slack answers: it stays the same row.
    await tx.incident.upsert({ where: { id: row.id }, create: row, update: { ...row, ...nothingSaidSince } });
    for (const component of data.components) {
      await tx.impact.create({ data: impactRow(fact, component, data.level, beginningOf(fact)) });
    }
    const members = [data.declarer, ...(data.members ?? [])].filter(({ id }) => isInSlack(id));
    if (data.private) for (const person of members) await addMember(tx, fact, person);
  }),
  on(facts.severitySet, async (fact, tx: Tx) => {
    await tx.incident.update({ where: { id: idOf(fact) }, data: { severity: fact.data.to } });
  }),
  on(facts.statusSet, projectStatus),
  on(facts.impactSet, projectImpact),
  on(facts.keyTimeSet, async (fact, tx: Tx) => {
    const { which } = fact.data;
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: idOf(fact) } });
    await setKeyTime(tx, incident, which, fact, false);
    if (which !== 'started') return;
    // What was affected at the declaration was so from the start.
    await tx.impact.updateMany({
      where: { incidentId: incident.id, since: incident.startedAt ?? incident.declaredAt },
      data: { since: fact.occurredAt ?? incident.declaredAt, sinceUnknown: fact.occurredAt === null },
    });
  }),
  on(facts.incidentAcknowledged, async (fact, tx: Tx) => {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: idOf(fact) } });
    await setKeyTime(tx, incident, 'acknowledged', fact, false);
  }),
  on(facts.incidentCalledOff, async (fact, tx: Tx) => {
    const id = idOf(fact);
    await tx.incident.update({
      where: { id },
      data: { status: 'closed', statusText: null, statusAt: placeInOrder(fact), mistaken: true },
    });
    // Nothing was affected by what was none.
    await tx.impact.deleteMany({ where: { incidentId: id } });
  }),
  on(facts.incidentMerged, async (fact, tx: Tx) => {
    await tx.incident.update({
      where: { id: idOf(fact) },
      data: {
        status: 'closed',
        statusText: null,
        statusAt: placeInOrder(fact),
        mergedIntoId: fact.data.into.id,
      },
    });
    await endImpacts(tx, fact);
  }),
  on(facts.memberAdded, async (fact, tx: Tx) => addMember(tx, fact, fact.data.person)),
  on(facts.memberRemoved, async (fact, tx: Tx) => {
    await tx.member.deleteMany({ where: { incidentId: idOf(fact), userId: fact.data.person.id } });
  }),
];

/** Empties what was made of an incident's stream; its row is written anew by its declaration. */
export async function reset(tx: Tx, incidentId: string): Promise<void> {
  await tx.impact.deleteMany({ where: { incidentId } });
  await tx.member.deleteMany({ where: { incidentId } });
}

async function projectStatus(
  fact: Fact<{
    to: string;
    text: string | null;
    reopened?: boolean | undefined;
    timed?: boolean | undefined;
  }>,
  tx: Tx,
): Promise<void> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: idOf(fact) } });
  const { to, text, reopened } = fact.data;
  const again = incident.status === to;
  if (!reopened && !again && isBeforeStatus(incident, fact.occurredAt))
    return addEarlierStatus(fact, incident, tx);
  await tx.incident.update({
    where: { id: incident.id },
    data: {
      status: to,
      statusAt: placeInOrder(fact),
      // Words belong to the status they were said with.
      statusText: text || (again ? incident.statusText : null),
      ...(isOpen(to) ? { mergedIntoId: null, mistaken: false } : {}),
    },
  });
  if (isOpen(to)) await reopen(tx, incident);
  else await end(tx, incident, fact);
  const { mitigated } = incident.keyTimes as KeyTimes;
  // Monitoring means that a repair is in and being watched; what somebody says of that time counts more, unknown too.
  if (to === 'monitoring' && (!mitigated || (again && mitigated.derived)))
    await setKeyTime(tx, incident, 'mitigated', fact, true);
  // Back to looking for the cause: the repair that was watched was none.
  if ((to === 'investigating' || to === 'identified') && mitigated?.derived)
    await clearKeyTime(tx, incident, 'mitigated');
}

/** Whether something is said of a time before the status of now began; that of an unknown time is not. */
export function isBeforeStatus(incident: Incident, at: Date | null): boolean {
  return at !== null && incident.statusAt !== null && at < incident.statusAt;
}

// It changes only what the statuses after it left open.
async function addEarlierStatus(
  fact: Fact<{ to: string; timed?: boolean | undefined }>,
  incident: Incident,
  tx: Tx,
): Promise<void> {
  const { to } = fact.data;
  const { mitigated } = incident.keyTimes as KeyTimes;
  const repaired = incident.status === 'resolved' || incident.status === 'closed';
  if (to === 'monitoring' && repaired && !mitigated) await setKeyTime(tx, incident, 'mitigated', fact, true);
  if (to === 'resolved' && incident.status === 'closed' && !incident.mergedIntoId)
    await end(tx, incident, fact);
}

// A time that is still to come gives way to what is said later.
function placeInOrder(fact: Fact): Date {
  return fact.occurredAt && fact.occurredAt < fact.recordedAt ? fact.occurredAt : fact.recordedAt;
}

// Closed without having been resolved, it was over at the closing; resolved again, only a time that is said counts.
async function end(
  tx: Tx,
  incident: Incident,
  fact: Fact<{ to: string; timed?: boolean | undefined }>,
): Promise<void> {
  const { resolved: before } = incident.keyTimes as KeyTimes;
  const resolved = fact.data.to === 'resolved';
  const counts = fact.data.timed && (resolved || before?.derived);
  if (before && !counts) return;
  await setKeyTime(tx, incident, 'resolved', fact, !resolved);
  await endImpacts(tx, fact);
}

async function reopen(tx: Tx, incident: Incident): Promise<void> {
  if ((incident.keyTimes as KeyTimes).resolved) await clearKeyTime(tx, incident, 'resolved');
  await goOnWithImpacts(tx, incident.id);
}

// What a declaration leaves empty.
const nothingSaidSince = {
  statusText: null,
  statusAt: null,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  mergedIntoId: null,
  mistaken: false,
};

/** The row that a declaration makes. */
export function declaredRow(fact: Fact<ReturnType<typeof facts.incidentDeclared.read>['data']>) {
  const { data } = fact;
  const keyTimes: KeyTimes = {};
  for (const name of ['started', 'detected'] as const) {
    const time: WrittenTime | null = data[name];
    if (time)
      keyTimes[name] = {
        asWritten: time.asWritten,
        precision: time.precision,
        until: time.until?.toISOString() ?? null,
        derived: false,
      };
  }
  return {
    id: idOf(fact),
    workspaceId: fact.workspaceId,
    number: data.number,
    title: data.title,
    severity: data.severity,
    status: 'investigating',
    private: data.private,
    drill: data.drill,
    declaredById: data.declarer.id,
    declaredByName: data.declarer.name,
    startedAt: data.started?.at ?? null,
    detectedAt: data.detected?.at ?? null,
    declaredAt: fact.occurredAt ?? fact.recordedAt,
    keyTimes,
  };
}

async function addMember(tx: Tx, fact: Fact, person: { id: string }): Promise<void> {
  const incidentId = idOf(fact);
  await tx.member.upsert({
    where: { incidentId_userId: { incidentId, userId: person.id } },
    create: {
      id: `${incidentId}:${person.id}`,
      workspaceId: fact.workspaceId,
      incidentId,
      userId: person.id,
    },
    update: {},
  });
}
