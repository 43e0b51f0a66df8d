// The people who type: everything a person does in Slack's client.
import { addMessage, changeMessage, deleteMessage, shareFiles, storeFile, tell } from './acts.js';
import { stackOf } from './api/views.js';
import { addMember, removeMember } from './channel-acts.js';
import { runCommand } from './commands.js';
import type { Wire } from './delivery.js';
import { userJson, viewJson } from './format.js';
import { askOptions, clickMessage, clickView, globalShortcut, messageShortcut } from './interactions.js';
import { addPin, addReaction, removePin, removeReaction } from './item-acts.js';
import { messageView, openViewOf } from './look.js';
import { closeView, submitView } from './modals.js';
import type { OpenView, Person } from './types.js';
import { escapeMessage, richTextOf } from './typing.js';
import {
  type Channel,
  directMessage,
  eventTs,
  findChannel,
  findMessage,
  findUser,
  type Message,
  seconds,
  secret,
  type User,
  type View,
  type World,
} from './world.js';

export function theChannel(world: World, nameOrId: string): Channel {
  const channel = findChannel(world, nameOrId);
  if (channel) return channel;
  throw new Error(`sandbox: no such channel: ${nameOrId}`);
}

function theMessage(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (message) return message;
  throw new Error(`sandbox: no message ${ts} in ${channel.name}`);
}

export function theUser(world: World, nameOrId: string): User {
  const user = findUser(world, nameOrId);
  if (user) return user;
  throw new Error(`sandbox: no such person: ${nameOrId}`);
}

/** A channel this person is in: what they are not in they cannot type into. */
function ownChannel(world: World, user: User, nameOrId: string): Channel {
  const other = findUser(world, nameOrId);
  if (other?.isBot) return directMessage(world, [user.id]);
  const channel = theChannel(world, nameOrId);
  if (!channel.members.includes(user.id)) throw new Error(`sandbox: ${user.name} is not in ${nameOrId}`);
  return channel;
}

function theView(world: World, given: OpenView): View {
  const view = world.views.get(given.id);
  if (view?.open) return view;
  throw new Error(`sandbox: view ${given.id} is not open any more`);
}

export function makePerson(wire: Wire, user: User): Person {
  return {
    id: user.id,
    name: user.name,
    ...talking(wire, user),
    ...marking(wire, user),
    ...moving(wire, user),
    ...interacting(wire, user),
    ...modal(wire, user),
  };
}

function talking(wire: Wire, user: User): Pick<Person, 'say' | 'edit' | 'remove' | 'upload'> {
  const { world } = wire;
  return {
    async say(text, where) {
      const channel = ownChannel(world, user, where.channel);
      if (channel.isArchived) throw new Error(`sandbox: ${channel.name} is archived`);
      const root = where.threadTs ? theMessage(channel, where.threadTs) : undefined;
      const escaped = escapeMessage(world, text, where.literal);
      if (where.inviteApp) inviteMentioned(world, channel, user, escaped);
      const message = addMessage(world, channel, {
        user: user.id,
        text: escaped,
        blocks: [richTextOf(escaped, secret(3))],
        clientMsgId: secret(16),
        ...(root ? { threadTs: root.threadTs ?? root.ts } : {}),
      });
      return messageView(world, channel, message);
    },
    async edit(where, ts, text, opts) {
      const channel = ownChannel(world, user, where);
      const message = theMessage(channel, ts);
      if (message.user !== user.id) throw new Error(`sandbox: ${user.name} did not write ${ts}`);
      const escaped = escapeMessage(world, text, opts?.literal);
      changeMessage(world, channel, message, {
        text: escaped,
        blocks: [richTextOf(escaped, secret(3))],
        edited: { user: user.id, ts: eventTs(world) },
      });
      return messageView(world, channel, message);
    },
    async remove(where, ts) {
      const channel = ownChannel(world, user, where);
      deleteMessage(world, channel, theMessage(channel, ts));
    },
    async upload(where, given) {
      const channel = ownChannel(world, user, where);
      const content = Buffer.from(given.content);
      const file = storeFile(world, { name: given.name, content, user: user.id });
      const root = given.threadTs ? theMessage(channel, given.threadTs) : undefined;
      shareFiles(world, channel, [file], {
        user: user.id,
        text: '',
        ...(root ? { threadTs: root.threadTs ?? root.ts } : {}),
      });
      return file;
    },
  };
}

/** Slack tells an app nothing of a channel that it is not in; to who mentions it there, its client offers this. */
function inviteMentioned(world: World, channel: Channel, user: User, text: string): void {
  const bot = world.app.botUserId;
  const canJoin = channel.kind === 'channel' || channel.kind === 'group';
  if (canJoin && text.includes(`<@${bot}>`) && !channel.members.includes(bot))
    addMember(world, channel, bot, user.id);
}

function marking(wire: Wire, user: User): Pick<Person, 'react' | 'unreact' | 'pin' | 'unpin'> {
  const { world } = wire;
  const find = (where: string, ts: string): [Channel, Message] => {
    const channel = ownChannel(world, user, where);
    return [channel, theMessage(channel, ts)];
  };
  return {
    async react(where, ts, name) {
      const [channel, message] = find(where, ts);
      const known = message.reactions.find((one) => one.name === name);
      if (!known?.users.includes(user.id)) addReaction(world, channel, message, user.id, name);
    },
    async unreact(where, ts, name) {
      const [channel, message] = find(where, ts);
      removeReaction(world, channel, message, user.id, name);
    },
    async pin(where, ts) {
      const [channel, message] = find(where, ts);
      if (!channel.pins.some((pin) => pin.ts === ts)) addPin(world, channel, message, user.id);
    },
    async unpin(where, ts) {
      const [channel, message] = find(where, ts);
      if (channel.pins.some((pin) => pin.ts === ts)) removePin(world, channel, message, user.id);
    },
  };
}

function moving(wire: Wire, user: User): Pick<Person, 'join' | 'leave' | 'invite' | 'change' | 'openHome'> {
  const { world } = wire;
  return {
    async join(where) {
      const channel = theChannel(world, where);
      if (channel.kind !== 'channel') throw new Error(`sandbox: ${where} is private`);
      if (!channel.members.includes(user.id)) addMember(world, channel, user.id);
    },
    async leave(where) {
      removeMember(world, ownChannel(world, user, where), user.id);
    },
    async invite(where, who) {
      const channel = ownChannel(world, user, where);
      const guest = theUser(world, who);
      if (!channel.members.includes(guest.id)) addMember(world, channel, guest.id, user.id);
    },
    async change(profile) {
      Object.assign(user, profile, { updated: seconds(world) });
      world.changed({ what: 'person', user: user.id });
      // Direct messages are named after those who are in them.
      for (const channel of world.channels.values()) {
        const named = channel.kind === 'im' || channel.kind === 'mpim';
        if (named && channel.members.includes(user.id))
          world.changed({ what: 'channel', channel: channel.id });
      }
      tell(world, 'user_change', { user: userJson(world, user), cache_ts: seconds(world) });
    },
    async openHome() {
      const home = world.homes.get(user.id);
      const channel = directMessage(world, [user.id]);
      tell(world, 'app_home_opened', {
        user: user.id,
        channel: channel.id,
        tab: 'home',
        ...(home ? { view: viewJson(world, home) } : {}),
      });
    },
  };
}

function interacting(
  wire: Wire,
  user: User,
): Pick<
  Person,
  'command' | 'click' | 'clickInView' | 'clickHome' | 'suggest' | 'shortcut' | 'messageShortcut'
> {
  const { world } = wire;
  const home = (): View => {
    const view = world.homes.get(user.id);
    if (view) return view;
    throw new Error(`sandbox: nothing was published to the home of ${user.name}`);
  };
  return {
    async command(text, where) {
      const first = [...world.channels.values()].find((one) => one.members.includes(user.id));
      const channel = ownChannel(world, user, where?.channel ?? first?.id ?? 'general');
      return await runCommand(wire, user, channel, text);
    },
    async click(where, ts, actionId, opts) {
      // A reply to a response URL may show up where the person is, member or not.
      return await clickMessage(wire, user, theChannel(world, where), ts, { actionId, ...opts });
    },
    async clickInView(view, actionId, opts) {
      const found = view.type === 'home' ? home() : theView(world, view);
      return await clickView(wire, user, found, { actionId, ...opts });
    },
    async clickHome(actionId, opts) {
      return await clickView(wire, user, home(), { actionId, ...opts });
    },
    async suggest(view, actionId, typed, blockId) {
      const found = view.type === 'home' ? home() : theView(world, view);
      return await askOptions(wire, user, found, { actionId, value: typed, ...(blockId ? { blockId } : {}) });
    },
    async shortcut(callbackId) {
      return await globalShortcut(wire, user, callbackId);
    },
    async messageShortcut(callbackId, where, ts) {
      const channel = ownChannel(world, user, where);
      return await messageShortcut(wire, user, callbackId, channel, theMessage(channel, ts));
    },
  };
}

function modal(wire: Wire, user: User): Pick<Person, 'submit' | 'openView' | 'waitForView' | 'closeView'> {
  const { world } = wire;
  const top = (): OpenView | undefined => {
    const view = stackOf(world, user.id).at(-1);
    return view ? openViewOf(world, view) : undefined;
  };
  return {
    async submit(view, values) {
      const found = theView(world, view);
      if (found.owner !== user.id) throw new Error(`sandbox: view ${view.id} is not ${user.name}'s`);
      return await submitView(wire, user, found, values);
    },
    openView: top,
    async waitForView(opts) {
      const until = Date.now() + (opts?.timeoutMs ?? 3000);
      for (;;) {
        const view = top();
        const isNew = view && (view.id !== opts?.after?.id || view.hash !== opts.after.hash);
        if (isNew) return view;
        if (Date.now() > until) throw new Error(`sandbox: no view came up for ${user.name}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async closeView(opts) {
      await closeView(wire, user, opts?.all ?? false);
    },
  };
}
