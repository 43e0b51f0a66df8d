// Routes as data: what a program may ask over HTTP. The door makes the server, and its description, of them.
import { z } from 'zod';
import type { Tx } from '../db/tx.js';
import type { Ask, Command, Refused, SurfaceName } from './command.js';
import type { Fact } from './fact.js';

/** What a token may be allowed. */
export const scopes = [
  'incidents:read',
  'incidents:write',
  'changes:read',
  'changes:write',
  'freezes:read',
  'freezes:write',
  'gate',
  'heartbeats',
  'reports',
  'incidents:private',
] as const;
export type Scope = (typeof scopes)[number];

interface RouteBase<P> {
  /** Below `/api/v1`; a part in braces is one of `params`. */
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  /** What does not fit these is no address of ours. */
  readonly params: z.ZodType<P>;
  /** What the answer says beside its body, where programs read it without JSON. */
  present?(answer: Readonly<Record<string, unknown>>, query: unknown): Presented;
  /** The statuses that `present` may give. */
  readonly statuses?: readonly number[];
}

/** How an answer is given. The body stays the same, whatever the status. */
export interface Presented {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The first line for whoever asks for `text/plain`; the lines of `reply` follow. */
  readonly plain?: string;
}

/** The words of a command as a body carries them: `fields` are read like a form's, `more` is taken as it is. */
export interface Worded {
  /** The number of the incident, where the command is on one. */
  readonly incident?: number;
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A command over HTTP: the same one that people type, on the same path. */
export interface CommandRoute<P, B> extends RouteBase<P> {
  readonly kind: 'command';
  /** POST unless told otherwise. */
  readonly method?: 'post' | 'patch' | 'delete';
  /** The verb that people type too, or a command that only programs give. */
  readonly verb: readonly [surface: SurfaceName, word: string] | Command;
  readonly body: z.ZodType<B>;
  /** What the address may say besides; what it does not know is refused. */
  readonly query?: z.ZodObject;
  /** The members of the body that a command's field stands for, where they are named otherwise. */
  readonly named?: Readonly<Record<string, string>>;
  /** What the body asks for besides the route's scope. */
  needs?(body: B): Scope | null;
  /** `query` is what `query` above read of the address. */
  worded(params: P, body: B, query: unknown): Worded;
  readonly status: 200 | 201;
  /** Where what was named may have been there before. */
  statusOf?(facts: readonly Fact[]): 200 | 201;
  /** The door adds `reply`. */
  readonly answer: z.ZodObject;
  /**
   * Made of the facts, so that the same request a second time gets the same answer; of rows only what is followed,
   * and is shown as it is now.
   */
  made(
    facts: readonly Fact[],
    params: P,
    tx: Tx,
    ask: Ask,
    body: B,
  ): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
  /**
   * The same request once more, under its Idempotency-Key, where an old answer must not be given again: the answer as
   * it stands now, with the words for people. Where it is another one than was given first, it is no replay.
   */
  again?(facts: readonly Fact[], tx: Tx, ask: Ask, body: B): Promise<Readonly<Record<string, unknown>>>;
  /** Where that which was made is from now on, below `/api/v1`; null where nothing was made. */
  location?(facts: readonly Fact[], params: P): string | null;
}

/** A question over HTTP: JSON unless `produces` says otherwise. */
export interface QueryRoute<P, Q> extends RouteBase<P> {
  readonly kind: 'query';
  readonly query: z.ZodType<Q>;
  readonly produces?: string;
  readonly answer: z.ZodType;
  read(tx: Tx, params: P, query: Q, ask: Ask): Promise<{ readonly found: unknown } | Refused>;
}

export type Route = CommandRoute<unknown, unknown> | QueryRoute<unknown, unknown>;

/** Defines a command's route. The generics end here: outside, routes are alike. */
export function commandRoute<P, B>(route: Omit<CommandRoute<P, B>, 'kind'>): Route {
  return { ...route, kind: 'command' };
}

/** Defines a question's route. */
export function queryRoute<P, Q>(route: Omit<QueryRoute<P, Q>, 'kind'>): Route {
  return { ...route, kind: 'query' };
}

/** A query without members; what it does not know is refused. */
export const noQuery = z.strictObject({});

/** `a,b c` as scopes; the words that are none. */
export function readScopes(text: string): { scopes: Scope[]; unknown: string[] } {
  const words = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
  const isScope = (word: string): word is Scope => (scopes as readonly string[]).includes(word);
  return { scopes: words.filter(isScope), unknown: words.filter((word) => !isScope(word)) };
}
