// What a person does on the page: refused as Slack's client refuses, done as a person of the workspace does it.
import { makePerson } from '../people.js';
import type { InteractionOutcome, OpenView, Person } from '../types.js';
import {
  type Channel,
  conversationOf,
  findChannel,
  findMessage,
  type Message,
  type User,
  type World,
} from '../world.js';
import type { Act, ActAnswer } from './contract.js';
import type { Hub } from './hub.js';
import { sees } from './sight.js';
import { markRead } from './unread.js';

/** What Slack's client says, and the error that belongs to it. */
class Refused extends Error {
  readonly code: string;

  constructor(code: string, said: string) {
    super(said);
    this.code = code;
  }
}

const TROUBLE = 'We had some trouble connecting. Try again?';

/** Does what this person wants. A refusal is an answer, in the words of Slack's client where it has some. */
export async function perform(hub: Hub, user: User, act: Act): Promise<ActAnswer> {
  const { world } = hub.wire;
  try {
    return await doIt({ hub, world, user, person: makePerson(hub.wire, user) }, act);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, said: error.message, error: error.code };
    // What makePerson's people cannot do, a client would not have offered them.
    const said = error instanceof Error ? /^sandbox: (.+)$/.exec(error.message)?.[1] : undefined;
    if (said === undefined) throw error;
    return { ok: false, said: `${said.charAt(0).toUpperCase()}${said.slice(1)}.`, error: 'not_possible' };
  }
}

interface Actor {
  hub: Hub;
  world: World;
  user: User;
  person: Person;
}

async function doIt(actor: Actor, act: Act): Promise<ActAnswer> {
  switch (act.do) {
    case 'command':
      return await command(actor, act);
    case 'say':
    case 'upload':
      return await write(actor, act);
    case 'edit':
    case 'remove':
      return await mend(actor, act);
    case 'react':
    case 'unreact':
    case 'pin':
    case 'unpin':
      return await mark(actor, act);
    case 'join':
    case 'leave':
    case 'invite':
    case 'openDm':
    case 'read':
      return await move(actor, act);
    case 'click':
    case 'shortcut':
    case 'messageShortcut':
      return outcome(await press(actor, act));
    case 'clickInView':
    case 'suggest':
    case 'submit':
    case 'closeView':
      return await inView(actor, act);
    case 'openHome':
      await actor.person.openHome();
      return { ok: true };
  }
}

async function command(
  { world, user, person }: Actor,
  act: Extract<Act, { do: 'command' }>,
): Promise<ActAnswer> {
  const channel = writable(world, user, act.channel);
  const name = act.text.trim().split(/\s+/)[0] ?? '';
  const done = await person.command(act.text, { channel: channel.id });
  if (done.error === 'unknown_command') {
    const said =
      `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted ` +
      'as commands. To send it as a message, put a space before it.';
    return { ok: false, error: 'unknown_command', said };
  }
  if (done.ok) return { ok: true };
  const error = done.error ?? 'dispatch_failed';
  return { ok: false, error, said: `${name} failed with the error "${error}"` };
}

async function write(
  { hub, world, user, person }: Actor,
  act: Extract<Act, { do: 'say' | 'upload' }>,
): Promise<ActAnswer> {
  const channel = writable(world, user, act.channel);
  if (act.threadTs) theMessage(channel, act.threadTs);
  const thread = act.threadTs ? { threadTs: act.threadTs } : {};
  if (act.do === 'say') {
    if (act.text.trim() === '') throw new Refused('no_text', 'A message needs words.');
    // A space before the "/" makes a message of a command; nothing does in a thread.
    if (act.threadTs && act.text.startsWith('/')) refuseInThread(act.text);
    await person.say(act.text.trim(), { channel: channel.id, ...thread, inviteApp: true, literal: true });
  } else {
    const content = Buffer.from(act.base64, 'base64');
    await person.upload(channel.id, { name: act.name, content, ...thread });
  }
  const last = channel.messages.at(-1);
  if (last && markRead(hub.marks, channel, user.id, last.ts))
    world.changed({ what: 'channel', channel: channel.id });
  return { ok: true };
}

function refuseInThread(text: string): never {
  const name = text.split(/\s+/)[0] ?? '';
  throw new Refused('not_supported_in_threads', `${name} is not supported in threads. Sorry!`);
}

async function mend(
  { world, user, person }: Actor,
  act: Extract<Act, { do: 'edit' | 'remove' }>,
): Promise<ActAnswer> {
  const channel = writable(world, user, act.channel);
  const message = theMessage(channel, act.ts);
  if (message.user !== user.id)
    throw new Refused(
      act.do === 'edit' ? 'cant_update_message' : 'cant_delete_message',
      `Only who wrote a message can ${act.do === 'edit' ? 'change' : 'delete'} it.`,
    );
  if (act.do === 'remove') await person.remove(channel.id, act.ts);
  else if (act.text.trim() === '') throw new Refused('no_text', 'A message needs words; or delete it.');
  else await person.edit(channel.id, act.ts, act.text.trim(), { literal: true });
  return { ok: true };
}

async function mark(
  { world, user, person }: Actor,
  act: Extract<Act, { do: 'react' | 'unreact' | 'pin' | 'unpin' }>,
): Promise<ActAnswer> {
  const channel = writable(world, user, act.channel);
  theMessage(channel, act.ts);
  if (act.do === 'react' || act.do === 'unreact') await person[act.do](channel.id, act.ts, act.name);
  else await person[act.do](channel.id, act.ts);
  return { ok: true };
}

async function move(
  { hub, world, user, person }: Actor,
  act: Extract<Act, { do: 'join' | 'leave' | 'invite' | 'openDm' | 'read' }>,
): Promise<ActAnswer> {
  if (act.do === 'openDm') return openDm(world, user, act.who);
  const channel = visible(world, user, act.channel);
  if (act.do === 'read') {
    if (markRead(hub.marks, channel, user.id, act.ts))
      world.changed({ what: 'channel', channel: channel.id });
    return { ok: true };
  }
  notArchived(channel);
  if (act.do === 'join') {
    await person.join(channel.id);
    markRead(hub.marks, channel, user.id, channel.messages.at(-1)?.ts ?? '');
    return { ok: true };
  }
  mustBeIn(channel, user);
  if (channel.kind === 'im' || channel.kind === 'mpim')
    throw new Refused(
      'method_not_supported_for_channel_type',
      'Direct messages stay with those they are of.',
    );
  if (act.do !== 'invite') {
    if (channel.isGeneral) throw new Refused('cant_leave_general', `Nobody can leave #${channel.name}.`);
    await person.leave(channel.id);
    return { ok: true };
  }
  return await invite(world, person, channel, act.who);
}

async function invite(world: World, person: Person, channel: Channel, who: string): Promise<ActAnswer> {
  if (!world.users.has(who)) throw new Refused('user_not_found', 'There is no such person.');
  if (channel.members.includes(who))
    throw new Refused('already_in_channel', `They are in #${channel.name} already.`);
  await person.invite(channel.id, who);
  return { ok: true };
}

function openDm(world: World, user: User, who: string): ActAnswer {
  const wanted = who.split(',').map((one) => one.trim());
  if (!wanted.every((one) => world.users.has(one)))
    throw new Refused('user_not_found', 'There is no such person.');
  return { ok: true, channel: conversationOf(world, [user.id, ...wanted]).id };
}

async function press(
  { world, user, person }: Actor,
  act: Extract<Act, { do: 'click' | 'shortcut' | 'messageShortcut' }>,
): Promise<InteractionOutcome> {
  if (act.do === 'shortcut') return await person.shortcut(act.callbackId);
  const channel = visible(world, user, act.channel);
  if (act.do === 'click') {
    const opts = { blockId: act.blockId, ...(act.value === undefined ? {} : { value: act.value }) };
    return await person.click(channel.id, act.ts, act.actionId, opts);
  }
  theMessage(channel, act.ts);
  mustBeIn(channel, user);
  return await person.messageShortcut(act.callbackId, channel.id, act.ts);
}

function outcome(done: InteractionOutcome): ActAnswer {
  return done.ok ? { ok: true } : { ok: false, said: TROUBLE, error: done.error ?? 'dispatch_failed' };
}

async function inView(
  { world, user, person }: Actor,
  act: Extract<Act, { do: 'clickInView' | 'suggest' | 'submit' | 'closeView' }>,
): Promise<ActAnswer> {
  if (act.do === 'closeView') {
    await person.closeView({ all: act.all });
    return { ok: true };
  }
  const view = ownView(world, user, act.viewId);
  if (act.do === 'suggest')
    return { ok: true, options: await person.suggest(view, act.actionId, act.typed, act.blockId) };
  if (act.do === 'clickInView') {
    const opts = { blockId: act.blockId, ...(act.value === undefined ? {} : { value: act.value }) };
    return outcome(await person.clickInView(view, act.actionId, opts));
  }
  const done = await person.submit(view, act.values);
  if (done.errors) return { ok: false, errors: done.errors };
  return done.ok ? { ok: true } : { ok: false, said: TROUBLE, error: done.error ?? 'dispatch_failed' };
}

function ownView(world: World, user: User, id: string): OpenView {
  const view = world.views.get(id);
  if (!view?.open || view.owner !== user.id)
    throw new Refused('not_found', 'This window is not open any more. Close it and begin again.');
  // The rest of an OpenView is for those who look; a person acts by its id and its type.
  return { id: view.id, type: view.type } as OpenView;
}

function visible(world: World, user: User, id: string): Channel {
  const channel = findChannel(world, id);
  if (channel && sees(channel, user.id)) return channel;
  throw new Refused('channel_not_found', 'There is no such channel.');
}

function writable(world: World, user: User, id: string): Channel {
  const channel = visible(world, user, id);
  mustBeIn(channel, user);
  notArchived(channel);
  const withApp = channel.kind === 'im' && channel.members.includes(world.app.botUserId);
  if (withApp && world.app.messagesReadOnly)
    throw new Refused('messages_tab_disabled', 'Sending messages to this app has been turned off.');
  return channel;
}

function mustBeIn(channel: Channel, user: User): void {
  if (channel.members.includes(user.id)) return;
  throw new Refused('not_in_channel', `You are not in #${channel.name}. Join it first.`);
}

function notArchived(channel: Channel): void {
  if (channel.isArchived)
    throw new Refused('is_archived', `#${channel.name} is archived. Nothing can be said or changed in it.`);
}

function theMessage(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (message && message.subtype !== 'tombstone') return message;
  throw new Refused('message_not_found', 'This message is not there any more.');
}
