// A menu beside the button that opened it: arrow keys, Enter, Escape, and the focus goes back.
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly detail?: string;
  /** Drawn before the label. */
  readonly sign?: string;
  readonly danger?: boolean;
  run(): void;
}

export interface MenuProps {
  readonly label: string;
  /** What it stands beside. */
  readonly beside: HTMLElement;
  readonly items: readonly MenuItem[];
  readonly grid?: boolean;
  onClose(): void;
}

const gapPx = 4;

/** Draws the menu above everything else, within the window. */
export function Menu({ label, beside, items, grid, onClose }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    menu.showPopover();
    place(menu, beside);
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const before = beside;
    return () => {
      const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
      if (inside && before.isConnected) before.focus();
    };
  }, [beside]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [onClose]);
  return (
    <div
      ref={ref}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={grid ? 'menu grid' : 'menu'}
      onKeyDown={(event) => moveIn(event, onClose)}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={item.danger ? 'menu-item danger' : 'menu-item'}
          title={grid ? item.label : undefined}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          {item.sign && <span aria-hidden="true">{item.sign}</span>}
          <span className={grid ? 'unseen' : undefined}>{item.label}</span>
          {item.detail && <small>{item.detail}</small>}
        </button>
      ))}
    </div>
  );
}

function place(menu: HTMLElement, beside: HTMLElement): void {
  const at = beside.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const isBelow = at.bottom + gapPx + box.height <= innerHeight;
  const top = isBelow ? at.bottom + gapPx : Math.max(gapPx, at.top - gapPx - box.height);
  const left = Math.min(Math.max(gapPx, at.right - box.width), innerWidth - box.width - gapPx);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(gapPx, left)}px`;
}

function moveIn(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  event.stopPropagation();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = to[event.key];
  if (next !== undefined) {
    event.preventDefault();
    items.at(next % items.length)?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    onClose();
  }
}
