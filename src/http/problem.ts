// Problems: every answer that is not what was asked for, as RFC 9457 has it. Never a stack, never anything internal.
import type { Context } from 'hono';
import { z } from 'zod';
import type { Refusal } from '../core/command.js';
import { plainMessage, shorten } from '../core/message.js';

export const problemShape = z
  .object({
    type: z.string().meta({ description: 'Names the kind of problem; stays the same, for programs.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'A sentence for people that says what to do.' }),
    requestId: z.string().meta({ description: 'Finds this request in Andon’s log.' }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which member of the body or the query, as a JSON Pointer.' }),
  })
  .meta({ id: 'Problem' });

/** The kinds of problem: the status, and the title that is the same for all of a kind. */
export const problemKinds = {
  'not-json': [400, 'The body is not JSON'],
  unauthenticated: [401, 'No valid token'],
  'missing-scope': [403, 'The token lacks a scope'],
  'no-such-route': [404, 'There is nothing at this address'],
  'not-found': [404, 'There is no such thing'],
  'wrong-method': [405, 'This method is not allowed here'],
  refused: [409, 'Andon refused'],
  redacted: [410, 'It was redacted'],
  'too-large': [413, 'The body is too large'],
  'wrong-media-type': [415, 'The body must be JSON'],
  invalid: [422, 'The request does not fit'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
  failed: [500, 'Something went wrong in Andon'],
  unavailable: [503, 'Andon cannot do this now'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemKind = keyof typeof problemKinds;

const errorsMax = 10;

export interface ProblemError {
  readonly pointer: string;
  readonly detail: string;
}

/** What ends a request with a problem. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly errors: readonly ProblemError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(kind);
  }
}

/** A refusal of a command: what was named is not there, or what is there does not allow it. */
export function refusalProblem(refusal: Refusal, named: Readonly<Record<string, string>> = {}): Problem {
  const detail = plainMessage(refusal.message);
  const { field } = refusal;
  const errors = field === undefined ? [] : [{ pointer: `/${named[field] ?? field}`, detail }];
  return new Problem(refusal.unknown ? 'not-found' : 'refused', detail, errors);
}

/** What zod found, each with the place where it is. */
export function invalid(error: z.ZodError, target: string): Problem {
  const errors = error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            pointer: pointer([...issue.path, key]),
            detail: `“${shorten(key, 40)}” is not known here.`,
          }))
        : [{ pointer: pointer(issue.path), detail: isNoObject(issue) ? noObject : issue.message }],
    )
    .slice(0, errorsMax);
  const [first] = errors;
  const place = first && first.pointer !== '' ? ` at ${first.pointer}` : '';
  return new Problem('invalid', `The ${target} does not fit${place}: ${first?.detail ?? ''}`, errors);
}

const noObject = 'it must be a JSON object, with its members in braces.';

// A schema has words of its own for each member, and none for the whole.
function isNoObject(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0 && issue.expected === 'object';
}

// RFC 6901.
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The answer. */
export function problemResponse(context: Context, problem: Problem, requestId: string): Response {
  const [status, title] = problemKinds[problem.kind];
  const body: z.infer<typeof problemShape> = {
    type: `urn:andon:problem:${problem.kind}`,
    title,
    status,
    detail: problem.detail,
    requestId,
    ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
  };
  return context.body(JSON.stringify(body), status, {
    ...problem.headers,
    'content-type': 'application/problem+json',
  });
}
