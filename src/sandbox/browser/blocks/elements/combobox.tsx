// A field that offers what fits the words typed; what was chosen stands above it.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Control, Slot } from '../acting.js';
import { text } from '../json.js';
import { plainWords } from '../text.js';
import type { Item } from './items.js';

const TYPING_PAUSE_MS = 200;

interface Props {
  slot: Slot;
  control: Control;
  chosen: readonly Item[];
  find: (typed: string) => Promise<Item[]>;
  /** So many letters before anything is looked for. */
  leastTyped: number;
}

export function Combobox(props: Props): ReactNode {
  const { slot, control, chosen } = props;
  const isMany = text(slot.element.type).startsWith('multi_');
  const most = isMany ? Number(slot.element.max_selected_items ?? Number.POSITIVE_INFINITY) : 1;
  const field = useRef<HTMLInputElement>(null);
  const store = (items: readonly Item[]): void =>
    control.choose(isMany ? items.map((one) => one.value) : (items[0]?.value ?? null));
  const add = (item: Item): void =>
    store(isMany ? [...chosen.filter((one) => one.key !== item.key), item] : [item]);
  const remove = (item: Item): void => {
    store(chosen.filter((one) => one.key !== item.key));
    field.current?.focus();
  };
  return (
    <span className="bk-control bk-wide">
      {chosen.length > 0 && (
        <ul className="bk-chips">
          {chosen.map((item) => (
            <li key={item.key}>
              {item.label}
              <button type="button" aria-label={`Remove ${item.label}`} onClick={() => remove(item)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <Search
        {...props}
        field={field}
        add={add}
        isFull={isMany && chosen.length >= most}
        dropLast={() => chosen.at(-1) && store(chosen.slice(0, -1))}
      />
      {isMany && chosen.length >= most && <small className="bk-quiet">{`At most ${most}.`}</small>}
      {control.beside}
    </span>
  );
}

interface SearchProps extends Props {
  field: React.RefObject<HTMLInputElement | null>;
  add: (item: Item) => void;
  dropLast: () => void;
  isFull: boolean;
}

function Search(props: SearchProps): ReactNode {
  const { slot, control, chosen, leastTyped } = props;
  const list = useId();
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const found = useFound(isOpen && !props.isFull, typed, props.find, leastTyped);
  const offered = found.items.filter((item) => !chosen.some((one) => one.key === item.key));
  const take = (item: Item | undefined): void => {
    if (!item) return;
    props.add(item);
    setTyped('');
    setActive(0);
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keyAct(event.key, isOpen, typed);
    if (!act) return;
    if (act !== 'drop') event.preventDefault();
    if (act === 'close') setOpen(false);
    if (act === 'take') take(offered[active]);
    if (act === 'drop') props.dropLast();
    if (act === 'down' || act === 'up') {
      setOpen(true);
      const step = act === 'down' ? 1 : -1;
      setActive(isOpen ? (active + step + offered.length) % Math.max(1, offered.length) : 0);
    }
  };
  return (
    <span className="bk-search">
      <input
        {...control.field}
        ref={props.field}
        type="text"
        role="combobox"
        className="bk-entry"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-activedescendant={isOpen && offered[active] ? `${list}-${active}` : undefined}
        disabled={props.isFull}
        value={typed}
        placeholder={plainWords(slot.element.placeholder) || 'Type to search'}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <span role="listbox" id={list} aria-label="Options" className="bk-listbox" hidden={!isOpen}>
        {offered.map((item, index) => (
          <span
            key={item.key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The field keeps the focus, so that its blur does not close the list before the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(item)}
            onKeyDown={undefined}
          >
            {item.label}
            {item.description && <small className="bk-quiet"> {item.description}</small>}
          </span>
        ))}
      </span>
      <span role="status" className={isOpen && offered.length === 0 ? 'bk-quiet' : 'bk-sr'}>
        {isOpen ? found.words(offered.length) : ''}
      </span>
    </span>
  );
}

type KeyAct = 'down' | 'up' | 'take' | 'close' | 'drop';

function keyAct(key: string, isOpen: boolean, typed: string): KeyAct | undefined {
  if (key === 'ArrowDown') return 'down';
  if (key === 'ArrowUp') return 'up';
  if (key === 'Enter' && isOpen) return 'take';
  if (key === 'Escape' && isOpen) return 'close';
  return key === 'Backspace' && typed === '' ? 'drop' : undefined;
}

interface Found {
  items: Item[];
  /** For those who do not see the list, and for all when it is empty. */
  words: (shown: number) => string;
}

/** What fits the words, looked for a little after the last key; the answer to older words is dropped. */
function useFound(wanted: boolean, typed: string, find: Props['find'], least: number): Found {
  const [items, setItems] = useState<Item[]>([]);
  const [state, setState] = useState<'waiting' | 'done' | 'failed'>('waiting');
  const latest = useRef(find);
  latest.current = find;
  const isShort = typed.trim().length < least;
  useEffect(() => {
    if (!wanted || isShort) return setItems([]);
    let isOld = false;
    setState('waiting');
    const timer = setTimeout(
      async () => {
        const [given, next] = await latest.current(typed).then(
          (answer) => [answer, 'done'] as const,
          () => [[] as Item[], 'failed'] as const,
        );
        if (isOld) return;
        setItems(given);
        setState(next);
      },
      least > 0 || typed !== '' ? TYPING_PAUSE_MS : 0,
    );
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [wanted, isShort, typed, least]);
  return {
    items: isShort ? [] : items,
    words: (shown) => {
      if (isShort) return least === 1 ? 'Type a letter.' : `Type at least ${least} letters.`;
      if (state === 'waiting') return 'Looking…';
      if (state === 'failed') return 'The app did not answer. Type again.';
      return shown === 0 ? 'Nothing fits.' : `${shown} ${shown === 1 ? 'choice' : 'choices'}`;
    },
  };
}
