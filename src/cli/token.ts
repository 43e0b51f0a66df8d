// `andon token`: who may speak to Andon over HTTP, and how far.
import { randomBytes, randomUUID } from 'node:crypto';
import { readScopes, scopes } from '../core/route.js';
import { migrate } from '../db/migrate.js';
import {
  keepToken,
  listTokens,
  revokeToken,
  TokenExists,
  type TokenRow,
  tokenBytes,
  tokenOf,
} from '../db/tokens.js';
import { existingDatabase, minuteOf, table, UsageError, withWorkspace } from './kit.js';

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u;

/** Makes a token and prints it alone on stdout, for `TOKEN=$(andon token create …)`. */
export async function createToken(name: string, scopeText: string): Promise<void> {
  const read = readScopes(scopeText);
  const known = `The scopes are ${scopes.join(', ')}.`;
  if (read.unknown.length > 0)
    throw new UsageError(
      `--scope: there is no scope ${read.unknown.map((it) => `“${it}”`).join(', ')}. ${known}`,
    );
  if (read.scopes.length === 0) throw new UsageError(`--scope: say what the token may do. ${known}`);
  if (!namePattern.test(name))
    throw new UsageError(
      '--name: a name begins with a letter or a digit and has at most 60 letters, digits, spaces, dots, hyphens, underscores and @.',
    );
  const secret = tokenOf(randomBytes(tokenBytes));
  // Tokens may be made before Andon's first start, or beside one that has not seen this version.
  await migrate(await existingDatabase());
  await withWorkspace(async (db, workspace) => {
    const token = { id: randomUUID(), name, secret, scopes: read.scopes, now: new Date() };
    await keepToken(db, workspace.id, token).catch((error: unknown) => {
      if (!(error instanceof TokenExists)) throw error;
      throw new UsageError(
        `There is a token “${name}” already. Take another name, or revoke it first: andon token revoke "${name}"`,
      );
    });
  });
  console.log(secret);
  console.error('Keep it where secrets are kept: it is not shown again.');
}

/** Prints the tokens, without anything that could be used. */
export async function listAllTokens(): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    const tokens = await listTokens(db, workspace.id);
    if (tokens.length === 0) {
      console.log(
        'There is no token yet: andon token create --name ci --scope incidents:read,incidents:write',
      );
      return;
    }
    const rows = [['NAME', 'CREATED', 'LAST USED', 'STATE', 'SCOPES'], ...tokens.map(tokenCells)];
    for (const line of table(rows)) console.log(line);
  });
}

/** Revokes the token of this name. */
export async function revoke(name: string): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    if (await revokeToken(db, workspace.id, name, new Date())) {
      console.log(`The token “${name}” is revoked. What it did stays on record.`);
      return;
    }
    const working = (await listTokens(db, workspace.id)).filter((token) => !token.revokedAt);
    const names = working.map((token) => token.name).join(', ') || 'none';
    throw new UsageError(`There is no token “${name}” that works. Those that do: ${names}.`);
  });
}

function tokenCells(token: TokenRow): string[] {
  return [
    token.name,
    minuteOf(token.createdAt),
    token.usedAt ? minuteOf(token.usedAt) : 'never',
    token.revokedAt ? `revoked ${minuteOf(token.revokedAt)}` : 'works',
    (token.scopes as string[]).join(','),
  ];
}
