// Buttons, and the menu behind three dots.
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { Json } from '../../../page/contract.js';
import { type Slot, useControl } from '../acting.js';
import { objects, text } from '../json.js';
import { isInside, safeHref } from '../links.js';
import { plainWords } from '../text.js';
import { useViewer } from '../viewer.js';

export function Button({ slot }: { slot: Slot }): ReactNode {
  const { element } = slot;
  const control = useControl(slot);
  const style = element.style === 'primary' || element.style === 'danger' ? ` bk-${element.style}` : '';
  const label = text(element.accessibility_label) || undefined;
  const href = safeHref(text(element.url));
  const inner = plainWords(element.text) || text(element.icon);
  if (href) {
    return (
      <span className="bk-control">
        <a
          className={`bk-button${style}`}
          href={href}
          title={href}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={label}
          onClick={() => control.press()}
        >
          {inner}
        </a>
        {control.beside}
      </span>
    );
  }
  return (
    <span className="bk-control">
      <button
        type="button"
        className={`bk-button${style}`}
        aria-label={label}
        aria-busy={control.busy || undefined}
        onClick={() => control.press()}
      >
        {inner}
      </button>
      {control.beside}
    </span>
  );
}

export function Overflow({ slot }: { slot: Slot }): ReactNode {
  const control = useControl(slot);
  const { workspaceUrl = '', onInside } = useViewer();
  const menuId = useId();
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const options = objects(slot.element.options);
  const take = (option: Json): void => {
    menu.current?.hidePopover();
    const href = safeHref(text(option.url));
    if (href && isInside(href, workspaceUrl)) onInside?.(href);
    else if (href) window.open(href, '_blank', 'noopener,noreferrer');
    control.press(text(option.value));
  };
  return (
    <span className="bk-control">
      <button
        ref={opener}
        type="button"
        className="bk-button bk-overflow"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-busy={control.busy || undefined}
        popoverTarget={menuId}
      >
        ⋯
      </button>
      <div
        ref={menu}
        id={menuId}
        popover="auto"
        role="menu"
        aria-label="More actions"
        className="bk bk-menu"
        onToggle={(event) => {
          const opens = event.newState === 'open';
          setOpen(opens);
          if (opens) opened(event.currentTarget, opener.current);
        }}
        onKeyDown={moveInMenu}
      >
        {options.map((option) => (
          <button
            key={text(option.value)}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => take(option)}
          >
            {plainWords(option.text)}
            {option.description ? <small className="bk-quiet">{plainWords(option.description)}</small> : null}
          </button>
        ))}
      </div>
      {control.beside}
    </span>
  );
}

const GAP_PX = 4;

/** Stands below its button, inside the window, with the first item ready for the keyboard. */
function opened(menu: HTMLElement, opener: HTMLElement | null): void {
  const at = opener?.getBoundingClientRect();
  if (at) {
    const left = Math.min(at.left, window.innerWidth - menu.offsetWidth - GAP_PX);
    const fits = at.bottom + GAP_PX + menu.offsetHeight <= window.innerHeight;
    menu.style.left = `${Math.max(GAP_PX, left)}px`;
    menu.style.top = `${fits ? at.bottom + GAP_PX : Math.max(GAP_PX, at.top - menu.offsetHeight - GAP_PX)}px`;
  }
  menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
}

function moveInMenu(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const here = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
