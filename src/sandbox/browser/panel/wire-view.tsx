// The wire: what to show of it, and the list.
import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { WireCard } from '../../page/contract.js';
import { cardsShown, SHOWN, type Shown } from './read.js';
import { WireList } from './wire-list.js';

interface WireViewProps {
  cards: readonly WireCard[];
  zone?: string | undefined;
  app: string;
  /** What goes up to this number was taken away by the person. */
  onCleared: (number: number) => void;
}

export function WireView({ cards, zone, app, onCleared }: WireViewProps) {
  const [shown, setShown] = useState<Shown>('all');
  const [words, setWords] = useState('');
  const [clearedTo, setClearedTo] = useState(0);
  const [heldAt, setHeldAt] = useState<readonly WireCard[] | null>(null);
  const wanted = useDeferredValue(words);
  const seen = heldAt ?? cards;
  const list = useMemo(
    () =>
      cardsShown(
        seen.filter((card) => card.number > clearedTo),
        shown,
        wanted,
      ),
    [seen, clearedTo, shown, wanted],
  );
  const last = cards.at(-1)?.number ?? 0;
  const missed = heldAt ? cards.filter((card) => card.number > (heldAt.at(-1)?.number ?? 0)).length : 0;
  const id = useId();

  function show(number: number) {
    // What a card repeats may be filtered away or cleared: then all is shown.
    if (list.some((card) => card.number === number)) return;
    setShown('all');
    setWords('');
    if (number <= clearedTo) setClearedTo(number - 1);
  }

  function clear() {
    const number = heldAt?.at(-1)?.number ?? last;
    setClearedTo(number);
    onCleared(number);
  }

  return (
    <>
      <div className="wire-tools">
        <label htmlFor={`${id}-shown`}>Show</label>
        <select id={`${id}-shown`} value={shown} onChange={(event) => setShown(event.target.value as Shown)}>
          {SHOWN.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}-words`}>with</label>
        <input
          id={`${id}-words`}
          type="search"
          placeholder="words"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="button" aria-pressed={heldAt !== null} onClick={() => setHeldAt(heldAt ? null : cards)}>
          {heldAt ? `Go on (${missed} new)` : 'Pause'}
        </button>
        <button type="button" onClick={clear}>
          Clear
        </button>
      </div>
      {list.length > 0 ? (
        <WireList cards={list} zone={zone} app={app} onShow={show} />
      ) : (
        <p className="wire-empty">{emptySentence(cards, clearedTo, app)}</p>
      )}
    </>
  );
}

function emptySentence(cards: readonly WireCard[], clearedTo: number, app: string): string {
  if (cards.length === 0)
    return `Nothing yet. Type a command, and what Slack and ${app} say to each other is here.`;
  if (cards.every((card) => card.number <= clearedTo)) return 'Cleared. What comes next is shown here.';
  return 'Nothing fits. Choose “All” and take the words away to see everything.';
}
