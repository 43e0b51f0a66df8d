// From the messages of a channel or a thread to the rows of its list: days, the new line, groups of one author. Pure.
import type { PageMessage } from '../../page/contract.js';
import { dayOf } from './clock.js';

/** Messages of one author within this time stand under one name. */
const groupSeconds = 5 * 60;

/** Subtypes that say what happened to the channel, in a small line. */
const smallSubtypes =
  /^(?:channel|group)_(?:join|leave|topic|purpose|name|archive|unarchive)$|^pinned_item$|^bookmark_/;

export interface ThreadSum {
  readonly count: number;
  readonly lastTs: string;
  readonly users: readonly string[];
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly ts: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'replies'; readonly key: string; readonly count: number }
  | { readonly kind: 'small'; readonly key: string; readonly message: PageMessage }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: PageMessage;
      /** The first of its group carries name and time. */
      readonly head: boolean;
      readonly thread?: ThreadSum;
    };

export interface RowsGiven {
  readonly zone: string;
  readonly me: string;
  /** Where one had read to when one came; null when all was read. */
  readonly readTo: string | null;
}

/** The rows of a channel: replies stay in their threads, except those sent to the channel as well. */
export function channelRows(messages: readonly PageMessage[], given: RowsGiven): Row[] {
  const threads = threadsOf(messages);
  const shown = messages.filter((each) => !isReply(each) || each.subtype === 'thread_broadcast');
  const rows: Row[] = [];
  let day = '';
  let isNewShown = given.readTo === null;
  let before: PageMessage | undefined;
  for (const message of shown) {
    const today = dayOf(message.ts, given.zone);
    if (today !== day) rows.push({ kind: 'day', key: `day ${today}`, ts: message.ts });
    if (!isNewShown && isNews(message, given)) {
      isNewShown = true;
      rows.push({ kind: 'new', key: 'new' });
      before = undefined;
    }
    if (today !== day) before = undefined;
    day = today;
    rows.push(rowOf(message, before, threads.get(message.ts)));
    before = message;
  }
  return rows;
}

/** The rows of a thread: its first message, how many replies, the replies. */
export function threadRows(messages: readonly PageMessage[], rootTs: string): Row[] {
  const root = messages.find((each) => each.ts === rootTs);
  const replies = messages.filter((each) => each.threadTs === rootTs && each.ts !== rootTs);
  const rows: Row[] = root ? [rowOf(root, undefined, undefined)] : [];
  const count = replies.filter((each) => !each.ephemeral).length;
  if (count > 0) rows.push({ kind: 'replies', key: 'replies', count });
  let before: PageMessage | undefined;
  for (const reply of replies) {
    rows.push(rowOf(reply, before, undefined));
    before = reply;
  }
  return rows;
}

/** What each thread of a channel holds, by the time of its first message. */
export function threadsOf(messages: readonly PageMessage[]): Map<string, ThreadSum> {
  const threads = new Map<string, ThreadSum>();
  for (const message of messages) {
    if (!isReply(message) || message.ephemeral || message.threadTs === undefined) continue;
    const known = threads.get(message.threadTs);
    threads.set(message.threadTs, {
      count: (known?.count ?? 0) + 1,
      lastTs: message.ts,
      users: [...new Set([...(known?.users ?? []), message.user])],
    });
  }
  return threads;
}

/** Whether it stands in a thread, below its first message. */
export function isReply(message: PageMessage): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}

/** Whether a message is a small line about the channel. */
export function isSmall(message: PageMessage): boolean {
  return smallSubtypes.test(message.subtype ?? '');
}

function isNews(message: PageMessage, given: RowsGiven): boolean {
  return (
    given.readTo !== null && message.ts > given.readTo && message.user !== given.me && !message.ephemeral
  );
}

function rowOf(message: PageMessage, before: PageMessage | undefined, thread: ThreadSum | undefined): Row {
  const key = message.ts;
  if (isSmall(message)) return { kind: 'small', key, message };
  const head = !before || !isContinued(before, message);
  return { kind: 'message', key, message, head, ...(thread ? { thread } : {}) };
}

function isContinued(before: PageMessage, message: PageMessage): boolean {
  return (
    before.user === message.user &&
    !isSmall(before) &&
    before.ephemeral === message.ephemeral &&
    before.subtype !== 'tombstone' &&
    Number(message.ts) - Number(before.ts) < groupSeconds
  );
}

/** The last message of one's own, which the arrow up edits. */
export function lastOwn(rows: readonly Row[], me: string): string | null {
  const row = rows.findLast(
    (each) => each.kind === 'message' && each.message.user === me && !each.message.ephemeral,
  );
  return row?.key ?? null;
}
