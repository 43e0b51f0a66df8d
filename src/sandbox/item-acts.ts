// Reactions and pins, whoever sets them (a person or the API), with the events that follow.
import { tell } from './acts.js';
import { messageJson } from './format.js';
import { type Channel, type Message, seconds, type World } from './world.js';

export function addReaction(
  world: World,
  channel: Channel,
  message: Message,
  user: string,
  name: string,
): void {
  const known = message.reactions.find((one) => one.name === name);
  if (known) known.users.push(user);
  else message.reactions.push({ name, users: [user] });
  tellReaction(world, 'reaction_added', channel, message, user, name);
}

export function removeReaction(
  world: World,
  channel: Channel,
  message: Message,
  user: string,
  name: string,
): void {
  for (const one of message.reactions) {
    if (one.name === name) one.users = one.users.filter((id) => id !== user);
  }
  message.reactions = message.reactions.filter((one) => one.users.length > 0);
  tellReaction(world, 'reaction_removed', channel, message, user, name);
}

function tellReaction(
  world: World,
  type: string,
  channel: Channel,
  message: Message,
  user: string,
  reaction: string,
): void {
  world.changed({ what: 'message', channel: channel.id, ts: message.ts });
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  tell(world, type, { user, reaction, item_user: message.user, item }, channel.id);
}

export function addPin(world: World, channel: Channel, message: Message, user: string): void {
  channel.pins.push({ ts: message.ts, user, created: seconds(world) });
  tellPin(world, 'pin_added', channel, message, user);
}

export function removePin(world: World, channel: Channel, message: Message, user: string): void {
  channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts);
  tellPin(world, 'pin_removed', channel, message, user);
}

function tellPin(world: World, type: string, channel: Channel, message: Message, user: string): void {
  world.changed({ what: 'channel', channel: channel.id });
  const item = {
    type: 'message',
    created: seconds(world),
    created_by: user,
    channel: channel.id,
    message: messageJson(world, channel, message),
  };
  const rest = type === 'pin_removed' ? { has_pins: channel.pins.length > 0 } : {};
  tell(
    world,
    type,
    { user, channel_id: channel.id, item, item_user: message.user, pin_count: channel.pins.length, ...rest },
    channel.id,
  );
}
