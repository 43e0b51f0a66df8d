// What a freeze covers, of the words that people say, and back into words. Pure.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { type Environments, isName, named, type Tier, tiers } from '../catalog/index.js';
import type { Component } from '../incident/index.js';
import { leavesSomething, type Scope, type Selector } from './scope.js';

/** What people say of what is frozen. A part of a component that is empty, or `*`, is any. */
export interface ScopeSaid {
  readonly on: readonly Component[];
  readonly env: readonly string[];
  readonly cluster: readonly string[];
  readonly tier: readonly Tier[];
  readonly except: readonly Component[];
  readonly everything: boolean;
}

/** The names that the catalogue has, as far as these words may mean them. */
export interface KnownNames {
  readonly services: readonly string[];
  readonly clusters: readonly string[];
  readonly environments: Environments;
}

export const nothingSaid: ScopeSaid = {
  on: [],
  env: [],
  cluster: [],
  tier: [],
  except: [],
  everything: false,
};

/** A scope with its words, the names in it that the catalogue does not know, or why it is none. */
export type ScopeRead =
  | {
      readonly ok: true;
      readonly scope: Scope;
      readonly text: string;
      /** `service apj`, `environment pord`. */
      readonly unknown: readonly string[];
    }
  | { readonly ok: false; readonly reason: string; readonly field: keyof ScopeSaid };

/** More than so many names are counted rather than listed. */
const namesShown = 6;
const patternRule =
  'Write service/environment/cluster, such as api/prod; * stands for any part, as in */prod/eks, or for any end, as in shop-*.';

// `api/prod`, `*/prod/eks`, `shop-*`.
export const placeWord = z
  .string({ error: `Say what, such as api/prod. ${patternRule}` })
  .transform((word, context): Component => {
    const parts = word.split('/').map((each) => each.trim());
    if (parts.length > 3 || !parts.every(isPattern)) {
      context.issues.push({
        code: 'custom',
        input: word,
        message: `“${shorten(word, 80)}” is no component. ${patternRule}`,
      });
    }
    const [service = '', environment = '', cluster = ''] = parts.map((each) => (each === '*' ? '' : each));
    return { service, environment, cluster };
  });

/** The word for a place, as `placeWord` reads it: a part that is open is a star, and none of them is lost. */
export function placeText({ service, environment, cluster }: Component): string {
  const parts = [service, environment, cluster].map((each) => each || '*');
  while (parts.length > 1 && parts.at(-1) === '*') parts.pop();
  return parts.join('/');
}

/** `prod`, `eu-*`. */
export function nameWord(what: string) {
  return z
    .string()
    .transform((word) => word.trim())
    .refine(isPattern, { error: (issue) => `“${shorten(String(issue.input), 80)}” is no ${what}.` });
}

/** `production`, or `prod` for short. */
export const tierWord = z
  .string()
  .transform((word) => (word.trim().toLowerCase() === 'prod' ? 'production' : word.trim().toLowerCase()))
  .pipe(z.enum(tiers, { error: `tier: is what an environment is for: ${tiers.join(', ')}.` }));

function isPattern(word: string): boolean {
  return word === '*' || isName(word.replace(/\*$/, ''));
}

/** What is covered where the words say this. Nothing said: all production. */
export function scopeOf(said: ScopeSaid, known: KnownNames): ScopeRead {
  const narrowed = said.env.length + said.cluster.length + said.tier.length > 0;
  if (said.everything && (said.on.length > 0 || narrowed))
    return {
      ok: false,
      field: 'everything',
      reason: '“everything” and a part of it do not go together: leave one of them out.',
    };
  const env = said.env.map((name) => environmentName(name, known));
  const cluster = said.cluster.map((name) => spelled(name, known.clusters));
  const on = said.on.map((it) => spell(it, known));
  const wrong = on.map((it) => contradiction(it, env, cluster)).find((each) => each !== null);
  if (wrong) return { ok: false, ...wrong };
  const nothing = on.length === 0 && !narrowed && !said.everything;
  const rest = { env, cluster, tier: nothing ? (['production'] as const) : said.tier };
  const include = (on.length > 0 ? on : [anywhere]).map((it) => selector(it, rest));
  const except = said.except.map((it) => spell(it, known));
  if (except.some((it) => it.service === '' && it.environment === '' && it.cluster === ''))
    return { ok: false, field: 'except', reason: 'except:* leaves nothing to freeze. Say what goes on.' };
  const scope = { include, exclude: except.map((it) => selector(it, { env: [], cluster: [], tier: [] })) };
  if (!leavesSomething(scope))
    return {
      ...{ ok: false, field: 'except' },
      reason: `except: leaves nothing of ${scopeWords({ ...scope, exclude: [] })} to freeze.`,
    };
  return { ok: true, scope, text: scopeWords(scope), unknown: unknownNames(scope, known) };
}

const anywhere: Component = { service: '', environment: '', cluster: '' };

/** A scope in words: “api/prod and web/prod”, “all production, except web”. */
export function scopeWords(scope: Scope): string {
  const include = listed(scope.include.map(selectorWords));
  const exclude = scope.exclude.map(selectorWords);
  return exclude.length === 0 ? include : `${include}, except ${listed(exclude)}`;
}

function selectorWords({ services, environments, clusters, tiers }: Selector): string {
  const purposes = tiers.length > 0 ? `all ${tiers.join(' and ')}` : '';
  const at = [
    environments.length > 0 ? `in ${listed(environments)}` : '',
    clusters.length > 0 ? `on ${listed(clusters)}` : '',
  ].filter((each) => each !== '');
  const [service] = services;
  // As people write it, wherever that says the same.
  const short =
    services.length <= 1 && environments.length <= 1 && clusters.length <= 1 && tiers.length === 0;
  if (short && service !== undefined && (environments.length > 0 || clusters.length === 0))
    return [service, ...environments, ...clusters].join('/');
  const what = services.length > 0 ? listed(services) : '';
  if (what === '' && at.length === 0) return purposes || 'everything';
  return [what || purposes || 'everything', ...at, what !== '' && purposes !== '' ? `in ${purposes}` : '']
    .filter((each) => each !== '')
    .join(' ');
}

/** The names of a scope that the catalogue does not know: most likely slips, so they are said. */
export function unknownNames(scope: Scope, known: KnownNames): string[] {
  const all = [...scope.include, ...scope.exclude];
  const exact = (names: readonly string[]) => [...new Set(names)].filter((each) => !each.endsWith('*'));
  // A catalogue without any says nothing by not having this one.
  const missing = (names: readonly string[], there: readonly string[]) =>
    there.length === 0 ? [] : exact(names).filter((name) => !there.includes(name));
  return [
    ...missing(
      all.flatMap((each) => each.services),
      known.services,
    ).map((name) => `service ${name}`),
    ...exact(all.flatMap((each) => each.environments))
      .filter((name) => known.environments.tierOf(name) === null)
      .map((name) => `environment ${name}`),
    ...missing(
      all.flatMap((each) => each.clusters),
      known.clusters,
    ).map((name) => `cluster ${name}`),
  ];
}

function selector(
  it: Component,
  rest: {
    readonly env: readonly string[];
    readonly cluster: readonly string[];
    readonly tier: readonly Tier[];
  },
): Selector {
  return {
    services: namesOf(it.service),
    environments: it.environment === '' ? [...rest.env] : namesOf(it.environment),
    clusters: it.cluster === '' ? [...rest.cluster] : namesOf(it.cluster),
    tiers: [...rest.tier],
  };
}

// `on:api/prod env:staging` would be nowhere.
function contradiction(it: Component, env: readonly string[], cluster: readonly string[]) {
  const apart = (own: string, list: readonly string[]) =>
    own !== '' && list.length > 0 && !list.includes(own);
  const written = [it.service || '*', it.environment, it.cluster].filter((each) => each !== '').join('/');
  if (apart(it.environment, env))
    return {
      field: 'env' as const,
      reason: `${written} is not in ${listed(env)}: leave env: out, or the part of the component.`,
    };
  if (apart(it.cluster, cluster))
    return {
      field: 'cluster' as const,
      reason: `${written} is not on ${listed(cluster)}: leave cluster: out, or the part of the component.`,
    };
  return null;
}

// `*` alone is no name: it leaves the part open.
function namesOf(name: string): string[] {
  return name === '' || name === '*' ? [] : [name];
}

function spell(it: Component, known: KnownNames): Component {
  return {
    service: spelled(it.service, known.services),
    environment: it.environment === '' ? '' : environmentName(it.environment, known),
    cluster: spelled(it.cluster, known.clusters),
  };
}

function environmentName(name: string, known: KnownNames): string {
  return name.endsWith('*') ? name : known.environments.nameOf(name);
}

// The catalogue's own spelling, where it has the name in other letters.
function spelled(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  return names.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
}

function listed(names: readonly string[]): string {
  const short = names.length > namesShown ? [named(names, namesShown)] : names;
  if (short.length < 2) return short.join('');
  return `${short.slice(0, -1).join(', ')} and ${short.at(-1)}`;
}
