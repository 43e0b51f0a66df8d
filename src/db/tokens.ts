// Tokens of the HTTP API: only their hashes are kept, so whoever reads the database cannot use them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WorkspaceRef } from '../core/command.js';
import type { Scope } from '../core/route.js';
import type { Database } from './open.js';
import type { Prisma } from './tx.js';

export type TokenRow = Prisma.ApiTokenGetPayload<object>;

/** Whose token it is that a request carries. */
export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly workspace: WorkspaceRef;
  readonly usedAt: Date | null;
}

export const tokenPrefix = 'andon_';
/** A token's random part. So much of it cannot be guessed or searched for, so a plain hash protects it. */
export const tokenBytes = 32;
const usedEveryMs = 60_000;

/** The token that these random bytes make. */
export function tokenOf(random: Buffer): string {
  return `${tokenPrefix}${random.toString('base64url')}`;
}

/** A token with this name is there, and is not revoked. */
export class TokenExists extends Error {}

/** Keeps a new token. One that was revoked gives its name up. */
export async function keepToken(
  db: Database,
  workspaceId: string,
  token: { id: string; name: string; secret: string; scopes: readonly Scope[]; now: Date },
): Promise<void> {
  const { id, name, now } = token;
  await db.of(workspaceId).write(async (tx) => {
    const found = await tx.apiToken.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
    if (found && !found.revokedAt) throw new TokenExists(name);
    if (found) {
      const data = { name: `${name} (revoked ${found.id.slice(0, 8)})` };
      await tx.apiToken.update({ where: { id: found.id }, data });
    }
    const hash = hashOf(token.secret);
    await tx.apiToken.create({
      data: { id, workspaceId, name, hash, scopes: [...token.scopes], createdAt: now },
    });
  });
}

/** All tokens of a workspace, the oldest first. */
export async function listTokens(db: Database, workspaceId: string): Promise<TokenRow[]> {
  return db.of(workspaceId).read.apiToken.findMany({ orderBy: { createdAt: 'asc' } });
}

/** Revokes a token from this moment on; false when there is none of this name that works. */
export async function revokeToken(
  db: Database,
  workspaceId: string,
  name: string,
  now: Date,
): Promise<boolean> {
  const where = { name, revokedAt: null };
  const { count } = await db
    .of(workspaceId)
    .write((tx) => tx.apiToken.updateMany({ where, data: { revokedAt: now } }));
  return count > 0;
}

/**
 * Whose token this is; null for one that is not known or was revoked. Found by its hash, which nobody can steer, and
 * compared in constant time.
 */
export async function findToken(db: Database, secret: string): Promise<KnownToken | null> {
  if (!secret.startsWith(tokenPrefix)) return null;
  const hash = hashOf(secret);
  const row = await db.read.apiToken.findUnique({ where: { hash } });
  if (!row || row.revokedAt || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
  const workspace = await db.read.workspace.findUniqueOrThrow({ where: { id: row.workspaceId } });
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes as string[],
    workspace: { id: workspace.id, zone: workspace.zone, locale: workspace.locale },
    usedAt: row.usedAt,
  };
}

/** Notes that a token was used, at most once a minute. */
export async function touchToken(db: Database, token: KnownToken, now: Date): Promise<void> {
  if (token.usedAt && now.getTime() - token.usedAt.getTime() < usedEveryMs) return;
  await db
    .of(token.workspace.id)
    .write((tx) => tx.apiToken.updateMany({ where: { id: token.id }, data: { usedAt: now } }));
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
