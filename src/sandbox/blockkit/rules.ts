// Small rules that check JSON and say what is wrong in Slack's words, with a JSON pointer.
import type { Json } from '../page/contract.js';

export type Surface = 'message' | 'modal' | 'home';

export interface Check {
  surface: Surface;
  messages: string[];
  /** block_id → where it was first seen. */
  blockIds: Map<string, string>;
  tables: number;
  charts: number;
  markdownChars: number;
}

export type Rule = (value: unknown, at: string, check: Check) => void;

export interface Shape {
  required: Readonly<Record<string, Rule>>;
  optional?: Readonly<Record<string, Rule>>;
}

export function newCheck(surface: Surface): Check {
  return { surface, messages: [], blockIds: new Map(), tables: 0, charts: 0, markdownChars: 0 };
}

export function complain(check: Check, words: string, at: string): void {
  check.messages.push(`${words} [json-pointer:${at}]`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function anything(): void {}

export function text(min: number, max: number): Rule {
  return (value, at, check) => {
    if (typeof value !== 'string') complain(check, 'must provide a string', at);
    else if (value.length < min) complain(check, `must be more than ${min - 1} characters`, at);
    else if (value.length > max) complain(check, `must be less than ${max + 1} characters`, at);
  };
}

export function url(max: number): Rule {
  const length = text(1, max);
  return (value, at, check) => {
    const before = check.messages.length;
    length(value, at, check);
    if (check.messages.length === before && !/^[a-z][a-z0-9+.-]*:\S+$/i.test(String(value))) {
      complain(check, 'must be a valid URL', at);
    }
  };
}

export function flag(value: unknown, at: string, check: Check): void {
  if (typeof value !== 'boolean') complain(check, 'must provide a boolean', at);
}

export function whole(min: number, max: number): Rule {
  return (value, at, check) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) complain(check, 'must provide an integer', at);
    else if (value < min) complain(check, `must be greater than or equal to ${min}`, at);
    else if (value > max) complain(check, `must be less than or equal to ${max}`, at);
  };
}

export function oneOf(...values: readonly string[]): Rule {
  return (value, at, check) => {
    if (typeof value !== 'string' || !values.includes(value)) {
      complain(check, `value must be one of: ${values.join(', ')}`, at);
    }
  };
}

export function matches(pattern: RegExp, words: string): Rule {
  return (value, at, check) => {
    if (typeof value !== 'string' || !pattern.test(value)) complain(check, words, at);
  };
}

export function listOf(min: number, max: number, item: Rule): Rule {
  return (value, at, check) => {
    if (!Array.isArray(value)) return complain(check, 'must provide an array', at);
    if (value.length < min) complain(check, `no fewer than ${min} items allowed`, at);
    if (value.length > max) complain(check, `no more than ${max} items allowed`, at);
    value.forEach((one: unknown, index) => {
      item(one, `${at}/${index}`, check);
    });
  };
}

export function object(shape: Shape): Rule {
  return (value, at, check) => {
    if (!isObject(value)) return complain(check, 'must provide an object', at);
    for (const key of Object.keys(shape.required)) {
      if (value[key] === undefined || value[key] === null) {
        complain(check, `missing required field: ${key}`, at);
      }
    }
    for (const [key, one] of Object.entries(value)) {
      const rule = shape.required[key] ?? shape.optional?.[key];
      if (!rule) complain(check, `invalid additional property: ${key}`, at);
      else if (one !== undefined && one !== null) rule(one, `${at}/${key}`, check);
    }
  };
}

/** An object told apart by its `type`: unknown types and types out of place are refused. */
export function typed(kinds: Readonly<Record<string, Shape>>, only?: readonly string[]): Rule {
  return (value, at, check) => {
    if (!isObject(value)) return complain(check, 'must provide an object', at);
    if (value.type === undefined) return complain(check, 'missing required field: type', at);
    const kind = typeof value.type === 'string' ? value.type : '';
    const shape = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!shape || (only && !only.includes(kind))) {
      return complain(check, `unsupported type: ${String(value.type)}`, `${at}/type`);
    }
    object({
      required: { type: anything, ...shape.required },
      ...(shape.optional ? { optional: shape.optional } : {}),
    })(value, at, check);
  };
}

/** A union: when the value fits none, Slack says so first and then what failed. */
export function union(rule: Rule): Rule {
  return (value, at, check) => {
    const inner: Check = { ...check, messages: [] };
    rule(value, at, inner);
    if (inner.messages.length === 0) return;
    complain(check, 'failed to match all allowed schemas', at);
    check.messages.push(...inner.messages);
  };
}

export function both(...rules: readonly Rule[]): Rule {
  return (value, at, check) => {
    for (const rule of rules) rule(value, at, check);
  };
}
