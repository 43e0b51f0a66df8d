// The ranking: what counts for and against a change, on plain values.
import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/features/change/index.js';
import { componentWord } from '../../../src/features/incident/index.js';
import { rankSuspects } from '../../../src/features/suspects/rank.js';
import type { NearChange, Scene } from '../../../src/features/suspects/scene.js';
import { clock } from './help.js';

const place = (names: string) =>
  names === '' ? [] : names.split(',').map((name) => componentWord.parse(name));

interface Catalogue {
  readonly edges?: readonly (readonly [string, string])[];
  readonly runsOn?: Readonly<Record<string, string>>;
}

function sceneOf(on: string, { edges = [], runsOn = {} }: Catalogue = {}, over: Partial<Scene> = {}): Scene {
  const services = Object.entries(runsOn).map(([name, cluster]) => [
    name,
    {
      ...{ name, team: null, tier: null, channel: null, owners: [], checks: [] },
      runsOn: [{ environment: 'prod', cluster }],
    },
  ]);
  return {
    ...{
      onset: { at: clock('12:00'), which: 'started' as const },
      title: 'it is stuck',
      components: place(on),
    },
    neighbourhood: {
      services: new Map(services as never),
      dependencies: new Set(edges.map((each) => each[1])),
      dependents: new Set(edges.map((each) => each[0])),
      edges: edges.map(([service, dependsOn]) => ({ service, dependsOn })),
    },
    ...{ answers: new Map(), causesBefore: new Set<string>(), rebuilt: [], collided: new Map() },
    exceptions: new Map(),
    ...over,
  };
}

let number = 0;
function change(on: string, over: Partial<Change> = {}): NearChange {
  number += 1;
  const ran = { startedAt: clock('11:50'), finishedAt: clock('11:54'), state: 'succeeded' };
  const row = {
    ...{
      id: `c${number}`,
      number,
      kind: 'deploy',
      title: 'a build',
      unchanged: false,
      reversible: 'unknown',
    },
    ...{ validation: 'none', cover: 'none', conflicts: [], rollbackOfId: null, plannedStart: null },
    ...{ violates: [], afterFreeze: false },
    ...ran,
    ...over,
  };
  const startsAt = row.startedAt ?? row.plannedStart ?? clock('11:50');
  return { change: { startsAt, announcedAt: startsAt, ...row } as Change, components: place(on) };
}

const keys = (ranking: ReturnType<typeof rankSuspects>) =>
  ranking.list.map((each) => `${each.changeId}${each.after ? ' after' : ''}`);
const reasons = (scene: Scene, near: NearChange) => rankSuspects(scene, [near]).list[0]?.reasons ?? [];
const points = (scene: Scene, near: NearChange) => rankSuspects(scene, [near]).list[0]?.points ?? 0;

describe('what is looked at', () => {
  const scene = sceneOf('api/prod');
  test.each<[string, string, Partial<Change>]>([
    ['another environment', 'api/staging', {}],
    ['another service', 'mail/prod', {}],
    ['what changed nothing', 'api/prod', { unchanged: true }],
    ['what was called off', 'api/prod', { state: 'cancelled' }],
    [
      'what is still to come',
      'api/prod',
      { state: 'planned', startedAt: null, finishedAt: null, plannedStart: clock('12:30') },
    ],
  ])('not %s', (_what, on, over) => {
    expect(rankSuspects(scene, [change(on, over)])).toEqual({ considered: 0, list: [] });
  });

  test.each<[string, string, Partial<Change>]>([
    ['an environment that nobody named', 'api', {}],
    [
      'what was to begin, though nobody said whether it did',
      'api/prod',
      { state: 'planned', startedAt: null, finishedAt: null, plannedStart: clock('11:50') },
    ],
    ['a place that nobody named', '', {}],
  ])('but %s', (_what, on, over) => {
    expect(rankSuspects(scene, [change(on, over)]).considered).toBe(1);
  });
});

test('at most five are named, the likeliest first, whatever order they come in', () => {
  const scene = sceneOf('api/prod');
  const near = Array.from({ length: 9 }, (_, i) =>
    change('api/prod', { startedAt: clock(`11:${10 + i}`), finishedAt: clock(`11:${20 + i}`) }),
  );
  const list = keys(rankSuspects(scene, near));
  expect(list).toEqual(
    near
      .slice(4)
      .reverse()
      .map((each) => each.change.id),
  );
  expect(keys(rankSuspects(scene, [...near].reverse()))).toEqual(list);
});

test('what began within two minutes of the onset may have caused it; later it may have mended it', () => {
  const scene = sceneOf('api/prod');
  const at = (time: string) =>
    change('api/prod', { startedAt: clock(time), finishedAt: null, state: 'started' });
  const [just, later] = [at('12:02'), at('12:03')];
  expect(keys(rankSuspects(scene, [later, just]))).toEqual([just.change.id, `${later.change.id} after`]);
});

test('a deploy fades in hours, an upgrade in a day', () => {
  const scene = sceneOf('api/prod');
  const before = (kind: string) =>
    rankSuspects(scene, [change('api/prod', { kind, startedAt: clock('05:00'), finishedAt: clock('06:00') })])
      .list[0]?.components.time ?? 0;
  expect(before('flag')).toBe(0);
  expect(before('deploy')).toBe(0);
  expect(before('upgrade')).toBe(21);
});

test('without a strong suspect the latest change of each service is named, and stays weak however it ended', () => {
  const scene = sceneOf('api/prod/eks');
  const old = change('api/prod/eks', {
    ...{
      startedAt: clock('2026-01-10T11:00:00Z'),
      finishedAt: clock('2026-01-10T12:00:00Z'),
      state: 'failed',
    },
  });
  const older = change('api/prod/eks', {
    startedAt: clock('2026-01-09T11:00:00Z'),
    finishedAt: clock('2026-01-09T12:00:00Z'),
  });
  const { considered, list } = rankSuspects(scene, [old, older]);
  expect(considered).toBe(1);
  expect(list).toMatchObject([{ changeId: old.change.id, rank: 1, points: 34 }]);
});

test('the same service counts more than what it hangs on, and that more than what shares a cluster', () => {
  const scene = sceneOf('api/prod/eks', { edges: [['api', 'db']] });
  const [own, below, beside] = [change('api/prod/eks'), change('db/prod'), change('web/prod/eks')];
  expect(points(scene, own)).toBeGreaterThan(points(scene, below));
  const all = rankSuspects(scene, [beside, below, own]).list.map((each) => each.changeId);
  // What merely runs beside it is no suspect by that alone.
  expect(all).toEqual([own.change.id, below.change.id]);
  expect(reasons(scene, below)).toContain('api depends on db');
});

test('a cluster where it is not felt speaks against a change of the same service', () => {
  const scene = sceneOf('api/prod/eu-1');
  const [here, there] = [change('api/prod/eu-1'), change('api/prod/us-1')];
  expect(points(scene, here) - points(scene, there)).toBe(40);
  expect(reasons(scene, there)).toContain('on us-1, but it is felt on eu-1');
});

describe('skew', () => {
  const skew =
    /upgraded on eks, and nothing else there was upgraded with it: versions may no longer match \(skew\)/;
  const upgrade = (on: string, over: Partial<Change> = {}) => change(on, { kind: 'upgrade', ...over });
  const withAll = (scene: Scene, near: NearChange[]) => {
    const list = rankSuspects({ ...scene, rebuilt: near }, near).list;
    return list.find((each) => each.changeId === near[0]?.change.id)?.reasons.join('; ') ?? '';
  };

  test('an upgrade on a cluster whose other parts stayed behind', () => {
    expect(withAll(sceneOf('web/prod/eks,api/prod/eks'), [upgrade('nodes/prod/eks')])).toMatch(skew);
  });
  test('also where only the catalogue knows what runs there, or the cluster itself is named', () => {
    const scene = sceneOf('web/prod', { runsOn: { web: 'eks', nodes: 'eks' } });
    expect(withAll(scene, [upgrade('nodes/prod')])).toMatch(skew);
    expect(withAll(scene, [upgrade('eks/prod')])).toMatch(skew);
  });
  test('not where another part went with it or after it', () => {
    const both = [
      upgrade('nodes/prod/eks'),
      upgrade('control-plane/prod/eks', { startedAt: clock('11:55') }),
    ];
    expect(withAll(sceneOf('web/prod/eks'), both)).not.toMatch(skew);
    expect(withAll(sceneOf('web/prod/eks'), [upgrade('nodes/prod/eks,control-plane/prod/eks')])).not.toMatch(
      skew,
    );
  });
  test('what is upgraded after the onset comes too late', () => {
    const both = [
      upgrade('nodes/prod/eks'),
      upgrade('control-plane/prod/eks', { startedAt: clock('13:00') }),
    ];
    expect(withAll(sceneOf('web/prod/eks'), both)).toMatch(skew);
  });
  test('nor by a deploy, nor on another cluster', () => {
    expect(withAll(sceneOf('web/prod/eks'), [change('nodes/prod/eks')])).not.toMatch(skew);
    expect(withAll(sceneOf('web/prod/aks'), [upgrade('web/prod/eks')])).not.toMatch(skew);
  });
});

test('reasons hold no words of people, which a redaction of theirs would miss', () => {
  const conflicts = [{ kind: 'component', severity: 'hold', text: 'CHG-4 “secret plan”', with: 'CHG-4' }];
  const collided = new Map([['CHG-4', { from: clock('11:40'), until: null }]]);
  const scene = sceneOf('api/prod', {}, { title: 'the secret is out', collided });
  const said = reasons(scene, change('api/prod', { title: 'rotate the secret', conflicts })).join('; ');
  expect(said).toContain('ran although it collided with CHG-4');
  expect(said).toContain('its title has words of the incident’s');
  expect(said).not.toContain('secret');
});

test('what began in a freeze without leave weighs, and so does what a freeze held up', () => {
  const scene = sceneOf('api/prod', {}, { exceptions: new Map([['c-exc', ['EXC-2']]]) });
  const plain = points(scene, change('api/prod'));
  const violation = change('api/prod', { violates: [3] });
  expect(points(scene, violation) - plain).toBe(8);
  expect(reasons(scene, violation)).toContain('began in FRZ-3 without a verdict that let it');
  const first = change('api/prod', { afterFreeze: true });
  expect(points(scene, first) - plain).toBe(3);
  expect(reasons(scene, first)).toContain('the first change there after a freeze');
  const excepted = change('api/prod', { id: 'c-exc' });
  expect(points(scene, excepted) - plain).toBe(3);
  expect(reasons(scene, excepted)).toContain('went through a freeze by EXC-2');
  // Together no more than the way in which it was done can weigh.
  expect(points(scene, change('api/prod', { violates: [3], afterFreeze: true })) - plain).toBe(8);
});

test('only what was there when it began was ignored', () => {
  const conflicts = ['CHG-4', 'CHG-5', 'INC-2', 'INC-3', 'INC-4'].map((key) => ({
    ...{ kind: 'component', severity: 'hold', text: key, with: key },
  }));
  // INC-3 is the incident itself, or nothing that may be named.
  const collided = new Map([
    ['CHG-4', { from: clock('11:40'), until: null }],
    ['CHG-5', { from: clock('11:52'), until: null }],
    ['INC-2', { from: clock('11:00'), until: clock('11:30') }],
    ['INC-4', { from: clock('11:51'), until: null }],
  ]);
  const said = (held: typeof conflicts) =>
    reasons(sceneOf('api/prod', {}, { collided }), change('api/prod', { conflicts: held as never })).join(
      '; ',
    );
  expect(said(conflicts)).toContain('ran although it collided with CHG-4');
  expect(said(conflicts)).not.toMatch(/CHG-5|INC-/);
  expect(said(conflicts.slice(1))).not.toContain('collided');
});

test('the plain reasons are in front: where for the same service, when, then what is telling', () => {
  const scene = sceneOf('api/prod', { edges: [['api', 'db']] });
  expect(reasons(scene, change('api/prod', { state: 'failed' })).slice(0, 3)).toEqual([
    'same service (api)',
    'finished 6m before the impact',
    'failed',
  ]);
  expect(reasons(scene, change('db/prod')).slice(0, 2)).toEqual([
    'finished 6m before the impact',
    'api depends on db',
  ]);
});

test('what people say counts: confirmed is first, unrelated is not listed', () => {
  const near = [change('api/prod'), change('api/prod'), change('mail/prod')];
  const [one, two, three] = near.map((each) => each.change.id) as [string, string, string];
  const scene = sceneOf(
    'api/prod',
    {},
    {
      answers: new Map([
        [one, 'unrelated'],
        [three, 'cause'],
      ]),
    },
  );
  expect(keys(rankSuspects(scene, near))).toEqual([three, two]);
});

test('no reason calls a change a cause', () => {
  const scene = sceneOf('api/prod/eks', { edges: [['api', 'db']] });
  for (const near of [change('api/prod/eks', { state: 'failed' }), change('db/prod', { reversible: 'no' })])
    expect(reasons(scene, near).join()).not.toMatch(/\bcause/);
});
