// `andon hook`: where pipelines send what they send already, and the secret that proves them.
import { randomBytes } from 'node:crypto';
import { readConfig } from '../config.js';
import { hookKinds, hookPath, hookSetup, isHookKind } from '../core/hook.js';
import {
  HookExists,
  type HookRow,
  hookIdBytes,
  hookSecretBytes,
  hookSecretOf,
  keepHook,
  listHooks,
  revokeHook,
} from '../db/hooks.js';
import { migrate } from '../db/migrate.js';
import { SealBroken, sealOf } from '../db/seal.js';
import { componentWord } from '../features/incident/index.js';
import { existingDatabase, minuteOf, table, UsageError, withWorkspace } from './kit.js';

export interface HookOptions {
  readonly name?: string;
  readonly service?: string;
  readonly environment?: string;
}

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u;

/** Makes a hook and prints its address and its secret, one a line, on stdout. */
export async function createHook(kind: string, options: HookOptions): Promise<void> {
  const known = `The kinds are ${hookKinds.join(', ')}.`;
  if (kind === 'native')
    throw new UsageError(
      `Our own format needs no hook: POST /api/v1/changes, with a token. andon token create --name ci --scope changes:write`,
    );
  if (!isHookKind(kind)) throw new UsageError(`There is no kind of hook “${kind}”. ${known}`);
  const service = placeOf('--service', options.service);
  const environment = placeOf('--environment', options.environment);
  const name = options.name ?? [kind, service].filter((each) => each !== null).join('-');
  if (!namePattern.test(name))
    throw new UsageError(
      '--name: a name begins with a letter or a digit and has at most 60 letters, digits, spaces, dots, hyphens, underscores and @.',
    );
  const id = randomBytes(hookIdBytes).toString('hex');
  const secret = hookSecretOf(kind, randomBytes(hookSecretBytes));
  const config = readConfig(process.env);
  const url = await existingDatabase();
  // Hooks may be made before Andon's first start, or beside one that has not seen this version.
  await migrate(url);
  await withWorkspace(async (db, workspace) => {
    const hook = { id, kind, name, service, environment, secret, now: new Date() };
    await keepHook(db, workspace.id, hook, sealOf(url, config.ANDON_SECRET_KEY)).catch(explain(name));
  });
  console.log(`${config.publicUrl.replace(/\/+$/, '')}${hookPath(kind, id)}\n${secret}`);
  console.error(`${hookSetup[kind]} The secret is not shown again.`);
  if (kind === 'pagerduty' && service === null)
    console.error(
      'Without --service its changes are of whatever the sender calls its source: change events name no service.',
    );
  if (!config.PUBLIC_URL)
    console.error(
      `PUBLIC_URL is not set: this address is right only if Andon listens on PORT ${config.PORT} of this machine; docs/pipelines.md.`,
    );
}

/** Prints the hooks, without anything that could be used. */
export async function listAllHooks(): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    const hooks = await listHooks(db, workspace.id);
    if (hooks.length === 0) {
      console.log('There is no hook yet: andon hook create github');
      return;
    }
    const heads = ['NAME', 'KIND', 'CREATED', 'LAST USED', 'STATE', 'SERVICE', 'ENVIRONMENT', 'PATH'];
    for (const line of table([heads, ...hooks.map(hookCells)])) console.log(line);
  });
}

/** Revokes the hook of this name. */
export async function revokeHookNamed(name: string): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    if (await revokeHook(db, workspace.id, name, new Date())) {
      console.log(`The hook “${name}” is revoked. What it told stays on record.`);
      return;
    }
    const working = (await listHooks(db, workspace.id)).filter((hook) => !hook.revokedAt);
    const names = working.map((hook) => hook.name).join(', ') || 'none';
    throw new UsageError(`There is no hook “${name}” that works. Those that do: ${names}.`);
  });
}

function placeOf(option: string, word: string | undefined): string | null {
  if (word === undefined) return null;
  const read = componentWord.safeParse(word);
  if (read.success && read.data.environment === '' && !word.includes('/')) return read.data.service;
  throw new UsageError(
    `${option}: “${word}” is no name: it begins with a letter or a digit and has at most 80 letters, digits, spaces, dots, hyphens and underscores.`,
  );
}

function explain(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof HookExists)
      throw new UsageError(
        `There is a hook “${name}” already. Take another name with --name, or revoke it first: andon hook revoke "${name}"`,
      );
    if (error instanceof SealBroken) throw new UsageError(`The secret cannot be kept: ${error.message}.`);
    throw error;
  };
}

function hookCells(hook: HookRow): string[] {
  return [
    hook.name,
    hook.kind,
    minuteOf(hook.createdAt),
    hook.usedAt ? minuteOf(hook.usedAt) : 'never',
    hook.revokedAt ? `revoked ${minuteOf(hook.revokedAt)}` : 'works',
    hook.service ?? 'as it says',
    hook.environment ?? 'as it says',
    isHookKind(hook.kind) ? hookPath(hook.kind, hook.id) : hook.id,
  ];
}
