// One message: who, when, what it says, its files, reactions and thread, and what one can do with it.
import { type KeyboardEvent, memo, useRef, useState } from 'react';
import type { PageMessage } from '../../page/contract.js';
import { nameOf, useMe, usePeople, useSession, useSpace } from '../state/session.js';
import { pageVoice } from '../state/store.js';
import { fullTime } from '../time.js';
import { Avatar } from './avatar.js';
import { Body } from './body.js';
import { isoTime, timeOf } from './clock.js';
import { EditBox } from './edit-box.js';
import { Files } from './files.js';
import { Reactions } from './reactions.js';
import type { ThreadSum } from './rows.js';
import { ThreadButton } from './thread-button.js';
import { Toolbar } from './toolbar.js';
import { asPlain } from './typed.js';

export interface MessageProps {
  readonly message: PageMessage;
  readonly head: boolean;
  readonly thread?: ThreadSum;
  /** In a thread's own pane there is no way into the thread. */
  readonly inThread: boolean;
  readonly isEditing: boolean;
  /** A link led to it. */
  readonly isMarked: boolean;
  onEdit(ts: string | null): void;
}

/** Of a long message, as much as is read aloud before one decides to go in. */
const heardLetters = 120;

/** Draws a message; its tools come when the pointer or the focus is on it. */
export const Message = memo(function Message(props: MessageProps) {
  const { message } = props;
  const { client } = useSession();
  const people = usePeople();
  const [isHot, setHot] = useState(false);
  const [asked, setAsked] = useState(0);
  const dismiss = useRef<HTMLButtonElement>(null);
  const name = nameOf(people, message.user);
  const channels = useSpace((space) => space.opening.channels);
  const heardOf = (text: string) => asPlain(text, people, channels).slice(0, heardLetters);
  const isGone = message.subtype === 'tombstone';
  const canAct = !message.ephemeral && !isGone;

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (message.ephemeral) dismiss.current?.focus();
    if (canAct) setAsked((count) => count + 1);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row is a list item; hovering only shows its tools
    <div
      className={`message${props.isMarked ? ' marked' : ''}${props.head ? ' head' : ''}${message.ephemeral ? ' ephemeral' : ''}`}
      onMouseEnter={() => setHot(true)}
      onMouseLeave={(event) => setHot(event.currentTarget.querySelector(':focus-visible') !== null)}
      onFocus={() => setHot(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setHot(false);
      }}
    >
      {message.ephemeral && (
        <p className="only-you">
          <span>Only you can see this</span>
          <button
            ref={dismiss}
            type="button"
            className="link"
            // One message is one stop for Tab; what belongs to it comes when one is there.
            tabIndex={isHot ? 0 : -1}
            onClick={() => client.dismiss(message.channel, message.ts)}
          >
            Dismiss
          </button>
        </p>
      )}
      <article
        tabIndex={-1}
        data-message={message.ts}
        aria-label={`${name}, ${props.head ? '' : 'continued, '}${heardOf(message.text)}`}
        onKeyDown={onKeyDown}
      >
        {props.head ? <Avatar id={message.user} name={name} /> : <Time ts={message.ts} className="beside" />}
        <div className="words">
          {props.head && <Head message={message} name={name} />}
          {props.isEditing ? (
            <EditBox message={message} onDone={() => props.onEdit(null)} />
          ) : (
            <Said message={message} isGone={isGone} />
          )}
          {message.files.length > 0 && <Files files={message.files} />}
          {message.reactions.length > 0 && <Reactions message={message} />}
          {props.thread && !props.inThread && <ThreadButton message={message} thread={props.thread} />}
        </div>
      </article>
      {canAct && (isHot || asked > 0) && !props.isEditing && (
        <Toolbar
          message={message}
          inThread={props.inThread}
          isShown={isHot}
          asked={asked}
          onEdit={() => props.onEdit(message.ts)}
        />
      )}
    </div>
  );
});

function Head({ message, name }: { message: PageMessage; name: string }) {
  const people = usePeople();
  const isApp = message.botId !== undefined || people.some((each) => each.id === message.user && each.isApp);
  return (
    <div className="said-by">
      <b>{name}</b>
      {(isApp || message.user === pageVoice) && <span className="badge">APP</span>}
      <Time ts={message.ts} />
    </div>
  );
}

function Time({ ts, className }: { ts: string; className?: string }) {
  const { zone } = useMe();
  return (
    <time className={className ?? 'time'} dateTime={isoTime(ts)} title={fullTime(Number(ts), zone)}>
      {timeOf(ts, zone)}
    </time>
  );
}

function Said({ message, isGone }: { message: PageMessage; isGone: boolean }) {
  if (isGone) return <p className="tombstone">This message was deleted.</p>;
  return (
    <>
      <Body message={message} />
      {message.edited && <small className="edited">(edited)</small>}
    </>
  );
}
