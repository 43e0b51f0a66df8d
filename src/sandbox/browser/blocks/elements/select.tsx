// Selects: the browser's own where one is chosen from a list, a combobox for several and for looked-up ones.
import type { ReactNode } from 'react';
import { type Slot, useActing, useControl } from '../acting.js';
import { text } from '../json.js';
import { plainWords } from '../text.js';
import { useViewer } from '../viewer.js';
import { Combobox } from './combobox.js';
import { chosenItems, externalItem, groupsOf, type Item, matching } from './items.js';

export function Select({ slot }: { slot: Slot }): ReactNode {
  const type = text(slot.element.type);
  if (type.includes('external')) return <External slot={slot} />;
  return type.startsWith('multi_') ? <Several slot={slot} /> : <One slot={slot} />;
}

function One({ slot }: { slot: Slot }): ReactNode {
  const control = useControl(slot);
  const groups = groupsOf(slot.element, useViewer());
  const held = text(control.value);
  const known = groups.some((group) => group.items.some((item) => item.key === held));
  return (
    <span className="bk-control">
      <select
        {...control.field}
        className="bk-entry"
        value={held}
        onChange={(event) => control.choose(event.target.value || null)}
      >
        <option value="">{plainWords(slot.element.placeholder) || 'Select an item'}</option>
        {held && !known && <option value={held}>{held}</option>}
        {groups.map((group) =>
          group.label === undefined ? (
            <Options key={group.key} items={group.items} />
          ) : (
            <optgroup key={group.key} label={group.label}>
              <Options items={group.items} />
            </optgroup>
          ),
        )}
      </select>
      {control.beside}
    </span>
  );
}

function Options({ items }: { items: readonly Item[] }): ReactNode {
  return items.map((item) => (
    <option key={item.key} value={item.key}>
      {item.label}
    </option>
  ));
}

function Several({ slot }: { slot: Slot }): ReactNode {
  const control = useControl(slot);
  const items = groupsOf(slot.element, useViewer()).flatMap((group) => group.items);
  return (
    <Combobox
      slot={slot}
      control={control}
      chosen={chosenItems(control.value, items)}
      find={async (typed) => matching(items, typed)}
      leastTyped={0}
    />
  );
}

const SLACKS_LEAST = 3;

function External({ slot }: { slot: Slot }): ReactNode {
  const control = useControl(slot);
  const { onSuggest } = useActing();
  const { element, blockId } = slot;
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : SLACKS_LEAST;
  if (!onSuggest) {
    const words = chosenItems(control.value, []).map((one) => one.label);
    return (
      <span className="bk-unknown">
        {[...words, 'Options that the app looks up are offered in modals only here.'].join(' · ')}
      </span>
    );
  }
  const find = async (typed: string): Promise<Item[]> =>
    (await onSuggest({ actionId: text(element.action_id), blockId, typed })).map(externalItem);
  return (
    <Combobox
      slot={slot}
      control={control}
      chosen={chosenItems(control.value, [])}
      find={find}
      leastTyped={least}
    />
  );
}
