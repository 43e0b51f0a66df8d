// What /openapi.json says of the hooks: where to send, how a sender proves itself, what is answered.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { changeEventsPath } from '../../core/hook.js';
import { problemShape } from '../problem.js';
import type { ApiEnv } from '../request.js';

const answerShape = z
  .object({
    changes: z.array(
      z.object({
        id: z.string().meta({ description: 'Such as CHG-7.' }),
        state: z.string(),
        new: z.boolean().meta({ description: 'It was not known before.' }),
      }),
    ),
    ignored: z.array(z.object({ why: z.string() })),
    alerts: z.int().optional().meta({ description: 'How many alerts were recorded.' }),
    reply: z.string().optional(),
    gate: z
      .object({ id: z.string(), decision: z.string(), reply: z.string() })
      .optional()
      .meta({ description: 'Of GitHub’s protection rule: the verdict, which GitHub is told besides.' }),
  })
  .meta({ id: 'Delivered' });

const problem = {
  description: 'A problem, as RFC 9457 has it: a sentence in `detail` says what to do. Nothing was recorded.',
  content: { 'application/problem+json': { schema: problemShape } },
};

const senders = [
  {
    ...{
      kind: 'github',
      title: 'GitHub: deployments, their statuses and protection rules',
      scheme: 'githubSignature',
    },
    security: { type: 'apiKey', in: 'header', name: 'X-Hub-Signature-256' },
  },
  {
    ...{ kind: 'gitlab', title: 'GitLab: deployment events', scheme: 'gitlabToken' },
    security: { type: 'apiKey', in: 'header', name: 'X-Gitlab-Token' },
  },
  {
    ...{
      kind: 'cdevents',
      title: 'CDEvents over CloudEvents: binary, structured, batch',
      scheme: 'hookSecret',
    },
    security: { type: 'http', scheme: 'bearer' },
  },
  {
    ...{ kind: 'argocd', title: 'Argo CD: notifications by the published template', scheme: 'hookSecret' },
    security: { type: 'http', scheme: 'bearer' },
  },
  {
    ...{
      kind: 'alertmanager',
      title: 'Prometheus Alertmanager: its webhook, version 4',
      scheme: 'hookSecret',
    },
    security: { type: 'http', scheme: 'bearer' },
  },
] as const;

/** Describes the routes of the hooks. */
export function describeHooks(app: OpenAPIHono<ApiEnv>): void {
  const anything = z.looseObject({}).meta({ description: 'As the sender has it.' });
  const json = (schema: z.ZodType, description: string) => ({
    description,
    content: { 'application/json': { schema } },
  });
  for (const { kind, title, scheme, security } of senders) {
    app.openAPIRegistry.registerComponent('securitySchemes', scheme, {
      ...security,
      description: 'The secret of `andon hook create`, as this sender proves it.',
    });
    const types =
      kind === 'cdevents'
        ? ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']
        : ['application/json'];
    app.openAPIRegistry.registerPath({
      method: 'post',
      path: `/hooks/${kind}/{id}`,
      summary: title,
      security: [{ [scheme]: [] }],
      request: {
        params: z.object({ id: z.string() }),
        body: {
          required: true,
          content: Object.fromEntries(types.map((type) => [type, { schema: anything }])),
        },
      },
      responses: {
        200: json(answerShape, 'Recorded, of changes that were known'),
        201: json(answerShape, 'Recorded, and a change is new'),
        202: json(answerShape, 'Understood and not used; `ignored` says why'),
        default: problem,
      },
    });
  }
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: changeEventsPath,
    summary: 'PagerDuty’s change events v2; `routing_key` in the body is the hook’s secret',
    request: { body: { required: true, content: { 'application/json': { schema: anything } } } },
    responses: {
      202: json(
        answerShape.extend({ status: z.string(), message: z.string() }),
        'Recorded; `status` and `message` as PagerDuty answers',
      ),
      default: problem,
    },
  });
}
