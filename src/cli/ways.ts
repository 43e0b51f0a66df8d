// The two ways in which `andon …` speaks to Andon: over HTTP, and beside it in its database.
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Ask } from '../core/command.js';
import type { Database } from '../db/open.js';
import { theWorkspace } from '../db/workspace.js';
import { plainAsk } from '../plain-ask.js';
import { Unreachable, UsageError } from './kit.js';
import { readText } from './read.js';

const answerWithinMs = 15_000;

/** Speaks to a running Andon, and turns its answers into what the command line does about them. */
export class Api {
  readonly #url: string;
  readonly #token: string;
  readonly #what: string;

  /** `what` names what is sent, such as `note`. Throws where there is no token. */
  constructor(url: string, token: string | undefined, what: string) {
    if (!token)
      throw new UsageError(
        'ANDON_TOKEN is missing: with ANDON_URL, the command line needs a token of that Andon.',
      );
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
    this.#what = what;
  }

  /** Asks, or with a body tells; what is refused is thrown as what the one who typed must mend. */
  async send(
    path: string,
    body?: unknown,
    method: 'POST' | 'PATCH' = 'POST',
  ): Promise<Record<string, unknown>> {
    const response = await this.#fetch(`${this.#url}/api/v1${path}`, body, method);
    const text = await readText(response).catch(() => '');
    const said = readJson(text);
    if (response.ok && said) return said;
    const detail = typeof said?.detail === 'string' ? said.detail : null;
    if (response.status >= 500)
      throw new Unreachable(`Andon at ${this.#url} failed (${response.status}). ${detail ?? ''}`.trim());
    if (detail !== null) throw new UsageError(detail);
    throw new UsageError(
      `What answers at ${this.#url} is not Andon (status ${response.status}). ANDON_URL must be Andon's own address.`,
    );
  }

  async #fetch(address: string, body: unknown, method: string): Promise<Response> {
    try {
      return await fetch(address, {
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        },
        ...(body === undefined ? {} : { method, body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Unreachable(unreachable(this.#url, error, body === undefined ? null : this.#what));
    }
  }
}

function unreachable(url: string, error: unknown, sent: string | null): string {
  const timedOut = (error as { name?: string } | null)?.name === 'TimeoutError';
  const cause = (error as { cause?: { code?: string } } | null)?.cause?.code;
  if (timedOut && sent !== null)
    return `Andon at ${url} did not answer within ${answerWithinMs / 1000} s. It may have recorded the ${sent}: look before you send it again.`;
  const why = timedOut ? `no answer within ${answerWithinMs / 1000} s` : (cause ?? 'no connection');
  return `Andon at ${url} cannot be reached (${why}); nothing was recorded. Where its database can be reached, unset ANDON_URL and set DATABASE_URL.`;
}

/** What whoever sits at the database asks, under their name on that machine. */
export async function askBeside(db: Database, seesPrivate: boolean): Promise<Ask> {
  const workspace = await theWorkspace(db);
  if (!workspace)
    throw new UsageError('This database is empty. Set DATABASE_URL to the one that Andon uses.');
  const name = process.env.USER || userInfo().username;
  const actor = { kind: 'person', id: `cli:${name}`, name, zone: workspace.zone } as const;
  return { ...plainAsk(workspace, actor, 'cli', new Date()), seesPrivate };
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
