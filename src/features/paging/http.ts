// Pages over HTTP: calling somebody, what became of it, and "I have it".
import { z } from 'zod';
import type { Ask } from '../../core/command.js';
import { pagePaths } from '../../core/effect.js';
import { instant } from '../../core/entry.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { ack, byMax } from './ack.js';
import { page as call, reasonMax, visiblePages } from './commands.js';
import { ringingFor } from './decide.js';
import { redactedPages } from './redacted.js';
import { attemptsOfPage, findPage, seesIncident } from './store.js';
import { meantBy } from './targets.js';
import { answerWays, attemptStates, type Page, pageCauses, pageKey, pageStates } from './words.js';

const listedMax = 50;
const nameMax = 120;
const person = z.object({ id: z.string(), name: z.string() });

const pageParams = z.object({
  number: z
    .string()
    .regex(/^(?:[Pp][Aa][Gg][Ee]-?)?\d{1,9}$/)
    .transform((word) => Number(word.replace(/\D+/, '')))
    .meta({ description: 'The page’s number: 3 or PAGE-3.', example: '3' }),
});

const pageShape = z
  .object({
    id: z.string().meta({ example: 'PAGE-3' }),
    number: z.int(),
    state: z.enum(pageStates),
    target: z.object({ kind: z.string(), name: z.string() }),
    reason: z.string().meta({ description: 'Empty where none was given, and where it was redacted.' }),
    redacted: z.boolean().meta({ description: 'The reason was taken out of the record.' }),
    cause: z.object({ kind: z.enum(pageCauses), name: z.string().nullable() }),
    incident: z.int().nullable().meta({ description: 'The number of the incident that it is about.' }),
    drill: z.boolean(),
    openedBy: person,
    openedAt: instant,
    level: z.int().meta({ description: 'The level that is called, from 1.' }),
    round: z.int().meta({ description: 'How often all levels were begun, from 1.' }),
    nextAt: instant
      .nullable()
      .meta({ description: 'When the next level is called, unless somebody answers.' }),
    answeredBy: person.nullable(),
    answeredAt: instant.nullable(),
    way: z.enum(answerWays).nullable().meta({ description: 'How somebody said that they have it.' }),
    attempts: z.array(
      z.object({
        level: z.int(),
        round: z.int(),
        to: z.string(),
        path: z.enum(pagePaths),
        at: instant,
        state: z.enum(attemptStates),
        endedAt: instant.nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Page' });

const list = queryRoute({
  path: '/pages',
  scope: 'incidents:read',
  summary: 'The pages that ring, and the latest ones',
  description: 'Pages of private incidents are among them only for a token with `incidents:private`.',
  params: z.object({}),
  query: z.strictObject({}),
  answer: z.object({ pages: z.array(pageShape) }),
  async read(tx, _params, _query, ask) {
    const rows = await visiblePages(tx, ask, listedMax);
    return { found: { pages: await Promise.all(rows.map(({ page }) => shapeOf(tx, page, ask))) } };
  },
});

const read = queryRoute({
  path: '/pages/{number}',
  scope: 'incidents:read',
  summary: 'One page with every attempt and its instant',
  params: pageParams,
  query: z.strictObject({}),
  answer: pageShape,
  async read(tx, { number }, _query, ask) {
    const found = await findPage(tx, { page: number }, ask);
    return 'refused' in found ? found : { found: await shapeOf(tx, found.target, ask) };
  },
});

const open = commandRoute({
  path: '/pages',
  scope: 'incidents:write',
  summary: 'Calls whoever is on call, until somebody has it',
  description:
    'Where a page for the same rings already, that one is answered and nobody is called a second time. A level that reaches nobody gives way at once: `level` and `attempts` say who is called; without attempts nobody is, yet.',
  params: z.object({}),
  verb: call,
  body: z.strictObject({
    target: z
      .string({ error: 'Say whom: a service, a team, a schedule, a Slack user’s id, or default.' })
      .min(1)
      .max(nameMax)
      .meta({ example: 'api' }),
    reason: z.string().max(reasonMax).optional().meta({ example: 'Writes are stuck' }),
    incident: z
      .int()
      .positive()
      .optional()
      .meta({ description: 'The number of the incident that it is about.' }),
  }),
  worded: (_params, { target, reason, incident }) => ({
    fields: {},
    more: { target, ...(reason ? { reason } : {}) },
    ...(incident === undefined ? {} : { incident }),
  }),
  status: 201,
  statusOf: (facts) => (facts.length > 0 ? 201 : 200),
  answer: pageShape,
  async made(facts, _params, tx, ask, body) {
    const id = facts.map(({ data }) => (data as { id?: string }).id).find((each) => each !== undefined);
    const row = id ? await tx.page.findUnique({ where: { id } }) : await joinedPage(tx, body, ask);
    // The row of a fact that was just recorded, or the one that was joined.
    if (!row) throw new Error('no page was opened or joined');
    return shapeOf(tx, row, ask);
  },
});

const answer = commandRoute({
  path: '/pages/{number}/ack',
  scope: 'incidents:write',
  summary: 'Says that somebody has it: it calls nobody any more',
  description: 'Once more, it changes nothing and answers who has it.',
  params: pageParams,
  verb: ack,
  body: z.strictObject({
    by: z
      .string()
      .min(1)
      .max(byMax)
      .optional()
      .meta({ description: 'Who has it, on one line; the token unless told otherwise.' }),
  }),
  worded: (page, { by }) => ({ fields: { page: pageKey(page) }, more: by ? { by } : {} }),
  status: 200,
  answer: pageShape,
  async made(_facts, { number }, tx, ask) {
    const workspaceId_number = { workspaceId: ask.workspace.id, number };
    return shapeOf(tx, await tx.page.findUniqueOrThrow({ where: { workspaceId_number } }), ask);
  },
});

export const routes: readonly Route[] = [list, open, read, answer];

interface Asked {
  readonly target: string;
  readonly reason?: string | undefined;
  readonly incident?: number | undefined;
}

// The page that rang already when a program called for the same: it, and not another one for the same people.
async function joinedPage(tx: Tx, asked: Asked, ask: Ask): Promise<Page | null> {
  const meant = await meantBy(tx, asked.target, ask);
  if ('refused' in meant) return null;
  const { kind, id, name } = meant.target;
  const number = asked.incident;
  const workspaceId = ask.workspace.id;
  const incident =
    number === undefined
      ? null
      : await tx.incident.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  const rows = await tx.page.findMany({
    where: {
      ...{ workspaceId, incidentId: incident?.id ?? null, state: 'ringing' },
      ...{ targetKind: kind, targetId: id, targetName: name },
    },
    orderBy: { number: 'asc' },
  });
  const reason = textOf({ missing: '', limit: reasonMax }).safeParse(asked.reason ?? '').data ?? '';
  return ringingFor(rows, { reason, cause: { kind: 'person', name: null }, incident });
}

async function shapeOf(tx: Tx, page: Page, ask: Ask): Promise<z.infer<typeof pageShape>> {
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const hidden = !(await seesIncident(tx, page, ask));
  const attempts = await attemptsOfPage(tx, page.id);
  return {
    ...{ id: pageKey(page), number: page.number, drill: page.drill },
    state: page.state as z.infer<typeof pageShape>['state'],
    target: { kind: page.targetKind, name: page.targetName },
    reason: hidden ? '' : page.reason,
    redacted: !hidden && (await redactedPages(tx, [page])).has(page.id),
    cause: { kind: page.cause as z.infer<typeof pageShape>['cause']['kind'], name: page.causeName },
    incident: incident?.number ?? null,
    openedBy: { id: page.openedById, name: page.openedByName },
    openedAt: page.openedAt.toISOString(),
    ...{ level: page.level + 1, round: page.round + 1, nextAt: page.nextAt?.toISOString() ?? null },
    answeredBy: page.answeredById ? { id: page.answeredById, name: page.answeredByName ?? '' } : null,
    answeredAt: page.answeredAt?.toISOString() ?? null,
    way: page.answeredBy as z.infer<typeof pageShape>['way'],
    attempts: attempts.map((each) => ({
      ...{ level: each.level + 1, round: each.round + 1, to: each.toName ?? each.address },
      path: each.path as (typeof pagePaths)[number],
      state: each.state as (typeof attemptStates)[number],
      ...{ at: each.at.toISOString(), endedAt: each.endedAt?.toISOString() ?? null, error: each.error },
    })),
  };
}
