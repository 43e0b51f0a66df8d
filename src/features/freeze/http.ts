// Freezes over HTTP: made by the same command as in Slack, listed, lifted, and asked whether a place is frozen.
import { z } from 'zod';
import { shortText, timeOf } from '../../core/body.js';
import type { Ask } from '../../core/command.js';
import { instant } from '../../core/entry.js';
import type { Fact } from '../../core/fact.js';
import { commandRoute, queryRoute, type Route } from '../../core/route.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf, isName } from '../catalog/index.js';
import { countOf } from '../incident/index.js';
import { freezeBody, saidOf } from './bodies.js';
import { lift } from './commands.js';
import { freezeSet } from './facts.js';
import { freezeOn } from './on.js';
import {
  asOf,
  freeAt,
  freezesOver,
  nextTransition,
  type Phase,
  phaseAt,
  readFrozen,
  strongest,
} from './phase.js';
import { freezeShape, freezeShapesOf } from './shape.js';
import { type Freeze, findFreeze, freezesSince, isHidden, targetsOf } from './store.js';
import { freezeKey, readFreezeKey } from './words.js';

const listedByDefault = 50;
const listedMax = 200;

/** The address of a freeze. */
const freezeParams = z.object({
  id: z
    .string()
    .regex(/^(?:[Ff][Rr][Zz]-?)?\d{1,9}$/)
    .transform((word) => readFreezeKey(word) ?? 0)
    .meta({ description: 'The freeze’s number: FRZ-3 or 3.', example: 'FRZ-3' }),
});

const drills = z
  .enum(['true', 'false'], { error: 'drills is true or false.' })
  .optional()
  .meta({ description: 'Also those of drills, which stop nothing else.' });

const phases = ['active', 'scheduled', 'ended', 'all'] as const;

const list = queryRoute({
  path: '/freezes',
  scope: 'freezes:read',
  summary: 'Freezes, the latest first: those that are on, and those that are to come',
  params: z.object({}),
  query: z.strictObject({
    phase: z
      .enum(phases, { error: `phase is one of ${phases.join(', ')}.` })
      .optional()
      .meta({ description: 'active and scheduled, unless told otherwise.' }),
    drills,
    limit: countOf(listedMax, listedByDefault),
    before: z
      .string()
      .regex(/^(?:frz-?)?\d{1,9}$/i, {
        error: 'before is the number of a freeze: `next` of the page before.',
      })
      .transform((word) => readFreezeKey(word) ?? 0)
      .optional()
      .meta({ description: 'Those that follow this one in the list: `next` of the page before.' }),
  }),
  answer: z.object({
    freezes: z.array(freezeShape),
    next: z
      .int()
      .nullable()
      .meta({ description: 'What `before` gets the next page, which may be short; null on the last one.' }),
  }),
  async read(tx, _params, { phase, drills: withDrills, limit, before }, ask) {
    const over = { lte: ask.now };
    const rows = await tx.freeze.findMany({
      where: {
        workspaceId: ask.workspace.id,
        ...(phase === 'all' ? {} : { overAt: phase === 'ended' ? over : { gt: ask.now } }),
        ...(withDrills === 'true' ? {} : { drill: false }),
        ...(before === undefined ? {} : { number: { lt: before } }),
      },
      orderBy: { number: 'desc' },
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    const only: Phase | null = phase === 'active' || phase === 'scheduled' ? phase : null;
    const seen = await seenOf(tx, page, ask);
    const asked = seen.filter((each) => only === null || phaseAt(readFrozen(each), ask.now) === only);
    const next = rows.length > limit ? (page.at(-1)?.number ?? null) : null;
    return { found: { freezes: await freezeShapesOf(tx, asked, ask), next } };
  },
});

const one = queryRoute({
  path: '/freezes/{id}',
  scope: 'freezes:read',
  summary: 'A freeze as it is',
  params: freezeParams,
  query: z.strictObject({}),
  answer: freezeShape,
  async read(tx, { id }, _query, ask) {
    const found = await findFreeze(tx, { id }, ask);
    return 'refused' in found ? found : { found: await shapeOf(tx, found.target, ask) };
  },
});

const nullable = instant.nullable();

// `*` would be a place of that name, which no freeze covers: “open”, though half of it is frozen.
function oneName(name: string) {
  return shortText(name)
    .transform((word) => word.trim())
    .refine(isName, {
      error: `${name} is one name, such as prod. Leave it out to ask about all: a freeze of any of them counts.`,
    });
}

const state = queryRoute({
  path: '/freezes/state',
  scope: 'freezes:read',
  summary: 'Whether a place is frozen',
  description:
    'For people and dashboards. A pipeline asks the gate: it knows exceptions, rollbacks and the order of a thaw, and a verdict is on record. What is left out of the place counts as frozen where any such place is.',
  params: z.object({}),
  query: z.strictObject({
    service: oneName('service').optional(),
    environment: oneName('environment').optional().meta({ description: 'By any of its names.' }),
    cluster: oneName('cluster').optional(),
    at: timeOf('at').optional().meta({ description: 'Then; now unless told otherwise.' }),
    drills,
  }),
  answer: z
    .object({
      state: z.enum(['open', 'warned', 'frozen']).meta({
        description: '`frozen`: a hard freeze covers it; `warned`: only soft ones do.',
      }),
      at: instant,
      place: z.object({
        service: z.string(),
        environment: z.string().meta({ description: 'As the catalogue calls it.' }),
        cluster: z.string(),
        tier: z.string().nullable().meta({
          description:
            'What the environment is for; null where nobody said, and then it counts as production.',
        }),
      }),
      freezes: z.array(freezeShape).meta({ description: 'Those that cover it then, hard ones first.' }),
      nextTransitionAt: nullable.meta({
        description: 'When the freezes that cover it may be others; null: nothing in sight.',
      }),
      freeAt: nullable.meta({
        description: 'The first instant without a hard freeze, `at` itself included; null: none in sight.',
      }),
    })
    .meta({ id: 'FreezeState' }),
  async read(tx, _params, query, ask) {
    const workspaceId = ask.workspace.id;
    const said = query.at === undefined ? ask.now : new Date(query.at);
    const found = await freezesSince(tx, workspaceId, said, { drills: query.drills === 'true' });
    const all = await seenOf(
      tx,
      found.map((each) => ({ ...each, workspaceId })),
      ask,
    );
    const at = query.at === undefined ? asOf(all, said) : said;
    const place = {
      ...{ service: query.service ?? '', environment: query.environment ?? '' },
      cluster: query.cluster ?? '',
    };
    const [target] = targetsOf([place], await environmentsOf(tx, workspaceId));
    if (!target) throw new Error('a place without its target');
    const over = freezesOver(all, target, at);
    const rows = await tx.freeze.findMany({ where: { id: { in: over.map((each) => each.id) } } });
    const inOrder = over.flatMap((each) => rows.filter((row) => row.id === each.id));
    const mode = strongest(over)?.mode;
    return {
      found: {
        state: mode === undefined ? 'open' : mode === 'hard' ? 'frozen' : 'warned',
        at: at.toISOString(),
        place: { ...place, environment: target.environment, tier: target.tier },
        freezes: await freezeShapesOf(tx, inOrder, ask, at),
        nextTransitionAt: nextTransition(all, target, at)?.toISOString() ?? null,
        freeAt: freeAt(all, target, at)?.toISOString() ?? null,
      },
    };
  },
});

const make = commandRoute({
  path: '/freezes',
  scope: 'freezes:write',
  summary: 'Freezes something, now, later, or again and again',
  description:
    'Without a scope it covers all production; without an end it lasts two hours. It is announced as one that was made in Slack. What nobody means without thinking twice is refused unless `anyway` is true.',
  params: z.object({}),
  verb: freezeOn,
  body: freezeBody,
  named: { from: 'startsAt', until: 'endsAt', env: 'environments', cluster: 'clusters', tier: 'tiers' },
  worded: (_params, it) => ({ fields: {}, more: saidOf(it) }),
  status: 201,
  answer: freezeShape,
  async made(facts, _params, tx, ask) {
    const id = facts.flatMap((fact) =>
      fact.type === freezeSet.type ? [freezeSet.read(fact).data.id] : [],
    )[0];
    return shapeOf(tx, await tx.freeze.findUniqueOrThrow({ where: { id: id ?? '' } }), ask);
  },
  location: (facts) => madeAt(facts),
});

const end = commandRoute({
  path: '/freezes/{id}',
  method: 'delete',
  scope: 'freezes:write',
  summary: 'Lifts a freeze: it is over at once',
  description:
    'What it held goes, one after the other. Its owner is told who lifted it, and `text` says why. One that is over is refused.',
  params: freezeParams,
  query: z.strictObject({ text: shortText('text').optional() }),
  verb: lift,
  body: z.strictObject({ text: shortText('text').optional() }),
  worded: ({ id }, body, query) => ({
    fields: {},
    more: { id: String(id), text: body?.text ?? (query as { text?: string } | undefined)?.text },
  }),
  status: 200,
  answer: freezeShape,
  async made(_facts, { id }, tx, ask) {
    const found = await findFreeze(tx, { id }, ask);
    if ('refused' in found) throw new Error('a freeze that is not there any more');
    return shapeOf(tx, found.target, ask);
  },
});

export const routes: readonly Route[] = [list, make, state, one, end];

// Those of which the asker may know.
async function seenOf<T extends Pick<Freeze, 'drill' | 'incidentId' | 'workspaceId'>>(
  tx: Tx,
  freezes: readonly T[],
  ask: Ask,
): Promise<T[]> {
  const seen: T[] = [];
  for (const each of freezes) if (!(await isHidden(tx, each, ask))) seen.push(each);
  return seen;
}

async function shapeOf(tx: Tx, freeze: Freeze, ask: Ask) {
  const [shape] = await freezeShapesOf(tx, [freeze], ask);
  if (!shape) throw new Error('a freeze without its shape');
  return shape;
}

function madeAt(facts: readonly Fact[]): string | null {
  const fact = facts.find((each) => each.type === freezeSet.type);
  return fact ? `/freezes/${freezeKey(freezeSet.read(fact).data)}` : null;
}
