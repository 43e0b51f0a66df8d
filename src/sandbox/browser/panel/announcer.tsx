// Says to those who listen what was refused, politely and not more than once in a few seconds.
import { useEffect, useRef, useState } from 'react';
import type { WireCard } from '../../page/contract.js';
import { announcementOf } from './read.js';

const SPEAKS_EVERY_MS = 4000;

export function Announcer({ cards }: { cards: readonly WireCard[] }) {
  const [said, setSaid] = useState('');
  const latest = useRef(cards);
  latest.current = cards;

  useEffect(() => {
    // What was refused before the panel was opened is in the list; a card may also turn red long after it came.
    const known = new Set(refusedIn(latest.current).map((card) => card.number));
    const timer = setInterval(() => {
      const fresh = refusedIn(latest.current).filter((card) => !known.has(card.number));
      if (fresh.length === 0) return;
      for (const card of fresh) known.add(card.number);
      setSaid(announcementOf(fresh));
    }, SPEAKS_EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <p role="status" aria-live="polite" className="panel-unseen">
      {said}
    </p>
  );
}

function refusedIn(cards: readonly WireCard[]): WireCard[] {
  return cards.filter((card) => card.state === 'refused');
}
