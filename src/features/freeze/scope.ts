// What a freeze covers: the union of what it names, minus what it leaves out. Pure.
import { z } from 'zod';

/** A place that a change touches. */
export interface Target {
  readonly service: string;
  readonly environment: string;
  readonly cluster: string;
  /** What its environment is for; null where nobody said, and then it is taken for production. */
  readonly tier: string | null;
}

const names = z.array(z.string().min(1).max(200)).max(200);

/** A list that is empty says nothing; of several that say something, all must fit. `*` at the end stands for any end. */
export const selectorSchema = z.object({
  services: names.default([]),
  environments: names.default([]),
  clusters: names.default([]),
  tiers: names.default([]),
});
export type Selector = z.infer<typeof selectorSchema>;

/** A place is covered where one of `include` fits and none of `exclude` does. A selector without a word is everything. */
export const scopeSchema = z.object({
  include: z.array(selectorSchema).min(1).max(50),
  exclude: z.array(selectorSchema).max(50).default([]),
});
export type Scope = z.infer<typeof scopeSchema>;

/** Whether a freeze of this scope covers a place. What a place does not say is taken for what is frozen. */
export function covers(scope: Scope, target: Target): boolean {
  const excluded = scope.exclude.some((each) => fits(each, target, 'surely'));
  return !excluded && scope.include.some((each) => fits(each, target, 'perhaps'));
}

// A change that does not say its cluster may be in the frozen one; it is surely in the excluded one only if it says so.
function fits(selector: Selector, target: Target, how: 'surely' | 'perhaps'): boolean {
  const unknown = how === 'perhaps';
  return (
    named(selector.services, target.service, unknown) &&
    named(selector.environments, target.environment, unknown) &&
    named(selector.clusters, target.cluster, unknown) &&
    (selector.tiers.length === 0 || selector.tiers.includes(target.tier ?? 'production'))
  );
}

function named(list: readonly string[], value: string, unknown: boolean): boolean {
  if (list.length === 0) return true;
  if (value === '') return unknown;
  return list.some((each) => isSame(each.toLowerCase(), value.toLowerCase()));
}

function isSame(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}
