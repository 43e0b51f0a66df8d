// What a person may see, and how it looks to them: people, channels, messages, files, views.
import { fileJson } from '../format-files.js';
import { messageView } from '../look.js';
import { stateValues } from '../payloads.js';
import type { Json } from '../types.js';
import type { Channel, Ephemeral, Message, User, View, World } from '../world.js';
import type { ChannelCard, FileCard, PageMessage, PageView, PersonCard } from './contract.js';
import { type Marks, unreadOf } from './unread.js';

/** Public channels can be looked into before one joins; all else is for members. */
export function sees(channel: Channel, user: string): boolean {
  return channel.kind === 'channel' || channel.members.includes(user);
}

export function personCard(user: User): PersonCard {
  return { id: user.id, name: user.name, realName: user.realName, zone: user.tz, isApp: user.isBot };
}

export function channelCard(world: World, marks: Marks, channel: Channel, user: string): ChannelCard {
  const direct = channel.kind === 'im' || channel.kind === 'mpim';
  const others = channel.members.filter((id) => id !== user);
  return {
    id: channel.id,
    name: direct ? others.map((id) => world.users.get(id)?.realName ?? id).join(', ') : channel.name,
    kind: channel.kind,
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    isArchived: channel.isArchived,
    isMember: channel.members.includes(user),
    members: [...channel.members],
    pins: channel.pins.map(({ ts, user: by }) => ({ ts, user: by })),
    bookmarks: channel.bookmarks.map(({ id, title, link, emoji }) => ({ id, title, link, emoji })),
    ...unreadOf(world, marks, channel, user),
  };
}

export function messageCard(world: World, channel: Channel, message: Message, user: string): PageMessage {
  const { metadata: _, edited, files, ...shown } = messageView(world, channel, message);
  return {
    ...shown,
    edited: edited !== undefined,
    files: files.filter((one) => !one.deleted).map((one) => fileCard(world, one.id, user)),
    ephemeral: false,
  };
}

/** What one person is told alone comes from the app. */
export function ephemeralCard(world: World, shown: Ephemeral): PageMessage {
  return {
    channel: shown.channel,
    ts: shown.ts,
    user: world.app.botUserId,
    botId: world.app.botId,
    text: shown.text,
    blocks: structuredClone(shown.blocks),
    attachments: structuredClone(shown.attachments ?? []),
    ...(shown.threadTs ? { threadTs: shown.threadTs } : {}),
    edited: false,
    reactions: [],
    files: [],
    permalink: '',
    ephemeral: true,
  };
}

/** A channel's messages by time, with what this person was told there alone. */
export function messagesFor(world: World, channel: Channel, user: string): PageMessage[] {
  const told = world.ephemerals.filter((one) => one.channel === channel.id && one.user === user);
  return [
    ...channel.messages.map((one) => messageCard(world, channel, one, user)),
    ...told.map((one) => ephemeralCard(world, one)),
  ].sort((left, right) => (left.ts < right.ts ? -1 : 1));
}

const PICTURES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

const TEXTS = ['md', 'txt', 'json', 'csv', 'log', 'yaml', 'yml', 'html', 'xml', 'ics', 'diff', 'sql'];

/** How a file is shown, by its name. A picture in SVG may hold script, so it is none. */
export function kindOfFile(name: string): { shows: FileCard['shows']; type: string } {
  const extension = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : 'txt';
  const picture = PICTURES[extension];
  if (picture) return { shows: 'image', type: picture };
  if (TEXTS.includes(extension)) return { shows: 'text', type: 'text/plain; charset=utf-8' };
  return { shows: 'other', type: 'application/octet-stream' };
}

function fileCard(world: World, id: string, user: string): FileCard {
  const file = world.files.get(id);
  const { name, title, size } = (file ? fileJson(world, file) : { name: id, title: id, size: 0 }) as {
    name: string;
    title: string;
    size: number;
  };
  return {
    id,
    name,
    title,
    alt: file?.alt ?? '',
    size,
    url: `/page/files/${id}?as=${encodeURIComponent(user)}`,
    shows: kindOfFile(name).shows,
  };
}

/** A file is seen where it was shared, and by who uploaded it. */
export function seesFile(world: World, id: string, user: string): boolean {
  const file = world.files.get(id);
  if (!file || file.deleted) return false;
  if (file.user === user) return true;
  return file.channels.some((one) => {
    const channel = world.channels.get(one);
    return channel !== undefined && sees(channel, user);
  });
}

export function topViewOf(world: World, user: string): PageView | null {
  const stack = world.stacks.get(user) ?? [];
  const top = stack.at(-1);
  return top ? viewCard(top, stack.length - 1) : null;
}

export function homeViewOf(world: World, user: string): PageView | null {
  const home = world.homes.get(user);
  return home ? viewCard(home, 0) : null;
}

function viewCard(view: View, depth: number): PageView {
  const label = (key: string): string | null => {
    const words = view.source[key] as Json | undefined;
    return typeof words?.text === 'string' ? words.text : null;
  };
  return structuredClone({
    id: view.id,
    hash: view.hash,
    depth,
    title: label('title') ?? '',
    submit: label('submit'),
    close: label('close'),
    blocks: view.blocks,
    state: stateValues(view.blocks, view.typed),
  });
}
