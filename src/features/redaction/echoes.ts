// Answers that repeat what a report or a page says: whoever asks for it is shown it, and what is answered is kept.
import { escapeSlack } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { pageKey } from '../paging/index.js';
import { reportKey } from '../reports/index.js';

/** Lists shorten what they show; so much of it they show. */
const shownMin = 40;

/** The requests whose answers name a report or a page and repeat its words. */
export async function echoesOf(tx: Tx, workspaceId: string, factIds: readonly string[]): Promise<string[]> {
  const rows = await tx.fact.findMany({ where: { id: { in: [...factIds] }, redacted: false } });
  const found: string[] = [];
  for (const { type, data, recordedAt } of rows) {
    const { number, text, reason } = data as { number?: number; text?: string; reason?: string };
    const words = beginning(text ?? reason ?? '');
    const key = number === undefined ? null : keyOf(type, number);
    if (key && words !== '') found.push(...(await answersWith(tx, workspaceId, recordedAt, key, words)));
  }
  return [...new Set(found)];
}

// On one line, as it stands in whatever shows it; half a character would be found nowhere.
function beginning(text: string): string {
  const [line = ''] = text.trim().split(/[\n\t]| {2}/);
  return line.slice(0, shownMin).replace(/[\uD800-\uDBFF]$/, '');
}

function keyOf(type: string, number: number): string | null {
  if (type.startsWith('Report')) return reportKey({ number });
  return type.startsWith('Page') ? pageKey({ number }) : null;
}

// Both together: the words alone may be anybody's, the name alone says nothing.
async function answersWith(
  tx: Tx,
  workspaceId: string,
  since: Date,
  key: string,
  words: string,
): Promise<string[]> {
  const [named, said] = [`%${key}%`, `%${literal(JSON.stringify(escapeSlack(words)).slice(1, -1))}%`];
  const requests = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Request" WHERE "workspaceId" = ${workspaceId} AND "at" >= ${BigInt(since.getTime())}
      AND CAST("reply" AS TEXT) LIKE ${named} AND CAST("reply" AS TEXT) LIKE ${said} ESCAPE '!'`;
  const jobs = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Job" WHERE "workspaceId" = ${workspaceId} AND "kind" IN ('say', 'sayOnly')
      AND CAST("payload" AS TEXT) LIKE ${named} AND CAST("payload" AS TEXT) LIKE ${said} ESCAPE '!'`;
  const payloads = await tx.job.findMany({
    where: { id: { in: jobs.map(({ id }) => id) } },
    select: { payload: true },
  });
  const answers = payloads.flatMap(({ payload }) => {
    const [, id] = /^answer\/(.+)$/.exec((payload as { slot?: string }).slot ?? '') ?? [];
    return id ? [id] : [];
  });
  return [...requests.map(({ id }) => id), ...answers];
}

// What LIKE would read as more than a letter.
function literal(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}
