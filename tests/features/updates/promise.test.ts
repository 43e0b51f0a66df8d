// When an update is due, and when somebody is reminded of it: the rules, with values.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severities } from '../../../src/features/incident/index.js';
import { cadenceOf, type PromiseEvent, promiseAfter } from '../../../src/features/updates/promise.js';
import { type Reminded, reminderDue, type Turn, type Waiting } from '../../../src/features/updates/remind.js';

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

const ana: Turn = { lead: { id: 'ana', since: at(0) }, besides: null };

/** Everything that is said of a promise when somebody looks at these minutes, and again when told to. */
function saidOver(first: Waiting, looks: readonly number[], turnAt = (_now: Date) => ana): Reminded[] {
  const said: Reminded[] = [];
  const queue = [...looks].sort((one, other) => one - other).map(at);
  for (let now = queue.shift(); now; now = queue.shift()) {
    const due = reminderDue({ ...first, reminded: said }, turnAt(now), now);
    const { id: promise, due: dueAt } = first.promised;
    if (due.what && dueAt) said.push({ what: due.what, promise, dueAt, at: now, to: due.to });
  }
  return said;
}

const waitingFor = (due: number, every: number | null, snoozed: number | null = null): Waiting => ({
  promised: { id: 'p', since: at(0), due: at(due), said: true, severity: 'SEV1' },
  every: every === null ? null : every * minute,
  reminded: [],
  snoozed: snoozed === null ? null : { until: at(snoozed), since: at(1) },
});
const everyMinute = Array.from({ length: 600 }, (_, minutes) => minutes);
const when = (said: readonly Reminded[]) =>
  said.map(({ what, at: moment }) => `${what} ${(moment.getTime() - begin) / minute}`);

describe('who is reminded, and when', () => {
  test('five minutes before, five after, with the cadence three times, and then every two hours', () => {
    expect(when(saidOver(waitingFor(30, 30), everyMinute))).toEqual([
      ...['soon 25', 'late 35', 'overdue 45', 'late 65', 'late 95'],
      ...['late 215', 'late 335', 'late 455', 'late 575'],
    ]);
  });

  test('whoever takes over a late one hears it at once, also what another put off, and then anew', () => {
    const dee: Turn = { lead: { id: 'dee', since: at(240) }, besides: null };
    const said = saidOver(waitingFor(30, 30, 300), everyMinute, (now) => (now < at(240) ? ana : dee));
    expect(when(said).slice(0, 4)).toEqual(['overdue 45', 'late 240', 'late 270', 'late 300']);
    expect(said[1]?.to).toEqual(['dee']);
  });

  test('whoever writes them hears once that one is late, with the lead or as soon as they write', () => {
    const bob: Turn = { ...ana, besides: 'bob' };
    const to = (turnAt: (now: Date) => Turn) =>
      saidOver(waitingFor(30, 30), everyMinute, turnAt)
        .filter((each) => each.what === 'late' && each.to.includes('bob'))
        .map((each) => [each.to.length, (each.at.getTime() - begin) / minute]);
    expect(to(() => bob)).toEqual([[2, 35]]);
    expect(to((now) => (now < at(70) ? ana : bob))).toEqual([[1, 70]]);
  });

  test('a short promise is reminded of later', () => {
    expect(when(saidOver(waitingFor(10, 30), everyMinute)).slice(0, 2)).toEqual(['soon 8', 'late 15']);
  });

  test('snoozed, nothing is said until then', () => {
    expect(when(saidOver(waitingFor(30, 30, 50), everyMinute))).toEqual([
      'overdue 45',
      'late 50',
      'late 80',
      'late 110',
      'late 230',
      'late 350',
      'late 470',
      'late 590',
    ]);
    expect(when(saidOver(waitingFor(30, 30, 28), everyMinute)).slice(0, 2)).toEqual(['soon 28', 'late 35']);
  });

  test('whoever was away for hours is told once that it is late, not three times', () => {
    expect(when(saidOver(waitingFor(30, 30), [300, 301, 302]))).toEqual(['late 300']);
  });

  test('where the look names the next one, it is not before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 900 }), (due, now) => {
        const { what, again } = reminderDue(waitingFor(due, 30), ana, at(now));
        if (what === null && again) expect(again.getTime()).toBeGreaterThan(at(now).getTime());
      }),
    );
  });

  test('of one promise once that it comes, and that it is late at the pace three times and then seldom, whenever somebody looks', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), looks, (due, minutes) => {
        const said = saidOver(waitingFor(due, 30), minutes);
        expect(said.filter(({ what }) => what === 'soon' || what === 'due').length).toBeLessThanOrEqual(1);
        expect(said.filter(({ what }) => what === 'overdue').length).toBeLessThanOrEqual(1);
        const lates = said.filter(({ what }) => what === 'late').map((each) => each.at.getTime());
        for (const [i, late] of lates.entries())
          if (i > 0) expect(late - (lates[i - 1] ?? 0)).toBeGreaterThanOrEqual((i < 3 ? 30 : 120) * minute);
      }),
    );
  });

  test('a cadence of none is none', () => {
    expect(cadenceOf({}, 'SEV4')).toBeNull();
    expect(
      reminderDue(
        { ...waitingFor(1, null), promised: { ...waitingFor(1, null).promised, due: null } },
        ana,
        at(99),
      ),
    ).toEqual({
      what: null,
      times: 0,
      to: [],
      again: null,
    });
  });
});
