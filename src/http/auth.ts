// Who asks: the bearer's token, and whether it may.
import type { MiddlewareHandler } from 'hono';
import type { Scope } from '../core/route.js';
import type { KnownToken } from '../db/tokens.js';
import { Problem } from './problem.js';
import type { ApiEnv } from './request.js';

/** Lets a request through whose token has the scope. */
export function authorize(
  find: (secret: string) => Promise<KnownToken | null>,
  scope: Scope,
  used: (token: KnownToken) => void,
): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const secret = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (secret === undefined)
      throw unauthenticated(
        'No token came with the request. Send the header Authorization: Bearer andon_…; `andon token create` makes a token.',
      );
    const token = await find(secret);
    if (!token)
      throw unauthenticated(
        'This token is not known here, or it was revoked. `andon token list` shows those that work.',
        ', error="invalid_token"',
      );
    used(token);
    demand(token, scope);
    context.set('caller', token);
    await next();
  };
}

/** Throws the problem that names the scope when the token lacks it. */
export function demand(token: KnownToken, scope: Scope): void {
  if (token.scopes.includes(scope)) return;
  throw new Problem(
    'missing-scope',
    `The token “${token.name}” lacks the scope ${scope}. Make one that has it: andon token create --name NAME --scope ${[...token.scopes, scope].join(',')}`,
    [],
    { 'www-authenticate': `Bearer realm="andon", error="insufficient_scope", scope="${scope}"` },
  );
}

function unauthenticated(detail: string, error = ''): Problem {
  return new Problem('unauthenticated', detail, [], { 'www-authenticate': `Bearer realm="andon"${error}` });
}
