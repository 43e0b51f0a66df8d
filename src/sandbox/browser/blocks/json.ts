// Reading JSON that others made: a wrong shape reads as nothing, never as a crash.
import type { Json } from '../../page/contract.js';

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export interface Numbered {
  key: string;
  item: Json;
}

/** Parts that have no ids: their place among the others tells them apart. */
export function numbered(value: unknown): Numbered[] {
  return objects(value).map((item, index) => ({ key: `${index} ${text(item.type)}`, item }));
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The words of a text object, without its marks. */
export function wordsOf(value: unknown): string {
  return isObject(value) ? text(value.text) : text(value);
}

/** All options of a select, grouped or not. */
export function optionsOf(element: Json): Json[] {
  return [
    ...objects(element.options),
    ...objects(element.option_groups).flatMap((group) => objects(group.options)),
  ];
}
