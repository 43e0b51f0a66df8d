// The modal on top of a person's stack.
import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Act, ActAnswer, PageView } from '../../page/contract.js';
import { failureWords, TROUBLE } from '../blocks/acting.js';
import { Blocks, type Viewer } from '../blocks/index.js';
import { inputsOf, useForm } from './form.js';

export interface ModalProps {
  /** The top of the stack; null: no modal is open. */
  view: PageView | null;
  viewer: Viewer;
  act: (act: Act) => Promise<ActAnswer>;
}

/** The person's modal, if one is open. It stays one dialog while views are pushed, updated and closed. */
export function ModalStack({ view, viewer, act }: ModalProps): ReactNode {
  return view ? <Modal view={view} viewer={viewer} act={act} /> : null;
}

function Modal({ view, viewer, act }: ModalProps & { view: PageView }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const form = useForm(view, act);
  const answers = useAnswers(view, act, form.values);
  useShown(dialog, view.id);
  useFirstError(dialog, answers.errors);
  return (
    <dialog
      ref={dialog}
      className="bk-modal"
      aria-labelledby={title}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        answers.close(false);
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget) answers.close(false);
      }}
    >
      <form noValidate onSubmit={answers.submit} aria-busy={answers.busy || undefined}>
        <header className="bk-modal-head">
          <h1 id={title}>{view.title}</h1>
          <button
            type="button"
            className="bk-close"
            aria-label={view.depth > 0 ? 'Close all' : 'Close'}
            onClick={() => answers.close(true)}
          >
            ×
          </button>
        </header>
        <div className="bk-modal-body">
          <Blocks
            key={view.id}
            blocks={view.blocks}
            viewer={viewer}
            state={view.state}
            typed={form.typed}
            errors={answers.errors}
            onAction={form.onAction}
            onSuggest={form.onSuggest}
            onInput={(input) => {
              answers.touched(input.blockId);
              form.onInput(input);
            }}
          />
        </div>
        <footer className="bk-modal-foot">
          <p className="bk-failed" role="alert">
            {answers.trouble}
          </p>
          <div className="bk-dialog-buttons">
            <button type="button" className="bk-button" onClick={() => answers.close(false)}>
              {view.close ?? (view.depth > 0 ? 'Back' : 'Cancel')}
            </button>
            {(view.submit !== null || inputsOf(view).length > 0) && (
              <button type="submit" className="bk-button bk-primary" aria-busy={answers.busy || undefined}>
                {answers.busy ? 'Sending…' : (view.submit ?? 'Submit')}
              </button>
            )}
          </div>
        </footer>
      </form>
    </dialog>
  );
}

interface Answers {
  busy: boolean;
  trouble: string;
  errors: Record<string, string>;
  submit: (event: FormEvent) => void;
  close: (all: boolean) => void;
  touched: (blockId: string) => void;
}

const NO_ERRORS: Record<string, string> = {};

/** Submitting and closing, and what came back. What follows from a good answer comes over the stream. */
function useAnswers(view: PageView, act: ModalProps['act'], values: () => Record<string, unknown>): Answers {
  const [busyIn, setBusyIn] = useState('');
  const [said, setSaid] = useState<{ view: string; trouble: string; errors: Record<string, string> }>();
  const own = said?.view === view.id ? said : undefined;
  const busy = busyIn === `${view.id} ${view.hash}`;
  const say = (trouble: string, errors = NO_ERRORS): void => setSaid({ view: view.id, trouble, errors });
  const run = async (what: Act): Promise<void> => {
    setBusyIn(`${view.id} ${view.hash}`);
    say('');
    try {
      const answer = await act(what);
      const errors = answer.errors ?? NO_ERRORS;
      const isWrong = Object.keys(errors).length > 0;
      if (isWrong) say(errorWords(errors), errors);
      else if (!answer.ok) say(failureWords({ said: TROUBLE, ...answer }));
    } catch {
      say(TROUBLE);
    } finally {
      setBusyIn('');
    }
  };
  return {
    busy,
    trouble: own?.trouble ?? '',
    errors: own?.errors ?? NO_ERRORS,
    submit(event) {
      event.preventDefault();
      if (!busy) void run({ do: 'submit', viewId: view.id, values: values() });
    },
    close(all) {
      // Twice back would close two views; what closes all waits for nothing.
      if (busy && !all && view.depth > 0) return;
      void run({ do: 'closeView', all });
    },
    touched(blockId) {
      if (!own || !Object.hasOwn(own.errors, blockId)) return;
      const { [blockId]: _, ...left } = own.errors;
      say(Object.keys(left).length > 0 ? errorWords(left) : '', left);
    },
  };
}

function errorWords(errors: Record<string, string>): string {
  const count = Object.keys(errors).length;
  return count === 1 ? 'One answer needs a look.' : `${count} answers need a look.`;
}

/** Opens the dialog and puts the focus on the first field, in each view anew; closing gives the focus back. */
function useShown(dialog: React.RefObject<HTMLDialogElement | null>, viewId: string): void {
  useLayoutEffect(() => {
    const own = dialog.current;
    return () => own?.close();
  }, [dialog]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a pushed view is a new one to begin with
  useLayoutEffect(() => {
    const own = dialog.current;
    if (!own) return;
    if (!own.open) own.showModal();
    const body = own.querySelector('.bk-modal-body');
    if (body) body.scrollTop = 0;
    const wanted = own.querySelector<HTMLElement>('[data-focus-first]');
    const field = body?.querySelector<HTMLElement>('input, select, textarea, button, a[href]');
    (wanted ?? field ?? own.querySelector<HTMLElement>('.bk-modal-foot button:last-child'))?.focus();
  }, [dialog, viewId]);
}

/** The first field that has an error, in the order of the view. */
function useFirstError(
  dialog: React.RefObject<HTMLDialogElement | null>,
  errors: Record<string, string>,
): void {
  const count = useRef(0);
  useLayoutEffect(() => {
    const before = count.current;
    count.current = Object.keys(errors).length;
    // Mending one of two must not take the focus to the other.
    if (count.current <= before) return;
    const wrong = dialog.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    const field = wrong?.matches('fieldset') ? wrong.querySelector<HTMLElement>('input') : wrong;
    field?.focus();
  }, [dialog, errors]);
}
