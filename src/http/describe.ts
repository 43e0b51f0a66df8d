// What the API says of itself: /openapi.json, made of the same schemas that check requests.
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Route } from '../core/route.js';
import { problemShape } from './problem.js';
import { readyShape } from './ready.js';
import type { ApiEnv } from './request.js';

export const apiPrefix = '/api/v1';
export const idempotencyHeader = 'idempotency-key';

const problemAnswer = {
  description: 'A problem, as RFC 9457 has it: a sentence in `detail` says what to do.',
  content: { 'application/problem+json': { schema: problemShape } },
};
const keyHeader = z.object({
  [idempotencyHeader]: z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, { error: 'An Idempotency-Key has 1 to 255 printable ASCII characters.' })
    .optional()
    .meta({
      description:
        'The same key with the same body does it once and gives the same answer; with another body it is refused.',
    }),
});

/** Serves the description, and names the parts that have no route of a feature's. */
export function describe(app: OpenAPIHono<ApiEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of `andon token create`, with the scope that the route names.',
  });
  const health = (name: string, description: string) =>
    z.object({ [name]: z.boolean() }).meta({ description });
  register(app, '/healthz', 'Whether the process lives', health('alive', 'True.'));
  register(app, '/readyz', 'Whether commands can be recorded, and how Andon is', readyShape, 503);
  register(app, '/openapi.json', 'This description', z.looseObject({ openapi: z.string() }));
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Andon',
      version: '1',
      description:
        'Incidents over HTTP: the same verbs as in Slack, on the same record. What is said here while Slack is down is shown there when it returns, once and in order.',
    },
  });
}

function register(
  app: OpenAPIHono<ApiEnv>,
  path: string,
  summary: string,
  schema: z.ZodType,
  ...more: number[]
): void {
  const answer = { description: summary, content: { 'application/json': { schema } } };
  app.openAPIRegistry.registerPath({
    method: 'get',
    path,
    summary,
    responses: Object.fromEntries([200, ...more].map((status) => [status, answer])),
  });
}

/** A route as OpenAPI and Hono take it. */
export function routeConfig(route: Route): RouteConfig {
  const base = {
    path: `${apiPrefix}${route.path}`,
    summary: route.summary,
    description: [route.description, `Needs the scope \`${route.scope}\`.`].filter(Boolean).join(' '),
    security: [{ token: [route.scope] }],
  };
  if (route.kind === 'query') {
    const content = { [route.produces ?? 'application/json']: { schema: route.answer } };
    return {
      ...base,
      method: 'get',
      request: { params: objectOf(route.params), query: objectOf(route.query) },
      responses: {
        ...Object.fromEntries(
          [200, ...(route.statuses ?? [])].map((status) => [status, { description: route.summary, content }]),
        ),
        default: problemAnswer,
      },
    };
  }
  const schema = route.answer.extend({
    reply: z
      .string()
      .meta({ description: 'What a person would have been told, times and remarks included.' }),
  });
  return {
    ...base,
    method: route.method ?? 'post',
    request: {
      params: objectOf(route.params),
      ...(route.query ? { query: route.query } : {}),
      headers: keyHeader,
      // What is deleted is named by its address.
      body: { required: route.method !== 'delete', content: { 'application/json': { schema: route.body } } },
    },
    responses: {
      ...Object.fromEntries(
        [...(route.statusOf ? [200, 201] : [route.status]), ...(route.statuses ?? [])].map((status) => [
          status,
          { description: route.summary, content: { 'application/json': { schema } } },
        ]),
      ),
      default: problemAnswer,
    },
  };
}

// Parameters are described one by one, so only objects describe them.
function objectOf(schema: z.ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  throw new Error('parameters are described by a z.object');
}
