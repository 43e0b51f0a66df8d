// What a redaction needs to know of pages: where their words are on record, who has them, and whether they are gone.
import type { Ask, Located } from '../../core/command.js';
import type { PagePath } from '../../core/effect.js';
import type { Tx } from '../../db/tx.js';
import { pageOpened, pageWithdrawn } from './facts.js';
import { attemptsOfPage, findPage, seesIncident } from './store.js';
import { type Page, type PageAttempt, pageKey, pageStream, pathName } from './words.js';

export interface PageWords {
  readonly key: string;
  readonly id: string;
  readonly stream: string;
  /** The facts that say why somebody was called, and why it was taken back; empty where there were no words. */
  readonly factIds: readonly string[];
  /** Whether the asker may see what it is about: they may have been called, and no more. */
  readonly seen: boolean;
}

/** Where the words of a page are on record. */
export async function wordsOfPage(tx: Tx, number: number, ask: Ask): Promise<Located<PageWords>> {
  const found = await findPage(tx, { page: number }, ask);
  if ('refused' in found) return found;
  const { streams, target: page } = found;
  const stream = pageStream(page.id);
  const rows = await tx.fact.findMany({
    where: {
      ...{ workspaceId: ask.workspace.id, stream },
      // By the program it is taken back in words of its own.
      OR: [{ type: pageOpened.type }, { type: pageWithdrawn.type, actorKind: { not: 'system' } }],
    },
    orderBy: { position: 'asc' },
    select: { id: true },
  });
  const factIds = rows.map(({ id }) => id);
  return {
    streams,
    target: { key: pageKey(page), id: page.id, stream, factIds, seen: await seesIncident(tx, page, ask) },
  };
}

/** Which of these pages had a reason that was redacted. */
export async function redactedPages(tx: Tx, pages: readonly Page[]): Promise<ReadonlySet<string>> {
  const workspaceId = pages[0]?.workspaceId;
  if (workspaceId === undefined) return new Set();
  const rows = await tx.fact.findMany({
    where: {
      ...{ workspaceId, type: pageOpened.type, redacted: true },
      stream: { in: pages.map(({ id }) => pageStream(id)) },
    },
    select: { stream: true },
  });
  const streams = new Set(rows.map(({ stream }) => stream));
  return new Set(pages.map(({ id }) => id).filter((id) => streams.has(pageStream(id))));
}

/** Who has what these pages said, by ways that take nothing back; of a private incident no letter said anything. */
export async function sentWith(
  tx: Tx,
  pageIds: readonly string[],
  paths: readonly PagePath[] = ['mail', 'webhook'],
): Promise<string[]> {
  const pages = await tx.page.findMany({ where: { id: { in: [...pageIds] } }, orderBy: { number: 'asc' } });
  const about = pages.flatMap(({ incidentId }) => incidentId ?? []);
  const hidden = await tx.incident.findMany({ where: { id: { in: about }, private: true } });
  const said = pages.filter((page) => !hidden.some(({ id }) => id === page.incidentId));
  const all = (await Promise.all(said.map(({ id }) => attemptsOfPage(tx, id)))).flat();
  return namesOf(all.filter(({ path }) => paths.some((each) => each === path)));
}

/** By letter and by pager: what left cannot be fetched back. A stuck one may have gone. */
export function namesOf(attempts: readonly PageAttempt[]): string[] {
  const gone = attempts.filter(
    ({ path, state }) => path !== 'slack' && state !== 'simulated' && state !== 'failed',
  );
  return [...new Set(gone.map(({ toName, path }) => `${toName} by ${pathName(path)}`))];
}
