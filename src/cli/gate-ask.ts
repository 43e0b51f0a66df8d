// One question to the gate over HTTP, and what its answer is worth: whatever is not surely Andon's is no answer.
import { randomUUID } from 'node:crypto';
import type { Wire } from '../core/wire.js';
import type { Answer } from '../features/gate/index.js';
import { Unreachable, UsageError } from './errors.js';
import { readText } from './read.js';

/** What was answered, and the least time after which asking again is worth it. */
export interface Asked {
  readonly answer: Answer & { readonly reply: string };
  readonly retryAfterMs: number | null;
}

const answerWithinMs = 10_000;
/** Waits before the same request is sent once more. */
const againAfterMs = [500, 2000];
const decisions: readonly string[] = ['allow', 'warn', 'hold', 'deny'] satisfies Answer['decision'][];

/** The Andon to ask, and with what. */
export interface Gate {
  readonly url: string;
  readonly token: string;
}

/** Asks once; the same request is sent again where no answer came. Throws Unreachable, or what must be mended. */
export async function askGate(gate: Gate, body: unknown, wire: Wire): Promise<Asked> {
  const key = randomUUID();
  for (const pause of againAfterMs) {
    try {
      return await askedOnce(gate, body, key);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await wire.wait(pause);
    }
  }
  return askedOnce(gate, body, key);
}

async function askedOnce({ url, token }: Gate, body: unknown, key: string): Promise<Asked> {
  try {
    const response = await fetch(`${url}/api/v1/gate`, {
      method: 'POST',
      // Who is sent elsewhere, to a page that asks for a login, has no answer.
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    return readAnswer(url, response, await readText(response));
  } catch (error) {
    if (error instanceof Unreachable || error instanceof UsageError) throw error;
    throw new Unreachable(`Andon at ${url} cannot be reached (${causeOf(error)})`);
  }
}

function causeOf(error: unknown): string {
  if ((error as { name?: string } | null)?.name === 'TimeoutError')
    return `no answer within ${answerWithinMs / 1000} s`;
  const cause = (error as { cause?: { code?: string; message?: string } } | null)?.cause;
  return cause?.code ?? cause?.message ?? 'no connection';
}

function readAnswer(url: string, response: Response, text: string): Asked {
  const { status } = response;
  const said = readObject(text);
  if (status === 200 && said) {
    const { decision, id } = said;
    // Both must say the same: a page in between that answers 200 to all has neither.
    const told = response.headers.get('andon-decision');
    if (
      typeof decision === 'string' &&
      decisions.includes(decision) &&
      decision === told &&
      typeof id === 'string'
    )
      return { answer: said as unknown as Asked['answer'], retryAfterMs: retryAfter(response) };
  }
  const ours = typeof said?.type === 'string' && said.type.startsWith('urn:andon:problem:');
  const detail = ours ? String(said?.detail ?? '') : '';
  if (ours && status < 500 && status !== 429) throw new UsageError(detail);
  if (status === 401 || status === 403)
    throw new UsageError(
      `What answers at ${url} refused the token (status ${status}). ANDON_TOKEN must be one of that Andon, with the scope gate.`,
    );
  if (ours) throw new Unreachable(`Andon at ${url} failed (status ${status}: ${detail.replace(/\.$/, '')})`);
  throw new Unreachable(`What answers at ${url} is not Andon’s gate (status ${status})`);
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
