// The rules of reports: when several are one suspected incident, and what a text is about.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  belongsTo,
  type Complaint,
  gather,
  knownFor,
  serviceIn,
} from '../../../src/features/reports/rules.js';

const start = Date.parse('2026-03-10T10:00:00Z');

function complaint(number: number, over: Partial<Complaint> = {}): Complaint {
  return {
    ...{ number, by: `U${number}`, at: new Date(start + number * 60_000) },
    ...{ service: null, environment: '', clusters: [] },
    ...over,
  };
}

const service = fc.constantFrom(null, 'api', 'web', 'db');
const clusters: Readonly<Record<string, readonly string[]>> = {
  api: ['eu-1'],
  web: ['eu-1', 'us-1'],
  db: ['us-1'],
};
const complaints = fc
  .array(fc.tuple(fc.constantFrom('U1', 'U2', 'U3', 'U4'), service, fc.integer({ min: 0, max: 90 })), {
    maxLength: 12,
  })
  .map((all) =>
    all.map(([by, name, minute], index) =>
      complaint(index + 1, {
        ...{ by, service: name, at: new Date(start + minute * 60_000) },
        clusters: name ? (clusters[name] ?? []) : [],
      }),
    ),
  );

describe('several reports', () => {
  test('one person alone is never an incident, however often they write', () => {
    fc.assert(
      fc.property(complaints, (all) => {
        const mine = all.map((each) => ({ ...each, by: 'U1' }));
        const last = mine.at(-1);
        if (last) expect(gather(last, mine.slice(0, -1))).toBeNull();
      }),
    );
  });

  test('what is gathered holds the latest, goes on from one to the next and is of several people', () => {
    fc.assert(
      fc.property(complaints, (all) => {
        const last = all.at(-1);
        const found = last && gather(last, all.slice(0, -1));
        if (!last || !found) return;
        expect(found.reports).toContain(last);
        expect(new Set(found.reports.map((each) => each.by)).size).toBeGreaterThanOrEqual(2);
        const times = found.reports.map((each) => each.at.getTime()).sort((a, b) => a - b);
        const most = found.why === 'people' ? 30 : 60;
        for (const [index, time] of times.entries())
          expect(time - (times[index - 1] ?? time)).toBeLessThanOrEqual(most * 60_000);
        expect(new Set(found.reports.map((each) => each.number)).size).toBe(found.reports.length);
      }),
    );
  });

  test('more people never make it less of an incident, and the order of the others does not matter', () => {
    fc.assert(
      fc.property(complaints, (all) => {
        const last = all.at(-1);
        if (!last) return;
        const others = all.slice(0, -1);
        const found = gather(last, others);
        expect(gather(last, [...others].reverse())).toEqual(found);
        if (found) expect(gather(last, [...others, complaint(50, { at: last.at })])).not.toBeNull();
      }),
    );
  });

  test.each<[string, Complaint, readonly Complaint[], string | null]>([
    ['two on one service', complaint(2, { service: 'api' }), [complaint(1, { service: 'Api' })], 'service'],
    [
      'two environments',
      complaint(2, { service: 'api', environment: 'prod' }),
      [complaint(1, { service: 'api', environment: 'staging' })],
      null,
    ],
    [
      'two services of one cluster',
      complaint(2, { service: 'api', clusters: ['eu-1'] }),
      [complaint(1, { service: 'web', clusters: ['eu-1'] })],
      'cluster',
    ],
    [
      'two services of two clusters',
      complaint(2, { service: 'api', clusters: ['eu-1'] }),
      [complaint(1, { service: 'web', clusters: ['us-1'] })],
      null,
    ],
    ['two about nothing known', complaint(2), [complaint(1)], null],
    ['three about nothing known', complaint(3), [complaint(1), complaint(2)], 'people'],
    [
      'two about one service within the hour',
      complaint(49, { service: 'api' }),
      [complaint(1, { service: 'api' })],
      'service',
    ],
    [
      'two about one service, far apart',
      complaint(62, { service: 'api' }),
      [complaint(1, { service: 'api' })],
      null,
    ],
    ['three within a long time', complaint(31), [complaint(1), complaint(16)], null],
  ])('%s', (_name, latest, others, why) => {
    expect(gather(latest, others)?.why ?? null).toBe(why);
  });

  test('what names no service and came meanwhile is gathered with the others', () => {
    const others = [complaint(1), complaint(2, { service: 'web' }), complaint(3, { service: 'api' })];
    const found = gather(complaint(4, { service: 'api' }), others);
    expect(found?.reports.map((each) => each.number)).toEqual([1, 3, 4]);
  });

  test('a later one belongs to what was gathered where it is about the same, and not too late', () => {
    const gathered = {
      ...{ why: 'cluster' as const, rings: false },
      reports: [
        complaint(1, { service: 'api', clusters: ['eu-1'] }),
        complaint(2, { service: 'web', clusters: ['eu-1'] }),
      ],
    };
    expect(belongsTo(complaint(3, { service: 'db', clusters: ['eu-1'] }), gathered)).toBe(true);
    expect(belongsTo(complaint(3, { service: 'db', clusters: ['us-1'] }), gathered)).toBe(false);
    expect(belongsTo(complaint(30, { service: 'api' }), gathered)).toBe(true);
    expect(belongsTo(complaint(90, { service: 'api' }), gathered)).toBe(false);
    expect(belongsTo(complaint(90, { service: 'api' }), { ...gathered, rings: true })).toBe(true);
    // What says of nothing what it is about.
    expect(belongsTo(complaint(3), gathered)).toBe(true);
    expect(belongsTo(complaint(30), gathered)).toBe(false);
    expect(belongsTo(complaint(3), { ...gathered, why: 'alone' })).toBe(false);
    expect(belongsTo(complaint(3, { service: 'mail' }), { ...gathered, why: 'people' })).toBe(true);
  });
});

describe('what a text is about', () => {
  test.each([
    ['the api is slow', 'api'],
    ['API?', 'api'],
    ['rapid apis', null],
    ['checkout-v2 hangs, so does the api', 'checkout-v2'],
    ['checkout hangs', 'checkout'],
    ['заказ не работает', 'заказ'],
    ['(.*)+$ [api]', 'api'],
    ['', null],
  ])('%s', (text, name) => {
    expect(serviceIn(text, ['api', 'checkout', 'checkout-v2', 'заказ', ''])).toBe(name);
  });

  test('never throws, and finds only what stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 5 }), (text, names) => {
        const found = serviceIn(text, names);
        if (found !== null) expect(text.toLowerCase()).toContain(found.toLowerCase());
      }),
    );
  });
});

test('an incident is known for what it affects, whatever the environment is called', () => {
  const incident = {
    ...{ id: 'i', number: 4, title: 'down' },
    components: [{ service: 'api', environment: 'prod', cluster: 'eu-1' }],
  };
  const nameOf = (name: string) => (name === 'production' ? 'prod' : name);
  const known = (service: string, environment = '', cluster = '') =>
    knownFor({ service, environment, cluster }, [incident], nameOf)?.number ?? null;
  expect([known('api'), known('API', 'production'), known('api', 'prod', 'eu-1')]).toEqual([4, 4, 4]);
  expect([known('api', 'staging'), known('api', 'prod', 'us-1'), known('web')]).toEqual([null, null, null]);
  expect(knownFor(null, [incident], nameOf)).toBeNull();
});
