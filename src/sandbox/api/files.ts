// files.*: the three steps of an upload, and what became of the files.
import { botMessage, shareFiles, storeFile } from '../acts.js';
import { checkBlocks, withIds } from '../blockkit/index.js';
import { isObject } from '../blockkit/rules.js';
import { refuse, refuseInvalid } from '../errors.js';
import { fileJson } from '../format-files.js';
import type { FileView, Json } from '../types.js';
import { type Channel, nextId, secret, type World } from '../world.js';
import { threadRoot } from './chat.js';
import { type Context, type Handler, int, str } from './context.js';

const CHANNELS_MAX = 100;

function getUploadUrl({ world, args }: Context): Json {
  const length = int(args, 'length') ?? 0;
  if (!Number.isInteger(length) || length < 1) refuse('invalid_arguments');
  const key = secret(16);
  const fileId = nextId(world, 'F');
  world.uploads.set(key, { fileId, name: str(args, 'filename'), alt: str(args, 'alt_txt'), length });
  return { upload_url: `${world.baseUrl}/upload/v1/${key}`, file_id: fileId };
}

/** The second step: the bytes. Answers the HTTP status the upload host gives. */
export function receiveUpload(world: World, key: string, content: Buffer | undefined): number {
  const upload = world.uploads.get(key);
  if (!upload) return 404;
  if (!content || content.length !== upload.length) return 400;
  upload.content = content;
  return 200;
}

function shareTargets(ctx: Context): Channel[] {
  const { world, args } = ctx;
  const ids = [str(args, 'channel_id'), ...str(args, 'channels').split(',')].filter(Boolean);
  if (ids.length > CHANNELS_MAX) refuse('channels_limit_exceeded');
  return [...new Set(ids)].map((id) => {
    const channel = world.channels.get(id) ?? refuse('channel_not_found');
    const member = channel.members.includes(world.app.botUserId);
    if (!member) refuse(channel.kind === 'channel' ? 'not_in_channel' : 'channel_not_found');
    if (channel.isArchived) refuse('posting_to_channel_denied');
    return channel;
  });
}

function completeUpload(ctx: Context): Json {
  const { world, args } = ctx;
  if (!Array.isArray(args.files) || args.files.length === 0) return refuse('invalid_arguments');
  const targets = shareTargets(ctx);
  const wanted = args.files.map((one: unknown) => {
    const id = isObject(one) ? one.id : undefined;
    const found = [...world.uploads].find(([, upload]) => upload.fileId === id && upload.content);
    if (!found) return refuse('file_not_found');
    const title = isObject(one) && typeof one.title === 'string' ? one.title : found[1].name;
    return { key: found[0], upload: found[1], title };
  });
  const blocks = readBlocks(args.blocks);
  const threadTs = targets[0] ? threadOf(targets[0], str(args, 'thread_ts')) : undefined;
  const files = wanted.map(({ key, upload, title }) => {
    world.uploads.delete(key);
    const content = upload.content ?? Buffer.alloc(0);
    return storeFile(world, {
      id: upload.fileId,
      name: upload.name,
      title,
      alt: upload.alt,
      content,
      user: world.app.botUserId,
    });
  });
  for (const channel of targets) {
    shareFiles(world, channel, files, {
      ...botMessage(world),
      text: str(args, 'initial_comment'),
      ...(threadTs ? { threadTs } : {}),
      ...(blocks ? { blocks } : {}),
    });
  }
  return { files: files.map((file) => fileJson(world, file)) };
}

function readBlocks(given: unknown): Json[] | undefined {
  if (given === undefined) return undefined;
  const wrong = checkBlocks(given);
  if (wrong.length > 0) refuseInvalid('invalid_blocks', wrong);
  return withIds(given as Json[]);
}

/** completeUploadExternal lists no error for a thread that is not there. */
function threadOf(channel: Channel, ts: string): string | undefined {
  const known = channel.messages.some((one) => one.ts === ts);
  return known ? threadRoot(channel, ts) : undefined;
}

function knownFile({ world, args }: Context): FileView {
  const file = world.files.get(str(args, 'file'));
  if (!file) return refuse('file_not_found');
  return file.deleted ? refuse('file_deleted') : file;
}

function info(ctx: Context): Json {
  return {
    file: fileJson(ctx.world, knownFile(ctx)),
    comments: [],
    response_metadata: { next_cursor: '' },
  };
}

function list({ world, args }: Context): Json {
  const channel = str(args, 'channel');
  const user = str(args, 'user');
  if (user && !world.users.has(user)) refuse('user_not_found');
  const all = [...world.files.values()].filter(
    (one) => !one.deleted && (!channel || one.channels.includes(channel)) && (!user || one.user === user),
  );
  const count = Number(args.count ?? 100) || 100;
  const at = Number(args.page ?? 1) || 1;
  const files = all.slice((at - 1) * count, at * count).map((one) => fileJson(world, one));
  return {
    files,
    paging: { count, total: all.length, page: at, pages: Math.max(1, Math.ceil(all.length / count)) },
  };
}

function remove(ctx: Context): Json {
  const file = knownFile(ctx);
  if (file.user !== ctx.world.app.botUserId) refuse('cant_delete_file');
  file.deleted = true;
  for (const channel of ctx.world.channels.values()) {
    for (const message of channel.messages) {
      if (!message.files.includes(file.id)) continue;
      message.files = message.files.filter((id) => id !== file.id);
      ctx.world.changed({ what: 'message', channel: channel.id, ts: message.ts });
    }
  }
  return {};
}

export const fileMethods: Readonly<Record<string, Handler>> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
  'files.list': list,
  'files.delete': remove,
};
