// The head of a channel: its name and topic, who is in it, what is pinned and bookmarked.
import { useState } from 'react';
import type { ChannelCard } from '../../page/contract.js';
import { nameOf, useLog, useMe, usePeople, useSession, useSpace } from '../state/session.js';
import { isConversation, titleOf } from '../state/titles.js';
import { Avatar } from './avatar.js';
import { timeOf } from './clock.js';
import { Dialog } from './dialog.js';
import { asPlain } from './typed.js';

/** Draws name, topic, and the ways to members, pins and leaving. */
export function ChannelHeader({ channel }: { channel: ChannelCard }) {
  const me = useMe();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const [open, setOpen] = useState<'members' | 'pins' | null>(null);
  const close = () => setOpen(null);
  const topic = asPlain(channel.topic, people, channels);
  return (
    <header className="channel-head">
      <div className="channel-title">
        <h1>{titleOf(channel, me.id)}</h1>
        {channel.kind === 'group' && <span className="badge">private</span>}
        {channel.isArchived && <span className="badge">archived</span>}
        {topic && (
          <p className="topic" title={topic}>
            {topic}
          </p>
        )}
      </div>
      <div className="channel-tools">
        {!isConversation(channel) && (
          <button type="button" aria-haspopup="dialog" onClick={() => setOpen('members')}>
            {channel.members.length === 1 ? '1 member' : `${channel.members.length} members`}
          </button>
        )}
        {channel.pins.length > 0 && (
          <button type="button" aria-haspopup="dialog" onClick={() => setOpen('pins')}>
            {channel.pins.length} pinned
          </button>
        )}
        {channel.bookmarks.map((each) => (
          <a
            key={each.id}
            className="bookmark"
            href={safeLink(each.link)}
            target="_blank"
            rel="noreferrer noopener"
            title={each.link}
          >
            {each.title}
          </a>
        ))}
      </div>
      {open === 'members' && <Members channel={channel} onClose={close} />}
      {open === 'pins' && <Pins channel={channel} onClose={close} />}
    </header>
  );
}

/** A bookmark is what an app set: only where it can lead to a page is it a link. */
function safeLink(link: string): string | undefined {
  return /^https?:\/\//i.test(link) ? link : undefined;
}

function Members({ channel, onClose }: { channel: ChannelCard; onClose: () => void }) {
  const { client } = useSession();
  const people = usePeople();
  const others = people.filter((each) => !channel.members.includes(each.id));
  const canInvite = channel.isMember && !channel.isArchived;
  return (
    <Dialog title={`Members of #${channel.name}`} onClose={onClose}>
      <ul className="people">
        {channel.members.map((id) => (
          <li key={id}>
            <Avatar id={id} name={nameOf(people, id)} small /> {nameOf(people, id)}
          </li>
        ))}
      </ul>
      {canInvite && others.length > 0 && (
        <>
          <h3>Not in this channel</h3>
          <ul className="people">
            {others.map((each) => (
              <li key={each.id}>
                <Avatar id={each.id} name={nameOf(people, each.id)} small /> {nameOf(people, each.id)}
                <button
                  type="button"
                  onClick={() => void client.act({ do: 'invite', channel: channel.id, who: each.id })}
                >
                  Invite<span className="unseen"> {nameOf(people, each.id)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {canInvite && (
        <button
          type="button"
          className="danger"
          onClick={() => {
            onClose();
            void client.act({ do: 'leave', channel: channel.id });
          }}
        >
          Leave #{channel.name}
        </button>
      )}
    </Dialog>
  );
}

function Pins({ channel, onClose }: { channel: ChannelCard; onClose: () => void }) {
  const { go } = useSession();
  const me = useMe();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const messages = useLog(channel.id)?.messages ?? [];
  return (
    <Dialog title="Pinned messages" onClose={onClose}>
      <ul className="pins">
        {channel.pins.map((pin) => {
          const message = messages.find((each) => each.ts === pin.ts);
          const root = message?.threadTs;
          const isReply = root !== undefined && root !== pin.ts;
          return (
            <li key={pin.ts}>
              <button
                type="button"
                onClick={() => {
                  onClose();
                  go({
                    at: 'channel',
                    channel: channel.id,
                    ...(isReply ? { thread: root } : { message: pin.ts }),
                  });
                }}
              >
                <b>
                  {message ? nameOf(people, message.user) : 'Message'}, {timeOf(pin.ts, me.zone)}
                </b>
                <span>{message ? asPlain(message.text, people, channels) : 'in this channel'}</span>
                <small>pinned by {nameOf(people, pin.user)}</small>
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
