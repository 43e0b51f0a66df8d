// Systems that call people: where they are, and what proves us to them.
import { randomBytes } from 'node:crypto';
import { type Finding, fail, ok } from '../core/finding.js';
import { OutsideRefused } from '../core/outside.js';
import { isBackKind } from '../core/pager.js';
import type { Database } from './open.js';
import { backOwner } from './pager-back.js';
import { keyName, type Seal, SealBroken, sealOf } from './seal.js';
import type { Prisma, Tx } from './tx.js';

export type PagerRow = Prisma.PagerGetPayload<object>;

/** `webhook`: our own signed request, for anything that takes one. */
export const pagerKinds = ['webhook', 'pagerduty', 'opsgenie'] as const;
export type PagerKind = (typeof pagerKinds)[number];

/** Whether there is such a kind. */
export function isPagerKind(word: string): word is PagerKind {
  return pagerKinds.some((each) => each === word);
}

/** A pager with this name is there, and is not revoked. */
export class PagerExists extends Error {}

const idBytes = 9;

/**
 * A pager that works; null for one that is not known or was revoked. Throws OutsideRefused where its secret cannot be
 * opened.
 */
export async function findPager(db: Database, workspaceId: string, name: string, seal: Seal) {
  const row = await db
    .of(workspaceId)
    .read.pager.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  if (!row || row.revokedAt) return null;
  try {
    return { name: row.name, kind: kindOf(row), url: row.url, secret: seal.open(row.sealed, row.id) };
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new OutsideRefused('pager', `its secret cannot be opened: ${error.message}`, 'ANDON_SECRET_KEY');
  }
}

/** Keeps a new pager. One that was revoked gives its name up. */
export async function keepPager(
  db: Database,
  workspaceId: string,
  pager: { kind: PagerKind; name: string; url: string; secret: string; now: Date },
  seal: Seal,
): Promise<void> {
  const { kind, name, url, secret, now: createdAt } = pager;
  const id = randomBytes(idBytes).toString('hex');
  const sealed = seal.close(secret, id);
  await db.of(workspaceId).write(async (tx) => {
    const found = await tx.pager.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
    if (found && !found.revokedAt) throw new PagerExists(name);
    if (found)
      await tx.pager.update({ where: { id: found.id }, data: { name: `${name} (revoked ${found.id})` } });
    await tx.pager.create({ data: { id, workspaceId, kind, name, url, sealed, createdAt } });
  });
}

/** All pagers of a workspace, the oldest first. */
export async function listPagers(db: Database, workspaceId: string): Promise<PagerRow[]> {
  return db.of(workspaceId).read.pager.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
}

/** Revokes a pager from this moment on; false when there is none of this name that works. */
export async function revokePager(
  db: Database,
  workspaceId: string,
  name: string,
  now: Date,
): Promise<boolean> {
  // Its secrets are of no use any more, so they are not kept either.
  const data = { revokedAt: now, sealed: '', back: null };
  const { count } = await db
    .of(workspaceId)
    .write((tx) => tx.pager.updateMany({ where: { name, revokedAt: null }, data }));
  return count > 0;
}

/** Whether the secrets of all pagers can be opened with the key that is set. */
export async function checkPagers(
  tx: Tx,
  databaseUrl: string,
  configured: string | undefined,
): Promise<Finding> {
  const pagers = await tx.pager.findMany({ where: { revokedAt: null }, orderBy: { createdAt: 'asc' } });
  if (pagers.length === 0)
    return ok('pagers', 'No pager is set up; `andon pager create` adds PagerDuty, Opsgenie or a webhook.');
  const seal = sealOf(databaseUrl, configured);
  const broken = pagers.filter((each) => !opens(seal, each));
  const named = (some: readonly PagerRow[]) => some.map((each) => each.name).join(', ');
  const deaf = pagers.filter((each) => isBackKind(each.kind) && each.back === null);
  const unheard =
    deaf.length === 0
      ? ''
      : ` Who acknowledges in the app of ${named(deaf)} is not heard: \`andon pager back NAME\`.`;
  if (broken.length === 0)
    return ok(
      'pagers',
      `${pagers.length} set up: ${named(pagers)}. \`andon pager test NAME\` tries one.${unheard}`,
    );
  return fail(
    'pagers',
    `No page goes to ${named(broken)}: the secret was sealed with another key than ${keyName(databaseUrl, configured)}.`,
    'Set the key that was used then, or revoke each and make it anew: andon pager revoke NAME, andon pager create.',
  );
}

function opens(seal: Seal, pager: PagerRow): boolean {
  try {
    seal.open(pager.sealed, pager.id);
    if (pager.back !== null) seal.open(pager.back, backOwner(pager.id));
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

// Written by `keepPager`, and by nothing else.
function kindOf(row: PagerRow): PagerKind {
  return row.kind as PagerKind;
}
