// The door for beats: as little as can be, since it is knocked at all day long. The first beat may say how often it comes.
import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Refusal } from '../core/command.js';
import type { KnownToken } from '../db/tokens.js';
import { execute } from '../execute.js';
import {
  aboutRemark,
  beatInput,
  heardShape,
  heartbeatOf,
  heartbeatParams,
  readAll,
  readNames,
  slackHeartbeat,
  takeBeat,
} from '../features/heartbeat/index.js';
import { authorize } from './auth.js';
import { bounded } from './bounded.js';
import { apiPrefix } from './describe.js';
import { invalid, Problem, problemShape, refusalProblem } from './problem.js';
import { type ApiEnv, type ApiParts, askOf } from './request.js';

const bodyLimitBytes = 4 * 1024;
const path = `${apiPrefix}/heartbeats`;

/** Adds the route of the beats. */
export function addHeartbeats(
  app: OpenAPIHono<ApiEnv>,
  parts: ApiParts,
  used: (token: KnownToken) => void,
): void {
  describeBeat(app);
  const guard = authorize(parts.token, 'heartbeats', used);
  app.post(`${path}/:name`, guard, bounded(bodyLimitBytes), async (context) => {
    const name = context.req.param('name');
    const body = await readBody(context);
    const fields = fieldsOnly.safeParse(body);
    if (!fields.success) throw invalid(fields.error, 'heartbeat');
    const input = beatInput.safeParse({ ...body, name });
    if (!input.success) throw invalid(input.error, 'heartbeat');
    if (input.data.name === slackHeartbeat)
      throw new Problem('refused', `${slackHeartbeat} is Andon’s own heartbeat. Choose another name.`);
    const caller = context.get('caller');
    const ask = askOf(parts, caller, `token:${caller.id}/beat/${randomUUID()}`);
    const rows = parts.kernel.db.of(ask.workspace.id);
    const outcome = await takeBeat(
      {
        ...{ workspaceId: ask.workspace.id, now: ask.now, read: rows.read },
        write: (work) => rows.write(work),
        execute: (bound, before) => execute(parts.kernel, bound, ask, { before }),
      },
      input.data,
    );
    if (outcome && !outcome.accepted) throw notKnown(outcome.refusal, input.data.name);
    const [found] = await readAll(rows.read, ask.workspace.id, input.data.name);
    // Forgotten in this very moment.
    if (!found) throw new Problem('not-found', `The heartbeat ${input.data.name} is no longer watched.`);
    const isNew = outcome?.accepted && outcome.facts.some((fact) => fact.type === 'HeartbeatRegistered');
    // A beat like many costs nothing more.
    const known = outcome ? await readNames(rows.read, ask.workspace.id) : null;
    const remark = known && aboutRemark(found.row, known);
    return context.json({ ...heartbeatOf(found), remarks: remark ? [remark] : [] }, isNew ? 201 : 200);
  });
}

// A word misspelt would be a heartbeat that nobody is called for.
const fieldsOnly = z.strictObject({
  every: z.unknown().optional(),
  grace: z.unknown().optional(),
  service: z.unknown().optional(),
  team: z.unknown().optional(),
});

type Said = Readonly<Record<string, unknown>>;

// A beat needs no body; where there is one, it is JSON, or a form as curl sends it.
async function readBody(context: Context<ApiEnv>): Promise<Said> {
  const text = (await context.req.text()).trim();
  if (text === '') return {};
  if (!text.startsWith('{') && /^[a-z]+=/.test(text)) return Object.fromEntries(new URLSearchParams(text));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(
      'not-json',
      'The body cannot be read as JSON. A beat needs none. Nothing was recorded.',
    );
  }
  const read = z.record(z.string(), z.unknown()).safeParse(value);
  if (!read.success) throw invalid(read.error, 'body');
  return read.data;
}

function notKnown(refusal: Refusal, name: string): Problem {
  const detail = `There is no heartbeat ${name} yet: say with its first beat how often it comes, such as {"every": "5m"}. Nothing was recorded.`;
  return refusal.field === 'every'
    ? new Problem('invalid', detail, [{ pointer: '/every', detail }])
    : refusalProblem(refusal);
}

function describeBeat(app: OpenAPIHono<ApiEnv>): void {
  const answer = (description: string) => ({
    description,
    content: { 'application/json': { schema: heardShape } },
  });
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: `${path}/{name}`,
    summary: 'A monitor says that it lives',
    description:
      'Needs no body once it is known. The first beat says how often it comes; where it is silent for longer than `every` and `grace`, whoever is on call is paged. Needs the scope `heartbeats`.',
    security: [{ token: ['heartbeats'] }],
    request: {
      params: heartbeatParams,
      body: { required: false, content: { 'application/json': { schema: bodyShape } } },
    },
    responses: {
      200: answer('Heard'),
      201: answer('Heard for the first time, and watched from now on'),
      default: {
        description: 'A problem, as RFC 9457 has it: a sentence in `detail` says what to do.',
        content: { 'application/problem+json': { schema: problemShape } },
      },
    },
  });
}

const length = z.union([z.string(), z.int()]);
const bodyShape = z.strictObject({
  every: length.optional().meta({
    description: 'How often it comes: 5m, seconds, or ISO 8601; from 30 seconds to 31 days.',
    example: '5m',
  }),
  grace: length.optional().meta({
    description: 'How much later it may come; half of `every` unless told, from a minute to an hour.',
  }),
  service: z
    .string()
    .optional()
    .meta({ description: 'Whose on-call is paged; else the default escalation.' }),
  team: z.string().optional().meta({ description: 'Instead of a service.' }),
});
