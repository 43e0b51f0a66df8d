// GitHub's API as far as an App that reviews deployments speaks to it: over real HTTP, with real signatures.
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The key as GitHub gives it. */
export const appKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
export const appId = '731001';

export interface Review {
  readonly repository: string;
  readonly run: number;
  readonly environment: string;
  readonly state: string | null;
  readonly comment: string;
}

/** How a request is answered instead, once; `cut`: the work is done, and the connection ends without an answer. */
export interface Fault {
  readonly on: 'token' | 'review' | 'history';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly cut?: true;
}

/** A delivery that did not arrive. */
export interface Missed {
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly at: string;
  deliver(): Promise<unknown>;
}

export interface FakeGithub {
  /** Deliveries that failed, the newest first, and those that were asked for again. */
  readonly missed: Missed[];
  readonly again: readonly string[];
  /** How often it was asked which failed. */
  readonly looked: () => number;
  readonly url: string;
  /** What was said, in order; what was refused is not there. */
  readonly reviews: readonly Review[];
  /** Every request: `POST /app/installations/77/access_tokens`. */
  readonly requests: readonly string[];
  /** Tokens that were given out. */
  readonly tokens: readonly string[];
  /** What was asked for with the last token. */
  readonly asked: () => unknown;
  fail(...faults: Fault[]): void;
  /** Nobody waits in this run any more. */
  finish(run: number): void;
  readonly app: { permissions: Record<string, string>; events: string[] };
}

/** Opens it until the test ends. */
export async function openGithub(options: { prefix?: string } = {}): Promise<FakeGithub> {
  const prefix = options.prefix ?? '';
  const state = {
    reviews: [] as Review[],
    requests: [] as string[],
    tokens: [] as string[],
    faults: [] as Fault[],
    over: new Set<number>(),
    missed: [] as Missed[],
    again: [] as string[],
    looked: 0,
    asked: null as unknown,
    app: {
      permissions: { actions: 'read', deployments: 'write', metadata: 'read' } as Record<string, string>,
      events: ['deployment', 'deployment_protection_rule', 'deployment_status'],
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(prefix.length);
    const line = `${request.method} ${path}`;
    if (!line.includes('/app/hook/deliveries')) state.requests.push(line);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? {} : JSON.parse(text);
    const send = (status: number, json?: unknown, headers: Readonly<Record<string, string>> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(json === undefined ? undefined : JSON.stringify(json));
    };
    const on = line.endsWith('/access_tokens')
      ? 'token'
      : line.endsWith('/approvals')
        ? 'history'
        : line.endsWith('/deployment_protection_rule')
          ? 'review'
          : null;
    const at = state.faults.findIndex((each) => each.on === on);
    const [fault] = at < 0 ? [] : state.faults.splice(at, 1);
    if (fault?.status !== undefined)
      return send(fault.status, fault.body ?? { message: 'no' }, fault.headers);
    const bearer = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (path === '/' || path === '') return send(200, {});
    if (path === '/app') {
      if (!isOfApp(bearer)) return send(401, { message: 'A JSON web token could not be decoded' });
      return send(200, { slug: 'andon-gate', name: 'Andon Gate', installations_count: 2, ...state.app });
    }
    if (path.startsWith('/app/hook/deliveries')) {
      if (!isOfApp(bearer)) return send(401, { message: 'A JSON web token could not be decoded' });
      const [, again] = /^\/app\/hook\/deliveries\/(\d+)\/attempts$/.exec(path) ?? [];
      if (again === undefined) {
        state.looked += 1;
        response.writeHead(200, { 'content-type': 'application/json' });
        // Ids are longer than a number of JavaScript holds.
        const rows = state.missed.map(
          ({ id, guid, event, at }) =>
            `{"id":${id},"guid":"${guid}","delivered_at":"${at}","status":"Invalid HTTP Response: 502","status_code":502,"event":"${event}","action":"requested"}`,
        );
        return void response.end(`[${rows.join(',')}]`);
      }
      state.again.push(again);
      await state.missed.find((each) => each.id === again)?.deliver();
      return send(202, {});
    }
    if (on === 'token') {
      if (!isOfApp(bearer)) return send(401, { message: 'A JSON web token could not be decoded' });
      state.asked = body;
      const token = `ghs_secret${state.tokens.length}`;
      state.tokens.push(token);
      const expires_at = new Date(Date.now() + 3_600_000).toISOString();
      return send(201, {
        token,
        expires_at,
        permissions: body.permissions,
        repository_selection: 'selected',
      });
    }
    if (!state.tokens.includes(bearer)) return send(401, { message: 'Bad credentials' });
    const [, owner, repo, number] = /^\/repos\/([^/]+)\/([^/]+)\/actions\/runs\/(\d+)\//.exec(path) ?? [];
    const run = Number(number);
    const of = state.reviews.filter((each) => each.run === run);
    if (on === 'history')
      return send(
        200,
        of.map((each) => ({
          state: each.state ?? 'pending',
          comment: each.comment,
          environments: [{ id: 1, name: each.environment }],
          user: { login: 'andon-gate[bot]' },
        })),
      );
    if (on !== 'review') return send(404, { message: 'Not Found' });
    const ended = of.some((each) => each.state !== null && each.environment === body.environment_name);
    if (ended || state.over.has(run))
      return send(422, { message: 'No pending deployment requests to approve or reject' });
    if (typeof body.comment !== 'string' || body.comment.length > 1024)
      return send(422, { message: 'Invalid comment' });
    const { environment_name: environment, state: said = null, comment } = body;
    state.reviews.push({ repository: `${owner}/${repo}`, run, environment, state: said, comment });
    if (fault?.cut) return void request.socket.destroy();
    response.writeHead(204).end();
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    ...{ reviews: state.reviews, requests: state.requests, tokens: state.tokens, app: state.app },
    ...{ missed: state.missed, again: state.again, looked: () => state.looked },
    asked: () => state.asked,
    fail: (...faults) => void state.faults.push(...faults),
    finish: (run) => void state.over.add(run),
  };
}

function isOfApp(token: string): boolean {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const verify = createVerify('RSA-SHA256').update(`${head}.${payload}`);
  if (!verify.verify(publicKey, Buffer.from(signature, 'base64url'))) return false;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const now = Date.now() / 1000;
  return claims.iss === appId && claims.exp > now && claims.exp - claims.iat <= 600 && claims.iat <= now;
}
