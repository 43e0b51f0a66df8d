// A request of a program: what answering it needs, and in whose name it is done.
import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Ask } from '../core/command.js';
import type { Log } from '../core/log.js';
import type { Route } from '../core/route.js';
import type { Surface } from '../core/surface.js';
import type { Hooks } from '../db/hooks.js';
import type { TellingPagers } from '../db/pager-back.js';
import type { PageLinks } from '../db/sign.js';
import type { KnownToken } from '../db/tokens.js';
import type { Kernel } from '../execute.js';
import type { Readiness } from './ready.js';

export interface ApiParts {
  readonly kernel: Kernel;
  readonly surface: Surface;
  readonly routes: readonly Route[];
  readonly log: Log;
  /** The record's clock. */
  readonly now: () => Date;
  /** True when commands can be recorded. */
  ready(): Promise<boolean>;
  /** What else is known of how Andon is: without secrets, and of what people wrote nothing but counts. */
  told?(): Promise<Readiness>;
  /** Whose token it is; null for one that is not known or was revoked. */
  token(secret: string): Promise<KnownToken | null>;
  used(token: KnownToken): Promise<void>;
  readonly hooks: Hooks;
  /** Pagers that tell who answered in their own app. */
  readonly pagers: TellingPagers;
  /** True for what was thrown because the database is not there, or has no connection free. */
  isDatabaseAway(error: unknown): boolean;
  /** The links that pages carry. */
  readonly links: PageLinks;
  /** Where GitHub's API is, and whether a GitHub App is set up that can answer there. */
  readonly github: { readonly apiUrl: string; readonly answers: boolean };
}

/** What a request learns on its way. */
export interface ApiEnv {
  Variables: { requestId: string; caller: KnownToken };
}

/** What the request's part was read as; the route's schema has checked it. */
export function valid(context: Context<ApiEnv>, part: 'param' | 'query' | 'json'): unknown {
  return context.req.valid(part as never);
}

/** The ask of a token: it acts under its own name, and nobody can speak through it as somebody else. */
export function askOf(parts: ApiParts, caller: KnownToken, requestId: string): Ask {
  return {
    requestId,
    workspace: caller.workspace,
    actor: { kind: 'pipeline', id: `token:${caller.id}`, name: caller.name, zone: caller.workspace.zone },
    now: parts.now(),
    newId: randomUUID,
    source: 'api',
    seesPrivate: caller.scopes.includes('incidents:private'),
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}
