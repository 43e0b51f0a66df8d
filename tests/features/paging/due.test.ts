// Whatever becomes of the attempts, in whatever order: levels only go on, none is skipped, and an answered page is at rest.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whatIsDue } from '../../../src/features/paging/due.js';

const minuteMs = 60_000;
const start = Date.parse('2026-03-10T10:00:00Z');
const state = fc.constantFrom('sent', 'delivered', 'failed', 'stuck', 'simulated');
const steps = fc.array(
  fc.record({ minutes: fc.integer({ min: 0, max: 9 }), states: fc.array(state, { maxLength: 3 }) }),
  {
    maxLength: 30,
  },
);

test('each level follows the one before, and only the last one waits for its round', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), steps, (count, all) => {
      const levels = Array.from({ length: count });
      let now = start;
      let page = { state: 'ringing', level: 0, round: 0, nextAt: new Date(now + 5 * minuteMs), levels };
      let since = now;
      for (const { minutes, states } of all) {
        now += minutes * minuteMs;
        const attempts = states.map((each, i) => ({ id: String(i), state: each, at: new Date(since) }));
        const due = whatIsDue(page, attempts, new Date(now));
        expect(whatIsDue({ ...page, state: 'acknowledged' }, attempts, new Date(now)).next).toBeNull();
        if (!due.next) {
          expect(due.again?.getTime()).toBeGreaterThan(now);
          continue;
        }
        const last = page.level >= count - 1;
        const after = last ? [page.round + 1, 0] : [page.round, page.level + 1];
        expect([due.next.round, due.next.level]).toEqual(after);
        expect(due.next.unanswered).toBe(last);
        if (last) expect(now).toBeGreaterThanOrEqual(page.nextAt.getTime());
        since = now;
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
