// The way from a message into its thread: how many replies, by whom, and when the last came.
import type { PageMessage } from '../../page/contract.js';
import { nameOf, useMe, usePeople, useSession } from '../state/session.js';
import { Avatar } from './avatar.js';
import { timeOf } from './clock.js';
import type { ThreadSum } from './rows.js';

const mostFaces = 4;

/** Draws the button under a message that has replies. */
export function ThreadButton({ message, thread }: { message: PageMessage; thread: ThreadSum }) {
  const { go } = useSession();
  const { zone } = useMe();
  const people = usePeople();
  return (
    <button
      type="button"
      className="thread-button"
      onClick={() => go({ at: 'channel', channel: message.channel, thread: message.ts })}
    >
      {thread.users.slice(0, mostFaces).map((id) => (
        <Avatar key={id} id={id} name={nameOf(people, id)} small />
      ))}
      <b>{thread.count === 1 ? '1 reply' : `${thread.count} replies`}</b>
      <small>last at {timeOf(thread.lastTs, zone)}</small>
    </button>
  );
}
