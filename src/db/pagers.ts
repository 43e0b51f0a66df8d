// Systems that call people: where they are, and what proves us to them.
import type { Database } from './open.js';
import type { Seal } from './seal.js';

/** A pager that works; null for one that is not known or was revoked. Throws SealBroken where the key does not fit. */
export async function findPager(db: Database, workspaceId: string, name: string, seal: Seal) {
  const row = await db
    .of(workspaceId)
    .read.pager.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  if (!row || row.revokedAt) return null;
  const kind = row.kind as 'webhook' | 'pagerduty' | 'opsgenie';
  return { name: row.name, kind, url: row.url, secret: seal.open(row.sealed, row.id) };
}
