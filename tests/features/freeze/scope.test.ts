// What a freeze covers: the union of what it names, minus what it leaves out, and never less because nobody said.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  covers,
  coversSurely,
  type Scope,
  scopeSchema,
  type Target,
} from '../../../src/features/freeze/scope.js';

const api: Target = { service: 'api', environment: 'prod', cluster: 'eks', tier: 'production' };

function scope(include: object[], exclude: object[] = []): Scope {
  return scopeSchema.parse({ include, exclude });
}

describe('what it names', () => {
  test('of a list any, of several lists all, and a selector without a word is everything', () => {
    expect(covers(scope([{}]), api)).toBe(true);
    expect(covers(scope([{ services: ['web', 'api'] }]), api)).toBe(true);
    expect(covers(scope([{ services: ['api'], environments: ['staging'] }]), api)).toBe(false);
    expect(covers(scope([{ services: ['web'] }, { clusters: ['eks'] }]), api)).toBe(true);
    expect(covers(scope([{ tiers: ['staging'] }]), api)).toBe(false);
  });

  test('letters are not told apart by case, and * stands for any end', () => {
    expect(covers(scope([{ services: ['API'], environments: ['Prod'] }]), api)).toBe(true);
    expect(covers(scope([{ clusters: ['ek*'] }]), api)).toBe(true);
    expect(covers(scope([{ clusters: ['*'] }]), api)).toBe(true);
    expect(covers(scope([{ clusters: ['e.s'] }]), api)).toBe(false);
  });

  test('what it leaves out is not covered', () => {
    expect(covers(scope([{}], [{ services: ['api'] }]), api)).toBe(false);
    expect(covers(scope([{}], [{ services: ['api'], clusters: ['gke'] }]), api)).toBe(true);
  });
});

test('an environment that has another name by now is frozen by the old one', () => {
  const live = { ...api, environment: 'live', aliases: ['prod', 'production'] };
  expect(covers(scope([{ environments: ['prod'] }]), live)).toBe(true);
  expect(covers(scope([{ environments: ['staging'] }]), live)).toBe(false);
  expect(coversSurely(scope([{ environments: ['prod'] }]), live)).toBe(true);
});

describe('what nobody said', () => {
  const silent = { ...api, cluster: '' };

  test('counts as frozen, and is not left out', () => {
    expect(covers(scope([{ clusters: ['eks'] }]), silent)).toBe(true);
    expect(covers(scope([{}], [{ clusters: ['eks'] }]), silent)).toBe(true);
    expect(covers(scope([{ services: ['web'] }]), { ...api, service: '' })).toBe(true);
    expect(covers(scope([{ environments: ['staging'] }]), { ...api, environment: '', tier: null })).toBe(
      true,
    );
    expect(covers(scope([{ tiers: ['staging'] }]), { ...api, environment: '', tier: null })).toBe(true);
  });

  test('an environment of which nobody said what it is for counts as production, but only where that freezes it', () => {
    const unknown = { ...api, environment: 'blue', tier: null };
    expect(covers(scope([{ tiers: ['production'] }]), unknown)).toBe(true);
    expect(covers(scope([{ tiers: ['staging'] }]), unknown)).toBe(false);
    expect(covers(scope([{}], [{ tiers: ['production'] }]), unknown)).toBe(true);
  });

  test('lets nobody through by a name that may be another', () => {
    const way = scope([{ services: ['api'], environments: ['prod'], clusters: ['eks'] }]);
    expect(coversSurely(way, api)).toBe(true);
    expect(coversSurely(way, silent)).toBe(false);
    expect(coversSurely(scope([{ tiers: ['production'] }]), { ...api, tier: null })).toBe(false);
  });
});

test.each([
  ['nothing is named', { include: [] }],
  ['everything is left out', { include: [{}], exclude: [{}] }],
  ['a list is misspelt', { include: [{ service: ['api'] }] }],
  ['there is no list', null],
])('%s: that is no scope', (_why, value) => {
  expect(scopeSchema.safeParse(value).success).toBe(false);
});

const word = fc.constantFrom('api', 'web', 'prod', 'eks', 'production', '*', 'e*');
const list = fc.array(word, { maxLength: 2 });
const selector = fc.record({ services: list, environments: list, clusters: list, tiers: list });
const said = fc.record({
  service: fc.constantFrom('api', 'web', 'db'),
  environment: fc.constantFrom('prod', 'staging'),
  cluster: fc.constantFrom('eks', 'gke'),
  tier: fc.constantFrom('production', 'staging'),
});
const parts = ['service', 'environment', 'cluster'] as const;

test('more that is named covers no less, and more that is left out no more', () => {
  fc.assert(
    fc.property(
      fc.array(selector, { minLength: 1, maxLength: 3 }),
      selector,
      said,
      (include, more, target) => {
        const some = { include, exclude: [] };
        if (covers(some, target)) expect(covers({ ...some, include: [...include, more] }, target)).toBe(true);
        else expect(covers({ ...some, exclude: [more] }, target)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

test('who says less of a place is never freer for it', () => {
  const anyScope = fc.record({
    include: fc.array(selector, { minLength: 1, maxLength: 3 }),
    exclude: fc.array(selector, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(anyScope, said, fc.subarray([...parts, 'tier'] as const), (it, target, silent) => {
      const less: Target = { ...target };
      for (const part of silent) Object.assign(less, { [part]: part === 'tier' ? null : '' });
      // Of a tier that nobody said more than production may be meant only where the environment is not said either.
      const fair = !silent.includes('tier') || silent.includes('environment') || target.tier === 'production';
      if (fair && covers(it, target)) expect(covers(it, less)).toBe(true);
      if (fair && coversSurely(it, less)) expect(coversSurely(it, target)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
