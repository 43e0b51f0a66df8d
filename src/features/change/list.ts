// Asking what changes: lists that fit a phone screen, one's own, one change with all that is known of it.
import { DateTime } from 'luxon';
import type { Ask, Query } from '../../core/command.js';
import { line, list, type Message, message, say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { environmentsOf, neighboursOf } from '../catalog/index.js';
import { type Component, componentWord } from '../incident/index.js';
import { changeLine } from './phrases.js';
import { type Change, findChange } from './store.js';
import { changeDetails } from './views.js';
import { type ChangeState, changeWord, plannedDaysMax } from './words.js';

/** More than this nobody takes in on a phone. */
const listed = 10;
/** So many are read, to be put in order; what is beyond them is said as such. */
export const readMax = 200;
const dayMs = 86_400_000;

export const underWay: ChangeState[] = ['started', 'validating'];
const ended: ChangeState[] = ['succeeded', 'failed', 'rolled_back', 'cancelled'];

export type Which = 'soon' | 'today' | 'now' | 'recent' | 'mine';

const whiches: Readonly<Record<Which, { none: string; more: string }>> = {
  soon: { none: 'Nothing is under way, and nothing is planned within a day.', more: '/change list today' },
  today: { none: 'Nothing changes today.', more: '/change list now' },
  now: { none: 'Nothing is under way.', more: '/change list on:api/prod' },
  recent: { none: 'Nothing ended within a day.', more: '/change list recent on:api/prod' },
  mine: { none: 'Nothing of yours is planned or under way.', more: '/change calendar' },
};

/** Which changes these are, as the database is asked. Each part follows an index of states and times. */
export function whereOf(which: Which, ask: Ask): Prisma.ChangeWhereInput {
  const workspaceId = ask.workspace.id;
  const now = ask.now.getTime();
  const near = { gte: new Date(now - dayMs), lte: new Date(now + dayMs) };
  const planned = { state: 'planned', startsAt: near };
  if (which === 'now') return { workspaceId, state: { in: underWay } };
  if (which === 'recent')
    return { workspaceId, finishedAt: { gte: near.gte, lte: ask.now }, state: { in: ended } };
  if (which === 'mine') {
    const open = { state: { in: [...underWay, 'planned'] } };
    const lately = { state: { in: ended }, finishedAt: { gte: near.gte } };
    return { workspaceId, ownerId: ask.actor.id, OR: [open, lately] };
  }
  if (which === 'soon') return { workspaceId, OR: [{ state: { in: underWay } }, planned] };
  const { from, to } = dayOf(ask);
  return {
    workspaceId,
    // Nothing lasts longer; without a bound a quiet day is looked for back to the first change.
    startsAt: { gte: new Date(from.getTime() - plannedDaysMax * dayMs) },
    OR: [
      { state: { in: underWay } },
      { state: { in: ['planned', ...ended] }, startsAt: { gte: from, lt: to } },
      { state: { in: ended }, finishedAt: { gte: from, lt: to } },
    ],
  };
}

/** Changes with their components, and which of their services the catalogue does not know. */
export async function withPlaces(tx: Tx, workspaceId: string, changes: readonly Change[]) {
  const targets = await tx.changeTarget.findMany({
    where: { changeId: { in: changes.map((each) => each.id) } },
    orderBy: { id: 'asc' },
  });
  const services = [...new Set(targets.map((each) => each.service))];
  const { services: known } =
    services.length > 0 ? await neighboursOf(tx, workspaceId, services) : { services: new Map() };
  const unknown = services.filter((name) => !known.has(name));
  return changes.map((change) => ({
    change,
    unknown,
    components: targets
      .filter((each) => each.changeId === change.id)
      .map(({ service, environment, cluster }): Component => ({ service, environment, cluster })),
  }));
}

/** What is under way before what is planned, production first, then in the order of their times. */
export function inOrder(changes: readonly Change[]): Change[] {
  const rank = (each: Change) =>
    (each.state === 'started' || each.state === 'validating' ? 0 : each.state === 'planned' ? 2 : 4) +
    (each.production ? 0 : 1);
  return [...changes].sort(
    (a, b) => rank(a) - rank(b) || a.startsAt.getTime() - b.startsAt.getTime() || a.number - b.number,
  );
}

/** Where of several components something is: each as far as it is named. */
async function atPlaces(
  tx: Tx,
  on: readonly Component[],
  ask: Ask,
): Promise<Prisma.ChangeTargetWhereInput[]> {
  const environments = await environmentsOf(tx, ask.workspace.id);
  return on.map(({ service, environment, cluster }) => ({
    service,
    // What was announced without an environment may be meant for this one.
    ...(environment === '' ? {} : { environment: { in: [environments.nameOf(environment), ''] } }),
    ...(cluster === '' ? {} : { cluster: { in: [cluster, ''] } }),
  }));
}

// What is asked for is looked for among its own, so that many that ended long ago do not hide it.
function statesOf(which: Which): Prisma.ChangeTargetWhereInput {
  if (which === 'recent') return { state: { in: ended } };
  return which === 'now' || which === 'soon' ? { state: { in: [...underWay, 'planned'] } } : {};
}

async function findListed(tx: Tx, which: Which, on: readonly Component[], ask: Ask): Promise<Change[]> {
  const where = { ...whereOf(which, ask) };
  if (on.length > 0) {
    const places = await atPlaces(tx, on, ask);
    const targets = await tx.changeTarget.findMany({
      where: { workspaceId: ask.workspace.id, OR: places, ...statesOf(which) },
      orderBy: { startsAt: 'desc' },
      take: readMax,
      select: { changeId: true },
    });
    where.id = { in: [...new Set(targets.map((each) => each.changeId))] };
  }
  const changes = await tx.change.findMany({ where, orderBy: { startsAt: 'desc' }, take: readMax });
  return which === 'recent'
    ? changes.sort((a, b) => (b.finishedAt?.getTime() ?? 0) - (a.finishedAt?.getTime() ?? 0))
    : inOrder(changes);
}

async function answerList(tx: Tx, which: Which, on: readonly Component[], ask: Ask): Promise<Message> {
  const changes = await findListed(tx, which, on, ask);
  const { none, more } = whiches[which];
  if (changes.length === 0)
    return say(`${none} `, { code: '/change announce what changes' }, ' tells everybody of a change.');
  const shown = await withPlaces(tx, ask.workspace.id, changes.slice(0, listed));
  const rest = changes.length - shown.length;
  const many = changes.length >= readMax ? `at least ${rest}` : String(rest);
  return message(
    list(shown.map((each) => changeLine(each.change, each.components, each.unknown))),
    rest > 0 && line(`${many} more: `, { code: more }, ', or name a component with on:.'),
  );
}

const listQuery: Query = {
  verb: {
    surface: 'change',
    words: ['list'],
    topic: 'looking',
    usage: '[today|now|recent|mine] [on:COMPONENT,…]',
    summary: 'What is under way and planned within a day; today, now, recent or mine.',
    example: '/change list today on:api/prod',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const on = [];
    for (const word of (values.on as string[] | undefined) ?? []) {
      const read = componentWord.safeParse(word);
      if (!read.success) return say(read.error.issues[0]?.message ?? 'That is no component.');
      on.push(read.data);
    }
    return answerList(tx, (values.choice as Which | undefined) ?? 'soon', on, ask);
  },
};

const mineQuery: Query = {
  verb: {
    surface: 'change',
    words: ['mine'],
    topic: 'looking',
    usage: '',
    summary: 'Your own changes: planned, under way, and ended within a day.',
    onIncident: false,
  },
  answer: (tx, _values, ask) => answerList(tx, 'mine', [], ask),
};

const showQuery: Query = {
  verb: {
    surface: 'change',
    words: ['show'],
    topic: 'looking',
    usage: 'ID',
    summary: 'All that is known of a change.',
    example: '/change show CHG-7',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const read = changeWord.safeParse(values.id);
    if (!read.success) return say(read.error.issues[0]?.message ?? 'Say which change, such as CHG-7.');
    const found = await findChange(tx, { id: read.data }, ask);
    if ('refused' in found) return found.refused.message;
    return changeDetails(tx, found.target, ask.actor.zone ?? ask.workspace.zone);
  },
};

export const listQueries: readonly Query[] = [listQuery, mineQuery, showQuery];

// Today where the asker is: a day of 23 or 25 hours on the nights when the clocks change.
function dayOf(ask: Ask): { from: Date; to: Date } {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const from = DateTime.fromJSDate(ask.now, { zone }).startOf('day');
  return { from: from.toJSDate(), to: from.plus({ days: 1 }).toJSDate() };
}
