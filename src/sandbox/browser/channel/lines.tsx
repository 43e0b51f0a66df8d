// The rows that are no messages: days, where the new ones begin, how many replies, what happened to the channel.
import type { PageMessage } from '../../page/contract.js';
import { nameOf, useMe, usePeople, useSpace } from '../state/session.js';
import { fullTime } from '../time.js';
import { dayName, isoTime, timeOf } from './clock.js';
import { asPlain } from './typed.js';

/** The day that begins here, in the zone of who looks. */
export function DayLine({ ts }: { ts: string }) {
  const { zone } = useMe();
  return (
    <div className="line day">
      <span>{dayName(ts, zone, Date.now())}</span>
    </div>
  );
}

/** Where what one has not read begins. */
export function NewLine() {
  return (
    <div className="line new">
      <span>New messages</span>
    </div>
  );
}

/** Between a thread's first message and its replies. */
export function RepliesLine({ count }: { count: number }) {
  return (
    <div className="line replies">
      <span>{count === 1 ? '1 reply' : `${count} replies`}</span>
    </div>
  );
}

/** Who joined, what the topic became: one small line. */
export function SmallLine({ message }: { message: PageMessage }) {
  const { zone } = useMe();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const name = nameOf(people, message.user);
  // Slack's words name who joined by a mention; the others begin after the name.
  const words = message.text.replace(new RegExp(`^<@${message.user}(?:\\|[^>]*)?>\\s*`), '');
  return (
    <p className="small-line">
      <b>{name}</b> {asPlain(words, people, channels)}{' '}
      <time dateTime={isoTime(message.ts)} title={fullTime(Number(message.ts), zone)}>
        {timeOf(message.ts, zone)}
      </time>
    </p>
  );
}
