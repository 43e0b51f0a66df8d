// The door for programs: every feature's routes, behind tokens, as one server that describes itself.
import { randomUUID } from 'node:crypto';
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { busyCode, Fault, publicText } from '../core/faults.js';
import type { Route } from '../core/route.js';
import type { KnownToken } from '../db/tokens.js';
import { authorize } from './auth.js';
import { bodyless, bounded } from './bounded.js';
import { describe, routeConfig } from './describe.js';
import { addHeartbeats } from './heartbeats.js';
import { addHooks } from './hooks.js';
import { addPagerHooks } from './pager-hooks.js';
import { addPages } from './pages.js';
import { invalid, Problem, problemResponse, refusalProblem } from './problem.js';
import { type ApiEnv, type ApiParts, askOf, valid } from './request.js';
import { presented, runCommand } from './run.js';

/** The largest body. A timeline entry has 10,000 characters at most, which JSON may make six times as long. */
export const bodyLimitBytes = 256 * 1024;

export interface ApiDoor {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** What was begun is answered. */
  drained(): Promise<void>;
}

/** Makes the door. Throws when a route names a verb that there is not: a mistake of ours. */
export function apiDoor(parts: ApiParts): ApiDoor {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook(result) {
      if (result.success) return;
      if (result.target === 'param') throw nothingHere();
      throw invalid(result.error, result.target === 'json' ? 'body' : result.target);
    },
  });
  const open = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    open.add(work);
    void work.finally(() => open.delete(work)).catch(() => {});
    return work;
  };
  app.use(everyAnswer(track));
  app.onError((error, context) => problemResponse(context, asProblem(parts, error, context), idOf(context)));
  describe(app);
  app.get('/healthz', (context) => context.json({ alive: true }));
  app.get('/readyz', async (context) => {
    const ready = await parts.ready().catch(() => false);
    // What is told beside it decides nothing: a balancer must not take Andon out because Slack is away.
    const told = await parts.told?.().catch(() => ({}));
    return context.json({ ready, ...told }, ready ? 200 : 503);
  });
  const used = (token: KnownToken) =>
    void track(
      parts.used(token).catch((error: unknown) => parts.log.warn({ err: error }, 'token use not kept')),
    );
  // `/changes/stats` is no change of that name.
  const inOrder = [...parts.routes].sort(
    (a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')),
  );
  for (const route of inOrder) addRoute(app, parts, route, used);
  addHeartbeats(app, parts, used);
  addPagerHooks(app, parts);
  addHooks(app, parts);
  addPages(app, parts);
  const allowed = methodsOf(app);
  app.notFound((context) => {
    const methods = allowed(context.req.path);
    const problem = methods.length > 0 ? wrongMethod(context.req.method, methods) : nothingHere();
    return problemResponse(context, problem, idOf(context));
  });
  return {
    fetch: (request) => app.fetch(request),
    async drained() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}

function addRoute(
  app: OpenAPIHono<ApiEnv>,
  parts: ApiParts,
  route: Route,
  used: (token: KnownToken) => void,
): void {
  const middleware = [authorize(parts.token, route.scope, used), bounded(bodyLimitBytes)];
  if (route.kind === 'command' && route.method === 'delete') middleware.push(bodyless);
  const config = { ...routeConfig(route), middleware } satisfies RouteConfig;
  if (route.kind === 'command') {
    const run = runCommand(parts, route);
    app.openapi(config, async (context) => run(context as Context<ApiEnv>));
    return;
  }
  app.openapi(config, async (untyped) => {
    const context = untyped as Context<ApiEnv>;
    const caller = context.get('caller');
    const ask = askOf(parts, caller, `http/${randomUUID()}`);
    const { read } = parts.kernel.db.of(caller.workspace.id);
    const result = await route.read(read, valid(context, 'param'), valid(context, 'query'), ask);
    if ('refused' in result) throw refusalProblem(result.refused);
    // The shape that the route describes: an object.
    if (!route.produces)
      return presented(context, route, result.found as Readonly<Record<string, unknown>>, 200);
    const content = result.found instanceof Uint8Array ? new Uint8Array(result.found) : String(result.found);
    return context.body(content, 200, {
      'content-type': route.produces,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
  });
}

function everyAnswer(track: <T>(work: Promise<T>) => Promise<T>): MiddlewareHandler<ApiEnv> {
  return (context, next) => {
    context.set('requestId', randomUUID());
    return track(
      next().then(() => {
        context.res.headers.set('x-request-id', idOf(context));
        context.res.headers.set('x-content-type-options', 'nosniff');
        context.res.headers.set('cache-control', 'no-store');
      }),
    );
  };
}

function idOf(context: Context): string {
  return String(context.get('requestId'));
}

function asProblem(parts: ApiParts, error: unknown, context: Context): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status === 415)
    return new Problem('wrong-media-type', 'Send JSON, with the header content-type: application/json.');
  if (error instanceof HTTPException && error.status === 400)
    return new Problem('not-json', 'The body cannot be read as JSON. Nothing was recorded.');
  parts.log.error({ err: error, requestId: idOf(context) }, 'request failed');
  // Whoever sends by a program sends again; it must learn that this is worth it, and when.
  const passing = passingText(parts, error);
  if (passing !== null)
    return new Problem(
      'unavailable',
      `${passing} Nothing was recorded. Send it again in ${retrySeconds} seconds.`,
      [],
      { 'retry-after': String(retrySeconds) },
    );
  return new Problem('failed', publicText(error, idOf(context)));
}

const retrySeconds = 5;

// What is over in a while; null for what is not.
function passingText(parts: ApiParts, error: unknown): string | null {
  if (parts.isDatabaseAway(error)) return 'The database does not answer.';
  return error instanceof Fault && error.code === busyCode ? 'Too much of this comes at once.' : null;
}

function nothingHere(): Problem {
  return new Problem('no-such-route', `There is nothing at this address. /openapi.json lists what there is.`);
}

function wrongMethod(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.join(', ');
  return new Problem('wrong-method', `${method} is not allowed here; ${allow} is.`, [], { allow });
}

// By Hono's own list, so that a route cannot be forgotten here.
function methodsOf(app: OpenAPIHono<ApiEnv>): (path: string) => string[] {
  const known = app.routes
    .filter((route) => route.method !== 'ALL')
    .map((route) => ({
      method: route.method,
      pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/:[^/]+/g, '[^/]+')}$`),
    }));
  return (path) => [...new Set(known.filter((each) => each.pattern.test(path)).map((each) => each.method))];
}
