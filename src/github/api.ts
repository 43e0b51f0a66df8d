// Calling GitHub as an App: one try, a time limit, no redirects, and errors sorted by what they mean for the job.
import { createAppAuth } from '@octokit/auth-app';
import { request as octokit } from '@octokit/request';
import { shorten } from '../core/message.js';
import { oneLine } from '../core/text.js';

/** What answering needs to know of a GitHub App. */
export interface GithubSettings {
  /** Without a stroke at its end: https://api.github.com, or https://HOST/api/v3. */
  readonly apiUrl: string;
  /** Null: no App is set up, and GitHub cannot be answered. */
  readonly app: { readonly id: string; readonly key: string } | null;
}

/** GitHub itself, and no App. */
export const usualGithub: GithubSettings = { apiUrl: 'https://api.github.com', app: null };

/** A repository, and the installation of the App in which it is. */
export interface Place {
  readonly repository: string;
  readonly installation: number;
}

export interface GithubApi {
  /** Calls as the installation that has the repository. Throws GithubRefused, GithubBusy or GithubUnreachable. */
  call(place: Place, route: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Calls as the App itself. */
  callAsApp(route: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** True when GitHub answers at all. */
  answers(): Promise<boolean>;
}

/** GitHub understood and said no. `needed`: what to grant or to set. */
export class GithubRefused extends Error {
  constructor(
    readonly method: string,
    readonly status: number,
    readonly error: string,
    readonly needed: string,
  ) {
    super(`${method}: ${error}`);
  }
}

/** GitHub asks to wait. Nothing was done. */
export class GithubBusy extends Error {
  constructor(
    readonly method: string,
    readonly retryAfterMs: number,
  ) {
    super(`${method}: asked to wait ${retryAfterMs} ms`);
  }
}

/** No answer, or one that says nothing about the call. `sent`: GitHub may have done it. */
export class GithubUnreachable extends Error {
  constructor(
    readonly method: string,
    readonly reason: string,
    readonly sent: boolean,
  ) {
    super(`${method}: ${reason}`);
  }
}

const callTimeoutMs = 8_000;
const busyMs = 60_000;
const busyMaxMs = 3_600_000;
const wordsMax = 200;
/** docs.github.com, REST API, API versions. */
const apiVersion = '2022-11-28';
/** No more than the answer needs: the token that is asked for can do nothing else. */
const permissions = { deployments: 'write', actions: 'read' } as const;

/** A client for one App. */
export function githubApi(
  apiUrl: string,
  app: { readonly id: string; readonly key: string },
  clock: () => number = Date.now,
): GithubApi {
  const request = octokit.defaults({
    baseUrl: apiUrl,
    headers: {
      accept: 'application/vnd.github+json',
      'x-github-api-version': apiVersion,
      'user-agent': 'andon',
    },
    // Octokit's own warnings repeat addresses; nothing of a call belongs into our log.
    request: { fetch: guardedFetch(apiUrl), log: silent },
  });
  const auth = createAppAuth({ appId: app.id, privateKey: app.key, request, log: silent });
  const sent = async (route: string, parameters: Readonly<Record<string, unknown>>, token: string) => {
    try {
      return (await request(route, { ...parameters, headers: { authorization: `bearer ${token}` } }))
        .data as unknown;
    } catch (error) {
      throw sorted(route, error, clock());
    }
  };
  return {
    async call({ repository, installation }, route, parameters) {
      const [owner = '', repo = ''] = repository.split('/');
      const token = await tokenOf(
        () =>
          auth({ type: 'installation', installationId: installation, repositoryNames: [repo], permissions }),
        clock,
      );
      return sent(route, { ...parameters, owner, repo }, token);
    },
    async callAsApp(route, parameters = {}) {
      return sent(route, parameters, await tokenOf(() => auth({ type: 'app' }), clock));
    },
    async answers() {
      try {
        const response = await fetch(`${apiUrl}/`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(callTimeoutMs),
        });
        return response.status < 500;
      } catch {
        return false;
      }
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const tokenRoute = 'POST /app/installations/{installation_id}/access_tokens';

async function tokenOf(make: () => Promise<{ token: string }>, clock: () => number): Promise<string> {
  try {
    const { token } = await make();
    if (typeof token === 'string' && token !== '') return token;
  } catch (error) {
    throw sorted(tokenRoute, error, clock());
  }
  throw new GithubUnreachable(tokenRoute, 'the answer holds no token', false);
}

// The token goes to the configured address and nowhere else, whatever an answer says.
function guardedFetch(apiUrl: string): typeof fetch {
  return async (input, init) => {
    if (!String(input).startsWith(`${apiUrl}/`)) throw new Error('an address outside of the configured API');
    const response = await fetch(input, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    if (response.status < 300 || response.status >= 400) return response;
    throw new GithubRefused(
      'redirect',
      response.status,
      `HTTP ${response.status}: it sends elsewhere`,
      'Andon takes its token nowhere else: set ANDON_GITHUB_API_URL to the address that GitHub has now, and see whether the repository was renamed.',
    );
  };
}

interface HttpError {
  readonly status: number;
  readonly message: string;
  readonly response?: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly data: unknown;
  };
}

function sorted(method: string, error: unknown, now: number): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof GithubRefused)
    return new GithubRefused(method, cause.status, cause.error, cause.needed);
  if (!isHttpError(error)) return new GithubUnreachable(method, nameOf(error), false);
  const { status, response } = error;
  if (!response)
    return new GithubUnreachable(method, shorten(oneLine(error.message), wordsMax), wasSent(error));
  const wait = asksToWait(status, response.headers, now);
  if (wait !== null) return new GithubBusy(method, wait);
  if (status >= 500 || status === 408) return new GithubUnreachable(method, `HTTP ${status}`, true);
  const said = messageIn(response.data);
  return new GithubRefused(
    method,
    status,
    `HTTP ${status}${said ? `: ${said}` : ''}`,
    neededFor(method, status),
  );
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && typeof (error as { status?: unknown }).status === 'number';
}

// docs.github.com, rate limits: 403 or 429, with either header.
function asksToWait(
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
): number | null {
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return bounded(after * 1000);
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = Number(headers['x-ratelimit-reset']) * 1000 - now;
    return bounded(Number.isFinite(reset) ? reset : busyMs);
  }
  return status === 429 ? busyMs : null;
}

function bounded(ms: number): number {
  return Math.min(busyMaxMs, Math.max(1000, Math.ceil(ms)));
}

// GitHub does not repeat tokens; something between it and us might.
const secrets = /\b(?:gh[a-z]|github_pat)_\w+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

function messageIn(data: unknown): string {
  const text = typeof data === 'object' && data !== null ? (data as { message?: unknown }).message : data;
  return typeof text === 'string' ? shorten(oneLine(text).replace(secrets, '…'), wordsMax) : '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'failed';
}

function neededFor(method: string, status: number): string {
  if (status === 401)
    return 'GitHub does not take the App’s signature: see that ANDON_GITHUB_APP_ID and ANDON_GITHUB_APP_KEY are of the same App, that the key was not deleted there, and that this machine’s clock is right.';
  if (method === tokenRoute)
    return status === 404
      ? 'The App that is set here is not installed there: install it in the repository, or set ANDON_GITHUB_APP_ID and ANDON_GITHUB_APP_KEY to those of the App that has the rule.'
      : grant;
  if (status === 422)
    return 'Nothing waits there for Andon any more: the run was cancelled, somebody let it through, or the rule was taken from the environment. If it does wait, add Andon’s rule to the environment and run the job again.';
  return grant;
}

const grant =
  'Give the App in its settings the repository permissions Deployments: Read and write and Actions: Read-only, accept them where it is installed, and see that the repository is among those it may reach.';

function wasSent(error: unknown): boolean {
  const notReached = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|outside of the configured/;
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    if (notReached.test(`${(each as { code?: string }).code} ${each.message}`)) return false;
  return true;
}
