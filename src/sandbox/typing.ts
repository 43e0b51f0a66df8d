// What a person types as Slack's client sends it: entities, mentions, links, rich text.
import type { Json } from './types.js';
import { findChannel, findUser, isPrivate, type User, type World } from './world.js';

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whose name this is; completion in Slack's client does not mind the case. */
function namedUser(world: World, name: string): User | undefined {
  return findUser(world, name) ?? findUser(world, name.toLowerCase());
}

/** Commands with should_escape: mentions carry their label, unknown names stay as typed. */
export function escapeCommand(world: World, text: string): string {
  return linked(entities(text))
    .replace(/(^|[\s(,])@([\w.-]*\w)/g, (all, before: string, name: string) => {
      const user = namedUser(world, name);
      return user ? `${before}<@${user.id}|${user.name}>` : all;
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

function escapePlain(world: World, text: string): string {
  return linked(entities(text))
    .replace(/(^|[\s(,])@([\w.-]*\w)/g, (all, before: string, name: string) => {
      if (['here', 'channel', 'everyone'].includes(name)) return `${before}<!${name}>`;
      const user = namedUser(world, name);
      return user ? `${before}<@${user.id}>` : all;
    })
    .replace(/(^|[\s(,])#([\p{L}\p{N}_-]+)/gu, (all, before: string, name: string) => {
      const channel = findChannel(world, name);
      return channel ? `${before}<#${channel.id}|${isPrivate(channel) ? '' : channel.name}>` : all;
    });
}

function plainAgain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The rich_text block every message typed by a person carries. */
export function richTextOf(text: string, blockId: string): Json {
  const elements = text
    .split(/(<[^<>]+>)/)
    .filter((part) => part !== '')
    .map((part): Json => {
      const inner = /^<([^<>]+)>$/.exec(part)?.[1];
      if (inner === undefined) return { type: 'text', text: plainAgain(part) };
      const [target = '', label] = inner.split('|');
      if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1) };
      if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1) };
      if (target.startsWith('!')) return { type: 'broadcast', range: target.slice(1) };
      return { type: 'link', url: plainAgain(target), ...(label ? { text: label } : {}) };
    });
  return { type: 'rich_text', block_id: blockId, elements: [{ type: 'rich_text_section', elements }] };
}
