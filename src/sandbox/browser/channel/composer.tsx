// Where one types: a message, a command with what completes it, files; nothing typed is lost on the way.
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useMe, useSpace } from '../state/session.js';
import { CompletionList } from './completion-list.js';
import { draftKey, keepDraft, readDraft } from './drafts.js';
import { Menu } from './menu.js';
import { useCompletion } from './use-completion.js';
import { useSending } from './use-sending.js';

export interface ComposerProps {
  readonly channel: string;
  readonly threadTs?: string;
  /** What is said in an empty box, such as `Message #general`. */
  readonly label: string;
  /** Words another part of the page puts in; each time another number. */
  readonly given?: { text: string; number: number };
  /** It was opened to be written in. */
  readonly takesFocus?: boolean;
  /** The arrow up in an empty box. */
  onEditLast(): void;
}

/** Draws the composer. Enter sends, Shift and Enter breaks the line. */
export function Composer(props: ComposerProps) {
  const { channel, threadTs } = props;
  const me = useMe();
  const key = draftKey(me.id, channel, threadTs);
  const [text, setTextOnly] = useState(() => readDraft(key));
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [isOver, setOver] = useState(false);
  const back = (lost: string) => {
    if (box.current?.value === '') setText(lost);
  };
  const { send, sendFiles, runShortcut, pending } = useSending(channel, threadTs, back);
  useEffect(() => {
    if (props.takesFocus) box.current?.focus();
  }, [props.takesFocus]);

  // In the same commit as the words: a frame later the next letter may have been typed.
  const caretFor = useRef<number | null>(null);
  function placeCaret() {
    const at = caretFor.current;
    if (at === null) return;
    caretFor.current = null;
    box.current?.focus();
    box.current?.setSelectionRange(at, at);
  }
  useLayoutEffect(placeCaret);

  function setText(next: string, caret = next.length) {
    caretFor.current = caret;
    setTextOnly(next);
    keepDraft(key, next);
    // The same words draw nothing anew.
    if (next === text) placeCaret();
  }
  const offered = useCompletion(text, threadTs !== undefined, setText, runShortcut);
  useGivenWords(props.given, (words) => {
    setText(words);
    offered.moved(words.length);
  });
  useGrowing(box, text);

  function submit() {
    const said = text.trim();
    if (said === '' || !send(text)) return;
    setTextOnly('');
    keepDraft(key, '');
    offered.moved(0);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (offered.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      props.onEditLast();
    }
  }

  return (
    <form
      className={isOver ? 'composer over' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
        box.current?.focus();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        sendFiles([...event.dataTransfer.files]);
      }}
    >
      <CompletionList id={id} offered={offered} />
      <textarea
        ref={box}
        rows={1}
        aria-label={props.label}
        placeholder={props.label}
        value={text}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={offered.completion ? id : undefined}
        aria-activedescendant={
          offered.completion && offered.chosen >= 0 ? `${id}-${offered.chosen}` : undefined
        }
        onChange={(event) => {
          setTextOnly(event.target.value);
          keepDraft(key, event.target.value);
          offered.moved(event.target.selectionStart);
        }}
        onSelect={(event) => offered.moved(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          sendFiles(files);
        }}
      />
      <div className="composer-foot">
        <FileButton onFiles={sendFiles} />
        <ShortcutsButton onRun={runShortcut} />
        <span role="status" className="pending">
          {pending > 0
            ? `${pending === 1 ? 'A command is' : `${pending} commands are`} being answered …`
            : ''}
        </span>
        <button type="submit" className="send" disabled={text.trim() === ''}>
          Send
        </button>
      </div>
    </form>
  );
}

function useGivenWords(given: ComposerProps['given'], put: (text: string) => void): void {
  const last = useRef(given?.number);
  useEffect(() => {
    if (!given || given.number === last.current) return;
    last.current = given.number;
    put(given.text);
  });
}

function useGrowing(box: { current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with the text
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const frame = element.parentElement ?? element;
    // While it is measured the frame stays: a list above it would grow, and be moved from its end.
    frame.style.minHeight = `${frame.offsetHeight}px`;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
    frame.style.minHeight = '';
  }, [box, text]);
}

function FileButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        Add a file
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

function ShortcutsButton({ onRun }: { onRun: (callbackId: string) => void }) {
  const shortcuts = useSpace((space) => space.opening.shortcuts);
  const [beside, setBeside] = useState<HTMLElement | null>(null);
  const close = useRef(() => setBeside(null)).current;
  const global = shortcuts.filter((each) => each.type === 'global');
  if (global.length === 0) return null;
  return (
    <>
      <button
        type="button"
        className="quiet"
        aria-haspopup="menu"
        onClick={(event) => setBeside(event.currentTarget)}
      >
        <span aria-hidden="true">⚡</span> Shortcuts
      </button>
      {beside && (
        <Menu
          label="Shortcuts"
          beside={beside}
          onClose={close}
          items={global.map((each) => ({
            label: each.name,
            detail: each.description,
            run: () => onRun(each.callbackId),
          }))}
        />
      )}
    </>
  );
}
