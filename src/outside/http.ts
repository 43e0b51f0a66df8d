// One request to somewhere else: a time limit, a bound on what is read, and errors sorted by what they mean for the job.
import { OutsideUnreachable } from '../core/outside.js';

/** What was answered, as far as it was read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const callMs = 10_000;

/** More than this was not read: it is no answer of the kind that was asked for. */
export class TooLong extends Error {}

/** Whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

/** Whether an address leads to this machine itself, and so from nowhere else. */
export function isOfThisMachine(address: string): boolean {
  const { hostname } = new URL(address);
  return isLoopback(hostname) || hostname === '0.0.0.0';
}

/** Asks once and follows no redirect. Throws OutsideUnreachable, or TooLong. */
export async function request(
  method: string,
  url: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  bytesMax: number,
): Promise<Answer> {
  const signal = AbortSignal.timeout(callMs);
  try {
    const response = await fetch(url, {
      ...init,
      headers: { 'user-agent': 'andon', ...init.headers },
      redirect: 'manual',
      signal,
    });
    const text = await readBounded(response, bytesMax);
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    if (error instanceof TooLong) throw error;
    throw unreachable(method, error);
  }
}

/** What `Retry-After` asks for, in milliseconds; null where it says nothing that can be read. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const said = headers.get('retry-after');
  if (said === null) return null;
  if (/^\d{1,6}$/.test(said.trim())) return Number(said) * 1000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

async function readBounded(response: Response, bytesMax: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    if (length > bytesMax) throw new TooLong();
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

// Before there was a connection nothing was sent.
const nothingSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function unreachable(method: string, error: unknown): OutsideUnreachable {
  const cause = (error as { cause?: { code?: unknown; message?: unknown } } | null)?.cause;
  const code = typeof cause?.code === 'string' ? cause.code : null;
  const late = error instanceof Error && error.name === 'TimeoutError';
  // The address may hold a secret, so no message of the client's own is repeated.
  return new OutsideUnreachable(
    method,
    late ? 'no answer in time' : (code ?? 'no connection'),
    !(code !== null && nothingSent.has(code)),
  );
}
