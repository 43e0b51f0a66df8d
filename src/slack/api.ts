// Calling Slack: one try, a time limit, and errors sorted by what they mean for the job.
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import type { Log } from '../core/log.js';
import { sdkLogger } from './sdk-log.js';

export type Answer = Readonly<Record<string, unknown>>;

/** Where the next page of a list begins; empty after the last one (https://docs.slack.dev/apis/web-api/pagination). */
export function nextCursor(answer: Answer): string {
  return (answer.response_metadata as { next_cursor?: string } | undefined)?.next_cursor ?? '';
}

export interface SlackApi {
  /** Calls a method once. Throws SlackRefused, SlackBusy or SlackUnreachable. */
  call(method: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Sends a file's content to the address that Slack gave for it. */
  upload(url: string, content: string | Uint8Array): Promise<void>;
  /** Answers through a response_url. */
  respond(url: string, message: { text: string; blocks?: unknown }): Promise<void>;
}

/** Slack understood and said no; the same call will be refused again. */
export class SlackRefused extends Error {
  constructor(
    readonly method: string,
    readonly error: string,
    readonly needed: string | null,
    readonly detail: Answer,
  ) {
    super(`${method}: ${error}`);
  }
}

/** Slack asks to wait. Nothing was done. */
export class SlackBusy extends Error {
  constructor(
    readonly method: string,
    readonly retryAfterMs: number,
  ) {
    super(`${method}: asked to wait ${retryAfterMs} ms`);
  }
}

/** No answer, or one that says nothing about the call. `sent`: Slack may have done it. */
export class SlackUnreachable extends Error {
  constructor(
    readonly method: string,
    readonly reason: string,
    readonly sent: boolean,
    /** Slack's word for it, where it is the token that it does not take. */
    readonly refusedToken: string | null = null,
  ) {
    super(`${method}: ${reason}`);
  }
}

const callTimeoutMs = 8_000;
const defaultRetryMs = 30_000;

// Not the fault of the call, and gone when somebody mends the token; what waits is done then.
const tokenErrors = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_authorized',
]);
/** True for what Slack says of a token that it does not take. */
export function isTokenError(code: string): boolean {
  return tokenErrors.has(code);
}

const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
]);
const busy = new Set(['ratelimited', 'rate_limited', 'too_many_requests']);

/** A client for one token. `url` ends in `/api/`. */
export function slackApi(url: string, token: string, log: Log): SlackApi {
  const client = new WebClient(token, {
    slackApiUrl: url,
    // Bolt's and the client's own retries post twice when a connection drops after the work; the worker looks first.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: callTimeoutMs,
    // The client logs whole arguments at debug level, and warns of what we handle; neither belongs in our log.
    logger: sdkLogger({ error: (fields) => log.debug(fields, 'slack client') }),
  });
  return {
    async call(method, args) {
      try {
        return (await client.apiCall(method, { ...args })) as unknown as Answer;
      } catch (error) {
        throw sorted(method, error);
      }
    },
    async upload(target, content) {
      // A copy of its own: fetch takes no bytes that may be shared with others.
      const body = typeof content === 'string' ? content : new Uint8Array(content);
      const response = await timed(
        'upload',
        fetch(target, { method: 'POST', body, signal: AbortSignal.timeout(callTimeoutMs) }),
      );
      if (response.status === 429) throw new SlackBusy('upload', defaultRetryMs);
      if (!response.ok) throw new SlackUnreachable('upload', `HTTP ${response.status}`, true);
    },
    async respond(target, message) {
      const response = await timed(
        'response_url',
        fetch(target, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...message }),
          signal: AbortSignal.timeout(callTimeoutMs),
        }),
      );
      if (!response.ok) throw new SlackRefused('response_url', `http_${response.status}`, null, {});
    },
  };
}

/** True when Slack answers at all: tells a method that fails from a Slack that is down. */
export async function slackAnswers(api: SlackApi): Promise<boolean> {
  try {
    await api.call('auth.test', {});
    return true;
  } catch (error) {
    return error instanceof SlackRefused || error instanceof SlackBusy;
  }
}

async function timed(what: string, request: Promise<Response>): Promise<Response> {
  try {
    return await request;
  } catch (error) {
    throw new SlackUnreachable(what, String(error), wasSent(error));
  }
}

function sorted(method: string, error: unknown): Error {
  if (error instanceof WebAPIRateLimitedError) return new SlackBusy(method, error.retryAfter * 1000);
  if (error instanceof WebAPIHTTPError) return new SlackUnreachable(method, `HTTP ${error.statusCode}`, true);
  if (error instanceof WebAPIRequestError)
    return new SlackUnreachable(method, String(error.message), wasSent(error));
  if (!(error instanceof WebAPIPlatformError)) return new SlackUnreachable(method, String(error), true);
  const code = error.data.error;
  if (busy.has(code)) return new SlackBusy(method, defaultRetryMs);
  if (passing.has(code)) return new SlackUnreachable(method, code, true);
  if (isTokenError(code)) return new SlackUnreachable(method, code, false, code);
  const data = error.data as unknown as Answer;
  return new SlackRefused(method, code, typeof data.needed === 'string' ? data.needed : null, data);
}

function wasSent(error: unknown): boolean {
  for (
    let cause: unknown = error;
    cause instanceof Error;
    cause = cause.cause ?? (cause as { original?: unknown }).original
  ) {
    if (
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/.test(
        `${(cause as { code?: string }).code} ${cause.message}`,
      )
    )
      return false;
  }
  return true;
}
