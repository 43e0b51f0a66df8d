// The streams of the people who look at the page: what changed is gathered for a moment, then told to who may see it.
import type { ServerResponse } from 'node:http';
import type { Wire } from '../delivery.js';
import type { Passage } from '../traffic.js';
import { type Changed, findMessage, type World } from '../world.js';
import type { PageChange } from './contract.js';
import { faultsCard } from './fault-cards.js';
import { channelCard, ephemeralCard, homeViewOf, messageCard, personCard, sees, topViewOf } from './sight.js';
import type { Marks } from './unread.js';
import { wireCard } from './wire-cards.js';

const HEARTBEAT_MS = 15_000;
/** A page that reads this slowly is let go; it opens anew and sees what is true then. */
const BEHIND_BYTES_MAX = 16_000_000;

interface Stream {
  user: string;
  response: ServerResponse;
  /** The channels it was told of, to say when one is not to be seen any more. */
  known: Set<string>;
}

export interface Hub {
  wire: Wire;
  marks: Marks;
  /** The scopes the app was installed with. */
  scopes: string[];
  /** The channel where one who comes for the first time is led. */
  startIn: string;
  /** That this is a local copy, and who can reach it. */
  notice: string;
  streams: Set<Stream>;
  waiting: Map<string, Changed>;
  passages: Map<number, Passage>;
  faultsChanged: boolean;
  flushing: boolean;
}

export function openHub(wire: Wire, options: { host: string; remote: boolean }): Hub {
  const { world } = wire;
  const hub: Hub = {
    wire,
    marks: new Map(),
    scopes: [...world.app.scopes].sort(),
    startIn: '',
    notice: noticeOf(options),
    streams: new Set(),
    waiting: new Map(),
    passages: new Map(),
    faultsChanged: false,
    flushing: false,
  };
  world.changed = (changed) => {
    if (hub.streams.size === 0) return;
    hub.waiting.set(JSON.stringify(changed), changed);
    soon(hub);
  };
  wire.traffic.onChange = (passage) => {
    if (hub.streams.size === 0) return;
    hub.passages.set(passage.number, passage);
    soon(hub);
  };
  wire.faults.onChange = () => {
    if (hub.streams.size === 0) return;
    hub.faultsChanged = true;
    soon(hub);
  };
  return hub;
}

function noticeOf({ host, remote }: { host: string; remote: boolean }): string {
  const local = 'This is a local copy of Slack';
  if (!remote) return `${local}: nothing here leaves this machine.`;
  return `${local}, and it listens on ${host}: whoever reaches it can read all of it, and act as anybody.`;
}

function soon(hub: Hub): void {
  if (hub.flushing) return;
  hub.flushing = true;
  setImmediate(() => {
    hub.flushing = false;
    flush(hub);
  });
}

function flush(hub: Hub): void {
  const changes = [...hub.waiting.values()];
  const cards = [...hub.passages.values()].map(wireCard);
  const faults = hub.faultsChanged ? faultsCard(hub.wire, hub.scopes) : undefined;
  hub.waiting.clear();
  hub.passages.clear();
  hub.faultsChanged = false;
  for (const stream of hub.streams) {
    for (const changed of changes) {
      const told = translate(hub, stream, changed);
      if (told) send(stream, told);
    }
    for (const card of cards) send(stream, { kind: 'wire', card });
    if (faults) send(stream, { kind: 'faults', faults });
  }
}

/** A change as this person sees it; undefined when it is none of theirs. */
function translate(hub: Hub, stream: Stream, changed: Changed): PageChange | undefined {
  const { world } = hub.wire;
  switch (changed.what) {
    case 'message':
      return translateMessage(world, stream, changed);
    case 'channel': {
      const channel = world.channels.get(changed.channel);
      if (channel && sees(channel, stream.user)) {
        stream.known.add(channel.id);
        return { kind: 'channel', channel: channelCard(world, hub.marks, channel, stream.user) };
      }
      return stream.known.delete(changed.channel) ? { kind: 'channel-gone', id: changed.channel } : undefined;
    }
    case 'views':
      if (changed.user !== stream.user) return undefined;
      return { kind: 'view', view: topViewOf(world, stream.user) };
    case 'home':
      if (changed.user !== stream.user) return undefined;
      return { kind: 'home', view: homeViewOf(world, stream.user) };
    case 'person': {
      const person = world.users.get(changed.user);
      return person ? { kind: 'person', person: personCard(person) } : undefined;
    }
  }
}

function translateMessage(
  world: World,
  stream: Stream,
  changed: Extract<Changed, { what: 'message' }>,
): PageChange | undefined {
  const { ts } = changed;
  const gone: PageChange = { kind: 'message-gone', channel: changed.channel, ts };
  if (changed.onlyFor !== undefined) {
    if (changed.onlyFor !== stream.user) return undefined;
    const shown = world.ephemerals.find((one) => one.ts === ts && one.user === stream.user);
    return shown ? { kind: 'message', message: ephemeralCard(world, shown) } : gone;
  }
  const channel = world.channels.get(changed.channel);
  if (!channel || !sees(channel, stream.user)) return undefined;
  const message = findMessage(channel, ts);
  return message ? { kind: 'message', message: messageCard(world, channel, message, stream.user) } : gone;
}

function send(stream: Stream, change: PageChange): void {
  if (stream.response.writableLength > BEHIND_BYTES_MAX) stream.response.destroy();
  else stream.response.write(`data: ${JSON.stringify(change)}\n\n`);
}

/** Keeps an answer open and tells this person what changes, until they go. */
export function openStream(hub: Hub, user: string, response: ServerResponse): void {
  const { channels } = hub.wire.world;
  const known = [...channels.values()].filter((one) => sees(one, user)).map((one) => one.id);
  const stream: Stream = { user, response, known: new Set(known) };
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write(': open\n\n');
  const beat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  beat.unref();
  hub.streams.add(stream);
  response.on('close', () => {
    clearInterval(beat);
    hub.streams.delete(stream);
  });
}
