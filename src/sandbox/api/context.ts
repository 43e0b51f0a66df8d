// What a method handler works with: the world, the arguments, and the checks many methods share.
import { refuse } from '../errors.js';
import type { Tickets } from '../tickets.js';
import type { Json } from '../types.js';
import { type Channel, findMessage, type Message, type User, type World } from '../world.js';

export interface Context {
  world: World;
  tickets: Tickets;
  args: Json;
  /** Makes a one-time URL for a socket. */
  socketUrl: () => string;
}

export type Handler = (ctx: Context) => Json;

export function str(args: Json, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

export function int(args: Json, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
}

/** The channel of a call, as far as the bot may know it. */
export function seenChannel(ctx: Context, name = 'channel'): Channel {
  const channel = ctx.world.channels.get(str(ctx.args, name));
  if (!channel) return refuse('channel_not_found');
  const member = channel.members.includes(ctx.world.app.botUserId);
  if (channel.kind !== 'channel' && !member) return refuse('channel_not_found');
  return channel;
}

export function joinedChannel(ctx: Context, name = 'channel'): Channel {
  const channel = seenChannel(ctx, name);
  if (!channel.members.includes(ctx.world.app.botUserId)) return refuse('not_in_channel');
  return channel;
}

export function knownUser(ctx: Context, name = 'user', error = 'user_not_found'): User {
  const user = ctx.world.users.get(str(ctx.args, name));
  return user ?? refuse(error);
}

export function isTs(value: string): boolean {
  return /^\d{1,12}(\.\d{1,6})?$/.test(value);
}

/** The message at `timestamp` of a call that is about an item. */
export function itemMessage(ctx: Context, channel: Channel): Message {
  const ts = str(ctx.args, 'timestamp');
  if (!ts) return refuse('no_item_specified');
  if (!/^\d{1,12}\.\d{6}$/.test(ts)) return refuse('bad_timestamp');
  const message = findMessage(channel, ts);
  return message && message.subtype !== 'tombstone' ? message : refuse('message_not_found');
}

interface Page<T> {
  items: T[];
  nextCursor: string;
}

/** One page of a list; a cursor names the place of the item it goes on with. */
export function page<T>(args: Json, all: T[], preset: number, max: number): Page<T> {
  const limit = int(args, 'limit') || preset;
  if (limit < 0 || limit > max || !Number.isInteger(limit)) refuse('invalid_limit');
  const start = readCursor(str(args, 'cursor'));
  if (start > all.length) refuse('invalid_cursor');
  const items = all.slice(start, start + limit);
  const next = start + limit;
  return { items, nextCursor: next < all.length ? writeCursor(next) : '' };
}

function readCursor(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  return match ? Number(match[1]) : refuse('invalid_cursor');
}

function writeCursor(at: number): string {
  return Buffer.from(`at:${at}`).toString('base64');
}

export function withCursor(body: Json, cursor: string): Json {
  return { ...body, response_metadata: { next_cursor: cursor } };
}
