// `andon pager back`: whoever acknowledges in PagerDuty's or Opsgenie's own app is heard here.
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { readConfig } from '../config.js';
import { type BackKind, backPath, backSetup, isBackKind, productNames } from '../core/pager.js';
import { migrate } from '../db/migrate.js';
import { keepBack } from '../db/pager-back.js';
import { listPagers, type PagerRow } from '../db/pagers.js';
import { SealBroken, sealOf } from '../db/seal.js';
import { isOfThisMachine } from '../outside/http.js';
import { existingDatabase, UsageError, withWorkspace } from './kit.js';
import { unknownPager } from './pager.js';

export interface BackOptions {
  readonly off: boolean;
}

const secretBytes = 32;
const secretMax = 500;

/**
 * Sets up the way back of a pager, anew where there was one. Its address comes first on stdout; PagerDuty makes the secret
 * itself once it has that, so it is read then; Opsgenie's is made and printed below the address.
 */
export async function hearPager(name: string, { off }: BackOptions): Promise<void> {
  const config = readConfig(process.env);
  const url = await existingDatabase();
  await migrate(url);
  await withWorkspace(async (db, workspace) => {
    const pagers = await listPagers(db, workspace.id);
    const pager = pagers.find((each) => each.name === name && !each.revokedAt);
    if (!pager) throw new UsageError(unknownPager(name, pagers));
    const kind = kindOf(pager);
    const keep = (secret: string | null) =>
      keepBack(db, workspace.id, { id: pager.id, secret }, sealOf(url, config.ANDON_SECRET_KEY)).catch(
        explain,
      );
    if (off) {
      await keep(null);
      console.log(
        `Nothing that is said in ${productNames[kind]}’s own app is heard by “${name}” any more. Remove the webhook there too.`,
      );
      return;
    }
    console.log(`${config.publicUrl.replace(/\/+$/, '')}${backPath(kind, pager.id)}`);
    if (isOfThisMachine(config.publicUrl))
      console.error(
        `${productNames[kind]} does not reach this address: set PUBLIC_URL to the one at which Andon is reached, and say this again.`,
      );
    console.error(backSetup[kind]);
    await (kind === 'pagerduty' ? given(name, keep) : made(keep));
  });
}

function kindOf({ name, kind }: PagerRow): BackKind {
  if (isBackKind(kind)) return kind;
  throw new UsageError(
    `“${name}” is a webhook of your own: a person answers by the acknowledgeUrl that each call carries, a program by POST /api/v1/pages/{number}/ack; docs/paging.md.`,
  );
}

// Not an argument: those are in the shell's history and in the list of processes.
async function given(name: string, keep: (secret: string) => Promise<void>): Promise<void> {
  if (process.stdin.isTTY) console.error('Paste that secret, then Enter and Ctrl-D:');
  const secret = (await text(process.stdin)).trim();
  if (secret === '') {
    console.error(
      `No secret was given, so nothing was changed. With it: andon pager back ${name} < secret.txt`,
    );
    return;
  }
  if (secret.length > secretMax || /\s/.test(secret))
    throw new UsageError('That is no secret of PagerDuty: it is one word. Nothing was changed.');
  await keep(secret);
  console.error('Kept. “Send Test Event” there shows that it comes through; so does `andon pager list`.');
}

async function made(keep: (secret: string) => Promise<void>): Promise<void> {
  const secret = `andon_pager_${randomBytes(secretBytes).toString('base64url')}`;
  await keep(secret);
  console.log(secret);
  console.error('The secret is not shown again; this command makes a new one in its place.');
}

function explain(error: unknown): never {
  if (error instanceof SealBroken) throw new UsageError(`The secret cannot be kept: ${error.message}.`);
  throw error;
}
