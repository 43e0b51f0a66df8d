// The state as tests and drills look at it.
import { permalink, viewJson } from './format.js';
import type { ChannelView, MessageView, OpenView } from './types.js';
import type { Channel, Message, View, World } from './world.js';

export function messageView(world: World, channel: Channel, message: Message): MessageView {
  const files = message.files.flatMap((id) => world.files.get(id) ?? []);
  const view = structuredClone({
    channel: channel.id,
    ts: message.ts,
    user: message.user,
    ...(message.botId ? { botId: message.botId } : {}),
    text: message.text,
    blocks: message.blocks ?? [],
    attachments: message.attachments ?? [],
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    ...(message.subtype ? { subtype: message.subtype } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    reactions: message.reactions,
    permalink: permalink(world, channel.id, message),
  });
  // Files stay as they are: a structured clone would turn their Buffers into bare bytes.
  return { ...view, files };
}

export function channelView(world: World, channel: Channel): ChannelView {
  return {
    id: channel.id,
    name: channel.name,
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    isPrivate: channel.kind !== 'channel',
    isArchived: channel.isArchived,
    isIm: channel.kind === 'im',
    creator: channel.creator,
    members: [...channel.members],
    messages: channel.messages.map((one) => messageView(world, channel, one)),
    pins: structuredClone(channel.pins),
    bookmarks: structuredClone(channel.bookmarks),
  };
}

export function openViewOf(world: World, view: View): OpenView {
  const json = viewJson(world, view);
  const title = json.title as { text?: string } | null | undefined;
  return structuredClone({
    id: view.id,
    type: view.type,
    title: title?.text ?? '',
    callbackId: String(json.callback_id),
    externalId: view.externalId,
    privateMetadata: String(json.private_metadata),
    hash: view.hash,
    blocks: view.blocks,
    view: json,
  });
}
