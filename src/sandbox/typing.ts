// What a person types as Slack's client sends it: entities, mentions, links, rich text.
import { type Reader, readMrkdwn } from './mrkdwn.js';
import type { Json } from './types.js';
import { findChannel, findUser, groupId, isPrivate, type User, type World } from './world.js';

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whose name this is; completion in Slack's client does not mind the case. */
function namedUser(world: World, name: string): User | undefined {
  return findUser(world, name) ?? findUser(world, name.toLowerCase());
}

/** The id of the group of this handle. */
function namedGroup(world: World, handle: string): string | undefined {
  const groups = world.usergroups ?? [];
  const index = groups.findIndex((group) => group.handle === handle.toLowerCase());
  return index < 0 ? undefined : groupId(groups, index);
}

/** Commands with should_escape: mentions carry their label, unknown names stay as typed. */
export function escapeCommand(world: World, text: string): string {
  return linked(entities(text))
    .replace(/(^|[\s(,:])@([\w.-]*\w)/g, (all, before: string, name: string) => {
      const user = namedUser(world, name);
      if (user) return `${before}<@${user.id}|${user.name}>`;
      const group = namedGroup(world, name);
      return group ? `${before}<!subteam^${group}|@${name.toLowerCase()}>` : all;
    })
    .replace(/(^|[\s(,])#([\p{L}\p{N}_-]+)/gu, (all, before: string, name: string) => {
      const channel = findChannel(world, name);
      return channel ? `${before}<#${channel.id}|${isPrivate(channel) ? '' : channel.name}>` : all;
    });
}

function linked(text: string): string {
  return text.replace(/(^|\s)(https?:\/\/\S+)/g, '$1<$2>');
}

/**
 * Messages: user mentions carry no label; mentions given ready-made are kept. Not so what is `literal`: Slack's client
 * makes nothing of markup that somebody types.
 */
export function escapeMessage(world: World, text: string, literal = false): string {
  if (literal) return escapePlain(world, text);
  const ready = /<(?:[@#!][^<>]+|https?:\/\/[^<>]+)>/g;
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(ready)) {
    parts.push(escapePlain(world, text.slice(at, match.index)), match[0]);
    at = match.index + match[0].length;
  }
  parts.push(escapePlain(world, text.slice(at)));
  return parts.join('');
}

/** In code, names and addresses are code. */
function escapePlain(world: World, text: string): string {
  return text
    .split(/(```[\s\S]+?```|`[^`\n]+`)/)
    .map((piece, index) => (index % 2 === 0 ? escapeWords(world, piece) : entities(piece)))
    .join('');
}

function escapeWords(world: World, text: string): string {
  return linked(entities(text))
    .replace(/(^|[\s(,*~])@([\w.-]*\w)/g, (all, before: string, name: string) => {
      if (['here', 'channel', 'everyone'].includes(name)) return `${before}<!${name}>`;
      const user = namedUser(world, name);
      if (user) return `${before}<@${user.id}>`;
      const group = namedGroup(world, name);
      return group ? `${before}<!subteam^${group}>` : all;
    })
    .replace(/(^|[\s(,*~])#([\p{L}\p{N}_-]+)/gu, (all, before: string, name: string) => {
      const channel = findChannel(world, name);
      return channel ? `${before}<#${channel.id}|${isPrivate(channel) ? '' : channel.name}>` : all;
    });
}

// A workspace may add emoji to Slack's, so any such name may be one: a page that knows none shows the name. Which
// addresses are links, the escaped text says already.
const client: Reader = {
  isEmoji: (name) => /^(?:[a-z][a-z0-9_'+-]*|[+-]1|100)$/.test(name),
  linksBare: false,
};

/** The rich_text block every message typed by a person carries. */
export function richTextOf(text: string, blockId: string): Json {
  const parts = readMrkdwn(text, client).map((part) => ({
    ...part,
    elements: (part.elements as Json[]).map(({ label: _, ...leaf }) => leaf),
  }));
  const elements = parts.length > 0 ? parts : [{ type: 'rich_text_section', elements: [] }];
  return { type: 'rich_text', block_id: blockId, elements };
}
