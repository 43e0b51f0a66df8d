// Hooks: where pipelines send, whose they are, and the secrets that prove a sender. Of a secret its hash is kept.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WorkspaceRef } from '../core/command.js';
import { type Finding, fail, ok } from '../core/finding.js';
import type { HookKind } from '../core/hook.js';
import type { Database } from './open.js';
import { keyName, type Seal, SealBroken, sealOf } from './seal.js';
import type { Prisma, Tx } from './tx.js';

export type HookRow = Prisma.HookGetPayload<object>;

/** A hook that works, and in whose name its sender speaks. */
export interface KnownHook {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly service: string | null;
  readonly environment: string | null;
  readonly workspace: WorkspaceRef;
  readonly usedAt: Date | null;
  readonly secretHash: string;
  readonly sealed: string | null;
}

/** What the door for pipelines asks of the hooks. */
export interface Hooks {
  /** Null for one that is not known or was revoked. */
  find(id: string): Promise<KnownHook | null>;
  /** The one whose secret this is. */
  withSecret(secret: string): Promise<KnownHook | null>;
  /** In constant time, and as long where there is no hook. */
  matches(hook: KnownHook | null, secret: string): boolean;
  /** The secret of one whose sender signs. Throws SealBroken where the key does not fit. */
  secretOf(hook: KnownHook): string;
  used(hook: KnownHook, now: Date): Promise<void>;
}

/** A hook with this name is there, and is not revoked. */
export class HookExists extends Error {}

/** The random part of a secret; a routing key is as long as PagerDuty's. */
export const hookSecretBytes = 32;
export const routingKeyBytes = 16;
export const hookIdBytes = 9;
const usedEveryMs = 60_000;

/** The secret that these random bytes make. */
export function hookSecretOf(kind: HookKind, random: Buffer): string {
  if (kind === 'pagerduty') return random.subarray(0, routingKeyBytes).toString('hex');
  return `andon_hook_${random.toString('base64url')}`;
}

/** GitHub signs what it sends, so its secret must be known again. */
export function mustBeKnown(kind: HookKind): boolean {
  return kind === 'github';
}

/** Keeps a new hook. One that was revoked gives its name up. */
export async function keepHook(
  db: Database,
  workspaceId: string,
  hook: {
    id: string;
    kind: HookKind;
    name: string;
    service: string | null;
    environment: string | null;
    secret: string;
    now: Date;
  },
  seal: Seal,
): Promise<void> {
  const { id, kind, name, service, environment, secret, now } = hook;
  const sealed = mustBeKnown(kind) ? seal.close(secret, id) : null;
  await db.of(workspaceId).write(async (tx) => {
    const found = await tx.hook.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
    if (found && !found.revokedAt) throw new HookExists(name);
    if (found) {
      const data = { name: `${name} (revoked ${found.id})` };
      await tx.hook.update({ where: { id: found.id }, data });
    }
    const secretHash = hashOf(secret);
    const row = { id, workspaceId, kind, name, service, environment, secretHash, sealed, createdAt: now };
    await tx.hook.create({ data: row });
  });
}

/** All hooks of a workspace, the oldest first. */
export async function listHooks(db: Database, workspaceId: string): Promise<HookRow[]> {
  return db.of(workspaceId).read.hook.findMany({ orderBy: { createdAt: 'asc' } });
}

/** Revokes a hook from this moment on; false when there is none of this name that works. */
export async function revokeHook(
  db: Database,
  workspaceId: string,
  name: string,
  now: Date,
): Promise<boolean> {
  const where = { name, revokedAt: null };
  // Its secret is of no use any more, so it is not kept either.
  const data = { revokedAt: now, sealed: null };
  const { count } = await db.of(workspaceId).write((tx) => tx.hook.updateMany({ where, data }));
  return count > 0;
}

/** The hooks as the door asks for them. */
export function hooksOf(db: Database, seal: Seal): Hooks {
  return {
    find: (id) => known(db, { id }),
    withSecret: (secret) => known(db, { secretHash: hashOf(secret) }),
    matches: (hook, secret) => {
      const same = timingSafeEqual(Buffer.from(hook?.secretHash ?? hashOf('')), Buffer.from(hashOf(secret)));
      return same && hook !== null;
    },
    secretOf: (hook) => seal.open(hook.sealed ?? '', hook.id),
    async used(hook, now) {
      if (hook.usedAt && now.getTime() - hook.usedAt.getTime() < usedEveryMs) return;
      await db
        .of(hook.workspace.id)
        .write((tx) => tx.hook.updateMany({ where: { id: hook.id }, data: { usedAt: now } }));
    },
  };
}

/** Whether the signatures of all hooks can be checked with the key that is set. */
export async function checkHooks(
  tx: Tx,
  databaseUrl: string,
  configured: string | undefined,
): Promise<Finding> {
  const hooks = await tx.hook.findMany({ where: { revokedAt: null }, orderBy: { createdAt: 'asc' } });
  if (hooks.length === 0)
    return ok('hooks', 'No pipeline sends here yet; `andon hook create` makes it possible.');
  const seal = sealOf(databaseUrl, configured);
  const broken = hooks.filter((each) => each.sealed !== null && !opens(seal, each));
  if (broken.length === 0) return ok('hooks', `${hooks.length} work: ${namesOf(hooks)}.`);
  return fail(
    'hooks',
    `What is sent to ${namesOf(broken)} is refused: its signature cannot be checked, because the secret was sealed with another key than ${keyName(databaseUrl, configured)}.`,
    'Set the key that was used then, or revoke each and make it anew: andon hook revoke NAME, andon hook create.',
  );
}

const namesShown = 5;

function namesOf(hooks: readonly HookRow[]): string {
  const rest = hooks.length - namesShown;
  const names = hooks.slice(0, namesShown).map((each) => each.name);
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function opens(seal: Seal, hook: HookRow): boolean {
  try {
    seal.open(hook.sealed ?? '', hook.id);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

async function known(
  db: Database,
  where: { id: string } | { secretHash: string },
): Promise<KnownHook | null> {
  const row = await db.read.hook.findUnique({ where });
  if (!row || row.revokedAt) return null;
  const { id, kind, name, service, environment, usedAt, secretHash, sealed } = row;
  const workspace = await db.read.workspace.findUniqueOrThrow({ where: { id: row.workspaceId } });
  const { id: workspaceId, zone, locale } = workspace;
  return {
    ...{ id, kind, name, service, environment, usedAt, secretHash, sealed },
    workspace: { id: workspaceId, zone, locale },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
