// The list of wire cards, oldest first and kept at its end; only the rows in sight are in the document.
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { WireCard } from '../../page/contract.js';
import { WireRow } from './wire-row.js';

const ROW_PX = 46;
const AT_END_PX = 40;

interface WireListProps {
  cards: readonly WireCard[];
  zone?: string | undefined;
  app: string;
  /** Asks for a card that is not shown. */
  onShow: (number: number) => void;
}

export function WireList({ cards, zone, app, onShow }: WireListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [active, setActive] = useState<number | null>(null);
  const toFocus = useRef<number | null>(null);
  const found = cards.findIndex((card) => card.number === active);
  const activeIndex = found >= 0 ? found : cards.length - 1;

  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => cards[index]?.number ?? index,
    overscan: 8,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
    // The row that the keyboard is on stays, or focus would be lost by scrolling.
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), activeIndex])].sort((a, b) => a - b),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list appears
  useEffect(() => virtual.scrollToEnd(), []);

  useEffect(() => {
    if (toFocus.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-number="${toFocus.current}"] button`);
    if (!row) return;
    toFocus.current = null;
    row.focus({ preventScroll: true });
  });

  function goTo(number: number) {
    const index = cards.findIndex((card) => card.number === number);
    if (index < 0) onShow(number);
    else virtual.scrollToIndex(index);
    toFocus.current = number;
    setActive(number);
  }

  function onKeyDown(event: KeyboardEvent) {
    // Inside an opened card the arrows scroll what was sent.
    if (!(event.target instanceof Element && event.target.matches('.wire-row'))) return;
    const to = { ArrowUp: activeIndex - 1, ArrowDown: activeIndex + 1, Home: 0, End: cards.length - 1 }[
      event.key
    ];
    const card = to === undefined ? undefined : cards[Math.max(0, Math.min(cards.length - 1, to))];
    if (!card) return;
    event.preventDefault();
    goTo(card.number);
  }

  function toggle(number: number) {
    setActive(number);
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(number)) after.add(number);
      return after;
    });
  }

  return (
    <div className="wire-scroll" ref={scroller}>
      <ol
        className="wire-list"
        aria-label="Requests, events and acknowledgements, oldest first"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map((item) => {
          const card = cards[item.index];
          if (!card) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              data-number={card.number}
              aria-setsize={cards.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <WireRow
                card={card}
                zone={zone}
                app={app}
                isOpen={open.has(card.number)}
                isActive={item.index === activeIndex}
                onToggle={toggle}
                onGoTo={goTo}
              />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
