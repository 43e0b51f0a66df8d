// Paths that a monitor shares with what it watches: found however far they lie, and in circles too.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groundOf, sharedPaths } from '../../../src/features/catalog/index.js';

const monitor = (over: Partial<Parameters<typeof sharedPaths>[0][number]> = {}) => ({
  ...{ name: 'prometheus', watches: ['api'], dependsOn: ['proxy'], runsOn: [], heartbeat: null },
  ...over,
});

test('a path is shared where both hang on it, however many steps away', () => {
  const needs = groundOf(
    new Map([
      ['api', ['cache']],
      ['cache', ['node']],
      ['proxy', ['node']],
      ['node', ['proxy']],
    ]),
  );
  expect(sharedPaths([monitor()], needs)).toMatchObject([{ monitor: monitor(), shared: ['proxy', 'node'] }]);
  expect(sharedPaths([monitor()], groundOf(new Map([['proxy', ['node']]])))).toEqual([]);
  // The service of its name is the monitor itself.
  const own = monitor({ dependsOn: [] });
  expect(sharedPaths([own], groundOf(new Map([['prometheus', ['api']]])))[0]?.shared).toEqual(['api']);
});

test('a cluster is shared where both run on it, or what they hang on does and nothing else is shared', () => {
  const eks = [{ environment: 'prod', cluster: 'eks' }];
  const mine = monitor({ dependsOn: ['logging'] });
  const on = (...names: string[]) =>
    sharedPaths([mine], groundOf(new Map([['api', ['db']]]), new Map(names.map((name) => [name, eks]))));
  expect(on('api', 'prometheus')).toMatchObject([{ shared: [], runOn: ['prod/eks'], hangOn: [] }]);
  expect(on('api', 'logging')).toMatchObject([{ shared: [], runOn: [], hangOn: ['prod/eks'] }]);
  expect(on('db', 'prometheus')).toMatchObject([{ hangOn: ['prod/eks'] }]);
  expect(on('api', 'db')).toEqual([]);
  // An environment alone is no cluster.
  const prod = new Map([
    ...['api', 'prometheus'].map((name) => [name, [{ environment: 'prod', cluster: '' }]] as const),
  ]);
  expect(sharedPaths([mine], groundOf(new Map(), prod))).toEqual([]);
});

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const edges = fc.array(fc.tuple(names, names), { maxLength: 20 });

test('of any services, it is what can be walked to from both', () => {
  fc.assert(
    fc.property(edges, fc.array(names), fc.array(names), (pairs, watches, dependsOn) => {
      const needs = new Map<string, string[]>();
      for (const [from, to] of pairs) needs.set(from, [...(needs.get(from) ?? []), to]);
      // The plain way: as many rounds as there are names.
      const walk = (from: readonly string[]) => {
        let reached = new Set(from);
        for (let round = 0; round < 6; round += 1)
          reached = new Set([...reached, ...[...reached].flatMap((each) => needs.get(each) ?? [])]);
        return reached;
      };
      const [found] = sharedPaths([monitor({ name: 'm', watches, dependsOn })], groundOf(needs));
      const both = [...walk(dependsOn)].filter((each) => walk(watches).has(each));
      expect([...(found?.shared ?? [])].sort()).toEqual(both.sort());
    }),
  );
});
