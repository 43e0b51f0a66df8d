// The channels one is in, those one may join, direct messages, and the app.
import { useState } from 'react';
import type { ChannelCard } from '../../page/contract.js';
import { useMe, useSession, useSpace } from '../state/session.js';
import { isConversation, titleOf, unreadWords } from '../state/titles.js';
import { BrowseChannels, NewMessage } from './browse.js';

/** Draws the list of places; `onGone` closes the drawer on a narrow screen. */
export function Sidebar({ onGone }: { onGone: () => void }) {
  const { place, go } = useSession();
  const me = useMe();
  const channels = useSpace((space) => space.opening.channels);
  const app = useSpace((space) => space.opening.app);
  const [open, setOpen] = useState<'browse' | 'message' | null>(null);
  const mine = channels.filter((each) => each.isMember && !each.isArchived);
  const current = place.at === 'channel' ? channels.find((each) => each.id === place.channel) : undefined;
  const inChannels = mine.filter((each) => !isConversation(each)).toSorted(byName);
  // What one looks at is in the list, also where one is not a member.
  if (current && !mine.includes(current) && !isConversation(current)) inChannels.push(current);
  const entry = (channel: ChannelCard) => (
    <Entry
      key={channel.id}
      channel={channel}
      title={titleOf(channel, me.id)}
      isCurrent={place.at === 'channel' && place.channel === channel.id}
      onGo={() => {
        go({ at: 'channel', channel: channel.id });
        onGone();
      }}
    />
  );
  return (
    <>
      <div className="sidebar">
        <h2 id="side-channels">Channels</h2>
        <ul aria-labelledby="side-channels">{inChannels.map(entry)}</ul>
        <button type="button" className="side-more" onClick={() => setOpen('browse')}>
          Browse channels
        </button>
        <h2 id="side-direct">Direct messages</h2>
        <ul aria-labelledby="side-direct">{mine.filter(isConversation).toSorted(byName).map(entry)}</ul>
        <button type="button" className="side-more" onClick={() => setOpen('message')}>
          New message
        </button>
        <h2 id="side-apps">Apps</h2>
        <ul aria-labelledby="side-apps">
          <li>
            <button
              type="button"
              className="side-entry"
              aria-current={place.at === 'home' ? 'page' : undefined}
              onClick={() => {
                go({ at: 'home' });
                onGone();
              }}
            >
              <span className="side-name">{app.name} Home</span>
            </button>
          </li>
        </ul>
      </div>
      {open === 'browse' && <BrowseChannels onClose={() => setOpen(null)} onGone={onGone} />}
      {open === 'message' && <NewMessage onClose={() => setOpen(null)} onGone={onGone} />}
    </>
  );
}

function Entry(props: { channel: ChannelCard; title: string; isCurrent: boolean; onGo: () => void }) {
  const { channel, title } = props;
  const count = isConversation(channel) ? channel.unread : channel.mentions;
  return (
    <li>
      <button
        type="button"
        className={channel.unread > 0 ? 'side-entry unread' : 'side-entry'}
        aria-current={props.isCurrent ? 'page' : undefined}
        onClick={props.onGo}
      >
        <span className="side-name">{title}</span>
        <span className="unseen">{unreadWords(channel)}</span>
        {count > 0 && (
          <span className="count" aria-hidden="true">
            {count}
          </span>
        )}
      </button>
    </li>
  );
}

function byName(a: ChannelCard, b: ChannelCard): number {
  return a.name.localeCompare(b.name);
}
