// What is said to who cannot see: new messages of the channel one is in, and what only they can see.
import { useEffect, useRef, useState } from 'react';
import { asPlain } from './channel/typed.js';
import { nameOf, useLog, useMe, usePeople, useSpace } from './state/session.js';

const heardLetters = 200;

/** A polite live region for one channel. */
export function Live({ channel, said }: { channel: string; said: string }) {
  const me = useMe();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const log = useLog(channel);
  const [words, setWords] = useState('');
  const heard = useRef<{ channel: string; ts: string } | null>(null);
  const last = log?.state === 'ready' ? log.messages.at(-1) : undefined;
  useEffect(() => {
    if (!last) return;
    const before = heard.current;
    heard.current = { channel, ts: last.ts };
    // What stood there when one came is read, not announced.
    if (before?.channel !== channel || before.ts >= last.ts) return;
    if (last.user === me.id && !last.ephemeral) return;
    const text = asPlain(last.text, people, channels).slice(0, heardLetters);
    const only = last.ephemeral ? 'Only you can see this: ' : '';
    setWords(`${only}${nameOf(people, last.user)}: ${text}`);
  }, [channel, last, me.id, people, channels]);
  return (
    <>
      <div className="unseen" role="status" aria-live="polite">
        {words}
      </div>
      <div className="unseen" role="status" aria-live="polite">
        {said}
      </div>
    </>
  );
}
