// The message that a form is about: it travels with the form, and a long one waits beside the requests meanwhile.

import { shorten } from '../core/message.js';
import type { Tx } from '../db/tx.js';
import { carriedId, type Seen } from '../features/sources/index.js';
import { type Reader, seenOf } from './message.js';
import type { DoorParts, Origin, Request } from './request.js';
import { readMessage } from './take-message.js';

// docs.slack.dev, views: private_metadata takes 3,000 characters.
const metadataLimit = 3_000;
const filesCarried = 5;

/** What travels with a form. Of a message that is too long for that the beginning does, and the whole is kept. */
export async function carry(
  parts: DoorParts,
  request: Request,
  origin: Origin,
  message?: Seen,
): Promise<string> {
  if (!message) return JSON.stringify(origin);
  const whole = JSON.stringify({ ...origin, message });
  if (whole.length <= metadataLimit) return whole;
  const kept = await keep(parts, request, message);
  const files = message.files
    .slice(0, filesCarried)
    .map((file) => ({ ...file, name: shorten(file.name, 60) }));
  for (let length = 1_200; length > 0; length -= 200) {
    const text = shorten(message.text, length);
    const cut = JSON.stringify({ ...origin, kept, message: { ...message, text, files } });
    if (cut.length <= metadataLimit) return cut;
  }
  return JSON.stringify({ ...origin, kept });
}

/** The message that a form was opened on, whole; null where there is none. */
export async function carried(
  parts: DoorParts,
  request: Request,
  origin: Origin,
  reader: () => Promise<Reader>,
): Promise<Seen | null> {
  const { message, kept } = origin;
  if (kept === undefined) return message ?? null;
  const { id } = request.team.workspace;
  const row = await parts.kernel.db
    .of(id)
    .read.request.findUnique({ where: { workspaceId_id: { workspaceId: id, id: kept } } });
  // Written below, and by nothing else.
  if (row) return (row.reply as unknown as { seen: Seen }).seen;
  return message ? anew(parts, message, reader) : null;
}

/** Forgets a message that was kept for a form, with what the form did. */
export async function putDown(tx: Tx, origin: Origin): Promise<void> {
  if (origin.kept !== undefined) await tx.request.deleteMany({ where: { id: origin.kept } });
}

// With the requests, which are forgotten after a while: most forms that are not sent are never sent.
async function keep(parts: DoorParts, request: Request, seen: Seen): Promise<string> {
  const { id: workspaceId } = request.team.workspace;
  const id = carriedId(seen, request.requestId);
  const reply = JSON.parse(JSON.stringify({ seen }));
  await parts.kernel.db.of(workspaceId).write((tx) =>
    tx.request.upsert({
      where: { workspaceId_id: { workspaceId, id } },
      create: { workspaceId, id, reply, at: BigInt(parts.now().getTime()) },
      update: { reply },
    }),
  );
  return id;
}

// The form was sent so late that the whole is forgotten, or sent again. Where Slack does not show it, it says so itself.
async function anew(parts: DoorParts, message: Seen, reader: () => Promise<Reader>): Promise<Seen> {
  const { channelId, ts } = message;
  const beginning = { ...message, text: `${message.text}\n(The rest of this message is in Slack.)` };
  try {
    const read = await readMessage(parts.api.call, channelId, ts);
    return read === 'gone' || !read ? beginning : await seenOf(await reader(), channelId, read);
  } catch (error) {
    parts.log.info({ err: error }, 'long message not read');
    return beginning;
  }
}
