// What happens when a person uses an element: it is asked for, sent, waited for, and said where it failed.
import { createContext, type ReactNode, useContext, useId, useState } from 'react';
import type { ActAnswer, Json } from '../../page/contract.js';
import { useConfirm } from './confirm.js';
import { isObject, text } from './json.js';
import { heldBy, sentFor, type Values } from './values.js';

export interface BlockAction {
  actionId: string;
  blockId: string;
  value?: unknown;
}

export interface BlockInput extends BlockAction {
  /** The app is told by an action of its own. */
  dispatches: boolean;
}

export interface Acting {
  onAction?: ((action: BlockAction) => Promise<ActAnswer>) | undefined;
  /** block_id → action_id → Slack's state value. */
  state?: Record<string, Record<string, Json>> | undefined;
  /** What was typed here and the server does not know yet; it goes before `state`. */
  typed?: Values | undefined;
  /** By block_id. */
  errors?: Record<string, string> | undefined;
  onInput?: ((input: BlockInput) => void) | undefined;
  onSuggest?: ((asked: { actionId: string; blockId: string; typed: string }) => Promise<Json[]>) | undefined;
}

export const ActingContext = createContext<Acting>({});

export function useActing(): Acting {
  return useContext(ActingContext);
}

/** Where an element stands, and what names and explains it there. */
export interface Slot {
  element: Json;
  blockId: string;
  /** In an input block, whose label names it. */
  inInput: boolean;
  dispatches: boolean;
  /** Its name for those who do not see it; an input block has a label instead. */
  name?: string | undefined;
  id?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean | undefined;
}

export interface Control {
  value: unknown;
  busy: boolean;
  /** Holds it and sends nothing. */
  hold: (value: unknown) => void;
  /** Holds it, and tells the app where the element does. */
  choose: (value: unknown) => void;
  /** Asks where the app wants that, then tells the app. */
  send: (value?: unknown) => Promise<void>;
  /** The same for a click: once, while an answer is waited for. */
  press: (value?: unknown) => void;
  /** The question that is open, and what went wrong; stands beside the element. */
  beside: ReactNode;
  field: Record<string, unknown>;
}

export const TROUBLE = 'We had some trouble connecting. Try again?';

/** The one behaviour behind every element. */
export function useControl(slot: Slot): Control {
  const { element, blockId } = slot;
  const acting = useActing();
  const actionId = text(element.action_id);
  const ownId = useId();
  const known = acting.typed?.[blockId];
  const [value, setValue] = useState<unknown>(() =>
    known && Object.hasOwn(known, actionId)
      ? known[actionId]
      : heldBy(element, acting.state?.[blockId]?.[actionId]),
  );
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const [question, ask] = useConfirm(isObject(element.confirm) ? element.confirm : undefined);

  const hold = (next: unknown): void => {
    setValue(next);
    acting.onInput?.({ actionId, blockId, value: next, dispatches: slot.dispatches });
  };
  const send = async (next?: unknown): Promise<void> => {
    if (!acting.onAction || !(await ask())) return;
    setBusy(true);
    setFailure('');
    try {
      const answer = await acting.onAction({ actionId, blockId, value: sentFor(element, next) });
      if (!answer.ok) setFailure(failureWords(answer));
    } catch {
      setFailure(TROUBLE);
    } finally {
      setBusy(false);
    }
  };
  const choose = (next: unknown): void => {
    hold(next);
    if (slot.dispatches) void send(next);
  };
  const press = (next?: unknown): void => {
    if (!busy) void send(next);
  };
  const beside = (
    <>
      {question}
      <Failure words={failure} />
    </>
  );
  return { value, busy, hold, choose, send, press, beside, field: fieldProps(slot, ownId, busy) };
}

/** What Slack's client would say, with Slack's word for it, which tells a contributor more. */
export function failureWords(answer: ActAnswer): string {
  const words = answer.said ?? TROUBLE;
  return answer.error && !words.includes(answer.error) ? `${words} (${answer.error})` : words;
}

function Failure({ words }: { words: string }): ReactNode {
  return (
    <span role="status" className={words ? 'bk-failed' : 'bk-sr'}>
      {words}
    </span>
  );
}

function fieldProps(slot: Slot, ownId: string, busy: boolean): Record<string, unknown> {
  return {
    id: slot.id ?? ownId,
    ...(slot.inInput ? {} : { 'aria-label': slot.name || 'Choose' }),
    ...(slot.describedBy ? { 'aria-describedby': slot.describedBy } : {}),
    ...(slot.isInvalid ? { 'aria-invalid': true } : {}),
    ...(busy ? { 'aria-busy': true } : {}),
    ...(slot.element.focus_on_load === true ? { 'data-focus-first': true } : {}),
  };
}
