// The state of the local workspace: people, channels, messages, files, views, and its ids and clocks.
import { randomBytes } from 'node:crypto';
import type { CommandHint, FirstSteps, ShortcutHint } from './page/contract.js';
import type {
  Bookmark,
  EphemeralView,
  FileView,
  Json,
  Metadata,
  PersonSeed,
  Pin,
  Reaction,
  SandboxOptions,
} from './types.js';

export type ChannelKind = 'channel' | 'group' | 'im' | 'mpim';

export interface Message {
  channel: string;
  ts: string;
  user: string;
  botId?: string;
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Metadata;
  threadTs?: string;
  subtype?: string;
  edited?: { user: string; ts: string };
  reactions: Reaction[];
  files: string[];
  clientMsgId?: string;
  username?: string;
  broadcast?: boolean;
  /** Fields only some subtypes have: inviter, topic, purpose, old_name. */
  extra?: Json;
}

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  isGeneral: boolean;
  isArchived: boolean;
  creator: string;
  created: number;
  updated: number;
  topic: { value: string; creator: string; last_set: number };
  purpose: { value: string; creator: string; last_set: number };
  previousNames: string[];
  members: string[];
  messages: Message[];
  pins: Pin[];
  bookmarks: Bookmark[];
  lastMicros: number;
}

export interface User extends PersonSeed {
  isBot: boolean;
  deleted: boolean;
  updated: number;
}

export interface View {
  id: string;
  type: 'modal' | 'home';
  owner: string;
  blocks: Json[];
  source: Json;
  hash: string;
  externalId: string;
  rootId: string;
  previousId: string | null;
  /** What was typed so far: block_id → action_id → value as the state shows it. */
  typed: Record<string, Record<string, Json>>;
  open: boolean;
}

export interface Scheduled {
  id: string;
  channel: string;
  postAt: number;
  created: number;
  text: string;
  blocks?: Json[];
  threadTs?: string;
  /** With metadata Slack accepts the message and never posts it. */
  neverPosts: boolean;
}

export interface Ephemeral extends EphemeralView {
  attachments?: Json[];
}

/** Something that happened, before it is known whether the app hears of it. */
export interface Happening {
  type: string;
  /** The name an app subscribes to, e.g. message.channels. */
  subscription: string;
  /** Conversations the bot is not in stay silent. */
  channel?: string;
  event: Json;
}

/** What is not any more as it was: the thing's name, not its new state, so that many changes at once are one. */
export type Changed =
  | { what: 'message'; channel: string; ts: string; onlyFor?: string }
  | { what: 'channel'; channel: string }
  | { what: 'views' | 'home' | 'person'; user: string };

export interface World {
  now: () => number;
  wireNow: () => number;
  team: { id: string; name: string; domain: string; url: string };
  app: {
    id: string;
    name: string;
    botId: string;
    botUserId: string;
    commands?: string[];
    events?: string[];
    scopes: Set<string>;
    hints: { commands: CommandHint[]; shortcuts: ShortcutHint[]; firstSteps?: FirstSteps };
    /** Nobody can write to the app directly. */
    messagesReadOnly: boolean;
  };
  tokens: { bot: string; app: string; revoked: Set<string>; verification: string; signingSecret: string };
  users: Map<string, User>;
  channels: Map<string, Channel>;
  files: Map<string, FileView>;
  uploads: Map<string, { fileId: string; name: string; alt: string; length: number; content?: Buffer }>;
  views: Map<string, View>;
  stacks: Map<string, View[]>;
  homes: Map<string, View>;
  scheduled: Scheduled[];
  ephemerals: Ephemeral[];
  usergroups?: NonNullable<SandboxOptions['usergroups']>;
  baseUrl: string;
  counter: number;
  lastMicros: number;
  happen: (happening: Happening) => void;
  /** Told by whoever changes something that a person may be looking at. */
  changed: (changed: Changed) => void;
}

export function nextId(world: World, prefix: string): string {
  world.counter += 1;
  return `${prefix}0${world.counter.toString(36).toUpperCase().padStart(9, '0')}`;
}

export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

export function formatTs(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  return `${seconds}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}

/** A message's time: increasing within its channel, whatever the clock does. */
export function messageTs(world: World, channel: Channel): string {
  channel.lastMicros = Math.max(Math.floor(world.now() * 1000), channel.lastMicros + 1);
  world.lastMicros = Math.max(world.lastMicros, channel.lastMicros);
  return formatTs(channel.lastMicros);
}

export function eventTs(world: World): string {
  world.lastMicros = Math.max(Math.floor(world.now() * 1000), world.lastMicros + 1);
  return formatTs(world.lastMicros);
}

export function seconds(world: World): number {
  return Math.floor(world.now() / 1000);
}

export function findChannel(world: World, nameOrId: string): Channel | undefined {
  const plain = nameOrId.replace(/^#/, '');
  return world.channels.get(plain) ?? [...world.channels.values()].find((one) => one.name === plain);
}

export function findUser(world: World, nameOrId: string): User | undefined {
  const plain = nameOrId.replace(/^@/, '');
  return world.users.get(plain) ?? [...world.users.values()].find((one) => one.name === plain);
}

/** The id of a group; one that was seeded without an id has one all the same. */
export function groupId(groups: NonNullable<World['usergroups']>, index: number): string {
  return groups[index]?.id ?? `S0GROUP${index + 1}`;
}

export function findMessage(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((one) => one.ts === ts);
}

export function isPrivate(channel: Channel): boolean {
  return channel.kind !== 'channel';
}

export function newChannel(
  world: World,
  given: { name: string; kind: ChannelKind; creator: string; members: string[]; isGeneral?: boolean },
): Channel {
  const prefix = given.kind === 'im' ? 'D' : 'C';
  const nothing = { value: '', creator: '', last_set: 0 };
  const channel: Channel = {
    id: nextId(world, prefix),
    name: given.name,
    kind: given.kind,
    isGeneral: given.isGeneral ?? false,
    isArchived: false,
    creator: given.creator,
    created: seconds(world),
    updated: Math.floor(world.now()),
    topic: { ...nothing },
    purpose: { ...nothing },
    previousNames: [],
    members: [...new Set(given.members)],
    messages: [],
    pins: [],
    bookmarks: [],
    lastMicros: 0,
  };
  world.channels.set(channel.id, channel);
  world.changed({ what: 'channel', channel: channel.id });
  return channel;
}

/** The conversation of the app with these people. */
export function directMessage(world: World, users: string[]): Channel {
  return conversationOf(world, [world.app.botUserId, ...users]);
}

/** The direct messages of exactly these, people or the app; begun when there are none. */
export function conversationOf(world: World, users: string[]): Channel {
  const members = [...new Set(users)];
  const kind = members.length > 2 ? 'mpim' : 'im';
  const known = [...world.channels.values()].find(
    (one) =>
      one.kind === kind &&
      one.members.length === members.length &&
      members.every((id) => one.members.includes(id)),
  );
  if (known) return known;
  const names = members.map((id) => world.users.get(id)?.name ?? id);
  const name = kind === 'im' ? '' : `mpdm-${names.join('--')}-1`;
  return newChannel(world, { name, kind, creator: members[0] ?? '', members });
}
