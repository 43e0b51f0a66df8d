// Redaction: the one update of a fact. The words go, from the record and from every row that repeats them.
import { answerSlot } from '../../core/effect.js';
import type { Fact } from '../../core/fact.js';
import type { FactKinds } from '../../core/feature.js';
import { type Message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { blankKeyTimes, idOf, saidSlot } from '../incident/index.js';

/** What stands where words were. */
export const redactedMessage = (seq: number | null): Message =>
  say({ bold: `#${seq ?? '?'}` }, ' was redacted');

/** What stands where an answer was. */
export const answerRedacted: Message = say('That was redacted since.');

/**
 * Blanks facts: their words, the words of their times, and the salt, without which their digest says nothing of them.
 * Rows, jobs and stored replies that repeat the words are blanked with them. The digests stay, so the chain holds.
 */
export async function projectRedaction(
  fact: Fact<{ entryId: string; factIds: string[] }>,
  tx: Tx,
  kinds: FactKinds,
): Promise<void> {
  const rows = await tx.fact.findMany({ where: { id: { in: fact.data.factIds } } });
  for (const row of rows) {
    const blank = kinds.of(row.type)?.blank(row.data) ?? row.data;
    await tx.fact.update({
      where: { id: row.id },
      data: { data: JSON.parse(JSON.stringify(blank)), salt: '', asWritten: null, redacted: true },
    });
    await tx.entry.updateMany({
      where: { id: row.id },
      data: { text: '', asWritten: null, strikeReason: null, files: [], redacted: true },
    });
    await blankReplies(tx, row.workspaceId, row.requestId);
    await blankJobs(tx, row);
    await tx.link.deleteMany({ where: { id: row.id } });
    if (row.incidentId) await blankKeyTimes(tx, row.incidentId, row.id);
    const struck = row.type === 'EntryStruck' ? (row.data as { entryId: string }).entryId : null;
    if (struck) await tx.entry.updateMany({ where: { id: struck }, data: { strikeReason: null } });
    if (row.type === 'StatusSet') await blankStatusText(tx, idOf(fact), row.data);
    if (row.type === 'IncidentDeclared')
      await tx.incident.updateMany({ where: { id: idOf(fact) }, data: { title: 'redacted' } });
  }
}

async function blankReplies(tx: Tx, workspaceId: string, requestId: string): Promise<void> {
  const reply = JSON.parse(JSON.stringify(answerRedacted));
  await tx.request.updateMany({ where: { workspaceId, id: requestId }, data: { reply } });
}

// A message that repeats a fact is in the slot of that fact or of the answer to its request, and was made with it.
async function blankJobs(
  tx: Tx,
  row: { id: string; workspaceId: string; requestId: string; recordedAt: Date; seq: number | null },
): Promise<void> {
  const { workspaceId, recordedAt: madeAt } = row;
  const jobs = await tx.job.findMany({
    where: { workspaceId, madeAt, kind: { in: ['say', 'sayOnly'] } },
    select: { id: true, payload: true },
  });
  const instead = new Map([
    [saidSlot(row.id), redactedMessage(row.seq)],
    [answerSlot(row.requestId), answerRedacted],
  ]);
  for (const job of jobs) {
    const payload = job.payload as { slot?: string };
    const words = instead.get(payload.slot ?? '');
    if (!words) continue;
    const message = JSON.parse(JSON.stringify(words));
    await tx.job.update({ where: { id: job.id }, data: { payload: { ...payload, message } } });
  }
}

// The incident shows the words of its status. Where they were redacted before, as in a rebuild, they are gone already.
async function blankStatusText(tx: Tx, incidentId: string, data: unknown): Promise<void> {
  const { text } = data as { text?: string | null };
  if (!text) return;
  await tx.incident.updateMany({ where: { id: incidentId, statusText: text }, data: { statusText: null } });
}
