// On the nights when the clocks change, a planned time means what its author was told it means, wherever Andon runs.
import * as fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { afterEach, describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, people } from '../../helpers/desk.js';

const host = process.env.TZ;
afterEach(() => {
  if (host === undefined) delete process.env.TZ;
  else process.env.TZ = host;
});

/** Somebody in this zone says it at this time; what was understood, and what was answered. */
async function announceIn(desk: Desk, zone: string, now: string, when: string) {
  desk.now = new Date(now);
  const before = people.ana.zone;
  // The desk reads words in the zone of whoever says them.
  Object.assign(people.ana, { zone });
  try {
    const said = await desk.say('ana', `/change announce deploy at night on:api/prod at:"${when}" anyway`);
    const row = await desk.db.read.change.findFirst({ orderBy: { number: 'desc' } });
    return { text: said.text, accepted: said.accepted, at: row?.plannedStart ?? null };
  } finally {
    Object.assign(people.ana, { zone: before });
  }
}

const nights = [
  // Twice: the first is taken, and the reply says how to mean the second.
  [
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    '2026-10-25 02:30',
    '2026-10-25T00:30:00Z',
    'read as the first (+02:00). Write +01:00 for the second',
  ],
  [
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    '2026-10-25 02:30 +01:00',
    '2026-10-25T01:30:00Z',
    '02:30 +01:00 (01:30 UTC)',
  ],
  [
    'America/New_York',
    '2026-10-31T12:00:00Z',
    '2026-11-01 01:30',
    '2026-11-01T05:30:00Z',
    'read as the first (-04:00). Write -05:00',
  ],
  [
    'Australia/Lord_Howe',
    '2026-04-04T06:00:00Z',
    '2026-04-05 01:45',
    '2026-04-04T14:45:00Z',
    'read as the first (+11:00). Write +10:30',
  ],
  // Never: read as so much later, and said.
  [
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    '2026-03-29 02:30',
    '2026-03-29T01:30:00Z',
    'does not exist on 29 March 2026',
  ],
  [
    'America/New_York',
    '2026-03-07T12:00:00Z',
    '2026-03-08 02:30',
    '2026-03-08T07:30:00Z',
    'does not exist on 8 March 2026',
  ],
  [
    'Australia/Lord_Howe',
    '2026-10-03T06:00:00Z',
    '2026-10-04 02:15',
    '2026-10-03T15:45:00Z',
    'does not exist on 4 October 2026',
  ],
  // 01:30 is a time like any other in Berlin on both nights.
  [
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    'tomorrow 01:30',
    '2026-10-24T23:30:00Z',
    '01:30 CEST (24 Oct 2026 23:30 UTC)',
  ],
  [
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    'tomorrow 01:30',
    '2026-03-29T00:30:00Z',
    '01:30 CET (00:30 UTC)',
  ],
] as const;

describe.each(engines)('%s', (engine) => {
  test('a wall time that comes twice or never is read one way, and the reply says which', async () => {
    const desk = await openDesk(engine);
    for (const [zone, now, when, at, words] of nights) {
      const said = await announceIn(desk, zone, now, when);
      expect(said.at, `${zone} ${when}`).toEqual(new Date(at));
      expect(said.text.replaceAll('−', '-'), `${zone} ${when}`).toContain(words);
    }
  });

  test('moved to the other of two equal wall times, it is planned for that one', async () => {
    const desk = await openDesk(engine);
    await announceIn(desk, 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25 02:30');
    const moved = await desk.say('ana', '/change move CHG-1 2026-10-25 02:30 +01:00');
    expect(moved.accepted).toBe(true);
    const row = await desk.db.read.change.findFirstOrThrow();
    expect(row.plannedStart).toEqual(new Date('2026-10-25T01:30:00Z'));
  });

  test('a length is a length: two hours over the change of clocks are two hours', async () => {
    const desk = await openDesk(engine);
    desk.now = new Date('2026-10-24T12:00:00Z');
    await desk.say('ana', '/change announce upgrade at night at:"2026-10-25 01:30" for:2h');
    const row = await desk.db.read.change.findFirstOrThrow();
    expect(row.plannedEnd).toEqual(new Date('2026-10-25T01:30:00Z'));
  });
});

test('whatever the zone, the night and the host’s own zone: what the reply says is what is planned', async () => {
  const desk = await openDesk('sqlite');
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/Sao_Paulo',
  ];
  const days = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'];
  const hosts = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.constantFrom(...days),
      fc.integer({ min: 0, max: 4 * 60 - 1 }),
      fc.constantFrom(...hosts),
      async (zone, day, minute, tz) => {
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const now = DateTime.fromISO(`${day}T12:00:00Z`).minus({ days: 1 }).toUTC().toISO() ?? '';
        process.env.TZ = tz;
        const said = await announceIn(desk, zone, now, `${day} ${clock}`);
        expect(said.accepted).toBe(true);
        const at = said.at ?? new Date(Number.NaN);
        // The reply's own words, read back by another program: the instant in UTC.
        const utc = /\((?:(\d{1,2} \w{3} \d{4}) )?(\d\d:\d\d) UTC\)/.exec(said.text);
        const local = /for (\d{1,2} \w{3} \d{4}) (\d\d:\d\d)/.exec(said.text);
        const told = DateTime.fromFormat(`${utc?.[1] ?? local?.[1]} ${utc?.[2]}`, 'd LLL yyyy HH:mm', {
          zone: 'UTC',
        });
        expect(told.toMillis()).toBe(at.getTime());
        // And on the wall there it is the time that was written, or the reply says that there is no such time.
        const wall = DateTime.fromJSDate(at, { zone: IANAZone.create(zone) });
        if (wall.toFormat('yyyy-MM-dd HH:mm') !== `${day} ${clock}`)
          expect(said.text).toContain('does not exist on');
      },
    ),
    { numRuns: 25 },
  );
});
