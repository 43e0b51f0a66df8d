// What a channel is called where people read it. Pure.
import type { ChannelCard, Opening } from '../../page/contract.js';

/** `#general`, or the names of those one writes to. */
export function titleOf(channel: ChannelCard, me: string): string {
  if (channel.kind === 'channel' || channel.kind === 'group') return `#${channel.name}`;
  if (channel.members.every((each) => each === me)) return 'yourself';
  return channel.name;
}

/** What of the sidebar a channel belongs to. */
export function isConversation(channel: ChannelCard): boolean {
  return channel.kind === 'im' || channel.kind === 'mpim';
}

/** The direct message with an app that takes none. */
export function isReadOnly(channel: ChannelCard, app: Opening['app']): boolean {
  return app.messagesReadOnly && channel.kind === 'im' && channel.members.includes(app.botUserId);
}

/** What its entry says to who cannot see it is bold. */
export function unreadWords(channel: ChannelCard): string {
  if (channel.mentions > 0)
    return `, unread, ${channel.mentions === 1 ? '1 mention' : `${channel.mentions} mentions`}`;
  return channel.unread > 0 ? ', unread' : '';
}
