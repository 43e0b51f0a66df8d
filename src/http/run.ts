// A command over HTTP: the body's words to the same command that people type, its facts to an answer.
import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Ask, Bound, Command } from '../core/command.js';
import { plainMessage } from '../core/message.js';
import type { Route, Worded } from '../core/route.js';
import { readFields } from '../core/usage.js';
import { execute } from '../execute.js';
import { demand } from './auth.js';
import { apiPrefix, idempotencyHeader } from './describe.js';
import { Problem, refusalProblem } from './problem.js';
import { type ApiEnv, type ApiParts, askOf, valid } from './request.js';

type CommandRoute = Extract<Route, { kind: 'command' }>;

/** The handler of a command's route. Throws at once when there is no such command. */
export function runCommand(
  parts: ApiParts,
  route: CommandRoute,
): (context: Context<ApiEnv>) => Promise<Response> {
  const command = commandOf(parts, route);
  return async (context) => {
    const caller = context.get('caller');
    const params = valid(context, 'param');
    const body = valid(context, 'json');
    const besides = route.needs?.(body);
    if (besides) demand(caller, besides);
    const key = context.req.header(idempotencyHeader);
    const ask = askOf(parts, caller, `token:${caller.id}/${key ?? randomUUID()}`);
    const query = route.query ? valid(context, 'query') : {};
    const bound = bind(command, route, route.worded(params, body, query), ask);
    const digest = digestOf(route, params, route.method === 'delete' ? [query, body] : body);
    const outcome = await execute(parts.kernel, bound, ask, { digest });
    if (!outcome.accepted) throw refusalProblem(outcome.refusal, route.named);
    if (outcome.repeated) checkRepeated(outcome.digest, digest);
    const { read } = parts.kernel.db.of(ask.workspace.id);
    const first = async () => {
      const made = await route.made(outcome.facts, params, read, ask, body);
      return { ...made, reply: plainMessage(outcome.reply) };
    };
    const again = outcome.repeated && route.again ? await route.again(outcome.facts, read, ask, body) : null;
    const answer = again ?? (await first());
    const isReplay = outcome.repeated && (again === null || isDeepStrictEqual(again, await first()));
    const location = route.location?.(outcome.facts, params) ?? null;
    const status = route.statusOf?.(outcome.facts) ?? route.status;
    return presented(context, route, answer, status, {
      ...(location === null ? {} : { location: `${apiPrefix}${location}` }),
      ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
    });
  };
}

/** The answer as its route gives it: as JSON, or as lines for a shell that asks for `text/plain`. */
export function presented(
  context: Context<ApiEnv>,
  route: Route,
  answer: Readonly<Record<string, unknown>>,
  usual: 200 | 201,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const query = route.kind === 'query' || route.query ? valid(context, 'query') : {};
  const { status = usual, headers: more = {}, plain } = route.present?.(answer, query) ?? {};
  // Statuses of answers with a body, which routes name.
  const given = status as ContentfulStatusCode;
  const all = { ...headers, ...more };
  if (plain === undefined || !/^\s*text\/plain\b/i.test(context.req.header('accept') ?? ''))
    return context.json(answer, given, all);
  return context.text(`${plain}\n${String(answer.reply ?? '')}\n`, given, all);
}

function commandOf(parts: ApiParts, route: CommandRoute): Command {
  if (!Array.isArray(route.verb)) return route.verb as Command;
  const [surface, word] = route.verb as readonly [string, string];
  const found = parts.surface.commands.find(
    ({ verb }) => verb.surface === surface && verb.words.includes(word),
  );
  if (!found) throw new Error(`${route.path}: there is no /${surface} ${word}`);
  return found;
}

function bind(command: Command, route: CommandRoute, words: Worded, ask: Ask): Bound {
  const { zone, locale } = ask.workspace;
  const fields = Object.entries(words.fields).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  const read = readFields(command.verb.usage, Object.fromEntries(fields), {
    time: { now: ask.now, zone, workspaceZone: zone, locale },
    me: { id: ask.actor.id, name: ask.actor.name },
    people: new Map(),
  });
  if (!read.ok) throw notUnderstood(route, read.reason, read.field);
  const { incident } = words;
  const bound = command.bind({
    ...words.more,
    ...read.values,
    remarks: read.remarks,
    ...(incident === undefined ? {} : { incident }),
  });
  if (bound.ok) return bound.bound;
  throw notUnderstood(route, plainMessage(bound.refusal.message), bound.refusal.field);
}

function notUnderstood(route: CommandRoute, reason: string, field: string | undefined): Problem {
  const detail = `${reason} Nothing was recorded.`;
  if (field === undefined) return new Problem('invalid', detail);
  return new Problem('invalid', detail, [{ pointer: `/${route.named?.[field] ?? field}`, detail: reason }]);
}

// Bodies are read in the order of their schema, so two that say the same have the same digest.
function digestOf(route: CommandRoute, params: unknown, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([route.path, params, body]))
    .digest('hex');
}

function checkRepeated(kept: string | null, digest: string): void {
  if (kept === null)
    throw new Problem(
      'redacted',
      'This request was carried out before, and what it said was redacted since.',
    );
  if (kept === digest) return;
  throw new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key came before with another body or address. Nothing was recorded; send each request with a key of its own.',
  );
}
