// Whatever becomes of the attempts, in whatever order: levels only go on, none is skipped, and an answered page is at rest.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seekMs, whatIsDue, wordOf } from '../../../src/features/paging/due.js';

const minuteMs = 60_000;
const start = Date.parse('2026-03-10T10:00:00Z');
const state = fc.constantFrom('sent', 'delivered', 'failed', 'stuck', 'simulated');
const steps = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 9 }),
    states: fc.array(state, { maxLength: 3 }),
    somebody: fc.boolean(),
  }),
  {
    maxLength: 30,
  },
);

test('each level follows the one before, and only the last one waits for its round, unless that called nobody and now somebody is there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), steps, (count, all) => {
      const levels = Array.from({ length: count });
      let now = start;
      let page = { state: 'ringing', level: 0, round: 0, nextAt: new Date(now + 5 * minuteMs), levels };
      let since = now;
      let calledNobody = true;
      for (const { minutes, states, somebody } of all) {
        now += minutes * minuteMs;
        if (states.length > 0) calledNobody = false;
        const attempts = states.map((each, i) => ({ id: String(i), state: each, at: new Date(since) }));
        const round = { calledNobody, somebody };
        const due = whatIsDue(page, attempts, new Date(now), round);
        expect(whatIsDue({ ...page, state: 'acknowledged' }, attempts, new Date(now), round).next).toBeNull();
        const last = page.level >= count - 1;
        if (!due.next) {
          expect(due.again?.getTime()).toBeGreaterThan(now);
          expect(due.again?.getTime()).toBeLessThanOrEqual(page.nextAt.getTime());
          // Whoever comes on call is not kept waiting for longer.
          if (calledNobody) {
            expect(due.again?.getTime()).toBeLessThanOrEqual(now + seekMs);
            expect(somebody && last).toBe(false);
          }
          continue;
        }
        const after = last ? [page.round + 1, 0] : [page.round, page.level + 1];
        expect([due.next.round, due.next.level]).toEqual(after);
        const timely = now >= page.nextAt.getTime();
        expect(due.next.unanswered).toBe(last && timely);
        if (last && !(calledNobody && somebody)) expect(timely).toBe(true);
        since = now;
        if (last) calledNobody = true;
        page = {
          ...page,
          level: due.next.level,
          round: due.next.round,
          nextAt: new Date(now + 5 * minuteMs),
        };
      }
    }),
  );
});

test('that nobody answers is said of each of the first rounds, then when it was said that it would be, and every two hours at the latest', () => {
  const word = fc.record({ minutes: fc.integer({ min: 1, max: 300 }), late: fc.integer({ min: 0, max: 5 }) });
  fc.assert(
    fc.property(word, ({ minutes, late }) => {
      const roundMs = minutes * minuteMs;
      let [now, last, promised] = [start, start, null as Date | null];
      for (let round = 0; round < 60; round += 1) {
        // A worker is never quite on time.
        now += roundMs + late * 1000;
        const { said, again } = wordOf(round, roundMs, promised, new Date(now));
        if (round < 4) expect(said).toBe(true);
        expect(again === null).toBe(round < 3);
        if (said) {
          expect(now - last).toBeLessThanOrEqual(Math.max(120 * minuteMs, roundMs) + 200 * 5_000);
          if (promised)
            expect(Math.abs(now - promised.getTime())).toBeLessThanOrEqual(roundMs / 2 + late * 1000);
          last = now;
        }
        promised = again;
      }
    }),
  );
});
