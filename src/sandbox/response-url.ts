// What an app sends to a response URL, and what a command's acknowledgement says: replies and replacements.
import { addMessage, botMessage, changeMessage, deleteMessage } from './acts.js';
import { addEphemeral, type Content, readContent } from './api/chat.js';
import { Refusal } from './errors.js';
import { type ResponseUrl, type Tickets, takeResponseUrl } from './tickets.js';
import { beginPassage, endPassage, type Traffic } from './traffic.js';
import type { Json } from './types.js';
import { findMessage, type Message, type World } from './world.js';

interface UrlAnswer {
  status: number;
  body: string;
}

export function parseReply(body: string, contentType: string): Json | undefined {
  try {
    if (contentType.includes('application/x-www-form-urlencoded')) {
      const payload = new URLSearchParams(body).get('payload');
      return payload ? (JSON.parse(payload) as Json) : undefined;
    }
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** What came to a response URL, done and kept on record; a refusal in Slack's own word. */
export function hearResponseUrl(
  server: { world: World; tickets: Tickets; traffic: Traffic },
  key: string,
  body: string,
  contentType: string,
): UrlAnswer {
  const at = server.world.wireNow();
  const answer = answerResponseUrl(server.world, server.tickets, key, body, contentType);
  const passage = beginPassage(server.traffic, {
    at,
    direction: 'from-app',
    kind: 'response_url',
    name: 'response_url',
    via: 'http',
    sent: parseReply(body, contentType) ?? { body },
  });
  endPassage(server.traffic, passage, {
    via: 'http',
    status: answer.status,
    latencyMs: server.world.wireNow() - at,
    answer: answer.body,
    ...(answer.status === 200 ? {} : { error: answer.body }),
  });
  return answer;
}

function answerResponseUrl(
  world: World,
  tickets: Tickets,
  key: string,
  body: string,
  contentType: string,
): UrlAnswer {
  const found = takeResponseUrl(tickets, world, key);
  if (typeof found === 'string') return { status: 404, body: found };
  const reply = parseReply(body, contentType);
  if (!reply) return { status: 400, body: 'invalid_payload' };
  try {
    apply(world, found, reply);
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (error instanceof Refusal) return { status: 400, body: error.code };
    throw error;
  }
}

function apply(world: World, url: ResponseUrl, reply: Json): void {
  if (reply.delete_original === true && url.messageTs) {
    removeOriginal(world, url, url.messageTs);
    return;
  }
  const content = readContent(reply, 'truncate');
  if (reply.replace_original === true && url.messageTs) {
    replaceOriginal(world, url, url.messageTs, content);
    return;
  }
  postReply(world, url, reply, content, 'response_url');
}

function removeOriginal(world: World, url: ResponseUrl, ts: string): void {
  if (url.ephemeral) {
    world.ephemerals = world.ephemerals.filter((one) => one.ts !== ts);
    world.changed({ what: 'message', channel: url.channel, ts, onlyFor: url.user });
    return;
  }
  const channel = world.channels.get(url.channel);
  const message = channel && findMessage(channel, ts);
  if (channel && message) deleteMessage(world, channel, message);
}

function replaceOriginal(world: World, url: ResponseUrl, ts: string, content: Content): void {
  if (url.ephemeral) {
    const shown = world.ephemerals.find((one) => one.ts === ts);
    const { text, blocks = [], attachments } = content;
    if (shown) Object.assign(shown, { text, blocks, attachments });
    world.changed({ what: 'message', channel: url.channel, ts, onlyFor: url.user });
    return;
  }
  const channel = world.channels.get(url.channel);
  const message = channel && findMessage(channel, ts);
  if (!channel || !message) return;
  const { text, blocks, attachments } = content;
  changeMessage(world, channel, message, { text, blocks, attachments });
}

/** Ephemeral unless it says in_channel; channel membership does not matter. */
export function postReply(
  world: World,
  url: Pick<ResponseUrl, 'channel' | 'user' | 'threadTs'>,
  reply: Json,
  content: Content,
  via: 'response_url' | 'ack',
): Message | undefined {
  const threadTs = typeof reply.thread_ts === 'string' ? reply.thread_ts : url.threadTs;
  if (reply.response_type !== 'in_channel') {
    addEphemeral(world, url.channel, url.user, content, via, threadTs);
    return undefined;
  }
  const channel = world.channels.get(url.channel);
  if (!channel) return undefined;
  const { truncated: _, ...rest } = content;
  return addMessage(world, channel, { ...botMessage(world), ...rest, ...(threadTs ? { threadTs } : {}) });
}
