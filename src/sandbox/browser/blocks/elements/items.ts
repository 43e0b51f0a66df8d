// What a select offers: the app's own options, or the people and channels of the workspace.
import type { Json } from '../../../page/contract.js';
import { isObject, numbered, objects, optionsOf, strings, text } from '../json.js';
import { plainWords } from '../text.js';
import type { Viewer } from '../viewer.js';

export interface Item {
  key: string;
  label: string;
  description?: string;
  /** What is sent for it. */
  value: unknown;
}

export interface ItemGroup {
  key: string;
  label?: string;
  items: Item[];
}

function itemOf(option: Json): Item {
  const description = plainWords(option.description);
  return {
    key: text(option.value),
    label: plainWords(option.text) || text(option.value),
    value: text(option.value),
    ...(description ? { description } : {}),
  };
}

/** An option that the app looked up goes back whole. */
export function externalItem(option: Json): Item {
  return { ...itemOf(option), value: option };
}

/** Everything a select offers to this viewer, in its groups. */
export function groupsOf(element: Json, viewer: Viewer): ItemGroup[] {
  const type = text(element.type).replace(/^multi_/, '');
  if (type === 'users_select') return oneGroup(peopleItems(viewer));
  if (type === 'channels_select') return oneGroup(channelItems(viewer, ['channel']));
  if (type === 'conversations_select') return oneGroup(channelItems(viewer, kindsOf(element.filter)));
  const groups = numbered(element.option_groups);
  if (groups.length === 0) return oneGroup(optionsOf(element).map(itemOf));
  return groups.map(({ key, item }) => ({
    key,
    label: plainWords(item.label),
    items: objects(item.options).map(itemOf),
  }));
}

function oneGroup(items: Item[]): ItemGroup[] {
  return [{ key: 'all', items }];
}

function peopleItems(viewer: Viewer): Item[] {
  return viewer.people.map((one) => ({
    key: one.id,
    label: one.realName || one.name,
    description: one.isApp ? 'app' : `@${one.name}`,
    value: one.id,
  }));
}

const KINDS: Readonly<Record<string, string>> = {
  public: 'channel',
  private: 'group',
  im: 'im',
  mpim: 'mpim',
};

function kindsOf(filter: unknown): string[] {
  const include = isObject(filter) ? strings(filter.include) : [];
  return (include.length > 0 ? include : Object.keys(KINDS)).map((one) => KINDS[one] ?? one);
}

function channelItems(viewer: Viewer, kinds: string[]): Item[] {
  return viewer.channels
    .filter((one) => kinds.includes(one.kind) && !one.isArchived)
    .map((one) => {
      const isNamed = one.kind === 'channel' || one.kind === 'group';
      return { key: one.id, label: isNamed ? `#${one.name}` : one.name, value: one.id };
    });
}

/** The items that hold these words. */
export function matching(items: readonly Item[], typed: string): Item[] {
  const words = typed.trim().toLowerCase();
  const holds = (one: Item): boolean => `${one.label} ${one.description ?? ''}`.toLowerCase().includes(words);
  return words === '' ? [...items] : items.filter(holds);
}

/** What a field of several holds, as items: an id or value by its label, a looked-up option as it is. */
export function chosenItems(held: unknown, known: readonly Item[]): Item[] {
  const all: unknown[] = Array.isArray(held) ? held : held === null || held === undefined ? [] : [held];
  return all.map((one) => {
    if (isObject(one)) return externalItem(one);
    return known.find((item) => item.key === one) ?? { key: text(one), label: text(one), value: one };
  });
}
