// The dialogs of the sidebar: all channels, to read or to join, and whom to write to.
import { useState } from 'react';
import { nameOf, useMe, usePeople, useSession, useSpace } from '../state/session.js';
import { isConversation } from '../state/titles.js';
import { Avatar } from './avatar.js';
import { timeIn } from './clock.js';
import { Dialog } from './dialog.js';

interface Closing {
  onClose(): void;
  /** One went somewhere: a drawer closes too. */
  onGone(): void;
}

/** Every channel one may see. */
export function BrowseChannels({ onClose, onGone }: Closing) {
  const { client, go } = useSession();
  const channels = useSpace((space) => space.opening.channels);
  const [search, setSearch] = useState('');
  const shown = channels
    .filter((each) => !isConversation(each) && each.name.includes(search.toLowerCase().replace(/^#/, '')))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const visit = (id: string) => {
    onClose();
    onGone();
    go({ at: 'channel', channel: id });
  };
  return (
    <Dialog title="Browse channels" onClose={onClose}>
      <label className="search">
        Search channels
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      </label>
      {shown.length === 0 && <p>No channel has that in its name.</p>}
      <ul className="browse">
        {shown.map((each) => (
          <li key={each.id}>
            <div>
              <b>#{each.name}</b>
              <small>
                {each.isMember ? 'You are in it' : 'You are not in it'}
                {each.isArchived && ', archived'}, {each.members.length}{' '}
                {each.members.length === 1 ? 'member' : 'members'}
                {each.purpose && ` — ${each.purpose}`}
              </small>
            </div>
            <button type="button" onClick={() => visit(each.id)}>
              Open<span className="unseen"> #{each.name}</span>
            </button>
            {!each.isMember && !each.isArchived && (
              <button
                type="button"
                className="primary"
                onClick={() => {
                  void client.act({ do: 'join', channel: each.id });
                  visit(each.id);
                }}
              >
                Join<span className="unseen"> #{each.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Everybody, and the app where it takes messages. */
export function NewMessage({ onClose, onGone }: Closing) {
  const { client, go, announce } = useSession();
  const me = useMe();
  const people = usePeople();
  const app = useSpace((space) => space.opening.app);
  async function write(who: string) {
    onClose();
    onGone();
    const answer = await client.act({ do: 'openDm', who });
    if (answer.channel) go({ at: 'channel', channel: answer.channel });
    else announce(answer.said ?? 'That conversation could not be opened.');
  }
  return (
    <Dialog title="New message" onClose={onClose}>
      <ul className="people">
        {people
          .filter((each) => each.id !== me.id && !(app.messagesReadOnly && each.id === app.botUserId))
          .map((each) => (
            <li key={each.id}>
              <button type="button" onClick={() => void write(each.id)}>
                <Avatar id={each.id} name={nameOf(people, each.id)} small />
                <b>{nameOf(people, each.id)}</b>
                <small>{each.isApp ? 'app' : `${timeIn(each.zone)} there`}</small>
              </button>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
