// The messages of a channel or thread: only those in sight are in the document, and the end stays in sight.
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { useMe } from '../state/session.js';
import { DayLine, NewLine, RepliesLine, SmallLine } from './lines.js';
import { Message } from './message.js';
import { rangeWith } from './range.js';
import type { Row } from './rows.js';

export interface MessageListProps {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly inThread: boolean;
  /** The message to show first, or the row named `new`; else the end. */
  readonly showFirst: string | null;
  /** Tells the last message that was in sight. */
  onSeen?(ts: string): void;
  /** Asked for by the arrow up in an empty composer: the message to edit. */
  readonly editing: string | null;
  onEdit(ts: string | null): void;
}

const guessedRowPx = 64;
const guessedLinePx = 34;
/** So near the end nothing offers the way to it. */
const nearEndPx = 48;
const heldAtEndPx = 2;

type List = Virtualizer<HTMLDivElement, HTMLLIElement>;

const newestWanted = 'andon:newest';

/** Gives the focus to the newest message of the list within; false: there is no message. */
export function focusNewest(within: Element | null): boolean {
  const scroller = within?.querySelector('.list-scroll');
  if (!scroller?.querySelector('[data-message]')) return false;
  scroller.dispatchEvent(new Event(newestWanted));
  return true;
}

/** Draws the rows; arrow keys go from message to message. */
export function MessageList(props: MessageListProps) {
  const { rows, showFirst } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const at = useMemo(() => rows.findIndex((row) => row.key === current), [rows, current]);
  const list: List = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'message' ? guessedRowPx : guessedLinePx),
    getItemKey: (index) => rows[index]?.key ?? index,
    rangeExtractor: (range) => rangeWith(range, at),
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    // Wider, it would hold at the end who begins to scroll away from it.
    scrollEndThreshold: heldAtEndPx,
  });
  useFirstSight(list, rows, showFirst);
  useOwnInSight(list, rows, props.editing);
  useHeldAtEnd(list);
  useSeen(list, rows, props.onSeen);
  const isFocusable = useRovingFocus(list, rows, { current, at, setCurrent });
  const drawn = list.getVirtualItems();
  const isAway = rows.length > 0 && scroller.current !== null && !list.isAtEnd(nearEndPx);

  return (
    <div className="list-box">
      <div ref={scroller} className="list-scroll">
        <ul
          aria-label={props.label}
          className="list"
          style={{ height: list.getTotalSize() }}
          onKeyDown={isFocusable.onKeyDown}
          onFocus={isFocusable.onFocus}
        >
          {drawn.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <li
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                className="row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowOf row={row} props={props} />
              </li>
            );
          })}
        </ul>
      </div>
      {isAway && (
        <button type="button" className="jump" onClick={() => list.scrollToEnd()}>
          Jump to newest
        </button>
      )}
    </div>
  );
}

function RowOf({ row, props }: { row: Row; props: MessageListProps }) {
  switch (row.kind) {
    case 'day':
      return <DayLine ts={row.ts} />;
    case 'new':
      return <NewLine />;
    case 'replies':
      return <RepliesLine count={row.count} />;
    case 'small':
      return <SmallLine message={row.message} />;
    case 'message':
      return (
        <Message
          message={row.message}
          head={row.head}
          thread={row.thread}
          inThread={props.inThread}
          isEditing={props.editing === row.key}
          isMarked={props.showFirst === row.key}
          onEdit={props.onEdit}
        />
      );
  }
}

// Once the rows are there: the message a link led to, the new line, or the end.
function useFirstSight(list: List, rows: readonly Row[], showFirst: string | null): void {
  const shown = useRef<string | null | undefined>(undefined);
  const hasRows = rows.length > 0;
  useEffect(() => {
    if (!hasRows || shown.current === showFirst) return;
    shown.current = showFirst;
    const index = showFirst === null ? -1 : rows.findIndex((row) => row.key === showFirst);
    const hasDayAbove = showFirst === 'new' && rows[index - 1]?.kind === 'day';
    if (index === -1) list.scrollToEnd();
    else if (hasDayAbove) list.scrollToIndex(index - 1, { align: 'start' });
    else list.scrollToIndex(index, { align: showFirst === 'new' ? 'start' : 'center' });
  }, [list, rows, hasRows, showFirst]);
}

// A list that was at its end stays there when its window changes: a panel, a growing composer.
function useHeldAtEnd(list: List): void {
  const scroller = list.scrollElement;
  useEffect(() => {
    if (!scroller) return;
    const isAtEnd = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= heldAtEndPx;
    // A list that is empty yet has no end to be held at.
    let isHeld = scroller.scrollHeight > scroller.clientHeight && isAtEnd();
    let top = scroller.scrollTop;
    // Rows that are measured anew move the end and not the place; only who goes elsewhere lets go.
    const onScroll = () => {
      if (isAtEnd()) isHeld = true;
      else if (scroller.scrollTop !== top) isHeld = false;
      top = scroller.scrollTop;
    };
    const sizes = new ResizeObserver(() => {
      if (isHeld) list.scrollToEnd();
    });
    scroller.addEventListener('scroll', onScroll, { passive: true });
    sizes.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', onScroll);
      sizes.disconnect();
    };
  }, [list, scroller]);
}

// What one said, and what was said to one alone, is looked for at the end; what one edits, where it stands.
function useOwnInSight(list: List, rows: readonly Row[], editing: string | null): void {
  const { id } = useMe();
  const lastKey = rows.findLast((row) => row.kind === 'message')?.key ?? null;
  // What else came at the same moment may stand after it.
  const mine = rows.findLast(
    (row) => row.kind === 'message' && (row.message.user === id || row.message.ephemeral),
  );
  const key = mine?.key ?? null;
  const seen = useRef(lastKey);
  useEffect(() => {
    const isNew = seen.current !== null && key !== null && key > seen.current;
    seen.current = lastKey;
    if (isNew) list.scrollToEnd();
  }, [list, key, lastKey]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: later rows do not pull the list back
  useEffect(() => {
    const index = editing === null ? -1 : rows.findIndex((row) => row.key === editing);
    if (index !== -1) list.scrollToIndex(index, { align: 'auto' });
  }, [list, editing]);
}

// What was drawn within the window of a page in the foreground was seen.
function useSeen(list: List, rows: readonly Row[], onSeen: MessageListProps['onSeen']): void {
  const range = list.range;
  const last = range ? rows.slice(0, range.endIndex + 1).findLast(isMessage) : undefined;
  const ts = last?.key;
  useEffect(() => {
    if (ts === undefined || !onSeen) return;
    const tell = () => {
      if (document.visibilityState === 'visible') onSeen(ts);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [ts, onSeen]);
}

function isMessage(row: Row): boolean {
  return (row.kind === 'message' && !row.message.ephemeral) || row.kind === 'small';
}

function messageIn(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-message="${key}"]`) ?? null;
}

/** One message can be reached with Tab; from it the arrow keys go on. */
function useRovingFocus(
  list: List,
  rows: readonly Row[],
  focus: { current: string | null; at: number; setCurrent: (key: string | null) => void },
) {
  const { current, at, setCurrent } = focus;
  const wanted = useRef<string | null>(null);
  // The newest may be the current one already, and only the focus elsewhere.
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const inSight = rows.slice(0, (list.range?.endIndex ?? rows.length) + 1);
  const tabbed = (at === -1 ? inSight.findLast((row) => row.kind === 'message') : rows[at])?.key;
  useEffect(() => {
    const scroller = list.scrollElement;
    for (const each of scroller?.querySelectorAll<HTMLElement>('[data-message][tabindex="0"]') ?? [])
      each.tabIndex = -1;
    const reached = tabbed === undefined ? null : messageIn(scroller, tabbed);
    if (reached) reached.tabIndex = 0;
    // The message that had the focus was deleted or dismissed.
    if (current !== null && at === -1 && document.activeElement === document.body) {
      setCurrent(null);
      reached?.focus({ preventScroll: true });
    }
    if (wanted.current === null) return;
    const found = messageIn(scroller, wanted.current);
    if (!found) return;
    wanted.current = null;
    found.focus({ preventScroll: true });
  });
  const goTo = useCallback(
    (to: number) => {
      const row = rows[to];
      if (!row) return;
      wanted.current = row.key;
      setCurrent(row.key);
      list.scrollToIndex(to, { align: 'auto' });
    },
    [list, rows, setCurrent],
  );
  useEffect(() => {
    const scroller = list.scrollElement;
    const onWanted = () => {
      goTo(nextMessage(rows, -1, undefined, false));
      redraw();
    };
    scroller?.addEventListener(newestWanted, onWanted);
    return () => scroller?.removeEventListener(newestWanted, onWanted);
  }, [list.scrollElement, rows, goTo]);
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const isOnMessage = event.target instanceof HTMLElement && event.target.dataset.message !== undefined;
      if (!isOnMessage || (step === undefined && event.key !== 'Home' && event.key !== 'End')) return;
      event.preventDefault();
      goTo(nextMessage(rows, at, step, event.key === 'Home'));
    },
    [rows, at, goTo],
  );
  const onFocus = useCallback(
    (event: { target: EventTarget }) => {
      const row = event.target instanceof HTMLElement ? event.target.closest('.row') : null;
      const message = row?.querySelector<HTMLElement>('[data-message]');
      if (message) setCurrent(message.dataset.message ?? null);
    },
    [setCurrent],
  );
  return { onKeyDown, onFocus };
}

function nextMessage(rows: readonly Row[], at: number, step: number | undefined, isHome: boolean): number {
  const is = (row: Row) => row.kind === 'message';
  if (step === undefined) return isHome ? rows.findIndex(is) : rows.findLastIndex(is);
  for (let next = at + step; next >= 0 && next < rows.length; next += step)
    if (rows[next]?.kind === 'message') return next;
  return at;
}
