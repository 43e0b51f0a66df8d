// A message as it was typed, to be edited: what Slack made of it, taken back. Pure.
import type { ChannelCard, PersonCard } from '../../page/contract.js';

/** Mentions become names again, links addresses, entities characters; other angle brackets are somebody's words. */
export function asTyped(
  text: string,
  people: readonly PersonCard[],
  channels: readonly ChannelCard[],
): string {
  return text
    .replace(/<((?:[@#!]|[a-z][\w+.-]*:)[^<>]*)>/gi, (_, inner: string) => {
      const [target = '', label] = inner.split('|');
      if (target.startsWith('@')) {
        const person = people.find((each) => each.id === target.slice(1));
        return `@${person?.name ?? label ?? target.slice(1)}`;
      }
      if (target.startsWith('#')) {
        const channel = channels.find((each) => each.id === target.slice(1));
        return `#${channel?.name ?? (label || target.slice(1))}`;
      }
      if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
      return target;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** One line of plain words, for lists of pins and for what is read aloud. */
export function asPlain(
  text: string,
  people: readonly PersonCard[],
  channels: readonly ChannelCard[],
): string {
  return asTyped(text, people, channels).replace(/\s+/g, ' ').trim();
}
