// A message as Slack sends it, and what it says in plain words: its author, its files, who marked it.
import { createHash } from 'node:crypto';
import { plainWords } from '../core/usage.js';
import type { Marks, Seen } from '../features/sources/index.js';
import { peopleIn, plainText } from './inbound.js';
import type { People } from './people.js';

/** 📌, by Slack's name for it. */
export const defaultEmoji = 'pushpin';
/** Enough to tell a message from what it said before. */
const digestLength = 32;

export interface SlackMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly subtype?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly bot_profile?: { readonly name?: string };
  readonly text?: string;
  readonly edited?: { readonly ts?: string };
  readonly reply_count?: number;
  readonly latest_reply?: string;
  readonly files?: readonly SlackFile[];
  readonly attachments?: readonly Attachment[];
  readonly blocks?: readonly unknown[];
  readonly reactions?: readonly {
    readonly name: string;
    readonly users?: string[];
    readonly count?: number;
  }[];
  readonly pinned_to?: readonly string[];
}

interface SlackFile {
  readonly id: string;
  readonly name?: string;
  readonly title?: string;
  readonly mode?: string;
  readonly permalink?: string;
}

interface Attachment {
  readonly pretext?: string;
  readonly title?: string;
  readonly text?: string;
  readonly fallback?: string;
  readonly blocks?: readonly unknown[];
  readonly from_url?: string;
  readonly is_msg_unfurl?: boolean;
}

/** What reading a message needs to know besides it. */
export interface Reader {
  readonly workspaceId: string;
  readonly people: People;
  readonly teamUrl: string | null;
  readonly botUserId: string | null;
  /** The reaction that puts a message on the timeline, without its colons. */
  readonly emoji: string;
}

/** True for what stands where a message was: Slack keeps the first of a thread, without its words. */
export function isTombstone(message: SlackMessage): boolean {
  return message.subtype === 'tombstone';
}

/** The reaction's name, whatever its skin. */
export function isTimelineEmoji(reader: { emoji: string }, name: string): boolean {
  return name.split('::')[0] === reader.emoji;
}

/** Who marked it. Andon's own reactions and pins do not count: Slack tells an app of what it did itself. */
export function marksOf(reader: Reader, channelId: string, message: SlackMessage): Marks {
  const found = (message.reactions ?? []).filter((each) => isTimelineEmoji(reader, each.name));
  const users = found.flatMap((each) => each.users ?? []);
  return {
    reactors: [...new Set(users)].filter((id) => id !== reader.botUserId),
    // Slack names only some of those who reacted; the count is of all.
    more: found.some((each) => (each.count ?? 0) > (each.users ?? []).length),
    pinned: (message.pinned_to ?? []).includes(channelId),
  };
}

/** The message in plain words. */
export async function seenOf(reader: Reader, channelId: string, message: SlackMessage): Promise<Seen> {
  const raw = rawText(message);
  const named = new Map<string, { name: string }>();
  for (const id of peopleIn(raw)) {
    const person = await reader.people.byId(reader.workspaceId, id);
    if (person) named.set(id.toLowerCase(), person);
  }
  const files = filesOf(message);
  const text = plainWords(plainText(raw, named));
  const names = files.map(nameOf).join(', ');
  return {
    channelId,
    ts: message.ts,
    threadTs: threadOf(message),
    author: await authorOf(reader, message),
    text: text.trim() || (names ? `(${files.length === 1 ? 'file' : 'files'}: ${names})` : '(no text)'),
    digest: createHash('sha256').update(raw).digest('hex').slice(0, digestLength),
    files: files.map((file) => ({ id: file.id, name: nameOf(file), permalink: file.permalink ?? null })),
    permalink: permalinkOf(reader.teamUrl, channelId, message),
    edited: message.edited?.ts ?? null,
    ours: reader.botUserId !== null && message.user === reader.botUserId,
  };
}

/** The thread that a reply is in; null for a message that is none. */
export function threadOf(message: SlackMessage): string | null {
  return message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null;
}

/** Slack's permalinks are made of the team's address, the channel and the ts; asking for one would be a call more. */
export function permalinkOf(
  teamUrl: string | null,
  channelId: string,
  message: { ts: string; thread_ts?: string },
): string | null {
  if (!teamUrl) return null;
  const base = `${teamUrl}archives/${channelId}/p${message.ts.replace('.', '')}`;
  const { thread_ts: thread } = message;
  return thread && thread !== message.ts ? `${base}?thread_ts=${thread}&cid=${channelId}` : base;
}

async function authorOf(reader: Reader, message: SlackMessage): Promise<{ id: string; name: string }> {
  const bot = message.username ?? message.bot_profile?.name;
  if (message.bot_id && bot) return { id: message.user ?? message.bot_id, name: bot.slice(0, 80) };
  if (!message.user) return { id: message.bot_id ?? 'unknown', name: bot ?? 'somebody' };
  const person = await reader.people.byId(reader.workspaceId, message.user, bot);
  return { id: message.user, name: person?.name ?? bot ?? message.user };
}

function nameOf(file: SlackFile): string {
  return file.name ?? file.title ?? file.id;
}

/** All that a message says, raw, so that it can be told whether a change changed that. */
export function saidIn(message: SlackMessage): string {
  const files = filesOf(message).map((file) => file.id);
  return JSON.stringify([rawText(message), files, message.edited?.ts ?? null]);
}

function filesOf(message: SlackMessage): SlackFile[] {
  return (message.files ?? []).filter((file) => file.mode !== 'tombstone' && file.id);
}

// Alerts often say everything in attachments or blocks, and nothing in the text, or only a headline.
function rawText(message: SlackMessage): string {
  const text = message.text?.trim() ? message.text : '';
  const attached = (message.attachments ?? [])
    .filter((each) => text === '' || !isUnfolded(each))
    .map(wordsOfAttachment)
    .filter((each) => each !== '');
  if (text !== '') {
    // Of what people write, Slack repeats the text in a block; an app's text is what notifications show of its blocks.
    const shown = message.bot_id ? [...textsIn((message.blocks ?? []).filter(isOwnShape)), ...attached] : [];
    return [text, ...shown.filter((each) => !text.includes(each.trim()))].join('\n');
  }
  return attached.length > 0 ? attached.join('\n') : textsIn(message.blocks ?? []).join('\n');
}

function wordsOfAttachment({ pretext, title, text, fallback, blocks }: Attachment): string {
  const parts = [pretext, title, text, ...textsIn(blocks ?? [])].filter((each) => each?.trim());
  return parts.length > 0 ? parts.join('\n') : (fallback ?? '');
}

// What Slack shows of a link says nothing that the author said.
function isUnfolded(attachment: Attachment): boolean {
  return attachment.from_url !== undefined || attachment.is_msg_unfurl === true;
}

// Rich text is the text once more; the rest of an app's blocks is of its own making, but for what one can press.
function isOwnShape(block: unknown): boolean {
  const { type } = block as { type?: string };
  return type !== 'rich_text' && type !== 'actions';
}

// The words of blocks, whatever their shape: every `text` that is one.
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}
