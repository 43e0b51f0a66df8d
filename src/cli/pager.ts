// `andon pager`: systems that call people, and what proves us to them.
import { randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { readConfig } from '../config.js';
import { OutsideBusy, OutsideRefused, OutsideUnreachable } from '../core/outside.js';
import { isBackKind } from '../core/pager.js';
import { migrate } from '../db/migrate.js';
import {
  findPager,
  isPagerKind,
  keepPager,
  listPagers,
  PagerExists,
  type PagerKind,
  type PagerRow,
  pagerKinds,
  revokePager,
} from '../db/pagers.js';
import { SealBroken, sealOf } from '../db/seal.js';
import { isLoopback, isOfThisMachine } from '../outside/http.js';
import type { PageScene } from '../outside/page-scene.js';
import { callOf, send } from '../outside/page-webhook.js';
import { existingDatabase, minuteOf, table, UsageError, withWorkspace } from './kit.js';

export interface PagerOptions {
  readonly name?: string;
  readonly url?: string;
  readonly plain: boolean;
}

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u;
const secretBytes = 32;
const secretMax = 500;
const usualUrl: Readonly<Record<PagerKind, string | null>> = {
  webhook: null,
  pagerduty: 'https://events.pagerduty.com/v2/enqueue',
  opsgenie: 'https://api.opsgenie.com/v2/alerts',
};
const whatItNeeds: Readonly<Record<PagerKind, string>> = {
  webhook: '',
  pagerduty: 'the integration key of a service, Events API v2',
  opsgenie: 'the key of an API integration',
};

/** Makes a pager. The key of PagerDuty or Opsgenie is read from stdin; a webhook's secret is made and printed, alone. */
export async function createPager(kind: string, options: PagerOptions): Promise<void> {
  if (!isPagerKind(kind))
    throw new UsageError(`There is no kind of pager “${kind}”. The kinds are ${pagerKinds.join(', ')}.`);
  const name = options.name ?? kind;
  if (!namePattern.test(name))
    throw new UsageError(
      '--name: a name begins with a letter or a digit and has at most 60 letters, digits, dots, hyphens, underscores and @.',
    );
  const address = addressOf(kind, options);
  const secret = kind === 'webhook' ? randomBytes(secretBytes).toString('base64url') : await keyOf(kind);
  const config = readConfig(process.env);
  const url = await existingDatabase();
  // Pagers may be made before Andon's first start, or beside one that has not seen this version.
  await migrate(url);
  await withWorkspace(async (db, workspace) => {
    const pager = { kind, name, url: address, secret, now: new Date() };
    await keepPager(db, workspace.id, pager, sealOf(url, config.ANDON_SECRET_KEY)).catch(explain(name));
  });
  if (kind === 'webhook') {
    console.log(secret);
    console.error('Whoever receives the pages checks their signature with it; it is not shown again.');
  }
  console.error(
    `Try it: andon pager test ${name}. Then name it in a level: /incident escalation default @user 5m then pager:${name} 10m`,
  );
  if (isBackKind(kind))
    console.error(
      `Then andon pager back ${name}, so that whoever acknowledges in its own app has the page, and nobody else is called.`,
    );
}

function addressOf(kind: PagerKind, { url, plain }: PagerOptions): string {
  const address = url ?? usualUrl[kind];
  if (address === null)
    throw new UsageError('--url: say where the webhook is, such as https://calls.example.com/andon');
  const read = URL.canParse(address) ? new URL(address) : null;
  if (!read || !['http:', 'https:'].includes(read.protocol))
    throw new UsageError(`--url: “${address}” is no http(s) address.`);
  if (read.protocol === 'http:' && !isLoopback(read.hostname) && !plain)
    throw new UsageError(
      '--url: over http:// anybody on the way could read a page and its key. If you know that, add --plain.',
    );
  return address;
}

// Not an argument: those are in the shell's history and in the list of processes.
async function keyOf(kind: PagerKind): Promise<string> {
  if (process.stdin.isTTY) console.error(`Paste ${whatItNeeds[kind]}, then Enter and Ctrl-D:`);
  const key = (await text(process.stdin)).trim();
  if (key !== '' && key.length <= secretMax && !/\s/.test(key)) return key;
  throw new UsageError(
    `The key is read from stdin: ${whatItNeeds[kind]}. For example: andon pager create ${kind} < key.txt`,
  );
}

/** Prints the pagers, without anything that could be used. */
export async function listAllPagers(): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    const pagers = await listPagers(db, workspace.id);
    if (pagers.length === 0) {
      console.log('There is no pager yet: andon pager create pagerduty');
      return;
    }
    const heads = ['NAME', 'KIND', 'CREATED', 'STATE', 'WHERE', 'ITS APP IS HEARD'];
    for (const line of table([heads, ...pagers.map(cellsOf)])) console.log(line);
  });
}

// The rest of an address may be a secret too.
function cellsOf(pager: PagerRow): string[] {
  return [
    pager.name,
    pager.kind,
    minuteOf(pager.createdAt),
    pager.revokedAt ? `revoked ${minuteOf(pager.revokedAt)}` : 'works',
    new URL(pager.url).host,
    heard(pager),
  ];
}

function heard({ kind, revokedAt, back, usedAt }: PagerRow): string {
  if (revokedAt) return 'no';
  if (!isBackKind(kind)) return 'by its link, or over HTTP';
  if (back === null) return 'no';
  return usedAt ? `last ${minuteOf(usedAt)}` : 'not yet';
}

/** Revokes the pager of this name. */
export async function revokePagerNamed(name: string): Promise<void> {
  await withWorkspace(async (db, workspace) => {
    if (await revokePager(db, workspace.id, name, new Date())) {
      console.log(`The pager “${name}” is revoked. Levels that name it call nobody by it, and say so.`);
      return;
    }
    throw new UsageError(unknownPager(name, await listPagers(db, workspace.id)));
  });
}

/** What is said of a name that no pager has. */
export function unknownPager(name: string, pagers: readonly PagerRow[]): string {
  const names = pagers.filter((each) => !each.revokedAt).map((each) => each.name);
  return `There is no pager “${name}” that works. Those that do: ${names.join(', ') || 'none'}.`;
}

/** Sends a test page and takes it back; says what was answered. */
export async function testPager(name: string): Promise<void> {
  const config = readConfig(process.env);
  const url = await existingDatabase();
  await withWorkspace(async (db, workspace) => {
    try {
      const pager = await findPager(db, workspace.id, name, sealOf(url, config.ANDON_SECRET_KEY));
      if (!pager) throw new UsageError(unknownPager(name, await listPagers(db, workspace.id)));
      const scene = testScene(name);
      const common = {
        pager,
        link: isOfThisMachine(config.publicUrl) ? null : config.publicUrl,
        unix: Math.floor(Date.now() / 1000),
      };
      const job = { job: { notes: {} }, note: async () => {} } as unknown as Parameters<typeof send>[0];
      await send(job, pager.kind, callOf({ ...common, scene, what: 'ring' }));
      await send(
        job,
        pager.kind,
        callOf({ ...common, scene: { ...scene, state: 'withdrawn' }, what: 'over' }),
      );
      console.log(`The pager “${name}” took a test page, and that it is over.`);
    } catch (error) {
      throw new UsageError(`The pager “${name}” did not take it: ${reasonOf(error, name)}`);
    }
  });
}

function reasonOf(error: unknown, name: string): string {
  if (error instanceof UsageError) throw error;
  if (error instanceof OutsideRefused) return `${error.error}${error.needed ? ` (${error.needed})` : ''}.`;
  if (error instanceof OutsideBusy) return 'it asks to come back later.';
  if (error instanceof OutsideUnreachable)
    return error.sent
      ? `${error.message}. It may have heard it all the same: see whether it rings there. Then again: andon pager test "${name}"`
      : `${error.message}. It heard nothing. See that this machine reaches its address: the network, its DNS, a firewall; \`andon pager list\` shows where it is. Then again: andon pager test "${name}"`;
  throw error;
}

function testScene(name: string): PageScene {
  const now = new Date();
  return {
    ...{
      id: `test-${randomUUID()}`,
      number: 0,
      state: 'ringing',
      severity: null,
      incident: null,
      reason: null,
    },
    words: 'This is a test of Andon. Nobody needs to do anything.',
    target: { kind: 'pager', name },
    cause: { kind: 'person', name: null },
    ...{ openedBy: 'andon pager test', openedAt: now, answeredBy: null, nextAt: null, next: null },
    listed: [],
    attempt: { id: randomUUID(), level: 0, round: 0, to: { id: null, name }, address: name },
  };
}

function explain(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof PagerExists)
      throw new UsageError(
        `There is a pager “${name}” already. Take another name with --name, or revoke it first: andon pager revoke "${name}"`,
      );
    if (error instanceof SealBroken) throw new UsageError(`The key cannot be kept: ${error.message}.`);
    throw error;
  };
}
