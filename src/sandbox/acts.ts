// What changes messages and files, whoever does it (a person or the API), with the events that follow.
import { messageJson } from './format.js';
import type { FileView, Json, Metadata } from './types.js';
import {
  type Channel,
  eventTs,
  findMessage,
  type Message,
  messageTs,
  nextId,
  seconds,
  type World,
} from './world.js';

const MESSAGE_EVENTS = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const;

function tellMessage(world: World, channel: Channel, event: Json): void {
  world.happen({
    type: 'message',
    subscription: MESSAGE_EVENTS[channel.kind],
    channel: channel.id,
    event: { type: 'message', ...event, channel: channel.id, channel_type: channel.kind },
  });
}

/** A message, and with it how much of its channel is unread. */
function changed(world: World, channel: Channel, ts: string): void {
  world.changed({ what: 'message', channel: channel.id, ts });
  world.changed({ what: 'channel', channel: channel.id });
}

export function tell(world: World, type: string, event: Json, channel?: string): void {
  world.happen({
    type,
    subscription: type,
    ...(channel ? { channel } : {}),
    event: { type, ...event, event_ts: event.event_ts ?? eventTs(world) },
  });
}

export interface NewMessage {
  user: string;
  text: string;
  botId?: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Metadata;
  threadTs?: string;
  subtype?: string;
  files?: string[];
  clientMsgId?: string;
  username?: string;
  broadcast?: boolean;
  extra?: Json;
}

export function addMessage(world: World, channel: Channel, given: NewMessage): Message {
  const { files, ...rest } = given;
  const message: Message = {
    ...rest,
    channel: channel.id,
    ts: messageTs(world, channel),
    reactions: [],
    files: files ?? [],
  };
  channel.messages.push(message);
  changed(world, channel, message.ts);
  const json = messageJson(world, channel, message);
  tellMessage(world, channel, { ...json, event_ts: message.ts });
  const mention = `<@${world.app.botUserId}>`;
  if (message.text.includes(mention) && !message.botId && channel.kind !== 'im') {
    tell(
      world,
      'app_mention',
      { ...json, type: 'app_mention', channel: channel.id, event_ts: message.ts },
      channel.id,
    );
  }
  return message;
}

export function changeMessage(
  world: World,
  channel: Channel,
  message: Message,
  change: Partial<Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata' | 'edited'>>,
): void {
  const before = messageJson(world, channel, message);
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete message[key as keyof typeof change];
    else Object.assign(message, { [key]: value });
  }
  changed(world, channel, message.ts);
  const ts = eventTs(world);
  tellMessage(world, channel, {
    subtype: 'message_changed',
    message: messageJson(world, channel, message),
    previous_message: before,
    hidden: true,
    ts,
    event_ts: ts,
  });
}

export function deleteMessage(world: World, channel: Channel, message: Message): void {
  const before = messageJson(world, channel, message);
  const hasReplies = channel.messages.some((one) => one.threadTs === message.ts && one.ts !== message.ts);
  channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts);
  if (hasReplies) {
    // A thread's first message stays as a tombstone, otherwise its replies would lose their root.
    message.subtype = 'tombstone';
    message.text = 'This message was deleted.';
    message.reactions = [];
    message.files = [];
    delete message.blocks;
    delete message.attachments;
    delete message.metadata;
  } else {
    channel.messages = channel.messages.filter((one) => one !== message);
  }
  changed(world, channel, message.ts);
  const ts = eventTs(world);
  tellMessage(world, channel, {
    subtype: 'message_deleted',
    previous_message: before,
    deleted_ts: message.ts,
    hidden: true,
    ts,
    event_ts: ts,
  });
}

export function storeFile(
  world: World,
  given: { name: string; title?: string; alt?: string; content: Buffer; user: string; id?: string },
): FileView {
  const file: FileView = {
    id: given.id ?? nextId(world, 'F'),
    name: given.name,
    title: given.title ?? given.name,
    alt: given.alt ?? '',
    content: given.content,
    channels: [],
    user: given.user,
    created: seconds(world),
    deleted: false,
  };
  world.files.set(file.id, file);
  return file;
}

export function shareFiles(
  world: World,
  channel: Channel,
  files: FileView[],
  given: { user: string; text: string; threadTs?: string; botId?: string; blocks?: Json[] },
): Message {
  for (const file of files) {
    if (!file.channels.includes(channel.id)) file.channels.push(channel.id);
    if (given.threadTs) file.threadTs = given.threadTs;
  }
  const message = addMessage(world, channel, {
    ...given,
    ...(given.botId ? {} : { subtype: 'file_share' }),
    files: files.map((file) => file.id),
  });
  for (const file of files) {
    const ids = { file_id: file.id, file: { id: file.id }, user_id: given.user, channel_id: channel.id };
    tell(world, 'file_shared', ids, channel.id);
  }
  return message;
}

export function botMessage(world: World): { user: string; botId: string } {
  return { user: world.app.botUserId, botId: world.app.botId };
}

export function messageOf(channel: Channel | undefined, ts: string): Message | undefined {
  return channel ? findMessage(channel, ts) : undefined;
}
