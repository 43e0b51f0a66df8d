// Free slots: what is offered is free, the first is the earliest, and the others are at work.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflictsOf, freeSlots } from '../../../src/features/change/conflicts.js';
import type { Plan } from '../../../src/features/change/plan.js';
import type { Surroundings } from '../../../src/features/change/surroundings.js';
import { changeKinds } from '../../../src/features/change/words.js';
import { around, at, now, other, plan } from './around.js';

const minuteMs = 60_000;
const aboutOthers = ['component', 'dependency', 'infrastructure', 'owner'];

/** Why the plan would be in another change's way if it began then. */
function inTheWay(it: Plan, surroundings: Surroundings, start: Date) {
  const lasts = it.endsAt === null ? null : it.endsAt.getTime() - it.startsAt.getTime();
  const endsAt = lasts === null ? null : new Date(start.getTime() + lasts);
  return conflictsOf({ ...it, startsAt: start, endsAt }, surroundings).filter((each) =>
    aboutOthers.includes(each.kind),
  );
}

describe('free slots', () => {
  test('begin on the next quarter of an hour where nothing is in the way, then at work, then on another day', () => {
    expect(freeSlots(plan(), around(), at('10:01'), 'UTC')).toEqual([
      at('10:15'),
      at('10:45'),
      new Date('2026-03-11T09:00:00Z'),
    ]);
  });

  test('after the first are in working hours of the asker’s zone, on weekdays, and done by their end', () => {
    // Friday afternoon in New York; the clocks there are four hours behind.
    const friday = new Date('2026-03-13T20:45:00Z');
    const long = plan({ endsAt: at('11:00') });
    expect(freeSlots(long, around(), friday, 'America/New_York')).toEqual([
      friday,
      new Date('2026-03-16T13:00:00Z'),
      new Date('2026-03-17T13:00:00Z'),
    ]);
    const days = plan({ endsAt: new Date('2026-03-12T10:00:00Z') });
    expect(freeSlots(days, around(), friday, 'UTC')[1]).toEqual(new Date('2026-03-16T09:00:00Z'));
  });

  test('begin when the other is no longer watched, and end, watched, before the next one', () => {
    // Until 10:30, watched until 11:00; the next one at 12:00 leaves no time for a second before 13:00.
    const others = [other({ state: 'started' }), other({ number: 5, startsAt: at('12:00') })];
    expect(freeSlots(plan(), around({ others }), now, 'UTC')).toEqual([
      at('11:00'),
      at('13:00'),
      new Date('2026-03-11T09:00:00Z'),
    ]);
  });

  test('leave the owner time, and do not wait for what is far away', () => {
    const mine = other({ number: 5, on: ['web/prod'], state: 'started', ownerId: 'U0ANA' });
    expect(freeSlots(plan(), around({ ofOwner: [mine.change] }), now, 'UTC')[0]).toEqual(at('10:30'));
    expect(freeSlots(plan(), around({ others: [other({ on: ['web/prod'] })] }), now, 'UTC')[0]).toEqual(now);
  });

  test('are not offered where nobody looked, nor later than two weeks', () => {
    expect(freeSlots(plan(), around({ knownUntil: at('11:30') }), now, 'UTC')).toEqual([
      at('10:00'),
      at('10:30'),
    ]);
    const always = other({ plannedEnd: new Date('2026-04-20T00:00:00Z'), state: 'started' });
    expect(freeSlots(plan(), around({ others: [always] }), now, 'UTC')).toEqual([]);
  });

  const minute = fc.integer({ min: -600, max: 3 * 1440 });
  const moment = minute.map((it) => new Date(now.getTime() + it * minuteMs));
  const place = fc.constantFrom(
    'api/prod',
    'api',
    'db/prod',
    'web/prod/eks',
    'api/staging',
    'nodes/prod/eks',
  );
  const change = fc.record({
    startsAt: moment,
    lasts: fc.option(fc.integer({ min: 1, max: 600 })),
    state: fc.constantFrom('planned', 'started', 'validating', 'succeeded', 'failed'),
    kind: fc.constantFrom(...changeKinds),
    on: fc.array(place, { minLength: 1, maxLength: 2 }),
    mine: fc.boolean(),
  });

  test('whatever else is planned: none collides, and the earliest that is free is the first', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 12 }),
        fc.record({
          kind: fc.constantFrom(...changeKinds),
          on: fc.array(place, { minLength: 1, maxLength: 2 }),
        }),
        fc.option(fc.integer({ min: 1, max: 300 })),
        moment,
        (changes, what, lasts, from) => {
          const others = changes.map(({ mine, lasts: length, ...said }, i) => {
            const end = length === null ? null : new Date(said.startsAt.getTime() + length * minuteMs);
            const ended =
              said.state === 'planned' || said.state === 'started' ? null : (end ?? said.startsAt);
            const owner = mine ? { ownerId: 'U0ANA' } : {};
            return other({ ...said, ...owner, number: i + 1, plannedEnd: end, endsAt: ended });
          });
          const it = plan({
            ...what,
            coverId: 'U0EVE',
            endsAt: lasts === null ? null : new Date(now.getTime() + lasts * minuteMs),
          });
          const surroundings = around({
            others,
            ofOwner: others.filter((each) => each.change.ownerId === 'U0ANA').map((each) => each.change),
            edges: ['api→db'],
            runsOn: { api: ['prod/eks'], db: ['prod/eks'] },
          });
          const slots = freeSlots(it, surroundings, from, 'UTC');
          expect(slots).toHaveLength(3);
          for (const slot of slots) expect(inTheWay(it, surroundings, slot)).toEqual([]);
          const first = slots[0] ?? from;
          const quarters = Math.ceil(from.getTime() / (15 * minuteMs));
          for (let quarter = quarters; quarter * 15 * minuteMs < first.getTime(); quarter += 1)
            expect(inTheWay(it, surroundings, new Date(quarter * 15 * minuteMs))).not.toEqual([]);
          expect(freeSlots(it, surroundings, from, 'UTC')).toEqual(slots);
        },
      ),
      { numRuns: 300 },
    );
  });
});
