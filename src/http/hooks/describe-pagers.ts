// What /openapi.json says of pagers that tell who answered in their own app.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { backKinds, productNames } from '../../core/pager.js';
import { problemShape } from '../problem.js';
import type { ApiEnv } from '../request.js';

const answerShape = z
  .object({
    acknowledged: z.string().nullable().meta({
      description: 'The page that somebody has by this; null: nothing was done.',
      example: 'PAGE-3',
    }),
    why: z.string().nullable().meta({ description: 'Why nothing was done; null where something was.' }),
  })
  .meta({ id: 'AnsweredInPager' });
export type PagerAnswer = z.infer<typeof answerShape>;

const proofs = {
  pagerduty: {
    scheme: 'pagerdutySignature',
    security: { type: 'apiKey', in: 'header', name: 'X-PagerDuty-Signature' },
    description: '`v1=` and the HMAC-SHA256 of the body with the secret that PagerDuty showed.',
  },
  opsgenie: {
    scheme: 'pagerSecret',
    security: { type: 'http', scheme: 'bearer' },
    description: 'The secret that `andon pager back` printed.',
  },
} as const;

/** Describes the routes of pagers. */
export function describePagers(app: OpenAPIHono<ApiEnv>): void {
  for (const kind of backKinds) {
    const { scheme, security, description } = proofs[kind];
    app.openAPIRegistry.registerComponent('securitySchemes', scheme, { ...security, description });
    app.openAPIRegistry.registerPath({
      method: 'post',
      path: `/hooks/${kind}/{id}`,
      summary: `${productNames[kind]}: who acknowledged a page in its own app has it`,
      security: [{ [scheme]: [] }],
      request: {
        params: z.object({ id: z.string() }),
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.looseObject({}).meta({ description: 'As the sender has it.' }),
            },
          },
        },
      },
      responses: {
        200: {
          description: 'Heard; whether it acknowledged a page is in the answer',
          content: { 'application/json': { schema: answerShape } },
        },
        default: {
          description: 'A problem, as RFC 9457 has it. Nothing was recorded.',
          content: { 'application/problem+json': { schema: problemShape } },
        },
      },
    });
  }
}
