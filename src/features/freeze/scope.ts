// What a freeze covers: the union of what it names, minus what it leaves out. Pure.
import { z } from 'zod';

/** The tier of an environment whose own cannot be read: it may be any. */
export const anyTier = '*';

/** A place that a change touches. */
export interface Target {
  /** Empty where nobody said which: it may be any. So are the other two. */
  readonly service: string;
  readonly environment: string;
  readonly cluster: string;
  /** What its environment is for; null where nobody said, and then it is taken for production; see `anyTier`. */
  readonly tier: string | null;
  /** Other names of its environment: a freeze may be older than the name that the catalogue has for it now. */
  readonly aliases?: readonly string[];
}

const names = z.array(z.string().min(1).max(200)).max(200).default([]);

/** A list that is empty says nothing; of several that say something, all must fit. `*` at the end stands for any end. */
const selectorSchema = z.strictObject({
  services: names,
  environments: names,
  clusters: names,
  tiers: names,
});
export type Selector = z.infer<typeof selectorSchema>;

const somewhere = selectorSchema.refine(
  (it) => it.services.length + it.environments.length + it.clusters.length + it.tiers.length > 0,
  // A freeze that leaves out everything would freeze nothing, and look as if it did.
  { error: 'Say what is left out.' },
);

/** A place is covered where one of `include` fits and none of `exclude` does. A selector without a word is everything. */
export const scopeSchema = z.strictObject({
  include: z.array(selectorSchema).min(1).max(50),
  exclude: z.array(somewhere).max(50).default([]),
});
export type Scope = z.infer<typeof scopeSchema>;

/** Whether a freeze of this scope covers a place. What a place does not say is taken for what is frozen. */
export function covers(scope: Scope, target: Target): boolean {
  const excluded = scope.exclude.some((each) => fits(each, target, 'surely'));
  return !excluded && scope.include.some((each) => fits(each, target, 'perhaps'));
}

/** Whether all of a place is surely within a scope: what it does not say is not taken for what is named. */
export function coversSurely(scope: Scope, target: Target): boolean {
  const excluded = scope.exclude.some((each) => fits(each, target, 'perhaps'));
  return !excluded && scope.include.some((each) => fits(each, target, 'surely'));
}

/** Whether what is left out leaves something of what is named: a scope of nothing looks as if it froze. */
export function leavesSomething({ include, exclude }: Scope): boolean {
  const of = (list: readonly string[]) => (list.length === 0 ? [null] : list);
  const isOut = (service: string | null, environment: string | null, cluster: string | null) =>
    exclude.some(
      (it) =>
        it.tiers.length === 0 &&
        isWithin(it.services, service) &&
        isWithin(it.environments, environment) &&
        isWithin(it.clusters, cluster),
    );
  return include.some((it) =>
    of(it.services).some((service) =>
      of(it.environments).some((environment) =>
        of(it.clusters).some((cluster) => !isOut(service, environment, cluster)),
      ),
    ),
  );
}

// `value` may be a pattern itself; null is any.
function isWithin(list: readonly string[], value: string | null): boolean {
  if (list.length === 0 || list.includes('*')) return true;
  return value !== null && list.some((each) => isSame(each.toLowerCase(), value.toLowerCase()));
}

/**
 * Whether two scopes share a place, as far as their names tell: what is left out of either counts only where it leaves
 * nothing. `tierOf`: what an environment is for; of one that nobody knows it may be anything.
 */
export function overlap(a: Scope, b: Scope, tierOf: (environment: string) => string | null): boolean {
  const meets = (one: Selector, other: Selector) =>
    isMet(one.services, other.services) &&
    isMet(one.environments, other.environments) &&
    isMet(one.clusters, other.clusters) &&
    isMet(one.tiers, other.tiers) &&
    tiersMeet(one, other, tierOf) &&
    tiersMeet(other, one, tierOf);
  return a.include.some((one) =>
    b.include.some(
      (other) =>
        meets(one, other) &&
        leavesSomething({ include: [one], exclude: b.exclude }) &&
        leavesSomething({ include: [other], exclude: a.exclude }),
    ),
  );
}

function isMet(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  const low = (list: readonly string[]) => list.map((each) => each.toLowerCase());
  return low(a).some((one) => low(b).some((other) => isSame(one, other) || isSame(other, one)));
}

function tiersMeet(
  { tiers }: Selector,
  { environments }: Selector,
  tierOf: (environment: string) => string | null,
) {
  if (tiers.length === 0 || environments.length === 0) return true;
  return environments.some((name) => name.endsWith('*') || tiers.includes(tierOf(name) ?? 'production'));
}

/** Whether it names all there is, whatever it leaves out. */
export function isEverything({ include }: Scope): boolean {
  const isAny = (it: Selector) =>
    [it.services, it.environments, it.clusters].every((list) => list.length === 0 || list.includes('*')) &&
    it.tiers.length === 0;
  return include.some(isAny);
}

type How = 'perhaps' | 'surely';

// A change that does not say its cluster may be in the frozen one; it is surely in the excluded one only if it says so.
function fits(selector: Selector, target: Target, how: How): boolean {
  return (
    named(selector.services, target.service, how) &&
    [target.environment, ...(target.aliases ?? [])].some((name) => named(selector.environments, name, how)) &&
    named(selector.clusters, target.cluster, how) &&
    tiered(selector.tiers, target, how)
  );
}

function named(list: readonly string[], value: string, how: How): boolean {
  if (list.length === 0) return true;
  if (value === '') return how === 'perhaps' || list.includes('*');
  return list.some((each) => isSame(folded(each), folded(value)));
}

/** A name as it is compared: in small letters, and however its letters are put together. */
export function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

// An environment of which nobody said what it is for counts as production, but only where that freezes it.
function tiered(list: readonly string[], { environment, tier }: Target, how: How): boolean {
  if (list.length === 0) return true;
  if (tier === anyTier) return how === 'perhaps';
  const known = tier ?? (how === 'perhaps' ? 'production' : null);
  if (environment === '' && tier === null) return how === 'perhaps';
  return list.some((each) => each.toLowerCase() === known?.toLowerCase());
}

function isSame(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}
