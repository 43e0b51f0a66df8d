// The reactions under a message; pressing one adds one's own or takes it back.
import type { PageMessage } from '../../page/contract.js';
import { nameOf, useMe, usePeople, useSession } from '../state/session.js';
import { signOf } from './emoji.js';

/** Draws each reaction with how many gave it, and who. */
export function Reactions({ message }: { message: PageMessage }) {
  const { client } = useSession();
  const me = useMe();
  const people = usePeople();
  return (
    <ul className="reactions" aria-label="Reactions">
      {message.reactions.map(({ name, users }) => {
        const isMine = users.includes(me.id);
        const who = users.map((id) => nameOf(people, id)).join(', ');
        return (
          <li key={name}>
            <button
              type="button"
              aria-pressed={isMine}
              aria-label={`${name}: ${who}`}
              title={`${who} reacted with :${name}:`}
              onClick={() =>
                client.act({
                  do: isMine ? 'unreact' : 'react',
                  channel: message.channel,
                  ts: message.ts,
                  name,
                })
              }
            >
              <span aria-hidden="true">{signOf(name)}</span> {users.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
