// Exceptions over HTTP: a program may ask for one, and never approve it.
import { z } from 'zod';
import { instant } from '../../core/entry.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import type { Tx } from '../../db/tx.js';
import { changeKey } from '../change/index.js';
import { freezeKey } from '../freeze/index.js';
import { componentName } from '../incident/index.js';
import { exceptionBroken, exceptionRequested } from './facts.js';
import { openExceptions } from './list.js';
import { isUnseen } from './load.js';
import { except } from './requests.js';
import { type FreezeException, freezesOf, usesOf } from './store.js';
import { placesOf } from './views.js';
import { exceptionKey, minutesMax, usesMax, usualMinutes, usualUses } from './words.js';

const listedMax = 200;
const nameMax = 300;
const person = z.object({ id: z.string(), name: z.string() });

/** Expired and used up are computed. */
const phases = ['requested', 'lapsed', 'approved', 'used', 'expired', 'denied', 'revoked'] as const;

const exceptionShape = z
  .object({
    id: z.string().meta({ example: 'EXC-2' }),
    phase: z.enum(phases).meta({
      description:
        '`approved`: it is good now; `used`: as often as it may; `lapsed`: nobody answered in time.',
    }),
    freezes: z.array(z.string()).meta({ description: 'The freezes that it names: FRZ-3.' }),
    targets: z.array(z.string()).meta({ description: 'What it covers: api/prod.' }),
    change: z.string().nullable(),
    source: z.string().nullable(),
    key: z.string().nullable(),
    reason: z.string(),
    requestedBy: person,
    requestedAt: instant,
    answeredBy: person.nullable(),
    answeredAt: instant.nullable(),
    text: z.string().nullable().meta({ description: 'What was said with the answer.' }),
    minutes: z.int().meta({ description: 'How long it is good, from its approval on.' }),
    expiresAt: instant.meta({
      description: 'Until when it is good; of a request, until when it may be answered.',
    }),
    uses: z.array(z.object({ verdict: z.string(), title: z.string(), at: instant })),
    usesMax: z.int(),
    emergency: z.boolean().meta({ description: 'The glass was broken: nobody else approved it.' }),
    reviewDueAt: instant.nullable(),
    reviewedBy: person.nullable(),
    reviewedAt: instant.nullable(),
  })
  .meta({ id: 'Exception' });

const list = queryRoute({
  path: '/freezes/exceptions',
  scope: 'freezes:read',
  summary: 'The exceptions that wait for an answer, those that are good, and reviews that are due',
  params: z.object({}),
  query: z.strictObject({
    all: z
      .enum(['true', 'false'], { error: 'all is true or false.' })
      .optional()
      .meta({ description: `Also those that count no more; the latest ${listedMax}.` }),
  }),
  answer: z.object({ exceptions: z.array(exceptionShape) }),
  async read(tx, _params, query, ask) {
    const workspaceId = ask.workspace.id;
    const rows =
      query.all === 'true'
        ? await tx.freezeException.findMany({
            where: { workspaceId },
            orderBy: { number: 'desc' },
            take: listedMax,
          })
        : await openExceptions(tx, ask);
    const exceptions = [];
    for (const row of rows.slice(0, listedMax))
      if (!(await isUnseen(tx, row, ask))) exceptions.push(await shapeOf(tx, row, ask.now));
    return { found: { exceptions } };
  },
});

const text = (name: string, limit = nameMax) =>
  z
    .string({ error: `${name} is a text.` })
    .min(1, { error: `${name} must not be empty; leave it out.` })
    .max(limit, { error: `${name} has at most ${limit} characters.` });

const ask = commandRoute({
  path: '/freezes/exceptions',
  scope: 'freezes:write',
  summary: 'Asks for a way through freezes',
  description:
    'A person who may approves it in Slack; a token never does. Name the change by `change`, or by the `key` and `source` with which it asks the gate; without either the gate must be told `exceptionId`.',
  params: z.object({}),
  verb: except,
  body: z.strictObject({
    freezes: z
      .array(
        z
          .string()
          .regex(/^(?:frz-?)?\d{1,9}$/i, { error: 'A freeze is named by its number, such as FRZ-3.' }),
      )
      .min(1, { error: 'Name the freezes, such as ["FRZ-3"].' })
      .max(20)
      .meta({ example: ['FRZ-3'] }),
    reason: text('reason').meta({ description: 'Why it cannot wait; at least ten characters.' }),
    change: z
      .string()
      .regex(/^chg-?\d{1,9}$/i, { error: 'change is the number of an announced change, such as CHG-12.' })
      .optional(),
    key: text('key').optional().meta({ description: 'What the pipeline calls the change at the gate.' }),
    source: text('source')
      .optional()
      .meta({ description: 'With `key`: who asks the gate; this token unless told otherwise.' }),
    targets: z
      .array(text('A target', 250))
      .max(50)
      .optional()
      .meta({
        description: 'What it is to cover, such as "api/prod"; else what the change touches.',
        example: ['api/prod'],
      }),
    minutes: z
      .int()
      .min(1)
      .max(minutesMax)
      .optional()
      .meta({ description: `${usualMinutes}, unless told otherwise.` }),
    uses: z
      .int()
      .min(1)
      .max(usesMax)
      .optional()
      .meta({ description: `${usualUses}, unless told otherwise.` }),
  }),
  named: { on: 'targets', for: 'minutes' },
  worded: (_params, it) => ({
    fields: {},
    more: {
      freezes: it.freezes.join(','),
      reason: it.reason,
      ...(it.change ? { change: it.change } : {}),
      ...(it.key ? { key: it.key, ...(it.source ? { source: it.source } : {}) } : {}),
      ...(it.targets ? { on: it.targets } : {}),
      ...(it.minutes ? { for: `${it.minutes}m` } : {}),
      ...(it.uses ? { uses: it.uses } : {}),
    },
  }),
  status: 201,
  answer: exceptionShape,
  async made(facts, _params, tx, request) {
    const fact = facts.find(({ type }) => type === exceptionRequested.type || type === exceptionBroken.type);
    const id = fact ? (fact.data as { id: string }).id : '';
    return shapeOf(tx, await tx.freezeException.findUniqueOrThrow({ where: { id } }), request.now);
  },
});

export const routes: readonly Route[] = [list, ask];

async function shapeOf(tx: Tx, row: FreezeException, now: Date): Promise<z.infer<typeof exceptionShape>> {
  const change = row.changeId ? await tx.change.findUnique({ where: { id: row.changeId } }) : null;
  const { source, key, reason, minutes, usesMax: most, emergency } = row;
  const whom = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id });
  return {
    ...{ source, key, reason, minutes, emergency, usesMax: most },
    id: exceptionKey(row),
    phase: phaseOf(row, now),
    freezes: freezesOf(row).map((number) => freezeKey({ number })),
    targets: placesOf(row).map(componentName),
    change: change && changeKey(change),
    requestedBy: { id: row.requestedById, name: row.requestedByName },
    requestedAt: row.requestedAt.toISOString(),
    answeredBy: whom(row.answeredById, row.answeredByName),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    text: row.answerText,
    expiresAt: row.expiresAt.toISOString(),
    uses: usesOf(row).map((use) => ({ verdict: use.verdictId, title: use.title, at: use.at.toISOString() })),
    reviewDueAt: row.reviewDueAt?.toISOString() ?? null,
    reviewedBy: whom(row.reviewedById, row.reviewedByName),
    reviewedAt: row.reviewedAt?.toISOString() ?? null,
  };
}

function phaseOf(row: FreezeException, now: Date): (typeof phases)[number] {
  if (row.state === 'denied' || row.state === 'revoked' || row.state === 'lapsed') return row.state;
  if (row.state === 'requested') return row.expiresAt > now ? 'requested' : 'lapsed';
  if (usesOf(row).length >= row.usesMax) return 'used';
  return row.expiresAt > now ? 'approved' : 'expired';
}
