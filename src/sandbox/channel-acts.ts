// What changes channels, whoever does it (a person or the API), with the events that follow.
import { addMessage, tell } from './acts.js';
import type { Json } from './types.js';
import { type Channel, isPrivate, seconds, type World } from './world.js';

export function addMember(world: World, channel: Channel, user: string, inviter?: string): void {
  channel.members.push(user);
  const subtype = isPrivate(channel) ? 'group_join' : 'channel_join';
  addMessage(world, channel, {
    user,
    subtype,
    text: `<@${user}> has joined the ${isPrivate(channel) ? 'group' : 'channel'}`,
    ...(inviter ? { extra: { inviter } } : {}),
  });
  const type = { channel_type: isPrivate(channel) ? 'G' : 'C', team: world.team.id };
  tell(
    world,
    'member_joined_channel',
    { user, channel: channel.id, ...type, ...(inviter ? { inviter } : {}) },
    channel.id,
  );
}

export function removeMember(world: World, channel: Channel, user: string): void {
  const subtype = isPrivate(channel) ? 'group_leave' : 'channel_leave';
  addMessage(world, channel, {
    user,
    subtype,
    text: `<@${user}> has left the ${isPrivate(channel) ? 'group' : 'channel'}`,
  });
  const type = { channel_type: isPrivate(channel) ? 'G' : 'C', team: world.team.id };
  tell(world, 'member_left_channel', { user, channel: channel.id, ...type }, channel.id);
  channel.members = channel.members.filter((id) => id !== user);
  world.changed({ what: 'channel', channel: channel.id });
}

export function setArchived(world: World, channel: Channel, user: string, archived: boolean): void {
  const word = archived ? 'archive' : 'unarchive';
  if (!archived) channel.isArchived = false;
  addMessage(world, channel, {
    user,
    subtype: isPrivate(channel) ? `group_${word}` : `channel_${word}`,
    text: archived ? 'archived the channel' : 'un-archived the channel',
  });
  channel.isArchived = archived;
  channel.updated = Math.floor(world.now());
  tellOpenly(world, channel, word, { channel: channel.id, user });
}

/** Of public channels every app hears, of private ones only members do. */
function tellOpenly(world: World, channel: Channel, word: string, event: Json): void {
  if (isPrivate(channel)) tell(world, `group_${word}`, event, channel.id);
  else tell(world, `channel_${word}`, event);
}

export function renameChannel(world: World, channel: Channel, user: string, name: string): void {
  const old = channel.name;
  channel.previousNames.unshift(old);
  channel.name = name;
  channel.updated = Math.floor(world.now());
  const subtype = isPrivate(channel) ? 'group_name' : 'channel_name';
  addMessage(world, channel, {
    user,
    subtype,
    text: `has renamed the channel from "${old}" to "${name}"`,
    extra: { old_name: old, name },
  });
  const event = { id: channel.id, name, name_normalized: name, created: channel.created };
  tellOpenly(world, channel, 'rename', { channel: event });
}

export function setHeadline(
  world: World,
  channel: Channel,
  user: string,
  which: 'topic' | 'purpose',
  value: string,
): void {
  channel[which] = { value, creator: user, last_set: seconds(world) };
  channel.updated = Math.floor(world.now());
  const words = which === 'topic' ? 'set the channel topic' : 'set the channel description';
  addMessage(world, channel, {
    user,
    subtype: `${isPrivate(channel) ? 'group' : 'channel'}_${which}`,
    text: `${words}: ${value}`,
    extra: { [which]: value },
  });
}
