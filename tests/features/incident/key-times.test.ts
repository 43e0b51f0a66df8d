// Key times: unknown is a value that stays, and an odd order is remarked but never refused.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function openIncident(desk: Desk, more = '') {
  const declared = await desk.say('bob', `declare writes are stuck ${more}`);
  const row = () => desk.db.read.incident.findFirstOrThrow();
  const say = async (line: string) => {
    const said = await desk.say(
      'bob',
      line.replace(/^\S+/, (verb) => `${verb} INC-1`),
    );
    expect(said.accepted, said.text).toBe(true);
    return said.text;
  };
  const entries = () => desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
  return { declared: declared.text, row, say, entries };
}

describe.each(engines)('%s', (engine) => {
  test.each(['started', 'detected', 'mitigated'] as const)('%s may be said to be unknown', async (which) => {
    const desk = await openDesk(engine);
    const { row, say } = await openIncident(desk);
    await say(`${which} 10:22`);
    expect(await say(`${which} unknown`)).toContain(`${which}: time unknown, as written: "unknown"`);
    expect(await row()).toMatchObject({
      [`${which}At`]: null,
      keyTimes: { [which]: { precision: 'unknown', asWritten: 'unknown', derived: false } },
    });
  });

  test('so may those of a declaration', async () => {
    const desk = await openDesk(engine);
    const { declared, row } = await openIncident(desk, 'started:unknown detected:TBC');
    expect(declared).toContain('started time unknown');
    expect(declared).toContain('detected time unknown');
    expect(await row()).toMatchObject({
      title: 'writes are stuck',
      startedAt: null,
      detectedAt: null,
      keyTimes: { started: { precision: 'unknown' }, detected: { precision: 'unknown' } },
    });
  });

  test('mitigated at a time that nobody knows stays so when monitoring begins', async () => {
    const desk = await openDesk(engine);
    const { row, say } = await openIncident(desk);
    await say('mitigated unknown');
    expect(await say('status monitoring')).not.toContain('time of mitigation');
    expect(await row()).toMatchObject({ mitigatedAt: null, keyTimes: { mitigated: { derived: false } } });
    await say('status investigating');
    expect(await row()).toMatchObject({ keyTimes: { mitigated: { precision: 'unknown' } } });
  });

  test('an entry may be of an unknown time, from the beginning or by a correction', async () => {
    const desk = await openDesk(engine);
    const { say, entries } = await openIncident(desk);
    expect(await say('note the disk filled up at:unknown')).toContain('time unknown');
    expect(await say('note 10:22 failing over')).toContain('10:22 UTC');
    expect(await say('correct #3 unknown')).toContain('Its time is now time unknown');
    const [, disk, old, corrected] = await entries();
    expect(disk).toMatchObject({ text: 'the disk filled up', occurredAt: null, precision: 'unknown' });
    expect(old).toMatchObject({ text: 'failing over', correctedBy: corrected?.id });
    expect(corrected).toMatchObject({ text: 'failing over', occurredAt: null, precision: 'unknown' });
    expect((await desk.say('bob', 'timeline INC-1')).text).toContain('time unknown');
  });

  test('what is odd about their order is remarked, and recorded as it was said', async () => {
    const desk = await openDesk(engine);
    const { row, say } = await openIncident(desk);
    const ahead = await say('started 2026-03-10 10:50');
    expect(ahead).toContain('That is after it was declared; recorded as you said it.');
    expect(ahead).toContain('That is in the future.');
    expect(await say('started 10:22')).not.toContain('recorded as you said it');
    expect(await say('detected 10:20')).toContain('That is before it started; recorded as you said it.');
    expect(await say('detected 10:30')).not.toContain('recorded as you said it');
    expect(await say('started 10:35')).toContain('That is after it was detected; recorded as you said it.');
    expect(await say('mitigated 10:31')).toContain('That is before it started; recorded as you said it.');
    expect(await say('resolve at:10:30')).toContain('That is before it started and before it was mitigated;');
    expect(await say('mitigated 10:40')).toContain('That is after it was resolved; recorded as you said it.');
    expect(await row()).toMatchObject({
      startedAt: new Date('2026-03-10T10:35:00Z'),
      detectedAt: new Date('2026-03-10T10:30:00Z'),
      mitigatedAt: new Date('2026-03-10T10:40:00Z'),
      resolvedAt: new Date('2026-03-10T10:30:00Z'),
    });
  });
});

describe('the reply to a note states what was understood', () => {
  test('a place behind the time is its zone', async () => {
    const desk = await openDesk('sqlite');
    const { say, entries } = await openIncident(desk);
    const reply = await say('note 20:09 Denver pods died');
    expect(reply).toContain('at 10 Mar 2026 02:09 UTC.');
    expect(reply).toContain('20:09 in Denver = 02:09 UTC.');
    expect((await entries())[1]).toMatchObject({
      text: 'pods died',
      asWritten: '20:09 Denver',
      occurredAt: new Date('2026-03-10T02:09:00Z'),
    });
  });

  test('a word that stays text, a year that was guessed, and a time left in the text are remarked', async () => {
    const desk = await openDesk('sqlite');
    const { say } = await openIncident(desk);
    expect(await say('note 10:22 Central database is down')).toContain('“Central” stays in the text');
    expect(await say('note March 30 10:22 first signs')).toContain('30 March 2025, last year');
    expect(await say('note T+15m failing over')).toContain('“T+15m” stays in the text');
    expect(await say('note TBC failing over')).toContain('write at:unknown');
    expect(await say('note decision: TBC failing over')).toContain('write at:unknown');
    expect(await say('resolve 10:22 all is well')).toContain('write at:10:22');
  });

  test('a time that cannot be is refused behind a kind as in front of it', async () => {
    const desk = await openDesk('sqlite');
    await openIncident(desk);
    for (const line of ['note INC-1 13:55 PM fail over', 'note INC-1 decision: 13:55 PM fail over'])
      expect(await desk.say('bob', line)).toMatchObject({
        accepted: false,
        text: expect.stringContaining('13:55 or 1:55 PM') as unknown,
      });
  });
});
