// The list of completions above the composer.
import { useEffect, useRef } from 'react';
import type { Offered } from './use-completion.js';

/** Draws the offers; the focus stays in the composer. */
export function CompletionList({ id, offered }: { id: string; offered: Offered }) {
  const { completion, chosen } = offered;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (!completion) return null;
  return (
    <div ref={list} id={id} className="completion" role="listbox" aria-label="Suggestions" tabIndex={-1}>
      {completion.list.map((each, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the composer's
        <div
          key={each.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => offered.choose(each)}
        >
          <b>{each.label}</b> <small>{each.detail}</small>
        </div>
      ))}
    </div>
  );
}
