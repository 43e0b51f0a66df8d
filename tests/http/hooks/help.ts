// Pipelines at Andon's door: hooks as the command line makes them, and deliveries as each sender signs them.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sign } from '@octokit/webhooks-methods';
import { changeEventsPath, type HookKind, hookPath } from '../../../src/core/hook.js';
import { hookSecretOf, keepHook } from '../../../src/db/hooks.js';
import { sealOf } from '../../../src/db/seal.js';
import type { World } from '../../helpers/world.js';
import { type Answer, send } from '../help.js';

// biome-ignore lint/suspicious/noExplicitAny: samples are changed in every place
export type Sample = any;

/** What a sender sends, from tests/fixtures/pipelines. */
export function sample(name: string): Sample {
  const file = new URL(`../../fixtures/pipelines/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export interface Sender {
  readonly id: string;
  readonly kind: HookKind;
  readonly secret: string;
  /** Sends this body as the sender does, signed. A string is sent as it is. */
  deliver(body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A sender with a hook of its own. */
export async function sender(
  world: World,
  kind: HookKind,
  options: { service?: string; environment?: string; workspaceId?: string } = {},
): Promise<Sender> {
  const id = randomBytes(9).toString('hex');
  const secret = hookSecretOf(kind, randomBytes(32));
  const { service = null, environment = null, workspaceId = world.app.workspace.id } = options;
  await keepHook(
    world.app.db,
    workspaceId,
    { id, kind, name: `${kind}-${id.slice(0, 4)}`, service, environment, secret, now: world.now() },
    sealOf(world.databaseUrl, world.secretKey),
  );
  return {
    ...{ id, kind, secret },
    async deliver(body, headers = {}) {
      const keyed =
        kind === 'pagerduty' && typeof body === 'object' && body !== null && !Array.isArray(body)
          ? { ...body, routing_key: secret }
          : body;
      const text = typeof keyed === 'string' ? keyed : JSON.stringify(keyed);
      return post(world, hookPath(kind, id), text, {
        'content-type': 'application/json',
        ...(await proof(kind, secret, text)),
        ...headers,
      });
    },
  };
}

async function proof(kind: HookKind, secret: string, text: string): Promise<Record<string, string>> {
  if (kind === 'github')
    return { 'x-github-event': 'deployment_status', 'x-hub-signature-256': await sign(secret, text || ' ') };
  if (kind === 'gitlab') return { 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-token': secret };
  return kind === 'pagerduty' ? {} : { authorization: `Bearer ${secret}` };
}

/** The headers of a CDEvent in CloudEvents' binary mode. */
export function binary(event: Sample): Record<string, string> {
  return {
    'ce-specversion': '1.0',
    'ce-id': event.context.id,
    'ce-source': event.context.source,
    'ce-type': event.context.type,
  };
}

/** The envelope of a CDEvent in the structured mode. */
export function structured(event: Sample): Sample {
  const { id, source, type } = event.context;
  return { specversion: '1.0', id, source, type, datacontenttype: 'application/json', data: event };
}

/** A request as it is; one whose value is undefined is left out. */
export async function post(
  world: World,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string | undefined>,
): Promise<Answer> {
  const given = Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined);
  return send(world, path, { method: 'POST', headers: Object.fromEntries(given), body });
}

/** How much there is on record, and of requests; what is refused changes neither. */
export async function recorded(world: World): Promise<{ facts: number; requests: number; jobs: number }> {
  const { read } = world.app.db;
  return {
    facts: await read.fact.count(),
    requests: await read.request.count(),
    jobs: await read.job.count(),
  };
}

export { changeEventsPath };
