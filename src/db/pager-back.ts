// The way back of pagers: what proves a pager to us, where it tells who answered in its own app.
import type { WorkspaceRef } from '../core/command.js';
import type { BackKind } from '../core/pager.js';
import type { Database } from './open.js';
import type { Seal } from './seal.js';

/** A pager that works and tells who answered, and whose it is. */
export interface TellingPager {
  readonly id: string;
  readonly kind: BackKind;
  readonly name: string;
  readonly workspace: WorkspaceRef;
  readonly usedAt: Date | null;
  readonly back: string;
}

/** What the door for pagers asks of them. */
export interface TellingPagers {
  /** Null for one that is not known, is of another kind, was revoked, or was not set up to tell anything. */
  find(kind: BackKind, id: string): Promise<TellingPager | null>;
  /** What proves it. Throws SealBroken where the key does not fit. */
  secretOf(pager: TellingPager): string;
  used(pager: TellingPager, now: Date): Promise<void>;
}

const usedEveryMs = 60_000;

/** What proves a pager is sealed apart from what proves us to it, so that neither can stand in the other's place. */
export const backOwner = (id: string) => `${id}/back`;

/** Keeps what proves a pager to us, in the place of what did before; null: it tells nothing any more. */
export async function keepBack(
  db: Database,
  workspaceId: string,
  { id, secret }: { readonly id: string; readonly secret: string | null },
  seal: Seal,
): Promise<void> {
  const back = secret === null ? null : seal.close(secret, backOwner(id));
  await db
    .of(workspaceId)
    .write((tx) => tx.pager.updateMany({ where: { id, revokedAt: null }, data: { back, usedAt: null } }));
}

/** The pagers as the door asks for them. */
export function tellingPagersOf(db: Database, seal: Seal): TellingPagers {
  return {
    async find(kind, id) {
      const row = await db.read.pager.findUnique({ where: { id } });
      if (!row || row.revokedAt || row.kind !== kind || row.back === null) return null;
      const of = await db.read.workspace.findUniqueOrThrow({ where: { id: row.workspaceId } });
      const workspace = { id: of.id, zone: of.zone, locale: of.locale };
      return { id, kind, name: row.name, usedAt: row.usedAt, back: row.back, workspace };
    },
    secretOf: (pager) => seal.open(pager.back, backOwner(pager.id)),
    async used(pager, now) {
      if (pager.usedAt && now.getTime() - pager.usedAt.getTime() < usedEveryMs) return;
      await db
        .of(pager.workspace.id)
        .write((tx) => tx.pager.updateMany({ where: { id: pager.id }, data: { usedAt: now } }));
    },
  };
}
