// Turns: the order in which they came, the distance between them, and nobody who waits for ever.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frozen } from '../../../src/features/freeze/index.js';
import { turnsOf, type Waiter } from '../../../src/features/gate/queue.js';

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 10, 10) + minutes * 60_000);
const everything = { include: [{ services: [], environments: [], clusters: [], tiers: [] }], exclude: [] };

function freeze(number: number, service: string, from: number, until: number): Frozen {
  const scope = { ...everything, include: [{ ...everything.include[0], services: [service] }] };
  return {
    ...{ id: `f${number}`, number, mode: 'hard', reason: 'why', owner: { id: 'U1', name: 'Ana' } },
    ...{ madeAt: at(from), startsAt: at(from), overAt: at(until), liftedAt: null, incidentId: null },
    schedule: { type: 'once', startsAt: at(from), endsAt: at(until) },
    ...{ drill: false, damaged: false, scope },
  } as Frozen;
}

function waiter(id: string, service: string, heldAt: number, over: Partial<Waiter> = {}): Waiter {
  const targets = [{ service, environment: 'prod', cluster: '', tier: 'production' }];
  const usual = { toldAt: null, wentAt: null, askedAt: at(heldAt), stays: false, drill: false };
  return { ...usual, id, heldAt: at(heldAt), heldBy: [1], targets, ...over };
}

const minutes = (date: Date | null | undefined) =>
  date ? (date.getTime() - at(0).getTime()) / 60_000 : null;

test('an extension and an early lift are computed anew; one that went keeps the next at its distance', () => {
  const waiters = [waiter('b', 'api', 2), waiter('a', 'api', 1)];
  const turns = (freezes: Frozen[], now: number, all = waiters) =>
    turnsOf(all, freezes, 60_000, at(now)).map((each) => [each.id, minutes(each.at), each.free]);
  expect(turns([freeze(1, 'api', 0, 60)], 10)).toEqual([
    ['a', 60, false],
    ['b', 61, false],
  ]);
  expect(turns([freeze(1, 'api', 0, 90)], 70)).toEqual([
    ['a', 90, false],
    ['b', 91, false],
  ]);
  expect(turns([freeze(1, 'api', 0, 30)], 40)).toEqual([
    ['a', 30, true],
    ['b', 31, true],
  ]);
  const went = [waiter('a', 'api', 1, { wentAt: at(40.5) }), waiter('b', 'api', 2)];
  expect(turns([freeze(1, 'api', 0, 30)], 41, went)).toEqual([['b', 41.5, true]]);
});

test('who is frozen still keeps nobody waiting who is free', () => {
  const waiters = [waiter('a', 'web', 1, { heldBy: [1, 2] }), waiter('b', 'api', 2, { heldBy: [1] })];
  const freezes = [freeze(1, 'api', 0, 30), freeze(2, 'web', 0, 600)];
  const turns = turnsOf(waiters, freezes, 60_000, at(31));
  expect(turns.map((each) => [each.id, minutes(each.at), each.free])).toEqual([
    ['b', 30, true],
    ['a', 600, false],
  ]);
});

const arrivals = fc.array(
  fc.record({ heldAt: fc.integer({ min: 0, max: 59 }), comes: fc.integer({ min: 0, max: 3 }) }),
  {
    minLength: 1,
    maxLength: 15,
  },
);

test('in any thaw all that keep asking go: in order, never two within the spacing, and nobody starves', () => {
  fc.assert(
    fc.property(
      arrivals,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 20, max: 90 }),
      (all, spacing, until) => {
        const spacingMs = spacing * 60_000;
        const freezes = [freeze(1, 'api', 0, until)];
        // They ask every few minutes, each at its own pace, from when they came.
        let waiters = all
          .filter((each) => each.heldAt < until)
          .map((each, i) => waiter(`w${String(i).padStart(2, '0')}`, 'api', each.heldAt));
        const went: { id: string; at: number }[] = [];
        for (let now = until; now <= until + 200 && went.length < waiters.length; now += 1) {
          for (const each of waiters) {
            const pace = (all[Number(each.id.slice(1))]?.comes ?? 0) + 1;
            if (each.wentAt !== null || now % pace !== 0) continue;
            const turn = turnsOf(waiters, freezes, spacingMs, at(now)).find((it) => it.id === each.id);
            if (!turn?.free || turn.at === null || turn.at > at(now)) continue;
            went.push({ id: each.id, at: now });
            waiters = waiters.map((it) => (it.id === each.id ? { ...it, wentAt: at(now) } : it));
          }
        }
        expect(went.length).toBe(waiters.length);
        for (const [i, each] of went.entries()) {
          const before = went[i - 1];
          if (before) expect(each.at - before.at).toBeGreaterThanOrEqual(spacing);
        }
        // Their turns are in the order in which they came.
        const fresh = waiters.map((each) => ({ ...each, wentAt: null }));
        const turns = turnsOf(fresh, freezes, spacingMs, at(until));
        const ordered = fresh.toSorted(
          (a, b) => a.heldAt.getTime() - b.heldAt.getTime() || (a.id < b.id ? -1 : 1),
        );
        expect(turns.map((each) => each.id)).toEqual(ordered.map((each) => each.id));
        expect(turns.map((each) => minutes(each.at))).toEqual(ordered.map((_each, i) => until + i * spacing));
      },
    ),
    { numRuns: 200 },
  );
});
