// Conflicts: who is in whose way, how badly, and that it says why.
import { describe, expect, test } from 'vitest';
import { conflictsOf } from '../../../src/features/change/conflicts.js';
import type { Other, Plan } from '../../../src/features/change/plan.js';
import type { Surroundings } from '../../../src/features/change/surroundings.js';
import { around, at, now, other, plan } from './around.js';

const covered = { coverId: 'U0EVE' };

function told(it: Plan, surroundings: Surroundings): string[] {
  return conflictsOf(it, surroundings).map((each) => `${each.severity} ${each.kind}: ${each.text}`);
}

function between(it: Plan, another: Other, more: Parameters<typeof around>[0] = {}): string | null {
  const [first] = conflictsOf(it, around({ ...more, others: [another] }));
  return first ? `${first.severity} ${first.kind}` : null;
}

describe('the same component', () => {
  test('holds, and says which change is there', () => {
    expect(told(plan(), around({ others: [other({ state: 'started' })] }))).toEqual([
      'hold component: On the same component (api/prod), CHG-4 “Roll out 2.1” of Bob is under way.',
    ]);
    expect(told(plan(), around({ others: [other()] }))[0]).toContain('is planned for the same time');
  });

  test.each([
    ['api/prod', 'api/production', true],
    ['api/prod/eu-1', 'api/prod', true],
    ['api', 'api/prod', true],
    ['api/prod', 'api/staging', false],
    ['api/prod/eu-1', 'api/prod/us-1', false],
    ['api/prod', 'web/prod', false],
  ])('%s and %s', (here, there, collide) => {
    expect(between(plan({ on: [here] }), other({ on: [there] }))).toBe(collide ? 'hold component' : null);
  });

  test('a change is not in its own way, nor is what it takes back, nor what is over and unwatched', () => {
    expect(between(plan({ id: 'change-4' }), other())).toBeNull();
    expect(between(plan({ rollbackOfId: 'change-4' }), other({ state: 'started' }))).toBeNull();
    const failed = other({ state: 'failed', startsAt: at('09:50'), endsAt: at('09:55') });
    expect(between(plan(), failed)).toBeNull();
  });
});

describe('time', () => {
  test('what begins when the watch of another ends is in nobody’s way', () => {
    // A deploy is watched for 30 minutes.
    const until = (time: string) =>
      other({ state: 'succeeded', startsAt: at('09:00'), endsAt: at(time), plannedEnd: null });
    expect(between(plan(), until('09:30'))).toBeNull();
    expect(between(plan(), until('09:31'))).toBe('warn component');
    const next = (time: string) => other({ startsAt: at(time) });
    expect(between(plan(), next('11:00'))).toBeNull();
    expect(between(plan(), next('10:59'))).toBe('warn component');
    expect(between(plan(), next('10:29'))).toBe('hold component');
  });

  test('what is only watched warns after a deploy, and holds after an upgrade', () => {
    const done = { state: 'succeeded', startsAt: at('09:00'), endsAt: at('09:40') };
    expect(told(plan(), around({ others: [other(done)] }))).toEqual([
      'warn component: On the same component (api/prod), CHG-4 “Roll out 2.1” of Bob ended 20m before and is still watched.',
    ]);
    expect(between(plan(), other({ ...done, kind: 'upgrade' }))).toBe('hold component');
  });

  test('what is late goes on until somebody says that it ended', () => {
    const late = { startsAt: at('06:00'), plannedEnd: at('07:00') };
    expect(between(plan(), other({ ...late, state: 'started' }))).toBe('hold component');
    expect(between(plan(), other({ ...late, state: 'planned' }))).toBe('hold component');
    const waiting = other({ ...late, state: 'validating', endsAt: at('07:00'), kind: 'upgrade' });
    expect(told(plan(), around({ others: [waiting] }))[0]).toContain('is done and waits for validation');
  });

  test('without an end a change takes half an hour', () => {
    const open = plan({ endsAt: null });
    expect(between(open, other({ startsAt: at('10:29'), plannedEnd: null }))).toBe('hold component');
    expect(between(open, other({ startsAt: at('11:00'), plannedEnd: null }))).toBeNull();
  });
});

describe('what depends on one another', () => {
  test('warns, in both directions, and says which way', () => {
    const others = [other({ on: ['db/prod'] })];
    expect(told(plan(), around({ others, edges: ['api→db'] }))).toEqual([
      'warn dependency: On db/prod, on which api depends, CHG-4 “Roll out 2.1” of Bob is planned for the same time.',
    ]);
    expect(told(plan(), around({ others, edges: ['db→api'] }))[0]).toContain('db/prod, which depends on api');
  });

  test('is one step, in one environment', () => {
    const edges = ['api→db', 'db→disk'];
    expect(between(plan(), other({ on: ['disk/prod'] }), { edges })).toBeNull();
    expect(between(plan(), other({ on: ['db/staging'] }), { edges })).toBeNull();
    expect(between(plan(), other({ on: ['db'] }), { edges })).toBe('warn dependency');
  });

  test('holds when either cannot be taken back', () => {
    const edges = ['api→db'];
    const there = other({ on: ['db/prod'] });
    expect(between(plan({ reversible: 'no' }), there, { edges })).toBe('hold dependency');
    const fixed = other({ on: ['db/prod'], reversible: 'no' });
    expect(between(plan(), fixed, { edges })).toBe('hold dependency');
    expect(told(plan(), around({ others: [fixed], edges }))[0]).toContain('and cannot be taken back.');
  });
});

describe('shared infrastructure', () => {
  const upgrade = { kind: 'upgrade', state: 'started', title: 'Control plane to 1.31' };

  test('an upgrade holds what runs on the same cluster, by what is said or by the catalogue', () => {
    expect(
      told(
        plan({ on: ['api/prod/eks'] }),
        around({ others: [other({ ...upgrade, on: ['nodes/prod/eks'] })] }),
      ),
    ).toEqual([
      'hold infrastructure: On nodes/prod/eks, on cluster eks as api is, CHG-4 “Control plane to 1.31” of Bob is under way: an upgrade may reach all that runs there.',
    ]);
    const runsOn = { api: ['prod/eks'] };
    expect(between(plan(), other({ ...upgrade, on: ['nodes/prod/eks'] }), { runsOn })).toBe(
      'hold infrastructure',
    );
    expect(between(plan(), other({ ...upgrade, on: ['eks/prod'] }), { runsOn })).toBe('hold infrastructure');
    const both = { ...runsOn, nodes: ['prod/eks'] };
    expect(between(plan(), other({ ...upgrade, on: ['nodes/prod'] }), { runsOn: both })).toBe(
      'hold infrastructure',
    );
  });

  test('the other way round too', () => {
    const mine = plan({ ...covered, kind: 'infrastructure', on: ['nodes/prod/eks'] });
    expect(between(mine, other(), { runsOn: { api: ['prod/eks'] } })).toBe('hold infrastructure');
  });

  test('two deploys on one cluster are in nobody’s way, nor is a cluster of that name elsewhere', () => {
    expect(between(plan({ on: ['api/prod/eks'] }), other({ on: ['web/prod/eks'] }))).toBeNull();
    expect(
      between(plan({ on: ['api/prod/eks'] }), other({ ...upgrade, on: ['nodes/staging/eks'] })),
    ).toBeNull();
    const runsOn = { api: ['staging/eks'] };
    expect(between(plan(), other({ ...upgrade, on: ['nodes/prod/eks'] }), { runsOn })).toBeNull();
  });
});

describe('an open incident', () => {
  test('holds at its place, where that is needed, and on its cluster', () => {
    expect(told(plan(), around({ incidents: [{}] }))).toEqual([
      'hold incident: INC-3 (SEV1) is open on api/prod.',
    ]);
    expect(told(plan(), around({ incidents: [{ on: ['db/prod'] }], edges: ['api→db'] }))).toEqual([
      'hold incident: INC-3 (SEV1) is open on db/prod, on which api depends.',
    ]);
    expect(told(plan({ on: ['api/prod/eks'] }), around({ incidents: [{ on: ['web/prod/eks'] }] }))).toEqual([
      'hold incident: INC-3 (SEV1) is open on web/prod/eks, on cluster eks as api is.',
    ]);
  });

  test('elsewhere, or of what depends on it, does not', () => {
    expect(told(plan(), around({ incidents: [{ on: ['api/staging'] }] }))).toEqual([]);
    expect(told(plan(), around({ incidents: [{ on: [] }] }))).toEqual([]);
    expect(told(plan(), around({ incidents: [{ on: ['web/prod'] }], edges: ['web→api'] }))).toEqual([]);
  });

  test('only warns what takes something back, and what lies with a third party', () => {
    const incidents = [{}];
    expect(conflictsOf(plan({ rollback: true }), around({ incidents }))).toMatchObject([
      { severity: 'warn' },
    ]);
    expect(conflictsOf(plan({ kind: 'submission' }), around({ incidents }))).toMatchObject([
      { kind: 'incident', severity: 'warn', with: 'INC-3' },
    ]);
  });
});

describe('people', () => {
  const own = (over = {}) =>
    other({
      number: 5,
      on: ['web/prod'],
      ownerId: 'U0ANA',
      ownerName: 'Ana',
      title: 'Move the queue',
      ...over,
    }).change;

  test('an owner with another change, or a role in an incident, is busy', () => {
    expect(told(plan(), around({ ofOwner: [own({ state: 'started' })] }))).toEqual([
      'warn owner: Ana is busy: CHG-5 “Move the queue” is under way.',
    ]);
    expect(told(plan(), around({ incidents: [{ on: [], ownerRoles: ['commander'] }] }))).toEqual([
      'warn owner: Ana has a role in INC-3 (SEV1), which is open: commander.',
    ]);
  });

  test('one who only watches, or waits for a third party, is not', () => {
    expect(told(plan(), around({ ofOwner: [own({ startsAt: at('10:30') })] }))).toEqual([]);
    expect(told(plan(), around({ ofOwner: [own({ state: 'started', kind: 'submission' })] }))).toEqual([]);
  });

  test('an upgrade that nobody covers is held; a deploy needs no cover', () => {
    expect(told(plan({ kind: 'upgrade' }), around())).toEqual([
      'hold cover: Nobody covers it: an upgrade needs a second person who is there and has said yes.',
    ]);
    expect(conflictsOf(plan({ kind: 'migration' }), around())).toMatchObject([{ severity: 'warn' }]);
    expect(conflictsOf(plan({ ...covered, kind: 'upgrade' }), around())).toEqual([]);
    expect(conflictsOf(plan(), around())).toEqual([]);
  });
});

describe('limits', () => {
  const started = { state: 'started' } as const;

  test('name every change in flight', () => {
    const others = [5, 6].map((number) => other({ ...started, number, on: ['api/staging'] }));
    const mine = plan({ on: ['api/staging'] });
    const limited = conflictsOf(mine, around({ others, limits: { service: 2 } }));
    expect(limited.find((each) => each.kind === 'service-limit')).toEqual({
      kind: 'service-limit',
      severity: 'warn',
      text: 'api has 2 changes in flight at that time, and the team’s limit is 2: CHG-5 “Roll out 2.1”, CHG-6 “Roll out 2.1”.',
      with: null,
    });
    expect(
      conflictsOf(mine, around({ others, limits: { service: 3 } })).map((each) => each.kind),
    ).not.toContain('service-limit');
  });

  test('count a person’s changes wherever they are, and only those that run at once', () => {
    const own = [
      other({ number: 5, on: ['web/prod'], startsAt: at('10:00'), plannedEnd: at('10:10') }).change,
      other({ number: 6, on: ['db/prod'], startsAt: at('10:10'), plannedEnd: at('10:20') }).change,
    ];
    const kinds = (person: number) =>
      conflictsOf(plan(), around({ ofOwner: own, limits: { person } })).map((each) => each.kind);
    expect(kinds(1)).toContain('person-limit');
    expect(kinds(2)).not.toContain('person-limit');
  });
});

describe('what is said', () => {
  test('a submission is in the way of itself alone', () => {
    const there = other({ kind: 'submission', on: ['ios/app-store'] });
    expect(between(plan({ kind: 'submission', on: ['ios/app-store'] }), there)).toBe('hold component');
    expect(between(plan({ on: ['ios/app-store'] }), there)).toBeNull();
    const edges = ['ios→api'];
    expect(
      between(plan({ kind: 'submission', on: ['ios/app-store'] }), other({ on: ['api'] }), { edges }),
    ).toBeNull();
  });

  test('limits come before what is cut off, and what has ended is not said to be under way or to come', () => {
    const many = [5, 6, 7, 8, 9, 10, 11].map((number) => other({ number, state: 'started' }));
    const kinds = conflictsOf(
      plan(),
      around({ others: many, ofOwner: many.map(({ change }) => change), limits: { service: 2, person: 2 } }),
    ).map((each) => each.kind);
    expect(kinds.slice(0, 3)).toEqual(['service-limit', 'person-limit', 'component']);
    expect(kinds).toHaveLength(9);
    const ended = { state: 'succeeded', startsAt: at('10:00'), endsAt: at('10:00') };
    for (const state of ['succeeded', 'validating', 'failed'])
      expect(told(plan(), around({ others: [other({ ...ended, state })] })).join(' ')).not.toMatch(
        /under way|is to begin|planned/,
      );
    expect(told(plan(), around({ others: [other(ended)] }))[0]).toContain('ended less than a minute before');
  });

  test('the gravest comes first, and each change once', () => {
    const busy = other({ state: 'started', ownerId: 'U0ANA', ownerName: 'Ana' });
    const more = [5, 6, 7, 8, 9, 10].map((number) => other({ number, on: ['db/prod'] }));
    const all = conflictsOf(
      plan(),
      around({ others: [...more, busy], ofOwner: [busy.change], incidents: [{}], edges: ['api→db'] }),
    );
    expect(all.map((each) => each.with)).toEqual([
      ...['INC-3', 'CHG-4', 'CHG-5', 'CHG-6', 'CHG-7', 'CHG-8', 'CHG-9', 'CHG-10'],
    ]);
    expect(all.map((each) => each.severity)).toEqual(['hold', 'hold', ...Array(6).fill('warn')]);
  });

  test('no reason is longer than a person reads, whatever titles and names are, and none names a time', () => {
    const long = 'very long words '.repeat(20);
    const others = [other({ state: 'started', title: long, ownerName: `${long}\n${long}` })];
    for (const { text } of conflictsOf(plan(), around({ others, limits: { service: 1 } }))) {
      expect(text.length).toBeLessThan(300);
      expect(text).not.toContain('\n');
      expect(text).not.toMatch(/\d\d:\d\d/);
    }
    expect(now).toEqual(at('10:00'));
  });
});
