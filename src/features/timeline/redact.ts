// Redaction: the one update of a fact. The words go, from the record and from every row that repeats them.
import { answerSlot } from '../../core/effect.js';
import type { Fact } from '../../core/fact.js';
import type { FactKinds } from '../../core/feature.js';
import { type Message, say } from '../../core/message.js';
import type { Prisma, Tx } from '../../db/tx.js';
import { blankKeyTimes, idOf, saidSlot } from '../incident/index.js';

/** What stands where words were. */
export const redactedMessage = (seq: number | null): Message =>
  say({ bold: `#${seq ?? '?'}` }, ' was redacted');

/** What stands where an answer was. */
export const answerRedacted: Message = say('That was redacted since.');

/** What stands where words of no incident were. */
export const wordsGone = (key: string): Message => say({ bold: key }, ' was redacted');

/**
 * Blanks facts: their words, the words of their times, and the salt, without which their digest says nothing of them.
 * Rows, jobs and stored replies that repeat the words are blanked with them. The digests stay, so the chain holds.
 */
export async function projectRedaction(
  fact: Fact<{ entryId: string; factIds: string[]; requestIds: string[] }>,
  tx: Tx,
  kinds: FactKinds,
): Promise<void> {
  for (const row of await blanked(tx, fact.data.factIds, kinds)) {
    await blankJobs(tx, row, redactedMessage(row.seq));
    if (row.incidentId) await blankKeyTimes(tx, row.incidentId, row.id);
    const struck = row.type === 'EntryStruck' ? (row.data as { entryId: string }).entryId : null;
    if (struck) await tx.entry.updateMany({ where: { id: struck }, data: { strikeReason: null } });
    if (row.type === 'StatusSet') await blankStatusText(tx, idOf(fact), row.data);
    if (row.type === 'IncidentDeclared')
      await tx.incident.updateMany({ where: { id: idOf(fact) }, data: { title: 'redacted' } });
  }
  await blankAnswers(tx, fact.workspaceId, fact.data.requestIds);
}

/** The same of words that belong to no incident. */
export async function projectWordsRedacted(
  fact: Fact<{ key: string; facts: { id: string }[]; requestIds: string[] }>,
  tx: Tx,
  kinds: FactKinds,
): Promise<void> {
  const { key, facts, requestIds } = fact.data;
  const ids = facts.map(({ id }) => id);
  for (const row of await blanked(tx, ids, kinds)) await blankJobs(tx, row, wordsGone(key));
  await blankAnswers(tx, fact.workspaceId, requestIds);
}

type FactRow = Prisma.FactGetPayload<object>;

// The rows of the facts as they were before.
async function blanked(tx: Tx, ids: readonly string[], kinds: FactKinds): Promise<FactRow[]> {
  const rows = await tx.fact.findMany({ where: { id: { in: [...ids] } } });
  for (const row of rows) {
    const kind = kinds.of(row.type);
    const blank = kind?.blank(row.data) ?? row.data;
    // Whose words they were may be words of people too.
    const author = kind?.tell(blank)?.author;
    await tx.fact.update({
      where: { id: row.id },
      data: { data: JSON.parse(JSON.stringify(blank)), salt: '', asWritten: null, redacted: true },
    });
    await tx.entry.updateMany({
      where: { id: row.id },
      data: {
        ...{ text: '', asWritten: null, strikeReason: null, files: [], redacted: true },
        ...(author ? { authorId: author.id, authorName: author.name } : {}),
      },
    });
    await tx.link.deleteMany({ where: { id: row.id } });
    await blankReplies(tx, row.workspaceId, row.requestId);
  }
  return rows;
}

async function blankReplies(tx: Tx, workspaceId: string, requestId: string): Promise<void> {
  const reply = JSON.parse(JSON.stringify(answerRedacted));
  await tx.request.updateMany({ where: { workspaceId, id: requestId }, data: { reply } });
}

// A message that repeats a fact is in the slot of that fact or of the answer to its request, and was made with it.
async function blankJobs(tx: Tx, row: FactRow, words: Message): Promise<void> {
  const { workspaceId, recordedAt } = row;
  await blankSaid(tx, workspaceId, recordedAt, saidSlot(row.id), words);
  await blankSaid(tx, workspaceId, recordedAt, answerSlot(row.requestId), answerRedacted);
  await blankDecision(tx, row);
}

/** Puts other words where a message waits or was sent: the one of this slot that was made at this time. */
export async function blankSaid(
  tx: Tx,
  workspaceId: string,
  madeAt: Date,
  slot: string,
  words: Message,
): Promise<void> {
  const jobs = await tx.job.findMany({
    where: { workspaceId, madeAt, kind: { in: ['say', 'sayOnly'] } },
    select: { id: true, payload: true },
  });
  for (const job of jobs) {
    const payload = job.payload as { slot?: string };
    if (payload.slot !== slot) continue;
    const message = JSON.parse(JSON.stringify(words));
    await tx.job.update({ where: { id: job.id }, data: { payload: { ...payload, message } } });
  }
}

// What the program decided in its turn was told why by the job that made it decide.
async function blankDecision(tx: Tx, { workspaceId, requestId }: FactRow): Promise<void> {
  const [, id] = /^job\/(.+)$/.exec(requestId) ?? [];
  const job = id ? await tx.job.findFirst({ where: { workspaceId, id, kind: 'decide' } }) : null;
  const payload = job?.payload as { data?: { reason?: unknown } } | undefined;
  if (!job || typeof payload?.data?.reason !== 'string') return;
  const data = { ...payload.data, reason: '' };
  await tx.job.update({ where: { id: job.id }, data: { payload: { ...payload, data } } });
}

// Others asked what was said, and were answered with it.
async function blankAnswers(tx: Tx, workspaceId: string, requestIds: readonly string[]): Promise<void> {
  for (const id of requestIds) {
    const request = await tx.request.findFirst({ where: { workspaceId, id }, select: { at: true } });
    if (!request) continue;
    await blankReplies(tx, workspaceId, id);
    await blankSaid(tx, workspaceId, new Date(Number(request.at)), answerSlot(id), answerRedacted);
  }
}

// The incident shows the words of its status. Where they were redacted before, as in a rebuild, they are gone already.
async function blankStatusText(tx: Tx, incidentId: string, data: unknown): Promise<void> {
  const { text } = data as { text?: string | null };
  if (!text) return;
  await tx.incident.updateMany({ where: { id: incidentId, statusText: text }, data: { statusText: null } });
}
