// What the sandbox's tests share: calling the Web API bare, and a workspace with a pushed clock.
import {
  COMMON_ERRORS,
  METHODS,
  openSandbox,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/index.js';

export type Body = Record<string, unknown> & { ok: boolean; error?: string };

export interface Reply {
  status: number;
  headers: Headers;
  body: Body;
}

export async function call(
  sandbox: Sandbox,
  method: string,
  args: Record<string, unknown> = {},
  token: string | null = sandbox.botToken,
): Promise<Reply> {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(args)) {
    if (value !== undefined) form.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const response = await fetch(sandbox.apiUrl + method, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: form.toString(),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** The body of a call that must work. */
export async function good(
  sandbox: Sandbox,
  method: string,
  args: Record<string, unknown> = {},
): Promise<Body> {
  const { body } = await call(sandbox, method, args);
  if (!body.ok) throw new Error(`${method}: ${JSON.stringify(body)}`);
  return body;
}

export async function errorOf(
  sandbox: Sandbox,
  method: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const { body } = await call(sandbox, method, args);
  return body.ok ? 'ok' : String(body.error);
}

export interface Clock {
  now: number;
  wire: number;
}

export async function withClock(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; clock: Clock }> {
  const clock: Clock = { now: Date.UTC(2026, 2, 2, 9, 0, 0), wire: Date.now() };
  const sandbox = await openSandbox({ now: () => clock.now, wireNow: () => clock.wire, ...options });
  return { sandbox, clock };
}

export function channelId(sandbox: Sandbox, name: string): string {
  return sandbox.channel(name)?.id ?? '';
}

/** Errors the sandbox answered with that the method table does not list. */
export function undocumented(sandbox: Sandbox): string[] {
  return sandbox.calls.flatMap(({ method, answer }) => {
    const error = answer?.error;
    if (typeof error !== 'string' || error === 'not_imitated' || method === 'api.test') return [];
    const known = [...COMMON_ERRORS, ...(METHODS[method]?.errors ?? [])];
    return known.includes(error) ? [] : [`${method}: ${error}`];
  });
}
