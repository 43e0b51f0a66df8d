// The channel one is in: head, messages, composer; and the thread beside it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChannelCard } from '../../page/contract.js';
import { useLog, useMe, useSession, useSpace } from '../state/session.js';
import { isReadOnly, titleOf } from '../state/titles.js';
import { ChannelHeader } from './channel-header.js';
import { Composer, type ComposerProps } from './composer.js';
import { FirstSteps } from './first-steps.js';
import { MessageList } from './message-list.js';
import { channelRows, lastOwn } from './rows.js';

const readAfterMs = 400;

/** Draws a channel for the person one is. */
export function ChannelView({
  channel,
  message,
  given,
}: {
  channel: ChannelCard;
  /** The message a link led to. */
  message: string | undefined;
  given: ComposerProps['given'];
}) {
  const { client } = useSession();
  const me = useMe();
  const log = useLog(channel.id);
  const state = log?.state ?? 'stale';
  const title = titleOf(channel, me.id);
  const readOnly = useSpace((space) => isReadOnly(channel, space.opening.app));
  // Most steps are of the incident whose channel a newcomer is led to.
  const leadsHere = useSpace((space) => space.opening.startIn === channel.id);
  // Where one had read to stays where it was while one reads on.
  const [readTo] = useState(() => (channel.unread > 0 ? channel.lastReadTs : null));
  const [editing, setEditing] = useState<string | null>(null);
  const messages = log?.messages;
  const rows = useMemo(
    () => channelRows(messages ?? [], { zone: me.zone, me: me.id, readTo }),
    [messages, me.zone, me.id, readTo],
  );
  useEffect(() => {
    if (state === 'stale') void client.load(channel.id);
  }, [client, channel.id, state]);
  const onSeen = useReading(channel);
  const showFirst = message ?? (rows.some((row) => row.kind === 'new') ? 'new' : null);

  return (
    <section className="channel" aria-label={title}>
      <ChannelHeader channel={channel} />
      {leadsHere && <FirstSteps />}
      {state === 'refused' && <p className="empty">This channel cannot be shown to you.</p>}
      {state === 'loading' && rows.length === 0 && (
        <p className="empty" role="status">
          Reading {title} …
        </p>
      )}
      {state === 'ready' && rows.length === 0 && (
        <p className="empty">
          Nothing was said here yet.{!readOnly && ' What you write below is the first message.'}
        </p>
      )}
      <h2 className="unseen">Messages</h2>
      <MessageList
        label={`Messages in ${title}`}
        rows={rows}
        inThread={false}
        showFirst={showFirst}
        onSeen={onSeen}
        editing={editing}
        onEdit={setEditing}
      />
      <Foot channel={channel} title={title} readOnly={readOnly}>
        <Composer
          channel={channel.id}
          label={`Message ${title}`}
          given={given}
          onEditLast={() => setEditing(lastOwn(rows, me.id))}
        />
      </Foot>
    </section>
  );
}

interface FootProps {
  channel: ChannelCard;
  title: string;
  readOnly: boolean;
  children: React.ReactNode;
}

function Foot(props: FootProps) {
  const { client } = useSession();
  const { channel, title } = props;
  if (channel.isArchived) return <p className="foot-note">{title} is archived. It can be read only.</p>;
  if (props.readOnly) return <p className="foot-note">Sending messages to this app has been turned off.</p>;
  if (channel.isMember) return props.children;
  return (
    <p className="foot-note">
      You are reading {title} and are not in it.{' '}
      <button
        type="button"
        className="primary"
        onClick={() => void client.act({ do: 'join', channel: channel.id })}
      >
        Join {title}
      </button>
    </p>
  );
}

// Told once a while, and only forward: scrolling up unreads nothing.
function useReading(channel: ChannelCard): (ts: string) => void {
  const { client } = useSession();
  const told = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { id, lastReadTs, isMember } = channel;
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (ts: string) => {
      if (!isMember || ts <= lastReadTs || ts <= told.current) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        told.current = ts;
        void client.act({ do: 'read', channel: id, ts });
      }, readAfterMs);
    },
    [client, id, lastReadTs, isMember],
  );
}
