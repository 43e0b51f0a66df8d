// The panel: what goes over the wire between Slack and the app, and the faults one may lay in its way.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { FaultAct, FaultsCard, WireCard } from '../../page/contract.js';
import { Announcer } from './announcer.js';
import { FaultsView } from './faults-view.js';
import './panel.css';
import { faultCount } from './presets.js';
import { WireView } from './wire-view.js';

export interface PanelProps {
  cards: WireCard[];
  faults: FaultsCard;
  onFault: (act: FaultAct) => Promise<void>;
  onClose: () => void;
  /** The person cleared the list up to the card of this number. */
  onCleared: (number: number) => void;
  /** Times are shown in this zone; without it in the browser's. */
  zone?: string;
  /** What the app is called. */
  app?: string;
}

type Tab = 'wire' | 'faults';

export function Panel({ cards, faults, onFault, onClose, onCleared, zone, app = 'Andon' }: PanelProps) {
  const [tab, setTab] = useState<Tab>('wire');
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const laid = faultCount(faults);

  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      // Closed by a click elsewhere, focus is where that click put it.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <aside
      className="panel"
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => {
        // In a search field with words in it Escape takes the words away.
        const { target } = event;
        const clears = target instanceof HTMLInputElement && target.type === 'search' && target.value !== '';
        if (event.key !== 'Escape' || event.defaultPrevented || clears) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="panel-head">
        <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>
          What Slack and {app} say
        </h2>
        <button type="button" className="panel-close" onClick={onClose}>
          Close
        </button>
      </header>
      <p className="panel-note">
        All of it, whoever may see it in Slack: private channels and answers to one person too.
      </p>
      <Tabs
        id={id}
        chosen={tab}
        choose={setTab}
        labels={{ wire: 'Requests', faults: laid > 0 ? `Faults (${laid} on)` : 'Faults' }}
      />
      <div
        role="tabpanel"
        id={`${id}-wire`}
        aria-labelledby={`${id}-wire-tab`}
        hidden={tab !== 'wire'}
        className="panel-body panel-wire"
      >
        <WireView cards={cards} zone={zone} app={app} onCleared={onCleared} />
      </div>
      <div
        role="tabpanel"
        id={`${id}-faults`}
        aria-labelledby={`${id}-faults-tab`}
        hidden={tab !== 'faults'}
        className="panel-body panel-faults"
      >
        <FaultsView faults={faults} onFault={onFault} app={app} />
      </div>
      <Announcer cards={cards} />
    </aside>
  );
}

const TABS: readonly Tab[] = ['wire', 'faults'];

interface TabsProps {
  id: string;
  chosen: Tab;
  choose: (tab: Tab) => void;
  labels: Record<Tab, string>;
}

function Tabs({ id, chosen, choose, labels }: TabsProps) {
  const row = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const other: Tab = chosen === 'wire' ? 'faults' : 'wire';
    choose(other);
    row.current?.querySelector<HTMLElement>(`[data-tab=${other}]`)?.focus();
  }
  return (
    <div role="tablist" aria-label="What to look at" className="panel-tabs" ref={row} onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${id}-${tab}-tab`}
          data-tab={tab}
          aria-selected={tab === chosen}
          aria-controls={`${id}-${tab}`}
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => choose(tab)}
        >
          {labels[tab]}
        </button>
      ))}
    </div>
  );
}
