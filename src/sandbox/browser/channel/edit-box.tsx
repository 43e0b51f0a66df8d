// A message of one's own, being edited where it stands: Enter saves, Escape leaves it as it was.
import { useEffect, useRef, useState } from 'react';
import type { PageMessage } from '../../page/contract.js';
import { usePeople, useSession, useSpace } from '../state/session.js';
import { focusComposer } from './focus.js';
import { asTyped } from './typed.js';

/** Draws the box with the words as they were typed. */
export function EditBox({ message, onDone }: { message: PageMessage; onDone: () => void }) {
  const { client } = useSession();
  const people = usePeople();
  const channels = useSpace((space) => space.opening.channels);
  const [text, setText] = useState(() => asTyped(message.text, people, channels));
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
  }, []);

  function done() {
    focusComposer(box.current);
    onDone();
  }

  async function save() {
    const { channel, ts, threadTs } = message;
    done();
    if (text.trim() === '') return;
    const answer = await client.act({ do: 'edit', channel, ts, text: text.trim() });
    if (!answer.ok) client.say(channel, answer.said ?? 'The message was not changed.', threadTs);
  }

  return (
    <form
      className="edit-box"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={box}
        aria-label="Edit message"
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') done();
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <button type="submit">Save</button>
      <button type="button" className="quiet" onClick={done}>
        Cancel
      </button>
    </form>
  );
}
