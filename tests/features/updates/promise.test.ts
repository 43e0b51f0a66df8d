// When an update is due, and when somebody is reminded of it: the rules, with values.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severities } from '../../../src/features/incident/index.js';
import { cadenceOf, type PromiseEvent, promiseAfter } from '../../../src/features/updates/promise.js';
import { type Reminded, reminderDue, type Waiting } from '../../../src/features/updates/remind.js';

const minute = 60_000;
const begin = Date.parse('2026-03-10T10:00:00Z');
const at = (minutes: number) => new Date(begin + minutes * minute);
const dueOf = (events: readonly PromiseEvent[], cadence = {}) => {
  const due = promiseAfter(events, cadence)?.due ?? null;
  return due === null ? null : (due.getTime() - begin) / minute;
};
const declared = (severity: (typeof severities)[number]): PromiseEvent => ({
  kind: 'declared',
  id: 'd',
  at: at(0),
  severity,
});
const severity = (minutes: number, to: (typeof severities)[number]): PromiseEvent => ({
  kind: 'severity',
  at: at(minutes),
  to,
});
const update = (minutes: number, next: number | null): PromiseEvent => ({
  kind: 'update',
  id: `u${minutes}`,
  at: at(minutes),
  nextAt: next === null ? null : at(next),
});

describe('when the next update is due', () => {
  test('one cadence after the declaration, by severity; a SEV4 has none', () => {
    expect(severities.map((each) => dueOf([declared(each)]))).toEqual([30, 60, 240, null]);
  });

  test('a team may say otherwise', () => {
    expect(dueOf([declared('SEV1')], { SEV1: 10 })).toBe(10);
    expect(dueOf([declared('SEV1')], { SEV1: null })).toBeNull();
    expect(dueOf([declared('SEV4')], { SEV4: 480 })).toBe(480);
  });

  test('as was promised with the last one, whatever the severity', () => {
    expect(dueOf([declared('SEV1'), update(10, 130)])).toBe(130);
    expect(dueOf([declared('SEV1'), update(10, null)])).toBeNull();
  });

  test('what gets worse is due sooner, and never later than it was', () => {
    expect(dueOf([declared('SEV3'), severity(20, 'SEV1')])).toBe(50);
    expect(dueOf([declared('SEV2'), severity(55, 'SEV1')])).toBe(60);
    expect(dueOf([declared('SEV4'), severity(20, 'SEV2')])).toBe(80);
  });

  test('what gets better is due later only where nothing was promised', () => {
    expect(dueOf([declared('SEV1'), severity(10, 'SEV3')])).toBe(240);
    expect(dueOf([declared('SEV1'), severity(10, 'SEV4')])).toBeNull();
    expect(dueOf([declared('SEV1'), update(10, 40), severity(15, 'SEV4')])).toBe(40);
  });

  test('the end ends the promise, and reopening begins anew', () => {
    expect(dueOf([declared('SEV1'), update(5, 35), { kind: 'ended' }])).toBeNull();
    expect(dueOf([declared('SEV1'), { kind: 'ended' }, { kind: 'reopened', id: 'r', at: at(60) }])).toBe(90);
  });

  test('is never later than was promised, however the severity changes', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.constantFrom(...severities)), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...severities),
        fc.integer({ min: 1, max: 600 }),
        changes,
        (first, next, all) => {
          const ordered = [...all].sort(([one], [other]) => one - other);
          const events = [
            declared(first),
            update(0, next),
            ...ordered.map(([when, to]) => severity(when, to)),
          ];
          expect(dueOf(events)).toBeLessThanOrEqual(next);
        },
      ),
    );
  });
});

/** Everything that is said of a promise when somebody looks at these minutes, and again when told to. */
function saidOver(first: Waiting, looks: readonly number[]): Reminded[] {
  const said: Reminded[] = [];
  const queue = [...looks].sort((one, other) => one - other).map(at);
  for (let now = queue.shift(); now; now = queue.shift()) {
    const due = reminderDue({ ...first, reminded: said }, now);
    if (due.what && first.promised.due)
      said.push({ what: due.what, promise: first.promised.id, dueAt: first.promised.due, at: now });
  }
  return said;
}

const waitingFor = (due: number, every: number | null, snoozed: number | null = null): Waiting => ({
  promised: { id: 'p', since: at(0), due: at(due), said: true, severity: 'SEV1' },
  every: every === null ? null : every * minute,
  reminded: [],
  snoozed: snoozed === null ? null : at(snoozed),
});
const everyMinute = Array.from({ length: 600 }, (_, minutes) => minutes);
const when = (said: readonly Reminded[]) =>
  said.map(({ what, at: moment }) => `${what} ${(moment.getTime() - begin) / minute}`);

describe('who is reminded, and when', () => {
  test('five minutes before, five after, and then with the cadence three times; and no more', () => {
    expect(when(saidOver(waitingFor(30, 30), everyMinute))).toEqual([
      'soon 25',
      'late 35',
      'late 65',
      'late 95',
    ]);
  });

  test('a short promise is reminded of later', () => {
    expect(when(saidOver(waitingFor(10, 30), everyMinute)).slice(0, 2)).toEqual(['soon 8', 'late 15']);
  });

  test('snoozed, nothing is said until then', () => {
    expect(when(saidOver(waitingFor(30, 30, 50), everyMinute))).toEqual(['late 50', 'late 80', 'late 110']);
    expect(when(saidOver(waitingFor(30, 30, 28), everyMinute)).slice(0, 2)).toEqual(['soon 28', 'late 35']);
  });

  test('whoever was away for hours is told once that it is late, not three times', () => {
    expect(when(saidOver(waitingFor(30, 30), [300, 301, 302]))).toEqual(['late 300']);
  });

  test('where the look names the next one, it is not before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 900 }), (due, now) => {
        const { what, again } = reminderDue(waitingFor(due, 30), at(now));
        if (what === null && again) expect(again.getTime()).toBeGreaterThan(at(now).getTime());
      }),
    );
  });

  test('of one promise once that it comes and three times that it is late, whenever somebody looks', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), looks, (due, minutes) => {
        const said = saidOver(waitingFor(due, 30), minutes);
        expect(said.filter(({ what }) => what !== 'late').length).toBeLessThanOrEqual(1);
        expect(said.filter(({ what }) => what === 'late').length).toBeLessThanOrEqual(3);
      }),
    );
  });

  test('a cadence of none is none', () => {
    expect(cadenceOf({}, 'SEV4')).toBeNull();
    expect(
      reminderDue(
        { ...waitingFor(1, null), promised: { ...waitingFor(1, null).promised, due: null } },
        at(99),
      ),
    ).toEqual({
      what: null,
      times: 0,
      again: null,
    });
  });
});
