// The thread beside the channel: its first message, the replies, and a composer of its own.
import { useMemo, useState } from 'react';
import type { ChannelCard } from '../../page/contract.js';
import { useLog, useMe, useSession, useSpace } from '../state/session.js';
import { isReadOnly, titleOf } from '../state/titles.js';
import { Composer } from './composer.js';
import { focusComposer } from './focus.js';
import { MessageList } from './message-list.js';
import { lastOwn, threadRows } from './rows.js';

/** Draws a thread; on a narrow screen it covers the channel. */
export function Thread({ channel, ts }: { channel: ChannelCard; ts: string }) {
  const { go } = useSession();
  const me = useMe();
  const messages = useLog(channel.id)?.messages;
  const rows = useMemo(() => threadRows(messages ?? [], ts), [messages, ts]);
  const [editing, setEditing] = useState<string | null>(null);
  const title = titleOf(channel, me.id);
  const readOnly = useSpace((space) => isReadOnly(channel, space.opening.app));
  const close = () => {
    go({ at: 'channel', channel: channel.id });
    // What had the focus goes away with the thread.
    focusComposer(null);
  };
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header className="pane-head">
        <h2>Thread</h2>
        <small>{title}</small>
        <button type="button" className="quiet" aria-label="Close thread" onClick={close}>
          Close
        </button>
      </header>
      <MessageList
        label={`Thread in ${title}`}
        rows={rows}
        inThread
        showFirst={null}
        editing={editing}
        onEdit={setEditing}
      />
      {channel.isMember && !channel.isArchived && !readOnly && (
        <Composer
          key={`${me.id} ${ts}`}
          channel={channel.id}
          threadTs={ts}
          label="Reply in thread"
          takesFocus
          onEditLast={() => setEditing(lastOwn(rows, me.id))}
        />
      )}
    </aside>
  );
}
