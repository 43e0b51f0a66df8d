// Programs at Andon's HTTP door: tokens as the command line makes them, and requests as anybody may send them.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Scope } from '../../src/core/route.js';
import { keepToken, tokenOf } from '../../src/db/tokens.js';
import type { World } from '../helpers/world.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape
  readonly body: any;
}

export interface Program {
  readonly token: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
}

/** A program with a token of these scopes. */
export async function program(
  world: World,
  scopes: readonly Scope[] = ['incidents:read', 'incidents:write'],
  name = `ci-${randomUUID()}`,
): Promise<Program> {
  const secret = tokenOf(randomBytes(32));
  const { db, workspace } = world.app;
  await keepToken(db, workspace.id, { id: randomUUID(), name, secret, scopes, now: world.now() });
  return bearer(world, secret);
}

/** Requests that carry this token. */
export function bearer(world: World, token: string): Program {
  const authorization = `Bearer ${token}`;
  const saying =
    (method: 'POST' | 'PATCH') =>
    (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(world, path, {
        method,
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
  return {
    token,
    get: (path, headers = {}) => send(world, path, { headers: { authorization, ...headers } }),
    post: saying('POST'),
    patch: saying('PATCH'),
    delete: (path, headers = {}) =>
      send(world, path, { method: 'DELETE', headers: { authorization, ...headers } }),
  };
}

/** A request as it is; paths that do not begin with a stroke are below `/api/v1`. */
export async function send(world: World, path: string, init: RequestInit = {}): Promise<Answer> {
  const address = path.startsWith('/') ? path : `/api/v1/${path}`;
  const response = await fetch(`http://127.0.0.1:${world.app.port}${address}`, init);
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null };
}
