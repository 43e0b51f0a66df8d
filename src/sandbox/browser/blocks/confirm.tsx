// "Are you sure?", where an element has a confirm object.
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Json } from '../../page/contract.js';
import { plainWords, TextBlock } from './text.js';

/** The dialog to draw, and the question: true at once where nothing is to be asked. */
export function useConfirm(confirm: Json | undefined): [ReactNode, () => Promise<boolean>] {
  const [answer, setAnswer] = useState<((yes: boolean) => void) | null>(null);
  const ask = (): Promise<boolean> => {
    if (!confirm) return Promise.resolve(true);
    return new Promise((resolve) => {
      setAnswer(() => (yes: boolean) => {
        setAnswer(null);
        resolve(yes);
      });
    });
  };
  const question = confirm && answer ? <Confirm confirm={confirm} answer={answer} /> : null;
  return [question, ask];
}

function Confirm({ confirm, answer }: { confirm: Json; answer: (yes: boolean) => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => {
    const own = dialog.current;
    own?.showModal();
    return () => own?.close();
  }, []);
  const style = confirm.style === 'danger' ? 'bk-danger' : 'bk-primary';
  return (
    <dialog
      ref={dialog}
      className="bk bk-confirm"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        answer(false);
      }}
    >
      <h2 id={title}>{plainWords(confirm.title) || 'Are you sure?'}</h2>
      <TextBlock of={confirm.text} />
      <div className="bk-dialog-buttons">
        <button type="button" className="bk-button" onClick={() => answer(false)}>
          {plainWords(confirm.deny) || 'Cancel'}
        </button>
        <button type="button" className={`bk-button ${style}`} onClick={() => answer(true)}>
          {plainWords(confirm.confirm) || 'Yes'}
        </button>
      </div>
    </dialog>
  );
}
