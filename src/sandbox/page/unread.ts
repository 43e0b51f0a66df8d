// How far each person has read each channel, and what they have not read yet.
import type { Json } from '../types.js';
import { type Channel, groupId, type Message, type World } from '../world.js';
import type { ChannelCard } from './contract.js';

/** person and channel → the ts of the last message read. */
export type Marks = Map<string, string>;

const NOTHING_READ = '0000000000.000000';

/** Joining, leaving and the like: shown, and news to nobody. */
const QUIET = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$/;

export function lastRead(marks: Marks, channel: Channel, user: string): string {
  return marks.get(`${user} ${channel.id}`) ?? NOTHING_READ;
}

/** Reading never goes back. Who has read the end of a channel has seen its threads' replies announced, too. */
export function markRead(marks: Marks, channel: Channel, user: string, ts: string): boolean {
  const newest = channel.messages.findLast((one) => !isReply(one));
  const last = channel.messages.at(-1);
  const to = last && (!newest || ts >= newest.ts) && last.ts > ts ? last.ts : ts;
  if (to <= lastRead(marks, channel, user)) return false;
  marks.set(`${user} ${channel.id}`, to);
  return true;
}

/** What a person does by themselves in a channel leaves nothing unread behind it. */
export function unreadOf(
  world: World,
  marks: Marks,
  channel: Channel,
  user: string,
): Pick<ChannelCard, 'unread' | 'mentions' | 'lastReadTs'> {
  const lastReadTs = lastRead(marks, channel, user);
  let unread = 0;
  let mentions = 0;
  if (channel.members.includes(user)) {
    const direct = channel.kind === 'im' || channel.kind === 'mpim';
    for (let index = channel.messages.length - 1; index >= 0; index -= 1) {
      const message = channel.messages[index];
      if (!message || message.ts <= lastReadTs) break;
      if (message.user === user || QUIET.test(message.subtype ?? '') || message.subtype === 'tombstone')
        continue;
      const mentioned = direct || mentionsPerson(world, message, user);
      if (mentioned) mentions += 1;
      // A reply in a thread is news to those it names.
      if (mentioned || !isReply(message)) unread += 1;
    }
  }
  return { unread, mentions, lastReadTs };
}

function isReply(message: Message): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts && message.broadcast !== true;
}

function mentionsPerson(world: World, message: Message, user: string): boolean {
  const groups = (world.usergroups ?? [])
    .map((group, index, all) => ({ ...group, id: groupId(all, index) }))
    .filter((group) => group.users.includes(user));
  const names = new Set([...BROADCASTS, `@${user}`, ...groups.map((group) => `!subteam^${group.id}`)]);
  return [...mentionsOf(message.text), ...mentionsIn(message.blocks)].some((one) => names.has(one));
}

const BROADCASTS = ['!here', '!channel', '!everyone'];

/** The mentions in mrkdwn, without their labels. Slack escapes what only looks like one. */
function mentionsOf(mrkdwn: string): string[] {
  return [...mrkdwn.matchAll(/<([@!][^<>|]+)(?:\|[^<>]*)?>/g)].map((match) => match[1] ?? '');
}

/** The mentions in blocks, whatever their shape. Plain text mentions nobody. */
function mentionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentionsIn);
  if (value === null || typeof value !== 'object') return [];
  const part = value as Json;
  switch (part.type) {
    case 'user':
      return [`@${String(part.user_id)}`];
    case 'usergroup':
      return [`!subteam^${String(part.usergroup_id)}`];
    case 'broadcast':
      return [`!${String(part.range)}`];
    case 'mrkdwn':
      return mentionsOf(String(part.text));
    default:
      return Object.values(part).flatMap(mentionsIn);
  }
}
