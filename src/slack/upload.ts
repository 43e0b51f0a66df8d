// Uploading a file made from the record. Its id is written down before it is completed, so it appears once.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { escapeSlack } from '../core/message.js';
import { fileRemoved, fileUploaded, placeStream } from '../features/places/index.js';
import { SlackRefused } from './api.js';
import { incidentOf, type Performing } from './context.js';

export async function upload(
  context: Performing,
  effect: Extract<EffectKind, { do: 'upload' }>,
): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  const make = context.documents[effect.document];
  const channel = incident.channelId;
  if (!make || !channel) throw new SlackRefused('files.completeUploadExternal', 'no_place', null, {});
  const done = (fileId: string): Stated[] => [
    fileUploaded(
      { incidentId: incident.id, fileId, format: effect.document, channelId: channel },
      { stream: placeStream(incident.id) },
    ),
  ];
  const before = context.job.notes.fileId;
  if (before && (await isShared(context, before))) return done(before);
  const document = await make(context.tx, incident.id, context.workspace);
  const slot = await context.call('files.getUploadURLExternal', {
    filename: document.name,
    length: Buffer.byteLength(document.content),
  });
  const fileId = String(slot.file_id);
  await context.note({ fileId });
  await context.api.upload(String(slot.upload_url), document.content);
  await context.call('files.completeUploadExternal', {
    files: [{ id: fileId, title: document.title }],
    channel_id: channel,
    initial_comment: escapeSlack(document.comment.text),
    ...(incident.threadTs ? { thread_ts: incident.threadTs } : {}),
  });
  return done(fileId);
}

/** True when an upload of ours was completed, of which only the id is known. */
export async function isShared(context: Performing, fileId: string): Promise<boolean> {
  try {
    const answer = await context.call('files.info', { file: fileId });
    const file = answer.file as { channels?: string[]; groups?: string[]; ims?: string[] };
    return [file.channels, file.groups, file.ims].some((each) => (each ?? []).length > 0);
  } catch (error) {
    // Never completed: Slack does not know it.
    if (error instanceof SlackRefused && error.error !== 'missing_scope') return false;
    throw error;
  }
}

/** Deletes the files that hold words which were redacted, and uploads each kind once from the record as it is now. */
export async function replaceFiles(
  context: Performing,
  effect: Extract<EffectKind, { do: 'replaceFiles' }>,
): Promise<readonly Stated[]> {
  const incident = await incidentOf(context);
  const files = await context.tx.uploadedFile.findMany({
    where: { incidentId: incident.id, removed: false },
  });
  const stale = files.filter((file) => file.at <= context.job.madeAt);
  for (const file of stale) {
    await context.call('files.delete', { file: file.fileId }).catch((error: unknown) => {
      if (!(error instanceof SlackRefused) || !gone.has(error.error)) throw error;
    });
  }
  const facts: Stated[] = stale.map((file) =>
    fileRemoved({ incidentId: incident.id, fileId: file.fileId }, { stream: placeStream(incident.id) }),
  );
  const made = new Set(files.filter((file) => file.at > context.job.madeAt).map((file) => file.format));
  for (const format of new Set(stale.map((file) => file.format))) {
    if (made.has(format)) continue;
    facts.push(...(await upload(context, { do: 'upload', document: format, factId: effect.factId })));
  }
  return facts;
}

const gone = new Set(['file_not_found', 'file_deleted']);
