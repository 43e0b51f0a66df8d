// The list beside the caret as state: what it offers, which one is chosen, and the keys that move in it.
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useSpace } from '../state/session.js';
import { type Completion, completionFor, type Suggestion, taken } from './completion.js';

export interface Offered {
  readonly completion: Completion | null;
  /** -1: none is chosen yet. */
  readonly chosen: number;
  choose(suggestion: Suggestion): void;
  /** True: the key was for the list. */
  onKey(event: KeyboardEvent): boolean;
  moved(caret: number): void;
}

/** Offers completions for a text; taking one gives back the text and where the caret stands. */
export function useCompletion(
  text: string,
  isThread: boolean,
  onTake: (text: string, caret: number) => void,
  onShortcut: (callbackId: string) => void,
): Offered {
  const opening = useSpace((space) => space.opening);
  const { commands, shortcuts, people, channels, usergroups } = opening;
  const [caret, setCaret] = useState(0);
  const [choice, setChoice] = useState<{ of: string; index: number } | null>(null);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const sources = useMemo(
    () => ({ commands: isThread ? [] : commands, shortcuts, people, channels, usergroups }),
    [isThread, commands, shortcuts, people, channels, usergroups],
  );
  const found = useMemo(
    () => (caret > text.length ? null : completionFor(text, caret, sources)),
    [text, caret, sources],
  );
  const completion = closedFor === text ? null : found;
  const first = completion?.eager ? 0 : -1;
  const chosen = choice !== null && choice.of === text ? choice.index : first;

  function choose(suggestion: Suggestion) {
    if (!completion) return;
    if (suggestion.shortcut) {
      onTake('', 0);
      onShortcut(suggestion.shortcut);
      return;
    }
    const next = taken(text, completion, suggestion);
    setCaret(next.caret);
    onTake(next.text, next.caret);
  }

  function onKey(event: KeyboardEvent): boolean {
    if (!completion || event.nativeEvent.isComposing) return false;
    const { length } = completion.list;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const from = chosen === -1 && step === -1 ? 0 : chosen;
      setChoice({ of: text, index: (from + step + length) % length });
      return true;
    }
    if (event.key === 'Escape') {
      setClosedFor(text);
      return true;
    }
    const suggestion = completion.list[event.key === 'Tab' ? Math.max(chosen, 0) : chosen];
    const takes = (event.key === 'Tab' && !event.shiftKey) || (event.key === 'Enter' && !event.shiftKey);
    if (!takes || !suggestion) return false;
    choose(suggestion);
    return true;
  }

  return { completion, chosen, choose, onKey, moved: setCaret };
}
