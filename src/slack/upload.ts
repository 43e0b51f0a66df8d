// Uploading a file made from the record. Its id is written down before it is completed, so it appears once.
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import { escapeSlack } from '../core/message.js';
import { fileUploaded, placeStream } from '../features/places/index.js';
import { SlackRefused } from './api.js';
import { incidentOf } from './open-place.js';
import type { Performing } from './perform.js';

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

async function isShared(context: Performing, fileId: string): Promise<boolean> {
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
